"""The report for a person: in a terminal, a log, or inside what Helm prints."""

from collections.abc import Iterable, Iterator

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.report import Judged, Report

COLOURS = {ERROR: "31", WARNING: "33", NOTE: "36"}
INDENT = " " * 8
WAYS, LONG = "; ", 120  # characters: what is longer, and has several parts, is shown a part a line


def render(report: Report) -> str:
    """The report, ending in a line break; nothing in it can move a terminal's cursor."""
    return f"{_headline(report)}\n" + "".join(f"\n{block}" for block in findings(report.findings))


def findings(found: Iterable[Finding]) -> list[str]:
    """The findings, errors first, each as lines."""
    ranked = sorted(found, key=lambda finding: tuple(COLOURS).index(finding.severity))
    return ["\n".join(_finding(finding)) + "\n" for finding in ranked]


def coloured(text: str) -> str:
    """A report for a terminal: each severity at the start of a line in its colour."""
    for severity, colour in COLOURS.items():
        text = text.replace(f"\n{severity} ", f"\n\x1b[{colour}m{severity}\x1b[0m ")
    return text


def verdict(judged: Judged) -> str:
    """What one Secret's line says: `ok` only where every key was seen."""
    if judged.provider:
        keys = f"{judged.required} required keys come from {judged.provider}"
        return plain(f"values not checked here: {judged.secret} ({judged.approach}); its {keys}")
    if not judged.seen:
        return plain(f"not checked here: {judged.secret} ({judged.approach})")
    read = f"; read: {', '.join(judged.read)}" if judged.read else ""
    return plain(f"ok: {judged.secret} has its {judged.required} required keys ({judged.approach}{read})")


def _headline(report: Report) -> str:
    errors = report.count(ERROR)
    if errors:
        documents = counted(report.documents, "document")
        read = dict.fromkeys(source for judged in report.judged for source in judged.read)
        told = f"\nheimdall-pr: read: {plain(', '.join(read))}" if read else ""
        return f"heimdall-pr: nothing was installed: {counted(errors, 'error')} in a stream of {documents}{told}"
    if not report.judged:
        return "heimdall-pr: nothing to check"
    lines = [verdict(judged) for judged in report.judged]
    if report.redacted:
        lines.append("redacted for a dry run: what comes out can't be installed (HEIMDALL_PR_REDACT)")
    return "\n".join(f"heimdall-pr: {line}" for line in lines)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity:<7} {finding.rule}   {plain(finding.message)}"
    for name, text in (("where", str(finding.where)), ("expected", finding.expected), ("fix", str(finding.fix))):
        if text:
            lines = plain(text).split(WAYS) if len(text) > LONG else [plain(text)]
            yield f"{INDENT}{name:<9} " + f"\n{INDENT}{'':<10}".join(lines)


def plain(text: str) -> str:
    """The text with everything escaped that is not for printing: names come from charts and files."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
