"""What the user's values add for a chart without a contract, and where they are not those that were rendered."""

import pytest

from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.requirements import user_values
from post_renderer.requirements.profile import HEIMDALL
from tests.unit.streams import (
    FILE,
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
    whole,
)

JWT = "JWT_SECRET"
OLD = dict(zip(SOUND, ("jwtSecret", "apiKeySecret", "databasePassword", "adminPassword"), strict=True))
Values = dict[str, object]
OWN = secret(encoded(SOUND)) + heimdall(mapped())
RELEASED = secret({OLD[key]: value for key, value in encoded(SOUND).items()}) + heimdall(
    [entry for key in SOUND for entry in mapped([key], key=OLD[key])]
)
FLAT: Values = {OLD[key]: value for key, value in SOUND.items()}
OTHER = {key: value[::-1] for key, value in SOUND.items()}
ELSEWHERE = heimdall(env_from=[whole("live")])
RELEASED_BY_SOPS = heimdall([entry for key in SOUND for entry in mapped([key], key=OLD[key])])


def three(**heimdall: object) -> Values:
    """Values of the three approaches."""
    return {"heimdall": heimdall}


def noted(outcome: Outcome) -> list[str]:
    """Where a value is that was not used, as far as that is seen."""
    return [str(each.where) for each in outcome.report.findings if each.rule == "ignored"]


AGREE = [
    ("not given", OWN, None, []),
    ("nothing of it", OWN, {"a": {"b": 1}, "heimdall": {"image": {"tag": "x"}}}, []),
    ("inline", OWN, three(secrets=SOUND), []),
    ("inline, one of them", OWN, three(secrets={JWT: SOUND[JWT]}), []),
    ("inline, from the environment", OWN, three(secrets={JWT: "${JWT_SECRET}"}), []),
    ("inline, not ours", OWN, three(secrets={"OTHER": "x"}), []),
    ("files", OWN, three(secretsFiles=[FILE]), []),
    ("inline and files, which the chart may merge", OWN, three(secrets=SOUND, secretsFiles=[FILE]), []),
    ("one inline value, overridden by what files may have", OWN,
     three(secrets={JWT: SOUND[JWT][::-1]}, secretsFiles=[FILE]), [f"heimdall.secrets.{JWT}"]),
    ("inline before existing", OWN, three(existingSecret="live", secrets=SOUND), ["heimdall.existingSecret"]),
    ("files before existing", OWN, three(existingSecret="live", secretsFiles=[FILE]), ["heimdall.existingSecret"]),
    ("existing before both", ELSEWHERE, three(existingSecret="live", secrets=SOUND, secretsFiles=[FILE]),
     ["heimdall.secrets", "heimdall.secretsFiles"]),
    ("existing in the stream", OWN, three(existingSecret="h-secrets"), []),
    ("empty is not set", OWN, three(existingSecret="", secrets={}, secretsFiles=[FILE]), []),
    ("of another type is not set", OWN, three(existingSecret=7, secrets="x", secretsFiles=3), []),
    ("flat", RELEASED, FLAT, []),
    ("under an alias", ELSEWHERE, {"w": three(existingSecret="live", secrets=SOUND)}, ["w.heimdall.secrets"]),
    ("flat, but the Secret comes otherwise", RELEASED_BY_SOPS, {**FLAT, "sops": {"enabled": True}}, ["jwtSecret"]),
    ("flat, under an alias, but the Secret comes otherwise", RELEASED_BY_SOPS, {"w": {"apiKeySecret": "x"}},
     ["w.apiKeySecret"]),
    ("a name that others have, too", OWN, {"grafana": {"adminPassword": "x"}}, []),
    ("a number that others have", OWN, {"grafana": {"adminPassword": 12345678}}, []),
    ("under two aliases, by its name", OWN,
     {"w": three(secrets=SOUND), "other": three(existingSecret="z", secrets=SOUND)}, []),
    ("flat, under an alias", RELEASED, {"w": FLAT}, []),
    ("another application's", OWN, {"vulcan": {"existingSecret": "z"}}, []),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "values", "ignored"), [row[1:] for row in AGREE], ids=[row[0] for row in AGREE])
