"""A secrets file of the user's own: read whole, replaced whole, never where git would commit it."""

from __future__ import annotations

import os

from post_renderer.adapters import disk, git, system_errors
from post_renderer.adapters.files import LIMIT
from post_renderer.model.errors import UserError
from post_renderer.model.fix import command, operand


def read(path: str) -> tuple[bytes | None, int]:
    """Return what the file holds (None: there is none) and its mode. Raises UserError, OSError."""
    try:
        found = disk.read(os.path.realpath(path), LIMIT)
    except FileNotFoundError:
        return None, 0o600
    if found is None or not found.is_whole:
        message = f"{path} is no regular file of at most 1 MiB; it was left as it is"
        raise UserError(message, command("ls", "-ld", operand(path), note="which shows what it is"))
    return found.data, found.mode


def write(path: str, content: bytes, mode: int, new: bool) -> None:
    """Write the file that the path leads to; it is never there in part.

    Raises:
        OSError: It can't be written.
        UserError: It would be in a new folder of the file system's root.
    """
    real = os.path.realpath(path)
    top = os.path.join(os.sep, *real.split(os.sep)[1:2])
    if os.path.dirname(real) != os.sep and not os.path.isdir(top):  # a typo: people make few of them
        made = command("mkdir", top, note="if that is no typo")
        raise UserError(f"{path} was not written: there is no folder {top}", made)
    disk.make_folder(os.path.dirname(real), 0o700)
    disk.write(real, content, mode, new, sync=True)


def commit_warning(path: str, writes: bool) -> str:
    """What git would do with the file and the fix, if it would commit it. Raises UserError if `writes`."""
    state = git.state(os.path.realpath(path))
    if not (found := git.finding(path, state)):
        return ""
    fix = git.fix(path, state)
    if writes:
        note = f"{fix.note}; or --allow-commit" if fix.note else "or --allow-commit"
        raise UserError(f"{path} was not written: {found.message}", fix._replace(note=note))
    return f"{path}: {found.message}: {fix}"


def failed(path: str, error: OSError) -> UserError:
    """The file can't be read or written."""
    return UserError(f"{path}: {os.strerror(error.errno or 0)}", system_errors.fix(path, error))
