"""--redact: whatever comes out, no judged value is in it; if one would be, nothing comes out."""

import base64
import hashlib
from urllib.parse import quote

import pytest

from post_renderer.model.settings import Settings
from post_renderer.sources import redaction
from tests.unit.streams import (
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
)

REDACT = Settings(redact=True)
PASSWORD = SOUND["ADMIN_PASSWORD"]
VALUES = encoded(SOUND)
GOOD = contract("existing") + secret(VALUES)
INNER = base64.b64encode(f"x{PASSWORD}y".encode()).decode()
APPLIED = f'kubectl.kubernetes.io/last-applied-configuration: \'{{"data":{{"JWT_SECRET":"{VALUES["JWT_SECRET"]}"}}}}\''


def config(text: str) -> str:
    """Somebody's ConfigMap with a text in it."""
    return f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: copy, namespace: ns}}\ndata:\n  a: {text}\n"


COPIES = [
    ("an annotation of kubectl", GOOD.replace("metadata:\n  name: h-secrets\n",
                                               f"metadata:\n  annotations:\n    {APPLIED}\n  name: h-secrets\n")),
    ("data written twice", GOOD + "data:\n" + secret(VALUES).partition("data:\n")[2]),
    ("an alias", GOOD.replace("kind: Secret\n", f"kind: Secret\nother: &a {VALUES['JWT_SECRET']}\n")
     .replace(f'JWT_SECRET: "{VALUES["JWT_SECRET"]}"', "JWT_SECRET: *a")),
    ("a comment", GOOD + f"# {PASSWORD}\n"),
    ("another Secret", GOOD + secret(VALUES, "copy")),
    ("another Secret, as text", GOOD + secret({"a": PASSWORD}, "copy", "stringData")),
    ("a ConfigMap", GOOD + config(PASSWORD)),
    ("a URL", GOOD + config(f"postgres://u:{quote(PASSWORD, safe='')}@db/x")),
    ("within base64", GOOD + config(INNER)),
    ("a document that is no YAML", GOOD + f"---\na: [\n# {PASSWORD}\n"),
]  # fmt: skip  # a table to read


@pytest.mark.parametrize("stream", [row[1] for row in COPIES], ids=[row[0] for row in COPIES])
def test_a_copy_that_is_left_is_an_error(stream: str) -> None:
    outcome = run(stream, REDACT)
    assert set(rules_of(outcome)) == {"not-redacted"}
    assert output(outcome) == ""
    assert PASSWORD not in repr(outcome.report)


HIDDEN = "Zq7-CANARY-x9vQ8wZ1"
ENCODED = encoded({"": HIDDEN})[""]
OLDER = f'  JWT_SECRET: "{ENCODED}"\n'
OVERRIDDEN = [
    ("the first data", contract("existing") + secret(VALUES).replace("\ndata:\n", f"\ndata:\n{OLDER}data:\n")),
    (
        "the first stringData",
        contract("existing")
        + secret({"JWT_SECRET": HIDDEN}, field="stringData")
        + "stringData:\n"
        + secret(SOUND, field="stringData").partition("stringData:\n")[2],
    ),
    (
        "what is merged",
        contract("existing") + secret(VALUES).replace("\ndata:\n", f"\nx: &x\n{OLDER}data:\n  <<: *x\n"),
    ),
]


@pytest.mark.parametrize("stream", [row[1] for row in OVERRIDDEN], ids=[row[0] for row in OVERRIDDEN])
def test_a_value_that_another_one_overrides_is_not_printed(stream: str) -> None:
    outcome = run(stream, REDACT)
    assert set(rules_of(outcome)) == {"not-redacted"}
    assert output(outcome) == ""
    assert HIDDEN not in repr(outcome.report) and ENCODED not in repr(outcome.report)


