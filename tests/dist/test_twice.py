"""Two builds in two clones have the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import helms
from tests.support import ROOT
from tools import pyz

CLONES = [("one", 0o022, "UTC"), ("two", 0o077, "Asia/Kolkata")]


@pytest.mark.slow
@pytest.mark.helm
@pytest.mark.needs("git")
def test_two_clones(tmp_path: Path) -> None:
    """With another umask and time zone, and with secrets that lie about."""
    helms.fetch(helms.NEWEST[4])
    pyz.wheels()
    assert len({_sums(tmp_path / name, umask, zone) for name, umask, zone in CLONES}) == 1


def _sums(clone: Path, umask: int, zone: str) -> str:
    """The checksums of a build in a clone."""
    env = {**os.environ, "TZ": zone}
    subprocess.run(["git", "clone", "--quiet", str(ROOT), clone], check=True, umask=umask)
    if umask != 0o022:
        for name in ("env/heimdall-secrets.yaml", "charts/heimdall/templates/mine.yaml", "post_renderer/mine.py"):
            (clone / name).parent.mkdir(exist_ok=True)
            (clone / name).write_text("JWT_SECRET: 1\n")
    subprocess.run([sys.executable, "-m", "tools.dist"], cwd=clone, env=env, check=True, umask=umask)
    return (clone / "dist" / "SHA256SUMS").read_text()
