"""Markdown whose command blocks are run, in order, in one folder.

A fence of ```bash, ```sh or ```console is run by bash with -e and pipefail, the next one in the folder and with the
exported variables that it left. In a ```console fence each line that begins with `$ ` is a command, and what follows is
what it must print. A comment in the line above a fence says more:

    <!-- test: helm3 -->            run with Helm 3 alone (helm4: with Helm 4 alone; neither: once with each)
    <!-- test: cluster -->          run where there is a cluster
    <!-- test: fails -->            must exit with another code than 0; without it, with 0
    <!-- output -->                 a ```text fence: what the block above printed, standard output and error together
                                    (helm3, helm4 and cluster limit this too: `<!-- output: helm4 -->`)
    <!-- file: values.yaml -->      any fence: its text is written to that file

A reader sees which block no test runs, and why, in the line above it or above the empty line before it:

    *Not run by a test: REASON.*

Words are joined by spaces: `<!-- test: helm4 cluster fails -->`. In an expected output `…` stands for anything, and
alone on a line for any number of lines. White space at the end of lines does not count.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.helms import Unavailable

SHELLS = ("bash", "sh", "console")
WORDS = frozenset(("helm3", "helm4", "cluster", "fails"))
ANYTHING = "…"
# Programs of the reader's that a block may call. Without one, the test of the page is skipped.
PROGRAMS = ("age-keygen", "cmp", "git", "helm", "jq", "kubectl", "openssl", "sops")

_COMMENT = re.compile(r"<!-- (test|output|file)(?:: (.+?))? -->$")
_SKIP = re.compile(r"\*Not run by a test: (.+)\.\*$")
SKIPPED = "skip"  # the kind of a fence that no test runs; its words are the reason
# The trap keeps folder and variables for the next block, however this one ends.
_SCRIPT = """
set -e -o pipefail
[ ! -e "$README_STATE" ] || . "$README_STATE"
trap '{ export -p; printf "cd %q\\n" "$PWD"; } > "$README_STATE"' EXIT
"""


class Bad(Exception):
    """The Markdown does not keep to the scheme."""


class Mismatch(Exception):
    """A block did not do what the Markdown says."""


class Fence(NamedTuple):
    """A fence with the `kind` and the `words` of the line above it."""

    line: int
    language: str
    kind: str
    words: str
    text: str


class Step(NamedTuple):
    """One thing to do: run `text`, write it to `file`, or compare it with what was printed last."""

    line: int
    kind: str
    text: str
    words: frozenset[str] = frozenset()
    file: str = ""
    expected: str | None = None

    def applies(self, where: Collection[str]) -> bool:
        """Whether it belongs to a run with that Helm, with or without a cluster."""
        helms = self.words & {"helm3", "helm4"}
        return (not helms or bool(helms & set(where))) and ("cluster" not in self.words or "cluster" in where)


def parse(markdown: str) -> list[Step]:
    """What there is to do, in order."""
    return [step for fence in fences(markdown) for step in _steps(fence)]


def run(steps: list[Step], where: Collection[str], folder: Path, env: Mapping[str, str]) -> int:
    """Do what applies; return how many blocks were run.

    Raises Mismatch at the first block that is not as it is written, Unavailable if a program that it calls is not here.
    """
    state = folder.with_name(f"{folder.name}.state")
    printed, ran = None, 0
    for step in steps:
        if not step.applies(where):
            continue
        if step.kind == "file":
            (folder / step.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.file).write_text(step.text)
        elif step.kind == "test":
            printed, ran = _run(step, folder, {**env, "README_STATE": str(state)}), ran + 1
        else:
            _compare(step.line, step.text, printed)
    return ran


def fences(markdown: str) -> Iterator[Fence]:
    """Every fence, with the comment in the line above it."""
    lines = markdown.splitlines()
    at = 0
    while at < len(lines):
        opened = re.match(r"( *)(`{3,})(\w*)", lines[at])
        if opened:
            indent, ticks, language = opened.groups()
            end = next((i for i in range(at + 1, len(lines)) if lines[i].strip() == ticks), len(lines))
            text = "".join(f"{line.removeprefix(indent)}\n" for line in lines[at + 1 : end])
            yield Fence(at + 1, language, *_above(lines[max(at - 2, 0) : at]), text)
            at = end
        at += 1


def _above(lines: list[str]) -> tuple[str, str]:
    """The kind and the words of a fence, by the two lines above it."""
    line, *before = (each.strip() for each in reversed(lines or [""]))
    if skipped := _SKIP.match(line or "".join(before)):
        return SKIPPED, skipped[1]
    comment = _COMMENT.match(line)
    return (comment[1], comment[2] or "") if comment else ("", "")


def _steps(fence: Fence) -> Iterator[Step]:
    if fence.kind == "file":
        yield Step(fence.line, "file", fence.text, file=fence.words)
    elif fence.kind == "output":
        yield Step(fence.line, "output", fence.text, _words(fence))
    elif fence.language in SHELLS and fence.kind != SKIPPED:
        words = _words(fence)
        yield from (
            _session(fence, words) if fence.language == "console" else [Step(fence.line, "test", fence.text, words)]
        )


def _words(fence: Fence) -> frozenset[str]:
    words = frozenset(fence.words.split())
    if unknown := words - WORDS:
        raise Bad(f"line {fence.line}: {', '.join(sorted(unknown))}: there are {', '.join(sorted(WORDS))}")
    return words


def _session(fence: Fence, words: frozenset[str]) -> Iterator[Step]:
    """A console's commands; `fails` is said of the last."""
    parts = re.split(r"^\$ ", fence.text, flags=re.MULTILINE)
    if parts[0] or len(parts) == 1:
        raise Bad(f"line {fence.line}: a console begins with `$ `")
    line = fence.line + 1
    for number, part in enumerate(parts[1:], 1):
        command = re.match(r"(?:.*\\\n)*.*\n", part)
        text = command[0] if command else part
        own = words if number == len(parts) - 1 else words - {"fails"}
        yield Step(line, "test", text, own, expected=part[len(text) :])
        line += part.count("\n")


