"""What must hold for any input: others' bytes stay, nothing crashes, no value is told."""

import re

import yaml
from hypothesis import given
from hypothesis import strategies as some

from post_renderer import pipeline
from post_renderer.document import nodes, parse, stream
from post_renderer.model.errors import UserError
from post_renderer.model.settings import Settings
from post_renderer.report import text
from post_renderer.secrets import generator, secrets_file
from post_renderer.secrets.formats.shared import Target
from tests.unit.streams import (
    FILE,
    GUARD,
    OTHERS,
    PLACEHOLDER,
    SOUND,
    contract,
    encoded,
    file,
    run,
    secret,
    unfilled,
    workload,
)

# How many, and whether the same in each run: conftest.py.
PIECES = [
    *(
        b"---",
        b"---\n",
        b"--- ",
        b"...\n",
        b"\n",
        b"\r\n",
        b"\xef\xbb\xbf",
        b"kind: Secret\n",
        b"Secret",
        b"\\x53ecret",
        b'"',
    ),
    *(
        b"# HIDDEN: x\n",
        b"  ",
        b"\t",
        b"{",
        b"}",
        b"[",
        b": ",
        b"- ",
        b"&a ",
        b"*a",
        b"!!binary ",
        b"|\n",
        b"\xff",
        b"\0",
        b"kind",
    ),
    *(
        "\u2028".encode(),
        "é😀".encode(),
        b"data:\n",
        b"metadata: {name: h-secrets}\n",
        b"NeedsPostRenderer",
        b"<<: *a\n",
    ),
    OTHERS.encode(),
]
ANY_STREAM = some.lists(some.one_of(some.sampled_from(PIECES), some.binary(max_size=8)), max_size=30).map(b"".join)
FROM_ENVIRONMENT = {key: f"${{{key}}}" for key in SOUND}
OURS = [
    secret(unfilled()) + contract("files") + workload() + GUARD,
    secret(FROM_ENVIRONMENT) + contract("inline") + workload() + GUARD,
    secret(encoded(SOUND)) + contract("existing") + workload(),
]
CANARIES = [*SOUND.values(), *encoded(SOUND).values()]


@given(ANY_STREAM)
def test_what_is_not_ours_leaves_as_it_came(data: bytes) -> None:
    outcome = run(data)
    if outcome.report.ok:
        left = b"".join(outcome.pieces)
        assert left == data or left == data + b"# heimdall-pr: there was nothing to render\n"
    else:  # only a guard without its contract, or what Kubernetes may read in another way
        errors = {finding.rule for finding in outcome.report.findings if finding.severity == "error"}
        assert errors <= {"contract-absent", "read-in-two-ways"}


@given(
    some.sampled_from(OURS),
    some.lists(some.sampled_from([b"", OTHERS.encode(), b"--- # c\n", b"---\n"]), min_size=5, max_size=5),
)
def test_with_ours_the_rest_leaves_as_it_came(ours: str, between: list[bytes]) -> None:
    documents = [document.encode() for document in re.split("(?=^---\n)", ours, flags=re.MULTILINE) if document]
    data = b"".join(part for pair in zip(between, documents, strict=False) for part in pair) + between[-1]
    outcome = run(data, files={FILE: file(SOUND)}, environ=SOUND)
    assert outcome.report.ok
    output = b"".join(outcome.pieces)
    assert output.count(OTHERS.encode()) == data.count(OTHERS.encode())
    assert output.count(b"--- # c\n") == data.count(b"--- # c\n")
    assert PLACEHOLDER.encode() not in output and b"${" not in output
    assert all(value.encode() in output for value in encoded(SOUND).values())


@given(
    some.sampled_from(OURS),
    some.integers(0, 3000),
    some.integers(0, 40),
    some.one_of(some.sampled_from(PIECES), some.binary(max_size=4)),
    some.booleans(),
)
def test_a_damaged_stream_is_refused_or_whole_and_tells_nothing(
    ours: str, at: int, cut: int, put: bytes, redact: bool
) -> None:
    data = ours.encode()
    at %= len(data)
    damaged = data[:at] + put + data[at + cut :]
    outcome = run(damaged, Settings(redact=redact), dict.fromkeys(paths(damaged), file(SOUND)), SOUND)
    told = text.render(outcome.report)
    assert not any(canary in told for canary in CANARIES)
    assert all(line.isprintable() for line in told.split("\n"))
    output = b"".join(outcome.pieces)
    if outcome.report.ok and any(judged.seen for judged in outcome.report.judged):
        assert redact or PLACEHOLDER.encode() not in secret_of(output)


@given(some.integers(0, 3000), some.sampled_from(OURS))
def test_a_stream_cut_in_the_middle(at: int, ours: str) -> None:
    """What is accepted has every key, or says that it was not checked: never `ok` for less."""
    data = ours.encode()[:at]
    outcome = run(data, files=dict.fromkeys(paths(data), file(SOUND)), environ=SOUND)
    if outcome.report.ok and any(judged.seen for judged in outcome.report.judged):
        assert all(value.encode() in b"".join(outcome.pieces) for value in encoded(SOUND).values())


