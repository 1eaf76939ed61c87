"""--inject: the Secret of a chart that knows nothing of it, filled in place in every style."""

import pytest

from post_renderer.model.facts import Facts
from post_renderer.model.finding import Place
from post_renderer.model.requirement import Requirement
from post_renderer.model.settings import Settings
from post_renderer.model.terms import Spec, Terms
from post_renderer.requirements import contract_files
from post_renderer.sources import variables
from tests.unit.streams import (
    FILE,
    GUARD,
    OTHERS,
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
    whole,
)

JWT = "JWT_SECRET"
KEYS = sorted(SOUND)
FILES = {"heimdall": {"secretsFiles": [FILE]}}
INJECT = Settings(inject=True, values=FILES)
HEAD = "---\nkind: Secret\nmetadata: {name: h-secrets, namespace: ns, annotations: {é: 😀}}\n"
FLOW = "{" + ", ".join(f'"{key}": "{encoded(SOUND)[key]}"' for key in KEYS) + "}"
LINES = "".join(f'"{key}": "{encoded(SOUND)[key]}"\n  ' for key in KEYS)
ENCODED = {key: f'"{value}"' for key, value in encoded(SOUND).items()}
PLAIN = {key: f'"{value}"' for key, value in SOUND.items()}


def block(values: dict[str, str]) -> str:
    """Lines of a block mapping."""
    return "".join(f"  {key}: {value}\n" for key, value in values.items())


STYLES = [
    ("no data", "type: Opaque\n", f'"data": {FLOW}\n' + "{}type: Opaque\n"),
    ("data is null", "data: null\ntype: x\n", f"data: {FLOW}\ntype: x\n"),
    ("data is ~ with a comment", "data: ~ # c\n", f"data: {FLOW} # c\n"),
    ("data is nothing", "data:\ntype: x\n", f"data: {FLOW}\ntype: x\n"),
    ("data is nothing but a comment", "data: # c\ntype: x\n", f"data: {FLOW} # c\ntype: x\n"),
    ("data is empty", "data: {}\n", f"data: {FLOW}\n"),
    ("data of others, block", "data:\n  a: eA== # c\n", f"data:\n  {LINES}a: eA== # c\n"),
    ("data of others, flow", "data: { a: eA== }\n", "data: {" + FLOW[1:-1] + ",  a: eA== }\n"),
    ("placeholders", "data:\n" + block(dict.fromkeys(SOUND, "eA==")), "data:\n" + block(ENCODED)),
    ("placeholders, flow", "data: {" + ", ".join(f"{key}: eA==" for key in SOUND) + "}\n",
     "data: {" + ", ".join(f"{key}: {ENCODED[key]}" for key in SOUND) + "}\n"),
    ("empty values", "data:\n" + "".join(f"  {key}:\n" for key in SOUND), "data:\n" + block(ENCODED)),
    ("raw references", "data:\n" + block({key: f"${{{key}}}" for key in SOUND}), "data:\n" + block(ENCODED)),
    ("stringData", "stringData:\n" + block(dict.fromkeys(SOUND, "x # c")),
     "stringData:\n" + block({key: f"{value} # c" for key, value in PLAIN.items()})),
    ("stringData wins over data", "data:\n  JWT_SECRET: eA==\nstringData:\n" + block(dict.fromkeys(SOUND, "''")),
     "data:\n  JWT_SECRET: eA==\nstringData:\n" + block(PLAIN)),
    ("each in its own", f"data:\n  JWT_SECRET: eA==\nstringData:\n{block(dict.fromkeys(KEYS[:3], 'x'))}",
     f"data:\n  JWT_SECRET: {ENCODED[JWT]}\nstringData:\n" + block({key: PLAIN[key] for key in KEYS[:3]})),
    ("stringData is null", "stringData:\n", f'"data": {FLOW}\n' + "{}stringData:\n"),
    ("block scalars", "stringData:\n" + "".join(f"  {key}: |\n    x\n\n" for key in SOUND) + "type: x\n",
     "stringData:\n" + "".join(f"  {key}: {PLAIN[key]}\n\n" for key in SOUND) + "type: x\n"),
    ("carriage returns", "data:\r\n  a: eA==\r\n", "data:\r\n  " + LINES.replace("\n", "\r\n") + "a: eA==\r\n"),
    ("no final line break", "data:\n  a: eA==", f"data:\n  {LINES}a: eA=="),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in STYLES], ids=[row[0] for row in STYLES])
