"""The tree, its byte spans, and what is refused."""

import pytest

from post_renderer.document import nodes, parse
from post_renderer.document.nodes import Mapping, Scalar
from tests.cost.streams import laughs

SPANS = [
    ("plain", "a: foo # c\n", "foo"),
    ("quoted", "a: 'foo' # c\n", "'foo'"),
    ("double-quoted", 'a: "f\\"oo"\n', '"f\\"oo"'),
    ("after wide characters", "é: 1\n😀: 2\na: foo\n", "foo"),
    ("after U+2028", 'x: "y\u2028z"\na: foo\n', "foo"),
    ("over lines", 'a: "foo\n  bar"\nb: 1\n', '"foo\n  bar"'),
    ("flow", "a: {b: 1} # c\n", "{b: 1}"),
    ("json", '{"x":[1],"a":{"b":"c"}}', '{"b":"c"}'),
    ("block mapping without the comments after it", "a:\n  b: 1\n# c\n\nd: 2\n", "b: 1"),
    ("block sequence", "a:\n- 1\n- é # c\nb: 2\n", "- 1\n- é"),
    ("nothing", "a:\nb: 1\n", ""),
    ("carriage returns", "a:\r\n  b: 1\r\n  c: 2\r\nd: 3\r\n", "b: 1\r\n  c: 2"),
    ("with anchor", "a: &x foo\n", "&x foo"),
    ("alias", "x: &x foo\na: *x\n", "*x"),
]


@pytest.mark.parametrize("base", [0, 100])
@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS])
def test_spans(text: str, expected: str, base: int) -> None:
    root = parse.read(text.encode(), base)
    assert isinstance(root, Mapping)
    node = root.get("a")
    assert node
    assert text.encode()[node.start - base : node.end - base].decode() == expected


