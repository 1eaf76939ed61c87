"""The pages on the chart do what they say: their commands are run, and their tables are the chart's own.

And the chart's own text can be read.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.charts import template
from tests.clusters import Cluster
from tests.helms import Helm
from tests.readme import runner
from tests.support import CHART, LIBRARY, ROOT

PAGES = {name: ROOT / "docs" / f"{name}.md" for name in ("gitops", "flux", "chart-migration", "gate", "policy")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the chart and the gate in it."""
    shutil.copytree(CHART, tmp_path / "folder" / "charts" / "heimdall")
    for name in ("hooks", "examples"):
        shutil.copytree(ROOT / name, tmp_path / "folder" / name)
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


# The page on migration needs an older release: tests/cluster/test_pages_data.py.
@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"chart-migration", "flux"}])
def test_page_with_a_cluster(helm: Helm, cluster: Cluster, folder: Path, page: str) -> None:
    """All of it."""
    steps = runner.parse(PAGES[page].read_text())
    env = {**environment(helm, folder), "KUBECONFIG": str(cluster.kubeconfig)}
    without = sum(step.kind == "run" and "cluster" not in step.words for step in steps)
    assert runner.run(steps, {f"helm{helm.major}", "cluster"}, folder, env) > without


def test_flux_values_render(helm: Helm) -> None:
    """The values of the HelmRelease that is shown."""
    objects = [yaml.safe_load(f.text) for f in runner.fences(PAGES["flux"].read_text()) if f.language == "yaml"]
    (release,) = (each for each in objects if each.get("kind") == "HelmRelease")
    assert template(helm, release["spec"]["values"]).returncode == 0


# --- the chart's own text --------------------------------------------------------------------------------------------

LONGEST = 140  # characters: a line is read without scrolling
# All but what nobody reads: the patterns of the rules.
TEMPLATES = sorted(
    path for path in (CHART / "templates").rglob("*") if path.is_file() and ".generated." not in path.name
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CHART)))
def test_template_can_be_read(path: Path) -> None:
    """No line is too long, and data is decoded once: the facts, or a table of the file's own."""
    text = path.read_text()
    assert [number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST] == []
    assert len(re.findall(r"\bfrom(?:Json|Yaml)(?:Array)?\b", re.sub(r"(?s)\{\{/\*.*?\*/\}\}", "", text))) <= 1


def test_the_library_can_be_read() -> None:
    for path in LIBRARY.rglob("*"):
        if path.is_file() and ".generated." not in path.name:
            lines = path.read_text().splitlines()
            assert [(path.name, at) for at, line in enumerate(lines, 1) if len(line) > LONGEST] == []


def test_chart_is_described() -> None:
    """An index of charts shows an icon, maintainers, links and changes; the images are those of the values."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert chart["icon"].startswith("https://")
    assert all(each["name"] for each in chart["maintainers"])
    notes = {name.removeprefix("artifacthub.io/"): text for name, text in chart["annotations"].items()}
    assert notes["category"] == "security"
    assert all(each["url"].startswith("https://") for each in yaml.safe_load(notes["links"]))
    kinds = {"added", "changed", "deprecated", "removed", "fixed", "security"}
    assert {each["kind"] for each in yaml.safe_load(notes["changes"])} <= kinds
    images = [values["image"], values["postgresql"]["image"], values["gate"]["image"], values["tests"]["image"]]
    images[0] = {**images[0], "tag": chart["appVersion"]}
    wanted = {f"{each['registry']}/{each['repository']}:{each['tag']}" for each in images}
    assert {each["image"] for each in yaml.safe_load(notes["images"])} == wanted
