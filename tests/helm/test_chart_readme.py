"""The chart's README is what its generator makes of the chart, and the generator leaves no value out."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.clusters import Cluster
from tests.helms import Helm
from tests.readme import runner
from tests.readme.test_readme import checkout, environment
from tools import chart_readme

__all__ = ["checkout"]  # a fixture

Rows = dict[str, list[tuple[str, str, str, str]]]

TABLE: list[tuple[str, str, Rows]] = [
    ("empty", "", {}),
    ("comments alone", "# -- nothing\n", {}),
    ("string", "# -- What it is.\na: x\n", {"Values": [("a", "string", '`"x"`', "What it is.")]}),
    ("empty string", '# -- A.\na: ""\n', {"Values": [("a", "string", '`""`', "A.")]}),
    ("number", "# -- A.\na: 1\n", {"Values": [("a", "int", "`1`", "A.")]}),
    ("switch", "# -- A.\na: false\n", {"Values": [("a", "bool", "`false`", "A.")]}),
    ("null", "# -- A.\na:\n", {"Values": [("a", "any", "`null`", "A.")]}),
    ("list", "# -- A.\na: [x, 1]\n", {"Values": [("a", "list", '`["x", 1]`', "A.")]}),
    ("block list", "# -- A.\na:\n  # for you\n  - x\n", {"Values": [("a", "list", '`["x"]`', "A.")]}),
    ("empty mapping", "# -- A.\na: {}\n", {"Values": [("a", "object", "`{}`", "A.")]}),
    ("nested", "a:\n  # -- B.\n  b: 1\n", {"Values": [("a.b", "int", "`1`", "B.")]}),
    ("a key with dots", "# -- A.\na.b/c: 1\n", {"Values": [('"a.b/c"', "int", "`1`", "A.")]}),
    (
        "a described mapping speaks for what is in it",
        "# -- A.\na:\n  b: 1\n  # -- C.\n  c: {d: 2}\n",
        {"Values": [("a", "object", '`{"b": 1, "c": {"d": 2}}`', "A."), ("a.c", "object", '`{"d": 2}`', "C.")]},
    ),
    ("several lines", "# -- One\n# two.\n#\n# Three.\na: 1\n", {"Values": [("a", "int", "`1`", "One two. Three.")]}),
    ("a comment before", "# For you.\n# -- A.\na: 1\n", {"Values": [("a", "int", "`1`", "A.")]}),
    ("a comment apart", "# -- Gone.\n\n# -- A.\na: 1\n", {"Values": [("a", "int", "`1`", "A.")]}),
    ("a comment at another indent", "a:\n# -- No.\n  # -- B.\n  b: 1\n", {"Values": [("a.b", "int", "`1`", "B.")]}),
    ("default", "# -- A.\n# @default -- the chart's\na: 1\n", {"Values": [("a", "int", "the chart's", "A.")]}),
    ("default before", "# @default -- x\n# -- A.\na: 1\n", {"Values": [("a", "int", "x", "A.")]}),
    ("not ASCII", "# -- Ä…\na: é\n", {"Values": [("a", "string", '`"é"`', "Ä…")]}),
    (
        "sections",
        "# -- Z.\nz: 0\n# @section -- S\na:\n  # -- B.\n  b: 1\n# -- C.\nc: 2\n# @section -- T\n# -- D.\nd: 3\n",
        {
            "Values": [("z", "int", "`0`", "Z.")],
            "S": [("a.b", "int", "`1`", "B."), ("c", "int", "`2`", "C.")],
            "T": [("d", "int", "`3`", "D.")],
        },
    ),
    (
        "a section within a mapping ends with it",
        "a:\n  # @section -- S\n  # -- B.\n  b: 1\n# -- C.\nc: 2\n",
        {"S": [("a.b", "int", "`1`", "B.")], "Values": [("c", "int", "`2`", "C.")]},
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_sections(name: str, values: str, expected: Rows) -> None:
    """What is read from the comments."""
    found = {title: [tuple(row)[:4] for row in rows] for title, rows in chart_readme.sections(values).items()}
    assert found == expected, name


SILENT: list[tuple[str, str, str]] = [
    ("no comment", "a: 1\n", "a"),
    ("a comment without the sign", "# A.\na: 1\n", "a"),
    ("nothing after the sign", "# --\na: 1\n", "a"),
    ("nested, all at once", "a:\n  # -- B.\n  b: 1\n  c: 2\nd: {e: {f: 3}}\n", "a.c, d.e.f"),
    ("empty mapping", "a: {}\n", "a"),
    ("only a default", "# @default -- x\na: 1\n", "a"),
    ("an empty line between", "# -- A.\n\na: 1\n", "a"),
]


@pytest.mark.parametrize(("name", "values", "expected"), SILENT, ids=[row[0] for row in SILENT])
def test_undescribed(name: str, values: str, expected: str) -> None:
    """Each leaf without a description is named."""
    with pytest.raises(chart_readme.Undescribed) as caught:
        chart_readme.sections(values)
    assert str(caught.value).endswith(f": {expected}"), name


def test_a_bar_ends_no_cell() -> None:
    """Neither in a default nor in a description."""
    template = "{% for rows in sections.values() %}{% for row in rows %}|{{ row.text|cell }}|{% endfor %}{% endfor %}"
    assert chart_readme.render(template, {}, "# -- a|b\na: 1\n", "") == "|a\\|b|"


def test_is_what_it_is_made_from() -> None:
    """Made anew it would be the same."""
    assert chart_readme.main(["--check"]) == 0


def test_drift_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed default, an undescribed value, a README that is not there; writing fixes the first and the last."""
    chart = tmp_path / "heimdall"
    shutil.copytree(chart_readme.CHART, chart)
    monkeypatch.setattr(chart_readme, "CHART", chart)
    assert chart_readme.main(["--check"]) == 0
    values = chart / "values.yaml"
    values.write_text(values.read_text() + "\n# -- New.\nbrandNew: 1\n")
    assert chart_readme.main(["--check"]) == 1
    assert (chart_readme.main([]), chart_readme.main(["--check"])) == (0, 0)
    assert "| `brandNew` | int | `1` | New. |" in (chart / "README.md").read_text()
    (chart / "README.md").unlink()
    assert chart_readme.main(["--check"]) == 1
    values.write_text(values.read_text() + "silent: 1\n")
    assert chart_readme.main([]) == 1
    assert "silent" in capsys.readouterr().err


