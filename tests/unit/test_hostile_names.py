"""Every command that a fix shows, with names as only an attacker writes them: a shell takes each as one word."""

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from post_renderer.adapters import files, git, helm_errors, kubectl, own_file, system_errors, targets
from post_renderer.adapters.helm import Values
from post_renderer.adapters.helm4 import plugin
from post_renderer.adapters.values import raw
from post_renderer.document.paths import is_path
from post_renderer.masking import mask
from post_renderer.model.errors import UserError
from post_renderer.model.facts import LiveFact
from post_renderer.model.fix import Command, Fix, join
from post_renderer.model.settings import Settings
from post_renderer.secrets import install, kinds, plaintext, secrets_file
from post_renderer.secrets.formats import FORMATS
from post_renderer.secrets.formats.shared import Target
from tests.unit.streams import SOUND, contract, heimdall, mapped, run, secret, unfilled, whole

Thing = TypeVar("Thing")


class Every(dict[str, Thing]):
    """The same under every name."""

    def __init__(self, thing: Thing) -> None:
        super().__init__({"": thing})
        self.thing = thing

    def __missing__(self, name: str) -> Thing:
        return self.thing


# No slash: each is a file's name as well.
HOSTILE = {
    "a substitution": "$(touch ran)",
    "backticks": "`touch ran`",
    "a semicolon": "n; touch ran #",
    "a single quote": "it's; touch ran; '",
    "a double quote": '"; touch ran; "',
    "a line break": "n'\ntouch ran\n'",
    "bidirectional marks": "\u202en; touch ran\u2066",
    "an option": "--config=$(touch ran)",
}
PROGRAMS = ("chmod", "cat", "df", "git", "heimdall-pr", "helm", "iconv", "kubectl", "ls", "readlink", "sops", "tee")
DOTENV = b"export A_KEY=xxxxxxxx\n"
MANIFEST = b"apiVersion: v1\nkind: Secret\n"
VALUES = b"heimdall:\n  secrets: {}\n"


def file_fix(name: str, content: bytes) -> Fix:
    return secrets_file.read(name, content)[1][0].fix


def fetched(name: str, mode: int) -> Fix:
    """The fix for a file that is there, or is not."""
    if mode and is_path(name):
        Path(name).write_text("JWT_SECRET: x")
        Path(name).chmod(mode)
    return files.fetch(name, "").findings[0].fix


def refused(call: Callable[[], object]) -> Fix:
    with pytest.raises(UserError) as caught:
        call()
    return caught.value.fix


def unwritable(name: str) -> Fix:
    """A file that is there."""
    Path(name).touch()
    return own_file.failed(name, OSError(13, "")).fix


def folder_without_manifests(name: str) -> Fix:
    Path(name).mkdir(exist_ok=True)
    return refused(lambda: targets.read([name]))


def forbidden(name: str) -> Fix:
    """With a kubectl that may not read Secrets."""
    return kubectl.fetch("ns", "n", kubectl.Target(name, name)).findings[0].fix


def missing_in_folder(name: str) -> Fix:
    Path(name).mkdir()
    return refused(lambda: files.fetch_own(f"{name}/x"))


