"""`heimdall-pr pre-commit`: refuses files in which one of Heimdall's secrets stands in clear."""

import os
from typing import Annotated

import typer

from post_renderer.adapters.files import fetch_own
from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding
from post_renderer.report import text
from post_renderer.secrets import plaintext

LIMIT = 64 << 20  # bytes; what is larger is refused, since it is not looked through
EXAMPLES = """Examples:

heimdall-pr pre-commit values.yaml .env

In .pre-commit-config.yaml it is the hook heimdall-pr-no-secrets.
"""


def pre_commit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="The files that are to be committed.")],
) -> None:
    """Refuse files in which one of Heimdall's secrets stands in clear; what SOPS encrypted is taken."""
    found = [finding for path in files for finding in _findings(path)]
    if found:
        number = f"{len(found)} secret{'s' * (len(found) > 1)}"
        raise UserError(f"{number} would be committed in clear", "", "\n".join(text.findings(found)))


def _findings(path: str) -> list[Finding]:
    """What stands in a file; a link is committed as a link."""
    if os.path.islink(path):
        return []
    # Without NUL bytes, UTF-16 and UTF-32 read as what they hold, with or without a byte order mark.
    content = fetch_own(path, LIMIT).replace(b"\0", b"").decode(errors="replace")
    return list(plaintext.findings(path, content))
