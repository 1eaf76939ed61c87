"""The workflows of this repository: linters, pinned actions, few rights, and no step that is not a script of ours."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer import __version__
from tests import sopses
from tests.helms import Helm, run
from tests.support import ROOT

FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in FOLDER.iterdir())
TEXTS = {name: (FOLDER / name).read_text() for name in NAMES}
WORKFLOWS: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = {f"{name}: {job}": found for name, workflow in WORKFLOWS.items() for job, found in workflow["jobs"].items()}
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
ZIZMOR = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "--no-progress"]
BAD = """on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: echo ${{ github.event.issue.title }}
"""

each_job = pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)


def test_actionlint() -> None:
    done = run([str(sopses.program("actionlint")), "-no-color"], cwd=ROOT, env=os.environ)
    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor() -> None:
    """The action that others use is looked at too."""
    done = run([*ZIZMOR, str(FOLDER), str(ROOT / "action.yml")], env=os.environ)
    assert done.returncode == 0, done.stdout


def test_the_linters_find_something(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text(BAD)
    lint = run([str(sopses.program("actionlint")), "-no-color", str(tmp_path / "bad.yml")], env=os.environ)
    assert "is potentially untrusted" in lint.stdout
    found = run([*ZIZMOR, str(tmp_path / "bad.yml")], env=os.environ)
    assert {"unpinned-uses", "template-injection"} <= set(re.findall(r"error\[([a-z-]+)\]", found.stdout))


def test_actions_are_pinned_by_commit() -> None:
    used = [line.strip(" -") for text in TEXTS.values() for line in text.splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


def test_no_right_that_a_job_does_not_name() -> None:
    assert [name for name, workflow in WORKFLOWS.items() if workflow["permissions"] != {}] == []


@each_job
def test_a_job_is_limited(job: dict[str, Any]) -> None:
    """In time; what may write is in release.yml alone, after the build, and in an environment if it publishes."""
    assert job["timeout-minutes"] <= 90
    writes = {right for right, level in job["permissions"].items() if level == "write"}
    assert not writes or "needs" in job
    assert writes <= {"id-token", "attestations"} or "environment" in job


@each_job
def test_a_step_runs_a_script_of_ours(job: dict[str, Any]) -> None:
    """`make TARGET`, or a file in .ci/ with what it can do."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in (step["run"] for step in job["steps"] if "run" in step):
        program, *words = command.split()
        if program == "make":
            assert words[0] in targets
        else:
            assert os.access(ROOT / program, os.X_OK)
            assert program == ".ci/run" or re.search(rf"^{words[0]}\(\)", (ROOT / program).read_text(), re.MULTILINE)


@pytest.mark.parametrize("script", ["run", "release"])
def test_the_scripts_are_bash(script: str) -> None:
    assert run(["bash", "-n", str(ROOT / ".ci" / script)], env=os.environ).returncode == 0


def test_usage() -> None:
    done = run([str(ROOT / ".ci" / "release"), "nothing"], env=os.environ)
    assert (done.returncode, done.stderr) == (2, "usage: .ci/release check|pypi|charts|image|github\n")


@pytest.fixture
def registry() -> Iterator[str]:
    """Yield the address of a registry for charts and images, which forgets everything at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen([sopses.program("crane"), "registry", "serve", "--address", address])
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    """Until it listens, which takes a moment."""
    name, _, port = address.partition(":")
    for _ in range(600):
        try:
            socket.create_connection((name, int(port))).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the registry does not listen")


@pytest.mark.slow
def test_charts_are_pushed(with_helm: dict[str, str], helm: Helm, registry: str, tmp_path: Path) -> None:
    """Into a registry, from where Helm gets the same bytes."""
    checkout = tmp_path / "checkout"
    for name in (".ci/release", "post_renderer/__init__.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    packed = helm.run("package", str(ROOT / "charts" / "heimdall"), "--destination", str(checkout / "dist"))
    assert packed.returncode == 0, packed.stderr
    env = {**with_helm, "REGISTRY": f"{registry}/someone", "PLAIN_HTTP": "yes"}
    pushed = run(["bash", str(checkout / ".ci" / "release"), "charts"], env=env)
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    chart = f"oci://{registry}/someone/charts/heimdall"
    pulled = helm.run("pull", "--plain-http", chart, "--version", __version__, cwd=tmp_path)
    assert pulled.returncode == 0, pulled.stderr
    name = f"heimdall-{__version__}.tgz"
    assert (tmp_path / name).read_bytes() == (checkout / "dist" / name).read_bytes()


def test_the_image_is_no_root() -> None:
    """A user by number, as Kubernetes' runAsNonRoot needs it. tests/dist/test_image.py builds it."""
    last = dict(
        line.split(maxsplit=1) for line in (ROOT / "Containerfile").read_text().splitlines() if line[:1].isupper()
    )
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last["USER"])
    assert "HOME=/tmp" in last["ENV"].split()