def test_its_commands_work(helm: Helm, checkout: Path) -> None:
    """As those of the project's README."""
    steps = runner.parse((chart_readme.CHART / "README.md").read_text())
    assert runner.run(steps, {f"helm{helm.major}"}, checkout, environment(helm, checkout)) > 0


def test_its_commands_work_in_a_cluster(helm: Helm, cluster: Cluster, checkout: Path) -> None:
    """All of them."""
    steps = runner.parse((chart_readme.CHART / "README.md").read_text())
    env = {**environment(helm, checkout), "KUBECONFIG": str(cluster.kubeconfig)}
    assert runner.run([step for step in steps if "cluster" in step.words], {"cluster"}, checkout, env) == 1


def test_every_value_is_there() -> None:
    """Counted another way: each leaf of values.yaml, or a mapping above it, has its row."""
    shown = set(re.findall(r"^\| `([^`]+)` \|", (chart_readme.CHART / "README.md").read_text(), re.MULTILINE))
    values = yaml.safe_load((chart_readme.CHART / "values.yaml").read_text())
    assert not [leaf for leaf in leaves(values) if not any(leaf == row or leaf.startswith(f"{row}.") for row in shown)]


def leaves(values: dict[str, object], before: str = "") -> list[str]:
    """The paths of everything that is not a mapping with something in it."""
    found: list[str] = []
    for key, value in values.items():
        path = f"{before}{key}"
        found += leaves(value, f"{path}.") if isinstance(value, dict) and value else [path]
    return found
