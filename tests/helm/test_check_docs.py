"""docs/check.md says what is so: its commands print what stands there, and its tables are what real runs gave."""

import os
import shutil
from pathlib import Path

import pytest

from tests.helms import HELM_PR, Helm
from tests.readme import runner
from tests.support import CHART, ROOT
from tools import check_table


def test_page(helm: Helm, tmp_path: Path) -> None:
    """Every command, with this Helm on PATH."""
    folder, commands = tmp_path / "folder", tmp_path / "bin"
    shutil.copytree(CHART, folder / "charts" / "heimdall")
    shutil.copytree(ROOT / "examples", folder / "examples")
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    env = {**helm.env, "PATH": os.pathsep.join([str(commands), str(HELM_PR.parent), helm.env["PATH"]])}
    steps = runner.parse(check_table.TARGET.read_text())
    assert runner.run(steps, {f"helm{helm.major}"}, folder, env) > 12


@pytest.mark.slow
@pytest.mark.parametrize("shape", check_table.SHAPES)
def test_table(helm: Helm, shape: str) -> None:
    """Made anew it would be the same, with either Helm."""
    assert check_table.table(helm, shape) == check_table.written(check_table.marks(shape))


def test_rules() -> None:
    assert check_table.rules() == check_table.written(check_table.RULE_MARKS)
