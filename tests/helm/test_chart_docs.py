"""The pages on the chart do what they say: their commands are run, and their tables are the chart's own."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.charts import template
from tests.clusters import Cluster
from tests.helm.test_chart_values import SCHEMA, legacy
from tests.helms import Helm
from tests.readme import runner
from tests.support import CHART, ROOT

PAGES = {name: ROOT / "docs" / f"{name}.md" for name in ("gitops", "chart-migration", "gate", "policy")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the chart and the gate in it."""
    shutil.copytree(CHART, tmp_path / "folder" / "charts" / "heimdall")
    shutil.copytree(ROOT / "hooks", tmp_path / "folder" / "hooks")
    return tmp_path / "folder"


def environment(helm: Helm, folder: Path) -> dict[str, str]:
    """This Helm is `helm` on PATH."""
    commands = folder.with_name("bin")
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    return {**helm.env, "PATH": os.pathsep.join([str(commands), helm.env["PATH"]])}


@pytest.mark.parametrize("page", PAGES)
def test_page(helm: Helm, folder: Path, page: str) -> None:
    """What needs no cluster."""
    steps = runner.parse(PAGES[page].read_text())
    assert runner.run(steps, {f"helm{helm.major}"}, folder, environment(helm, folder)) > 0


@pytest.mark.parametrize("page", PAGES)
def test_page_with_a_cluster(helm: Helm, cluster: Cluster, folder: Path, page: str) -> None:
    """All of it."""
    steps = runner.parse(PAGES[page].read_text())
    env = {**environment(helm, folder), "KUBECONFIG": str(cluster.kubeconfig)}
    without = sum(step.kind == "run" and "cluster" not in step.words for step in steps)
    assert runner.run(steps, {f"helm{helm.major}", "cluster"}, folder, env) > without


def test_migration_names_every_value() -> None:
    """Each name of an older chart is in a table, beside what the schema says of it."""
    text = PAGES["chart-migration"].read_text()
    assert [path for path, _ in legacy(SCHEMA) if f"| `{path}` |" not in text] == []


def test_flux_values_render(helm: Helm) -> None:
    """The values of the HelmRelease that is shown."""
    objects = [yaml.safe_load(f.text) for f in runner.fences(PAGES["gitops"].read_text()) if f.language == "yaml"]
    (release,) = (each for each in objects if each.get("kind") == "HelmRelease")
    assert template(helm, release["spec"]["values"]).returncode == 0