FIXES: dict[str, Callable[[str], Fix]] = {
    "a file that is not there": lambda name: fetched(name, 0),
    "a file that others may read": lambda name: fetched(name, 0o644),
    "no file of one's own": missing_in_folder,
    "a file in UTF-16": lambda name: kinds.of(name, b"\xff\xfe").fix,  # type: ignore[union-attr]  # it is known
    "a loop": lambda name: system_errors.fix(name, OSError(errno.ELOOP, "")),
    "a file that can't be written": unwritable,
    "tracked": lambda name: git.fix(name, git.TRACKED),
    "tracked, in a folder": lambda name: git.fix(f"{name}/{name}", git.TRACKED),
    "untracked": lambda name: git.fix(name, git.UNTRACKED),
    "git gives no answer": lambda name: git.fix(f"{name}/x", git.UNKNOWN),
    "a chart": lambda name: helm_errors.findings("parse error", name)[0].fix,
    "a folder": folder_without_manifests,
    "a cluster": forbidden,
    "a manifest": lambda name: file_fix(name, MANIFEST),
    "values": lambda name: file_fix(name, VALUES),
    "values that sops encrypted": lambda name: file_fix(name, VALUES + b"sops: {version: 3}\n"),
    "a dotenv file that sops encrypted": lambda name: file_fix(name, DOTENV + b"sops_version=3\n"),
    "plaintext": lambda name: next(plaintext.findings(name, "JWT_SECRET: hunter2-canary")).fix,
    "a secrets file": install.with_file,
    "a secrets file in a folder": lambda name: install.with_file(f"/{name}/{name}"),
    "a manifest of ours": lambda name: FORMATS["k8s"].use(Target(name, "n", "ns")),
    "a plugins folder": lambda name: plugin.use(name, {"HELM_PLUGINS": "x"}),
}
DOTENV_FIXES: dict[str, Callable[[str], Fix]] = {
    "a dotenv file": lambda name: file_fix(name, DOTENV),
    "a dotenv file of ours": lambda name: FORMATS["env"].use(Target(name)),
}


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder, and programs that print their arguments and a variable; `touch` is the trap."""
    tools, work = tmp_path / "tools", tmp_path / "work"
    tools.mkdir()
    work.mkdir()
    for name in PROGRAMS:
        (tools / name).write_text('#!/bin/sh\nprintf "%s\\0" "$@" "$HELM_PLUGINS"\n')
    (tools / "kubectl").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\nprintf "(Forbidden)" >&2\nexit 1\n')
    (tools / "tee").write_text(f'#!/bin/sh\n{shutil.which("cat")}\nprintf "%s\\0" "$@"\n')
    (tools / "touch").write_text(f"#!/bin/sh\n: >{tmp_path}/ran\n")
    for path in tools.iterdir():
        path.chmod(0o755)
    monkeypatch.chdir(work)
    monkeypatch.setenv("PATH", str(tools))
    yield tmp_path
    assert not (tmp_path / "ran").exists()


def pasted(fix: Fix, sandbox: Path) -> bytes:
    """What the programs get from a fix, without its note, pasted into a shell."""
    assert isinstance(fix, Command), fix
    line = str(fix._replace(note=""))
    assert line.isprintable()
    checked, done = (
        subprocess.run(
            ["/bin/bash", "--norc", *flags, "-c", line], cwd=sandbox / "work", capture_output=True, check=False
        )
        for flags in (["-n"], [])
    )
    assert (checked.returncode, checked.stderr) == (0, b""), line
    return done.stdout


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", FIXES.values(), ids=FIXES)
def test_a_name_is_one_word(sandbox: Path, make: Callable[[str], Fix], name: str) -> None:
    fix = make(name)
    if isinstance(fix, str):  # what is no path is not shown at all
        assert not is_path(name) and name not in fix
        return
    words = pasted(fix, sandbox).split(b"\0")
    assert any(name.encode() in word for word in words), words
    assert name.encode() not in words or not name.startswith("-") or b"--" in words[: words.index(name.encode())]


def file_of(name: str) -> str:
    """A contract that names a file which holds none of the keys."""
    return contract("files", files="x").replace('"x"', json.dumps(name)) + secret(unfilled())


JWT, *OTHERS = SOUND
# What a stream names; each has findings whose fix is a command with that name, unless it is refused as no name.
STREAMS: dict[str, Callable[[str], str]] = {
    "a Secret that a pod takes keys of": lambda name: heimdall(mapped(source=name)),
    "a Secret that a pod takes whole": lambda name: heimdall(env_from=[whole(name)]),
    "a ConfigMap": lambda name: heimdall(env_from=[whole(name, "configMapRef")]),
    "a pod's namespace": lambda name: heimdall(mapped()).replace('"ns"', json.dumps(name)),
    "a key": lambda name: heimdall([*mapped(OTHERS), *mapped([JWT], key=name)]),
    "a contract's Secret": lambda name: contract("existing").replace('"h-secrets"', json.dumps(name)),
    "a contract's namespace": lambda name: contract("existing").replace(" ns\n", f" {json.dumps(name)}\n"),
    "what makes a Secret": lambda name: contract("existing") + maker(name),
    "a file": file_of,
}


def maker(name: str) -> str:
    """An ExternalSecret that may bring anything."""
    spec = {"target": {"name": "h-secrets"}, "dataFrom": [{"extract": {"key": "k"}}]}
    metadata = {"name": name, "namespace": "ns"}
    one = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": metadata, "spec": spec}
    return f"---\n{json.dumps(one)}\n"


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", STREAMS.values(), ids=STREAMS)
def test_a_stream_s_name_is_one_word_and_no_option(sandbox: Path, make: Callable[[str], str], name: str) -> None:
    """Without a cluster, and with one in which no Secret has a key."""
    stream, files = make(name), Every(b"OTHER: x\n")
    outcomes = (run(stream, files=files), run(stream, Settings(live=True), files, live=Every(LiveFact({}))))
    findings = [finding for outcome in outcomes for finding in outcome.report.findings]
    assert findings
    for fix in (finding.fix for finding in findings if isinstance(finding.fix, Command)):
        words = pasted(fix, sandbox).split(b"\0")
        assert not name.startswith("-") or name.encode() not in words, words


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", DOTENV_FIXES.values(), ids=DOTENV_FIXES)
def test_a_shell_reads_just_that_file(sandbox: Path, make: Callable[[str], Fix], name: str) -> None:
    Path(name).write_text("printf '%s\\0' read\n")
    assert pasted(make(name), sandbox).startswith(b"read\0install\0")


@pytest.mark.parametrize("make", DOTENV_FIXES.values(), ids=DOTENV_FIXES)
def test_the_values_of_that_file_end_with_the_command(sandbox: Path, make: Callable[[str], Fix]) -> None:
    Path("f").write_text("HELM_PLUGINS=canary\n")
    fix = make("f")
    assert isinstance(fix, Command)
    assert b"canary" in pasted(fix, sandbox)
    after = f'{fix._replace(note="")}; printf %s "left:$HELM_PLUGINS"'
    done = subprocess.run(["/bin/bash", "--norc", "-c", after], cwd=sandbox / "work", capture_output=True, check=True)
    assert done.stdout.endswith(b"left:")


SECRET = "0123456789abcdef" * 8


def test_what_is_no_name_is_not_shown(sandbox: Path) -> None:
    for namespace, name in (("ns", f"JWT_SECRET: {SECRET}"), (f"{SECRET}\n", "n"), ("ns", "x" * 254), ("ns", "")):
        (finding,) = kubectl.fetch(namespace, name, kubectl.Target("c")).findings
        assert finding.rule == "live-absent"
        assert str(finding.where) == "a Secret"
        assert "x" * 254 not in repr(finding) and SECRET not in repr(finding)
    assert not list((sandbox / "work").iterdir())


MISPLACED = [
    ("a values file", Values((f"JWT_SECRET: {SECRET}\nADMIN_PASSWORD: hunter2x\n",))),
    ("a --set-file", Values((), (("set-file", f"heimdall.secretsFiles[0]=JWT_SECRET: {SECRET}\nA: hunter2x"),))),
]


@pytest.mark.parametrize("values", [row[1] for row in MISPLACED], ids=[row[0] for row in MISPLACED])
def test_a_file_s_content_in_the_place_of_its_path_is_masked(values: Values) -> None:
    text = values.files[0] if values.files else values.sets[0][1].partition("=")[2]
    for message in (f"open {text}: file name too long", f"open {join((text,))}: no such file"):
        shown = mask.masked(message, raw(values))
        assert mask.GONE in shown and shown.startswith("open ")
        assert SECRET not in shown and "hunter2x" not in shown


def test_the_programs_are_those_that_fixes_name(sandbox: Path) -> None:
    """Else a fix would pass for want of the program that it names."""
    assert {path.name for path in (sandbox / "tools").iterdir()} == {*PROGRAMS, "touch"}
    assert os.environ["PATH"] == str(sandbox / "tools")
