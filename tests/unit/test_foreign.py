"""Charts that know nothing of contracts: which containers are judged, by which wires, and what is wrong with those."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from post_renderer.kube import expansion
from post_renderer.model.settings import Settings
from post_renderer.requirements.profile import HEIMDALL
from post_renderer.rules import workload as rules_of_workloads
from tests.unit.streams import (
    OTHERS,
    SOUND,
    contract,
    encoded,
    heimdall,
    literal,
    mapped,
    output,
    rules_of,
    run,
    secret,
    whole,
    workload,
)

SECRET = secret(encoded(SOUND))
JWT = "JWT_SECRET"
KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod")
OLD = dict(zip(SOUND, ("jwtSecret", "apiKeySecret", "databasePassword", "adminPassword"), strict=True))
OLD_KEYS = [entry for new, old in OLD.items() for entry in mapped([new], key=old)]
BAD = secret(encoded(dict.fromkeys(SOUND, "CHANGE_ME")), "bad")


def config(values: dict[str, str], name: str = "config") -> str:
    """A ConfigMap."""
    return secret(values, name).replace("kind: Secret", "kind: ConfigMap")


def made(keys: Iterable[str], name: str = "h-secrets") -> str:
    """An ExternalSecret that makes it with these keys."""
    data = ", ".join(f"{{secretKey: {key}, remoteRef: {{key: x, property: {key}}}}}" for key in keys)
    head = f"---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {{name: {name}, namespace: ns}}\n"
    return f"{head}spec:\n  data: [{data}]\n"


def without(*names: str) -> list[str]:
    """The required names without some."""
    return [name for name in SOUND if name not in names]


WIRED = [
    ("each key", SECRET + heimdall(mapped())),
    ("the Secret after its users", heimdall(mapped()) + SECRET),
    ("other names of keys", secret({OLD[k]: v for k, v in SOUND.items()}, field="stringData") + heimdall(OLD_KEYS)),
    ("the whole Secret", SECRET + heimdall(env_from=[whole()])),
    ("without an image, by three names", SECRET + heimdall(mapped(), image="registry.example.com/app")),
    ("without an image, by the whole Secret", SECRET + heimdall(env_from=[whole()], image="app")),
    (
        "with a prefix",
        secret(encoded({"WT_SECRET": SOUND[JWT]}), "p")
        + SECRET
        + heimdall(mapped(without(JWT)), [whole("p", prefix="J")]),
    ),
    ("env wins over envFrom", SECRET + BAD + heimdall(mapped(), [whole("bad")])),
    ("a later envFrom wins", SECRET + BAD + heimdall(env_from=[whole("bad"), whole()])),
    ("a later env wins", SECRET + BAD + heimdall([*mapped(source="bad"), *mapped()])),
    (
        "an optional key that is absent leaves what envFrom brings",
        SECRET + secret({}, "none") + heimdall(mapped([JWT], "none", optional=True), [whole()]),
    ),
    ("a reference", secret(encoded({**SOUND, "X": SOUND[JWT]})) + heimdall(
        [*mapped(["X", *without(JWT)]), literal(JWT, "$(X)")])),
    ("an escaped reference is text", SECRET + heimdall([*mapped(), literal("Y", "$$(JWT_SECRET)")])),
    ("no namespace written", secret(encoded(SOUND), namespace="")
     + heimdall(mapped()).replace('"namespace": "ns"', '"labels": {}')),
    ("another namespace's Secret of that name", SECRET + BAD.replace("bad", "h-secrets").replace("ns", "other")
     + heimdall(mapped())),
    ("a sidecar", SECRET + heimdall(mapped(), role="initContainers", restartPolicy="Always")),
    ("a migration takes what it needs", SECRET + heimdall(mapped([JWT]), kind="Job")),
    ("an init container takes what it needs", SECRET + heimdall(mapped([JWT]), role="initContainers")),
    ("a digest and a port", SECRET + heimdall(env_from=[whole()], image="r:5000/a/heimdall2:1@sha256:00")),
    ("escaped", SECRET + heimdall(mapped(), image="a").replace("JWT_SECRET", "\\u004aWT_SECRET")),
    ("an alias", SECRET.replace("name: h", "name: &n h") + heimdall(mapped())),
    *((kind, SECRET + heimdall(mapped(), kind=kind)) for kind in KINDS),
    ("in a List", SECRET + '---\nkind: List\nitems:\n- ' + heimdall(mapped()).removeprefix("---\n")),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize("stream", [row[1] for row in WIRED], ids=[row[0] for row in WIRED])
def test_sound_wires(stream: str) -> None:
    outcome = run(OTHERS + stream, Settings(strict=True))
    assert outcome.report.findings == ()
    assert [judged.seen for judged in outcome.report.judged] == [True]
    assert output(outcome) == OTHERS + stream
    spoiled = stream.replace(encoded(SOUND)[JWT], "").replace(SOUND[JWT], "").replace(encoded(SOUND)[JWT][1:], "")
    assert "missing-key" in rules_of(run(spoiled))


NOBODYS = [
    ("a lone DATABASE_PASSWORD", SECRET + heimdall(mapped(["DATABASE_PASSWORD"]), image="postgres")),
    ("one of the names", SECRET + heimdall(mapped([JWT]), image="app")),
    ("another image", heimdall(image="mitre/heimdall2-exporter:heimdall2")),
    ("another kind", heimdall(kind="ConfigMap")),
    ("a Secret with one of the names", secret(encoded({JWT: "x"})) + heimdall(env_from=[whole()], image="app")),
    ("a Secret that is not there", heimdall(env_from=[whole()], image="app")),
    ("a prefix makes other names", SECRET + heimdall(env_from=[whole(prefix="X_")], image="app")),
    ("a migration without a secret", heimdall(kind="Job")),
    ("a Secret alone", SECRET),
    (
        "a Secret without a name",
        SECRET.replace("  name: h-secrets\n", "") + heimdall(env_from=[whole("")], image="app"),
    ),
]


@pytest.mark.parametrize("stream", [row[1] for row in NOBODYS], ids=[row[0] for row in NOBODYS])
def test_leaves_alone(stream: str) -> None:
    outcome = run(stream)
    assert [(each.severity, each.rule) for each in outcome.report.findings] == [("note", "no-contract")]
    assert outcome.report.judged == ()
    assert output(outcome) == stream


@pytest.mark.parametrize("name", ["heimdall-front", "\\x68eimdall-front"])
def test_container_is_known_by_its_name(name: str) -> None:
    """A mirror calls the image as it likes; without this one, `a Secret that is not there` would be nobody's."""
    stream = heimdall(env_from=[whole()], image="mirror.example.com/app", name="heimdall-front")
    outcome = run(stream.replace("heimdall-front", name))
    assert [judged.secret for judged in outcome.report.judged] == ["StatefulSet ns/w, container heimdall-front"]
    assert rules_of(outcome, "note") == ["not-checked"]


