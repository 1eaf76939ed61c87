"""The report as Markdown, for the summary of a job."""

import html
import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from post_renderer.report import console
from post_renderer.report.checked import Checked
from post_renderer.report.text import plain

# What Markdown, GitHub's and GitLab's, would take for more than a letter, in a cell of a table too.
MARKS = re.compile(r"[\\`*\[\]|~#@$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def render(checked: Checked) -> str:
    """A heading, the findings, and the Secrets key by key."""
    environment = Environment(
        loader=PackageLoader("post_renderer"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # it is no HTML: `cell` escapes each text for Markdown
    )
    environment.filters["cell"] = cell
    template = environment.get_template("report.md.j2")
    return template.render(checked=checked, summary=_summary(checked))


def _summary(checked: Checked) -> list[str]:
    return [line.removeprefix("heimdall-pr: ") for line in console.summary(checked).splitlines()]


def cell(text: object) -> str:
    """A text that is shown as it is."""
    return MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(plain(str(text)), quote=False))
