"""Other people's charts, rendered by real Helms: shapes of chart, ways of giving secrets, defects, what is said."""

import base64
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from post_renderer import pipeline
from post_renderer.model.facts import Facts, FileFact
from post_renderer.model.settings import Settings
from tests import in_process
from tests.foreign import (
    EXTERNAL,
    OLD,
    SHAPES,
    Given,
    copied,
    next_inline,
    released,
    umbrella,
    umbrella_existing,
    umbrella_inline,
)
from tests.helms import Helm
from tests.support import (
    FILE,
    FIXTURES,
    FROM_ENVIRONMENT,
    KEYS,
    ROOT,
    Desk,
    Done,
    Values,
    accepted,
    documents,
    encoded,
    fresh,
    held,
    leaks,
    merged,
    named,
    refused,
)

VULCAN = ROOT / "docs" / "examples" / "vulcan-contract.yaml"
JWT, ADMIN = "JWT_SECRET", "ADMIN_PASSWORD"

# --- the defects -----------------------------------------------------------------------------------------------------

Findings = set[tuple[str, str]]
Change = Callable[[dict[str, str]], dict[str, str]]
E, W, N = "error", "warning", "note"


class Defect(NamedTuple):
    """What is wrong with good secrets, and the findings; `beyond` are shapes that can't have it or say it otherwise."""

    name: str
    change: Change
    expected: Findings
    beyond: Mapping[str, Findings | None] = {}


def put(key: str, value: str) -> Change:
    """One value in place of another."""
    return lambda secrets: {**secrets, key: value}


def base64_of(secrets: dict[str, str]) -> dict[str, str]:
    return {**secrets, JWT: encoded(secrets[JWT])}


def same(secrets: dict[str, str]) -> dict[str, str]:
    return {**secrets, "API_KEY_SECRET": secrets["DATABASE_PASSWORD"]}


NO_FILES: dict[str, Findings | None] = {"next, files": None, "umbrella, files": None}  # their reader takes lines apart
DEFECTS = [
    Defect("none", dict, set()),
    Defect("missing", lambda secrets: merged(secrets, JWT_SECRET=None), {(E, "missing-key")}),
    Defect("empty", put(JWT, ""), {(E, "missing-key")}),
    Defect("white space", put(JWT, " "), {(E, "missing-key")}),
    Defect("placeholder", put(JWT, "CHANGE_ME"), {(E, "placeholder")}),
    Defect("unexpanded", put(JWT, "${JWT_SECRET}"), {(E, "placeholder")}),
    Defect("published", put(ADMIN, "your-admin-password"), {(E, "placeholder")}),
    Defect("line break", lambda secrets: {**secrets, JWT: secrets[JWT] + "\n"}, {(E, "trailing-newline")}, NO_FILES),
    Defect("base64 of base64", base64_of, {(W, "double-base64")}),
    Defect("short", lambda secrets: {**secrets, JWT: secrets[JWT][:60]}, {(W, "short-value")}),
    Defect("too short", put(JWT, "a1b2c3"), {(E, "short-value")}),
    Defect("uniform", put(JWT, "ab" * 64), {(E, "uniform-value")}),
    Defect("the same twice", same, {(W, "shared-value")}),
    Defect("documented password", put(ADMIN, "Admin_4f81c09b7d2e635a"), set()),
    Defect("long password", lambda secrets: {**secrets, ADMIN: secrets[ADMIN] * 5}, {(W, "bcrypt-limit")}),
    Defect("misspelt", lambda secrets: {"JWT_SECRT": secrets[JWT], **merged(secrets, JWT_SECRET=None)},
           {(E, "missing-key"), (W, "near-miss")}, {"released, inline": {(E, "missing-key")}}),
    Defect("a library to load", put("LD_PRELOAD", "/x.so"), {(W, "dangerous-variable")},
           {"released, inline": set()}),
]  # fmt: skip  # a row a line
ROWS = [(shape, defect) for shape in SHAPES for defect in DEFECTS if defect.beyond.get(shape, set()) is not None]


@pytest.mark.parametrize(("shape", "defect"), ROWS, ids=[f"{shape}: {defect.name}" for shape, defect in ROWS])
def test_what_is_said(helm: Helm, tmp_path: Path, shape: str, defect: Defect) -> None:
    secrets = fresh()
    given = SHAPES[shape](tmp_path, defect.change(secrets))
    rendered = template(helm, given)
    done = judged(helm, rendered)
    expected = defect.beyond.get(shape) or (defect.expected if shape not in defect.beyond else set())
    assert findings(done) == expected, done.stderr
    assert not leaks(done.stderr, secrets.values())
    assert done.returncode == (1 if any(severity == E for severity, _ in expected) else 0)
    assert done.stdout == ("" if done.returncode else rendered)  # validated, never filled: byte for byte