def test_what_a_contract_judges_is_not_judged_twice() -> None:
    for wires in (heimdall(mapped()), heimdall(env_from=[whole()]), heimdall([literal(JWT, "x"), *mapped()])):
        for stream in (SECRET + contract("existing") + wires, contract("existing") + wires):
            outcome = run(stream)
            assert [judged.secret for judged in outcome.report.judged] == ["Secret ns/h-secrets"]
            assert rules_of(outcome) == rules_of(outcome, "warning") == []


def test_a_damaged_contract_is_all_that_is_said() -> None:
    assert rules_of(run(contract("existing", label="v3") + BAD + heimdall(mapped(source="bad")))) == [
        "contract-version"
    ]


E, W, N = "error", "warning", "note"
MISWIRED = [
    ("from nowhere", SECRET + heimdall(mapped(without(JWT))), {(E, "no-source")}),
    ("a sidecar from nowhere", SECRET + heimdall(mapped([JWT]), role="initContainers", restartPolicy="Always"),
     {(E, "no-source")}),
    ("all from nowhere", heimdall(), {(E, "no-source")}),
    ("an envFrom that lacks it", secret(encoded({JWT: SOUND[JWT]})) + heimdall(env_from=[whole()]),
     {(E, "missing-key")}),
    ("a key that is not there", SECRET + heimdall([*mapped(without(JWT)), *mapped([JWT], "h-secrets", key="x")]),
     {(E, "missing-key")}),
    ("not in the stream", heimdall(mapped()), {(N, "not-checked")}),
    ("whole, not in the stream", heimdall(env_from=[whole()]), {(N, "not-checked")}),
    ("made in the stream", made(SOUND) + heimdall(mapped()), {(N, "values-unseen")}),
    ("made by other names", made(OLD.values()) + heimdall(OLD_KEYS), {(N, "values-unseen")}),
    ("made, and taken whole", made(SOUND) + heimdall(env_from=[whole()]), {(N, "values-unseen")}),
    ("made without a key", made(without(JWT)) + heimdall(mapped()), {(E, "missing-key")}),
    ("another one is made", made(SOUND, "other") + heimdall(mapped()), {(N, "not-checked")}),
    ("a later one that is not there may override", BAD + heimdall(env_from=[whole("bad"), whole("x")]),
     {(N, "not-checked")}),
    ("an earlier one can't", SECRET + heimdall(env_from=[whole("x"), whole()]), set()),
    ("one key elsewhere", SECRET + heimdall([*mapped(without(JWT)), *mapped([JWT], "x")]), {(N, "not-checked")}),
    ("optional", SECRET + heimdall(mapped(optional=True)), {(W, "optional-key")}),
    ("whole and optional", SECRET + heimdall(env_from=[whole(optional=True)]), {(W, "optional-key")}),
    ("a literal", SECRET + heimdall([*mapped(), literal(JWT, SOUND[JWT])]), {(W, "literal-secret")}),
    ("a weak literal", SECRET + heimdall([*mapped(), literal(JWT, "CHANGE_ME")]),
     {(W, "literal-secret"), (E, "placeholder")}),
    ("an empty literal", SECRET + heimdall([literal(JWT, "")], [whole()]), {(E, "missing-key")}),
    ("an entry without a value", SECRET + heimdall([{"name": JWT}], [whole()]), {(E, "missing-key")}),
    ("a reference to a literal", SECRET + heimdall([literal("X", SOUND[JWT]), *mapped(), literal(JWT, "$(X)")]),
     {(W, "literal-secret")}),
    ("a reference to what comes later", SECRET + heimdall(
        [*mapped(without(JWT)), literal(JWT, "$(X)"), *mapped(["X"])]),
     {(W, "literal-secret"), (E, "placeholder")}),
    ("an escaped reference", SECRET + heimdall([*mapped(), literal(JWT, "$$(API_KEY_SECRET)")]),
     {(W, "literal-secret"), (E, "placeholder")}),
    ("a reference to the unseen", SECRET + heimdall([*mapped(["X"], "x"), *mapped(without(JWT)), literal(JWT, "$(X)")]),
     {(N, "not-checked")}),
    ("a ConfigMap", config(SOUND) + heimdall(env_from=[whole("config", "configMapRef")]), {(W, "secret-in-configmap")}),
    ("a ConfigMap's key", config({"k": SOUND[JWT]}) + SECRET + heimdall(
        [*mapped(), {"name": JWT, "valueFrom": {"configMapKeyRef": {"name": "config", "key": "k"}}}]),
     {(W, "secret-in-configmap")}),
    ("a ConfigMap that lacks it", config({"k": "v"}) + heimdall(env_from=[whole("config", "configMapRef")]),
     {(E, "no-source")}),
    ("a weak ConfigMap", config({**SOUND, JWT: ""}) + heimdall(env_from=[whole("config", "configMapRef")]),
     {(W, "secret-in-configmap"), (E, "missing-key")}),
    ("a field of the pod", SECRET + heimdall(
        [*mapped(), {"name": JWT, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]), {(W, "no-secret")}),
    ("a library to load", secret(encoded({**SOUND, "LD_PRELOAD": "x"})) + heimdall(env_from=[whole()]),
     {(W, "dangerous-variable")}),
    ("a proxy", secret(encoded({**SOUND, "https_proxy": "x"})) + heimdall(env_from=[whole()]),
     {(W, "dangerous-variable")}),
    ("a library that is not taken", secret(encoded({**SOUND, "LD_PRELOAD": "x"})) + heimdall(mapped()), set()),
    ("the Secret twice", SECRET * 2 + heimdall(mapped()), {(E, "duplicate-object")}),
    ("a key twice", secret(encoded(SOUND)) + f"  {JWT}: {encoded(SOUND)[JWT]}\n" + heimdall(mapped()),
     {(E, "duplicate-key")}),
    ("a number", secret({**SOUND, JWT: 64 * "1" + "23e7"}, field="stringData").replace('"1', "1").replace('e7"', "e7")
     + heimdall(mapped()),
     {(E, "not-a-string"), (W, "short-value")}),
    ("no base64", SECRET.replace(encoded(SOUND)[JWT], "%%%") + heimdall(mapped()), {(E, "not-base64")}),
    ("old names, taken whole", secret({OLD[k]: v for k, v in encoded(SOUND).items()}) + heimdall(env_from=[whole()]),
     {(E, "missing-key"), (W, "near-miss")}),
    ("null", secret(SOUND, field="stringData").replace(f'"{SOUND[JWT]}"', "null") + heimdall(mapped()),
     {(E, "missing-key")}),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "expected"), [row[1:] for row in MISWIRED], ids=[row[0] for row in MISWIRED])