YAML_LINES = r"""
JWT_SECRET: hunter2canary
ADMIN_PASSWORD: 'hunter2canary'
LDAP_PASSWORD: |
  hunter2canary
X: >-
#
# c
API_KEY_SECRET:
DATABASE_PASSWORD: ""
{A_KEY: hunter2canary
}
- hunter2canary
---
...
\t
é: 😀
A: &a hunter2canary
B: *a
C: !!str hunter2canary
JWT_SECRET: x # c
D: [hunter2canary]
1: 2
? E
"""
YAML_TEXT = some.lists(some.sampled_from(YAML_LINES.split("\n")), max_size=8)


@given(YAML_TEXT, some.sampled_from(["\n", "\r\n"]), some.booleans(), some.booleans())
def test_any_secrets_file(lines: list[str], line_break: str, ended: bool, bom: bool) -> None:
    content = ("\ufeff" * bom + line_break.join(lines) + line_break * ended).encode()
    _, findings = secrets_file.read("f.yaml", content)
    assert "hunter2canary" not in "".join(text.findings(findings))
    try:
        completed = generator.complete(Target("f.yaml"), content).content
    except UserError as refused:
        told = refused.message + str(refused.details)
    else:
        told = ""
        check_completed(content, completed)
    assert "hunter2canary" not in told


FORMAT_LINES = """JWT_SECRET=hunter2canary
export JWT_SECRET='hunter2canary'
A="hunter2canary"
JWT_SECRET=
# hunter2canary
{"JWT_SECRET": "hunter2canary"}
{
"A": "hunter2canary",
"JWT_SECRET": ""
}
kind: Secret
data:
  JWT_SECRET: aHVudGVyMmNhbmFyeQ==
  A:
data: {A: "aHVudGVyMmNhbmFyeQ=="}
stringData: {JWT_SECRET: hunter2canary}
A=$hunter2canary
"""
FORMAT_TEXT = some.lists(some.sampled_from(FORMAT_LINES.split("\n")), max_size=6)


@given(FORMAT_TEXT, some.sampled_from(("env", "json", "k8s")), some.booleans())
def test_any_file_of_another_format(lines: list[str], name: str, ended: bool) -> None:
    """It is completed, by insertions alone, or refused; a second time there is nothing to do."""
    content = ("\n".join(lines) + "\n" * ended).encode()
    try:
        completed = generator.complete(Target("f"), content, format_name=name).content
    except UserError as refused:
        told = refused.message + str(refused.details) + str(refused.fix)
    else:
        told, rest = "", iter(completed)
        assert all(byte in rest for byte in content.replace(b'""', b""))
        assert generator.complete(Target("f"), completed, format_name=name) == (completed, ())
    assert "hunter2canary" not in told


def check_completed(content: bytes, completed: bytes) -> None:
    """What held a value holds it still, and what was made is all that is new."""
    before, after = secrets_file.read("f.yaml", content)[0].values, secrets_file.read("f.yaml", completed)[0].values
    assert {key: value for key, value in after.items() if before.get(key, b"").strip()} == {
        key: value for key, value in before.items() if value.strip()
    }
    assert after.keys() == before.keys() | SOUND.keys()
    kept = [line for line in content.split(b"\n") if b"#" in line]
    assert [line for line in completed.split(b"\n") if b"#" in line] == kept or content.rstrip().endswith(kept[-1])


JSON = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.text()),
    lambda children: some.one_of(
        some.lists(children, max_size=4), some.dictionaries(some.text(), children, max_size=4)
    ),
    max_leaves=20,
)


@given(some.dictionaries(some.text(), JSON, min_size=1, max_size=4), some.sampled_from([None, True, False]))
def test_spans_and_values_are_what_yaml_says(value: dict[str, object], flow: bool | None) -> None:
    try:
        document = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
        assert yaml.safe_load(document) == value
    except (yaml.YAMLError, AssertionError):
        return  # PyYAML can't write or read it back
    data = document.encode()
    root = parse.read(data, 7)
    assert isinstance(root, nodes.Mapping)
    for key, node in root.pairs:
        assert isinstance(key, nodes.Scalar)
        assert again(data[key.start - 7 : key.end - 7]) in (key.value, None) or not key.plain
        written = data[node.start - 7 : node.end - 7]
        if isinstance(node, nodes.Scalar):
            assert not written or b"\n" in written or again(written) == value.get(key.value)
        elif node.flow:
            assert again(written) == value[key.value]


def again(written: bytes) -> object:
    """What a node's bytes are by themselves."""
    try:
        loaded: object = yaml.safe_load(written)
    except yaml.YAMLError:
        return None
    return loaded


def paths(data: bytes) -> list[str]:
    """The files that a damaged contract may name."""
    return list(pipeline.plan(data, Settings()).files)


def secret_of(output: bytes) -> bytes:
    """The document that is our Secret."""
    starts = stream.cut(output)
    parts = [output[start:end] for start, end in zip(starts, [*starts[1:], len(output)], strict=True)]
    return next((part for part in parts if b"kind: Secret" in part and b"name: h-secrets\n" in part), b"")
