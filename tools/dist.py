"""Builds what a release consists of, the same to the byte in every clone of a commit.

    python -m tools.dist [FOLDER]     wheel, sdist, heimdall-pr.pyz, charts, SBOM, SHA256SUMS; in dist/ by default

Only files that git tracks get into it, and every time in it is the commit's.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

from post_renderer import __version__
from tests import helms
from tests.helms import Helm
from tools import pyz

ROOT = Path(__file__).parents[1]
PYZ, SBOM, SUMS = "heimdall-pr.pyz", "heimdall-pr.cdx.json", "SHA256SUMS"


def main(arguments: list[str]) -> int:
    """Build everything anew; return the exit code."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    target = Path(arguments[0] if arguments else ROOT / "dist").resolve()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        build(target)
    except (helms.Unavailable, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"dist: {error}\n{getattr(error, 'stderr', None) or ''}")
        return 1
    sys.stdout.write((target / SUMS).read_text(encoding="utf-8"))
    return 0


def build(target: Path) -> None:
    """Fill a folder. Raises helms.Unavailable and CalledProcessError."""
    epoch = int(_output("git", "log", "-1", "--format=%ct"))
    with tempfile.TemporaryDirectory() as work:
        source = _exported(Path(work) / "source", epoch)
        env = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC"}
        hatch = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--target", "sdist")
        _output(*hatch, "--directory", str(target), cwd=source, env=env)
        (wheel,) = target.glob("*.whl")
        pyz.build(wheel, target / PYZ, epoch)
        _charts(source, target, epoch, Path(work))
        _sbom(wheel, target / SBOM, _project(source), Path(work) / "environment", env)
    paths = sorted(target.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (target / SUMS).write_text("".join(sums), encoding="utf-8")


def _exported(folder: Path, epoch: int) -> Path:
    """A copy of the tracked files as they are now, whatever the umask is and whatever else is in the checkout."""
    for name in filter(None, _output("git", "ls-files", "-z").split("\0")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, path)
        path.chmod(0o755 if os.access(ROOT / name, os.X_OK) else 0o644)
        os.utime(path, (epoch, epoch))
    return folder


def _charts(source: Path, target: Path, epoch: int, work: Path) -> None:
    """Package the charts by Helm 4: Helm 3 writes the time of day into its archives."""
    version = helms.NEWEST[4]
    helm = Helm(helms.fetch(version), version, work)
    charts = source / "charts"
    for chart in sorted((*charts.iterdir(), *charts.glob("*/charts/*"))):
        words = ("package", str(chart), "--destination", str(target))
        done = helm.run(*words, env={"SOURCE_DATE_EPOCH": str(epoch)})
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words, stderr=done.stderr)


def _project(source: Path) -> Path:
    """The project's file with its version, which is dynamic, and would be missing in the SBOM."""
    path = source / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('dynamic = ["version"]', f'version = "{__version__}"'), encoding="utf-8")
    return path


def _sbom(wheel: Path, target: Path, project: Path, folder: Path, env: Mapping[str, str]) -> None:
    """Describe what heimdall-pr.pyz has in it: its files in an environment of their own are what is looked at."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name, content in pyz.contents((wheel, *pyz.wheels())):
        path = packages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    options = ("--output-reproducible", "--short-PURLs", "--pyproject", str(project), "--output-file", str(target))
    _output(sys.executable, "-m", "cyclonedx_py", "environment", *options, str(folder / "bin" / "python"), env=env)


def _output(*command: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    return subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
