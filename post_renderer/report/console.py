"""The report of `check` for a person."""

from __future__ import annotations

import os
import sys

from post_renderer.model.finding import ERROR, WARNING
from post_renderer.report import text
from post_renderer.report.checked import Checked


def render(checked: Checked) -> str:
    """The summary, then the findings; the ignored ones come last."""
    blocks = [*text.findings(checked.findings), *text.ignored(checked.ignored), *text.more(checked.findings)]
    return f"{summary(checked)}\n" + "".join(f"\n{block}" for block in blocks)


def summary(checked: Checked) -> str:
    """How many findings there are, or a line for each Secret."""
    if checked.ok:
        lines = [f"heimdall-pr: {text.verdict(judged)}" for judged in checked.judged]
        return "\n".join(lines or ["heimdall-pr: nothing to check"])
    counts = f"{text.counted(checked.count(ERROR), 'error')}, {text.counted(checked.count(WARNING), 'warning')}"
    return f"heimdall-pr: refused: {counts} in {text.shown(', '.join(checked.targets))}"


def is_seen() -> bool:
    """Whether standard output is a terminal that should get colours."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
