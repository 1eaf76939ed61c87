"""What the targets of a command are, and how files become one stream."""

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
    found = targets.beside(b"rendered: 1\n", ["manifests/b.yaml"])
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
