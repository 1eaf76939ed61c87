"""`heimdall-pr check`: judges a chart or manifests as the post-renderer would, for CI."""

import os
from typing import Any

import typer

from post_renderer import check as judging
from post_renderer.adapters import outputs
from post_renderer.commands import arguments
from post_renderer.filter import write
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError
from post_renderer.model.options import Option
from post_renderer.report import checked, console, formats, markdown, repository
from post_renderer.report.checked import Checked
from post_renderer.report.formats import Output
from post_renderer.report.text import coloured

FORMAT = Option("--format", f"One of {', '.join(formats.FORMATS)}; with a file it goes there.", "NAME[=FILE]", True)
IGNORE = Option("--ignore", "A rule whose findings do not count, and why.", "RULE=REASON", True)
EXAMPLES = """Examples:

heimdall-pr check charts/heimdall -f values-ci.yaml

heimdall-pr check charts/heimdall -f values-ci.yaml --format github --format sarif=heimdall.sarif

helm template heimdall charts/heimdall -f values-ci.yaml | heimdall-pr check -

heimdall-pr check manifests/ --strict --ignore 'not-checked=the cluster has the Secret'

Exit codes: 0 ok; 1 findings, or it can't be judged; 2 usage.
"""


def check(**options: Any) -> None:  # noqa: ANN401  # Typer takes them from the signature below
    """Judge a chart with its values, or rendered manifests, as the post-renderer would. No secret is ever shown."""
    ignore = formats.ignored(arguments.given(IGNORE, options, os.environ))
    wanted = formats.outputs(arguments.given(FORMAT, options, os.environ), os.environ)
    given = arguments.read(options, os.environ)
    _spare(wanted, judging.files_of(given))
    judgement = judging.judge(given)
    _spare(wanted, [source for judged in judgement.report.judged for source in judged.read])
    root = repository.root(os.environ)
    targets = map(mask.without_login, given.targets)
    found = checked.of(judgement.report, targets, judgement.fallback, ignore, root)
    _write(found, wanted)
    if not found.ok:
        raise typer.Exit(1)


arguments.described(check, arguments.signature((*arguments.OPTIONS, FORMAT, IGNORE)))


def _spare(wanted: list[Output], read: list[str]) -> None:
    """No report may take the place of what was given to be read."""
    real = {os.path.realpath(path) for path in read}
    for output in wanted:
        if output.path and os.path.realpath(output.path) in real:
            raise UsageError(f"{output.path} is to be read, so no report goes there", "give the report another file")
        if output.path and not outputs.is_special(output.path) and _leads_out(output.path):
            raise UsageError(
                f"{output.path} is a link that leads out of the working directory", "give the report a file"
            )


def _leads_out(path: str) -> bool:
    """Whether a link would have something overwritten that is not in the working directory."""
    folder, real = os.path.realpath(os.curdir), os.path.realpath(path)
    return os.path.islink(path) and os.path.commonpath((folder, real)) != folder


def _write(found: Checked, wanted: list[Output]) -> None:
    """The files first: what is on standard output is then true of them as well."""
    texts = {output: formats.FORMATS[output.name](found) for output in wanted}
    outputs.write((output.path, text) for output, text in texts.items() if output.path)
    _summarise(found)
    for output, text in texts.items():
        if not output.path:
            shown = coloured(text) if output.name == "text" and console.is_seen() else text
            write((shown.encode("utf-8", "backslashreplace"),))
    if all(output.path for output in wanted):
        typer.echo(console.summary(found), err=True)


def _summarise(found: Checked) -> None:
    """A job of GitHub shows what is in this file; that it can't be written is no finding."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not path or os.environ.get("GITHUB_ACTIONS") != "true":
        return
    try:
        outputs.append(path, markdown.render(found))
    except OSError as error:
        typer.echo(f"heimdall-pr: GITHUB_STEP_SUMMARY can't be written: {os.strerror(error.errno or 0)}", err=True)
