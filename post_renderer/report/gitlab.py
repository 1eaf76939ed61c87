"""The report as GitLab's code quality JSON, which shows in a merge request."""

from __future__ import annotations

import hashlib
from collections import Counter

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.report.checked import Checked
from post_renderer.report.json import dump
from post_renderer.report.text import labelled, shown

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SEVERITIES = {ERROR: "critical", WARNING: "minor", NOTE: "info"}


def render(checked: Checked) -> str:
    """A list of issues, without the ignored findings."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in checked.findings:
        subject = identity(checked, finding)
        seen[subject] += 1
        issues.append(_issue(checked, finding, f"{subject}\0{seen[subject]}"))
    return dump(issues)


def identity(checked: Checked, finding: Finding) -> str:
    """What identifies a finding in the next run: not its line, which moves, and no part of a value."""
    where = finding.where
    return "\0".join((finding.rule, checked.path(finding), where.values, where.what, finding.key))


def _issue(checked: Checked, finding: Finding, subject: str) -> dict[str, object]:
    return {
        "description": "; ".join(labelled(finding, checked.about(finding.rule))),
        "check_name": f"heimdall-pr/{finding.rule}",
        "fingerprint": hashlib.sha256(subject.encode(errors="backslashreplace")).hexdigest()[:32],
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": shown(checked.path(finding)),
            "lines": {"begin": (finding.where.line if finding.where.file else 0) or 1},
        },
    }
