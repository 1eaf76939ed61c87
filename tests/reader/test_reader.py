"""What the tool reads is what Kubernetes reads: a table, random streams, and the renders of public charts.

Kubernetes' reader is a program of its own (oracles.py), in two builds: what the oldest and the newest Helm have. Where
Kubernetes refuses a stream, nothing is installed, and nothing is compared. `--examples NUMBER` tries 16 times as many
new streams, `--all` 2,000, else 400; these are the same in each run.
"""

import json
import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import helms
from tests.reader import comparing, grammar
from tests.reader.comparing import REFUSED, SAME, UNREAD, Tally
from tests.reader.oracles import VERSIONS, Oracle

STREAMS, DISAGREE = "streams", "read in two ways"  # what tests/conftest.py sums up
PARTS = 16
FEW, MANY = 25, 125  # streams of a part
CORPUS = os.environ.get("HEIMDALL_PR_CORPUS", "")

HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n"
ITEM = "{apiVersion: v1, kind: Secret, metadata: {name: x}, data: {A: aGk=}}"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - image: mitre/heimdall2\n    env:\n"
ENTRY = "    - name: A\n      valueFrom: {secretKeyRef: {name: x, key: A, optional: %s}}\n"
CONTRACT = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {heimdall.mitre.org/secrets-contract: v1}}\ndata:\n"
)
OPTIONAL = ("True", "yes", "on", "Y", "!!bool yes", "no", "'true'", "~")
# What both read, and read alike.
TABLE: list[tuple[str, str]] = [
    ("a merge key after the explicit keys", HEAD + "data: {A: aGk=, <<: {A: ''}}\n"),
    ("a merge key before them", HEAD + "data: {<<: {A: ''}, A: aGk=}\n"),
    ("a merge key between two", HEAD + "data: {A: aGk=, <<: {A: ''}, A: aGE=}\n"),
    ("two merge keys", HEAD + "data: {<<: {A: ''}, <<: {A: aGk=}}\n"),
    ("a list of merges, of which the first wins", HEAD + "data: {<<: [{A: aGk=}, {A: '', B: ''}]}\n"),
    ("a merge of a merge", HEAD + "data: {<<: {<<: {A: ''}, A: aGk=}}\n"),
    ("a merge by an alias", HEAD + "x: &x {A: ''}\ndata: {A: aGk=, <<: *x}\n"),
    ("a merge at the top that replaces data", HEAD + "data: {A: aGk=}\n<<: {data: {A: ''}}\n"),
    ("a merge at the top that is replaced", "<<: {data: {A: ''}}\n" + HEAD + "data: {A: aGk=}\n"),
    (
        "a merge at the top that brings the kind",
        "kind: Role\n<<: {kind: Secret}\napiVersion: v1\nmetadata: {name: x}\n",
    ),
    ("a quoted merge key", HEAD + "data: {A: aGk=, '<<': {A: ''}}\n"),
    ("a merge key with a bare tag", HEAD + "data: {A: aGk=, ! '<<': {A: ''}}\n"),
    ("a merge key with its tag", HEAD + "data: {A: aGk=, !!merge '<<': {A: ''}}\n"),
    ("an alias that names a merge key", HEAD + "x: &x <<\ndata: {*x : aGk=}\n"),
    ("a merge key in an env item", POD + ENTRY % "false" + "      <<: {name: B}\n"),
    ("a merge key in an env item that brings a value", POD + "    - name: A\n      <<: {value: x}\n"),
    ("a merge key in a contract", CONTRACT + "  required: A\n  <<: {required: B}\n"),
    ("keys that come by a merge key alone", HEAD + "x: &x {A: aGk=}\ndata: {<<: *x}\n"),
    ("a key twice", HEAD + "data: {A: aGk=, A: ''}\n"),
    ("data twice", HEAD + "data: {A: aGk=}\ndata: {B: ''}\n"),
    ("stringData null", HEAD + "data: {A: aGk=}\nstringData: {A: null}\n"),
    ("kind twice", "apiVersion: v1\nkind: Role\nmetadata: {name: x}\nkind: Secret\n"),
    ("kind twice, the last one quoted", "apiVersion: v1\nkind: Role\n'kind': Secret\n"),
    ("kind twice, the last one escaped", 'apiVersion: v1\nkind: Role\n"k\\x69nd": Secret\n'),
    ("kind twice, the last one explicit", "apiVersion: v1\nkind: Role\n? kind\n: Secret\n"),
    ("kind twice, the last one tagged", "apiVersion: v1\nkind: Role\n!!binary a2luZA==: Secret\n"),
    ("kind twice, the last one by an alias", "apiVersion: v1\nx: &k kind\nkind: Role\n*k : Secret\n"),
    ("kind twice, the last one with an anchor", "apiVersion: v1\nkind: Role\n&k kind: Secret\n"),
    ("kind twice, in JSON", '{"apiVersion": "v1", "kind": "Role", "kind": "Secret"}\n'),
    ("kind twice, in JSON with an escape", '{"apiVersion": "v1", "kind": "Role", "k\\u0069nd": "Secret"}\n'),
    ("kind twice, indented", "  apiVersion: v1\n  kind: Role\n  kind: Secret\n"),
    ("kind twice, after a tag that begins a line", "!!map\n  apiVersion: v1\n  kind: Role\n  kind: Secret\n"),
    ("kind twice, after a carriage return", "apiVersion: v1\rkind: Role\rkind: Secret\r"),
    ("kind twice, after NEL", "apiVersion: v1\x85kind: Role\x85kind: Secret\x85"),
    ("kind twice, after U+2028", "apiVersion: v1\u2028kind: Role\u2028kind: Secret\n"),
    ("kind twice, the last one of somebody else", HEAD + "kind: Role\n"),
    ("an anchor given again inside itself", HEAD + "x: &x {y: &x {A: ''}}\ndata: *x\n"),
    ("an anchor given again in a list", HEAD + "x: &x [&x {A: ''}]\ndata: *x\n"),
    ("an anchor given again after an alias", HEAD + "x: &x {A: ''}\ny: *x\nz: &x {A: aGk=}\ndata: *x\n"),
    ("a byte-order mark in mid-stream", "kind: X\n---\n\ufeff" + HEAD + "data: {A: aGk=}\n"),
    ("a byte-order mark in front", "\ufeff" + HEAD),
    ("a byte-order mark before the marker", "\ufeff---\n" + HEAD),
    ("a byte-order mark in a text", HEAD + 'data: {A: "aGk=\ufeff"}\n'),
    ("a List", f"apiVersion: v1\nkind: List\nitems: [{ITEM}]\n"),
    ("a List that is called otherwise", f"apiVersion: v1\nkind: Role\nitems: [{ITEM}]\n"),
    ("a List by its items before the kind", f"apiVersion: v1\nitems: [{ITEM}]\nkind: Role\n"),
    ("a List of nothing", HEAD + "data: {A: aGk=}\nitems: null\n"),
    ("a list of Secrets that say no kind", "apiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: x}}]\n"),
    (
        "a list of Secrets of which one says its version",
        "kind: SecretList\napiVersion: v1\nitems: [{apiVersion: v1}]\n",
    ),
    *((f"joined by {end!a}", f'kind: "Sec\\{end}  ret"\napiVersion: v1\n') for end in grammar.BREAKS),
    *((f"optional: {text}", POD + ENTRY % text) for text in OPTIONAL),
    ("keys that are truth values", HEAD + "data: {yes: aGk=, off: ''}\n"),
    ("keys that are numbers", HEAD + "data: {0x10: aGk=, 1_0: '', 017: aGk=, -0: ''}\n"),
    ("a namespace that is null", "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: null}\n"),
    ("values that are none", HEAD + "data: {A: null, B: ~, C: , D: '', E: !!null ''}\n"),
    ("values with tags", HEAD + "data: {A: !!str null, B: !x true, C: ! yes, D: !!binary aGk=, E: !!binary '/w=='}\n"),
    ("numbers", HEAD + "data: {A: 1, B: 0x1f, C: +_1, D: _1, E: 1e3, F: 1_0.5, G: .5, H: 0o7}\n"),
    ("numbers of other readers", HEAD + "data: {A: 1:30, B: 2001-01-01, C: =}\n"),
    ("a block at the end without a line break", HEAD + "stringData:\n  A: |\n    hi"),
    ("a block with a carriage return", HEAD + "stringData:\n  A: |\n    hi\r    ho\n"),
    ("DATA", HEAD + "DATA: {A: aGk=}\n"),
    ("Crossplane's Secret", "apiVersion: example.com/v1\nkind: Secret\nmetadata: {name: x}\n"),
    ("a Deployment of another group", "apiVersion: example.com/v1\nkind: Deployment\nspec: {image: mitre/heimdall2}\n"),
    *(
        (f"a hook: {hook}, {policy}", HEAD + f"  \nx: 1\n<<: {{metadata: {{name: x, annotations: {annotations}}}}}\n")
        for hook, policy, annotations in (
            ("test", "none", "{helm.sh/hook: test}"),
            ("pre-install", "none", "{helm.sh/hook: pre-install}"),
            ("Pre-Install", "none", "{helm.sh/hook: Pre-Install}"),
            ("empty", "none", '{helm.sh/hook: ""}'),
            ("pre-install", "gone", "{helm.sh/hook: pre-install, helm.sh/hook-delete-policy: Hook-Succeeded}"),
        )
    ),
    ("a separator with a comment", "kind: X\n--- # c\n" + HEAD),
    ("a separator that YAML does not know", "kind: X\n---# c\n" + HEAD),
    ("a separator and a no-break space", "kind: X\n---\u00a0\n" + HEAD),
    ("two separators", "---\n---\n---\n" + HEAD),
    ("a comment alone", "# kind: Secret\n"),
]
# What Kubernetes reads and the tool refuses, because readers differ: an error, each.
DIFFERENT = [
    ("a byte-order mark at a line's start", HEAD + "\ufeffdata: {A: aGk=}\n"),
    ("a byte-order mark after the first marker", "---\n\ufeffx: 1\n" + HEAD),
    ("two carriage returns", HEAD + "stringData:\n  A: |\n    hi\r\r\n    ho\n"),
    ("a text and a truth value", HEAD + 'data: {yes: aGk=, "true": ""}\n'),
    ("a whole number and another", HEAD + "data: {1: aGk=, !!float 1: aGE=}\n"),
    ("a text and a truth value by a merge key", HEAD + 'data: {yes: aGk=, <<: {"true": ""}}\n'),
    ("a second document", HEAD + "...\n" + HEAD),
    ("a second document that is none", HEAD + "...\n]\n"),
    ("a second document after a carriage return", HEAD + "\r---\r" + HEAD),
    ("a directive in the middle", HEAD + "%TAG ! x:\ndata: {A: aGk=}\n"),
    ("a tag with a comma in braces", HEAD + "data: {A: !!bina,y eA==}\n"),
    ("a tag with a comma", "apiVersion: v1\nkind: !a,b Secret\n"),
]
# What Kubernetes refuses.
NOT_READ = [
    ("content on the marker's line", "kind: X\n--- {kind: Secret}\n"),
    ("a word after the dashes", "kind: X\n---b\n" + HEAD),
    ("a byte-order mark before a separator", "kind: X\n\ufeff---\n" + HEAD),
    ("an alias of what holds it", HEAD + "data: &x {A: *x}\n"),
    ("an alias without an anchor", HEAD + "data: *x\n"),
    ("a merge key of a text", HEAD + "data: {<<: x}\n"),
    ("!!binary that is no base64", HEAD + "data: {A: !!binary U2Vjc}\n"),
    ("an escape that only YAML 1.2 has", 'apiVersion: v1\nkind: "Secret\\/"\n'),
    ("items that are no list", "kind: List\nitems: {}\n"),
    # Helm 4 opens the outer one itself: tests/unit/test_pipeline.py.
    ("a List in a List", f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: List, items: [{ITEM}]}}]\n"),
]


