"""Pairs put into a mapping of any style: read again it holds them and what it held, and no other byte changed."""

import pytest
import yaml

from post_renderer.document import edit, parse
from post_renderer.document.nodes import Mapping
from post_renderer.model.report import Edit

PAIRS = ['"N1": "x"', 'N2: "y z"']
NEW = {"N1": "x", "N2": "y z"}

# Each with what comes out: `+` for the new pairs, in their style.
BEFORE = [
    ("block", "a: b\n", '"N1": "x"\nN2: "y z"\na: b\n'),
    ("no final line break", "a: b", '"N1": "x"\nN2: "y z"\na: b'),
    ("after comments", "# c\na: b\n", '# c\n"N1": "x"\nN2: "y z"\na: b\n'),
    ("indented", "---\n  a: b\n", '---\n  "N1": "x"\n  N2: "y z"\n  a: b\n'),
    ("carriage returns", "a: b\r\nc: d\r\n", '"N1": "x"\r\nN2: "y z"\r\na: b\r\nc: d\r\n'),
    ("a carriage return at the end alone", "# c\r\na: b", '# c\r\n"N1": "x"\r\nN2: "y z"\r\na: b'),
    ("byte order mark", "\ufeffa: b\n", '\ufeff"N1": "x"\nN2: "y z"\na: b\n'),
    ("flow", "{a: b}\n", '{"N1": "x", N2: "y z", a: b}\n'),
    ("flow, a pair a line", '{\n  "a": "b"\n}\n', '{\n  "N1": "x",\n  N2: "y z",\n  "a": "b"\n}\n'),
    ("flow, carriage returns", "{\r\n  a: b\r\n}", '{\r\n  "N1": "x",\r\n  N2: "y z",\r\n  a: b\r\n}'),
    ("flow, brace on the line before", "{ # c\n a: b}", '{ # c\n "N1": "x",\n N2: "y z",\n a: b}'),
    ("flow, key with a question mark", "{\n? a : b}", '{"N1": "x", N2: "y z", \n? a : b}'),
    ("empty flow", "{}", '{"N1": "x", N2: "y z"}'),
    ("empty flow with spaces", "{ }\n", '{"N1": "x", N2: "y z" }\n'),
    ("tagged flow", "!!map {a: b}\n", '!!map {"N1": "x", N2: "y z", a: b}\n'),
]
AFTER = [
    ("block", "a: b\n", 'a: b\n"N1": "x"\nN2: "y z"\n'),
    ("no final line break", "a: b", 'a: b\n"N1": "x"\nN2: "y z"\n'),
    ("comment at the end of the line", "a: b # c\n", 'a: b # c\n"N1": "x"\nN2: "y z"\n'),
    ("before comments", "a: b\n# c\n", 'a: b\n"N1": "x"\nN2: "y z"\n# c\n'),
    ("before the document's end", "a: b\n...\n", 'a: b\n"N1": "x"\nN2: "y z"\n...\n'),
    ("indented", "  a: b\n", '  a: b\n  "N1": "x"\n  N2: "y z"\n'),
    ("carriage returns", "a: b\r\n", 'a: b\r\n"N1": "x"\r\nN2: "y z"\r\n'),
    ("byte order mark", "\ufeffa: b\n", '\ufeffa: b\n"N1": "x"\nN2: "y z"\n'),
    ("block scalar", "a: |\n  b\n", 'a: |\n  b\n"N1": "x"\nN2: "y z"\n'),
    ("a value of several lines", 'a: "b\n  c"\n', 'a: "b\n  c"\n"N1": "x"\nN2: "y z"\n'),
    ("wide characters", "é: ü\n", 'é: ü\n"N1": "x"\nN2: "y z"\n'),
    ("flow", "{a: b}\n", '{"N1": "x", N2: "y z", a: b}\n'),
]
EMPTY = [
    ("nothing", "", '"N1": "x"\nN2: "y z"\n'),
    ("comments", "# c\n", '# c\n"N1": "x"\nN2: "y z"\n'),
    ("a comment without a line break", "# c", '# c\n"N1": "x"\nN2: "y z"\n'),
    ("comments with carriage returns", "# c\r\n", '# c\r\n"N1": "x"\r\nN2: "y z"\r\n'),
]


def checked(text: str, made: Edit, expected: str) -> None:
    result = edit.applied(text.encode(), [made]).decode()
    assert result == expected
    assert yaml.safe_load(result) == {**(yaml.safe_load(text) or {}), **NEW}


def root(text: str) -> Mapping:
    start = 3 if text.startswith("\ufeff") else 0
    found = parse.read(text.encode()[start:], start)
    assert isinstance(found, Mapping)
    return found


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in BEFORE], ids=[row[0] for row in BEFORE])
def test_before(text: str, expected: str) -> None:
    checked(text, edit.before(text.encode(), root(text), PAIRS), expected)


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in AFTER], ids=[row[0] for row in AFTER])
def test_after(text: str, expected: str) -> None:
    checked(text, edit.after(text.encode(), root(text), PAIRS), expected)


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in EMPTY], ids=[row[0] for row in EMPTY])
def test_after_nothing(text: str, expected: str) -> None:
    checked(text, edit.after(text.encode(), None, PAIRS), expected)


def test_before_the_first_pair_of_a_list_s_item() -> None:
    data = b"items:\n- kind: Secret\n  data:\n    a: b\n"
    items = parse.read(data)
    assert isinstance(items, Mapping)
    (item,) = items.items("items")
    result = edit.applied(data, [edit.before(data, item, PAIRS)])
    assert yaml.safe_load(result) == {"items": [{**NEW, "kind": "Secret", "data": {"a": "b"}}]}


def test_edits_are_applied_in_any_order() -> None:
    edits = [Edit(4, 5, b"y"), Edit(0, 1, b"x"), Edit(2, 2, b"-")]
    assert edit.applied(b"a b c", edits) == b"x -b y"


def test_a_stream_is_never_empty() -> None:
    assert b"".join(edit.pieces(b" \n", [])) == b" \n" + edit.EMPTY
    assert b"".join(edit.pieces(b"a b", [Edit(0, 1, b"x")])) == b"x b"
