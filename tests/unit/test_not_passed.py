"""Keys that are stored and not given to the pod: named if the application knows them, else counted; and a login's."""

import pytest

from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import Finding
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.rules import policy, settings
from tests.unit.streams import FILE, SOUND, contract, encoded, file, rules_of, run, secret, unfilled

OPTIONAL = ",".join((*policy.OPTIONAL, "MINE"))
ROWS: list[tuple[str, dict[str, str], list[str]]] = [
    ("a setting", {"HTTPS_PROXY": "x"}, ["HTTPS_PROXY is stored in Secret ns/h-secrets and not given to the pod"]),
    ("nearly one", {"HTTPS_PROXI": "x"}, ["HTTPS_PROXI is stored in Secret ns/h-secrets and not given to the pod"]),
    ("an unknown one", {"TENABLE_API_TOKEN": "x"}, ["1 key that is not known is stored in Secret ns/h-secrets and"]),
    (
        "two",
        {"TENABLE_API_TOKEN": "x", "A_B": "y"},
        ["2 keys that are not known are stored in Secret ns/h-"],
    ),
    (
        "both",
        {"LDAP_HOST": "x", "TENABLE_API_TOKEN": "y"},
        ["LDAP_HOST is stored in Secret ns/h-secrets", "1 key that is not known is stored"],
    ),
]
NOT: list[tuple[str, dict[str, str]]] = [
    ("none", {}),
    ("one that the application reads", {"LDAP_PASSWORD": "x"}),
    ("one that the chart passes", {"MINE": "x"}),
    ("a near miss of a secret has its own rule", {"LDAP_PASSWORT": "x"}),
    ("no variable has its own rule", {"with-dash": "x"}),
]


def found(outcome: Outcome) -> list[Finding]:
    """The findings of the rule."""
    return [each for each in outcome.report.findings if each.rule == "not-passed"]


def given(approach: str, more: dict[str, str], **data: str) -> Outcome:
    """A stream in which the chart's Secret has these keys too, in each of the three ways."""
    says = contract(approach, **{"optional": OPTIONAL, **data})
    if approach == "files":
        return run(says + secret(unfilled()), files={FILE: file(SOUND | more)})
    if approach == "inline":
        return run(says + secret(encoded(SOUND | more)))
    return run(says + secret(SOUND | more, field="stringData"))


@pytest.mark.parametrize("approach", ["inline", "files", "existing"])
@pytest.mark.parametrize(("more", "messages"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_not_passed(approach: str, more: dict[str, str], messages: list[str]) -> None:
    outcome = given(approach, more)
    warnings = found(outcome)
    assert [each.severity for each in warnings] == ["warning"] * len(messages)
    assert all(each.message.startswith(text) for each, text in zip(warnings, messages, strict=True)), warnings
    assert all("heimdall.extraSecretKeys" in str(each.fix) for each in warnings)
    assert "TENABLE" not in str(outcome.report.findings)
    assert rules_of(outcome) == []


@pytest.mark.parametrize("approach", ["inline", "files", "existing"])
@pytest.mark.parametrize("more", [row[1] for row in NOT], ids=[row[0] for row in NOT])
def test_passed(approach: str, more: dict[str, str]) -> None:
    """The twin table."""
    assert found(given(approach, more)) == []


def test_a_chart_that_does_not_say_what_it_passes() -> None:
    """As those before it."""
    assert found(given("inline", {"HTTPS_PROXY": "x"}, optional="")) == []


def test_a_key_that_comes_from_another_secret() -> None:
    outcome = given("files", {}, sources="JWT_SECRET=other/jwt")
    (warning,) = found(outcome)
    assert warning.message.startswith("JWT_SECRET is stored in Secret ns/h-secrets and not given to the pod")
    assert warning.fix == "leave it out: heimdall.keys.JWT_SECRET takes it from another Secret"


def test_a_live_secret_may_serve_others() -> None:
    """What the application knows is reported, and nothing is counted."""
    fact = LiveFact(
        {key: value.encode() for key, value in {**SOUND, "TENABLE_API_TOKEN": "x", "NO_PROXY": "y"}.items()}
    )
    stream = contract("existing", optional=OPTIONAL)
    outcome = run(stream, Settings(live=True), live={"h-secrets": fact})
    assert [each.message for each in found(outcome)] == [
        "NO_PROXY is stored in Secret ns/h-secrets and not given to the pod"
    ]


def test_a_setting_is_no_secret() -> None:
    assert not {*settings.NAMES} & {*policy.KEYS, *policy.OPTIONAL}


# --- a login's key, which the contract requires ----------------------------------------------------------------------

REQUIRED = ",".join((*SOUND, "GITHUB_CLIENTSECRET"))
LOGINS: list[tuple[str, dict[str, str], list[str]]] = [
    ("missing", {}, ["missing-key"]),
    ("empty", {"GITHUB_CLIENTSECRET": ""}, ["missing-key"]),
    ("a placeholder", {"GITHUB_CLIENTSECRET": "CHANGE_ME"}, ["placeholder"]),
    ("short, as its provider made it", {"GITHUB_CLIENTSECRET": "a"}, []),
    ("good", {"GITHUB_CLIENTSECRET": "kP3-vQ8~wZ1.xR6"}, []),
]


@pytest.mark.parametrize("approach", ["inline", "files", "existing"])
@pytest.mark.parametrize(("more", "errors"), [row[1:] for row in LOGINS], ids=[row[0] for row in LOGINS])
def test_a_logins_key(approach: str, more: dict[str, str], errors: list[str]) -> None:
    """It must be there, and is not measured: nobody can make another one, so no command is offered that makes one."""
    outcome = given(approach, more, required=REQUIRED)
    assert rules_of(outcome) == errors
    assert rules_of(outcome, "warning") == []
    fixes = [str(each.fix) for each in outcome.report.findings]
    assert not [fix for fix in fixes if "openssl" in fix or "generate" in fix]
    assert all(policy.GIVEN in fix for fix in fixes)
