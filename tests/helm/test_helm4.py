"""What a person gets to read under Helm 4, which swallows what a post-renderer says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from post_renderer.adapters.helm4 import channel
from tests import helms
from tests.helms import HELM_PR, Helm
from tests.support import CHART, FILE, KEYS, Desk, Done, accepted, files, merged, plugin, refused

HELM4 = [version for version in helms.VERSIONS if helms.major(version) == 4]
each_helm4 = pytest.mark.parametrize("every_helm", HELM4, indirect=True)
BEFORE = "what was in the file before\n"


# --- the three places that standard error can go to ------------------------------------------------------------------


def on_a_terminal(desk: Desk, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Exit code and what a person sees."""
    ours, theirs = os.openpty()
    with (desk.folder / "out").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=desk.folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=theirs
        )
    os.close(theirs)
    text = b""
    while part := _read(ours):
        text += part
    os.close(ours)
    return process.wait(), text.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that the other side has closed
        return b""


def through_a_pipe(desk: Desk, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    done = helms.run(command, cwd=desk.folder, env=env)
    return done.returncode, done.stderr


def in_a_file(desk: Desk, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """As `2>> file` does it; nothing that was there is overwritten."""
    path = desk.folder / "err"
    path.write_text(BEFORE)
    with path.open("ab") as err:
        done = subprocess.run(
            command,
            cwd=desk.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=err,
            check=False,
        )
    text = path.read_text()
    assert text.startswith(BEFORE)
    return done.returncode, text.removeprefix(BEFORE)


Way = Callable[[Desk, list[str], dict[str, str]], tuple[int, str]]
WAYS: dict[str, Way] = {"terminal": on_a_terminal, "pipe": through_a_pipe, "file": in_a_file}


def template(desk: Desk, way: Way, *values: str, **env: str) -> tuple[int, str]:
    """`helm template` with its standard error going that way; looked through for secrets."""
    command = [str(desk.helm.path), "template", "r", str(CHART), *desk.helm.post_renderer, "--set", ",".join(values)]
    code, text = way(desk, command, {**desk.helm.env, **env})
    desk.look_through(Done(command, code, "", text))
    return code, text


FROM_FILE = f"heimdall.secretsFiles={{{FILE}}}"


# --- refusals --------------------------------------------------------------------------------------------------------


@each_helm4
@pytest.mark.parametrize("way", WAYS)
def test_a_refusal_is_readable(every_helm: Helm, tmp_path: Path, way: str) -> None:
    """Line by line, as it was written, without a control character."""
    desk = Desk(every_helm, tmp_path / "desk")
    desk.file(merged(desk.secrets, JWT_SECRET=None, ADMIN_PASSWORD=""))
    code, text = template(desk, WAYS[way], FROM_FILE)
    assert code == 1
    assert [key for key in KEYS if f"  error   missing-key   {key} is" in text] == ["JWT_SECRET", "ADMIN_PASSWORD"]
    assert [line for line in desk.report().splitlines() if f"  {line}".rstrip() not in text.splitlines()] == []
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


@each_helm4
def test_each_half_of_a_refusal_is_enough(every_helm: Helm, tmp_path: Path) -> None:
    """The scalar alone makes Helm fail and print it; the broken document alone makes it fail."""
    desk = Desk(every_helm, tmp_path / "desk")
    both = channel.refusal("told to a person\n").decode()
    scalar, broken = both.removesuffix(channel.BROKEN), channel.BROKEN
    assert scalar != both
    for name, output in {"scalar": scalar, "broken": broken, "both": both}.items():
        (desk.folder / name).write_text(output)
        renderer = plugin(every_helm, name, f"#!/bin/sh\ncat > /dev/null\ncat {desk.folder / name}\n")
        done = desk.template(files(), renderer=renderer)
        refused(done, *(["\n  told to a person\n"] if name != "broken" else []))


# --- what is told on success -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_notes_on_success(every_helm: Helm, tmp_path: Path, way: str) -> None:
    """On the terminal (in colour) and through the pipe; a file is left to Helm. `why` has them in any case."""
    desk = Desk(every_helm, tmp_path / "desk")
    desk.file()
    code, text = template(desk, WAYS[way], FROM_FILE, "heimdall.existingSecret=live")
    assert code == 0
    note = "note    ignored   ignored, because heimdall.existingSecret is set and wins whole\n"
    assert note in desk.report()
    assert "        where     heimdall.secretsFiles\n" in desk.report()
    report = desk.report()
    shown = {"terminal": report.replace("\nnote ", "\n\x1b[36mnote\x1b[0m "), "pipe": report, "file": ""}
    assert text == shown[way]
    dated, _, again = desk.command("why").stdout.partition("\n")
    assert re.search(r" UTC: chart heimdall-[\d.]+, release r, namespace \S+$", dated)
    assert again == report


def test_no_colour_where_none_is_wanted(every_helm: Helm, tmp_path: Path) -> None:
    desk = Desk(every_helm, tmp_path / "desk")
    assert template(desk, on_a_terminal, "heimdall.existingSecret=live", NO_COLOR="1") == (0, desk.report())
    assert "not checked here" in desk.report()


def test_nothing_to_say_is_not_said(every_helm: Helm, tmp_path: Path) -> None:
    """The report has its one line all the same."""
    desk = Desk(every_helm, tmp_path / "desk")
    desk.file()
    assert template(desk, on_a_terminal, FROM_FILE) == (0, "")
    told = "ok: Secret default/r-heimdall-secrets has its 4 required keys (heimdall.secretsFiles; read: " + FILE
    assert desk.report() == f"heimdall-pr: {told})\n"


# --- every other end -------------------------------------------------------------------------------------------------

# A tool that is broken, and one that is interrupted while it waits for the end of its input.
BROKEN_TOOL = f"""#!{sys.executable}
import sys
from post_renderer import __main__, pipeline
del pipeline.apply
sys.exit(__main__.main())
"""
INTERRUPTED_TOOL = f"""#!{sys.executable}
import fcntl, signal, subprocess, sys, termios, time
child = subprocess.Popen(["{HELM_PR}", *sys.argv[1:]], stdin=subprocess.PIPE)
child.stdin.write(sys.stdin.buffer.read())
child.stdin.flush()
while any(fcntl.ioctl(child.stdin, termios.FIONREAD, bytes(4))):
    time.sleep(0.01)
child.send_signal(signal.SIGINT)
sys.exit(child.wait())
"""


class Ending(NamedTuple):
    """How a run can fail, with another tool in place of ours where one is given, and what is told of it."""

    name: str
    tool: str
    env: dict[str, str]
    args: list[str]
    told: list[str]


ENDS = [
    Ending(
        "a wrong variable",
        "",
        {"HEIMDALL_PR_STRICT": "maybe"},
        [],
        ["heimdall-pr: HEIMDALL_PR_STRICT is neither true nor false\n", "fix       export HEIMDALL_PR_STRICT=true"],
    ),
    Ending("an unknown option", "", {}, ["--nope"], ["heimdall-pr: there is no option --nope\n", "heimdall-pr --help"]),
    Ending("an option without its value", "", {}, ["--files-root"], ["argument --files-root: expected one argument"]),
    Ending(
        "our own bug",
        BROKEN_TOOL,
        {},
        [],
        ["heimdall-pr: internal error (AttributeError): nothing was installed; HEIMDALL_PR_DEBUG=true shows where"],
    ),
    Ending(
        "our own bug, by --debug",
        BROKEN_TOOL,
        {},
        ["--debug"],
        ["heimdall-pr: internal error (AttributeError)\n", "/post_renderer/__main__.py:", " _filter\n"],
    ),
    Ending("interrupted", INTERRUPTED_TOOL, {}, [], ["heimdall-pr: interrupted: nothing was installed"]),
]


@pytest.mark.parametrize("every_helm", [helms.NEWEST[3], *HELM4], indirect=True)
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("end", ENDS, ids=[end.name for end in ENDS])
def test_every_failure_is_told(every_helm: Helm, tmp_path: Path, end: Ending) -> None:
    """Usage, our own bug and an interruption end as a refusal does: Helm fails, and the message can be read."""
    desk = Desk(every_helm, tmp_path / "desk")
    desk.file()
    renderer = plugin(every_helm, "ending", end.tool) if end.tool else every_helm.post_renderer
    options = ["--helm4", *end.args] if end.tool and every_helm.major == 4 else end.args
    done = desk.template(
        files(), *(f"--post-renderer-args={option}" for option in options), env=end.env, renderer=renderer
    )
    refused(done, *end.told)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert desk.command("why").stdout.partition("\n")[2] == desk.report() != ""


# --- the report ------------------------------------------------------------------------------------------------------


def test_why(helm: Helm, tmp_path: Path) -> None:
    """Prints the last report, refused or accepted, from a file of the user's own; without one it says so."""
    desk = Desk(helm, tmp_path / "desk")
    refused_first = desk.command("why")
    assert refused_first.returncode == 1
    assert "there is no report" in refused_first.stderr
    refused(desk.template(desk.file(merged(desk.secrets, JWT_SECRET=None))))
    first = accepted(desk.command("why")).stdout
    assert "JWT_SECRET is missing" in first
    assert first.partition("\n")[2] == desk.report()
    path = helm.home / "state" / "heimdall-pr" / "report.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    accepted(desk.template(desk.file()))
    assert desk.command("why").stdout != first
    assert sorted(path.parent.iterdir()) == [path]


def test_a_report_file_of_ones_own(helm: Helm, tmp_path: Path) -> None:
    """By variable and by option; that it can't be written is said, and is no error."""
    desk = Desk(helm, tmp_path / "desk")
    values = desk.file()
    own = desk.folder / "report"
    accepted(desk.template(values, env={"HEIMDALL_PR_REPORT_FILE": str(own)}))
    assert "ok: Secret default/r-heimdall-secrets" in own.read_text()
    assert desk.command("why", env={"HEIMDALL_PR_REPORT_FILE": str(own)}).stdout == own.read_text()
    own.unlink()
    accepted(desk.template(values, "--post-renderer-args=--report-file", f"--post-renderer-args={own}"))
    assert "ok: Secret" in own.read_text()
    assert desk.report() == ""
    accepted(desk.template(values, env={"HEIMDALL_PR_REPORT_FILE": str(own / "not" / "a" / "folder")}))
