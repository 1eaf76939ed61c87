"""--live with the real kubectl, where there is no cluster: each way to fail is a message of its own, in time."""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from post_renderer.adapters import kubectl
from post_renderer.adapters.kubectl import Target
from tests import helms, in_process
from tests.unit.streams import contract

STREAM = contract("existing")
SECRET = '{"kind": "Secret", "data": {"JWT_SECRET": "hunter2!"}}'  # that is no base64


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real kubectl, alone on PATH."""
    try:
        real = helms.fetch("kubectl")
    except helms.Unavailable as error:
        pytest.skip(str(error))
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "kubectl").symlink_to(real)
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    return folder


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def kubeconfig(folder: Path, server: str, user: object = None) -> Path:
    """A kubeconfig with the one context `there`."""
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user or {"token": "hunter2-canary"}}],
        "contexts": [{"name": "there", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "there",
    }
    path.write_text(json.dumps(config))
    return path


def failed(where: Target, limit: float = kubectl.LIMIT, name: str = "h-secrets", namespace: str = "ns") -> str:
    """The rule of the one finding, which says where, what and how to fix it."""
    fact = kubectl.fetch(namespace, name, where, limit)
    assert fact.values is None
    (finding,) = fact.findings
    named = all(re.fullmatch(r"[a-z][a-z0-9.-]*", each) for each in (namespace, name))
    assert str(finding.where) == (f"Secret {namespace}/{name}" if named else "a Secret")
    assert finding.message and finding.expected and finding.fix
    assert "hunter2" not in repr(fact)
    return finding.rule


@pytest.mark.usefixtures("program")
def test_unreachable(closed: int, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{closed}")
    assert failed(Target("there", str(path))) == "live-unreachable"


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_slow(silent: int, tmp_path: Path, scheme: str) -> None:
    """Its own limit, however long kubectl would try."""
    path = kubeconfig(tmp_path, f"{scheme}://127.0.0.1:{silent}")
    assert failed(Target("", str(path)), limit=2) == "live-slow"


@pytest.mark.usefixtures("program")
def test_slow_is_waited_for_once(silent: int, tmp_path: Path) -> None:
    """However many Secrets there are to ask for; each is told."""
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{silent}")
    start = time.monotonic()
    found = kubectl.fetch_all([("ns", "a"), ("ns", "b"), ("ns", "c")], Target("", str(path)), limit=2)
    assert time.monotonic() - start < 4
    told = [(str(finding.where), finding.rule) for fact in found.values() for finding in fact.findings]
    assert told == [(f"Secret ns/{name}", "live-slow") for name in "abc"]


@pytest.mark.usefixtures("program")
def test_a_login_helper_that_hangs_ends_too(closed: int, tmp_path: Path) -> None:
    helper = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "interactiveMode": "Never"}
    user = {"exec": {**helper, "args": ["-c", f"echo $$ > {tmp_path}/pid; sleep 60"]}}
    path = kubeconfig(tmp_path, f"https://127.0.0.1:{closed}", user)
    assert failed(Target("", str(path)), limit=2) == "live-slow"
    process = Path("/proc") / (tmp_path / "pid").read_text().strip() / "stat"
    for _ in range(50):
        if not process.exists() or process.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the helper is still there")


@pytest.mark.usefixtures("program")
def test_a_login_helper_that_fails(closed: int, tmp_path: Path) -> None:
    helper = {"apiVersion": "client.authentication.k8s.io/v1", "command": "false", "interactiveMode": "Never"}
    path = kubeconfig(tmp_path, f"https://127.0.0.1:{closed}", {"exec": helper})
    assert failed(Target("", str(path))) == "live-forbidden"


@pytest.mark.usefixtures("program")
def test_unusable(closed: int, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{closed}")
    assert failed(Target("elsewhere", str(path))) == "live-unusable"
    assert failed(Target("", f"{path}.not")) == "live-unusable"
    path.write_text("a: [")
    assert failed(Target("", str(path))) == "live-unusable"


@pytest.mark.parametrize("name", ["--help", "a b", "", "../pods", "A", "all,x", "secret/x"])
def test_a_name_that_is_none_is_not_asked_for(program: Path, tmp_path: Path, name: str) -> None:
    """It comes from a chart: it must not become an option of kubectl."""
    (program / "kubectl").unlink()
    (program / "kubectl").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (program / "kubectl").chmod(0o755)
    assert failed(Target("there"), name=name) == "live-absent"
    assert failed(Target("there"), namespace=name) == "live-absent"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("answer", ["", "[]", "{", "{}", '{"kind": "Secret", "data": [1]}', SECRET])
def test_an_answer_that_is_no_secret(program: Path, answer: str) -> None:
    """Another program of that name."""
    (program / "kubectl").unlink()
    (program / "kubectl").write_text(f"#!/bin/sh\ncat <<'E'\n{answer}\nE\n")
    (program / "kubectl").chmod(0o755)
    assert failed(Target("there")) == "live-unusable"


def test_no_kubectl(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / "kubectl").unlink()
    monkeypatch.setenv("PATH", str(program))
    assert failed(Target("there")) == "live-no-kubectl"


def filtered(folder: Path, *args: str, stream: str = STREAM, **env: str) -> "subprocess.CompletedProcess[str]":
    """One run of the executable."""
    whole = {"PATH": os.environ["PATH"], "HOME": str(folder), **env}
    return in_process.text(args, env=whole, stdin=stream)


@pytest.mark.usefixtures("program")
def test_the_filter(closed: int, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{closed}")
    done = filtered(tmp_path, "--live", "--context=there", f"--kubeconfig={path}")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error   live-unreachable" in done.stderr
    # The same by the environment, as Helm passes no arguments gladly.
    env = {"HEIMDALL_PR_LIVE": "true", "HEIMDALL_PR_KUBECONFIG": str(path)}
    assert "error   live-unreachable" in filtered(tmp_path, **env).stderr


@pytest.mark.usefixtures("program")
def test_which_cluster_is_never_guessed(closed: int, tmp_path: Path) -> None:
    """A KUBECONFIG that happens to be there may be of another cluster than the one Helm uses."""
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{closed}")
    done = filtered(tmp_path, "--live", KUBECONFIG=str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "--context NAME or --kubeconfig FILE" in done.stderr


@pytest.mark.usefixtures("program")
def test_which_namespace_is_never_guessed(closed: int, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{closed}")
    nowhere = STREAM.replace("  namespace: ns\n", "")
    done = filtered(tmp_path, "--live", f"--kubeconfig={path}", stream=nowhere)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error   live-namespace" in done.stderr
    done = filtered(tmp_path, "--live", f"--kubeconfig={path}", "--namespace=there", stream=nowhere)
    assert "Secret there/h-secrets" in done.stderr
    assert "live-unreachable" in done.stderr


@pytest.mark.usefixtures("program")
def test_without_live_nothing_is_asked(tmp_path: Path) -> None:
    done = filtered(tmp_path, "--context=there")
    assert (done.returncode, done.stdout) == (0, STREAM)
    assert "not checked here" in done.stderr
