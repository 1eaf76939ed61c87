"""A run in this process is the run of a process: the same code, the same bytes; and nothing of it is left."""

import gc
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import in_process
from tests.unit.streams import GUARD, OTHERS, SOUND, contract, encoded, file, secret, unfilled, workload
from tests.unit.test_edge import EXECUTABLE, environment

FILES = secret(unfilled()) + contract("files") + workload() + GUARD
REFUSED = secret(encoded({**SOUND, "JWT_SECRET": ""})) + contract("inline")
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")  # of the kept report
SAME = [
    ("accepted", [], OTHERS + FILES, {}, 0),
    ("refused", [], REFUSED, {}, 1),
    ("refused under Helm 4", ["--helm4"], REFUSED, {}, 0),
    ("not UTF-8", ["--report-file", "\udcff"], OTHERS + "\udcff", {}, 0),
    ("usage", ["--stritc"], OTHERS, {}, 2),
    ("a command's usage", ["chekc"], "", {}, 2),
    ("help", ["check", "--help"], "", {"COLUMNS": "100"}, 0),
    ("version", ["--version"], "", {}, 0),
    ("completion", [], "", {"_HEIMDALL_PR_COMPLETE": "source_bash"}, 0),
    ("check", ["check", "-", "--format", "json"], REFUSED, {}, 1),
    ("explain", ["explain", "-"], FILES, {}, 0),
    ("a program that is started", ["check", "chart", "--helm-timeout", "9"], "", {"HELM_BIN": "/bin/false"}, 1),
]


@pytest.mark.parametrize(("args", "stream", "more", "code"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_as_a_process(tmp_path: Path, args: list[str], stream: str, more: dict[str, str], code: int) -> None:
    data = stream.encode("utf-8", "surrogateescape")
    both = []
    for name in ("process", "here"):
        folder = tmp_path / name
        (folder / "env").mkdir(parents=True)
        (folder / "chart").mkdir()
        (folder / "env/secrets.yaml").write_bytes(file(SOUND))
        (folder / "env/secrets.yaml").chmod(0o600)
        env = environment(folder, **more)
        if name == "here":
            done = in_process.run(args, env=env, cwd=folder, stdin=data)
        else:
            done = subprocess.run(
                [EXECUTABLE, *args], env=env, cwd=folder, input=data, capture_output=True, check=False, timeout=60
            )
        left = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        left = {path: TIME.sub(b"then", content) for path, content in left.items()}
        both.append((done.returncode, done.stdout, done.stderr, left))
    assert both[0] == both[1]
    assert both[0][0] == code


def state() -> list[object]:
    """Everything that belongs to a process and that a run changes."""
    descriptors = sorted(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else []
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    streams = [id(sys.stdin), id(sys.stdout), id(sys.stderr)]
    targets = [os.fstat(number)[:3] for number in range(3)]
    return [descriptors, handlers, streams, targets, dict(os.environ), os.getcwd(), sys.argv, gc.isenabled()]


@pytest.mark.parametrize("args", [[], ["--version"], ["check", "-"], ["--nope"]])
def test_nothing_is_left(tmp_path: Path, args: list[str]) -> None:
    in_process.run(args, env=environment(tmp_path), cwd=tmp_path, stdin=REFUSED.encode())  # imports come once
    before = state()
    in_process.run(args, env=environment(tmp_path, X="1"), cwd=tmp_path, stdin=REFUSED.encode())
    assert state() == before
    assert gc.get_freeze_count() == 0


def test_what_python_reads_at_its_start_needs_a_process(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="use a process"):
        in_process.run(["--version"], env=environment(tmp_path, PYTHONUTF8="0"))
