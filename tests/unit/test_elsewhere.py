"""Keys that a contract takes from other Secrets: in the stream, made there, live, or not known."""

import pytest

from post_renderer import pipeline
from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.settings import Settings
from tests.unit.streams import FILE, SOUND, contract, encoded, file, rules_of, run, secret

PASSWORD = SOUND["DATABASE_PASSWORD"]
SOURCES = "DATABASE_PASSWORD=pg-app/password,JWT_SECRET=pg-app/jwt"
ENTRIES = {"DATABASE_PASSWORD": "password", "JWT_SECRET": "jwt"}
OWN = {key: SOUND[key] for key in ("API_KEY_SECRET", "ADMIN_PASSWORD")}
LIVE = Settings(strict=True, live=True)
FAILED = LiveFact(None, (Finding(ERROR, "live-forbidden", Place("Secret ns/pg-app"), "the live Secret …", "", "…"),))
ABSENT = LiveFact(
    None, (Finding(ERROR, "live-absent", Place("Secret ns/pg-app"), "the live Secret is not there", "it", "…"),), True
)


def own(approach: str = "existing", sources: str = SOURCES) -> str:
    """A contract with its own Secret in the stream, whatever the approach, and keys from another."""
    return contract(approach, sources=sources) + secret(encoded(OWN))


def live(**values: str) -> dict[str, LiveFact]:
    """What the cluster holds of the other Secret."""
    return {"pg-app": LiveFact({key: value.encode() for key, value in values.items()})}


def maker(*keys: str) -> str:
    """An ExternalSecret that makes the other Secret."""
    data = ", ".join(f"{{secretKey: {key}, remoteRef: {{key: x, property: {key}}}}}" for key in keys)
    spec = f"data: [{data}]" if keys else "dataFrom: [{extract: {key: x}}]"
    metadata = "metadata: {name: pg-app, namespace: ns}"
    return f"---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\n{metadata}\nspec:\n  {spec}\n"


GOOD = {"password": PASSWORD, "jwt": SOUND["JWT_SECRET"]}
ASKED: list[tuple[str, dict[str, LiveFact], list[tuple[str, str]]]] = [
    ("complete", live(**GOOD), []),
    ("more than is taken", live(**GOOD, jwtSecret="x", **{"tls.crt": "x"}), []),
    ("one key missing", live(password=PASSWORD), [("missing-key", "JWT_SECRET")]),
    ("the other way round", live(jwt=GOOD["jwt"]), [("missing-key", "DATABASE_PASSWORD")]),
    ("under the variable's name", live(**{**GOOD, "password": "", "DATABASE_PASSWORD": PASSWORD}),
     [("missing-key", "DATABASE_PASSWORD")]),
    ("a placeholder", live(**{**GOOD, "password": "CHANGE_ME"}), [("placeholder", "DATABASE_PASSWORD")]),
    ("a line break", live(**{**GOOD, "jwt": GOOD["jwt"] + "\n"}), [("trailing-newline", "JWT_SECRET")]),
    ("both short", live(password="aZ7dqfg2ij", jwt="kR9no4qXst"),
     [("short-value", "DATABASE_PASSWORD"), ("short-value", "JWT_SECRET")]),
    ("absent", {"pg-app": ABSENT}, [("live-absent", "")]),
    ("forbidden", {"pg-app": FAILED}, [("live-forbidden", "")]),
]  # fmt: skip  # a table to read


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
@pytest.mark.parametrize("approach", ["existing", "inline"])
def test_live(approach: str, facts: dict[str, LiveFact], expected: list[tuple[str, str]]) -> None:
    """In each approach: what is wrong, with the variable, the key and the Secret, and where the user named it."""
    outcome = run(own(approach), LIVE, live=facts)
    found = outcome.report.findings
    assert [(finding.rule, finding.key) for finding in found] == expected
    for finding in found:
        assert finding.where.values.startswith("heimdall.keys")
        assert "Secret ns/pg-app" in finding.where.what
        assert not finding.key or str(finding.where).endswith(f"key {ENTRIES[finding.key]}")
    states = {state.key: state.state for state in outcome.report.judged[0].keys}
    wrong = {key: "missing" if rule == "missing-key" else "refused" for rule, key in expected}
    unknown = "not checked" if "" in wrong else "ok"
    assert states == {
        **dict.fromkeys(OWN, "ok"),
        **{key: wrong.get(key, unknown) for key in ("DATABASE_PASSWORD", "JWT_SECRET")},
    }


def test_an_inline_contract_has_no_say_in_the_fix() -> None:
    """What nothing replaced in a Secret of others is not to be written as `${NAME}`."""
    (finding,) = run(own("inline"), LIVE, live=live(**{**GOOD, "password": "$(X)"})).report.findings
    assert (finding.rule, finding.key) == ("placeholder", "DATABASE_PASSWORD")
    assert "write exactly" not in str(finding.fix)


def test_live_where_files_won() -> None:
    """Its own Secret needs no cluster, the others do."""
    stream = contract("files", sources=SOURCES) + secret(dict.fromkeys(OWN, "<install>"))
    outcome = run(stream, LIVE, files={FILE: file(OWN)}, live=live(**GOOD))
    assert (outcome.report.findings, outcome.report.judged[0].read[-1]) == ((), "live Secret ns/pg-app")
    assert rules_of(run(stream, LIVE, files={FILE: file(OWN)}, live={"pg-app": ABSENT})) == ["live-absent"]