def template(helm: Helm, given: Given, *args: str) -> str:
    """What Helm renders, without the tool."""
    words = ["template", "r", str(given.chart), "--values", "-", *args]
    return accepted(helm.run(*words, input=json.dumps(given.values))).stdout


def judged(helm: Helm, stream: str, *args: str, env: Mapping[str, str] | None = None) -> Done:
    """The filter, over that stream."""
    return in_process.text(args, env={**helm.env, **(env or {})}, stdin=stream)


def findings(done: Done) -> Findings:
    """Severity and rule of all that was said."""
    lines = (line.split() for line in done.stderr.splitlines())
    found = {(words[0], words[1]) for words in lines if words and words[0] in (E, W, N)}
    return found - {(N, "taken-for")}


# --- what is not in the stream, defaults, subcharts ------------------------------------------------------------------


EXISTING = [
    ("released", "foreign-released", {"secret": {"name": "live"}}),
    ("next", "upstream-model", {**EXTERNAL, "heimdall": {"existingSecret": "live"}}),
]


@pytest.mark.parametrize(("fixture", "values"), [row[1:] for row in EXISTING], ids=[row[0] for row in EXISTING])
def test_an_existing_secret_elsewhere_is_never_ok(helm: Helm, tmp_path: Path, fixture: str, values: Values) -> None:
    rendered = template(helm, Given(copied(tmp_path, fixture), values))
    done = judged(helm, rendered)
    assert (done.stdout, findings(done)) == (rendered, {(N, "not-checked")})
    assert "Secret live: not checked here" in done.stderr and "ok" not in done.stderr
    assert judged(helm, rendered, "--strict").returncode == 1


def test_defaults_that_nobody_should_install(helm: Helm, tmp_path: Path) -> None:
    """The next version's fallbacks have names that the application does not read."""
    given = Given(copied(tmp_path, "upstream-model"), {**EXTERNAL, "heimdall": {"secretsFiles": []}})
    done = judged(helm, template(helm, given))
    assert findings(done) == {(E, "missing-key"), (W, "near-miss")}
    assert "unknown key jwtSecret: did you mean JWT_SECRET?" in done.stderr


def test_the_databases_own_secret(helm: Helm, tmp_path: Path) -> None:
    """DATABASE_PASSWORD comes from another chart's Secret, which is not in this stream."""
    given = next_inline(tmp_path, fresh())
    done = judged(helm, template(helm, given._replace(values={"heimdall": given.values["heimdall"]})))
    assert findings(done) == {(N, "not-checked")}
    assert "Secret r-heimdall-postgresql: not checked here" in done.stderr


def test_each_heimdall_of_an_umbrella_is_judged(helm: Helm, tmp_path: Path) -> None:
    chart = umbrella(tmp_path, "foreign-released")
    shutil.copytree(FIXTURES / "upstream-model", chart / "charts" / "second")
    (chart / "charts" / "second" / "Chart.yaml").write_text("apiVersion: v2\nname: second\nversion: 0.0.0\n")
    secrets = fresh()
    flat = {OLD[key]: value for key, value in secrets.items()}
    values = {"heimdall": flat, "second": {**EXTERNAL, "heimdall": {"secretsFiles": [], "secrets": {JWT: "x"}}}}
    done = judged(helm, template(helm, Given(chart, values)))
    assert "Secret r-heimdall-secrets, key JWT_SECRET" in done.stderr
    sound = {**EXTERNAL, "heimdall": {"secretsFiles": [], "secrets": secrets}}
    done = judged(helm, template(helm, Given(chart, {"heimdall": flat, "second": sound})))
    assert "ok: StatefulSet r, container heimdall-front has its 4 required keys (Secret r)" in done.stderr
    assert "ok: StatefulSet r-heimdall, container heimdall-front has its 4 required keys" in done.stderr


# --- as a post-renderer ----------------------------------------------------------------------------------------------


def test_as_a_post_renderer(every_helm: Helm, tmp_path: Path) -> None:
    """Without any flag, under each Helm: a good chart passes as it is, a bad one is refused."""
    desk = Desk(every_helm, tmp_path / "desk")
    good, bad = released(tmp_path / "a", desk.secrets), released(tmp_path / "b", merged(desk.secrets, JWT_SECRET="x"))
    found = documents(desk.template(good.values, chart=good.chart))
    data = named(found, "Secret", "r")
    assert data["stringData"]["jwtSecret"] == desk.secrets[JWT]
    refused(desk.template(bad.values, chart=bad.chart), "short-value", "Secret r, key jwtSecret")


