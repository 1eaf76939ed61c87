"""What must hold for charts that know nothing of us: bytes stay, fills are what YAML reads, no value is told."""

import base64
from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as some

from post_renderer.model.settings import Settings
from post_renderer.report import text
from tests.fuzz.test_fuzz import PIECES
from tests.unit.streams import (
    FILE,
    OTHERS,
    SOUND,
    encoded,
    file,
    heimdall,
    literal,
    mapped,
    output,
    run,
    secret,
    whole,
)

REFERENCES = {key: f"${{{key}}}" for key in SOUND}
THEIRS = [
    OTHERS + secret(encoded(SOUND)) + heimdall(mapped()),
    secret(SOUND, field="stringData") + heimdall(env_from=[whole()]) + OTHERS,
    secret(encoded(REFERENCES)) + heimdall(mapped(), kind="CronJob"),
    secret({}) + heimdall([literal(key, value) for key, value in SOUND.items()]),
    secret(SOUND, "config").replace("kind: Secret", "kind: ConfigMap")
    + heimdall(env_from=[whole("config", "configMapRef")]),
]
CANARIES = [*SOUND.values(), *encoded(SOUND).values()]
VALUES = {"heimdall": {"secretsFiles": [FILE]}}


@given(
    some.sampled_from(THEIRS),
    some.integers(0, 3000),
    some.integers(0, 40),
    some.one_of(some.sampled_from(PIECES), some.binary(max_size=4)),
)
def test_a_damaged_chart_leaves_as_it_came_or_is_refused(theirs: str, at: int, cut: int, put: bytes) -> None:
    data = theirs.encode()
    at %= len(data)
    damaged = data[:at] + put + data[at + cut :]
    outcome = run(damaged)
    assert not any(canary in text.render(outcome.report) for canary in CANARIES)
    assert b"".join(outcome.pieces) in (b"", damaged)


@given(
    some.sampled_from(THEIRS),
    some.integers(0, 3000),
    some.one_of(some.sampled_from(PIECES), some.binary(max_size=4)),
    some.booleans(),
    some.booleans(),
)
def test_a_damaged_chart_with_injection_tells_nothing(
    theirs: str, at: int, put: bytes, redact: bool, files: bool
) -> None:
    data = theirs.encode()
    at %= len(data)
    damaged = data[:at] + put + data[at:]
    settings = Settings(inject=True, redact=redact, values=VALUES if files else None)
    outcome = run(damaged, settings, {FILE: file(SOUND)}, SOUND)
    assert not any(canary in text.render(outcome.report) for canary in CANARIES)


TEXTS = some.text(some.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
NAMES = some.one_of(some.sampled_from(list(SOUND)), some.sampled_from(["a", "B_C", "x.y", "0"]))
BODIES = some.fixed_dictionaries(
    {},
    optional={
        "data": some.one_of(some.none(), some.dictionaries(NAMES, TEXTS.map(lambda text: encoded({"": text})[""]))),
        "stringData": some.one_of(some.none(), some.dictionaries(NAMES, TEXTS)),
    },
)


@given(BODIES, some.sampled_from([None, True, False]), some.sampled_from([1, 2, 4]), some.booleans(), some.booleans())
def test_what_is_filled_is_what_yaml_reads(
    body: dict[str, dict[str, str] | None], flow: bool | None, indent: int, carriage: bool, first: bool
) -> None:
    """In any style that a Secret comes in; and every other field reads as it did."""
    before = {"kind": "Secret", "metadata": {"name": "h-secrets", "namespace": "ns"}, **body, "type": "Opaque"}
    rendered = yaml.safe_dump(before, sort_keys=first, default_flow_style=flow, indent=indent, allow_unicode=True)
    rendered = rendered.replace("\n", "\r\n") if carriage else rendered
    user = heimdall(env_from=[whole()])
    outcome = run(user + "---\n" + rendered, Settings(inject=True, values=VALUES), {FILE: file(SOUND)})
    left = output(outcome)
    assert left.startswith(user), text.render(outcome.report)
    after = yaml.safe_load(left.removeprefix(user))
    assert {**decoded(before), **SOUND} == decoded(after)
    assert {key: value for key, value in after.items() if key not in ("data", "stringData")} == {
        key: value for key, value in before.items() if key not in ("data", "stringData")
    }


def decoded(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What the API server makes of it."""
    data = {key: base64.b64decode(value).decode() for key, value in (manifest.get("data") or {}).items()}
    return {**data, **(manifest.get("stringData") or {})}
