"""docs/install.md does what it says, and what it says is supported is what is tested."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from post_renderer import __version__
from tests import helms
from tests.readme import runner
from tests.support import ROOT

pytestmark = [pytest.mark.xdist_group("dist")]

PAGE = (ROOT / "docs" / "install.md").read_text()
PROJECT = (ROOT / "pyproject.toml").read_text()
CHART = yaml.safe_load((ROOT / "charts" / "heimdall" / "Chart.yaml").read_text())
CI = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())


@pytest.mark.needs("sha256sum")
def test_the_commands(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "release"))
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    assert runner.run(runner.parse(PAGE), set(), folder, env) == 2
    assert os.access(tmp_path / "bin" / "heimdall-pr", os.X_OK)


def row(name: str) -> list[str]:
    """The cells of a row of the table."""
    found = re.search(rf"^\| {name} \|(.*)\|$", PAGE, re.MULTILINE)
    assert found
    return [cell.strip() for cell in found[1].split("|")]


def test_the_files_of_a_release(built: Path) -> None:
    named = set(re.findall(r"`([\w.-]+\.(?:whl|gz|pyz|tgz|json)|SHA256SUMS)`", PAGE.partition("## ")[0]))
    assert {name.replace("VERSION", __version__) for name in named} == {path.name for path in built.iterdir()}


def test_python() -> None:
    supported, tested = row("Python")
    assert f'requires-python = ">={supported.split()[0]}"' in PROJECT
    versions = CI["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tested == f"each version from {versions[0]} to {versions[-1]} in CI"


def test_helm() -> None:
    supported, tested = row("Helm")
    assert tested == ", ".join(helms.VERSIONS)
    assert supported == f"{helms.VERSIONS[0].rpartition('.')[0]} or later, and 4"


def test_kubernetes() -> None:
    assert CHART["kubeVersion"] == f">={row('Kubernetes')[0].split()[0]}.0-0"
