"""Each way to install heimdall-pr, in an empty root: a refused and an accepted render on both majors of Helm."""

import os
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from post_renderer import __version__
from tests import wheelhouse
from tests.helms import Helm, run
from tests.support import KEYS, Desk, documents, held, merged, refused

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dist")]

TOOLS = Path(sys.executable).parent


def _pip(wheel: Path, root: Path) -> Path:
    """`pip install` in an empty environment."""
    venv.create(root, with_pip=True, symlinks=True)
    _install([str(root / "bin" / "python"), "-m", "pip", "install", str(wheel)], root)
    return root / "bin" / "heimdall-pr"


def _pipx(wheel: Path, root: Path) -> Path:
    """`pipx install`."""
    _install([str(TOOLS / "pipx"), "install", "--backend", "pip", "--python", sys.executable, str(wheel)], root)
    return root / "bin" / "heimdall-pr"


def _uv(wheel: Path, root: Path) -> Path:
    """`uv tool install`."""
    _install([str(TOOLS / "uv"), "tool", "install", "--offline", "--python", sys.executable, str(wheel)], root)
    return root / "bin" / "heimdall-pr"


def _pyz(wheel: Path, root: Path) -> Path:
    """The single file, with no write permission on it."""
    root.mkdir()
    path = root / "heimdall-pr"
    path.write_bytes((wheel.parent / "heimdall-pr.pyz").read_bytes())
    path.chmod(0o555)
    return path


WAYS: dict[str, Callable[[Path, Path], Path]] = {"pip": _pip, "pipx": _pipx, "uv": _uv, "pyz": _pyz}


def _install(command: list[str], root: Path) -> None:
    """Run an installer without the network, with all its folders below one."""
    wheels = str(wheelhouse.fetch())
    env = {
        "PATH": os.defpath,
        "HOME": str(root),
        **{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        **{"PIPX_HOME": str(root / "pipx"), "PIPX_BIN_DIR": str(root / "bin")},
        **{"UV_FIND_LINKS": wheels, "UV_TOOL_DIR": str(root / "uv"), "UV_TOOL_BIN_DIR": str(root / "bin")},
    }
    done = run(command, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=WAYS, scope="module")
def program(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed program."""
    (wheel,) = built.glob("*.whl")
    return WAYS[request.param](wheel, tmp_path_factory.mktemp(request.param) / "root")


def test_a_render(program: Path, helm: Helm, tmp_path: Path) -> None:
    """A secrets file without a key is refused, a whole one fills the Secret."""
    assert run([str(program), "--version"], env=helm.env).stdout == f"heimdall-pr {__version__}\n"
    renderer = ["--post-renderer", str(program)]
    if helm.major == 4:
        plugin = run([str(program), "plugin", "install", "--plugins-dir", str(helm.plugins)], env=helm.env)
        assert plugin.returncode == 0, plugin.stderr
        renderer = ["--post-renderer", "heimdall-pr"]
    desk = Desk(helm, tmp_path / "desk")
    part = desk.file(merged(desk.secrets, JWT_SECRET=None))
    refused(desk.template(part, renderer=renderer), "JWT_SECRET is missing")
    whole = desk.template(desk.file(), renderer=renderer)
    assert {key: held(documents(whole))[key] for key in KEYS} == desk.secrets
