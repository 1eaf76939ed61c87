"""Charts without a contract: the user's value that gave what is wrong, or that would give what is missing."""

from typing import Any

import pytest

from post_renderer.model.settings import Settings
from tests.unit.streams import SOUND, encoded, heimdall, literal, mapped, rules_of, run, secret

OLD = dict(zip(SOUND, ("jwtSecret", "apiKeySecret", "databasePassword", "adminPassword"), strict=True))
FLAT = {OLD[key]: value for key, value in SOUND.items()}
ADMIN, LDAP = "ADMIN_PASSWORD", "LDAP_PASSWORD"
WEAK = "Grand-Canyon"  # too short for a password of 22 characters
TAKEN = heimdall(mapped([*SOUND, LDAP]))


def rendered(**changed: str) -> str:
    """A Secret of these values, and the container that takes them."""
    return secret(encoded({**SOUND, **changed})) + TAKEN


GAVE: list[tuple[str, dict[str, Any], str]] = [
    ("a flat name", {**FLAT, "adminPassword": WEAK}, "adminPassword"),
    ("in a subchart", {"viewer": {**FLAT, "adminPassword": WEAK}}, "viewer.adminPassword"),
    ("in a section", {"heimdall": {"secrets": {**SOUND, ADMIN: WEAK}}}, "heimdall.secrets.ADMIN_PASSWORD"),
    ("whatever it is called", {"auth": {"initial": {"pw": WEAK}}}, "auth.initial.pw"),
    ("in a list", {"env": [{"name": "A", "value": "b"}, {"name": ADMIN, "value": WEAK}]}, "env.1.value"),
    ("twice, once by its name", {"demo": {"password": WEAK}, "adminPassword": WEAK}, "adminPassword"),
    ("with white space", {"x": {"password": f"{WEAK}\n"}}, "x.password"),
]


@pytest.mark.parametrize(("values", "path"), [row[1:] for row in GAVE], ids=[row[0] for row in GAVE])
def test_the_value_that_gave_it(values: dict[str, Any], path: str) -> None:
    outcome = run(rendered(**{ADMIN: WEAK}), Settings(values=values))
    found = [each for each in outcome.report.findings if each.key == ADMIN]
    assert found
    assert {(each.where.values, each.where.what) for each in found} == {
        (path, "Secret ns/h-secrets, key ADMIN_PASSWORD")
    }
    (state,) = (each for each in outcome.report.judged[0].keys if each.key == ADMIN)
    assert state.source.values == path


