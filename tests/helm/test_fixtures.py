"""The rule on skips, and that the fixtures give what they promise: each case is a pytest run of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.helms import Helm

ROOT = Path(__file__).parents[2]
# Nothing cached, nothing reachable, no go: as on a machine without network.
NO_HELM = {"XDG_CACHE_HOME": "{tmp}", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PATH": "/nonexistent"}
NO_CLUSTER = {"KUBECONFIG": ""}
HELM_TEST = "def test_helm(helm): assert helm.run('version').returncode == 0"
CLUSTER_TEST = "def test_cluster(cluster): pass"
NEEDS = """
import pytest
@pytest.mark.needs("sh", "no-such")
def test_a_program(): raise AssertionError
@pytest.mark.needs("sh")
def test_another(): pass
"""
BRINGS = "from tests import helms\ndef test_kubectl(): helms.fetch('kubectl')"
SOPS_TEST = "def test_sops(sops): raise AssertionError"
OWN_ERROR = "def test_own(): raise FileNotFoundError(2, 'no such', 'git')"
OWN_SKIP = "import pytest\n@pytest.mark.cluster\ndef test_own_skip(): pytest.skip('a reason of its own')"

CASES = [
    (
        "no helm: skipped, with the reason",
        HELM_TEST,
        NO_HELM,
        "",
        0,
        ["2 skipped", "not tested: 1 x helm 3.22.0 is not here: make tools brings it"],
    ),
    ("no helm, but required: failed", HELM_TEST, NO_HELM, "helm", 1, ["2 errors", "helm must run here: Skipped"]),
    ("no helm, another thing required", HELM_TEST, NO_HELM, "cluster", 0, ["2 skipped"]),
    (
        "no cluster: skipped",
        CLUSTER_TEST,
        NO_CLUSTER,
        "",
        0,
        ["1 skipped", "not tested: 1 x no cluster: KUBECONFIG is not set"],
    ),
    ("no cluster, but required", CLUSTER_TEST, NO_CLUSTER, "helm,cluster", 1, ["1 error", "KUBECONFIG is not set"]),
    ("a test's own skip", OWN_SKIP, NO_CLUSTER, "", 0, ["1 skipped", "a reason of its own"]),
    ("a test's own skip, required", OWN_SKIP, NO_CLUSTER, "cluster", 1, ["1 failed", "a reason of its own"]),
    ("a program that is not here", NEEDS, {}, "", 0, ["1 passed, 1 skipped", "not tested: 1 x no-such is not on PATH"]),
    ("what a test can't bring", BRINGS, NO_HELM, "", 0, ["1 skipped", "not tested: 1 x kubectl 1."]),
    ("what a fixture can't bring", SOPS_TEST, NO_HELM, "", 0, ["1 skipped", "neither go nor sops on PATH"]),
    ("another error is none", OWN_ERROR, {}, "", 1, ["1 failed"]),
]


@pytest.mark.parametrize(
    ("test", "without", "require", "code", "told"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_skip_is_told_and_where_required_a_failure(
    test: str, without: dict[str, str], require: str, code: int, told: list[str], tmp_path: Path
) -> None:
    (tmp_path / "test_inner.py").write_text(test)
    env = {name: value.format(tmp=tmp_path) for name, value in without.items()}
    done = inner_pytest(tmp_path, {**env, "HEIMDALL_PR_TEST_REQUIRE": require})
    assert done.returncode == code, done.stdout + done.stderr
    assert [text for text in told if text not in done.stdout] == [], done.stdout


@pytest.mark.parametrize("every_helm", ["3.19.0"], indirect=True)
def test_the_next_helm_stands_in_for_the_newest(every_helm: Helm, tmp_path: Path) -> None:
    folder = tmp_path / "heimdall-pr" / "helm-3.19.0"
    folder.parent.mkdir()
    folder.symlink_to(every_helm.path.parent)
    (tmp_path / "test_inner.py").write_text(HELM_TEST)
    done = inner_pytest(tmp_path, {name: value.format(tmp=tmp_path) for name, value in NO_HELM.items()})
    assert "stood in for the newest of its major: Helm 3.19.0, because helm 3.22.0" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout, done.stdout


def test_a_helm_sees_nothing_of_the_callers(helm: Helm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "theirs")
    monkeypatch.setenv("KUBECONFIG", "/their/kubeconfig")
    told = helm.run("env").stdout
    folders = [line for line in told.splitlines() if "_HOME=" in line or line.startswith(("HELM_PLUGINS=", "HELM_REG"))]
    assert len(folders) > 4
    assert [line for line in folders if str(helm.home) not in line] == []
    assert 'HELM_NAMESPACE="default"' in told
    assert helm.run("version", "--short").stdout.startswith(f"v{helm.version}")
    assert "KUBECONFIG" not in helm.env


def test_a_cluster_is_a_namespace_of_ones_own(helm: Helm, cluster: Cluster) -> None:
    assert cluster.kubectl("get", "namespace", cluster.namespace).returncode == 0
    assert f'HELM_NAMESPACE="{cluster.namespace}"' in helm.run("env").stdout
    assert helm.run("list").returncode == 0


ALL = [
    ("with a cluster", OWN_SKIP, "/their/kubeconfig", 1, ["1 failed", "a reason of its own"]),
    ("without one", OWN_SKIP, "", 0, ["1 skipped", "not run: cluster"]),
    ("every Helm", "def test_it(every_helm): pass", "", 0, ["6 skipped"]),
]


@pytest.mark.parametrize(("test", "kubeconfig", "code", "told"), [c[1:] for c in ALL], ids=[c[0] for c in ALL])
def test_everything(tmp_path: Path, test: str, kubeconfig: str, code: int, told: list[str]) -> None:
    """With a cluster in reach nothing of it may be left out; without one the last line says so."""
    (tmp_path / "test_inner.py").write_text(test)
    env = {**{name: value.format(tmp=tmp_path) for name, value in NO_HELM.items()}, "KUBECONFIG": kubeconfig}
    done = inner_pytest(tmp_path, env, "--all")
    assert done.returncode == code, done.stdout + done.stderr
    assert [text for text in told if text not in done.stdout] == [], done.stdout


def inner_pytest(folder: Path, env: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    """Pytest with our conftest on a folder of its own."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    command += ["-p", "pytest_timeout", "--basetemp", str(folder / "tmp"), *more, str(folder)]
    whole = {**os.environ, "HEIMDALL_PR_TEST_REQUIRE": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **env}
    return subprocess.run(command, cwd=ROOT, env=whole, capture_output=True, text=True, check=False)
