"""What the targets of a command are, and how files become one stream."""

import re
from pathlib import Path

import pytest

from post_renderer.adapters import targets
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.finding import Place


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a chart, a package and manifests."""
    for path in ("chart/Chart.yaml", "manifests/b.yaml", "manifests/a/c.yml", "manifests/d.json", "manifests/e.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"file: {path}\nsecond: line")
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo/chart").write_text("x: 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CHARTS = [
    ("a folder", "chart", True),
    ("a package", "chart-1.0.tgz", True),
    ("a registry", "oci://host/chart", True),
    ("an address", "https://host/chart-1.0.tgz", True),
    ("a repository's", "stable/heimdall", True),
    ("manifests", "manifests", False),
    ("a file", "manifests/b.yaml", False),
    ("a file that is not there", "env/nothing.yaml", False),
    ("a file called like a repository's chart", "repo/chart", False),
    ("a folder that is not there", "./stable/heimdall", False),
    ("standard input", "-", False),
]


@pytest.mark.parametrize(("target", "expected"), [row[1:] for row in CHARTS], ids=[row[0] for row in CHARTS])
def test_is_chart(target: str, expected: bool) -> None:
    assert targets.is_chart(target) is expected
    assert targets.chart([target]) == (target if expected else "")


def test_a_name_is_a_chart_where_a_repository_is_given() -> None:
    assert targets.chart(["heimdall"], "https://host") == "heimdall"


def test_one_chart_with_manifests_beside_it() -> None:
    assert targets.chart(["manifests", "chart"]) == "chart"
    assert targets.chart(["chart", "manifests", "-"]) == "chart"
    assert targets.chart(["heimdall", "manifests"], "https://host") == "heimdall"
    for given, repository in ((["chart", "manifests", "chart-1.0.tgz"], ""), (["heimdall", "chart"], "https://host")):
        with pytest.raises(UsageError, match=r" are charts: one chart is checked at a time"):
            targets.chart(given, repository)


def test_what_is_beside_a_chart_keeps_its_own_lines(folder: Path) -> None:
    found = targets.beside(b"rendered: 1\n", targets.contents_of(["manifests/b.yaml"]))
    lines = found.data.split(b"\n")
    own = (folder / "manifests/b.yaml").read_bytes().split(b"\n")[0]
    assert str(found.where(Place(line=lines.index(own) + 1))) == "manifests/b.yaml:1"
    assert found.where(Place("x", line=2)) == Place("x", line=2)
    assert targets.beside(b"rendered: 1\n", []) == targets.Manifests(b"rendered: 1\n")


def test_one_file_as_it_is(folder: Path) -> None:
    found = targets.read(["manifests/b.yaml"])
    assert found.data == (folder / "manifests/b.yaml").read_bytes()
    assert found.where(Place("x", line=2)) == Place("x", "manifests/b.yaml", 2)


def test_several_as_one_stream_with_their_own_lines(folder: Path) -> None:
    (folder / "manifests/b.yaml").write_bytes(b"\xef\xbb\xbffile: b\r\n---\nthird: line\n")
    found = targets.read(["manifests"])
    assert found.files == ("manifests/a/c.yml", "manifests/b.yaml", "manifests/d.json")
    assert found.data.count(b"---\n") == 4
    lines = found.data.split(b"\n")
    for text, expected in ((b"second: line", "manifests/a/c.yml:2"), (b"third: line", "manifests/b.yaml:3")):
        assert str(found.where(Place(line=lines.index(text) + 1))) == expected
    assert found.ends[-1] == len(found.data)


LEFT_ALONE = [
    ("no line", Place("x")),
    ("a line of another file", Place("x", "env/s.yaml", 2)),
]


@pytest.mark.parametrize("place", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_other_places_are_left_alone(place: Place) -> None:
    assert targets.read(["manifests"]).where(place) == place


REFUSED = [
    ("nothing there", "nothing.yaml", "No such file"),
    ("a folder without manifests", "chart/empty", "no manifests"),
    ("a NUL byte", "a\0b", "NUL"),
]


@pytest.mark.parametrize(("target", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(folder: Path, target: str, told: str) -> None:
    (folder / "chart/empty").mkdir()
    with pytest.raises(UserError) as caught:
        targets.read([target])
    assert told in caught.value.message


TYPOS = [
    ("a folder that looks like a repository's chart", "repos/../char", "repos/../chart"),
    ("a chart", "chrat", "chart"),
    ("a folder below one", "manifests/aa", "manifests/a"),
    ("a file", "manifests/bb.yaml", "manifests/b.yaml"),
    ("a package", "chart-1.1.tgz", "chart-1.0.tgz"),
    ("with a slash at its end", "charts/", "chart"),
]
NO_TYPOS = ["stable/heimdall", "manifests/other", "elsewhere/chart", "nothing.yaml", "-", "oci://host/chart", "chart\0"]


@pytest.mark.parametrize(("target", "near"), [row[1:] for row in TYPOS], ids=[row[0] for row in TYPOS])
def test_a_typo_in_a_path(folder: Path, target: str, near: str) -> None:
    (folder / "repos").mkdir()
    (folder / "chart-1.0.tgz").write_text("")
    with pytest.raises(UsageError, match=f"did you mean {re.escape(near)}\\?"):
        targets.chart([target])


@pytest.mark.parametrize("target", NO_TYPOS)
def test_no_typo(target: str) -> None:
    assert targets.chart([target]) in (target, "")
    assert not targets.meant("elsewhere/chart")


def test_a_repository_with_charts_names_them(folder: Path) -> None:
    """The charts of a folder, but no subcharts, and none of other people's folders."""
    for path in (
        "repo/two/Chart.yaml",
        "chart/charts/sub/Chart.yaml",
        ".git/x/Chart.yaml",
        "node_modules/y/Chart.yaml",
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("name: x\n")
    assert targets.charts_in(".") == ["chart", "repo/two"]
    with pytest.raises(UsageError, match=r"^\. is no chart; it has chart, repo/two$") as refused:
        targets.chart(["."])
    assert str(refused.value.fix) == "heimdall-pr check chart; heimdall-pr check repo/two"
    assert targets.chart(["manifests"]) == "", "a folder without charts is one of manifests"