def test_wrong_wires(stream: str, expected: set[tuple[str, str]]) -> None:
    outcome = run(stream)
    assert {(each.severity, each.rule) for each in outcome.report.findings} - {(N, "taken-for")} == expected
    assert all(str(each.where) and each.expected and each.fix for each in outcome.report.findings)
    if outcome.report.ok:
        assert output(outcome) == stream
        unseen = {(N, "not-checked"), (N, "values-unseen"), (W, "no-secret")}
        assert outcome.report.judged[0].seen == (not unseen & expected)


def test_several_are_judged_and_named_each() -> None:
    second = heimdall(env_from=[whole("b-secrets")]).replace('"w"', '"b"')
    outcome = run(SECRET + heimdall(mapped()) + secret(encoded({**SOUND, JWT: ""}), "b-secrets") + second)
    assert [judged.secret for judged in outcome.report.judged] == [
        "StatefulSet ns/w, container c",
        "StatefulSet ns/b, container c",
    ]
    (error,) = [each for each in outcome.report.findings if each.severity == "error"]
    assert error.where.what == "Secret ns/b-secrets, key JWT_SECRET"


def test_what_two_containers_share_is_told_once() -> None:
    shared = secret(encoded({**SOUND, JWT: ""})) + heimdall(mapped()) + heimdall(mapped(), kind="Job")
    assert rules_of(run(shared)) == ["missing-key"]
    assert rules_of(run(heimdall(mapped()) + heimdall(mapped(), kind="Job")), "note") == ["not-checked"]


