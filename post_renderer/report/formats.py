"""The formats of a report by name, and what a command line asks of them."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from post_renderer.model.errors import UsageError
from post_renderer.report import console, github, gitlab, json, junit, markdown, sarif
from post_renderer.report.checked import Checked
from post_renderer.rules import catalog

FORMATS: dict[str, Callable[[Checked], str]] = {
    "text": console.render,
    "json": json.render,
    "github": github.render,
    "gitlab": gitlab.render,
    "junit": junit.render,
    "sarif": sarif.render,
    "markdown": markdown.render,
}
CODE_QUALITY = "gl-code-quality-report.json"  # as GitLab's documentation calls the artifact


class Output(NamedTuple):
    """A format, and the file it goes to; standard output where there is none."""

    name: str
    path: str = ""


def outputs(wanted: Iterable[str], environ: Mapping[str, str]) -> list[Output]:
    """What --format asks for, or what suits the job that this is. Raises UsageError."""
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
        raise UsageError(f"there is no rule {rule}{meant(rule, catalog.RULES)}", "heimdall-pr check --help")
    if not catalog.RULES[rule].ignorable:
        raise UsageError(f"{rule} can't be ignored: {catalog.sentence(rule)}", "fix it")
    if not reason.strip():
        raise UsageError(f"--ignore {rule} gives no reason", f"--ignore '{rule}=why it does not matter'")
    return rule, reason.strip()


def meant(name: str, known: Iterable[str]) -> str:
    """Which known name is meant, perhaps."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f": did you mean {near[0]}?" if near else ""
