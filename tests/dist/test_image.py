"""The image that Containerfile makes: built by buildah, run as its user on a root that nobody can write to.

Where nothing can be pulled, its base is a Debian by debootstrap. Needs root, and the network for Debian's packages.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from post_renderer import __version__
from tests import helms
from tests.helms import run
from tests.support import CHART, FIXTURES, ROOT, Done, documents, named
from tools import image

pytestmark = [pytest.mark.slow, pytest.mark.needs("buildah", "unshare"), pytest.mark.xdist_group("dist")]

BASE = "localhost/heimdall-pr-test/debian:13-slim"
NAME = "localhost/heimdall-pr-test/heimdall-pr"
STREAM = (FIXTURES / "streams" / "helm4-inline.yaml").read_bytes()
EMPTY = re.sub(rb"(  JWT_SECRET: ).*", rb'\1""', STREAM)
# A root that nobody can write to, with an empty /tmp, and the image's own user, as Argo CD's sidecar has them.
ENTER = """
mount --rbind "$1" "$1"
mount -o remount,bind,ro "$1"
mount -t tmpfs tmpfs "$1/tmp"
mount --rbind /dev "$1/dev"
mount --rbind /proc "$1/proc"
exec chroot --userspec="$2" "$1" /usr/bin/env -i "${@:3}"
"""


@pytest.fixture(scope="module")
def root(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the root of the built image."""
    if os.geteuid() != 0:
        pytest.skip("an image is built as root")
    folder = tmp_path_factory.mktemp("image")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDAH_ISOLATION", "chroot")  # in the network of this machine
        base = _base(folder / "base")
        assert image.build(built / "heimdall-pr.pyz", NAME, *base) == 0
        container = _buildah("from", "--pull-never", NAME)
        try:
            yield Path(_buildah("mount", container))
        finally:
            _buildah("rm", container)
            _buildah("rmi", NAME)


def _base(folder: Path) -> list[str]:
    """The option that names a base which is here; none if it has to be pulled."""
    if not shutil.which("debootstrap"):
        return []
    if subprocess.run(["buildah", "inspect", "--type", "image", BASE], capture_output=True, check=False).returncode:
        made = run(["debootstrap", "--variant=minbase", "trixie", str(folder)], env=os.environ)
        if made.returncode:
            pytest.skip(f"debootstrap makes no base for the image (no network?): {made.stdout.splitlines()[-1]}")
        container = _buildah("from", "scratch")
        _buildah("add", container, str(folder), "/")
        _buildah("commit", "--rm", container, BASE)
        shutil.rmtree(folder)
    return ["--build-arg", f"BASE={BASE}"]


def _buildah(*words: str) -> str:
    done = run(["buildah", *words], env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def inside(root: Path) -> Callable[..., Done]:
    """Return what runs a program in the image as a sidecar does."""
    settings = json.loads(_buildah("inspect", "--type", "image", NAME))["OCIv1"]["config"]
    assert settings["Entrypoint"] == ["heimdall-pr"]

    def enter(*words: str, stdin: bytes = b"", **variables: str) -> Done:
        given = [*settings["Env"], *(f"{name}={text}" for name, text in variables.items())]
        script = ["bash", "-ec", ENTER, "bash", str(root), settings["User"], *given, *words]
        return run(["unshare", "--mount", *script], env=os.environ, input=stdin)

    return enter


def test_its_user_and_its_root(inside: Callable[..., Done]) -> None:
    """A user by number, as Kubernetes' runAsNonRoot needs it; only /tmp can be written to."""
    done = inside("sh", "-c", "id -u; id -g; pwd; touch /tmp/x && ! touch /x /usr/x /home/argocd/x 2>/dev/null")
    assert (done.returncode, done.stdout) == (0, "999\n999\n/\n"), done.stderr
    assert inside("heimdall-pr", "version").stdout.startswith(f"heimdall-pr {__version__}\n")


def test_the_filter(inside: Callable[..., Done]) -> None:
    done = inside("heimdall-pr", stdin=STREAM)
    assert (done.returncode, done.stdout.encode()) == (0, STREAM)
    refused = inside("heimdall-pr", stdin=EMPTY)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "JWT_SECRET is empty" in refused.stderr


def test_its_helms(inside: Callable[..., Done]) -> None:
    """Those that the tests run; `helm` is the newest."""
    for name, version in {"helm": helms.NEWEST[4], "helm4": helms.NEWEST[4], "helm3": helms.NEWEST[3]}.items():
        assert inside(name, "version", "--template", "{{.Version}}").stdout == f"v{version}"


def test_the_plugin(inside: Callable[..., Done], root: Path) -> None:
    """What Argo CD reads is there, and its command renders a chart with each Helm."""
    expected = (ROOT / "examples" / "argocd" / "plugin.yaml").read_text()
    assert inside("cat", "/home/argocd/cmp-server/config/plugin.yaml").stdout == expected
    chart = root / "srv" / "heimdall"
    shutil.copytree(CHART, chart)
    for major in ("3", "4"):
        asked = [{"name": "helm", "string": major}, {"name": "set", "map": {"heimdall.existingSecret": "own"}}]
        variables = {"ARGOCD_APP_NAME": "viewer", "ARGOCD_APP_PARAMETERS": json.dumps(asked)}
        done = inside("sh", "-c", "cd /srv/heimdall && exec heimdall-pr argocd generate", **variables)
        assert named(documents(done), "Deployment", "viewer-heimdall")
