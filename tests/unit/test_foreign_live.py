"""--live for charts that know nothing of contracts: the Secrets that their containers take from."""

import pytest

from post_renderer import pipeline
from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.settings import Settings
from tests.unit.streams import SOUND, encoded, heimdall, mapped, rules_of, run, secret, whole

LIVE = Settings(strict=True, live=True)
JWT = "JWT_SECRET"
NO_JWT = {key: value for key, value in SOUND.items() if key != JWT}
FAILED = LiveFact(None, (Finding(ERROR, "live-forbidden", Place("Secret ns/x"), "may not be read by you", "", "…"),))
ABSENT = LiveFact(None, (Finding(ERROR, "live-absent", Place("Secret ns/x"), "is not there", "it", "…"),), True)
DATABASE = [entry for entry in mapped() if entry["name"] != "DATABASE_PASSWORD"]
TWO = [*DATABASE, *({**entry, "name": "DATABASE_PASSWORD"} for entry in mapped(["password"], "pg"))]
ONE_SECRET, WHOLE = heimdall(mapped()), heimdall(env_from=[whole()])


def held(values: dict[str, str]) -> LiveFact:
    """What a cluster holds."""
    return LiveFact({key: value.encode() for key, value in values.items()})


def made(*keys: str) -> str:
    """An ExternalSecret."""
    data = ", ".join(f"{{secretKey: {key}, remoteRef: {{key: x, property: {key}}}}}" for key in keys)
    spec = f"data: [{data}]" if keys else "dataFrom: [{extract: {key: x}}]"
    metadata = "metadata: {name: h-secrets, namespace: ns}"
    return f"---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\n{metadata}\nspec:\n  {spec}\n"


CASES: list[tuple[str, str, dict[str, LiveFact], list[str]]] = [
    ("each key", ONE_SECRET, {"h-secrets": held(SOUND)}, []),
    ("whole", WHOLE, {"h-secrets": held(SOUND)}, []),
    ("with a prefix", heimdall(env_from=[whole(prefix="JWT_")]) + secret({}, "y"),
     {"h-secrets": held({"SECRET": SOUND[JWT]})}, ["missing-key"] * 3),
    ("a key is missing", ONE_SECRET, {"h-secrets": held(NO_JWT)}, ["missing-key"]),
    ("a key of the whole is missing", WHOLE, {"h-secrets": held(NO_JWT)}, ["missing-key"]),
    ("a key is empty", ONE_SECRET, {"h-secrets": held({**SOUND, JWT: " "})}, ["missing-key"]),
    ("a placeholder", WHOLE, {"h-secrets": held({**SOUND, JWT: "CHANGE_ME"})}, ["placeholder"]),
    ("two Secrets", heimdall(TWO), {"h-secrets": held(SOUND), "pg": held({"password": SOUND["DATABASE_PASSWORD"]})},
     []),
    ("one of two lacks it", heimdall(TWO), {"h-secrets": held(SOUND), "pg": held({"user": "x"})}, ["missing-key"]),
    ("one of two is forbidden", heimdall(TWO), {"h-secrets": held(SOUND), "pg": FAILED}, ["live-forbidden"]),
    ("one of two is in the stream", heimdall(TWO) + secret(encoded(SOUND)), {"pg": ABSENT}, ["live-absent"]),
    ("absent", WHOLE, {"h-secrets": ABSENT}, ["live-absent"]),
    ("a later one overrides", heimdall(env_from=[whole(), whole("b")]),
     {"h-secrets": held(SOUND), "b": held({JWT: "CHANGE_ME"})}, ["placeholder"]),
    ("what commands the process", WHOLE, {"h-secrets": held({**SOUND, "LD_PRELOAD": "x"})}, ["dangerous-variable"]),
]  # fmt: skip  # a table to read


@pytest.mark.parametrize(("stream", "facts", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_live(stream: str, facts: dict[str, LiveFact], expected: list[str]) -> None:
    """Checked as if the Secret were in the stream; what was read is named, and where a value is from."""
    outcome = run(stream, LIVE, live=facts)
    assert rules_of(outcome) == expected
    (judged,) = outcome.report.judged
    read = [f"live Secret ns/{name}" for name, fact in facts.items() if fact.values is not None]
    assert sorted(judged.read) == sorted(read)
    assert judged.seen or expected
    for finding in (each for each in outcome.report.findings if each.rule != "taken-for"):
        assert "Secret ns/" in str(finding.where)
    assert "not-checked" not in rules_of(run(stream, LIVE._replace(strict=False), live=facts), "note")


LEFT_ALONE = [
    ("not asked", ONE_SECRET, Settings(), ()),
    ("in the stream", ONE_SECRET + secret(encoded(SOUND)), LIVE, ()),
    ("made in the stream, and perhaps there", ONE_SECRET + made(*SOUND), LIVE, (("ns", "h-secrets"),)),
    ("nobody's workload", heimdall(mapped(["X"]), image="other"), LIVE, ()),
]


@pytest.mark.parametrize(
    ("stream", "settings", "asked"), [row[1:] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE]
)
def test_what_is_asked(stream: str, settings: Settings, asked: tuple[tuple[str, str], ...]) -> None:
    assert pipeline.plan(stream.encode(), settings).secrets == asked


LATER: list[tuple[str, LiveFact, list[str], list[str]]] = [
    ("a first install", ABSENT, [], ["values-unseen"]),
    ("a key that the next sync brings", held(NO_JWT), [], ["values-unseen"]),
    ("all there", held(SOUND), [], []),
    ("a bad value", held({**SOUND, JWT: "CHANGE_ME"}), ["placeholder"], []),
    ("it may not be read", FAILED, ["live-forbidden"], []),
]


@pytest.mark.parametrize(("fact", "errors", "notes"), [row[1:] for row in LATER], ids=[row[0] for row in LATER])
@pytest.mark.parametrize("container", [ONE_SECRET, WHOLE], ids=["by key", "whole"])
def test_what_is_there_of_what_is_made(container: str, fact: LiveFact, errors: list[str], notes: list[str]) -> None:
    """Values are checked as far as they are there; what an object brings is not missing."""
    outcome = run(container + made(*SOUND), LIVE, live={"h-secrets": fact})
    assert (rules_of(outcome), rules_of(outcome, "note")) == (errors, notes + ["taken-for"] * bool(errors))
    assert outcome.report.judged[0].seen == (not notes and "live-forbidden" not in errors)
    if fact.values and JWT not in fact.values:
        lacking = run(container + made(*NO_JWT), LIVE, live={"h-secrets": fact})
        assert rules_of(lacking) == ["missing-key"]


def test_to_come_is_not_absent() -> None:
    found = run(ONE_SECRET + made(), LIVE._replace(strict=False), live={"h-secrets": ABSENT})
    assert (rules_of(found), rules_of(found, "note")) == ([], ["not-checked"])


def test_a_namespace_is_never_guessed() -> None:
    stream = ONE_SECRET.replace('"namespace": "ns"', '"labels": {}')
    assert "live-namespace" in rules_of(run(stream, LIVE))
    there = LIVE._replace(namespace="there")
    assert pipeline.plan(stream.encode(), there).secrets == (("there", "h-secrets"),)
    assert rules_of(run(stream, there, live={"h-secrets": held(SOUND)})) == []
