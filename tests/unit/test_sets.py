"""What of --set and its kin stays in helm's command line: no text, and no secret."""

import pytest

from post_renderer.adapters import sets
from post_renderer.adapters.sets import Flag, Text
from post_renderer.model.errors import UserError

Sets = list[tuple[str, str]]
KEY = "heimdall.secrets.JWT_SECRET"
# The sets, what stays as (kind, text), and what goes by --set-file as (key, text).
ROWS: list[tuple[str, Sets, Sets, Sets]] = [
    ("a text", [("set", f"{KEY}=CANARY")], [], [(KEY, "CANARY")]),
    ("several", [("set", f"a.b=x,{KEY}=CANARY")], [], [("a.b", "x"), (KEY, "CANARY")]),
    ("escapes", [("set", r"a\.b=CAN\,ARY\\")], [], [(r"a\.b", "CAN,ARY\\")]),
    ("an equals sign in it", [("set", "a=b=c")], [], [("a", "b=c")]),
    ("empty", [("set", "a=")], [], [("a", "")]),
    ("numbers and flags", [("set", "a=1,b=true,c=null,d=0,e=-5")],
     [("set", "a=1"), ("set", "b=true"), ("set", "c=null"), ("set", "d=0"), ("set", "e=-5")], []),
    ("what only looks like a number", [("set", "a=007,b=1.5,c=1e3,d=12x")], [],
     [("a", "007"), ("b", "1.5"), ("c", "1e3"), ("d", "12x")]),
    ("a list", [("set", "a={CANARY,1,x}")], [("set", "a={_,1,_}")], [("a[0]", "CANARY"), ("a[2]", "x")]),
    ("an item", [("set", "a[1].b=CANARY")], [], [("a[1].b", "CANARY")]),
    ("a pair after a list", [("set", "a={x},b=CANARY")], [("set", "a={_}")], [("a[0]", "x"), ("b", "CANARY")]),
    ("strings", [("set-string", "a=1,b=true")], [], [("a", "1"), ("b", "true")]),
    ("a literal", [("set-literal", r"a.b=C,A=N\A{R}Y")], [], [("a.b", r"C,A=N\A{R}Y")]),
    ("a literal's key", [("set-literal", r"a\b,c=x")], [], [(r"a\\b\,c", "x")]),
    ("JSON", [("set-json", 'a={"b": "CANARY", "c": 1.50, "d": [true, "x"]}')],
     [("set-json", 'a={"b":"_","c":1.50,"d":[true,"_"]}')], [("a.b", "CANARY"), ("a.d[1]", "x")]),
    ("JSON with odd names", [("set-json", 'a={"b.c,d": "CANARY"}')], [("set-json", 'a={"b.c,d":"_"}')],
     [(r"a.b\.c\,d", "CANARY")]),
    ("a whole object", [("set-json", '{"a": {"b": "CANARY"}}')], [("set-json", '{"a":{"b":"_"}}')],
     [("a.b", "CANARY")]),
    ("two in JSON", [("set-json", 'a="CANARY",b=null')], [("set-json", 'a="_"'), ("set-json", "b=null")],
     [("a", "CANARY")]),
    ("a file", [("set-file", "a=f")], [], [("set-file", "a=f")]),
    # Helm's order: set-json, set, set-string, set-file, set-literal.
    ("a number wins over a text", [("set", "a=CANARY"), ("set", "a=1")], [("set", "a=1")], []),
    ("a text wins over a number", [("set", "a=1"), ("set", "a=x")], [("set", "a=1")], [("a", "x")]),
    ("a number wins over what is in it", [("set", "a.b=CANARY,a=1")], [("set", "a=1")], []),
    ("a neighbour does not", [("set", "a.b=x,a.c=1,ab=2")], [("set", "a.c=1"), ("set", "ab=2")], [("a.b", "x")]),
    ("a name with a dot is another path", [("set", r"a\.b=x,a.b=1")], [("set", "a.b=1")], [(r"a\.b", "x")]),
    ("a number wins over JSON", [("set", "a=1"), ("set-json", 'a="CANARY"')], [("set-json", 'a="_"'), ("set", "a=1")],
     []),
    ("a string wins over both", [("set-string", "a=x"), ("set", "a=1")], [("set", "a=1")], [("a", "x")]),
    ("a list wins over its item", [("set", "a[0]=CANARY,a={1}")], [("set", "a={1}")], []),
    ("files are between strings and literals", [("set-literal", "a=l"), ("set-file", "a=f"), ("set-string", "a=s")],
     [], [("a", "s"), ("set-file", "a=f"), ("a", "l")]),
    ("nothing", [("set", "")], [], []),
]  # fmt: skip  # a row a line
REFUSED: list[tuple[str, str, str, str]] = [
    ("no value", "set", "a=x,CANARY", "failed parsing --set data: a key has no value"),
    ("no value in strings", "set-string", "CANARY", "failed parsing --set-string data"),
    ("a list without an end", "set", "a={CANARY", "a list must end with }"),
    ("no JSON", "set-json", "a=CANARY", "failed parsing --set-json data: a value is no JSON"),
    ("deep JSON", "set-json", "a=" + "[" * 100_000, "a value is no JSON"),
    ("a literal without a value", "set-literal", "CANARY", "failed parsing --set-literal data"),
    ("a secret that is a number", "set", f"{KEY}=1234567890", "the value of a secret is a number"),
    ("a password that is a number", "set", "postgresql.auth.password=1234567890", "the value of a secret is a number"),
    ("one in JSON", "set-json", 'heimdall.secrets={"JWT_SECRET": 1234567890}', "the value of a secret is a number"),
]


@pytest.mark.parametrize(("given", "flags", "files"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_split(given: Sets, flags: Sets, files: Sets) -> None:
    stays, goes = sets.split(given)
    assert stays == flags
    assert [(each.key, each.text) if isinstance(each, Text) else (each.kind, each.text) for each in goes] == files
    assert "CANARY" not in repr(stays)
    assert not [each for each in goes if isinstance(each, Flag) and each.kind != "set-file"]


@pytest.mark.parametrize(("kind", "text", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(kind: str, text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        sets.split([(kind, text)])
    assert message in caught.value.message
    assert not [part for part in ("CANARY", "1234567890") if part in f"{caught.value.message}{caught.value.fix}"]