UNCLEAR: list[tuple[str, dict[str, Any]]] = [
    ("another text", {"adminPassword": "Another"}),
    ("a part of it", {"x": {"password": WEAK[:-1]}}),
    ("twice", {"one": {"password": WEAK}, "two": {"password": WEAK}}),
    ("twice by its name", {"one": {"adminPassword": WEAK}, "two": {"adminPassword": WEAK}}),
    ("a number", {"adminPassword": 12345678}),
    ("what may be a secret in place of a name", {"secrets": {"hunter2": WEAK}}),
    ("no name", {"x": {"a b": WEAK}}),
    ("nothing", {}),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize("values", [row[1] for row in UNCLEAR], ids=[row[0] for row in UNCLEAR])
def test_it_is_not_clear(values: dict[str, Any]) -> None:
    settings = Settings(values={**values, "unrelated": "x"}, exact=True)
    found = [each for each in run(rendered(**{ADMIN: WEAK}), settings).report.findings if each.key == ADMIN]
    assert found
    assert {each.where.values for each in found if each.rule != "ignored"} == {""}


def test_a_short_text_needs_the_name() -> None:
    for values, path in (({"replicas": "x"}, ""), ({"adminPassword": "x"}, "adminPassword")):
        found = run(rendered(**{ADMIN: "x"}), Settings(values={**values, "a": "b"}, exact=True)).report.findings
        assert {each.where.values for each in found if each.rule == "short-value"} == {path}


def test_what_a_login_needs_is_found_too() -> None:
    stream, values = rendered(**{LDAP: "${LDAP_PASSWORD}"}), {**FLAT, "ldapPassword": "${LDAP_PASSWORD}"}
    (refused,) = (
        each
        for each in run(stream, Settings(values=values, inject=True)).report.findings
        if each.rule == "env-not-allowed"
    )
    assert refused.where.values == "ldapPassword"


without = {name: value for name, value in FLAT.items() if name != "adminPassword"}
OWN = {key: value for key, value in SOUND.items() if key != ADMIN}
NAMED: list[tuple[str, dict[str, Any], str, str]] = [
    ("a flat name", without, "adminPassword", 'echo "Admin_$(openssl rand -hex 8)", as adminPassword in the values'),
    ("in a subchart", {"viewer": without}, "viewer.adminPassword",
     'echo "Admin_$(openssl rand -hex 8)", as viewer.adminPassword in the values'),
    ("misspelt", {**without, "adminPasword": WEAK}, "adminPasword",
     "did you mean adminPassword? rename adminPasword in the values"),
    ("misspelt in a subchart", {"viewer": {**without, "adminpassword": WEAK}}, "viewer.adminpassword",
     "did you mean adminPassword? rename viewer.adminpassword in the values"),
    ("in a section", {"heimdall": {"secrets": OWN}}, "heimdall.secrets.ADMIN_PASSWORD",
     'echo "Admin_$(openssl rand -hex 8)", as heimdall.secrets.ADMIN_PASSWORD in the values'),
    ("misspelt in a section", {"heimdall": {"secrets": {**OWN, "ADMIN_PASWORD": WEAK}}},
     "heimdall.secrets.ADMIN_PASWORD",
     "did you mean ADMIN_PASSWORD? rename heimdall.secrets.ADMIN_PASWORD in the values"),
    ("by the chart's empty default", {**dict.fromkeys(OLD.values(), "")}, "adminPassword",
     'echo "Admin_$(openssl rand -hex 8)", as adminPassword in the values'),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("values", "path", "fix"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_what_the_chart_calls_it(values: dict[str, Any], path: str, fix: str) -> None:
    """Whether the chart renders an empty key, or leaves the variable out."""
    given = Settings(values=values, exact=True)
    lacking = secret(encoded(OWN)) + heimdall(mapped(OWN))
    for rule, stream in (("no-source", lacking), ("missing-key", rendered(**{ADMIN: ""}))):
        (found,) = (each for each in run(stream, given).report.findings if each.rule == rule)
        assert (found.key, found.where.values, str(found.fix)) == (ADMIN, path, fix)


def test_a_chart_that_does_not_show_it() -> None:
    """Its values are the first way, its template only for whoever wrote it."""
    stream = secret(encoded(OWN)) + heimdall(mapped(OWN))
    for settings in (Settings(), Settings(values={"replicas": 1}, exact=True)):
        (found,) = (each for each in run(stream, settings).report.findings if each.rule == "no-source")
        assert str(found.fix).startswith("helm show values CHART, and set the value for ADMIN_PASSWORD; in a chart of")


def test_an_existing_secret_gets_no_value() -> None:
    values = {"heimdall": {"existingSecret": "h-secrets"}}
    (found,) = (
        each
        for each in run(rendered(**{ADMIN: ""}), Settings(values=values)).report.findings
        if each.rule == "missing-key"
    )
    assert "in the values" not in str(found.fix)


def test_a_literal_has_its_value_too() -> None:
    values = {"extraEnv": [{"name": ADMIN, "value": SOUND[ADMIN]}], **without}
    stream = secret(encoded(OWN)) + heimdall([*mapped(OWN), literal(ADMIN, SOUND[ADMIN])])
    outcome = run(stream, Settings(values=values, exact=True))
    assert rules_of(outcome, "warning") == ["literal-secret"]
    assert [each.where.values for each in outcome.report.findings if each.rule == "literal-secret"] == [
        "extraEnv.0.value"
    ]
