"""The report for a person: in a terminal, a log, or inside what Helm prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.fix import Command, Fix, Ways
from post_renderer.model.report import Ignored, Judged, Report

COLOURS = {ERROR: "31", WARNING: "33", NOTE: "36"}
INDENT = " " * 8
WIDE = 120  # characters: several ways to fix something that are longer together are shown a way a line
LONGEST = 1000  # characters of a text; a name that is longer tells a reader nothing
LONGEST_COMMAND = 4000  # characters; it is shown whole or not at all
# A CI service's log obeys `##[command]` (GitHub, from its Azure days), `##vso[…]` and `##teamcity[…]` in any line,
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
# It is compiled only if a text has `##`: that would be a hundredth of the filter's run.
MARKED = r"(?<=#)#(?=[\w.-]*\[)"


def render(report: Report) -> str:
    """The report, ending in a line break; nothing in it can move a terminal's cursor."""
    blocks = [*findings(report.findings), *ignored(report.ignored), *more(report.findings)]
    return f"{_headline(report)}\n" + "".join(f"\n{block}" for block in blocks)


def findings(found: Iterable[Finding]) -> list[str]:
    """The findings, errors first, each as lines."""
    return ["\n".join(_finding(finding)) + "\n" for finding in _ranked(found)]


def ignored(found: Iterable[Ignored]) -> list[str]:
    """The findings that do not count, each with its reason, as lines."""
    return ["".join(_ignored(each)) for each in found]


def more(found: Iterable[Finding]) -> list[str]:
    """The command that explains the rules, in their order above it, if there is an error or a warning."""
    rules = dict.fromkeys(each.rule for each in _ranked(found) if each.severity != NOTE)
    return [f"more: heimdall-pr explain {' '.join(rules)}\n"] if rules else []


def coloured(text: str) -> str:
    """A report for a terminal: each severity at the start of a line in its colour."""
    for severity, colour in COLOURS.items():
        text = text.replace(f"\n{severity} ", f"\n\x1b[{colour}m{severity}\x1b[0m ")
    return text


def verdict(judged: Judged) -> str:
    """The line of one Secret: `ok` only if every key was seen."""
    if judged.provider:
        keys = f"{_keys(judged)} come from {judged.provider}"
        return shown(f"values not checked here: {judged.secret} ({judged.approach}); its {keys}")
    if not judged.seen:
        return shown(f"not checked here: {judged.secret} ({judged.approach})")
    read = f"; read: {', '.join(judged.read)}" if judged.read else ""
    has = f"has its {_keys(judged)}" if judged.required else "has what it must have"
    return shown(f"ok: {judged.secret} {has} ({judged.approach}{read})")


def _keys(judged: Judged) -> str:
    """How many keys a Secret must have."""
    return f"{judged.required} required key{'s' * (judged.required != 1)}"


def plain(text: str) -> str:
    """Escape what a terminal or a CI service's log would obey: names come from charts and files.

    Args:
        text: One line, or a part of one. Its line breaks are escaped as well.

    Returns:
        The text with `\\x1b` and the like instead of what is not printable, `#\\x23[` instead of `##[`, and `\\x3a:`
        instead of `::` at its start. A text that has been through here once stays as it is.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    if "##" in text:
        text = re.sub(MARKED, r"\\x23", text)
    start = text.lstrip(" ")
    if start.startswith("::"):  # a command of GitHub at the start of a line
        return f"{text[: -len(start)]}\\x3a{start[1:]}"
    return text


def lines(text: str) -> str:
    """The same for a text of several lines, such as what another program reported; its line breaks stay."""
    return "\n".join(map(plain, text.split("\n")))


def shown(text: object) -> str:
    """A text from outside, escaped and not too long."""
    return plain(cut(str(text)))


def cut(text: str) -> str:
    """The beginning of a text that is too long to show."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def fix(found: Fix) -> str:
    """A fix in one line; several ways are separated by semicolons."""
    return "; ".join(ways(found))


def ways(found: Fix) -> list[str]:
    """Each way to fix something as a line."""
    if isinstance(found, Ways):
        return [_way(each) for each in found.ways]
    return [_way(found)] if found else []


def labelled(finding: Finding, about: str) -> list[str]:
    """A finding as lines for a format that has no columns.

    Returns:
        The message, then `where: …`, `expected: …`, `fix: …` and `more: …`, what there is of them.
    """
    rest = (
        ("where", shown(finding.where)),
        ("expected", shown(finding.expected)),
        ("fix", fix(finding.fix)),
        ("more", shown(about)),
    )
    return [shown(finding.message), *(f"{label}: {text}" for label, text in rest if text)]


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ranked(found: Iterable[Finding]) -> list[Finding]:
    """The findings, errors first."""
    return sorted(found, key=lambda finding: tuple(COLOURS).index(finding.severity))


def _headline(report: Report) -> str:
    errors = report.count(ERROR)
    if errors:
        documents = counted(report.documents, "document")
        files = dict.fromkeys(source for judged in report.judged for source in judged.read)
        read = f"\nheimdall-pr: read: {shown(', '.join(files))}" if files else ""
        return f"heimdall-pr: nothing was installed: {counted(errors, 'error')} in a stream of {documents}{read}"
    if not report.judged:
        return "heimdall-pr: nothing to check"
    verdicts = [verdict(judged) for judged in report.judged]
    if report.redacted:
        verdicts.append("redacted for a dry run: what comes out can't be installed (HEIMDALL_PR_REDACT)")
    return "\n".join(f"heimdall-pr: {line}" for line in verdicts)


def _ignored(each: Ignored) -> Iterator[str]:
    yield f"ignored {each.finding.rule}   {shown(each.finding.message)}\n"
    for label, value in (("where", each.finding.where), ("because", each.reason)):
        yield f"{INDENT}{label:<9} {shown(value)}\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity:<7} {finding.rule}   {shown(finding.message)}"
    for label, text in (("where", str(finding.where)), ("expected", finding.expected)):
        if text:
            yield f"{INDENT}{label:<9} {shown(text)}"
    if finding.fix:
        yield f"{INDENT}{'fix':<9} " + f"\n{INDENT}{'':<10}".join(_folded(ways(finding.fix)))


def _folded(parts: list[str]) -> list[str]:
    """Several ways: a line each, or one line if that is short."""
    line = "; ".join(parts)
    return parts if len(line) > WIDE else [line]


def _way(found: str | Command) -> str:
    if isinstance(found, str):
        return shown(found)
    line = plain(str(found))
    return line if len(line) <= LONGEST_COMMAND else f"a command of {len(line)} characters, too long to show"
