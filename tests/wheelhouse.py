"""The wheels that an installation on this machine needs, brought once, so that a test installs without the network."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import helms
from tools import pyz

PINS = [line.split()[0] for line in pyz.LOCK.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
TOOLS = ["pip"]  # pipx installs it into its own environments


def fetch() -> Path:
    """A folder of wheels for this Python; brought first if it is not there yet. Raises helms.Unavailable."""
    digest = hashlib.sha256(" ".join(PINS).encode()).hexdigest()[:16]
    folder = helms.cache() / f"wheelhouse-{sys.implementation.cache_tag}-{digest}"
    if folder.is_dir():
        return folder
    helms.Bringing.ask("what an installation needs")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as work:
        new = Path(work) / "wheels"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-input",
            "--only-binary",
            ":all:",
        ]
        command += ["--disable-pip-version-check", "--dest", str(new), *PINS, *TOOLS]
        # Its own output is kept back: it may name a private index.
        if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode != 0:
            raise helms.Unavailable("what an installation needs can't be downloaded (no network?)")
        new.replace(folder)
    return folder
