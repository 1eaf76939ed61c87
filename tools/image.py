"""Builds the image with heimdall-pr and the newest Helm 3 and 4, by buildah.

    python -m tools.image TAG [OPTION…]     options of buildah, such as `--build-arg BASE=registry.internal/debian:13`

dist/heimdall-pr.pyz must be there: `make dist` makes it. The Helms are the ones that the tests run, and every time in
the image is the commit's.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import helms

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "dist" / "heimdall-pr.pyz"


def main(arguments: list[str]) -> int:
    """Build it; return the exit code."""
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    tag, *options = arguments
    try:
        return build(PROGRAM, tag, *options)
    except (helms.Unavailable, OSError) as error:
        sys.stderr.write(f"image: {error}\n")
        return 1


def build(program: Path, tag: str, *options: str) -> int:
    """Build it with a heimdall-pr.pyz; return buildah's exit code. Raises helms.Unavailable and OSError."""
    command = ["git", "log", "-1", "--format=%ct"]
    epoch = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), program)
        words = ["build", "--timestamp", epoch, "--file", str(ROOT / "Containerfile"), "--tag", tag, *options, folder]
        return subprocess.run(["buildah", *words], check=False).returncode


def _lay_out(folder: Path, program: Path) -> None:
    """Put what is copied into a folder, so that nothing else of the checkout is near the build."""
    bin_ = folder / "bin"
    bin_.mkdir()
    for major, version in helms.NEWEST.items():
        shutil.copyfile(helms.fetch(version), bin_ / f"helm{major}")
    shutil.copyfile(program, bin_ / "heimdall-pr")
    for path in bin_.iterdir():
        path.chmod(0o755)
    (bin_ / "helm").symlink_to(f"helm{max(helms.NEWEST)}")
    shutil.copyfile(ROOT / "examples" / "argocd" / "plugin.yaml", folder / "plugin.yaml")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
