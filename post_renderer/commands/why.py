"""`heimdall-pr why`: the last report again, since Helm may have swallowed it."""

import os

from post_renderer.adapters import report_store
from post_renderer.adapters.files import fetch_own
from post_renderer.filter import write
from post_renderer.model.errors import UserError
from post_renderer.report import console
from post_renderer.report.text import coloured


def why() -> None:
    """Print the last report of the post-renderer."""
    path = report_store.path(os.environ, os.environ.get("HEIMDALL_PR_REPORT_FILE", ""))
    if not os.path.isfile(path):  # nor a pipe, which would be waited for
        raise UserError(f"there is no report in {path}", "install with --post-renderer heimdall-pr first")
    report = fetch_own(path).decode(errors="backslashreplace")
    write(((coloured(report) if console.is_seen() else report).encode("utf-8", "backslashreplace"),))
