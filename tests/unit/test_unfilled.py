"""--inject: what is left of a `${NAME}` in other places, and what nobody fills."""

import base64

import pytest

from post_renderer.model.settings import Settings
from tests.unit.streams import (
    FILE,
    GUARD,
    SOUND,
    encoded,
    file,
    heimdall,
    literal,
    mapped,
    output,
    rules_of,
    run,
    secret,
)

INJECT = Settings(inject=True)
REFERENCES = {key: f"${{{key}}}" for key in SOUND}
GOOD = secret(encoded(REFERENCES)) + heimdall(mapped())
URL = "postgres://u:${DATABASE_PASSWORD}@db/x"
PERCENT = "postgres://u:%24%7BDATABASE_PASSWORD%7D@db/x"
LOWER = "postgres://u:%24%7bDATABASE_PASSWORD%7d@db/x"


def basic(text: str) -> str:
    """A text in base64."""
    return base64.b64encode(text.encode()).decode()


def pod(value: str, kind: str = "Deployment", role: str = "containers", args: tuple[str, ...] = ()) -> str:
    """Somebody else's pod with a variable."""
    return heimdall([literal("URL", value)], kind=kind, image="app", role=role, args=args).replace('"w"', '"other"')


def text_in(**data: str) -> str:
    """A ConfigMap."""
    lines = "".join(f'  {key}: "{value}"\n' for key, value in data.items())
    return f"---\nkind: ConfigMap\nmetadata: {{name: c, namespace: ns}}\ndata:\n{lines}"


