"""Keeps the last report where `heimdall-pr why` finds it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from post_renderer.adapters import disk


def path(environ: Mapping[str, str], explicit: str = "") -> str:
    """Where the report is kept (https://specifications.freedesktop.org/basedir-spec/)."""
    if explicit:
        return explicit
    home = environ.get("XDG_STATE_HOME", "")
    folder = home if os.path.isabs(home) else os.path.expanduser("~/.local/state")
    return os.path.join(folder, "heimdall-pr", "report.txt")


def write(target: str, text: str) -> None:
    """Replace the report whole, readable by its owner alone; a device or a pipe is written to. Raises OSError."""
    content = text.encode("utf-8", "backslashreplace")
    if os.path.exists(target) and not os.path.isfile(target):
        disk.print_to(target, content)
        return
    disk.make_folder(os.path.dirname(target), 0o700)
    disk.write(target, content, 0o600)