def test_styles(body: str, expected: str) -> None:
    user = heimdall(env_from=[whole()])
    outcome = run(OTHERS + user + HEAD + body, INJECT, {FILE: file(SOUND)})
    assert rules_of(outcome) == rules_of(outcome, "warning") == []
    before, _, after = expected.rpartition("{}") if expected.startswith('"data"') else ("", "", expected)
    whole_secret = HEAD.replace("kind", before + "kind", 1) + after if before else HEAD + expected
    assert output(outcome) == OTHERS + user + whole_secret
    again = run(output(outcome), Settings(strict=True))
    assert again.report.findings == () and again.report.judged[0].seen


def test_json_and_a_list() -> None:
    item = '{"kind": "Secret", "metadata": {"name": "h-secrets", "namespace": "ns"}}'
    user = heimdall(env_from=[whole()])
    filled = item.replace("{", '{"data": ' + FLOW + ", ", 1)
    assert output(run(f"---\n{item}\n" + user, INJECT, {FILE: file(SOUND)})) == f"---\n{filled}\n" + user
    listed = "kind: List\nitems:\n  - kind: Secret\n    metadata: {name: h-secrets, namespace: ns}\n"
    done = (
        f'kind: List\nitems:\n  - "data": {FLOW}\n    kind: Secret\n    metadata: {{name: h-secrets, namespace: ns}}\n'
    )
    assert output(run(listed + user, INJECT, {FILE: file(SOUND)})) == done + user


def test_keys_go_where_the_wires_come_from() -> None:
    old = [entry for key in SOUND for entry in mapped([key], key=key.lower())]
    rendered = {key.lower(): "" for key in SOUND}
    outcome = run(secret({**rendered, "user": "eA=="}) + heimdall(old), INJECT, {FILE: file({**SOUND, "X_Y": "z"})})
    filled = {key.lower(): value for key, value in encoded(SOUND).items()}
    assert output(outcome) == secret({**filled, "user": "eA=="}) + heimdall(old)
    assert rules_of(outcome, "note") == ["unused-key", "injected"]


def test_another_charts_secret_is_not_filled() -> None:
    names = [key for key in SOUND if key != "DATABASE_PASSWORD"]
    database = secret({"password": encoded(SOUND)["DATABASE_PASSWORD"]}, "pg")
    wires = heimdall(mapped(["DATABASE_PASSWORD"], "pg", key="password"), [whole()])
    outcome = run(secret({}) + database + wires, INJECT, {FILE: file(SOUND)})
    assert database in output(outcome)
    assert "unused-key" in rules_of(outcome, "note")
    assert all(encoded(SOUND)[name] in output(outcome) for name in names)


def test_what_a_forgotten_flag_does_is_said_each_time() -> None:
    (note,) = run(secret({}) + heimdall(env_from=[whole()]), INJECT, {FILE: file(SOUND)}).report.findings
    assert (note.severity, note.rule, note.where.what) == ("note", "injected", "Secret ns/h-secrets")
    assert note.message == (
        f"--inject fills 4 keys from {FILE}; an upgrade that forgets it deletes what the chart does not render"
    )


REFERENCES = {key: f"${{{key}}}" for key in SOUND}


@pytest.mark.parametrize(
    ("field", "rendered"), [("data", REFERENCES), ("data", encoded(REFERENCES)), ("stringData", REFERENCES)]
)
def test_references_are_filled_from_the_environment(field: str, rendered: dict[str, str]) -> None:
    stream = secret(rendered, field=field) + heimdall(mapped())
    outcome = run(stream, Settings(inject=True), environ=SOUND)
    assert output(outcome) == secret(encoded(SOUND) if field == "data" else SOUND, field=field) + heimdall(mapped())
    assert rules_of(outcome, "note") == ["injected"]
    assert rules_of(run(stream, Settings(inject=True))) == ["env-unset"] * 4
    assert set(rules_of(run(stream, environ=SOUND))) <= {"placeholder", "not-base64"}


def test_references_of_the_values_alone() -> None:
    values = {"heimdall": {"secrets": REFERENCES}}
    outcome = run(secret({}) + heimdall(env_from=[whole()]), Settings(inject=True, values=values), environ=SOUND)
    assert all(value in output(outcome) for value in encoded(SOUND).values())


def test_variables_that_a_chart_may_not_read() -> None:
    stream = secret({**REFERENCES, JWT: "${AWS_KEY}"}, field="stringData") + heimdall(mapped())
    for environ in (SOUND, {**SOUND, "AWS_KEY": SOUND[JWT]}):
        assert rules_of(run(stream, Settings(inject=True), environ=environ)) == ["env-not-allowed"]
    allowed = Settings(inject=True, env=("AWS_KEY",))
    assert run(stream, allowed, environ={**SOUND, "AWS_KEY": SOUND[JWT]}).report.ok


