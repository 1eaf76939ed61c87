"""What `pip install heimdall-pr` puts into somebody's site-packages."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import post_renderer

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "post_renderer"
DIST_INFO = f"heimdall_pr-{post_renderer.__version__}.dist-info"
DATA = DIST_INFO.replace(".dist-info", ".data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built in place and offline: the backend is one of the pinned tools."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_nothing_but_the_package_and_its_metadata(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist()} == {"post_renderer", DIST_INFO, DATA}


def test_the_manual_page(wheel: zipfile.ZipFile) -> None:
    """Where `man` looks beside the folder of the executable."""
    assert [name for name in wheel.namelist() if name.startswith(DATA)] == [f"{DATA}/data/share/man/man1/heimdall-pr.1"]


def test_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    source = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    packed = {name for name in wheel.namelist() if name.startswith("post_renderer/")}
    assert packed == source | {"post_renderer/gate.py"}
    assert "post_renderer/py.typed" in packed


def test_the_gate(wheel: zipfile.ZipFile) -> None:
    """The file that the cluster gets."""
    assert wheel.read("post_renderer/gate.py") == (ROOT / "hooks" / "gate.py").read_bytes()


def test_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = wheel.read(f"{DIST_INFO}/entry_points.txt").decode()
    assert entry_points.split() == ["[console_scripts]", "heimdall-pr", "=", "post_renderer.__main__:main"]


def test_the_licence(wheel: zipfile.ZipFile) -> None:
    assert wheel.read(f"{DIST_INFO}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