def lacking(text: str, path: str) -> list[str]:
    """Which programs a block calls that are not on this PATH."""
    called = [name for name in PROGRAMS if re.search(rf"(?:^|[|;&(`])\s*{name}\s", text, re.MULTILINE)]
    return [name for name in called if not shutil.which(name, path=path)]


def _run(step: Step, folder: Path, env: Mapping[str, str]) -> str:
    if absent := lacking(step.text, env.get("PATH", os.defpath)):
        raise Unavailable(f"{', '.join(absent)} is not on PATH")
    done = subprocess.run(
        ["bash", "-c", f"{_SCRIPT}{step.text}"],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=900,
    )
    printed = done.stdout.decode("utf-8", "replace")
    if (done.returncode != 0) != ("fails" in step.words):
        raise Mismatch(f"line {step.line}: exit code {done.returncode}\n{step.text}\n{printed}")
    if step.expected is not None:
        _compare(step.line, step.expected, printed)
    return printed


def _compare(line: int, expected: str, printed: str | None) -> None:
    if printed is None:
        raise Bad(f"line {line}: an output without a block that printed it")
    if not matches(expected, printed):
        raise Mismatch(f"line {line}: expected\n{expected}\nbut this was printed\n{printed}")


def matches(expected: str, printed: str) -> bool:
    """Whether that is what was printed, but for `…`."""
    patterns = []
    for line in expected.strip("\n").splitlines():
        if line.strip() == ANYTHING:
            patterns.append(r"(?:.*\n)*")
        else:
            patterns.append(".*".join(re.escape(part) for part in line.rstrip().split(ANYTHING)) + r"[ \t]*\n")
    return re.fullmatch("".join(patterns), printed.strip("\n") + "\n" if printed.strip("\n") else "") is not None
