"""The report as JSON of our own; docs/check.md says what each field is."""

import json

from post_renderer import __version__
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.report import Judged, KeyState
from post_renderer.report.checked import Checked

VERSION = 2  # of the format; a field that is renamed or goes makes it 2, a new one does not


def render(checked: Checked) -> str:
    """One object."""
    found = [_finding(finding) for finding in checked.findings]
    return dump(
        {
            **head(checked.targets),
            "ok": checked.ok,
            "summary": {
                "errors": checked.count(ERROR),
                "warnings": checked.count(WARNING),
                "notes": checked.count(NOTE),
                "ignored": len(checked.ignored),
            },
            "secrets": [secret(judged) for judged in checked.judged],
            "findings": found + [{**_finding(each.finding), "ignored": each.reason} for each in checked.ignored],
        }
    )


def head(targets: tuple[str, ...]) -> dict[str, object]:
    """What every JSON of ours begins with."""
    return {"version": VERSION, "tool": {"name": "heimdall-pr", "version": __version__}, "targets": list(targets)}


def dump(value: object) -> str:
    """As text; what no terminal should be sent is escaped, as is all that is not ASCII."""
    return json.dumps(value, indent=2) + "\n"


def secret(judged: Judged) -> dict[str, object]:
    """One Secret that was judged."""
    return {
        "secret": judged.secret,
        "approach": judged.approach,
        "why": judged.why,
        "ignored": list(judged.ignored),
        "checked": judged.seen,
        "read": list(judged.read),
        "keys": [_key(state) for state in judged.keys],
    }


def _key(state: KeyState) -> dict[str, object]:
    length = state.length if state.length >= 0 else None
    return {"key": state.key, "state": state.state, "length": length, "where": _place(state.source)}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "key": finding.key or None,
        "where": _place(finding.where),
        "expected": finding.expected or None,
        "fix": str(finding.fix) or None,
        "ignored": None,
    }


def _place(place: Place) -> dict[str, object]:
    """A line without a file is one of the stream."""
    return {
        "text": str(place),
        "file": place.file or None,
        "line": place.line or None,
        "values": place.values or None,
        "object": place.what or None,
    }