def test_values_that_agree(stream: str, values: Values | None, ignored: list[str]) -> None:
    outcome = run(stream, Settings(values=values))
    assert rules_of(outcome) == []
    assert noted(outcome) == ignored
    assert output(outcome) == stream
    for word in ("wins", "precedence", "ignored, because"):
        assert word not in repr([each.message for each in outcome.report.findings])


CONTRADICT = [
    ("another existing Secret", ELSEWHERE, three(existingSecret="dead"), "heimdall.existingSecret"),
    ("existing, but the chart's own", OWN, three(existingSecret="live"), "heimdall.existingSecret"),
    ("inline, but not in the stream", ELSEWHERE, three(secrets=SOUND), "heimdall.secrets"),
    ("files, but not in the stream", ELSEWHERE, three(secretsFiles=[FILE]), "heimdall.secretsFiles"),
    ("another inline value", OWN, three(secrets={**SOUND, JWT: SOUND[JWT][::-1]}), f"heimdall.secrets.{JWT}"),
    ("another flat value", RELEASED, {**FLAT, "jwtSecret": SOUND[JWT][::-1]}, "jwtSecret"),
    ("a contract of files", secret(unfilled()) + contract("files"), three(existingSecret="z"),
     "heimdall.existingSecret"),
    ("a contract of other files", secret(unfilled()) + contract("files"), three(secretsFiles=["b.yaml"]),
     "heimdall.secretsFiles"),
    ("a contract of another existing Secret", contract("existing"), three(existingSecret="z"),
     "heimdall.existingSecret"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(
    ("stream", "values", "path"), [row[1:] for row in CONTRADICT], ids=[row[0] for row in CONTRADICT]
)
def test_values_that_contradict(stream: str, values: Values, path: str) -> None:
    outcome = run(stream, Settings(values=values), {FILE: file(SOUND)})
    assert [(each.rule, str(each.where)) for each in outcome.report.findings if each.severity == "error"] == [
        ("values-contradict", path)
    ]
    told = repr(outcome.report)
    assert not [value for value in SOUND.values() if value in told or value[::-1] in told]


EXACT = [row for row in CONTRADICT if not row[0].startswith("a contract")]


@pytest.mark.parametrize(("stream", "values", "path"), [row[1:] for row in EXACT], ids=[row[0] for row in EXACT])
def test_values_that_were_rendered_contradict_nothing(stream: str, values: Values, path: str) -> None:
    """If helm rendered the chart with these values, it does not use them as ours would: that is seen, no more."""
    outcome = run(stream, Settings(values=values, exact=True))
    assert rules_of(outcome) == []
    assert noted(outcome) == [path]


NUMBER = "DATABASE_PASSWORD"
UNTYPED: list[tuple[str, object, str, str]] = [
    ("an integer of a file", 12345678, "1.2345678e+07", "a number"),
    ("an integer of --set", 12345678, "12345678", "a number"),
    ("a float", 1.5, "1.5", "a number"),
    ("many digits", 12345678901234567890, "1.2345678901234567e+19", "a number"),
    ("a boolean", True, "true", "true or false"),
    ("a boolean in other words", False, "False", "true or false"),
    ("null", None, "<nil>", "null"),
    ("a list", ["a", "b"], "[a b]", "a list"),
    ("a mapping", {"a": "b"}, "map[a:b]", "a mapping"),
]


@pytest.mark.parametrize(("value", "rendered", "kind"), [row[1:] for row in UNTYPED], ids=[row[0] for row in UNTYPED])
@pytest.mark.parametrize("exact", [True, False])
def test_no_text(value: object, rendered: str, kind: str, exact: bool) -> None:
    """One finding, which says to quote it: what helm made of it is not judged as well."""
    held = encoded({**SOUND, NUMBER: rendered})
    for stream, values, path in (
        (secret(held) + heimdall(mapped()), three(secrets={**SOUND, NUMBER: value}), f"heimdall.secrets.{NUMBER}"),
        (
            secret({OLD[key]: each for key, each in held.items()})
            + heimdall([entry for key in SOUND for entry in mapped([key], key=OLD[key])]),
            {**FLAT, OLD[NUMBER]: value} if value is not None else three(secrets={NUMBER: value}),
            OLD[NUMBER] if value is not None else f"heimdall.secrets.{NUMBER}",
        ),
    ):
        outcome = run(stream, Settings(values=values, exact=exact))
        (found,) = (each for each in outcome.report.findings if each.severity == "error")
        assert (found.rule, str(found.where), found.key) == ("not-a-string", path, NUMBER)
        assert f"is {kind} in YAML" in found.message and "quote it" in str(found.fix)
        assert "--values" not in str(found.fix) and (kind != "a number" or rendered not in repr(found))


TYPED: list[tuple[str, object, str]] = [
    ("a text of digits", SOUND[NUMBER], SOUND[NUMBER]),
    ("a number, but files have another value", 12345678, SOUND[NUMBER]),
    ("true, but files have another value", True, SOUND[NUMBER]),
    ("null, which is no value", None, SOUND[NUMBER]),
]


@pytest.mark.parametrize(("value", "rendered"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_a_text_or_another_value(value: object, rendered: str) -> None:
    stream = secret(encoded({**SOUND, NUMBER: rendered})) + heimdall(mapped())
    values = three(secrets={**SOUND, NUMBER: value}, secretsFiles=[FILE])
    assert rules_of(run(stream, Settings(values=values))) == []


def test_no_place_is_empty() -> None:
    """Of any approach of any section."""
    values = ({"": 1, **FLAT}, {"w": FLAT}, {"jwtSecret": 7}, three(existingSecret="x"), three(secrets={"A": 1}))
    for section in (each for one in values for each in user_values.sections(one, HEIMDALL)):
        for approach in section.set:
            assert section.where(approach) and section.where(approach, "an unknown key")


AGREE_WITH_A_CONTRACT = [
    ("files", secret(unfilled()) + contract("files"), three(secretsFiles=[FILE])),
    ("a loser", secret(unfilled()) + contract("files", ignored="secrets"), three(secrets=SOUND)),
    ("under an alias", contract("existing", valuesPath="a.heimdall"), {"a": three(existingSecret="h-secrets")}),
    ("another's", contract("existing", valuesPath="a.heimdall"), {"b": three(existingSecret="z")}),
    ("nothing", contract("existing"), {}),
]


@pytest.mark.parametrize(
    ("stream", "values"), [row[1:] for row in AGREE_WITH_A_CONTRACT], ids=[row[0] for row in AGREE_WITH_A_CONTRACT]
)
def test_values_that_agree_with_a_contract(stream: str, values: Values) -> None:
    assert rules_of(run(stream, Settings(values=values), {FILE: file(SOUND)})) == []


def test_a_secret_of_another_chart_may_differ() -> None:
    """The database's own chart made the password: the inline one is not what was rendered, nor meant to be."""
    database = secret({"password": encoded(SOUND)["DATABASE_PASSWORD"]}, "pg")
    stream = (
        secret(encoded(SOUND)) + database + heimdall(mapped(["DATABASE_PASSWORD"], "pg", key="password"), [whole()])
    )
    values = three(secrets={**SOUND, "DATABASE_PASSWORD": SOUND["DATABASE_PASSWORD"][::-1]})
    assert run(stream, Settings(values=values)).report.ok


def test_each_of_several_gets_its_own_values() -> None:
    """A name is a hint alone: here the flat values' alias is in the name of the other one."""
    other = secret(encoded(OTHER), "b") + heimdall(env_from=[whole("b")]).replace('"w"', '"r-a"')
    values: Values = {"a": FLAT, "b": three(existingSecret="b", secrets=SOUND)}
    outcome = run(RELEASED + other, Settings(values=values))
    assert rules_of(outcome) == []
    assert noted(outcome) == [f"b.heimdall.secrets.{key}" for key in SOUND]
    weird: Values = {"a": three(existingSecret="x"), "b": three(existingSecret="y")}
    assert run(RELEASED + other, Settings(values=weird)).report.findings == ()


def test_sections_are_found_at_any_alias() -> None:
    values: Values = {**three(secrets={"A": "b"}), "a": {"b": three(existingSecret="x")}, "c": FLAT, "d": [three()]}
    found = user_values.sections(values, HEIMDALL)
    assert [(each.path, each.winner) for each in found] == [
        ("heimdall", "inline"),
        ("a.b.heimdall", "existing"),
        ("c", "inline"),
    ]