def test_what_is_missing_can_be_fixed() -> None:
    """The command fills the other Secret, not the contract's own."""
    (finding,) = run(own(), LIVE, live=live(password=PASSWORD)).report.findings
    assert "kubectl edit secret pg-app --namespace ns" in str(finding.fix)
    (absent,) = run(own(), LIVE, live={"pg-app": ABSENT}).report.findings
    assert absent.expected == "keys password (as DATABASE_PASSWORD), jwt (as JWT_SECRET)"


def test_each_secret_is_asked_for_once() -> None:
    """The contract's own too, where a key of it has another name; those in the stream are not."""
    sources = "DATABASE_PASSWORD=pg-app/password,JWT_SECRET=h-secrets/jwt,LDAP_PASSWORD=pg-app/ldap"
    plan = pipeline.plan(contract("existing", sources=sources).encode(), LIVE)
    assert plan.secrets == (("ns", "h-secrets"), ("ns", "pg-app"))
    stream = contract("existing", sources=sources) + secret(encoded(GOOD), "pg-app") + secret(encoded(OWN))
    assert pipeline.plan(stream.encode(), LIVE).secrets == ()


def test_a_contract_without_a_namespace() -> None:
    """Which one is never guessed."""
    stream = own("inline").replace("  namespace: ns\n", "")
    assert rules_of(run(stream, LIVE)) == ["live-namespace", "not-checked"]
    found = run(stream, LIVE._replace(namespace="there"), live=live(**GOOD))
    assert pipeline.plan(stream.encode(), LIVE._replace(namespace="there")).secrets == (("there", "pg-app"),)
    assert found.report.findings == ()


MADE: list[tuple[str, str, list[str], list[str]]] = [
    ("both keys", maker("password", "jwt"), [], ["values-unseen"]),
    ("one of them", maker("jwt"), ["missing-key"], []),
    ("names that are not ours", maker("password", "jwt", "jwtSecret", "tls.crt"), [], ["values-unseen"]),
    ("whatever is there", maker(), [], ["not-checked"]),
]


@pytest.mark.parametrize(("made", "errors", "notes"), [row[1:] for row in MADE], ids=[row[0] for row in MADE])
def test_made_by_an_object_in_the_stream(made: str, errors: list[str], notes: list[str]) -> None:
    """Key by key, as the contract's own Secret is."""
    outcome = run(own() + made)
    assert (rules_of(outcome), rules_of(outcome, "note"), rules_of(outcome, "warning")) == (errors, notes, [])
    if errors:
        state = next(state for state in outcome.report.judged[0].keys if state.key == "DATABASE_PASSWORD")
        assert state.state == "missing"


def test_to_come_is_not_absent() -> None:
    """A first install, where the objects of the stream do not tell the keys."""
    outcome = run(own() + maker(), LIVE._replace(strict=False), live={"pg-app": ABSENT})
    assert (rules_of(outcome), rules_of(outcome, "note")) == ([], ["not-checked"])
    outcome = run(own() + maker(), LIVE, live=live(password=PASSWORD))
    assert rules_of(outcome) == ["missing-key"]


WHOLE = maker("password", "jwt")
LATER: list[tuple[str, LiveFact, list[str], list[str]]] = [
    ("a first install", ABSENT, [], ["values-unseen"]),
    ("a key that the next sync brings", live(password=PASSWORD)["pg-app"], [], ["values-unseen"]),
    ("all there", live(**GOOD)["pg-app"], [], []),
    ("a bad value", live(**{**GOOD, "password": "CHANGE_ME"})["pg-app"], ["placeholder"], []),
    ("an empty value", live(**{**GOOD, "password": ""})["pg-app"], ["missing-key"], []),
    ("it may not be read", FAILED, ["live-forbidden"], []),
]


@pytest.mark.parametrize(("fact", "errors", "notes"), [row[1:] for row in LATER], ids=[row[0] for row in LATER])
def test_what_is_there_of_what_is_made(fact: LiveFact, errors: list[str], notes: list[str]) -> None:
    """Values are checked as far as they are there, of a contract's own Secret and of another; none is missing."""
    other = run(own() + WHOLE, LIVE, live={"pg-app": fact})
    assert (rules_of(other), rules_of(other, "note")) == (errors, notes)
    stream = contract("existing", secret="pg-app", required="password,jwt", lengths="") + WHOLE
    alone = run(stream, LIVE, live={"pg-app": fact})
    assert (rules_of(alone), rules_of(alone, "note")) == (errors, notes)
    (judged,) = alone.report.judged
    assert judged.seen == (not notes and "live-forbidden" not in errors)
    assert bool(judged.provider) == (notes != [] and not errors)


JUDGED = own().replace('verified: "false"', 'verified: "true"').replace('judged: "false"', 'judged: "true"')
LEFT_ALONE = [
    ("not asked", own(), Settings(strict=True), ["not-checked"]),
    ("judged by the chart", JUDGED, Settings(strict=True), []),
    ("no key of another", contract("inline") + secret(encoded(SOUND)), LIVE, []),
]


@pytest.mark.parametrize(
    ("stream", "settings", "errors"), [row[1:] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE]
)
def test_left_alone(stream: str, settings: Settings, errors: list[str]) -> None:
    assert pipeline.plan(stream.encode(), settings).secrets == ()
    assert rules_of(run(stream, settings)) == errors
