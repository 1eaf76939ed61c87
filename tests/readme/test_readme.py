"""Every command block of the README and of the pages for beginners does what it says, with each Helm, in a copy."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.clusters import Cluster
from tests.helms import Helm
from tests.readme import runner

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "env", "dist", "build")


WITH_A_CLUSTER = ("README.md", "docs/approaches.md", "docs/refusal.md", "docs/develop.md", "docs/first-install.md")
WRAPPERS = ("docs/helm-secrets.md", "docs/helmfile.md", "docs/terraform.md", "docs/ansible.md")
WITHOUT = (*WRAPPERS, "docs/kustomize.md", "docs/checked.md", "docs/upgrade.md", "docs/foreign-charts.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(ROOT, tmp_path / "checkout", ignore=LEFT_BEHIND))
    if git := shutil.which("git"):  # a reader has a clone
        subprocess.run([git, "init", "--quiet", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("page", [*WITH_A_CLUSTER, *WITHOUT])
def test_readme(helm: Helm, checkout: Path, page: str) -> None:
    ran = runner.run(steps(page), {f"helm{helm.major}"}, checkout, environment(helm, checkout))
    assert ran > 0


@pytest.mark.parametrize("page", WITH_A_CLUSTER)
def test_readme_with_a_cluster(helm: Helm, cluster: Cluster, checkout: Path, page: str) -> None:
    """Everything from the start, and what needs a cluster too."""
    where = {f"helm{helm.major}", "cluster"}
    assert any("cluster" in step.words and step.applies(where) for step in steps(page))
    runner.run(
        in_namespace(steps(page), cluster.namespace),
        where,
        checkout,
        {**environment(helm, checkout), "KUBECONFIG": str(cluster.kubeconfig)},
    )


def steps(page: str) -> list[runner.Step]:
    return runner.parse((ROOT / page).read_text())


def in_namespace(found: list[runner.Step], name: str) -> list[runner.Step]:
    """The commands in the test's own namespace instead of the pages': two runs don't meet."""
    ours = re.compile(r"--namespace heimdall\b(?!-)")
    return [each._replace(text=ours.sub(f"--namespace {name}", each.text)) for each in found]


def environment(helm: Helm, checkout: Path) -> dict[str, str]:
    """This Helm is `helm` on PATH, and heimdall-pr is there as pip puts it there."""
    commands = checkout.with_name("bin")
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    return {**helm.env, "PATH": os.pathsep.join([str(commands), str(helms.HELM_PR.parent), helm.env["PATH"]])}


@pytest.mark.parametrize("page", WRAPPERS)
def test_each_wrapper_keeps_the_post_renderer(page: str) -> None:
    """The values that its reader saves let the chart insist, by the name that the chart has for it."""
    text = (ROOT / page).read_text()
    (given,) = (yaml.safe_load(step.text) for step in runner.parse(text) if step.file == "heimdall-values.yaml")
    known = yaml.safe_load((ROOT / "charts/heimdall/values.yaml").read_text())
    assert given["postRenderer"] == {"required": True}
    assert given["postRenderer"].keys() <= known["postRenderer"].keys()
    assert "`postRenderer.required: true`" in text


# Who runs the post-renderer: a wrapper's own name for it, in the file that its reader saves.
NAMED = [
    ("docs/helmfile.md", "helmfile.yaml", r"^    postRenderer: heimdall-pr$"),
    ("docs/terraform.md", "main.tf", r'^  postrender = \{\n    binary_path = "heimdall-pr"$'),
    ("docs/ansible.md", "install.yaml", r"^        post_renderer: heimdall-pr$"),
]


@pytest.mark.parametrize(("page", "file", "line"), NAMED, ids=[each[0] for each in NAMED])
def test_each_wrapper_names_the_post_renderer(page: str, file: str, line: str) -> None:
    (step,) = (step for step in steps(page) if step.file == file)
    assert re.search(line, step.text, re.MULTILINE)