LAST = mapped()
IN_PODS = [
    ("a literal that a later entry overrides", secret(VALUES) + heimdall([literal("JWT_SECRET", HIDDEN), *LAST])),
    ("an optional secret", secret(VALUES) + heimdall([*LAST, literal("LDAP_PASSWORD", HIDDEN)])),
    ("an optional secret beside a contract", GOOD + heimdall([*LAST, literal("LDAP_PASSWORD", HIDDEN)])),
    (
        "an optional secret by another name",
        GOOD + heimdall([literal("A", HIDDEN), literal("LDAP_PASSWORD", "$(A)"), *LAST]),
    ),
    (
        "an optional secret in a ConfigMap",
        GOOD
        + config(HIDDEN)
        + heimdall([*LAST, {"name": "LDAP_PASSWORD", "valueFrom": {"configMapKeyRef": {"name": "copy", "key": "a"}}}]),
    ),
    (
        "an optional secret in another Secret",
        GOOD
        + secret({"a": ENCODED}, "other")
        + heimdall([*LAST, {"name": "LDAP_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "other", "key": "a"}}}]),
    ),
]


@pytest.mark.parametrize("stream", [row[1] for row in IN_PODS], ids=[row[0] for row in IN_PODS])
def test_what_a_pod_has_of_known_variables_is_hidden(stream: str) -> None:
    outcome = run(stream, REDACT)
    assert rules_of(outcome) == []
    assert HIDDEN not in output(outcome) and ENCODED not in output(outcome)
    assert HIDDEN in output(run(stream)) or ENCODED in output(run(stream))


def many(count: int) -> str:
    """So many Secrets with values of their own that a stream is searched for all of them at once."""
    parts = []
    for number in range(count):
        made = {key: hashlib.sha512(f"{key}{number}".encode()).hexdigest()[: len(SOUND[key])] for key in SOUND}
        own = {**made, "ADMIN_PASSWORD": f"kP3-{made['ADMIN_PASSWORD'].upper()}~wZ"}
        parts.append(contract("existing", f"h{number}", valuesPath=f"h{number}"))
        parts.append(secret(encoded(own), f"h{number}-secrets"))
    return "".join(parts)


@pytest.mark.parametrize("count", [redaction.FEW // 100, redaction.FEW // 10], ids=["few", "many"])
def test_a_copy_is_found_among_any_number_of_values(count: int) -> None:
    stream = many(count)
    last = hashlib.sha512(f"JWT_SECRET{count - 1}".encode()).hexdigest()
    assert rules_of(run(stream + config(last[:-1]), REDACT)) == []
    copied = run(stream + config(last), REDACT)
    assert (rules_of(copied), output(copied)) == (["not-redacted"], "")


def test_copies_are_reported_in_their_order() -> None:
    outcome = run(GOOD + config(SOUND["JWT_SECRET"]) + f"  b: {PASSWORD}\n", REDACT)
    assert [each.key for each in outcome.report.findings] == ["JWT_SECRET", "ADMIN_PASSWORD"]


def test_other_variables_of_a_pod_stay() -> None:
    shown = output(run(GOOD + heimdall([*LAST, literal("NODE_ENV", "of-no-secret"), literal("PORT", "3000")]), REDACT))
    assert '{"name": "NODE_ENV", "value": "of-no-secret"}' in shown
    assert '{"name": "PORT", "value": "3000"}' in shown


ALONE = [
    ("nothing else", GOOD),
    ("a part of it", GOOD + config(PASSWORD[:-1])),
    ("the key's name", GOOD + config("JWT_SECRET") + "# ADMIN_PASSWORD\n"),
    ("a literal in a pod", secret(VALUES) + heimdall([*mapped(), literal("ADMIN_PASSWORD", PASSWORD)])),
    ("a placeholder", contract("existing", secret="x") + config("CHANGE_ME")),
]


@pytest.mark.parametrize("stream", [row[1] for row in ALONE], ids=[row[0] for row in ALONE])
def test_what_is_hidden_is_no_error(stream: str) -> None:
    outcome = run(stream, REDACT)
    assert rules_of(outcome) == []
    assert [value for value in (*SOUND.values(), *VALUES.values()) if value in output(outcome)] == []


def test_without_it_a_copy_is_no_error() -> None:
    stream = GOOD + config(PASSWORD)
    assert output(run(stream)) == stream