@pytest.fixture(scope="module", params=VERSIONS)
def oracle(request: pytest.FixtureRequest) -> Iterator[Oracle]:
    """Yield a running reader of each version."""
    with Oracle(request.param) as running:
        yield running


@pytest.mark.parametrize("text", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_read_alike(text: str, oracle: Oracle) -> None:
    data = text.encode()
    assert comparing.compare(data, oracle.read(data)) == (SAME, [])


@pytest.mark.parametrize("text", [row[1] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT])
def test_refused_because_readers_differ(text: str, oracle: Oracle) -> None:
    data = text.encode()
    assert comparing.compare(data, oracle.read(data)) == (UNREAD, [])
    assert comparing.severities(data) == {"error"}


@pytest.mark.parametrize("text", [row[1] for row in NOT_READ], ids=[row[0] for row in NOT_READ])
def test_refused_by_kubernetes(text: str, oracle: Oracle) -> None:
    data = text.encode()
    assert comparing.compare(data, oracle.read(data)) == (REFUSED, [])


def test_utf16_is_not_passed_over(oracle: Oracle) -> None:
    data = b"kind: X\n---\n\xfe\xff" + '{"apiVersion": "v1", "kind": "Secret"}\n'.encode("utf-16-be")
    assert [each["kind"] for each in oracle.read(data)[1]["objects"]] == ["Secret"]
    assert comparing.severities(data) == {"error"}


def test_what_is_read_otherwise_would_be_seen(oracle: Oracle) -> None:
    """The comparison compares: with what another stream holds, each of these fails."""
    for text in (HEAD + "data: {A: aGE=}\n", HEAD, "kind: Role\n", POD + ENTRY % "false"):
        read = oracle.read((HEAD + "data: {A: aGk=}\n").encode())
        assert comparing.compare(text.encode(), read)[1]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_random_streams(part: int, request: pytest.FixtureRequest) -> None:
    """The seeds are new if `--examples` is given; a disagreement is printed with its own."""
    examples = request.config.getoption("--examples")
    number = examples or (MANY if request.config.getoption("--all") else FEW)
    first = random.SystemRandom().randrange(1 << 40) if examples else part * MANY
    tally, seeds = Tally(), range(first, first + number)
    with ExitStack() as stack:
        oracles = [stack.enter_context(Oracle(version)) for version in VERSIONS]
        for seed in seeds:
            data = grammar.stream(seed)
            both = [each.read(data) for each in oracles]
            for read in both if both[0] != both[1] else both[:1]:
                tally.add(data, *comparing.compare(data, read))
    request.node.user_properties.append((STREAMS, json.dumps({**tally.ways, DISAGREE: len(tally.disagreements)})))
    assert not tally.disagreements, f"{tally}; seeds from {first}: {tally.disagreements[:3]}"
    assert tally.ways[SAME] > number // 4, f"the grammar makes too few streams that Kubernetes takes: {tally}"


def test_streams_of_public_charts(oracle: Oracle) -> None:
    paths = [*(Path(__file__).parents[1] / "fixtures" / "streams").glob("*.yaml")]
    paths += Path(CORPUS).rglob("*.yaml") if CORPUS else []
    tally = Tally()
    for path in paths:
        data = path.read_bytes()
        tally.add(path.name.encode(), *comparing.compare(data, oracle.read(data)))
    assert not tally.disagreements, f"{tally}: {tally.disagreements[:3]}"
    assert tally.ways[SAME] == len(paths), str(tally)


def test_go_is_named_if_it_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.reader import oracles

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(helms.Bringing, "allowed", True)
    with pytest.raises(helms.Unavailable, match="no go on PATH"):
        oracles.bring("newest")
