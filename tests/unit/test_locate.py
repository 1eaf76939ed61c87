"""Where a values path is set: the file that wins, the line, the nearest parent, --set."""

import pytest

from post_renderer.model.finding import Place
from post_renderer.report.locate import Values

BASE = b"""# the usual
heimdall:
  secrets:
    JWT_SECRET: a
    API_KEY_SECRET: b
  secretsFiles: [x]
"""
CI = b"""\xef\xbb\xbfheimdall: {secrets: {JWT_SECRET: c}}
list:
  - a
  - b: 1
anchor: &it
  JWT_SECRET: d
merged: {<<: *it}
alias: *it
"""
BROKEN = b"heimdall: ]\n"
FILES = {"values.yaml": BASE, "values-ci.yaml": CI, "broken.yaml": BROKEN}
SETS = (
    ("set", "a=b,heimdall.secrets.ADMIN_PASSWORD=x"),
    ("set", "odd.JWT\\_SECRET=x,heimdall.secretsFiles={a.yaml,b.yaml}"),
    ("set-string", "both=1"),
    ("set", "both=2"),
    ("set-json", "both=3"),
    ("set-json", 'other={"x": 1}'),
    ("set-json", '{"deep": {"in": {"it": 1}}}'),
    ("set", "many[0].x=1"),
)

ROWS: list[tuple[str, Place, str]] = [
    (
        "the last file wins",
        Place(values="heimdall.secrets.JWT_SECRET"),
        "values-ci.yaml:1, heimdall.secrets.JWT_SECRET",
    ),
    (
        "an earlier file",
        Place(values="heimdall.secrets.API_KEY_SECRET"),
        "values.yaml:5, heimdall.secrets.API_KEY_SECRET",
    ),
    ("the parent", Place(values="heimdall.secrets.NO_SUCH"), "values-ci.yaml:1, heimdall.secrets.NO_SUCH"),
    ("the parent's parent", Place(values="heimdall.no.such"), "values-ci.yaml:1, heimdall.no.such"),
    ("an item", Place(values="list[1].b"), "values-ci.yaml:4, list[1].b"),
    ("an item that is not there", Place(values="list[7]"), "values-ci.yaml:2, list[7]"),
    (
        "--set",
        Place(values="heimdall.secrets.ADMIN_PASSWORD"),
        "heimdall.secrets.ADMIN_PASSWORD, --set heimdall.secrets.ADMIN_PASSWORD",
    ),
    ("--set of a part of it", Place(values="many"), "many, --set many"),
    ("--set-json", Place(values="other"), "other, --set-json other"),
    ("--set with a backslash", Place(values="odd.JWT_SECRET"), "odd.JWT_SECRET, --set odd.JWT_SECRET"),
    (
        "--set of what holds it",
        Place(values="heimdall.secretsFiles[0]"),
        "heimdall.secretsFiles[0], --set heimdall.secretsFiles",
    ),
    ("--set-json of what holds it", Place(values="other.y"), "other.y, --set-json other"),
    ("--set-json is before --set", Place(values="both"), "both, --set-string both"),
    ("--set-json of the root", Place(values="deep.in.it"), "deep.in.it, --set-json deep.in.it"),
    ("beside what --set-json of the root sets", Place(values="list"), "values-ci.yaml:2, list"),
    ("by a merge key", Place(values="merged.JWT_SECRET"), "values-ci.yaml:6, merged.JWT_SECRET"),
    ("by an alias", Place(values="alias.JWT_SECRET"), "values-ci.yaml:6, alias.JWT_SECRET"),
    ("what it was, too", Place("Secret x", line=7, values="list"), "values-ci.yaml:2, list, Secret x"),
]
TWICE = b"""heimdall:
  secrets:
    JWT_SECRET: a
    xyzzy: b
    xyzzy: b
    "JWT_SECRET": a
image: {tag: a, tag: b}
"""


def test_the_charts_own_values_come_last() -> None:
    """And only for what they set themselves."""
    found = Values({"values-ci.yaml": CI}, (), {"chart/values.yaml": BASE})
    assert found.where(Place(values="heimdall.secrets.JWT_SECRET")).file == "values-ci.yaml"
    assert str(found.where(Place(values="heimdall.secretsFiles"))) == "chart/values.yaml:6, heimdall.secretsFiles"
    assert found.where(Place(values="heimdall.secrets.NO_SUCH")).file == "values-ci.yaml"
    assert Values({}, (), {"chart/values.yaml": BASE}).where(Place(values="heimdall.x")).file == ""


def test_duplicates_among_secrets() -> None:
    """Wherever the block is; what else is twice in a file is no matter of ours, and unknown names are not told."""
    found = list(Values({"a.yaml": BASE, "b.yaml": TWICE}).duplicates())
    assert [str(each.where) for each in found] == ["b.yaml:5", "b.yaml:6"]
    assert [each.message.split(" is ")[0] for each in found] == ["an unknown key", "JWT_SECRET"]


LEFT_ALONE = [
    ("nowhere", Place("Secret x", line=7, values="nothing.like.it")),
    ("no values path", Place("Secret x", line=7)),
    ("a secrets file's line", Place(file="env/s.yaml", line=3, values="heimdall.secretsFiles[0]")),
]


@pytest.mark.parametrize(("place", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_where(place: Place, expected: str) -> None:
    assert str(Values(FILES, SETS).where(place)) == expected


@pytest.mark.parametrize("place", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_left_alone(place: Place) -> None:
    assert Values(FILES, SETS).where(place) == place
