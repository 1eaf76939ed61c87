"""Keys that something else remembers, such as a database its password: compared with the cluster's, if it is asked."""

import pytest

from post_renderer import pipeline
from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.settings import Settings
from tests.unit.streams import FILE, SOUND, contract, encoded, file, rules_of, run, secret

OLD = "an-older-password-an-older-password-an-older-password-an-older-pass-1"
LIVE = Settings(live=True)
FAILED = LiveFact(None, (Finding(ERROR, "live-forbidden", Place("Secret ns/h-secrets"), "the live Secret …", "", "…"),))
ABSENT = LiveFact(None, (Finding(ERROR, "live-absent", Place("Secret ns/h-secrets"), "…", "", "…"),), True)


def live(**values: str) -> LiveFact:
    """What the cluster has."""
    return LiveFact({key: value.encode() for key, value in values.items()})


def stream(approach: str, fixed: str = "DATABASE_PASSWORD") -> str:
    """A release with its own Secret."""
    return contract(approach, fixed=fixed) + secret(encoded(SOUND))


SAME, OTHER = live(**SOUND), live(**{**SOUND, "DATABASE_PASSWORD": OLD})
ROWS: list[tuple[str, str, LiveFact, list[str]]] = [
    ("another one", "DATABASE_PASSWORD", OTHER, ["fixed-key"]),
    ("the same", "DATABASE_PASSWORD", SAME, []),
    ("another of another key", "DATABASE_PASSWORD", live(**{**SOUND, "JWT_SECRET": OLD}), []),
    ("nothing is remembered", "", OTHER, []),
    ("none yet", "DATABASE_PASSWORD", ABSENT, []),
    ("none of that key", "DATABASE_PASSWORD", live(JWT_SECRET=OLD), []),
    ("an empty one", "DATABASE_PASSWORD", live(DATABASE_PASSWORD=""), []),
    ("not readable", "DATABASE_PASSWORD", FAILED, ["live-forbidden"]),
]


@pytest.mark.parametrize(("fixed", "fact", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
@pytest.mark.parametrize("approach", ["files", "inline"])
def test_compared(approach: str, fixed: str, fact: LiveFact, expected: list[str]) -> None:
    """The value that is to come with the one that is there; no value is in the message."""
    outcome = run(stream(approach, fixed), LIVE, files={FILE: file(SOUND)}, live={"h-secrets": fact})
    assert rules_of(outcome) == expected
    assert OLD not in str(outcome.report)
    assert SOUND["DATABASE_PASSWORD"] not in str(outcome.report)


def test_asked_only_if_it_helps() -> None:
    """With --live, for a Secret that the release fills, and that has such a key."""
    asked = (("ns", "h-secrets"),)
    assert pipeline.plan(stream("files").encode(), LIVE).secrets == asked
    assert pipeline.plan(stream("files").encode(), Settings()).secrets == ()
    assert pipeline.plan(stream("files", "").encode(), LIVE).secrets == ()
    assert pipeline.plan((contract("existing", fixed="DATABASE_PASSWORD")).encode(), LIVE).secrets == asked


def test_contract_says_it_in_names() -> None:
    """Anything else is no contract of ours."""
    assert rules_of(run(stream("inline", "no name!"), LIVE)) == ["contract-damaged"]
