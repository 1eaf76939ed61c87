"""`heimdall-pr why`: the last report again, since Helm may have dropped it."""

import os

from post_renderer.adapters import report_store, streams
from post_renderer.adapters.files import fetch_own
from post_renderer.model.errors import UserError
from post_renderer.model.fix import command
from post_renderer.report import console
from post_renderer.report.text import coloured, lines

INSTALL = command("helm", "install", "NAME", "CHART", "--post-renderer", "heimdall-pr", note="which keeps a report")


def why() -> None:
    """Print the last report of the post-renderer, with the chart, the release and the namespace that it is about.

    What the chart itself refuses ("nothing was rendered") is helm's message, and no report of ours: it is not kept.
    """
    path = report_store.path(os.environ, os.environ.get("HEIMDALL_PR_REPORT_FILE", ""))
    if not os.path.isfile(path):  # a pipe has no end until somebody writes to it
        raise UserError(f"there is no report in {path}", INSTALL)
    report = lines(fetch_own(path).decode(errors="backslashreplace"))
    streams.write(((coloured(report) if console.is_seen() else report).encode("utf-8", "backslashreplace"),))
