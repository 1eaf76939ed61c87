"""Writes reports to files: all of them whole, or none."""

from __future__ import annotations

import os
from collections.abc import Iterable

from post_renderer.adapters import disk, system_errors
from post_renderer.adapters.disk import Pending
from post_renderer.model.errors import UsageError, UserError

BAD_PATHS = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)

is_special = disk.is_special


def write(reports: Iterable[tuple[str, str]]) -> None:
    """Write each (path, text), at first beside its place. Raises UserError."""
    ready: list[Pending] = []
    path = ""
    try:
        for path, text in reports:
            content = text.encode("utf-8", "backslashreplace")
            if is_special(path):
                disk.print_to(path, content, wait=True)
            else:
                ready.append(_beside(path, content))
        while ready:
            path = ready[0].path
            disk.place(ready[0])
            del ready[0]
    except OSError as error:
        raise _failed(path, error) from None
    finally:
        for pending in ready:
            disk.discard(pending)


def append(path: str, text: str) -> None:
    """Add a text to a file that others write to as well. Raises OSError."""
    with open(path, "ab") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _beside(path: str, content: bytes) -> Pending:
    """Write a report beside the file that a path leads to."""
    real = os.path.realpath(path)
    if os.path.isdir(real):
        raise IsADirectoryError(21, "is a directory")
    return disk.beside(real, content)


def _failed(path: str, error: OSError) -> UserError:
    message = f"{path} can't be written: {os.strerror(error.errno or 0)}"
    if isinstance(error, BAD_PATHS):
        return UsageError(message, "--format NAME=FILE, in a folder that is there and that you may write to")
    return UserError(message, system_errors.fix(path, error))
