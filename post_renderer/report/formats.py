"""The formats of a report by name, and the choice of formats and ignored rules on the command line."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

from post_renderer.model.errors import UsageError
from post_renderer.model.fix import command
from post_renderer.model.record import NamedTuple
from post_renderer.report.checked import Checked
from post_renderer.rules import catalog, policy

# Each format's module; it is imported when a report is written in it, since several bring much with them.
FORMATS = {
    "text": "console",
    "json": "json",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "sarif": "sarif",
    "markdown": "markdown",
}
CODE_QUALITY = "gl-code-quality-report.json"  # as GitLab's documentation calls the artifact


class Output(NamedTuple):
    """A format, and the file it is written to; standard output if that is empty."""

    name: str
    path: str = ""


def render(name: str, checked: Checked) -> str:
    """The report in one format."""
    text: str = importlib.import_module(f"post_renderer.report.{FORMATS[name]}").render(checked)
    return text


def outputs(wanted: Iterable[str], environ: Mapping[str, str]) -> list[Output]:
    """The outputs that --format names, or the usual ones of the CI service. Raises UsageError."""
    found = [_output(text) for text in wanted] or _default(environ)
    if sum(not output.path for output in found) > 1:
        raise UsageError("two formats want standard output", "give all but one a file: --format NAME=FILE")
    paths = [output.path for output in found if output.path]
    if twice := next((path for path in paths if paths.count(path) > 1), None):
        raise UsageError(f"two formats want the file {twice}", "give each a file of its own")
    return found


def ignored(wanted: Iterable[str]) -> dict[str, str]:
    """The rules to ignore, each with its reason. Raises UsageError."""
    return dict(map(_ignored, wanted))


def meant(name: str, known: Iterable[str]) -> str:
    """A question after an unknown name, if a known one is similar."""
    near = policy.closest(name, tuple(known))
    return f": did you mean {near}?" if near else ""


def _output(text: str) -> Output:
    name, equals, path = text.partition("=")
    if name not in FORMATS:
        raise UsageError(f"there is no format {name}{meant(name, FORMATS)}", f"one of {', '.join(FORMATS)}")
    if equals and not path:
        raise UsageError(f"--format {text} names no file", f"--format {name}, or --format {name}=FILE")
    return Output(name, path)


def _default(environ: Mapping[str, str]) -> list[Output]:
    if environ.get("GITHUB_ACTIONS") == "true":
        return [Output("github")]
    if environ.get("GITLAB_CI") == "true":
        return [Output("text"), Output("gitlab", CODE_QUALITY)]
    return [Output("text")]


def _ignored(text: str) -> tuple[str, str]:
    rule, _, reason = text.partition("=")
    if rule not in catalog.RULES:
        raise UsageError(f"there is no rule {rule}{meant(rule, catalog.RULES)}", command("heimdall-pr", "rules"))
    if not catalog.RULES[rule].ignorable:
        raise UsageError(f"{rule} can't be ignored: {catalog.sentence(rule)}", "correct what it reports")
    if not reason.strip():
        raise UsageError(f"--ignore {rule} gives no reason", f"--ignore {rule}=REASON")
    return rule, reason.strip()
