"""A password in a chart's address is printed by no command, in no format, whatever characters it has."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checking import FORMATS, VALUES, Checker
from tests.helms import Helm
from tests.support import CHART, accepted, inline

NOWHERE = "127.0.0.1:1"  # nothing listens there
PASSWORDS = ["hunter2canary", *(f"hunter2{odd}canary" for odd in "/#?@:&'\"\\["), "hunter2 canary", "hunter2%zzcanary"]
ADDRESSES = {
    "oci": "oci://me:{}@" + NOWHERE + "/charts/x",
    "https": "https://me:{}@" + NOWHERE + "/x-1.tgz",
    "a token": "https://{}@" + NOWHERE + "/x-1.tgz",
    "a query": "https://" + NOWHERE + "/x-1.tgz?token={}",
    "a fragment": "https://" + NOWHERE + "/x-1.tgz#{}",
    "no scheme": "me:{}@" + NOWHERE + "/charts/x",
    "half a scheme": "oci:/me:{}@" + NOWHERE + "/charts/x",
}


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


def silent(desk: Checker, *words: str) -> int:
    """The exit code of a command that shows nothing of the password."""
    done = desk.cli(*words)
    shown = done.stdout + done.stderr
    assert not [part for part in ("hunter2", "canary") if part in shown], shown
    return done.returncode


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_charts_that_are_not_there(desk: Checker, address: str) -> None:
    for password in PASSWORDS:
        assert silent(desk, "check", address.format(password)) == 1
    assert silent(desk, "explain", address.format(PASSWORDS[0])) == 1
    assert silent(desk, "check", address.format(PASSWORDS[0]), str(CHART)) in {1, 2}


def test_repositories_that_are_not_there(desk: Checker) -> None:
    for password in PASSWORDS:
        assert silent(desk, "check", "x", "--repo", ADDRESSES["a token"].format(password)) == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A folder that is served; nothing is logged."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]  # the server gives them

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{served.server_port}"
        served.shutdown()


def test_every_format(desk: Checker, server: str, tmp_path: Path) -> None:
    """Of a chart that is there: with findings, without, and if it does not render."""
    served = tmp_path / "served"
    accepted(desk.helm.run("package", str(CHART), "--version", "1.2.3", "-d", str(served), cwd=desk.folder))
    desk.write(inline(desk.secrets))
    desk.write(inline({**desk.secrets, "JWT_SECRET": "CHANGE_ME"}), "bad.yaml")
    address = f"http://me:hunter2canary@{server}/heimdall-1.2.3.tgz?token=hunter2canary"
    for name in FORMATS:
        assert silent(desk, "check", address, "-f", VALUES, "--format", name) == 0
        assert silent(desk, "check", address, "-f", "bad.yaml", "--format", name) == 1
        assert silent(desk, "check", address, "--format", name) == 1
    for name in ("text", "json"):
        assert silent(desk, "explain", address, "-f", VALUES, "--format", name) == 0
