"""The command line as a person sees it: help, the list of commands and rules, what is printed, what is imported."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from post_renderer import __version__
from post_renderer.cli import COMMANDS
from post_renderer.model.options import CHECKS, CLUSTER, OUTPUT, VALUES
from post_renderer.rules import catalog
from tests.unit.streams import OTHERS, SOUND, contract, encoded, file, heimdall, mapped, secret, unfilled
from tests.unit.test_edge import environment, run
from tools import generate_reference

CANARY = "qL7-wX9~kP3.canary"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory."""
    return tmp_path


def test_version_and_help(folder: Path) -> None:
    assert run(folder, "--version").stdout == f"heimdall-pr {__version__}\n".encode()
    shown = run(folder, "--help", COLUMNS="200").stdout.decode()
    assert all(
        word in shown for word in ("--redact", "HEIMDALL_PR_FILES_ROOT", "generate", "plugin", "why", "Examples")
    )
    assert all(f"\u2502 {name} " in shown for name in COMMANDS), "each command with its first sentence"
    assert not re.search("bool", shown, re.IGNORECASE), "a switch has no type"
    for group in (CHECKS, VALUES, CLUSTER, OUTPUT):
        assert f"\u256d\u2500 {group} " in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(folder: Path, name: str) -> None:
    for flag in ("--help", "-h"):
        done = run(folder, name, flag, COLUMNS="200")
        assert (done.returncode, done.stderr) == (0, b"")
        assert f"Usage: heimdall-pr {name}" in done.stdout.decode()
        assert not re.search("bool", done.stdout.decode(), re.IGNORECASE)


# A type that Python has and that says no more than the parameter's name; a choice such as <yaml|json> says more.
TYPES = re.compile(r"<(?:str|int|bool|float|path|text)\b|\b(?:TEXT|INTEGER|BOOLEAN)\b")


def test_help_shows_no_type_of_python(folder: Path) -> None:
    """Of no command, of its own commands neither; and many options are in groups."""
    for page in generate_reference.pages():
        shown = run(folder, *page.name.split(), "--help", COLUMNS="200").stdout.decode()
        assert "Usage: heimdall-pr" in shown
        assert TYPES.findall(shown) == [], page.name
        loose = re.search(r"\u256d\u2500 Options .*?\u2570", shown, re.DOTALL)
        assert loose is None or loose[0].count("\u2502\n") < 8, f"{page.name}: options in no group"


def test_an_unknown_command_gets_a_suggestion(folder: Path) -> None:
    assert "Did you mean 'explain'" in run(folder, "expain").stderr.decode()


def test_rules(folder: Path) -> None:
    """Each rule is in the list, and has a page; a path is never one."""
    listed = run(folder, "rules").stdout.decode()
    assert all(re.search(rf"^[a-z]+ +{rule}  ", listed, re.MULTILINE) for rule in catalog.RULES)
    for rule in ("missing-key", "short-value"):
        done = run(folder, "explain", rule)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().startswith(rule)
    assert json.loads(run(folder, "explain", "missing-key", "--format", "json").stdout)["rule"]["id"] == "missing-key"
    assert run(folder, "explain", "./missing-key").returncode == 1, "a path"
    typo = run(folder, "explain", "missing-kee")
    assert (typo.returncode, "did you mean missing-key?" in typo.stderr.decode()) == (2, True)
    assert "did you mean" not in run(folder, "explain", "values.yaml").stderr.decode()
    several = run(folder, "explain", "short-value", "missing-key").stdout.decode()
    assert several == "\n".join(run(folder, "explain", rule).stdout.decode() for rule in ("short-value", "missing-key"))
    found = json.loads(run(folder, "explain", "short-value", "missing-key", "--format", "json").stdout)["rules"]
    assert [each["id"] for each in found] == ["short-value", "missing-key"]
    typo = run(folder, "explain", "short-value", "missing-kee")
    assert (typo.returncode, "did you mean missing-key?" in typo.stderr.decode()) == (2, True)
    assert "no rule" not in run(folder, "explain", "one-chart", "another-chart").stderr.decode()
    (folder / "missing-kez").write_text("kind: ConfigMap\n")
    assert run(folder, "explain", "missing-key").stdout.startswith(b"missing-key: "), "beside a file of nearly its name"
    (folder / "missing-key").write_text("kind: ConfigMap\n")
    assert "no decision to explain" in run(folder, "explain", "missing-key").stderr.decode()


# What each run may not import: it costs more than the run itself, or belongs to another command.
IMPORTS = [
    ("the version", ["--version"], ("typer", "yaml", "jinja2", "rich", "argparse", "post_renderer.pipeline")),
    ("the filter", [], ("typer", "yaml", "jinja2", "rich", "argparse", "json", "post_renderer.report.checked")),
    ("generate", ["generate", "-"], ("yaml", "jinja2", "rich", "post_renderer.pipeline", "post_renderer.check")),
    ("why", ["why"], ("yaml", "jinja2", "rich", "post_renderer.pipeline", "post_renderer.commands.generate")),
    ("check", ["check", "-"], ("jinja2", "rich", "post_renderer.report.sarif", "post_renderer.commands.explain")),
]


