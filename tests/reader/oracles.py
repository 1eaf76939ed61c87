"""Kubernetes' own reader of YAML, as a program in Go: built once into the cache, one process for many streams."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from tests import helms

SOURCE = Path(__file__).parent / "oracle"
# The versions of sigs.k8s.io/yaml in the oldest and the newest Helm that is pinned: 1.4.0 in 3.17, 1.6.0 in 4.3.
VERSIONS = ("oldest", "newest")
Json = Any


def bring(version: str) -> Path:
    """Where the program is; built first if it is not there yet. Raises helms.Unavailable."""
    path = helms.cache() / f"reader-{_digest()}" / version
    if path.exists():
        return path
    helms.Bringing.ask(f"Kubernetes' reader of YAML ({version})")
    if not shutil.which("go"):
        raise helms.Unavailable("Kubernetes' reader of YAML is built by go, and there is no go on PATH")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as folder:
        new = Path(folder, version)
        module = [] if version == "newest" else [f"-modfile={version}.mod"]
        command = ["go", "build", "-trimpath", "-mod=readonly", *module, "-o", str(new), "."]
        env = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"}
        done = subprocess.run(command, cwd=SOURCE, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0 or not new.exists():
            raise helms.Unavailable(f"Kubernetes' reader of YAML ({version}): `go build` failed (no network?)")
        new.replace(path)
    return path


class Oracle:
    """A running program; give it a stream, and it says what Kubernetes reads."""

    def __init__(self, version: str) -> None:
        self.program = subprocess.Popen([bring(version)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.program.stdin and self.program.stdout
        self.program.stdin.close()
        self.program.wait()
        self.program.stdout.close()

    def read(self, stream: bytes) -> list[Json]:
        """The documents: each with its `objects`, or the `error` for which Kubernetes refuses the stream."""
        assert self.program.stdin and self.program.stdout
        self.program.stdin.write(len(stream).to_bytes(4, "big") + stream)
        self.program.stdin.flush()
        documents: list[Json] = json.loads(self.program.stdout.readline())["documents"]
        return documents


def _digest() -> str:
    """What the program is made of."""
    names = sorted(path for path in SOURCE.iterdir() if path.suffix in (".go", ".mod", ".sum"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in names)).hexdigest()[:16]
