"""The catalog: every rule by its ID, from the rules' own files and from the table of those that have none."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence

from post_renderer import rules
from post_renderer.model.finding import Finding
from post_renderer.model.record import NamedTuple, Protocol
from post_renderer.rules import reading, workload


class Documented(Protocol):
    """The module of a rule, whatever its check is about."""

    ID: str
    SEVERITY: str
    IGNORABLE: bool

    @property
    def check(self) -> Callable[..., Iterator[Finding]]:
        """What finds it."""


# The rules with files of their own, by what they are about.
TABLES: dict[str, Sequence[Documented]] = {
    "the values of a Secret": rules.RULES,
    "where a workload takes its variables from": workload.RULES,
}
EXAMPLES = re.compile(r"^(Fails|Passes): ", re.MULTILINE)


class Rule(NamedTuple):
    """A rule in words.

    Attributes:
        sentence: What it found.
        severity: The usual severity of its findings.
        ignorable: Whether a person may decide that it does not matter.
        room: What it is about.
        why: Why that matters, in Markdown; paragraphs are apart by an empty line.
        fix: What to do, in Markdown.
        fails: Examples in Markdown that it reports; empty if a rule has no check of its own.
        passes: Examples in Markdown that it does not report.
    """

    sentence: str
    severity: str
    ignorable: bool
    room: str
    why: str
    fix: str
    fails: str = ""
    passes: str = ""


def sentence(rule: str) -> str:
    """What a rule means; one that the catalog does not know is its own name."""
    return RULES[rule].sentence if rule in RULES else rule


def _checked(room: str, rule: Documented) -> Rule:
    """A rule with a file of its own, read from its docstrings."""
    _, _, text = (inspect.getdoc(rule.check) or "").partition("\n\n")
    text, *examples = EXAMPLES.split(text)
    why, _, fix = text.partition("\n\nFix: ")
    found = {name: " ".join(example.split()) for name, example in zip(examples[::2], examples[1::2], strict=True)}
    return Rule(
        sentence=(rule.__doc__ or rule.ID).strip(),
        severity=rule.SEVERITY,
        ignorable=rule.IGNORABLE,
        room=room,
        why="\n\n".join(" ".join(paragraph.split()) for paragraph in why.split("\n\n")),
        fix=_capital(" ".join(fix.split())),
        fails=found.get("Fails", ""),
        passes=found.get("Passes", ""),
    )


def _read(room: str, entry: reading.Entry) -> Rule:
    return Rule(entry.sentence, entry.severity, entry.ignorable, room, entry.why, entry.fix)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# What prevents that the Secret is read or filled can't be ignored: there would be no Secret to judge. What a rule finds
# about a value that is there can be: a person may know better.
RULES: dict[str, Rule] = dict(
    sorted(
        {
            **{name: _read(room, entry) for room, entries in reading.ROOMS.items() for name, entry in entries.items()},
            **{rule.ID: _checked(room, rule) for room, table in TABLES.items() for rule in table},
        }.items()
    )
)