def test_redacted(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    for shape in (released, umbrella_inline, umbrella_existing):
        given = shape(tmp_path / shape.__name__, desk.secrets)
        accepted(desk.template(given.values, chart=given.chart, redact=True))


# --- --inject --------------------------------------------------------------------------------------------------------

INJECT = {"HEIMDALL_PR_INJECT": "true"}


@pytest.mark.parametrize("shape", [released, next_inline, umbrella_inline, umbrella_existing])
def test_references_are_filled(
    every_helm: Helm, tmp_path: Path, shape: Callable[[Path, Mapping[str, str]], Given]
) -> None:
    """From the environment, in the chart's own Secret, whatever style each Helm gives it."""
    desk = Desk(every_helm, tmp_path / "desk")
    given = shape(tmp_path, FROM_ENVIRONMENT)
    done = desk.template(given.values, chart=given.chart, env={**INJECT, **desk.secrets})
    found = documents(done)
    name = {"released": "r", "umbrella_existing": "production"}.get(shape.__name__, "r-heimdall-secrets")
    secret = named(found, "Secret", name)
    values = {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}
    values |= secret.get("stringData") or {}
    names = OLD if shape is released else {key: key for key in KEYS}
    assert {key: values[names[key]] for key in KEYS} == desk.secrets
    assert "an upgrade that forgets it makes the published text ${ADMIN_PASSWORD} and" in desk.report()
    without = desk.template(given.values, chart=given.chart, env=desk.secrets)
    refused(without, "placeholder")
    accepted(desk.template(given.values, chart=given.chart, env={**INJECT, **desk.secrets}, redact=True))


def test_files_outside_the_chart_are_filled(helm: Helm, tmp_path: Path) -> None:
    """The chart can't read them and renders a Secret with nothing in it; the values say where they are."""
    secrets = fresh()
    values: Values = {**EXTERNAL, "heimdall": {"secretsFiles": [FILE]}}
    rendered = template(helm, Given(copied(tmp_path, "upstream-model"), values)).encode()
    plan = pipeline.plan(rendered, Settings(inject=True, values=values))
    assert plan.files == (FILE,)
    content = "".join(f'{key}: "{value}"\n' for key, value in secrets.items()).encode()
    outcome = pipeline.apply(plan, Facts({FILE: FileFact(FILE, content)}))
    filled = b"".join(outcome.pieces)
    assert held(documents(Done([], 0, filled.decode(), ""))) == secrets
    assert accepted(judged(helm, filled.decode(), "--strict")).stdout.encode() == filled
    assert [each.rule for each in outcome.report.findings] == ["injected"]


# --- --contract ------------------------------------------------------------------------------------------------------


def vulcan(folder: Path, **changes: str | None) -> Given:
    """Good secrets for Vulcan, with changes."""
    base, password, salt = fresh()[JWT], fresh()[JWT], fresh()[JWT][:64]
    env = merged({"SECRET_KEY_BASE": base, "CIPHER_PASSWORD": password, "CIPHER_SALT": salt}, **changes)
    return Given(copied(folder, "foreign-vulcan"), {"env": env, "postgresPassword": fresh()["DATABASE_PASSWORD"]})


def test_vulcan(helm: Helm, tmp_path: Path) -> None:
    """The contract that ships as an example, with and without the option, and through the environment."""
    good, bad = template(helm, vulcan(tmp_path / "a")), template(helm, vulcan(tmp_path / "b", CIPHER_SALT=""))
    done = judged(helm, good, "--contract", str(VULCAN), "--strict")
    assert (done.stdout, findings(done)) == (good, set())
    assert "ok: Deployment r-vulcan-web, container vulcan-web has its 4 required keys" in done.stderr
    done = judged(helm, bad, env={"HEIMDALL_PR_CONTRACT": str(VULCAN)})
    assert (done.returncode, findings(done)) == (1, {(E, "missing-key")})
    assert "CIPHER_SALT is empty" in done.stderr
    assert findings(judged(helm, bad)) == {(N, "no-contract")}


def test_a_later_secret_of_the_users_may_override(helm: Helm, tmp_path: Path) -> None:
    given = vulcan(tmp_path, CIPHER_SALT="")
    rendered = template(helm, given._replace(values={**given.values, "existingEnvSecret": "live"}))
    assert findings(judged(helm, rendered, "--contract", str(VULCAN))) == {(N, "not-checked")}


CONTRACTS = [
    ("absent", None, "there is no file"),
    ("no contract", "image: x\n", "the contract has no `keys`"),
]


@pytest.mark.parametrize(("content", "told"), [row[1:] for row in CONTRACTS], ids=[row[0] for row in CONTRACTS])
def test_a_contract_that_is_none(helm: Helm, tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "contract.yaml"
    if content is not None:
        path.write_text(content)
    done = judged(helm, "a: 1\n", "--contract", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
