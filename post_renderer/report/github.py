"""The report as workflow commands of GitHub Actions, which show at the lines of a pull request."""

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.report import console
from post_renderer.report.checked import Checked
from post_renderer.report.text import plain

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(checked: Checked) -> str:
    """A command for each finding that counts, then how it stands."""
    commands = [_command(checked, finding) for finding in checked.findings]
    return "".join(f"{line}\n" for line in (*commands, console.summary(checked)))


def _command(checked: Checked, finding: Finding) -> str:
    place = {"file": checked.path(finding), "line": str(finding.where.line)} if finding.where.file else {}
    if not finding.where.line:
        place.pop("line", None)
    place["title"] = f"heimdall-pr: {finding.rule}"
    properties = ",".join(f"{name}={plain(text).translate(PROPERTY)}" for name, text in place.items())
    parts = (("", finding.message), ("where: ", str(finding.where)), ("expected: ", finding.expected))
    lines = [f"{label}{plain(text)}" for label, text in (*parts, ("fix: ", str(finding.fix))) if text]
    return f"::{COMMANDS[finding.severity]} {properties}::{chr(10).join(lines).translate(DATA)}"
