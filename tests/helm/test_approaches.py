"""The three approaches through real Helms: which wins, what is read for it, what is never read, and every option."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helms import HELM_PR, Helm, run
from tests.support import (
    FILE,
    FROM_ENVIRONMENT,
    KEYS,
    NO_TOOL,
    UNPRIVILEGED,
    Desk,
    Values,
    accepted,
    checksum,
    digest,
    documents,
    encoded,
    existing,
    files,
    fresh,
    held,
    inline,
    merged,
    named,
    parent,
    plugin,
    refused,
    shipped,
)

OWN = "r-heimdall-secrets"
OTHER = "env/other.yaml"
PLACEHOLDER = "<install with --post-renderer heimdall-pr>"
REDACTED = "<redacted by heimdall-pr: not for installing>"


def kinds(found: list[Values]) -> set[str]:
    """The kinds of objects in a render."""
    return {each["kind"] for each in found}


def notes(desk: Desk, rule: str) -> list[str]:
    """Where the findings of one rule are, as the report says."""
    lines = desk.report().splitlines()
    return [lines[at + 1].split(None, 1)[1] for at, line in enumerate(lines) if f" {rule} " in line]


# --- which one wins --------------------------------------------------------------------------------------------------

LOSERS = {"secrets": {"JWT_SECRET": 1, "LDAP_PASSWORD": ""}, "secretsFiles": ["../there/is/none.yaml"]}

WINS: list[tuple[str, str, list[str]]] = [
    ("existing", "existing", []),
    ("existing", "existing", ["secrets"]),
    ("existing", "existing", ["secretsFiles"]),
    ("existing", "existing", ["secrets", "secretsFiles"]),
    ("inline", "secrets", []),
    ("inline", "secrets", ["secretsFiles"]),
    ("environment", "secrets", ["secretsFiles"]),
    ("files", "secretsFiles", []),
]


@pytest.mark.parametrize(("name", "winner", "losers"), WINS, ids=[f"{row[0]} over {row[2]}" for row in WINS])
def test_the_first_that_is_set_wins_whole(
    helm: Helm, tmp_path: Path, name: str, winner: str, losers: list[str]
) -> None:
    """Of a loser nothing is read, checked or merged in, however wrong it is; each is named."""
    desk = Desk(helm, tmp_path / "desk")
    values = {"existing": existing("live"), "inline": inline(desk.secrets), "environment": inline(FROM_ENVIRONMENT)}
    chosen: Values = {"files": desk.file(), **values}[name]
    chosen = {"heimdall": {**chosen["heimdall"], **{loser: LOSERS[loser] for loser in losers}}}
    found = documents(desk.template(chosen, env=desk.secrets))
    assert notes(desk, "ignored") == [f"heimdall.{loser}" for loser in losers]
    assert "NeedsPostRenderer" not in kinds(found)
    if winner == "existing":
        assert "Secret" not in kinds(found)
        assert (checksum(found), notes(desk, "not-checked")) == ("", ["heimdall.existingSecret"])
    else:
        assert held(found) == desk.secrets
        assert checksum(found) == digest(desk.secrets)


# --- files -----------------------------------------------------------------------------------------------------------


def test_later_files_override_earlier_ones(helm: Helm, tmp_path: Path) -> None:
    """Key by key, and each override is told with both places; optional keys come along."""
    desk = Desk(helm, tmp_path / "desk")
    late = desk.keep_back({"API_KEY_SECRET": fresh()["API_KEY_SECRET"], "LDAP_PASSWORD": fresh()["JWT_SECRET"]})
    desk.file(merged(desk.secrets, ADMIN_PASSWORD=None))
    desk.file(late, OTHER)
    desk.file({"ADMIN_PASSWORD": desk.secrets["ADMIN_PASSWORD"]}, "third.yaml")
    found = documents(desk.template(files(FILE, OTHER, "third.yaml")))
    assert held(found) == {**desk.secrets, **late}
    assert checksum(found) == digest({**desk.secrets, **late})
    assert notes(desk, "overridden") == [f"{OTHER}:1, heimdall.secretsFiles[1]"]
    assert f"API_KEY_SECRET overrides the one in {FILE}:2, heimdall.secretsFiles[0]" in desk.report()
    assert f"read: {FILE}, {OTHER}, third.yaml" in desk.report()


SPELLINGS: list[tuple[str, Callable[[str], str]]] = [
    ("plain", lambda text: text.replace('"', "")),
    ("single quotes", lambda text: text.replace('"', "'")),
    ("CRLF", lambda text: text.replace("\n", "\r\n")),
    ("BOM and no final newline", lambda text: "\ufeff" + text.rstrip()),
    ("comments and a document start", lambda text: "---\n# before\n" + text.replace("\n", " # beside\n\n")),
    ("flow style", lambda text: "{" + text.strip().replace("\n", ", ") + "}"),
    ("block scalars", lambda text: text.replace(': "', ": |-\n  ").replace('"\n', "\n")),
]


@pytest.mark.parametrize(("name", "spell"), SPELLINGS, ids=[row[0] for row in SPELLINGS])
def test_spellings_of_a_file(helm: Helm, tmp_path: Path, name: str, spell: Callable[[str], str]) -> None:
    """However YAML writes them, the values arrive."""
    desk = Desk(helm, tmp_path / "desk")
    values = desk.file()
    path = desk.folder / FILE
    path.write_bytes(spell(path.read_text()).encode())
    assert held(documents(desk.template(values))) == desk.secrets, name


class Reading(NamedTuple):
    """A file that is not read: how it comes to be, the path in the values, what is told."""

    name: str
    make: Callable[[Desk], object]
    path: str
    told: list[str]


def outside(desk: Desk) -> Path:
    """A good secrets file beside the folder."""
    desk.file(path="../outside/secrets.yaml")
    return desk.folder.parent / "outside"


def sparse(path: Path) -> None:
    """2 GB that take no room."""
    with path.open("wb") as file:
        file.truncate(2 << 30)


def endless(desk: Desk) -> None:
    (desk.folder / "zero").symlink_to("/dev/zero")


READINGS = [
    Reading("missing", lambda _: None, "none.yaml", ["there is no such file", "heimdall-pr generate none.yaml"]),
    Reading(
        "a typo",
        lambda desk: desk.file(path="env/sound.yaml"),
        "env/sund.yaml",
        ["ls -l env/sound.yaml", "did you mean that?"],
    ),
    Reading("below a file", lambda desk: desk.file(path="a"), "a/b.yaml", ["there is no such file"]),
    Reading(
        "above", outside, "../outside/secrets.yaml", ["the path leaves the root by '..'", "HEIMDALL_PR_FILES_ROOT"]
    ),
    Reading("above, in a detour", outside, "env/../../outside/secrets.yaml", ["the path leaves the root by '..'"]),
    Reading("absolute", outside, "/etc/passwd", ["the path is absolute", "HEIMDALL_PR_FILES_ROOT"]),
    Reading(
        "a link out",
        lambda desk: (desk.folder / "link.yaml").symlink_to(outside(desk) / "secrets.yaml"),
        "link.yaml",
        ["a symbolic link leads out of the root"],
    ),
    Reading(
        "a linked folder",
        lambda desk: (desk.folder / "link").symlink_to(outside(desk)),
        "link/secrets.yaml",
        ["a symbolic link leads out of the root"],
    ),
    Reading("a device", endless, "zero", ["a symbolic link leads out of the root"]),
    Reading("a loop", lambda desk: (desk.folder / "loop").symlink_to("loop"), "loop", ["loop", "can't be read"]),
    Reading("a directory", lambda desk: (desk.folder / "folder").mkdir(), "folder", ["is a directory"]),
    Reading("a FIFO", lambda desk: os.mkfifo(desk.folder / "fifo"), "fifo", ["is no regular file"]),
    Reading("2 GB", lambda desk: sparse(desk.folder / "big"), "big", ["is larger than 1 MiB"]),
    Reading("empty", lambda desk: (desk.folder / "e").touch(0o600), "e", ["none of the required keys", "generate e"]),
    Reading(
        "no secrets file",
        lambda desk: desk.file({"client-key-data": desk.secrets["JWT_SECRET"]}, "config"),
        "config",
        ["none of the required keys"],
    ),
    Reading(
        "keys in lower case",
        lambda desk: desk.file({key.lower(): value for key, value in desk.secrets.items()}),
        FILE,
        ["none of the required keys"],
    ),
]


@pytest.mark.parametrize("reading", READINGS, ids=[reading.name for reading in READINGS])
def test_files_that_are_not_read(helm: Helm, tmp_path: Path, reading: Reading) -> None:
    """Refused by name, with the place in the values, and nothing of what they hold is told."""
    desk = Desk(helm, tmp_path / "desk")
    reading.make(desk)
    done = refused(desk.template(files(reading.path)), "heimdall.secretsFiles[0]\n", reading.path, *reading.told)
    assert "Traceback" not in done.stderr


@pytest.mark.needs(*UNPRIVILEGED[:1])
def test_a_file_without_permission(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    desk.file(mode=0)
    command = [*UNPRIVILEGED, str(helm.path), "template", "r", str(parent(desk.folder) / "charts" / "heimdall")]
    command += ["--set", f"heimdall.secretsFiles={{{FILE}}}", *helm.post_renderer]
    done = desk.look_through(run(command, cwd=desk.folder, env=helm.env))
    refused(done, f"{FILE}, heimdall.secretsFiles[0]", "can't be read: Permission denied", f"ls -ld {FILE}")


def anchors(secret: str) -> str:
    """Each line ten times the one before it."""
    lines = [f"k{level}: &k{level} [{', '.join([f'*k{level - 1}'] * 10)}]\n" for level in range(1, 10)]
    return f'k0: &k0 "{secret}"\n' + "".join(lines)


CONTENTS: list[tuple[str, Callable[[str], str | bytes], list[str]]] = [
    ("deep", lambda secret: f"JWT_SECRET: {secret}\nx: {'[' * 100_000}", [f"{FILE}:2, "]),
    ("deep, in blocks", lambda secret: "".join(f"{' ' * n}{secret}:\n" for n in range(1000)), [f"{FILE}:"]),
    ("a bomb", anchors, [f"{FILE}:", "has too many aliases"]),
    ("a tab", lambda secret: f"JWT_SECRET: {secret}\n\tADMIN_PASSWORD: {secret}\n", [f"{FILE}:2, "]),
    (
        "a duplicate",
        lambda secret: f"JWT_SECRET: {secret}\n\nJWT_SECRET: {secret}\n",
        [f"{FILE}:3, ", "twice, first in line 1"],
    ),
    (
        "a number",
        lambda secret: f"JWT_SECRET: {int(secret, 16)}\n",
        ["JWT_SECRET is not a string in YAML", 'JWT_SECRET: "…"'],
    ),
    ("a mapping", lambda secret: f"JWT_SECRET: {{{secret}: {secret}}}\n", ["JWT_SECRET is no string but nested"]),
    ("a list", lambda secret: f"- {secret}\n", ["is no mapping"]),
    ("a text", lambda secret: f"{secret}\n", ["is no mapping"]),
    ("a tag", lambda secret: f"JWT_SECRET: !!binary {secret}\n", ["JWT_SECRET: has a tag"]),
    ("a merge", lambda secret: f"a: &a {{x: {secret}}}\n<<: *a\n", ["has an anchor or an alias"]),
    ("two documents", lambda secret: f"JWT_SECRET: {secret}\n---\nJWT_SECRET: {secret}\n", [f"{FILE}:"]),
    ("a secret for a key", lambda secret: f"{secret}: {{}}\n", ["an unknown key is no string but nested"]),
    ("NUL", lambda secret: f"JWT_SECRET: '{secret}\0'\n", ["holds a NUL byte"]),
    ("not UTF-8", lambda secret: f"JWT_SECRET: '{secret}\xe9'\n".encode("latin-1"), ["UTF-8"]),
    ("UTF-16", lambda secret: f"JWT_SECRET: '{secret}'\n".encode("utf-16"), [FILE]),
    (
        "a line break at the end",
        lambda secret: f"JWT_SECRET: |\n  {secret}\n",
        ["JWT_SECRET ends in a line break", "|-"],
    ),
    ("white space alone", lambda _: 'JWT_SECRET: " \\t"\n', [f"{FILE}:1, ", "JWT_SECRET is empty"]),
    ("cut off", lambda secret: f'JWT_SECRET: "{secret}', [f"{FILE}:1, "]),
    ("encrypted", lambda secret: f"JWT_SECRET: ENC[{secret}]\nsops:\n  version: 3\n", ["is encrypted with SOPS"]),
]


@pytest.mark.parametrize(("make", "told"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS])
def test_contents_that_are_refused(
    helm: Helm, tmp_path: Path, make: Callable[[str], str | bytes], told: list[str]
) -> None:
    """By file and line and never with a value."""
    desk = Desk(helm, tmp_path / "desk")
    values = desk.file()
    content = make(desk.secrets["JWT_SECRET"])
    (desk.folder / FILE).write_bytes(content.encode() if isinstance(content, str) else content)
    desk.keep_back({"number": str(int(desk.secrets["JWT_SECRET"], 16))})
    done = refused(desk.template(values), "heimdall.secretsFiles[0]", *told)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["link.yaml", "env/./heimdall-secrets.yaml", "env//heimdall-secrets.yaml"])
def test_ways_within_the_root_are_fine(helm: Helm, tmp_path: Path, path: str) -> None:
    """A link that stays inside, and other spellings of a path."""
    desk = Desk(helm, tmp_path / "desk")
    desk.file()
    (desk.folder / "link.yaml").symlink_to(FILE)
    assert held(documents(desk.template(files(path)))) == desk.secrets


# --- inline ----------------------------------------------------------------------------------------------------------

ALLOWED = "a chart may not read"
VARIABLES: list[tuple[str, str, dict[str, str], str]] = [
    ("of its own", "${JWT_SECRET}", {}, ""),
    ("of another key", "${API_KEY_SECRET}", {}, ""),
    ("ours by its prefix", "${HEIMDALL_JWT}", {}, ""),
    ("somebody else's", "${AWS_SECRET_ACCESS_KEY}", {}, "AWS_SECRET_ACCESS_KEY, which a chart may not read"),
    ("that has our name within", "${MY_JWT_SECRET}", {}, "MY_JWT_SECRET, which a chart may not read"),
    ("allowed", "${AWS_SECRET_ACCESS_KEY}", {"HEIMDALL_PR_ENV": "X:AWS_SECRET_ACCESS_KEY"}, ""),
    ("allowed is another", "${AWS_SECRET_ACCESS_KEY}", {"HEIMDALL_PR_ENV": "AWS_SECRET"}, ALLOWED),
    ("within other text", "x${JWT_SECRET}", {}, "write exactly ${JWT_SECRET}, with nothing around it"),
    ("with a default", "${JWT_SECRET:-x}", {}, "write exactly ${JWT_SECRET}, with nothing around it"),
    ("twice", "${JWT_SECRET}${JWT_SECRET}", {}, "write exactly ${JWT_SECRET}, with nothing around it"),
]


@pytest.mark.parametrize(("name", "text", "env", "told"), VARIABLES, ids=[row[0] for row in VARIABLES])
def test_variables(helm: Helm, tmp_path: Path, name: str, text: str, env: dict[str, str], told: str) -> None:
    """Exactly `${NAME}` is filled, where a chart may read it; what it holds is never told."""
    desk = Desk(helm, tmp_path / "desk")
    secret = desk.keep_back(fresh())["JWT_SECRET"]
    names = ("JWT_SECRET", "API_KEY_SECRET", "HEIMDALL_JWT", "AWS_SECRET_ACCESS_KEY", "MY_JWT_SECRET")
    values = inline({**desk.secrets, "JWT_SECRET": text})
    done = desk.template(values, env={**dict.fromkeys(names, secret), **env})
    if told:
        refused(done, told, "heimdall.secrets", "JWT_SECRET")
    else:
        assert held(documents(done)) == {**desk.secrets, "JWT_SECRET": secret}, name


def test_a_value_is_taken_as_it_is(helm: Helm, tmp_path: Path) -> None:
    """Quotes, line breaks within, references and characters beyond ASCII arrive as they were in the environment."""
    desk = Desk(helm, tmp_path / "desk")
    odd = f"'\"$(id) `id` ${{HOME}}x\\n\n: é🛡️ {fresh()['JWT_SECRET']}"
    odd = odd.replace("${HOME}", "$HOME").replace("$(id)", "$id")
    env = desk.keep_back({**desk.secrets, "JWT_SECRET": odd})
    assert held(documents(desk.template(inline(FROM_ENVIRONMENT), env=env))) == env


# --- options, each by its variable and as an argument ----------------------------------------------------------------


def short(desk: Desk) -> Values:
    """A value that is shorter than recommended."""
    return desk.file(desk.keep_back(merged(desk.secrets, DATABASE_PASSWORD=desk.secrets["DATABASE_PASSWORD"][:20])))


def in_a_root(desk: Desk) -> Values:
    desk.file(path=f"root/{FILE}")
    return files()


class Option(NamedTuple):
    """An option, by variable and by arguments, and what is told where it is refused; empty where it is accepted."""

    name: str
    values: Callable[[Desk], Values]
    env: dict[str, str]
    args: list[str]
    refused_without: str
    refused_with: str


FOREIGN_VARIABLE = inline({**FROM_ENVIRONMENT, "JWT_SECRET": "${THEIRS}"})
OPTIONS = [
    Option(
        "strict", short, {"HEIMDALL_PR_STRICT": "true"}, ["--strict"], "", "DATABASE_PASSWORD has only 20 characters"
    ),
    Option(
        "strict: readable by all", lambda d: d.file(mode=0o644), {"HEIMDALL_PR_STRICT": "1"}, ["--strict"], "", "0600"
    ),
    Option(
        "strict: not checked here",
        lambda _: existing("live"),
        {"HEIMDALL_PR_STRICT": "yes"},
        ["--strict"],
        "",
        "not checked here",
    ),
    Option("files-root", in_a_root, {"HEIMDALL_PR_FILES_ROOT": "root"}, ["--files-root", "root"], "no such file", ""),
    Option("env", lambda _: FOREIGN_VARIABLE, {"HEIMDALL_PR_ENV": "THEIRS"}, ["--env", "THEIRS"], ALLOWED, ""),
]


@pytest.mark.parametrize("way", ["variable", "argument"])
@pytest.mark.parametrize("option", OPTIONS, ids=[option.name for option in OPTIONS])
def test_options(helm: Helm, tmp_path: Path, option: Option, way: str) -> None:
    """Each does what it says by its variable and as an argument, and without it things are otherwise."""
    desk = Desk(helm, tmp_path / "desk")
    env = {**desk.secrets, "THEIRS": desk.secrets["JWT_SECRET"]}
    values = option.values(desk)
    without = desk.template(values, env=env)
    args = [f"--post-renderer-args={word}" for word in option.args] if way == "argument" else []
    done = desk.template(values, *args, env={**env, **(option.env if way == "variable" else {})})
    for each, told in ((without, option.refused_without), (done, option.refused_with)):
        if told:
            refused(each, told)
        else:
            accepted(each)


REDACTIONS: list[tuple[str, Callable[[Desk], Values]]] = [
    ("files", lambda desk: desk.file({**desk.secrets, **desk.keep_back({"LDAP_PASSWORD": fresh()["JWT_SECRET"]})})),
    ("inline", lambda desk: inline({**desk.secrets, "LDAP_PASSWORD": desk.secrets["JWT_SECRET"][::-1]})),
    ("environment", lambda _: inline(FROM_ENVIRONMENT)),
    ("mixed", lambda desk: inline({**desk.secrets, "JWT_SECRET": "${JWT_SECRET}"})),
]


@pytest.mark.parametrize("way", ["variable", "argument"])
@pytest.mark.parametrize(("name", "make"), REDACTIONS, ids=[row[0] for row in REDACTIONS])
def test_redact(helm: Helm, tmp_path: Path, name: str, make: Callable[[Desk], Values], way: str) -> None:
    """All is checked and the guard goes, but no value leaves, on any channel; without it, they would."""
    desk = Desk(helm, tmp_path / "desk")
    values = make(desk)
    arguments = ["--post-renderer-args=--redact"] if way == "argument" else []
    done = desk.template(values, *arguments, env=desk.secrets, redact=way == "variable")
    found = documents(desk.look_through(done))
    assert set(named(found, "Secret", OWN)["data"].values()) == {REDACTED}, name
    assert set(named(found, "Secret", OWN)["data"]) >= set(KEYS)
    assert "NeedsPostRenderer" not in kinds(found)
    assert set(KEYS) <= held(documents(desk.template(values, env=desk.secrets))).keys()


def test_redact_checks(helm: Helm, tmp_path: Path) -> None:
    """What would be refused is refused."""
    desk = Desk(helm, tmp_path / "desk")
    refused(desk.template(desk.file(merged(desk.secrets, JWT_SECRET=None)), redact=True), "JWT_SECRET is missing")
    env = merged(desk.secrets, ADMIN_PASSWORD="")
    refused(desk.template(inline(FROM_ENVIRONMENT), env=env, redact=True), "ADMIN_PASSWORD is missing")


def test_redact_hides_a_secret_of_the_parents(helm: Helm, tmp_path: Path) -> None:
    """The existing Secret in the stream is judged, so it is hidden too."""
    desk = Desk(helm, tmp_path / "desk")
    done = desk.look_through(desk.template(shipped(desk.secrets), chart=parent(desk.folder), redact=True))
    found = named(documents(done), "Secret", "heimdall-production-secrets")
    assert found["data"] == dict.fromkeys(KEYS, REDACTED)


# --- several in one stream -------------------------------------------------------------------------------------------


def two(a: Values, b: Values) -> Values:
    """Values of the parent chart with the aliases `a` and `b`."""
    return {"a": {"heimdall": {"existingSecret": "", **a["heimdall"]}}, "b": b}


def test_each_alias_is_judged_by_itself(helm: Helm, tmp_path: Path) -> None:
    """Each by its own approach with its own secrets; a report names just the one at fault."""
    desk = Desk(helm, tmp_path / "desk")
    chart = parent(desk.folder, "chart-parent")
    first, second = desk.secrets, desk.keep_back(fresh())
    desk.file(second, "env/b.yaml")
    values = two(inline(FROM_ENVIRONMENT), files("env/b.yaml"))
    found = documents(desk.template(values, chart=chart, env=first))
    assert (held(found, "r-a-secrets"), held(found, "r-b-secrets")) == (first, second)
    assert (checksum(found, "r-a"), checksum(found, "r-b")) == (digest(first), digest(second))
    env = merged(first, JWT_SECRET=None)
    done = refused(desk.template(values, chart=chart, env=env), "a.heimdall.secrets.JWT_SECRET, environment variable")
    assert "b.heimdall" not in done.stderr
    desk.file(merged(second, API_KEY_SECRET=""), "env/b.yaml")
    done = refused(desk.template(values, chart=chart, env=first), "env/b.yaml:2, b.heimdall.secretsFiles[0]")
    assert "a.heimdall" not in done.stderr
    refused(desk.template(values, chart=chart, env=env), "2 errors", "a.heimdall.secrets", "b.heimdall.secretsFiles")


def test_what_one_fills_another_may_use(helm: Helm, tmp_path: Path) -> None:
    """An existing Secret that another alias makes is judged by what it will hold."""
    desk = Desk(helm, tmp_path / "desk")
    chart = parent(desk.folder, "chart-parent")
    desk.file()
    values = two(files(), existing("r-a-secrets", secretsFiles=[]))
    found = documents(desk.template(values, chart=chart))
    assert held(found, "r-a-secrets") == desk.secrets
    assert (checksum(found, "r-a"), checksum(found, "r-b")) == (digest(desk.secrets),) * 2
    assert "not checked" not in desk.report()


def test_two_that_make_one_secret(helm: Helm, tmp_path: Path) -> None:
    """Helm 4 would let the last win in silence."""
    desk = Desk(helm, tmp_path / "desk")
    values = two(inline(desk.secrets), files())
    desk.file()
    for alias in "ab":
        values[alias]["fullnameOverride"] = "same"
    done = desk.template(values, chart=parent(desk.folder, "chart-parent"))
    refused(
        done,
        "Secret default/same-secrets is in the stream more than once",
        "filled by two contracts",
        "fullnameOverride",
    )


@pytest.mark.parametrize("chart", ["existing", "files"])
def test_the_same_secret_twice(helm: Helm, tmp_path: Path, chart: str) -> None:
    """Another template makes the Secret that is judged, or the one that is filled."""
    desk = Desk(helm, tmp_path / "desk")
    folder = parent(desk.folder)
    name = "heimdall-production-secrets" if chart == "existing" else OWN
    again = (folder / "templates" / "secret.yaml").read_text().replace("heimdall-production-secrets", name)
    (folder / "templates" / "again.yaml").write_text(again)
    desk.file()
    values = shipped(desk.secrets, heimdall={"secretsFiles": [FILE], "existingSecret": ""} if chart == "files" else {})
    refused(desk.template(values, chart=folder), f"Secret default/{name} is in the stream more than once", "fix ")


# --- streams with nothing for us -------------------------------------------------------------------------------------

CAT = "#!/bin/sh\nexec cat\n"


def test_a_stream_with_nothing_of_ours_leaves_as_it_came(every_helm: Helm, tmp_path: Path) -> None:
    """Every oddity of it; told in one line, and refused where `--strict` asks for certainty."""
    desk = Desk(every_helm, tmp_path / "desk")
    chart = parent(desk.folder, "odd-parent")
    values = {"heimdall": {"enabled": False}}
    plain = accepted(desk.template(values, chart=chart, renderer=plugin(every_helm, "cat", CAT)))
    if every_helm.major == 4:
        every_helm.post_renderer  # noqa: B018  # installs the plugin beside the other
    assert accepted(desk.template(values, chart=chart)).stdout == plain.stdout
    assert "kind: List" in plain.stdout or every_helm.major == 4
    assert desk.report().startswith("heimdall-pr: nothing to check\n")
    assert notes(desk, "no-contract") == ["the stream"]
    refused(desk.template(values, chart=chart, env={"HEIMDALL_PR_STRICT": "true"}), "no secrets contract in the stream")


def test_nothing_at_all(every_helm: Helm, tmp_path: Path) -> None:
    """Everything is disabled, so the stream is empty: Helm 4 takes no empty answer."""
    desk = Desk(every_helm, tmp_path / "desk")
    chart = parent(desk.folder, "odd-parent")
    for template in (chart / "templates").iterdir():
        template.unlink()
    done = accepted(desk.template({"heimdall": {"enabled": False}}, chart=chart))
    assert [line for line in done.stdout.splitlines() if line and not line.startswith(("#", "---"))] == []


def test_output_dir(helm: Helm, tmp_path: Path) -> None:
    """Helm 3 runs no post-renderer over what it writes then: the guard and the placeholders stay. Helm 4 does."""
    desk = Desk(helm, tmp_path / "desk")
    accepted(desk.template(desk.file(), "--output-dir=out"))
    written = "".join(path.read_text() for path in sorted((desk.folder / "out").rglob("*.yaml")))
    assert ("kind: NeedsPostRenderer" in written) == (helm.major == 3)
    secret = (desk.folder / "out" / "heimdall" / "templates" / "secret.yaml").read_text()
    values = dict(re.findall(r'^  ([A-Z_]+): "(.*)"$', secret, re.MULTILINE))
    filled = {key: encoded(value) for key, value in desk.secrets.items()}
    assert values == (dict.fromkeys(KEYS, PLACEHOLDER) if helm.major == 3 else filled)


def test_by_hand(helm: Helm, tmp_path: Path) -> None:
    """`helm template | heimdall-pr` is the same as the post-renderer, and without the tool the guard stays."""
    desk = Desk(helm, tmp_path / "desk")
    values = desk.file()
    plain = accepted(desk.template(values, renderer=NO_TOOL)).stdout
    assert "kind: NeedsPostRenderer" in plain
    done = run([str(HELM_PR)], cwd=desk.folder, env=helm.env, input=plain)
    assert held(documents(desk.look_through(done, holds_secrets=True))) == desk.secrets
    assert "ok: Secret default/r-heimdall-secrets" in done.stderr
