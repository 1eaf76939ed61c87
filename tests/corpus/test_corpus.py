"""Real renders of public charts: each leaves the filter as it came without a complaint, unless it is Heimdall's.

`HEIMDALL_PR_CORPUS` names a folder of streams, `*.yaml` at any depth, each as `helm template` made it with the default
values. A chart of Heimdall gives no secrets by default, so its streams are refused.
"""

import os
import re
from pathlib import Path

import pytest

from tests import in_process

FOLDER = os.environ.get("HEIMDALL_PR_CORPUS", "")
STREAMS = sorted(Path(FOLDER).rglob("*.yaml")) if FOLDER else []
HEIMDALLS = [path for path in STREAMS if b"mitre/heimdall2" in path.read_bytes()]
OTHERS = [path for path in STREAMS if path not in HEIMDALLS]
COMPLAINT = re.compile(r"^(error|warning) ", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def filtered(stream: bytes, folder: Path) -> in_process.Done:
    return in_process.run([], env={"PATH": os.defpath, "HOME": str(folder)}, cwd=folder, stdin=stream)


def test_there_is_a_corpus() -> None:
    if not FOLDER:
        pytest.skip("no corpus of public charts: HEIMDALL_PR_CORPUS is not set")
    assert OTHERS, f"no stream in {FOLDER}"


# A skip for an empty table would hide the reason above.
if STREAMS:

    @pytest.mark.parametrize("path", OTHERS, ids=name)
    def test_leaves_as_it_came(path: Path, tmp_path: Path) -> None:
        stream = path.read_bytes()
        done = filtered(stream, tmp_path)
        reported = done.stderr.decode()
        assert (done.returncode, COMPLAINT.findall(reported)) == (0, []), reported
        assert done.stdout == stream

    @pytest.mark.parametrize("path", HEIMDALLS, ids=name)
    def test_a_heimdall_without_secrets_is_refused(path: Path, tmp_path: Path) -> None:
        done = filtered(path.read_bytes(), tmp_path)
        assert (done.returncode, done.stdout) == (1, b"")
        assert "error" in COMPLAINT.findall(done.stderr.decode())