def test_the_approach_that_is_not_read() -> None:
    """Here the choice is the tool's own, and is said."""
    values = {"heimdall": {"secrets": REFERENCES, "secretsFiles": [FILE]}}
    stream = secret(REFERENCES, field="stringData") + heimdall(mapped())
    outcome = run(stream, Settings(inject=True, values=values), environ=SOUND)
    notes = [each for each in outcome.report.findings if each.rule == "ignored"]
    assert outcome.report.ok
    assert [(str(each.where), each.message) for each in notes] == [
        ("heimdall.secretsFiles", "not read: --inject fills from one approach, and heimdall.secrets is set")
    ]


def test_a_variable_that_the_values_ask_for_has_its_values_path() -> None:
    given: dict[str, object] = {"heimdall": {"secrets": {**REFERENCES, JWT: "${AWS_KEY}"}}}
    outcome = run(secret({}) + heimdall(env_from=[whole()]), Settings(inject=True, values=given), environ=SOUND)
    refused = next(each for each in outcome.report.findings if each.rule == "env-not-allowed")
    assert refused.where.values == f"heimdall.secrets.{JWT}"


ODD = 'a"b\\c\té😀\x7f\u2028\u0085z!' * 4


def test_odd_characters_survive() -> None:
    names = {**SOUND, JWT: ODD}
    for body in ("stringData:\n" + block(dict.fromkeys(SOUND, "x")), "data: {}\n"):
        stream = HEAD + body + heimdall(env_from=[whole()])
        values = {"heimdall": {"secrets": {key: f"${{{key}}}" for key in SOUND}}}
        outcome = run(stream, Settings(inject=True, values=values), environ=names)
        again = run(output(outcome), Settings(values={"heimdall": {"secrets": names}}))
        assert "values-contradict" not in rules_of(again)
        assert rules_of(outcome) == ["invisible-character"]


UNFILLABLE = [
    ("an anchor", "data: &a\n  a: eA==\n"),
    ("a merge key", "x: &x {data: {a: eA==}}\n<<: *x\n"),
    ("a question mark", "data:\n  ? JWT_SECRET\n"),
    ("a list", "data: [a]\n"),
]


@pytest.mark.parametrize("body", [row[1] for row in UNFILLABLE], ids=[row[0] for row in UNFILLABLE])
def test_unfillable(body: str) -> None:
    outcome = run(HEAD + body + heimdall(env_from=[whole()]), INJECT, {FILE: file(SOUND)})
    assert rules_of(outcome) == ["secret-damaged"]


