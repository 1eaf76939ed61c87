"""What is judged is what Kubernetes will have: each stream here was installed with less than the tool said is there."""

import pytest

from post_renderer.model.settings import Settings
from tests.unit.streams import (
    FILE,
    SOUND,
    contract,
    encoded,
    file,
    heimdall,
    mapped,
    output,
    rules_of,
    run,
    secret,
    unfilled,
    workload,
)

HEAD = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: h-secrets, namespace: ns}\n"
DATA = "data: {" + ", ".join(f"{key}: {value}" for key, value in encoded(SOUND).items())
GOOD = HEAD + DATA + "}\n"
REST = "data: {" + ", ".join(f"{key}: {value}" for key, value in encoded(SOUND).items() if key != "JWT_SECRET")
ITEM = "{apiVersion: v1, kind: Secret, metadata: {name: h-secrets, namespace: ns}, " + DATA + "}}"
ASKS = contract("existing")


def annotated(**annotations: str) -> str:
    """The good Secret with annotations of Helm."""
    lines = ", ".join(f"helm.sh/{name.replace('_', '-')}: {text}" for name, text in annotations.items())
    return GOOD.replace("namespace: ns}", f"namespace: ns, annotations: {{{lines}}}}}")


# Each lacks a key for Kubernetes, or all of them.
LACKS = [
    ("a merge key after the explicit keys", HEAD + DATA + ', <<: {JWT_SECRET: ""}}\n'),
    ("a merge key after them, by an alias", HEAD + 'x: &x {JWT_SECRET: ""}\n' + DATA + ", <<: *x}\n"),
    ("a list of merges after them", HEAD + DATA + ', <<: [{JWT_SECRET: ""}, {JWT_SECRET: eHg=}]}\n'),
    ("a tagged merge key", HEAD + DATA + ", !!merge '<<': {JWT_SECRET: ''}}\n"),
    ("a merge key at the top", GOOD + "<<: {data: {JWT_SECRET: ''}}\n"),
    ("a merge key at the top that brings stringData", GOOD + "<<: {stringData: {JWT_SECRET: ''}}\n"),
    ("data twice", GOOD + "data: {}\n"),
    ("a key twice", HEAD + DATA + ', JWT_SECRET: ""}\n'),
    ("an anchor given again in itself", HEAD + "x: &x {" + DATA[7:] + ", y: &x {A: ''}}\ndata: *x\n"),
    ("stringData of nothing", GOOD + "stringData: {JWT_SECRET: null}\n"),
    ("a name that comes by a merge key", GOOD + "<<: {metadata: {name: other, namespace: ns}}\n"),
    ("DATA", HEAD + "DATA" + DATA[4:] + "}\n"),
    ("a kind of another group", GOOD.replace("apiVersion: v1", "apiVersion: example.com/v1")),
    ("kind twice", GOOD + "kind: ConfigMap\n"),
    ("items of its own", GOOD + "items: []\n"),
]
# As good, and near to those.
HAS = [
    ("as it should be", GOOD),
    ("a merge key before the explicit keys", HEAD + "data: {<<: {JWT_SECRET: ''}, " + DATA[7:] + "}\n"),
    ("a merge key that brings another key", HEAD + DATA + ", <<: {OTHER: ''}}\n"),
    ("a quoted merge key", GOOD + "'<<': {data: {}}\n"),
    ("a key that comes by a merge key alone", HEAD + "x: &x {" + DATA[7:] + "}\ndata: {<<: *x}\n"),
    ("a key that comes by an alias", HEAD + "x: &x {" + DATA[7:] + "}\ndata: *x\n"),
    ("an anchor given again, used before", HEAD + "x: &x {" + DATA[7:] + "}\ndata: *x\ny: &x {}\n"),
    ("kind twice, the last one counts", GOOD.replace("kind: Secret", "kind: Role") + "kind: Secret\n"),
    ("kind twice, quoted", GOOD.replace("kind: Secret", "kind: Role") + '"kind": Secret\n'),
    ("a byte-order mark in mid-stream", "---\nkind: Role\n---\n\ufeff" + GOOD[4:]),
    *(
        (f"joined by {end!a}", GOOD.replace("Secret", f'"Sec\\{end}ret"', 1))
        for end in ("\r", "\x85", "\u2028", "\u2029")
    ),
    ("a List in a List", f"---\napiVersion: v1\nkind: List\nitems: [{{kind: List, items: [{ITEM}]}}]\n"),
    ("a List that is called otherwise", f"---\napiVersion: v1\nkind: Role\nitems: [{ITEM}]\n"),
    ("a hook before the pods", annotated(hook="pre-install")),
    (
        "a hook before the pods, that is replaced",
        annotated(hook="pre-install", hook_delete_policy="before-hook-creation"),
    ),
]
GONE = [
    ("a test", annotated(hook="test")),
    ("after it is deleted", annotated(hook="post-delete")),
    ("a hook that goes when it is made", annotated(hook="pre-install", hook_delete_policy="hook-succeeded")),
    ("the same in other letters", annotated(hook="Pre-Install", hook_delete_policy="Hook-Succeeded")),
    ("one of two policies", annotated(hook="pre-install", hook_delete_policy='"before-hook-creation,hook-succeeded"')),
    ("a hook of no phase", annotated(hook='""')),
]


def judged(stream: str) -> bool:
    """Whether the report says that all four keys are there."""
    outcome = run(stream)
    return outcome.report.ok and all(each.seen for each in outcome.report.judged)


@pytest.mark.parametrize("stream", [row[1] for row in LACKS], ids=[row[0] for row in LACKS])
@pytest.mark.parametrize("asks", [ASKS, heimdall(mapped())], ids=["contract", "pod"])
def test_a_secret_that_lacks_something(stream: str, asks: str) -> None:
    assert not judged(stream + asks)


