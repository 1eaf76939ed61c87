"""A fix as a command: whatever a name holds, a shell takes it as one word, and runs nothing that it names."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from post_renderer.model.fix import (
    Assignment,
    Command,
    Substitution,
    Variable,
    command,
    operand,
    quoted,
    steps,
)

# Names as a chart, a file or a user may write them.
HOSTILE = {
    "a substitution": "$(touch ran)",
    "backticks": "`touch ran`",
    "a semicolon": "n; touch ran >x #",
    "an ampersand": "n && touch ran",
    "a pipe": "n | touch ran",
    "a variable": "${PATH}",
    "a single quote": "it's; touch ran; '",
    "a double quote": '"; touch ran; "',
    "a backslash": "\\'; touch ran; '\\",
    "a line break": "n\ntouch ran\n",
    "a line break and a quote": "n'\ntouch ran\n'",
    "a carriage return": "n\rtouch ran",
    "bidirectional marks": "\u202en\u2066",
    "a terminal sequence": "\x1b]0;touch ran\x07",
    "a line separator": "n\u2028touch ran",
    "no UTF-8": "n\udcff",
    "an option": "-rf",
    "a pattern": "*",
    "a home": "~root",
    "a comment": "#n",
    "history": "n!!",
    "empty": "",
    "blank": " ",
    "words": "é ü",
}
NAME = pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the only programs on PATH: `show` prints its arguments and `$SHOWN`, `touch` is the trap."""
    folder = tmp_path / "tools"
    folder.mkdir()
    show = '#!/bin/sh\n[ "$#" = 0 ] || printf "%s\\0" "$@"\n[ -z "${SHOWN+x}" ] || printf "%s\\0" "SHOWN=$SHOWN"\n'
    for name, script in (("show", show), ("touch", '#!/bin/sh\n: >"$1"\n'), ("fail", "#!/bin/sh\nexit 1\n")):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    (folder / "cat").symlink_to(shutil.which("cat") or "/bin/cat")
    return folder


def words(fix: Command, tools: Path) -> list[str]:
    """What the programs of a pasted command get, checked by `bash -n` first."""
    line = str(fix)
    assert line.isprintable()
    env = {"PATH": str(tools)}
    checked, done = (
        subprocess.run(
            ["/bin/bash", "--norc", *flags, "-c", line], env=env, cwd=tools, capture_output=True, check=False
        )
        for flags in (["-n"], [])
    )
    assert (checked.returncode, checked.stderr, done.stderr) == (0, b"", b""), line
    assert sorted(path.name for path in tools.iterdir()) == ["cat", "fail", "show", "touch"], line
    return os.fsdecode(done.stdout).split("\0")[:-1]


@NAME
def test_a_word(tools: Path, name: str) -> None:
    assert words(command("show", name, "--", name), tools) == [name, "--", name]


@NAME
def test_a_part_of_a_word(tools: Path, name: str) -> None:
    assert words(command("show", f"--namespace={name}"), tools) == [f"--namespace={name}"]


@NAME
def test_a_variable_before_a_command(tools: Path, name: str) -> None:
    assert words(command(Variable("SHOWN", name), "show"), tools) == [f"SHOWN={name}"]


@NAME
def test_a_substitution(tools: Path, name: str) -> None:
    found = words(command("show", Substitution(f"a={name}", ("printf", "%s", name))), tools)
    assert found == [f"a={name}{name}".rstrip("\n")]


@NAME
def test_an_assignment(tools: Path, name: str) -> None:
    export = command("export", Assignment("SHOWN", ("printf", "%s", name)))
    assert words(steps(export, command("show", "x")), tools) == ["x", "SHOWN=" + name.rstrip("\n")]


@NAME
def test_a_pipeline(tools: Path, name: str) -> None:
    assert words(Command((("printf", "%s\\0", name), ("cat",))), tools) == [name]


@NAME
def test_a_subshell_keeps_its_variables(tools: Path, name: str) -> None:
    fix = steps(command("export", Variable("SHOWN", name)), command("show", name), subshell=True)
    assert words(fix, tools) == [name, f"SHOWN={name}"]


@NAME
def test_an_operand_is_no_option(name: str) -> None:
    assert not operand(name).startswith("-")
    assert os.path.normpath(operand(name) or ".") == os.path.normpath(name or ".")


def test_a_step_runs_only_if_the_one_before_it_succeeds(tools: Path) -> None:
    assert words(steps(command("show", "a"), command("fail"), command("show", "b")), tools) == ["a"]


@pytest.mark.parametrize(
    ("fix", "expected"),
    [
        (command("chmod", "600", "env/s.yaml"), "chmod 600 env/s.yaml"),
        (command("chmod", "600", "a b", note="if it is yours"), "chmod 600 'a b', if it is yours"),
        (Command((("echo", "/x"), ("tee", "-a", ".gitignore"))), "echo /x | tee -a .gitignore"),
        (steps(command("a"), command("b", note="gone"), note="kept"), "a && b, kept"),
        (steps(command("a"), command("b"), subshell=True), "(a && b)"),
        (command(Variable("ROOT", "a b"), "helm"), "ROOT='a b' helm"),
    ],
)
def test_how_it_is_shown(fix: Command, expected: str) -> None:
    assert str(fix) == expected


def test_what_needs_no_quotes_has_none() -> None:
    assert quoted("env/heimdall-secrets.yaml") == "env/heimdall-secrets.yaml"
