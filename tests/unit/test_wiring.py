"""Pods beside a contract: they must take their variables from the Secret that the contract names."""

import pytest

from post_renderer.model.settings import Settings
from tests.unit.streams import (
    SOUND,
    Entry,
    contract,
    encoded,
    heimdall,
    literal,
    mapped,
    rules_of,
    run,
    secret,
    whole,
)

GOOD = contract("existing") + secret(encoded(SOUND))
OTHER = secret(encoded({**SOUND, "JWT_SECRET": SOUND["JWT_SECRET"][::-1]}), "other")
JWT = "JWT_SECRET"
REST = [name for name in SOUND if name != JWT]
REF: Entry = {"name": JWT, "valueFrom": {"secretKeyRef": {"name": "h-secrets", "key": "API_KEY_SECRET"}}}
FIELD: Entry = {"name": JWT, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}

MISWIRED: list[tuple[str, str, list[str]]] = [
    ("a literal after the reference", heimdall([*mapped(), literal(JWT, "changeme")]), ["placeholder", "wrong-secret"]),
    ("a key that is not taken", heimdall(mapped(REST)), ["no-source"]),
    ("another Secret", OTHER + heimdall([*mapped(REST), *mapped([JWT], "other")]), ["wrong-secret"]),
    ("another Secret that is not here", heimdall([*mapped(REST), *mapped([JWT], "x")]), ["wrong-secret"]),
    ("another key", heimdall([*mapped(REST), REF]), ["wrong-secret"]),
    ("envFrom, and a literal", heimdall([literal(JWT, "changeme")], [whole()]), ["placeholder", "wrong-secret"]),
    ("a field of the pod", heimdall([*mapped(REST), FIELD]), ["wrong-secret"]),
    ("a later envFrom", OTHER + heimdall(env_from=[whole(), whole("other")]), ["wrong-secret"] * 4),
    ("the second container alone", heimdall(mapped()) + heimdall(mapped(REST), kind="Deployment"), ["no-source"]),
]


@pytest.mark.parametrize(("pods", "errors"), [row[1:] for row in MISWIRED], ids=[row[0] for row in MISWIRED])
def test_a_pod_that_takes_another_value_is_refused(pods: str, errors: list[str]) -> None:
    """Whatever the contract's own Secret has."""
    outcome = run(GOOD + pods)
    assert sorted(rules_of(outcome)) == errors
    assert not outcome.pieces
    assert all(finding.key for finding in outcome.report.findings if finding.severity == "error")


@pytest.mark.parametrize("spelling", ["true", "True", "yes", "on"])
def test_an_optional_key_is_a_warning(spelling: str) -> None:
    pod = heimdall([*mapped(REST), *mapped([JWT], optional=True)])
    outcome = run(GOOD + pod.replace('"optional": true', f'"optional": {spelling}'))
    assert (rules_of(outcome), rules_of(outcome, "warning")) == ([], ["optional-key"])


WIRED: list[tuple[str, str]] = [
    ("each key", GOOD + heimdall(mapped())),
    ("the whole Secret", GOOD + heimdall(env_from=[whole()])),
    ("the whole Secret, last", GOOD + OTHER + heimdall(env_from=[whole("other"), whole()])),
    ("a reference after a literal", GOOD + heimdall([literal(JWT, "changeme"), *mapped()])),
    ("envFrom of another, and each key", GOOD + OTHER + heimdall(mapped(), [whole("other")])),
    ("a migration that takes one", GOOD + heimdall(mapped([JWT, "DATABASE_PASSWORD"]), kind="Job")),
    ("keys of another Secret, as the contract says", contract("existing", sources="JWT_SECRET=pg/jwt")
     + secret(encoded({name: SOUND[name] for name in REST})) + secret(encoded({"jwt": SOUND[JWT]}), "pg")
     + heimdall([*mapped(REST), *mapped([JWT], "pg", key="jwt")])),
    ("filled from files", contract("existing") + secret(encoded(SOUND)) + heimdall(mapped(), kind="Rollout")),
]  # fmt: skip  # a table to read


@pytest.mark.parametrize("stream", [row[1] for row in WIRED], ids=[row[0] for row in WIRED])
def test_a_pod_that_takes_what_the_contract_says(stream: str) -> None:
    """It adds nothing to the report: its contract speaks for it."""
    report = run(stream, Settings(strict=True)).report
    assert (report.findings, len(report.judged)) == ((), 1)


def test_a_contract_that_asks_for_less_does_not_speak_for_the_rest() -> None:
    values = encoded({"FOO": "f00dfeedf00dfeed0123", "JWT_SECRET": "changeme"})
    stream = contract("existing", required="FOO", lengths="") + secret(values) + heimdall(mapped([JWT]))
    assert sorted(rules_of(run(stream))) == ["no-source", "no-source", "no-source", "placeholder"]


KINDS = ["ReplicationController", "Rollout", "DeploymentConfig", "CloneSet", "Service", "BroadcastJob"]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_makes_pods(kind: str) -> None:
    outcome = run(secret(encoded({**SOUND, JWT: ""})) + heimdall(mapped(), kind=kind))
    assert rules_of(outcome) == ["missing-key"]


def test_a_service_makes_none() -> None:
    service = (
        "---\nkind: Service\nmetadata: {name: heimdall2}\nspec: {selector: {app: heimdall2}, ports: [{port: 80}]}\n"
    )
    assert run(GOOD + service, Settings(strict=True)).report.findings == ()
