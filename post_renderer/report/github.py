"""The report as workflow commands of GitHub Actions, which show at the lines of a pull request."""

from __future__ import annotations

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.report import console, text
from post_renderer.report.checked import Checked

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(checked: Checked) -> str:
    """A command for each finding that counts, then the summary."""
    commands = [_command(checked, finding) for finding in checked.findings]
    return "".join(f"{line}\n" for line in (*commands, console.summary(checked)))


def _command(checked: Checked, finding: Finding) -> str:
    place = {"file": checked.path(finding), "line": str(finding.where.line)} if finding.where.file else {}
    if not finding.where.line:
        place.pop("line", None)
    place["title"] = f"heimdall-pr: {finding.rule}"
    properties = ",".join(f"{name}={text.shown(value).translate(PROPERTY)}" for name, value in place.items())
    data = "\n".join(text.labelled(finding, checked.about(finding.rule))).translate(DATA)
    return f"::{COMMANDS[finding.severity]} {properties}::{data}"