LEFT = [
    ("another Secret", secret({"url": URL}, "other", "stringData"), "error", "Secret ns/other"),
    ("another Secret in base64", secret({"url": basic(URL)}, "other"), "error", "Secret ns/other"),
    ("base64 in base64", secret({"url": basic(basic("u:" + URL))}, "other"), "error", "Secret ns/other"),
    ("percent-encoded", secret({"url": basic(PERCENT)}, "other"), "error", "Secret ns/other"),
    ("an escape of YAML", secret({"url": "\\u0024{JWT_SECRET}!"}, "other", "stringData"), "error", "Secret ns/other"),
    ("the same Secret", secret({**encoded(REFERENCES), "url": basic(URL)}), "error", "Secret ns/h-secrets"),
    ("a pod", pod(URL), "error", "Deployment ns/other, container c"),
    ("a pod, percent-encoded", pod(LOWER), "error", "Deployment ns/other, container c"),
    ("a pod, base64", pod(basic("x" + URL)), "error", "Deployment ns/other, container c"),
    ("an init container", pod(URL, role="initContainers"), "error", "Deployment ns/other, container c"),
    ("exactly, and nobody's", secret({"x": basic("${SOMETHING}")}, "other"), "error", "Secret ns/other"),
    ("exactly, as text", secret({"x": "${JWT_SECRET}"}, "other", "stringData"), "error", "Secret ns/other"),
    ("a ConfigMap", text_in(url=URL), "warning", "ConfigMap ns/c"),
    ("a ConfigMap in base64", text_in(url=basic("xy" + URL)), "warning", "ConfigMap ns/c"),
    ("a command without the variable", pod("x", args=("echo ${JWT_SECRET}",)), "warning", "Deployment ns/other"),
    ("an annotation", secret({}, "other").replace("  name:", "  annotations: {a: '${JWT_SECRET}'}\n  name:"), "warning",
     "Secret ns/other"),
    ("a custom resource", "---\nkind: Database\nmetadata: {name: d}\nspec: {url: '${DATABASE_PASSWORD}'}\n", "warning",
     "document"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "severity", "where"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_left(stream: str, severity: str, where: str) -> None:
    whole = stream + heimdall(mapped()) if "h-secrets" in stream else GOOD + stream
    outcome = run(whole, INJECT, environ=SOUND)
    (found,) = (each for each in outcome.report.findings if each.severity != "note")
    assert (found.rule, found.severity, found.where.what.startswith(where)) == ("not-filled", severity, True)
    assert where in found.message
    assert found.where.line
    assert found.fix


ALONE = [
    ("another variable", secret({"url": basic("postgres://u:${OTHER_PASSWORD}@db")}, "other")),
    ("a name that it begins", secret({"url": basic("x ${DATABASE_PASSWORD_FILE}")}, "other")),
    ("of Kubernetes", pod("postgres://u:$(DATABASE_PASSWORD)@db")),
    ("without braces", pod("postgres://u:$DATABASE_PASSWORD@db")),
    ("a name alone", text_in(about="DATABASE_PASSWORD")),
    ("a comment", "---\n# ${JWT_SECRET}\nkind: ConfigMap\nmetadata: {name: c}\n"),
    ("a comment of a script", "---\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  run: |\n    # ${JWT_SECRET}\n"),
    ("a shell that has the variable", heimdall(mapped(), kind="Job", command=["sh", "-c", "echo ${JWT_SECRET}"])),
    ("several in one", secret({"x": basic("${A}${B}")}, "other")),
    ("a command", secret({"x": basic("$(JWT_SECRET)")}, "other")),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize("stream", [row[1] for row in ALONE], ids=[row[0] for row in ALONE])
def test_not_left(stream: str) -> None:
    outcome = run(GOOD + stream, INJECT, environ=SOUND)
    assert rules_of(outcome) == rules_of(outcome, "warning") == []
    assert stream in output(outcome)


def test_without_the_option_nothing_is_looked_for() -> None:
    found = run(GOOD + secret({"url": basic(URL)}, "other"), environ=SOUND).report.findings
    assert "not-filled" not in {each.rule for each in found}


def test_what_files_fill_is_left_too() -> None:
    """In a Secret or a pod; that other texts have such a name proves nothing then."""
    settings = Settings(inject=True, values={"heimdall": {"secretsFiles": [FILE]}})
    given = secret(dict.fromkeys(SOUND, "eA==")) + heimdall(mapped())
    assert rules_of(run(given + pod(URL), settings, {FILE: file(SOUND)})) == ["not-filled"]
    assert rules_of(run(given + text_in(url=URL), settings, {FILE: file(SOUND)}), "warning") == []


def test_it_can_be_ignored() -> None:
    settings = INJECT._replace(ignore={"not-filled": "the application expands it"})
    outcome = run(GOOD + pod(URL), settings, environ=SOUND)
    assert outcome.report.ok
    assert [each.finding.rule for each in outcome.report.ignored] == ["not-filled"]


FORGOTTEN = [
    ("references", encoded(REFERENCES),
     "makes the published text ${ADMIN_PASSWORD} and ${API_KEY_SECRET}, … the live value"),
    ("one reference", {**encoded(SOUND), "JWT_SECRET": basic("${JWT_SECRET}")},
     "makes the published text ${JWT_SECRET} the live value"),
    ("raw references", {**encoded(SOUND), "JWT_SECRET": "${JWT_SECRET}"},
     "makes the published text ${JWT_SECRET} the live value"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("data", "done"), [row[1:] for row in FORGOTTEN], ids=[row[0] for row in FORGOTTEN])
def test_what_a_forgotten_flag_does(data: dict[str, str], done: str) -> None:
    (note,) = run(secret(data) + heimdall(mapped()), INJECT, environ=SOUND).report.findings
    assert note.message.endswith(f"from the environment; an upgrade that forgets it {done}")
    assert "heimdall-pr scaffold guard" in str(note.fix)


def test_the_guard_goes_only_with_the_option() -> None:
    outcome = run(GOOD + GUARD, INJECT, environ=SOUND)
    assert (rules_of(outcome), output(outcome)) == ([], secret(encoded(SOUND)) + heimdall(mapped()))
    error = next(each for each in run(GOOD + GUARD, environ=SOUND).report.findings if each.rule == "contract-absent")
    assert "--inject is not given" in error.message
    alone = run(GUARD, INJECT)
    assert (rules_of(alone), "cut off" in alone.report.findings[0].message) == (["contract-absent"], True)
