"""`heimdall-pr pre-commit`: refuse files that contain one of Heimdall's secrets in plaintext."""

import os
from typing import Annotated

import typer

from post_renderer.adapters.files import fetch_own
from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding
from post_renderer.secrets import plaintext

LIMIT = 64 << 20  # bytes; a larger file is refused, since it is not scanned
EXAMPLES = """Examples:

heimdall-pr pre-commit values.yaml .env

In .pre-commit-config.yaml, the hook heimdall-pr-no-secrets runs it.
"""


def pre_commit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="The files to commit.")],
) -> None:
    """Refuse files that contain one of Heimdall's secrets in plaintext. Files that SOPS encrypted pass."""
    found = [finding for path in files for finding in _findings(path)]
    if found:
        number = f"{len(found)} secret{'s' * (len(found) > 1)}"
        raise UserError(f"{number} would be committed in plaintext", "", found)


def _findings(path: str) -> list[Finding]:
    """The secrets in a file; of a link, git commits only the path."""
    if os.path.islink(path):
        return []
    # Without NUL bytes, ASCII in UTF-16 and UTF-32 can be read, with or without a byte-order mark.
    content = fetch_own(path, LIMIT).replace(b"\0", b"").decode(errors="replace")
    return list(plaintext.findings(path, content))