LEFT_ALONE = [
    ("without the flag", secret(encoded(SOUND)) + heimdall(mapped()), Settings(values=FILES)),
    ("an existing Secret", secret(encoded(SOUND)) + heimdall(mapped()),
     Settings(inject=True, values={"heimdall": {"existingSecret": "h-secrets", "secretsFiles": [FILE]}})),
    ("no values", secret(encoded(SOUND)) + heimdall(mapped()), Settings(inject=True)),
    ("nothing of ours", secret(encoded(SOUND)) + OTHERS, INJECT),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "settings"), [row[1:] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_leaves_alone(stream: str, settings: Settings) -> None:
    """And reads nothing: a file that is wanted but not given is a KeyError."""
    assert output(run(stream, settings)) == stream


def test_without_values_it_says_that_there_is_nothing_to_fill() -> None:
    assert rules_of(run(secret(encoded(SOUND)) + heimdall(mapped()), Settings(inject=True)), "note") == [
        "nothing-to-inject"
    ]


def test_redacted_nothing_is_filled_and_nothing_told() -> None:
    stream = secret(dict.fromkeys(SOUND, "eA==")) + heimdall(mapped())
    told = output(run(stream, INJECT._replace(redact=True), {FILE: file(SOUND)}))
    assert "redacted" in told
    assert not [value for value in (*SOUND.values(), *encoded(SOUND).values(), "eA==") if value in told]


def test_a_hidden_secret_is_not_filled_but_its_files_are_checked() -> None:
    stream = "---\n# HIDDEN: The Secret output has been suppressed\n" + heimdall(env_from=[whole()])
    outcome = run(stream, INJECT, {FILE: file(SOUND)})
    assert (output(outcome), rules_of(outcome, "note")) == (stream, ["hidden"])
    assert rules_of(run(stream, INJECT, {FILE: file({**SOUND, JWT: "CHANGE_ME"})})) == ["placeholder"]


def test_a_missing_key_names_the_flag() -> None:
    (error, *_) = run(secret({}) + heimdall(env_from=[whole()]), Settings(values=FILES)).report.findings
    assert error.fix == f"HEIMDALL_PR_INJECT=true (or --inject) fills it from {FILE}"


def test_no_fix_makes_what_another_service_issues() -> None:
    stream = secret({**encoded(SOUND), "LDAP_PASSWORD": "${LDAP_PASSWORD}"}) + heimdall(
        mapped([*SOUND, "LDAP_PASSWORD"])
    )
    (error,) = (
        each
        for each in run(stream, Settings(inject=True, env=("LDAP_PASSWORD",))).report.findings
        if each.severity == "error"
    )
    assert (error.rule, error.key) == ("env-unset", "LDAP_PASSWORD")
    assert str(error.fix).startswith("export LDAP_PASSWORD: the value is the one that whoever runs")


def test_a_reference_without_the_option_names_it() -> None:
    """New values would not be those that the user has in the environment; a part of a text is no reference."""
    for text, fix in (
        ("${JWT_SECRET}", "HEIMDALL_PR_INJECT=true (or --inject) fills it from the environment variable JWT_SECRET"),
        ("x${JWT_SECRET}", "openssl rand -hex 64"),
    ):
        stream = secret(encoded({**SOUND, JWT: text})) + heimdall(mapped())
        (error,) = (each for each in run(stream).report.findings if each.severity == "error")
        assert (error.rule, str(error.fix)) == ("placeholder", fix)


# What a contract says of the key `VALUE`, and the variable that it refers to; how the fix begins, and what it has.
GIVEN_BY_NAME = "export GITHUB_TOKEN: the value is the one"
EXPORTS: list[tuple[Spec | None, str, str, str]] = [
    (Spec(), "APP", 'export APP="$(openssl rand -hex 32)"', "first install"),
    (Spec(lengths=(32,)), "APP", 'export APP="$(openssl rand -hex 16)"', "first install"),
    (Spec(lengths=(33,)), "APP", "export APP: what this makes, if", "rand -hex 17 | cut -c 1-33"),
    (Spec(form="uuid"), "APP", 'export APP="$(uuidgen)"', "first install"),
    (Spec(form="base64:16"), "APP", 'export APP="$(openssl rand -base64 16)"', "first install"),
    (Spec(kind="pem"), "APP", "export APP: write the value that", "application expects"),
    (Spec(rotation="tell them"), "APP", 'export APP="$(openssl', "the release has; tell them"),
    (Spec(issuer="third-party"), "APP", "export APP: the value is the one", "service gave you"),
    (Spec(issuer="self"), "GITHUB_TOKEN", 'export GITHUB_TOKEN="$(openssl rand', "first install"),
    (None, "GITHUB_TOKEN", GIVEN_BY_NAME, "service gave you"),
    (None, "GITHUB_WEBHOOK_SECRET", 'export GITHUB_WEBHOOK_SECRET="$(openssl rand', "first install"),
]


@pytest.mark.parametrize(("spec", "name", "start", "text"), EXPORTS)
def test_how_a_variable_gets_its_value(spec: Spec | None, name: str, start: str, text: str) -> None:
    """One of the length and the format that a contract asks for; none that only another service can give."""
    terms = Terms(specs={"VALUE": spec} if spec else {})
    asked = Requirement("a test", Place(), "s", "ns", {"VALUE": "VALUE"}, {}, terms=terms)
    _, (finding,) = variables.read(asked, {"VALUE": name}, {"VALUE": "app.value"}, Facts())
    assert finding.rule == "env-unset"
    assert str(finding.fix).startswith(start)
    assert text in str(finding.fix)


def test_a_contract_says_who_issues_a_value() -> None:
    """Whatever the key is called."""
    wanted = {"approach": "inline", "secret": "h-secrets", "required": "API_TOKEN", "valuesPath": "app"}
    lines = "".join(f"  {name}: {text}\n" for name, text in wanted.items())
    for issuers, fix in (
        ("  issuers: API_TOKEN=third-party\n", "export API_TOKEN: the value is the one"),
        ("", "export "),
    ):
        label = "labels: {secrets-contract.heimdall-pr/version: v2}"
        head = f"---\nkind: ConfigMap\nmetadata: {{name: c, namespace: ns, {label}}}\n"
        stream = f"{head}data:\n{lines}{issuers}" + secret({"API_TOKEN": "${API_TOKEN}"})
        errors = [
            each for each in run(stream, Settings(env=("API_TOKEN",))).report.findings if each.severity == "error"
        ]
        assert [(each.rule, str(each.fix).startswith(fix)) for each in errors] == [("env-unset", True)]
        assert ("openssl" in str(errors[0].fix)) == (not issuers)


# --- Secrets that a contract file is about

PG = "secret: pg\nkeys: {postgres-password: {}, tls.key: {kind: pem, optional: true}}\nenvironment: [PG_PASSWORD]\n"
ENVIRON = {"PG_PASSWORD": SOUND["ADMIN_PASSWORD"]}


def of_file(text: str = PG, inject: bool = True, allowed: tuple[str, ...] = ("PG_PASSWORD",)) -> Settings:
    """With this contract file; the edge adds its `environment` to what may be read."""
    return Settings(inject=inject, contracts=tuple(contract_files.read("c.yaml", text.encode())), env=allowed)


@pytest.mark.parametrize(
    ("field", "rendered"),
    [("data", "${PG_PASSWORD}"), ("data", encoded({"a": "${PG_PASSWORD}"})["a"]), ("stringData", "${PG_PASSWORD}")],
)
def test_a_secret_that_only_a_contract_file_is_about(field: str, rendered: str) -> None:
    """By its name, whatever takes it; other keys stay."""
    stream = secret({"postgres-password": rendered, "other": "eA=="}, "pg", field)
    outcome = run(stream, of_file(), environ=ENVIRON)
    value = ENVIRON["PG_PASSWORD"]
    value = encoded({"a": value})["a"] if field == "data" else value
    assert output(outcome) == secret({"postgres-password": value, "other": "eA=="}, "pg", field)
    assert rules_of(outcome, "note") == ["injected"]
    assert rules_of(run(stream, of_file())) == ["env-unset"]
    assert rules_of(run(stream, of_file(inject=False), environ=ENVIRON)) != []


def test_by_the_image_whose_container_renames_the_key() -> None:
    text = "image: acme/db\nkeys: {DB_PASSWORD: {}}\n"
    takes = heimdall(mapped(["DB_PASSWORD"], "pg", key="password"), image="acme/db:1")
    stream = secret({"password": "${PG_PASSWORD}"}, "pg") + takes
    outcome = run(stream, of_file(text), environ=ENVIRON)
    assert encoded(ENVIRON)["PG_PASSWORD"] in output(outcome)
    assert rules_of(outcome) == []


def test_a_contract_widens_nothing_by_itself() -> None:
    """A name of the stream is read only if the user's file or a flag has it."""
    stream = secret({"postgres-password": "${PG_PASSWORD}"}, "pg")
    assert rules_of(run(stream, of_file(allowed=()), environ=ENVIRON)) == ["env-not-allowed"]
    other = secret({"postgres-password": "${PG_PASSWORD}", "other": "${HEIMDALL_X}"}, "pg", "stringData")
    assert rules_of(run(other, of_file(), environ={**ENVIRON, "HEIMDALL_X": "x"})) == ["not-filled"]
    beside = secret({"password": "${PG_PASSWORD}"}, "another", "stringData")
    assert rules_of(run(stream + beside, of_file(), environ=ENVIRON)) == ["not-filled"]


def test_a_contract_file_and_a_container_fill_one_secret_once() -> None:
    text = f"secret: h-secrets\nkeys: {{{', '.join(f'{key}: {{}}' for key in SOUND)}}}\n"
    stream = secret(REFERENCES) + heimdall(mapped())
    outcome = run(stream, of_file(text), environ=SOUND)
    assert output(outcome) == secret(encoded(SOUND)) + heimdall(mapped())
    assert rules_of(outcome, "note") == ["injected"]


def test_a_contract_in_the_stream_fills_its_secret_itself() -> None:
    text = "secret: h-secrets\nkeys: {JWT_SECRET: {}}\n"
    stream = contract("inline") + secret(REFERENCES)
    outcome = run(stream, of_file(text), environ=SOUND)
    assert rules_of(outcome) == []
    assert encoded(SOUND)[JWT] in output(outcome)


def test_a_guard_beside_a_contract_file_wants_inject() -> None:
    """It is the guard of a chart whose Secret is to be filled; beside an existing Secret nothing is."""
    value = secret({"postgres-password": encoded(ENVIRON)["PG_PASSWORD"]}, "pg")
    assert rules_of(run(GUARD + value, of_file(inject=False))) == ["contract-absent"]
    for stream in (GUARD + value, GUARD + heimdall(mapped(["X"], "pg"), image="acme/db:1")):
        outcome = run(stream, of_file())
        assert rules_of(outcome) == []
        assert "NeedsPostRenderer" not in output(outcome)