@pytest.mark.parametrize("stream", [row[1] for row in GONE], ids=[row[0] for row in GONE])
@pytest.mark.parametrize("asks", [ASKS, heimdall(mapped())], ids=["contract", "pod"])
def test_a_secret_that_is_not_there_when_pods_start(stream: str, asks: str) -> None:
    assert not judged(stream + asks)
    assert "not-checked" in rules_of(run(stream + asks), "note")


@pytest.mark.parametrize("stream", [row[1] for row in HAS], ids=[row[0] for row in HAS])
@pytest.mark.parametrize("asks", [ASKS, heimdall(mapped())], ids=["contract", "pod"])
def test_a_secret_that_has_all(stream: str, asks: str) -> None:
    assert judged(stream + asks), run(stream + asks).report.findings


def test_keys_of_a_contract_that_come_by_a_merge_key() -> None:
    text = ASKS.replace("data:\n", "data:\n  <<: {approach: inline}\n")
    assert judged(GOOD + text)
    assert not judged(GOOD + ASKS + "  <<: {required: OTHER_KEY}\n")


def test_an_env_item_with_a_merge_key() -> None:
    item = "      - {name: JWT_SECRET, valueFrom: {secretKeyRef: {name: h-secrets, key: JWT_SECRET}}"
    pod = (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: w, namespace: ns}\nspec:\n  containers:\n"
        "  - name: c\n    image: mitre/heimdall2\n    env:\n"
    )
    rest = "".join(
        f"      - {{name: {key}, valueFrom: {{secretKeyRef: {{name: h-secrets, key: {key}}}}}}}\n"
        for key in SOUND
        if key != "JWT_SECRET"
    )
    assert judged(GOOD + pod + rest + item + "}\n")
    assert judged(GOOD + pod + rest + item.replace("{name: JWT", "{<<: {name: OTHER}, name: JWT") + "}\n")
    for merged in (
        "<<: {name: OTHER}",
        "<<: {valueFrom: {secretKeyRef: {name: h-secrets, key: OTHER}}}",
        "name: OTHER",
    ):
        assert not judged(GOOD + pod + rest + item + f", {merged}}}\n"), merged


@pytest.mark.parametrize("text", ["true", "True", "yes", "on", "!!bool Y"])
def test_an_optional_key_in_any_spelling(text: str) -> None:
    pod = heimdall(mapped(optional=0)).replace('"optional": 0', f"optional: {text}")
    assert "optional-key" in {each.rule for each in run(GOOD + pod).report.findings}


@pytest.mark.parametrize("text", ["false", "no", "'true'", "null"])
def test_a_key_that_is_not_optional(text: str) -> None:
    pod = heimdall(mapped(optional=0)).replace('"optional": 0', f"optional: {text}")
    assert judged(GOOD + pod)
    assert "optional-key" not in {each.rule for each in run(GOOD + pod).report.findings}


def test_a_secret_of_another_group_is_not_refused() -> None:
    """Crossplane has a kind of that name; what it holds is no Secret of Kubernetes."""
    other = secret({"JWT_SECRET": "%%%"}).replace("apiVersion: v1", "apiVersion: kubernetes.crossplane.io/v1")
    assert judged(GOOD + other + ASKS)
    assert not judged(GOOD + secret(encoded(SOUND)) + ASKS)  # the same in the core group is there twice


PLAIN = secret(unfilled())
TANGLED = [
    ("a merge key", PLAIN + "  <<: {A: b}\n"),
    ("a key twice", PLAIN + "  JWT_SECRET: x\n"),
    ("data twice", PLAIN + "data: {A: b}\n"),
    ("a merge key at the top", PLAIN + "<<: {type: Opaque}\n"),
    ("an alias", HEAD + "x: &x {A: b}\ndata: *x\n"),
    ("an anchor", PLAIN.replace("\ndata:", "\ndata: &x")),
    ("a value by an alias", HEAD + "x: &x b\ndata: {A: *x}\n"),
]


@pytest.mark.parametrize("stream", [row[1] for row in TANGLED], ids=[row[0] for row in TANGLED])
def test_what_comes_by_a_merge_key_is_never_edited(stream: str) -> None:
    outcome = run(stream + contract("files"), files={FILE: file(SOUND)})
    assert rules_of(outcome) == ["secret-damaged"]
    (finding,) = [each for each in outcome.report.findings if each.severity == "error"]
    assert finding.where.line > 1
    assert not outcome.pieces


def test_an_anchor_beside_it_is_no_reason() -> None:
    stream = PLAIN.replace("metadata:\n", "metadata:\n  labels: &x {a: b}\n  annotations: *x\n")
    outcome = run(stream + contract("files"), files={FILE: file(SOUND)})
    assert outcome.report.ok
    assert encoded(SOUND)["JWT_SECRET"] in output(outcome)


def test_a_checksum_by_an_alias_is_refused() -> None:
    stream = PLAIN + contract("files")
    pod = workload().replace("annotations:", "annotations: &x")
    assert run(stream + workload(), files={FILE: file(SOUND)}).report.ok
    outcome = run(stream + pod, files={FILE: file(SOUND)})
    assert rules_of(outcome) == ["checksum-damaged"]


def test_a_document_that_readers_read_in_two_ways_is_refused_with_its_line() -> None:
    stream = GOOD + "stringData:\n  A: |\n    x\r\r\n    y\n" + ASKS
    outcome = run(stream, Settings())
    assert rules_of(outcome) == ["read-in-two-ways"]
    assert outcome.report.findings[0].where.line == 8