def test_the_place_is_the_secrets_key() -> None:
    stream = secret({OLD[k]: v for k, v in encoded({**SOUND, JWT: "CHANGE_ME"}).items()}) + heimdall(OLD_KEYS)
    (finding, _) = run(stream).report.findings
    assert str(finding.where) == "Secret ns/h-secrets, key jwtSecret, line 8 of the stream"


def test_a_hidden_secret_is_not_checked() -> None:
    hidden = "---\n# HIDDEN: The Secret output has been suppressed\n"
    outcome = run(hidden + heimdall(mapped()))
    assert [(each.severity, each.rule) for each in outcome.report.findings] == [(N, "hidden")]
    assert not outcome.report.judged[0].seen
    assert rules_of(run(hidden + heimdall(mapped()), Settings(strict=True))) == ["hidden"]


def test_names_that_nobody_knows_are_not_told() -> None:
    stream = secret({**encoded(SOUND), "hunter2canary": "%%%"}) + heimdall(env_from=[whole()])
    assert "hunter2canary" not in repr(run(stream).report)


EXPANSIONS = [
    ("nothing", "abc", "abc"),
    ("a reference", "a$(X)b", "a<X>b"),
    ("escaped", "$$(X)", "$(X)"),
    ("escaped twice", "$$$(X)", "$<X>"),
    ("no end", "$(X", "$(X"),
    ("a shell's", "${X} $X", "${X} $X"),
    ("at the end", "a$", "a$"),
    ("an empty name", "$()", "<>"),
]


