"""Where a values path is set: the file that wins, the line, the nearest parent, --set."""

import sys

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


def test_the_charts_own_values_come_last() -> None:
    """And only for what they set themselves."""
    found = Values({"values-ci.yaml": CI}, (), {"chart/values.yaml": BASE})
    assert found.where(Place(values="heimdall.secrets.JWT_SECRET")).file == "values-ci.yaml"
    assert str(found.where(Place(values="heimdall.secretsFiles"))) == "chart/values.yaml:6, heimdall.secretsFiles"
    assert found.where(Place(values="heimdall.secrets.NO_SUCH")).file == "values-ci.yaml"
    assert Values({}, (), {"chart/values.yaml": BASE}).where(Place(values="heimdall.x")).file == ""


E, W = "error", "warning"
# A file, the judged paths, and each finding as (severity, line, what it says first).
TWICE: list[tuple[str, str, list[str], list[tuple[str, int, str]]]] = [
    ("the whole block", "heimdall:\n  existingSecret: x\nimage: {}\nheimdall:\n  externalUrl: x\n", ["heimdall"],
     [(E, 4, "heimdall is there twice, first in line 1;")]),
    ("a block in it", "heimdall:\n  secrets: {A: x}\n  secrets: {B: x}\n", ["heimdall"],
     [(E, 3, "secrets is there twice, first in line 2;")]),
    ("deep in it", "heimdall:\n  auth:\n    ldap: {host: a, host: b}\n", ["heimdall"],
     [(E, 3, "host is there twice, first in line 3;")]),
    ("what it is in", "prod: {heimdall: {}}\nprod: {}\n", ["prod.heimdall"], [(E, 2, "prod is there")]),
    ("secrets, wherever they are", "other:\n  JWT_SECRET: a\n  xyzzy: b\n  xyzzy: b\n  'JWT_SECRET': a\n",
     ["heimdall"], [(E, 4, "xyzzy is there"), (E, 5, "JWT_SECRET is there")]),
    ("a name among secrets may be one", "heimdall: {secrets: {hunter2: a, hunter2: b}}\n", ["heimdall"],
     [(E, 1, "an unknown key is there")]),
    ("no name at all", "a: {'hunter2 canary': a, 'hunter2 canary': b}\n", ["heimdall"], [(W, 1, "an unknown key is")]),
    ("of an older chart", "jwtSecret: a\njwtSecret: b\n", ["heimdall"], [(E, 2, "jwtSecret is there")]),
    ("elsewhere", "image: {tag: a, tag: b}\n", ["heimdall"], [(W, 1, "tag is there twice, first in line 1;")]),
    ("in a list", "extraEnv:\n- {name: a}\n- {name: b, name: c}\n", ["heimdall"], [(W, 3, "name is there")]),
    ("three times", "a: 1\na: 2\na: 3\n", ["heimdall"],
     [(W, 2, "a is there twice, first in line 1;"), (W, 3, "a is there twice, first in line 1;")]),
    ("another chart's", "other: {heimdall: {}}\nother: {}\n", ["heimdall"], [(W, 2, "other is there")]),
    ("in quotes", "\ufeffheimdall: {}\n\"heimdall\": {}\n", ["heimdall"], [(E, 2, "heimdall is")]),
    ("by an alias, once", "a: &a {b: 1, b: 2}\nc: *a\nd: *a\n", ["heimdall"], [(W, 1, "b is there")]),
]  # fmt: skip  # a row a line
ONCE = [
    ("one block", "heimdall:\n  existingSecret: x\nimage: {}\n"),
    ("one name in two blocks", "a: {tag: x}\nb: {tag: x}\n"),
    ("two items of a list", "- {name: a}\n- {name: b}\n"),
    ("two merge keys", "a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n"),
    ("another case", "heimdall: {}\nHeimdall: {}\n"),
    ("a merged one", "a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n"),
    ("no YAML", "heimdall: ]\nheimdall: ]\n"),
    ("a comment", "heimdall: {}\n# heimdall: {}\n"),
]


@pytest.mark.parametrize(("content", "judged", "expected"), [row[1:] for row in TWICE], ids=[row[0] for row in TWICE])
def test_duplicates(content: str, judged: list[str], expected: list[tuple[str, int, str]]) -> None:
    found = list(Values({"a.yaml": BASE, "b.yaml": content.encode()}).duplicates(judged))
    assert [(each.severity, each.where.line) for each in found] == [row[:2] for row in expected]
    assert [each.message.startswith(row[2]) for each, row in zip(found, expected, strict=True)] == [True] * len(found)
    assert {each.where.file for each in found} == {"b.yaml"}
    assert {each.rule for each in found} <= {"duplicate-key", "duplicate-value"}


@pytest.mark.parametrize("content", [row[1] for row in ONCE], ids=[row[0] for row in ONCE])
def test_no_duplicates(content: str) -> None:
    assert list(Values({"a.yaml": content.encode()}).duplicates(["heimdall"])) == []


def test_the_files_of_a_user_may_repeat_each_other() -> None:
    assert list(Values({"a.yaml": BASE, "b.yaml": BASE}).duplicates(["heimdall"])) == []


def test_duplicates_are_found_in_steps_that_grow_linearly() -> None:
    """In lines, depth and aliases; the steps are the function calls of Python."""

    def steps(number: int) -> int:
        content = "".join(
            f"a{at % 7}:\n" + "".join(f"{' ' * deep}b:\n" for deep in range(1, 9)) for at in range(number)
        )
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        values = Values({"a.yaml": content.encode()})
        sys.setprofile(count)
        try:
            assert len(list(values.duplicates(["heimdall"]))) == number - 7
        finally:
            sys.setprofile(None)
        return calls

    assert steps(800) < 2.2 * steps(400)


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