@pytest.mark.parametrize(("args", "unwanted"), [row[1:] for row in IMPORTS], ids=[row[0] for row in IMPORTS])
def test_what_a_run_imports(folder: Path, args: list[str], unwanted: tuple[str, ...]) -> None:
    program = (
        "import sys; from post_renderer.__main__ import main; code = main();"
        "print(*sys.modules, sep='\\n', file=open('modules', 'w'))"
    )
    words = [sys.executable, "-c", program, *args]
    subprocess.run(words, cwd=folder, env=environment(folder), input=b"a: b\n", capture_output=True, check=True)
    modules = (folder / "modules").read_text().split()
    assert "post_renderer.__main__" in modules
    assert [name for name in unwanted if name in modules] == []


# A name that a CI service's log would obey, as YAML in double quotes and as an argument.
ORDER = r"##[set-output name=x]y\n::stop-commands::z\u0085::a\u2028::b; ##vso[c]"
ARGUMENT = "::stop-commands::x\n::error::y\x85::z ##[set-output name=x]y"
NAMED = heimdall(mapped()).replace('"name": "w"', f'"name": "{ORDER}"')
PATH = "::stop-commands::x ##[set-output name=x]y"
ORDERED = [
    ("a Secret", [], contract("existing", secret=ORDER), b""),
    ("a file", [], contract("files", files=ORDER), b""),
    ("a key", [], secret(encoded(SOUND)) + contract("inline", required=ORDER), b""),
    ("a values path", [], contract("existing", valuesPath=ORDER), b""),
    ("a workload", [], NAMED, b"stop-commands"),
    ("check a workload", ["check", "-"], NAMED, b"stop-commands"),
    ("explain a workload", ["explain", "-"], NAMED, b"stop-commands"),
    ("a file that is there", [], secret(unfilled()) + contract("files", files=PATH), b"stop-commands"),
    ("a file that is not there", [], secret(unfilled()) + contract("files", files=f"{PATH}2"), b"stop-commands"),
    ("check", ["check", "-"], secret(unfilled()) + contract("files", files=PATH), b"stop-commands"),
    ("explain", ["explain", "-"], secret(unfilled()) + contract("files", files=PATH), b"stop-commands"),
    ("a target", ["check", ARGUMENT], "", b"stop-commands"),
    ("a folder", ["generate", f"no/{ARGUMENT}"], "", b"stop-commands"),
    ("a file of ours", ["--contract", ARGUMENT], "", b"stop-commands"),
    ("a report of ours", ["--report-file", f"{ARGUMENT}/x/y"], "", b""),
    ("an option", [f"--{ARGUMENT}"], "", b"stop-commands"),
    ("a format", ["check", "x", "--format", ARGUMENT], "", b"stop-commands"),
]


@pytest.mark.parametrize(("args", "stream", "told"), [row[1:] for row in ORDERED], ids=[row[0] for row in ORDERED])
def test_no_name_is_an_order_to_a_log(folder: Path, args: list[str], stream: str, told: bytes) -> None:
    """Whoever gave it; the report that is kept says the same."""
    (folder / "no").write_text("")
    (folder / PATH).write_bytes(file(SOUND))
    done = run(folder, *args, stream=stream)
    again = run(folder, "why", stream=None)
    assert told in done.stdout + done.stderr
    for text in (done.stderr, done.stdout if args else b"", again.stdout, again.stderr):
        lines = text.decode().splitlines()
        assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line] == []
        assert len(lines) == text.count(b"\n")


def test_what_is_obeyed_in_no_log_is_shown_as_it_is(folder: Path) -> None:
    (folder / "a::b ## [c] #[d].yaml").write_text("- x\n")
    done = run(folder, "--contract", "a::b ## [c] #[d].yaml", stream=OTHERS)
    assert b"a::b ## [c] #[d].yaml" in done.stderr


# What was typed, and what is still said of it.
TYPED = [
    (["rotate", "a.yaml", "JWT_SECRET", CANARY], "it is not one of 'JWT_SECRET'"),
    (["rotate", "a.yaml", f"JWT_SECRET={CANARY}"], "it is not one of 'JWT_SECRET'"),
    (["rotate", "a.yaml", f"{CANARY}' is not one of 'x"], "it is not one of 'JWT_SECRET'"),
    (["rotate", "a.yaml", f"it's {CANARY}"], "it is not one of 'JWT_SECRET'"),
    (["generate", "a.yaml", CANARY], "it is not one of 'JWT_SECRET'"),
    (["generate", "a.yaml", f"({CANARY})\n", "b"], "it is not one of 'JWT_SECRET'"),
]


@pytest.mark.parametrize(("args", "said"), TYPED)
def test_a_word_that_is_not_taken_is_not_shown(folder: Path, args: list[str], said: str) -> None:
    """It may be the new value of a key."""
    done = run(folder, *args, stream=None)
    text = (done.stdout + done.stderr).decode()
    assert (done.returncode, said in text, CANARY in text) == (2, True, False), text
