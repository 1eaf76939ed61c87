"""The report as Markdown, for the summary of a job."""

from __future__ import annotations

import html
import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from post_renderer.model.fix import Fix
from post_renderer.report import console, text
from post_renderer.report.checked import Checked
from post_renderer.report.text import shown

# Signs with a meaning in GitHub's or GitLab's Markdown, also in the cell of a table.
MARKS = re.compile(r"[\\`*\[\]|~#@$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def render(checked: Checked) -> str:
    """A heading, the findings, and the Secrets key by key."""
    environment = Environment(
        loader=PackageLoader("post_renderer"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # the output is Markdown: `cell` escapes each text for it
    )
    environment.filters |= {"cell": cell, "fix": fix, "linked": linked}
    template = environment.get_template("report.md.j2")
    return template.render(checked=checked, summary=_summary(checked))


def _summary(checked: Checked) -> list[str]:
    return [line.removeprefix("heimdall-pr: ") for line in console.summary(checked).splitlines()]


def cell(value: object) -> str:
    """A text that Markdown shows as it is, in one line."""
    return _escaped(shown(value))


def linked(rule: str, checked: Checked) -> str:
    """A rule's ID with a link to its page, if the page's address is known."""
    address = checked.page(rule)
    return f"[{cell(rule)}]({address})" if address else cell(rule)


def fix(found: Fix) -> str:
    """A fix, the same way."""
    return _escaped(text.fix(found))


def _escaped(line: str) -> str:
    return MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(line, quote=False))
