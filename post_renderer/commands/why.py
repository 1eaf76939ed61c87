"""`heimdall-pr why`: the last report again, since Helm may have swallowed it."""

import os
import sys

from post_renderer import last_report
from post_renderer.errors import UserError
from post_renderer.report.text import coloured


def why() -> None:
    """Print the last report of the post-renderer."""
    path = last_report.path(os.environ, os.environ.get("HEIMDALL_PR_REPORT_FILE", ""))
    try:
        with open(path, encoding="utf-8") as file:
            report = file.read()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UserError(
            f"there is no report: {path}: {reason}", "install with --post-renderer heimdall-pr first"
        ) from None
    sys.stdout.write(coloured(report) if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else report)
