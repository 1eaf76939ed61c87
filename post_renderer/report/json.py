"""The report as JSON of our own; docs/check.md says what each field is."""

from __future__ import annotations

import json
import re

from post_renderer import __version__
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.report import Judged, KeyState
from post_renderer.report.checked import Checked
from post_renderer.report.text import cut, fix

VERSION = 2  # of the format; it goes up if a field is renamed or removed, not for a new one
MARKED = re.compile(r"(?<=#)#(?=[\w.-]*\[)")  # see report/text.py; here an escape of JSON changes no text


def render(checked: Checked) -> str:
    """One object."""
    found = [_finding(checked, finding) for finding in checked.findings]
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
            "findings": found
            + [{**_finding(checked, each.finding), "ignored": cut(each.reason)} for each in checked.ignored],
        }
    )


def head(targets: tuple[str, ...]) -> dict[str, object]:
    """What every JSON of ours starts with."""
    tool = {"name": "heimdall-pr", "version": __version__}
    return {"version": VERSION, "tool": tool, "targets": list(map(cut, targets))}


def dump(value: object) -> str:
    """Any JSON of ours as text: ASCII, and nothing that a terminal or a CI service's log would obey."""
    return MARKED.sub(r"\\u0023", json.dumps(value, indent=2)) + "\n"


def secret(judged: Judged) -> dict[str, object]:
    """One Secret that was judged."""
    return {
        "secret": cut(judged.secret),
        "approach": cut(judged.approach),
        "why": cut(judged.why),
        "ignored": list(map(cut, judged.ignored)),
        "checked": judged.seen,
        "read": list(map(cut, judged.read)),
        "keys": [_key(state) for state in judged.keys],
    }


def _key(state: KeyState) -> dict[str, object]:
    length = state.length if state.length >= 0 else None
    return {"key": cut(state.key), "state": state.state, "length": length, "where": _place(state.source)}


def _finding(checked: Checked, finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "message": cut(finding.message),
        "key": cut(finding.key) or None,
        "where": _place(finding.where),
        "expected": cut(finding.expected) or None,
        "fix": fix(finding.fix) or None,
        "page": checked.page(finding.rule) or None,
        "ignored": None,
    }


def _place(place: Place) -> dict[str, object]:
    """A line without a file is one of the stream."""
    return {
        "text": cut(str(place)),
        "file": cut(place.file) or None,
        "line": place.line or None,
        "values": cut(place.values) or None,
        "object": cut(place.what) or None,
    }
