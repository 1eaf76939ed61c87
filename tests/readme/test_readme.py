"""Every command block of the README and of docs/approaches.md does what it says, with each Helm, in a copy."""

import os
import shutil
from pathlib import Path

import pytest

from tests import helms
from tests.clusters import Cluster
from tests.helms import Helm
from tests.readme import runner

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "env", "dist", "build")


PAGE = pytest.mark.parametrize("page", ["README.md", "docs/approaches.md"], ids=["readme", "approaches"])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "checkout", ignore=LEFT_BEHIND))


@PAGE
def test_readme(helm: Helm, checkout: Path, page: str) -> None:
    ran = runner.run(steps(page), {f"helm{helm.major}"}, checkout, environment(helm, checkout))
    assert ran > 0


@PAGE
def test_readme_with_a_cluster(helm: Helm, cluster: Cluster, checkout: Path, page: str) -> None:
    """Everything from the start, and what needs a cluster too."""
    where = {f"helm{helm.major}", "cluster"}
    assert any("cluster" in step.words and step.applies(where) for step in steps(page))
    runner.run(steps(page), where, checkout, {**environment(helm, checkout), "KUBECONFIG": str(cluster.kubeconfig)})


def steps(page: str) -> list[runner.Step]:
    return runner.parse((ROOT / page).read_text())


def environment(helm: Helm, checkout: Path) -> dict[str, str]:
    """This Helm is `helm` on PATH, and heimdall-pr is there as pip puts it there."""
    commands = checkout.with_name("bin")
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    return {**helm.env, "PATH": os.pathsep.join([str(commands), str(helms.HELM_PR.parent), helm.env["PATH"]])}