TEXTS = [
    ("plain", "kind: Secret", "Secret"),
    ("escaped", 'kind: "\\x53ecret"', "Secret"),
    ("escaped key", '"k\\x69nd": Secret', "Secret"),
    ("joined", 'kind: "Sec\\\n  ret"', "Secret"),
    ("folded", "kind: >-\n  Secret\n", "Secret"),
    ("binary", "kind: !!binary U2VjcmV0", "Secret"),
    ("explicit key", "? kind\n: Secret\n", "Secret"),
    ("alias", "x: &k Secret\nkind: *k\n", "Secret"),
    ("the last of two", "kind: Job\nkind: Secret\n", "Secret"),
    ("merged", "<<: {kind: Secret}\na: 1\n", "Secret"),
    ("merged after own", "kind: Job\n<<: {kind: Secret}\n", "Secret"),
    ("own after merged", "<<: {kind: Secret}\nkind: Job\n", "Job"),
    ("merged by an alias", "a: &a {kind: Secret}\nkind: Job\n<<: *a\n", "Secret"),
    ("merged by a merged one", "<<: {<<: {kind: Secret}, a: 1}\n", "Secret"),
    ("null", "kind: ~\n", ""),
    ("binary, with a byte that is not UTF-8", "kind: !!binary U/9lY3JldA==", "S\ufffdecret"),
    ("anchor given again in itself", "a: &a {b: &a Secret}\nkind: *a\n", "Secret"),
    ("alias as a key", "a: &k kind\n*k : Secret\n", "Secret"),
    ("a merge key by an alias is a key", "a: &k <<\n*k : {kind: Secret}\n", ""),
    ("tag of no name", "kind: ! Secret\n", "Secret"),
    ("merged from the first of several", "<<: [{a: 1}, {kind: Secret}, {kind: Job}]\n", "Secret"),
    ("quoted merge key is a key", '"<<": {kind: Secret}\n', ""),
    ("others' odd YAML", "a: =\nb: !Foo x\n? [k]\n: v\nkind: Secret\n", "Secret"),
    ("absent", "a: 1\n", ""),
    ("no scalar", "kind: [Secret]\n", ""),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_text(text: str, expected: str) -> None:
    root = parse.read(text.encode())
    assert isinstance(root, Mapping)
    assert root.text("kind") == expected


# Each brings the keys of the one before, twice, and one of its own: half a million in 60 KB if they were all looked at.
MERGES = b"a0: &a0 {k0: 1}\n" + b"".join(
    b"a%d: &a%d {<<: [*a%d, *a%d], k%d: 1}\n" % (i, i, i - 1, i - 1, i) for i in range(1, 1000)
)
UNREADABLE = [
    ("unclosed", b"a: [1\n", 2, "is not valid YAML"),
    ("tab", b"a:\n\tb: 1\n", 2, "is not valid YAML"),
    ("not UTF-8", b"a: 1\nb: \xff\n", 2, "is not UTF-8"),
    ("control character", b"a: 1\nb: \x01\n", 2, "is not valid YAML"),
    ("100,000 levels deep", b"a: 1\nb: " + b"[" * 100_000, 2, "is nested too deeply"),
    ("deep blocks", b"\n".join(b" " * i + b"a:" for i in range(300)), 201, "is nested too deeply"),
    ("too many nodes", b"a:\n" + b"- 1\n" * (parse.MAX_NODES + 1), 499_999, "has too many nodes"),
    ("alias without anchor", b"a: 1\nb: *x\n", 2, "has an alias without an anchor"),
    ("alias of what holds it", b"a: &a [*a]\n", 1, "has an alias without an anchor"),
    ("binary that is no base64", b"a: 1\nkind: !!binary U2Vjc\n", 2, "has a `!!binary` that is no base64"),
    ("merge key of a text", b"a: 1\n<<: b\n", 2, "has a merge key whose value is no mapping"),
    ("a text and a truth", b'a: {yes: 1, "true": 2}\n', 1, "has a key twice, as a text and as something else"),
    ("merges of merges", MERGES, 7, "has too many aliases of aliases"),
]


@pytest.mark.parametrize(
    ("document", "line", "problem"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE]
)
def test_unreadable(document: bytes, line: int, problem: str) -> None:
    with pytest.raises(nodes.Unreadable) as caught:
        parse.read(document)
    assert (caught.value.line, caught.value.problem) == (line, problem)


@pytest.mark.parametrize("merge", [False, True], ids=["in lists", "in merge keys"])
def test_a_bomb_of_aliases_is_refused(merge: bool) -> None:
    with pytest.raises(nodes.Unreadable) as caught:
        parse.read(laughs(30, merge=merge).encode())
    assert (caught.value.line, caught.value.problem) == (4, "has too many aliases of aliases")


def test_a_chain_of_aliases_is_as_deep_as_what_it_stands_for() -> None:
    def chain(length: int) -> bytes:
        return b"a0: &a0 {x: y}\n" + b"".join(b"a%d: &a%d {<<: *a%d}\n" % (n, n, n - 1) for n in range(1, length))

    root = parse.read(chain(20))
    assert isinstance(root, Mapping)
    assert isinstance(last := root.get("a19"), Mapping)
    assert last.text("x") == "y"
    with pytest.raises(nodes.Unreadable):
        parse.read(chain(parse.MAX_DEPTH + 10))


def levels(count: int, inner: bytes) -> bytes:
    """So many mappings, one in the other."""
    return b"{w: " * count + inner + b"}" * count


# What is repeated, 100 levels deep or a little more.
DEEP = [
    ("by itself", b"a: &a " + levels(100, b"x")),
    ("before what is not deep", b"d: &d " + levels(100, b"x") + b"\ns: &s {x: y}\na: &a {w: *d, v: *s, u: {t: z}}"),
    ("within an alias", b"d: &d " + levels(50, b"x") + b"\na: &a " + levels(50, b"*d")),
]


@pytest.mark.parametrize("text", [row[1] for row in DEEP], ids=[row[0] for row in DEEP])
def test_an_alias_is_as_deep_as_what_it_stands_for(text: bytes) -> None:
    parse.read(text + b"\nb: " + levels(parse.MAX_DEPTH - 105, b"*a"))
    with pytest.raises(nodes.Unreadable) as caught:
        parse.read(text + b"\nb: " + levels(parse.MAX_DEPTH - 95, b"*a"))
    assert caught.value.problem == "has too many aliases of aliases"


ODD_BYTES = [
    ("two carriage returns", b"a: 1\r\nb: 2\r\r\nc: 3\n", 2, "has two carriage returns before a line feed"),
    ("a byte-order mark", b"a: 1\nb: 2\n\xef\xbb\xbfc: 3\n", 3, "has a byte-order mark at the start of a line"),
]


@pytest.mark.parametrize(
    ("document", "line", "problem"), [row[1:] for row in ODD_BYTES], ids=[row[0] for row in ODD_BYTES]
)
def test_bytes_that_kubernetes_reads_in_another_way(document: bytes, line: int, problem: str) -> None:
    with pytest.raises(nodes.Unreadable) as caught:
        parse.check(document)
    assert (caught.value.line, caught.value.problem) == (line, problem)


def test_near_misses_of_such_bytes() -> None:
    parse.check(b"a: 1\r\n\r\nb: '\r'\nc: \xef\xbb\xbfd\n")


def test_aliases_that_stand_for_what_is_written_anyway_are_read() -> None:
    lines = [f"b{n}: {{<<: *a, name: n{n}}}" for n in range(500)]
    root = parse.read("\n".join(["a: &a {x: y}", *lines]).encode())
    assert isinstance(root, Mapping)
    assert all(isinstance(block := root.get(f"b{n}"), Mapping) and block.text("x") == "y" for n in range(500))


def test_an_unwanted_kind_ends_the_reading() -> None:
    deep = b"kind: Other\nb: " + b"[" * 100_000
    assert parse.read(deep, wanted=is_wanted) is None


def test_a_second_document() -> None:
    assert isinstance(parse.read(b"a: 1\n...\nb: 2\n"), Mapping)
    assert isinstance(parse.read(b"---\na: 1\n...\n", whole=True), Mapping)
    with pytest.raises(nodes.Unreadable) as caught:
        parse.read(b"a: 1\n---\nb: 2\n", whole=True)
    assert (caught.value.line, caught.value.problem) == (3, "holds a second YAML document")


STRINGS = ["abc", "0123abc", "12e3x", "a b", "0xzz", "1.2.3", "nulls", "deadbeef", "1-2"]
OTHERS = [
    "~",
    "null",
    "True",
    "NO",
    "on",
    "12",
    "-1",
    "0x1f",
    "0o17",
    "017",
    "1_000",
    "1.5",
    ".5",
    "1e3",
    "12E45",
    "1:30",
]
OTHERS += ["2001-01-01", "2001-01-01T00:00:00Z", ".inf", "-.INF", ".nan", "="]


@pytest.mark.parametrize(("text", "expected"), [*((t, True) for t in STRINGS), *((t, False) for t in OTHERS)])
def test_is_string(text: str, expected: bool) -> None:
    root = parse.read(f"a: {text}\nb: '{text}'\n".encode())
    assert isinstance(root, Mapping)
    plain, quoted = root.get("a"), root.get("b")
    assert isinstance(plain, Scalar) and isinstance(quoted, Scalar)
    assert (plain.is_string, quoted.is_string) == (expected, True)


NAMES = [("yes", "true"), ("Off", "false"), ("0x10", "16"), ("1_0", "10"), ("017", "15"), ("-0", "0"), ("+5", "5")]
NAMES += [("'yes'", "yes"), ("!!str yes", "yes"), ("1.5", "1.5"), ("--5", "--5"), ("x", "x"), ("!!binary eA==", "x")]
NAMES += [("'0x10'", "0x10"), ("!!str 017", "017")]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_keys_are_texts(text: str, name: str) -> None:
    root = parse.read(f"{text}: v\n".encode())
    assert isinstance(root, Mapping)
    assert root.text(name) == "v"


@pytest.mark.parametrize("text", ["true", "True", "yes", "on", "Y", "!!bool yes"])
def test_flag(text: str) -> None:
    root = parse.read(f"a: {text}\n".encode())
    assert isinstance(root, Mapping)
    assert root.flag("a")


@pytest.mark.parametrize("text", ["false", "no", "off", "~", "'true'", "!!str yes", "! yes", "1", "{}", ""])
def test_flag_leaves_alone(text: str) -> None:
    root = parse.read(f"a: {text}\n".encode())
    assert isinstance(root, Mapping)
    assert not root.flag("a")


TANGLED = [
    ("an alias", "x: &x {k: 1}\na: *x\n", 1),
    ("an anchor", "a: &x {k: 1}\n", 0),
    ("a merge key", "x: 1\na:\n  k: 1\n  <<: {k: 2}\n", 3),
    ("a merge key above", "a: {k: 1}\n<<: {b: 1}\n", 1),
    ("a key twice", "a:\n  k: 1\n  k: 2\n", 2),
    ("its mapping twice", "a: {k: 1}\na: {k: 1}\n", 1),
    ("a value with an anchor", "a: {k: &x 1}\n", 0),
]
NOT_TANGLED = [
    ("plain", "a: {k: 1}\n"),
    ("an anchor beside it", "a: {k: 1, l: &x 2}\nb: *x\n"),
    ("a merge key beside it", "a: {k: 1}\nb: {<<: {k: 1}}\n"),
    ("a quoted merge key", "a: {k: 1, '<<': 1}\n"),
    ("absent", "b: 1\n"),
]


@pytest.mark.parametrize(("text", "line"), [row[1:] for row in TANGLED], ids=[row[0] for row in TANGLED])
def test_tangle(text: str, line: int) -> None:
    root = parse.read(text.encode())
    assert isinstance(root, Mapping)
    node = root.tangle("a", "k")
    assert node and text.count("\n", 0, node.start) == line


@pytest.mark.parametrize("text", [row[1] for row in NOT_TANGLED], ids=[row[0] for row in NOT_TANGLED])
def test_tangle_leaves_alone(text: str) -> None:
    root = parse.read(text.encode())
    assert isinstance(root, Mapping)
    assert root.tangle("a", "k") is None


def is_wanted(kind: str, version: str | None) -> bool:
    """Secrets, and Services of one group, as Knative has them."""
    return kind == "Secret" or (kind == "Service" and version in (None, "k/v1"))


READ_ON = [
    ("an apiVersion that comes later", b"kind: Service\napiVersion: k/v1\n"),
    ("an apiVersion that is there twice", b"apiVersion: v1\nkind: Service\napiVersion: k/v1\n"),
    ("an apiVersion twice, in JSON", b'{"apiVersion": "v1", "kind": "Service", "apiVersion": "k/v1"}'),
    ("another kind", b"kind: Other\nkind: Secret\n"),
    ("quoted", b'kind: Other\n"kind": Secret\n'),
    ("in one quote", b"kind: Other\n'kind': Secret\n"),
    ("explicit", b"kind: Other\n? kind\n: Secret\n"),
    ("tagged", b"kind: Other\n!!str kind: Secret\n"),
    ("with an anchor", b"kind: Other\n&k kind: Secret\n"),
    ("a merge key", b"kind: Other\n<<: {kind: Secret}\n"),
    ("items", b"kind: Other\nitems: []\n"),
    ("items before it", b"items: []\nkind: Other\n"),
    ("after a carriage return", b"kind: Other\rkind: Secret\r"),
    ("indented", b" kind: Other\n kind: Secret\n"),
    ("JSON", b'{"kind": "Other", "kind": "Secret"}'),
    ("JSON, escaped", b'{"kind": "Other", "\\u006bind": "Secret"}'),
]


@pytest.mark.parametrize("document", [row[1] for row in READ_ON], ids=[row[0] for row in READ_ON])
def test_an_unwanted_kind_that_a_later_key_may_change(document: bytes) -> None:
    assert isinstance(parse.read(document, wanted=is_wanted), Mapping)


LEFT = [
    ("of another group", b"apiVersion: v1\nkind: Service\nspec: {}\n"),
    ("another kind, deeper", b"kind: Other\nspec:\n  kind: Secret\n  items: []\n"),
    ("a list at the margin", b"kind: Other\nspec:\n- kind: Secret\n"),
    ("Windows", b"kind: Other\r\nspec:\r\n  kind: Secret\r\n"),
    ("JSON", b'{"kind": "Other", "spec": {"a": [1, "b"]}}'),
]


@pytest.mark.parametrize("document", [row[1] for row in LEFT], ids=[row[0] for row in LEFT])
def test_an_unwanted_kind_that_no_later_key_changes(document: bytes) -> None:
    assert parse.read(document + b" " * 9, wanted=is_wanted) is None
