"""plan() and apply(): what is decided, filled, refused and left alone."""

import hashlib
import json

import pytest

from post_renderer import pipeline
from post_renderer.model.settings import Settings
from post_renderer.report import text
from tests.unit.streams import (
    FILE,
    GUARD,
    OTHERS,
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

FROM_ENVIRONMENT = {key: f"${{{key}}}" for key in SOUND}
DIGEST = hashlib.sha256("".join(f"{k}={v}\n" for k, v in sorted(encoded(SOUND).items())).encode()).hexdigest()
SORTED = dict(sorted(encoded(SOUND).items()))

FILLED = [
    (
        "files",
        OTHERS + secret(unfilled()) + contract("files") + workload() + GUARD + OTHERS,
        OTHERS + secret(SORTED) + contract("files") + workload(checksum=f'"{DIGEST}"') + OTHERS,
    ),
    (
        "inline from the environment",
        GUARD + secret(FROM_ENVIRONMENT) + contract("inline") + workload(kind="StatefulSet"),
        secret(encoded(SOUND)) + contract("inline") + workload(kind="StatefulSet", checksum=f'"{DIGEST}"'),
    ),
    (
        "inline literals: only the checksum",
        secret(encoded(SOUND)) + contract("inline") + workload(),
        secret(encoded(SOUND)) + contract("inline") + workload(checksum=f'"{DIGEST}"'),
    ),
    (
        "a checksum that the chart wrote stays",
        secret(encoded(SOUND)) + contract("inline") + workload(checksum='"abc"'),
        secret(encoded(SOUND)) + contract("inline") + workload(checksum='"abc"'),
    ),
    (
        "another Secret's pod waits on",
        secret(encoded(SOUND)) + contract("inline") + workload("other"),
        secret(encoded(SOUND)) + contract("inline") + workload("other"),
    ),
    (
        "the guard alone, where the post-renderer is only required",
        secret(encoded(SOUND)) + contract("inline") + GUARD,
        secret(encoded(SOUND)) + contract("inline"),
    ),
    (
        "two contracts, each by itself",
        secret(unfilled())
        + contract("files")
        + secret(encoded(SOUND), "b-secrets")
        + contract("inline", "b")
        + GUARD * 2,
        secret(SORTED) + contract("files") + secret(encoded(SOUND), "b-secrets") + contract("inline", "b"),
    ),
    (
        "existing is what another contract fills",
        secret(unfilled()) + contract("files") + contract("existing", "b", secret="h-secrets"),
        secret(SORTED) + contract("files") + contract("existing", "b", secret="h-secrets"),
    ),
]


@pytest.mark.parametrize(("stream", "expected"), [row[1:] for row in FILLED], ids=[row[0] for row in FILLED])
def test_filled(stream: str, expected: str) -> None:
    outcome = run(stream, files={FILE: file(SOUND)}, environ=SOUND)
    assert rules_of(outcome) == []
    assert output(outcome) == expected


# Our Secret as other hands leave it: Helm 4 re-serialises, other post-renderers too.
STYLES = [
    ("plain", "data:\n  A_B: <x>\n  JWT_SECRET: <y>\ntype: Opaque\n", "data:\n  {}\ntype: Opaque\n", "\n  "),
    ("comment after", "data:\n  JWT_SECRET: <y> # c\n# d\n", "data:\n  {} # c\n# d\n", "\n  "),
    ("flow", "data: {JWT_SECRET: <y>}\n", "data: {{{}}}\n", ", "),
    ("json", '"data": {"JWT_SECRET": "<y>"}\n', '"data": {{{}}}\n', ", "),
    ("wide indent", "data:\n      JWT_SECRET: <y>\n", "data:\n      {}\n", "\n      "),
    ("block scalar", "data:\n  JWT_SECRET: |\n    y\n\ntype: x\n", "data:\n  {}\n\ntype: x\n", "\n  "),
    ("carriage returns", "data:\r\n  JWT_SECRET: <y>\r\ntype: x\r\n", "data:\r\n  {}\r\ntype: x\r\n", "\r\n  "),
    ("no final line break", "data:\n  JWT_SECRET: <y>", "data:\n  {}", "\n  "),
]


@pytest.mark.parametrize(("data", "expected", "separator"), [row[1:] for row in STYLES], ids=[row[0] for row in STYLES])
def test_styles(data: str, expected: str, separator: str) -> None:
    head = "kind: Secret\nmetadata: {name: h-secrets, namespace: ns, annotations: {é: 😀}}\n"
    outcome = run(contract("files") + "---\n" + head + data, files={FILE: file(SOUND)})
    pairs = separator.join(f'{key}: "{value}"' for key, value in SORTED.items())
    assert output(outcome) == contract("files") + "---\n" + head + expected.format(pairs)


def test_files_are_merged_in_order_and_that_is_said() -> None:
    first = {**SOUND, "LDAP_PASSWORD": "first-of-two"}
    second = {"JWT_SECRET": SOUND["JWT_SECRET"][::-1]}
    stream = secret(unfilled()) + contract("files", files=r"a.yaml\nb.yaml")
    outcome = run(stream, files={"a.yaml": file(first), "b.yaml": file(second)})
    assert secret(dict(sorted(encoded({**first, **second}).items()))) in output(outcome)
    (note,) = [finding for finding in outcome.report.findings if finding.rule == "overridden"]
    assert (str(note.where), note.message) == (
        "b.yaml:1, heimdall.secretsFiles[1]",
        "JWT_SECRET overrides the one in a.yaml:1, heimdall.secretsFiles[0]",
    )


def test_short_values_alone_give_no_digest() -> None:
    values = {**SOUND, **{key: SOUND[key][:63] for key in SOUND}}
    outcome = run(secret(unfilled()) + contract("files") + workload(), files={FILE: file(values)})
    assert workload() in output(outcome)


REDACTED = "<redacted by heimdall-pr: not for installing>"
HIDDEN = dict.fromkeys(SOUND, REDACTED)
REDACTIONS = [
    ("files", secret(unfilled()) + contract("files") + GUARD, secret(HIDDEN) + contract("files")),
    ("inline", secret(encoded(SOUND)) + contract("inline"), secret(HIDDEN) + contract("inline")),
    ("environment", secret(FROM_ENVIRONMENT) + contract("inline") + GUARD, secret(HIDDEN) + contract("inline")),
    ("existing", contract("existing") + secret(encoded(SOUND)), contract("existing") + secret(HIDDEN)),
    (
        "stringData becomes data, which needs base64",
        contract("existing") + secret(SOUND, field="stringData"),
        contract("existing") + secret(HIDDEN),
    ),
    (
        "data and stringData",
        contract("existing") + secret({"X_Y": "eA=="}) + f"stringData: {json.dumps(SOUND)}\n",
        contract("existing") + secret({"X_Y": REDACTED}) + f"stringData: {json.dumps(HIDDEN)}\n",
    ),
    (
        "block scalars",
        contract("existing")
        + "---\nkind: Secret\nmetadata: {name: h-secrets}\nstringData:\n"
        + "".join(f"  {key}: |-\n    {value}\n\n" for key, value in SOUND.items())
        + "type: Opaque\n",
        contract("existing")
        + "---\nkind: Secret\nmetadata: {name: h-secrets}\ndata:\n"
        + "".join(f'  {key}: "{REDACTED}"\n\n' for key in SOUND)
        + "type: Opaque\n",
    ),
    (
        "pods are not told of a digest",
        workload() + secret(encoded(SOUND)) + contract("inline"),
        workload() + secret(HIDDEN) + contract("inline"),
    ),
]


@pytest.mark.parametrize(("stream", "expected"), [row[1:] for row in REDACTIONS], ids=[row[0] for row in REDACTIONS])
def test_redact(stream: str, expected: str) -> None:
    outcome = run(stream, Settings(redact=True), {FILE: file({**SOUND, "hunter2": "x"})}, SOUND)
    assert rules_of(outcome) == []
    assert output(outcome) == expected
    assert "can't be installed" in text.render(outcome.report)


LEFT_ALONE = [
    ("others' documents", OTHERS * 3),
    ("carriage returns", OTHERS.replace("\n", "\r\n")),
    ("no final line break", "a: 1\n---\nb: 2"),
    ("invalid YAML of others", "a: [1\n---\nkind: Secret\n\tb: {\n"),
    ("another's Secret", secret(encoded(SOUND), "other")),
    ("kind: List", "kind: List\nitems:\n- kind: Secret\n  metadata: {name: x}\n"),
    ("JSON", '{"kind":"Secret","metadata":{"name":"x"}}'),
    ("comments alone", "# a\n---\n# b\n"),
    ("another's guard-like kind", GUARD.replace("mitre.org", "example.com")),
    ("another's checksum", workload()),
    ("tabs", "a:\t1\n---\nb: {\tc: 2 }\n"),
]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("stream", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_leaves_alone(stream: str, bom: bytes) -> None:
    data = bom + stream.encode()
    outcome = run(data)
    assert rules_of(outcome) == []
    assert b"".join(outcome.pieces) == data
    assert rules_of(run(data, Settings(strict=True)))[-1] == "no-contract"


UNWANTED = '---\nkind: Ingress\nmetadata:\n  name: x\n  annotations: {a: "\\u00e9"}\nspec: {ports: []}\n'


def test_another_kind_with_an_escape_is_not_unreadable() -> None:
    """It is a candidate, as an escape can spell anything; that it is none is seen at its kind."""
    assert rules_of(run(UNWANTED), "note") == ["no-contract"]
    assert rules_of(run(UNWANTED + "...\nkind: Secret\n"), "note") == ["unreadable", "no-contract"]


def test_a_stream_that_is_no_text() -> None:
    data = b"\xff\xfe\x00kind: Secret\n---\n\x80\x81" + bytes(range(256))
    assert b"".join(run(data).pieces) == data


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\n"])
def test_output_is_never_empty(data: bytes) -> None:
    assert b"".join(run(data).pieces) == data + b"# heimdall-pr: there was nothing to render\n"


EXISTING = contract("existing") + secret(encoded(SOUND))
PRESENT = [
    ("data", EXISTING),
    ("stringData", contract("existing") + secret(SOUND, field="stringData")),
    (
        "stringData wins over data",
        contract("existing") + secret(dict.fromkeys(SOUND, "")) + "stringData: " + json.dumps(SOUND) + "\n",
    ),
    ("without a namespace", contract("existing") + secret(encoded(SOUND), namespace="")),
    (
        "in a List",
        contract("existing")
        + "---\nkind: List\nitems:\n- kind: Secret\n  metadata: {name: h-secrets}\n  stringData: "
        + json.dumps(SOUND)
        + "\n",
    ),
    (
        "in a SecretList",
        contract("existing")
        + "---\nkind: SecretList\nitems:\n- metadata: {name: h-secrets}\n  stringData: "
        + json.dumps(SOUND)
        + "\n",
    ),
    ("escaped kind", EXISTING.replace("kind: Secret", 'kind: "\\x53ecret"')),
    ("folded base64", EXISTING.replace('JWT_SECRET: "', 'JWT_SECRET: "\\\n    ')),
]


@pytest.mark.parametrize("stream", [row[1] for row in PRESENT], ids=[row[0] for row in PRESENT])
def test_an_existing_secret_in_the_stream_is_checked(stream: str) -> None:
    outcome = run(stream, Settings(strict=True))
    assert outcome.report.findings == ()
    assert outcome.report.judged[0].seen
    assert output(outcome) == stream
    missing = stream.replace(SOUND["ADMIN_PASSWORD"], "").replace(encoded(SOUND)["ADMIN_PASSWORD"], "")
    assert rules_of(run(missing)) == ["missing-key"]


def test_an_existing_secret_elsewhere_is_not_checked_here() -> None:
    outcome = run(contract("existing"))
    (note,) = outcome.report.findings
    assert (note.severity, note.rule) == ("note", "not-checked")
    assert "not checked here" in note.message
    assert not outcome.report.judged[0].seen
    assert rules_of(run(contract("existing"), Settings(strict=True))) == ["not-checked"]


SAW = "the chart saw the 4 required keys in the cluster"
SEEN: list[tuple[str, dict[str, str], str, list[str], str]] = [
    (
        "judged",
        {"verified": "true", "judged": "true"},
        "checked-by-chart",
        [],
        f"{SAW}, and judged their values by its",
    ),
    (
        "an older chart: keys alone",
        {"verified": "true", "judged": ""},
        "not-checked",
        ["not-checked"],
        f"{SAW}; it did not look at the values",
    ),
    (
        "not looked up",
        {"verified": "false", "judged": "true"},
        "not-checked",
        ["not-checked"],
        "it is not in the stream",
    ),
]


@pytest.mark.parametrize(("data", "rule", "strict", "text"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN])
def test_what_the_chart_saw(data: dict[str, str], rule: str, strict: list[str], text: str) -> None:
    """The note says what was really looked at; only judged values pass when strict."""
    stream = contract("existing", **data)
    (note,) = run(stream).report.findings
    assert (note.severity, note.rule) == ("note", rule)
    assert f"not checked here; {text}" in note.message
    assert rules_of(run(stream, Settings(strict=True))) == strict


def test_losers_are_named() -> None:
    outcome = run(EXISTING.replace('ignored: ""', 'ignored: "secrets,secretsFiles"'), Settings(strict=True))
    assert [(f.severity, str(f.where)) for f in outcome.report.findings] == [
        ("note", "heimdall.secrets"),
        ("note", "heimdall.secretsFiles"),
    ]


def test_keys_that_come_from_elsewhere_are_not_expected() -> None:
    values = {key: value for key, value in SOUND.items() if key != "DATABASE_PASSWORD"}
    stream = contract("existing", sources="DATABASE_PASSWORD=pg-app/password") + secret(encoded(values))
    assert rules_of(run(stream), "note") == ["not-checked"]
    assert rules_of(run(stream, Settings(strict=True))) == ["not-checked"]
    judged = stream.replace('verified: "false"', 'verified: "true"').replace('judged: "false"', 'judged: "true"')
    seen = run(judged, Settings(strict=True))
    assert (rules_of(seen), rules_of(seen, "note")) == ([], ["checked-by-chart"])


ELSEWHERE = [
    ("good", {"password": SOUND["DATABASE_PASSWORD"]}, []),
    ("a placeholder", {"password": "CHANGE_ME"}, ["placeholder"]),
    ("another key", {"other": SOUND["DATABASE_PASSWORD"]}, ["missing-key"]),
]


@pytest.mark.parametrize(("held", "expected"), [row[1:] for row in ELSEWHERE], ids=[row[0] for row in ELSEWHERE])
def test_keys_that_come_from_elsewhere_are_checked_there(held: dict[str, str], expected: list[str]) -> None:
    """Where that Secret is in the stream; under --redact its values go too."""
    values = {key: value for key, value in SOUND.items() if key != "DATABASE_PASSWORD"}
    stream = contract("existing", sources="DATABASE_PASSWORD=pg-app/password") + secret(encoded(values))
    stream += secret(encoded(held), "pg-app")
    assert rules_of(run(stream, Settings(strict=True))) == expected
    if not expected:
        assert encoded(held)["password"] not in output(run(stream, Settings(redact=True)))


def test_variables_of_the_user_may_be_read() -> None:
    stream = secret({**FROM_ENVIRONMENT, "JWT_SECRET": "${AWS_SECRET_ACCESS_KEY}"}) + contract("inline")
    environ = {**SOUND, "AWS_SECRET_ACCESS_KEY": SOUND["JWT_SECRET"]}
    refused = run(stream, environ=SOUND)
    assert rules_of(run(stream, environ=environ)) == rules_of(refused) == ["env-not-allowed"]  # not "unset", too
    assert {state.key: state.state for state in refused.report.judged[0].keys}["JWT_SECRET"] == "missing"
    assert "AWS_SECRET_ACCESS_KEY" not in pipeline.plan(stream.encode(), Settings()).variables
    assert run(stream, Settings(env=("AWS_SECRET_ACCESS_KEY",)), environ=environ).report.ok


@pytest.mark.parametrize(
    ("name", "rules"),
    [("HEIMDALL_PR_SET", ["env-not-allowed"]), ("HEIMDALL_PR_X", ["env-not-allowed"]), ("HEIMDALL_PRIVATE", [])],
)
def test_options_of_this_tool_may_not_be_read(name: str, rules: list[str]) -> None:
    """HEIMDALL_PR_SET may hold all the secrets of the user."""
    stream = secret({**FROM_ENVIRONMENT, "JWT_SECRET": f"${{{name}}}"}) + contract("inline")
    assert rules_of(run(stream, environ={**SOUND, name: SOUND["JWT_SECRET"]})) == rules
    assert (name in pipeline.plan(stream.encode(), Settings()).variables) == (not rules)


def test_the_name_of_an_unknown_key_is_not_told() -> None:
    for value in ("${JWT_SECRET}", "${AWS_KEY}", "%%%"):
        stream = secret({**FROM_ENVIRONMENT, "hunter2canary": value}) + contract("inline")
        outcome = run(stream, environ={key: text for key, text in SOUND.items() if key != "JWT_SECRET"})
        assert rules_of(outcome)
        assert "hunter2canary" not in repr(outcome.report)


def test_variables_of_our_own_prefix_may_be_read() -> None:
    stream = secret({**FROM_ENVIRONMENT, "JWT_SECRET": "${HEIMDALL_JWT}"}) + contract("inline")
    assert run(stream, environ={**SOUND, "HEIMDALL_JWT": SOUND["JWT_SECRET"]}).report.ok


REFUSED = [
    ("environment unset", secret(FROM_ENVIRONMENT) + contract("inline"), ["env-unset"] * 4),
    (
        "a reference inside a value",
        secret(encoded({**SOUND, "JWT_SECRET": "x${JWT_SECRET}"})) + contract("inline"),
        ["placeholder"],
    ),
    (
        "a reference in base64 is a literal",
        secret(encoded({**SOUND, "JWT_SECRET": "${JWT_SECRET}"})) + contract("inline"),
        ["placeholder"],
    ),
    ("no base64", secret({**encoded(SOUND), "JWT_SECRET": "%%%"}) + contract("inline"), ["not-base64"]),
    ("base64 without padding", secret({**encoded(SOUND), "JWT_SECRET": "YWJjZA"}) + contract("inline"), ["not-base64"]),
    ("files: the Secret is absent", contract("files"), ["secret-absent"]),
    ("inline: the Secret is absent", contract("inline"), ["secret-absent"]),
    ("files: no data", contract("files") + "---\nkind: Secret\nmetadata: {name: h-secrets}\n", ["secret-damaged"]),
    (
        "files: data is null",
        contract("files") + "---\nkind: Secret\nmetadata: {name: h-secrets}\ndata:\n",
        ["secret-damaged"],
    ),
    (
        "files: in a List",
        contract("files") + "---\nkind: SecretList\nitems: [{metadata: {name: h-secrets}, data: {a: b}}]\n",
        ["secret-damaged"],
    ),
    ("the same Secret twice", EXISTING + secret(encoded(SOUND)), ["duplicate-object"]),
    (
        "the same Secret twice, once without namespace",
        EXISTING + secret(encoded(SOUND), namespace=""),
        ["duplicate-object"],
    ),
    (
        "the same Secret twice, once escaped",
        EXISTING + secret(encoded(SOUND)).replace("Secret", '"\\x53ecret"', 1),
        ["duplicate-object"],
    ),
    (
        "our Secret goes on after its end",
        contract("files") + secret(unfilled()) + "...\nkind: Secret\n",
        ["read-in-two-ways", "secret-absent"],
    ),
    ("the same contract twice", contract("existing") * 2, ["duplicate-object"]),
    (
        "two contracts that fill one Secret",
        secret(unfilled()) + contract("files") + contract("files", "b", secret="h-secrets"),
        ["two-contracts"],
    ),
    (
        "two contracts that fill one Secret, one of them without a namespace",
        secret(unfilled())
        + contract("files")
        + contract("files", "b", secret="h-secrets").replace("  namespace: ns\n", ""),
        ["two-contracts"],
    ),
    ("a guard without a contract", GUARD + OTHERS, ["contract-absent"]),
    ("a later contract", contract("files", label="v3"), ["contract-version"]),
    ("a contract cut off", contract("files")[:-40], ["contract-damaged"]),
    (
        "a contract cut off inside a text",
        contract("files")[: contract("files").index("JWT_SECRET") + 3],
        ["contract-damaged"],
    ),
    ("an unknown approach", contract("vault"), ["contract-damaged"]),
    ("no required keys", contract("existing", required=""), ["contract-damaged"]),
    ("required keys that are none", contract("existing", required="A B,$(rm)"), ["contract-damaged"]),
    (
        "more required keys than can be",
        contract("existing", required=",".join(f"A{i}" for i in range(101))),
        ["contract-damaged"],
    ),
    ("lengths that are none", contract("existing", lengths="JWT_SECRET=" + "9" * 5000), ["contract-damaged"]),
    (
        "several defects at once",
        contract("existing", required="", verified="maybe", ignored="x"),
        ["contract-damaged"] * 3,
    ),
    ("files without a path", contract("files", files=""), ["contract-damaged"]),
    ("paths without files", contract("existing", files="x"), ["contract-damaged"]),
]


@pytest.mark.parametrize(("stream", "expected"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(stream: str, expected: list[str]) -> None:
    outcome = run(stream, files={FILE: file(SOUND)})
    assert rules_of(outcome) == expected
    assert outcome.pieces == ()
    assert all(str(finding.where) and finding.expected and finding.fix for finding in outcome.report.findings)


# What a file says beside two sound keys, and the errors about the other two.
PARTLY_READ = [
    ("no string", "JWT_SECRET: 12345678\n", ["missing-key", "not-a-string"]),
    ("nested", "JWT_SECRET: [a]\n", ["missing-key", "nested"]),
    ("a tag", "JWT_SECRET: !!str x\n", ["missing-key", "not-plain"]),
    ("another key", "X: 1\n", ["missing-key", "missing-key", "not-a-string"]),
    ("a merge, which may bring any key", "<<: {A: b}\n", ["nested", "not-a-string"]),
    ("encrypted: its keys are not known", "sops:\n  version: 3\n", ["sops"]),
    ("no YAML", "JWT_SECRET: [\n", ["not-yaml"]),
]


@pytest.mark.parametrize(("more", "expected"), [row[1:] for row in PARTLY_READ], ids=[row[0] for row in PARTLY_READ])
def test_what_is_missing_beside_a_value_that_cannot_be_read(more: str, expected: list[str]) -> None:
    sound = file({key: SOUND[key] for key in ("API_KEY_SECRET", "DATABASE_PASSWORD")})
    outcome = run(secret(unfilled()) + contract("files"), files={FILE: sound + more.encode()})
    assert sorted(rules_of(outcome)) == sorted(expected)


WITHOUT_LENGTH = "JWT_SECRET=128,API_KEY_SECRET=66,ADMIN_PASSWORD=22"
GIVEN = "the value is the one that whoever runs that service gave you"
ONLY_MADE_HERE = f"heimdall-pr generate {FILE} JWT_SECRET API_KEY_SECRET ADMIN_PASSWORD"
# The contract's lengths, the file's keys, and the fixes. A key of ours that alone has no length is not made here.
FIXES = [
    ("lengths of all", {}, SOUND.keys() - {"JWT_SECRET"}, [f"heimdall-pr generate {FILE}"]),
    ("no lengths", {"lengths": ""}, SOUND.keys() - {"DATABASE_PASSWORD"}, [f"heimdall-pr generate {FILE}"]),
    (
        "a database of somebody else",
        {"lengths": WITHOUT_LENGTH},
        SOUND.keys() - {"DATABASE_PASSWORD", "JWT_SECRET"},
        [ONLY_MADE_HERE, f"write it into {FILE}: {GIVEN}"],
    ),
    ("the same, none of the keys", {"lengths": WITHOUT_LENGTH}, (), [ONLY_MADE_HERE]),
    (
        "all others come from another Secret",
        {"lengths": WITHOUT_LENGTH, "sources": ",".join(f"{key}=other/{key}" for key in SOUND if "BASE" not in key)},
        (),
        [f'write DATABASE_PASSWORD into {FILE}: KEY: "value", a line each'],
    ),
]


@pytest.mark.parametrize(("data", "held", "expected"), [row[1:] for row in FIXES], ids=[row[0] for row in FIXES])
def test_what_is_not_made_here_is_not_generated(data: dict[str, str], held: list[str], expected: list[str]) -> None:
    content = file({key: SOUND[key] for key in SOUND if key in held})
    outcome = run(secret(unfilled()) + contract("files", **data), files={FILE: content})
    errors = [finding for finding in outcome.report.findings if finding.severity == "error"]
    assert [text.fix(finding.fix) for finding in errors] == expected


HIDDEN_SECRET = "---\n# Source: heimdall/templates/secret.yaml\n# HIDDEN: The Secret output has been suppressed\n"


def test_a_hidden_secret_is_not_checked_but_its_files_are() -> None:
    stream = HIDDEN_SECRET + contract("files") + workload() + GUARD
    outcome = run(stream, files={FILE: file(SOUND)})
    assert rules_of(outcome, "note") == ["hidden"]
    assert output(outcome) == HIDDEN_SECRET + contract("files") + workload()
    assert not outcome.report.judged[0].seen
    assert rules_of(run(stream, Settings(strict=True), {FILE: file(SOUND)})) == ["hidden"]
    assert rules_of(run(stream, files={FILE: file({**SOUND, "JWT_SECRET": ""})})) == ["missing-key"]


def test_a_hidden_inline_secret_is_not_checked() -> None:
    assert rules_of(run(HIDDEN_SECRET + contract("inline")), "note") == ["hidden"]


def test_under_an_alias_places_are_named_as_the_user_wrote_them() -> None:
    stream = secret(unfilled()) + contract("files", valuesPath="prod.heimdall")
    outcome = run(stream, files={FILE: file({**SOUND, "JWT_SECRET": ""})})
    assert str(outcome.report.findings[0].where) == f"{FILE}:1, prod.heimdall.secretsFiles[0]"


def test_the_plan_names_just_what_is_needed() -> None:
    stream = secret({**encoded(SOUND), "JWT_SECRET": "${JWT_SECRET}"}) + contract("inline") + OTHERS
    plan = pipeline.plan(stream.encode(), Settings())
    assert (plan.files, plan.variables) == ((), ("JWT_SECRET",))
    plan = pipeline.plan((secret(unfilled()) + contract("files")).encode(), Settings())
    assert (plan.files, plan.variables) == ((FILE,), ())


@pytest.mark.slow
def test_ten_megabytes_share_the_streams_memory() -> None:
    data = (OTHERS * 50_000 + secret(unfilled()) + contract("files") + GUARD).encode()
    outcome = run(data, files={FILE: file(SOUND)})
    assert sum(len(piece) for piece in outcome.pieces if isinstance(piece, bytes)) < 2_000
    assert b"".join(outcome.pieces).startswith(OTHERS.encode() * 50_000)


KNOWN = Settings(namespace="ns", strict=True)
UNWRITTEN = secret(encoded(SOUND), namespace="")
ALONE = heimdall(mapped())
NAMESPACES: list[tuple[str, str, Settings, list[str]]] = [
    ("a contract says what the release's is", contract("existing") + UNWRITTEN, Settings(strict=True), []),
    ("both are the release's", UNWRITTEN + ALONE.replace('"namespace": "ns"', '"labels": {}'), Settings(strict=True),
     []),
    ("--namespace says what the release's is", UNWRITTEN + ALONE, KNOWN, []),
    ("it is not known", UNWRITTEN + ALONE, Settings(strict=True), ["not-checked"]),
    ("it is another", UNWRITTEN + ALONE, Settings(namespace="other", strict=True), ["not-checked"]),
    ("two contracts say two", contract("existing") + contract("existing", "b").replace("namespace: ns", "namespace: b")
     + secret(encoded(SOUND), "b-secrets", namespace="b") + UNWRITTEN, Settings(strict=True), ["not-checked"]),
]  # fmt: skip  # a table to read


@pytest.mark.parametrize(
    ("stream", "settings", "errors"), [row[1:] for row in NAMESPACES], ids=[row[0] for row in NAMESPACES]
)
def test_an_unwritten_namespace_is_the_releases(stream: str, settings: Settings, errors: list[str]) -> None:
    """It equals itself; if it is not known, it is not the same as one that is written."""
    outcome = run(stream, settings)
    assert rules_of(outcome) == errors
    if not errors:
        assert outcome.report.judged[0].seen


BAD = contract("existing") + secret({**encoded(SOUND), "JWT_SECRET": encoded({"": "CHANGE_ME_PLEASE"})[""]})


def test_a_rule_that_the_user_ignores_does_not_count() -> None:
    """What it found is in the report, with the reason; the rest counts as before."""
    settings = Settings(ignore={"placeholder": "a demo"})
    outcome = run(BAD, settings)
    assert (rules_of(outcome), output(outcome)) == ([], BAD)
    ((finding, reason),) = outcome.report.ignored
    assert (finding.rule, finding.key, reason) == ("placeholder", "JWT_SECRET", "a demo")
    assert "because   a demo" in text.render(outcome.report)
    assert rules_of(run(BAD)) == ["placeholder"]
    assert rules_of(run(BAD, Settings(ignore={"short-value": "x"}))) == ["placeholder"]


def hook(phases: str, policy: str = "", sound: dict[str, str] = SOUND) -> str:
    """The Secret as a hook of some phases."""
    notes = f'    helm.sh/hook: "{phases}"\n' + (f"    helm.sh/hook-delete-policy: {policy}\n" if policy else "")
    return secret(encoded(sound)).replace("  name: h-secrets\n", f"  name: h-secrets\n  annotations:\n{notes}")


AT_ONCE = [
    ("twice in the release", secret(encoded(SOUND)) + secret(encoded(SOUND)), ["duplicate-object"]),
    (
        "twice the same hook",
        secret(encoded(SOUND)) + hook("pre-install") + hook("pre-install,pre-upgrade"),
        ["duplicate-object"],
    ),
    ("a hook of another phase counts for nothing", secret(encoded(SOUND)) + hook("test") * 2, []),
    ("a hook, and in the release", secret(encoded(SOUND)) + hook("pre-install"), []),
    (
        "a hook before a release's that is bad",
        hook("pre-install") + secret(encoded({**SOUND, "JWT_SECRET": ""})),
        ["missing-key"],
    ),
    (
        "a bad hook before the release's",
        hook("pre-install", sound={**SOUND, "JWT_SECRET": ""}) + secret(encoded(SOUND)),
        [],
    ),
    ("a bad hook alone", hook("pre-install", sound={**SOUND, "JWT_SECRET": ""}), ["missing-key"]),
    ("hooks of two phases", secret(encoded(SOUND)) + hook("pre-install") + hook("pre-upgrade"), []),
]


@pytest.mark.parametrize(("secrets", "errors"), [row[1:] for row in AT_ONCE], ids=[row[0] for row in AT_ONCE])
def test_what_lives_at_the_same_time_is_there_twice(secrets: str, errors: list[str]) -> None:
    assert rules_of(run(contract("existing") + secrets)) == errors


def test_the_documented_password_is_a_note_of_check_alone() -> None:
    """An install needs no action; another password that the application's rule refuses is a warning to both."""
    for password, at_install in (("Admin_4f81c09b7d2e635a", []), ("aB7cX2eR3gH4" * 2, ["warning"])):
        stream = contract("existing") + secret(encoded({**SOUND, "ADMIN_PASSWORD": password}))
        checked, installed = (run(stream, Settings(advice=advice)).report.findings for advice in (True, False))
        assert [each.rule for each in checked] == ["admin-rule"]
        assert [each.severity for each in installed] == at_install


def test_no_report_says_what_only_the_filter_does() -> None:
    """`check` passes nothing on."""
    for stream in (OTHERS, "---\nkind: Secret\n  bad: [\n"):
        assert "passed on" not in repr(run(stream).report)
