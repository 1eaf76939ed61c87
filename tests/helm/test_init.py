"""`heimdall-pr init`: what it writes is what the printed command installs, with each Helm; nothing is overwritten."""

import os
import pty
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import in_process
from tests.helms import HELM_PR, Helm, run
from tests.support import CHART, FROM_ENVIRONMENT, KEYS, documents, fresh, held

SECRET_FILE, VALUES = "env/heimdall-secrets.yaml", "heimdall-values.yaml"
GIT = pytest.mark.needs("git")


class Place(NamedTuple):
    """A user's folder with a chart in it, and the environment of a shell there."""

    folder: Path
    env: dict[str, str]

    def init(self, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
        done = in_process.text(["init", *args], env={**self.env, **env}, cwd=self.folder)
        assert done.stdout == "", "it is for standard error"
        return done

    def git(self, *args: str) -> str:
        return run(["git", "-C", str(self.folder), *args], env=self.env).stdout

    def written(self) -> set[str]:
        """The files that are there, without those of the chart and of git."""
        files = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
        return {path for path in files if not path.startswith((".git/", "charts/"))}


@pytest.fixture
def place(helm: Helm, tmp_path: Path) -> Place:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/helm").symlink_to(helm.path)
    folder = tmp_path / "repository"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts/heimdall").symlink_to(CHART)
    path = os.pathsep.join([str(tmp_path / "bin"), str(HELM_PR.parent), helm.env["PATH"]])
    return Place(folder, {**helm.env, "PATH": path})


def rendered(place: Place, printed: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """What Helm renders by the printed command, its install being a render."""
    found = re.search(r"^heimdall-pr: to install: (.+)$", printed, re.MULTILINE)
    assert found, printed
    command = found[1].replace("helm upgrade --install", "helm template")
    assert command != found[1]
    return run(["sh", "-ec", command], env={**place.env, **env}, cwd=place.folder)


@GIT
def test_files(place: Place) -> None:
    """A secrets file that git ignores, the values, and the command; a second run changes nothing."""
    place.git("init")
    done = place.init("--approach", "files", "--chart", "charts/heimdall")
    assert done.returncode == 0, done.stderr
    assert (
        "development" in done.stderr and "ok: Secret heimdall/heimdall-secrets has its 4 required keys" in done.stderr
    )
    assert place.written() == {SECRET_FILE, "env/.gitignore", VALUES}
    assert place.git("check-ignore", SECRET_FILE).strip() == SECRET_FILE
    secrets = held(documents(rendered(place, done.stderr)), "heimdall-secrets")
    assert {key: len(value) for key, value in secrets.items()} == dict(zip(KEYS, (128, 66, 66, 22), strict=True))
    assert not [
        value for value in secrets.values() if value in done.stderr or value in (place.folder / VALUES).read_text()
    ]
    before = {path: (place.folder / path).read_bytes() for path in place.written()}
    again = place.init("--approach", "files", "--chart", "charts/heimdall")
    assert (again.returncode, again.stderr.count("left as it is")) == (0, 2)
    assert {path: (place.folder / path).read_bytes() for path in place.written()} == before


def test_inline(place: Place) -> None:
    """Values from the environment; the check has values of its own if there are none yet."""
    done = place.init("--approach", "inline", "--chart", "charts/heimdall", "--values", "ci.yaml", "--namespace", "n")
    assert done.returncode == 0, done.stderr
    assert "made for this check alone" in done.stderr and place.written() == {"ci.yaml"}
    secrets = fresh()
    assert held(documents(rendered(place, done.stderr, **secrets)), "heimdall-secrets") == secrets
    assert rendered(place, done.stderr).returncode != 0, "without the variables"
    assert all(text in (place.folder / "ci.yaml").read_text() for text in FROM_ENVIRONMENT.values())


@pytest.mark.parametrize("manager", ["", "eso-aws"], ids=["by hand", "a manager"])
def test_existing(place: Place, manager: str) -> None:
    """The Secret is not made here, which the report says; a manager's objects are in the values."""
    more = ["--manager", manager] if manager else []
    done = place.init("--approach", "existing", "--chart", "charts/heimdall", "--secret", "mine", *more)
    assert done.returncode == 0, done.stderr
    assert "not checked here: Secret heimdall/mine" in done.stderr
    kinds = {document["kind"] for document in documents(rendered(place, done.stderr))}
    assert ("ExternalSecret" in kinds) == bool(manager)


def test_a_file_that_is_there_is_left(place: Place) -> None:
    """Before anything else is written."""
    (place.folder / VALUES).write_text("mine: true\n")
    done = place.init("--approach", "files", "--chart", "charts/heimdall")
    assert (done.returncode, f"{VALUES} is there already; it was left as it is" in done.stderr) == (1, True), (
        done.stderr
    )
    assert place.written() == {VALUES}
    assert (place.folder / VALUES).read_text() == "mine: true\n"


@GIT
def test_a_gitignore_keeps_its_lines(place: Place) -> None:
    place.git("init")
    (place.folder / ".gitignore").write_text("*.log")
    done = place.init("--approach", "files", "--chart", "charts/heimdall", "--secrets-file", "s.yaml")
    assert done.returncode == 0, done.stderr
    assert (place.folder / ".gitignore").read_text() == "*.log\n/s.yaml\n"


@GIT
def test_a_secrets_file_that_git_tracks_is_refused(place: Place) -> None:
    place.git("init")
    (place.folder / "s.yaml").write_text("")
    place.git("add", "s.yaml")
    done = place.init("--approach", "files", "--chart", "charts/heimdall", "--secrets-file", "s.yaml")
    assert (done.returncode, "git" in done.stderr) == (1, True), done.stderr
    assert (place.folder / "s.yaml").read_text() == "" and place.written() == {"s.yaml"}


def test_without_a_terminal_it_asks_nothing(place: Place) -> None:
    done = place.init()
    assert (done.returncode, "--approach files, for development" in done.stderr) == (2, True), done.stderr
    assert place.written() == set()


USELESS = [
    ("a secret", ["--approach", "files", "--secret", "x"], "not of files"),
    ("a manager", ["--approach", "inline", "--manager", "vso"], "not of inline"),
    ("a secrets file", ["--approach", "inline", "--secrets-file", "x.yaml"], "not of inline"),
    ("a secrets file above", ["--approach", "files", "--secrets-file", "../x.yaml"], "not below this folder"),
    ("an option for a release", ["--approach", "inline", "--release-name", "--debug"], "no name of a release"),
    ("a command for a namespace", ["--approach", "inline", "--namespace", "a;b"], "no name of a namespace"),
    ("a value for a Secret", ["--approach", "existing", "--secret", "kP3-vQ8~x"], "--secret is no name of a Secret"),
    ("two values files", ["--approach", "inline", "--values", "a,b.yaml"], "takes for several files"),
    ("no chart", ["--approach", "files", "--chart", "charts"], "charts is no chart"),
]


@pytest.mark.parametrize(("args", "message"), [row[1:] for row in USELESS], ids=[row[0] for row in USELESS])
def test_what_does_not_fit(place: Place, args: list[str], message: str) -> None:
    done = place.init("--chart", "charts/heimdall", *args)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert (place.written(), "kP3-vQ8~x" in done.stderr) == (set(), False)


def test_the_chart_is_found(place: Place) -> None:
    """The only one, or the only one called heimdall."""
    (place.folder / "charts/heimdall").unlink()
    done = place.init("--approach", "inline")
    assert (done.returncode, "no chart below this folder" in done.stderr) == (2, True), done.stderr
    for name in ("a", "b"):
        (place.folder / f"apps/{name}").mkdir(parents=True)
        (place.folder / f"apps/{name}/Chart.yaml").write_text("name: x\n")
    done = place.init("--approach", "inline")
    assert (done.returncode, "several charts: apps/a, apps/b" in done.stderr) == (2, True), done.stderr
    shutil.copytree(CHART, place.folder / "apps/heimdall")
    assert place.init("--approach", "inline").returncode == 0


def test_without_helm_it_says_that_nothing_was_checked(place: Place) -> None:
    done = place.init("--approach", "inline", "--chart", "charts/heimdall", PATH="/nowhere")
    assert (done.returncode, "helm is not on PATH, so nothing was checked" in done.stderr) == (0, True), done.stderr
    assert "to install: helm upgrade" in done.stderr and place.written() == {VALUES}


def test_a_terminal_is_asked(place: Place) -> None:
    """What it is for; a number that is none is asked for again."""
    main, end = pty.openpty()
    words = [str(HELM_PR), "init", "--chart", "charts/heimdall"]
    child = subprocess.Popen(
        words, cwd=place.folder, env={**place.env, "TERM": "dumb"}, stdin=end, stdout=end, stderr=end
    )
    os.close(end)
    os.write(main, b"9\n2\n")
    seen = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the terminal's other end is closed
            break
        seen += part
    os.close(main)
    assert child.wait(60) == 0, seen
    assert b"What is this installation for?" in seen and b"one of 1 to 3" in seen
    assert "JWT_SECRET: ${JWT_SECRET}" in (place.folder / VALUES).read_text()