def test_references_that_double_are_not_followed_for_ever() -> None:
    """Forty such lines would be more than any memory."""
    doubled = [literal("A0", "kP3-vQ8~wZ"), *(literal(f"A{i}", f"$(A{i - 1})$(A{i - 1})") for i in range(1, 40))]
    outcome = run(SECRET + heimdall([*doubled, literal(JWT, "$(A39)x"), *mapped(without(JWT))]))
    assert [judged.seen for judged in outcome.report.judged] == [False]
    assert rules_of(outcome, "warning") == ["literal-secret"]


@pytest.mark.parametrize(("value", "expected"), [row[1:] for row in EXPANSIONS], ids=[row[0] for row in EXPANSIONS])
def test_expansion(value: str, expected: str) -> None:
    parts = expansion.parts(value)
    assert "".join(f"<{part.name}>" if part.name or part.text == "$()" else part.text for part in parts) == expected


TAKEN = [
    ("the image", heimdall(), "its image ends in heimdall2"),
    ("the name", heimdall(image="app", name="heimdall-front"), "its name is heimdall-front"),
    ("three names", heimdall(mapped(without(JWT)), image="app"),
     "it takes API_KEY_SECRET, DATABASE_PASSWORD and ADMIN_PASSWORD"),
    ("three names, some by envFrom", secret(encoded({JWT: SOUND[JWT], "ADMIN_PASSWORD": ""}), "two")
     + heimdall(mapped(["DATABASE_PASSWORD"]), [whole("two")], image="app"),
     "it takes JWT_SECRET, DATABASE_PASSWORD and ADMIN_PASSWORD"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "why"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_why_a_container_is_judged(stream: str, why: str) -> None:
    """A refusal says it, with the way out; `explain` always."""
    outcome = run(SECRET + stream)
    (note,) = (each for each in outcome.report.findings if each.rule == "taken-for")
    assert note.message.endswith(f" is taken for Heimdall, because {why}")
    assert note.fix == "--skip-workload StatefulSet/w (HEIMDALL_PR_SKIP_WORKLOAD), if it is none"
    assert outcome.report.judged[0].why.startswith(f"taken for Heimdall, because {why}; ")


def test_two_of_the_names_are_a_note() -> None:
    """Each pair makes a candidate, in env and in a Secret that is taken whole; neither is judged."""
    pairs = [(one, other) for one in HEIMDALL.required for other in HEIMDALL.required if one < other]
    for pair in pairs:
        alone = secret(encoded(dict.fromkeys(pair, "x")))
        for stream in (SECRET + heimdall(mapped(pair), image="app"), alone + heimdall(env_from=[whole()], image="app")):
            outcome = run(stream)
            assert (outcome.report.judged, rules_of(outcome)) == ((), [])
            assert sorted(rules_of(outcome, "note")) == ["looks-like", "no-contract"]


def test_two_of_the_names_beside_our_own_chart() -> None:
    """Before, it was refused for want of ADMIN_PASSWORD."""
    app = heimdall(mapped([JWT, "DATABASE_PASSWORD"], "app"), image="app", kind="Deployment")
    own = contract("existing") + SECRET + heimdall(mapped())
    assert rules_of(run(own + app, Settings(strict=True)), "note") == ["looks-like"]
    backup = heimdall(mapped(["DATABASE_PASSWORD", "ADMIN_PASSWORD"]), image="app", kind="Deployment")
    assert run(own + backup, Settings(strict=True)).report.findings == ()  # the contract speaks for it


SKIPPED = [
    ("StatefulSet/w", []),
    ("statefulset/w", []),
    ("StatefulSet/w/c", []),
    ("StatefulSet/w/d", ["missing-key"]),
    ("StatefulSet/x", ["missing-key"]),
    ("Deployment/w", ["missing-key"]),
    ("w", ["missing-key"]),
]


@pytest.mark.parametrize(("name", "errors"), SKIPPED)
def test_skipped(name: str, errors: list[str]) -> None:
    outcome = run(secret(encoded({**SOUND, JWT: ""})) + heimdall(mapped()), Settings(skip=(name,)))
    assert rules_of(outcome) == errors
    (note,) = (each for each in outcome.report.findings if each.rule == "skipped")
    assert note.message == (
        "--skip-workload names no workload that would be judged"
        if errors
        else "StatefulSet ns/w, container c is not judged, because --skip-workload names it"
    )


REDACTED = "<redacted by heimdall-pr: not for installing>"


def test_redacted() -> None:
    plain = [*mapped(without(JWT)), literal(JWT, SOUND[JWT])]
    outcome = run(SECRET + heimdall(plain) + OTHERS, Settings(redact=True))
    told = output(outcome)
    assert not [value for value in (*SOUND.values(), *encoded(SOUND).values()) if value in told]
    assert secret(dict.fromkeys(SOUND, REDACTED)) in told and told.endswith(OTHERS)
    assert '{"name": "JWT_SECRET=<redacted>", "value": "' + REDACTED + '"}' in told
    told = output(run(config(SOUND) + heimdall(env_from=[whole("config", "configMapRef")]), Settings(redact=True)))
    assert not [value for value in SOUND.values() if value in told]


OTHER_TWO = mapped(without(JWT, "API_KEY_SECRET"))
FROM_CONFIG: list[dict[str, object]] = [
    {"name": name, "valueFrom": {"configMapKeyRef": {"name": "config", "key": "X"}}} for name in (JWT, "API_KEY_SECRET")
]
SHARED = [
    ("a literal", heimdall([literal(JWT, SOUND[JWT]), literal("API_KEY_SECRET", "$(JWT_SECRET)"), *OTHER_TWO])),
    ("a ConfigMap", config({"X": SOUND[JWT]}) + heimdall([*FROM_CONFIG, *OTHER_TWO])),
]


@pytest.mark.parametrize("stream", [row[1] for row in SHARED], ids=[row[0] for row in SHARED])
def test_what_two_variables_share_is_hidden_once(stream: str) -> None:
    told = output(run(SECRET + stream, Settings(redact=True)))
    assert SOUND[JWT] not in told
    assert told.count("=<redacted>") == 1


def test_redaction_leaves_others_alone() -> None:
    stream = secret(encoded(SOUND), "other") + workload("other") + config({"a": "b"})
    assert output(run(stream, Settings(redact=True))) == stream


def test_the_documentation_has_each_rule_of_the_wires() -> None:
    """With the severity that the code gives it."""
    root = Path(__file__).parents[2]
    rows = re.findall(r"^\| (`[^|]+`) \| (\w+) \|", (root / "docs" / "foreign-charts.md").read_text(), re.MULTILINE)
    told = {(severity, rule) for names, severity in rows for rule in re.findall("`([^`]+)`", names)}
    found = {(rule.SEVERITY, rule.ID) for rule in rules_of_workloads.RULES}
    of_secrets = {(E, rule) for rule in ("duplicate-key", "duplicate-object", "not-a-string", "not-base64")}
    assert found == told - of_secrets
