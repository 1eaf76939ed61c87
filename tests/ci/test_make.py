"""What `make` says on a machine that lacks something."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.helms import run
from tests.support import ROOT

pytestmark = pytest.mark.needs("make")


def make(folder: Path, target: str, **env: str) -> tuple[int, str]:
    """In a folder with the project's own Makefile; its exit code, and both channels."""
    for name in ("Makefile", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    path = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHON": sys.executable}
    done = run(["make", "--no-print-directory", target], env={**path, **env}, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_without_a_network_it_is_one_sentence(tmp_path: Path) -> None:
    """Not a page of pip's, which is in a file."""
    code, printed = make(tmp_path, ".venv/.run", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    assert code != 0
    lines = [line for line in printed.splitlines() if not line.startswith("make: ***")]
    assert lines[1:] == [
        "make: pip could not install what heimdall-pr needs (is there a network?); .venv/pip.log has what it said"
    ]
    assert "127.0.0.1" in (tmp_path / ".venv/pip.log").read_text()
    assert not (tmp_path / ".venv/.run").exists(), "the next `make` tries again"
