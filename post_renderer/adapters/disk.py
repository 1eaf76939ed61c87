"""Reads files without waiting for them, and writes them whole: beside their place, then into it."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from post_renderer.model.record import NamedTuple

UNWAITING = os.O_NONBLOCK | os.O_CLOEXEC  # opening a FIFO would wait for its other end for ever
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # what a file system without hard links answers


class Content(NamedTuple):
    """What was read of a regular file, its mode, and whether that is all that it holds."""

    data: bytes
    mode: int
    is_whole: bool


class Pending(NamedTuple):
    """A finished file beside the place that it is for."""

    temporary: str
    path: str


def read(path: str, most: int, flags: int = 0, folder: int | None = None) -> Content | None:
    """Read at most so many bytes of a regular file.

    Args:
        path: Its path; links are followed, but for `flags`.
        most: The number of bytes.
        flags: More flags of open(2), such as O_NOFOLLOW.
        folder: The descriptor of the folder that the path is relative to; else the working directory.

    Returns:
        What was read, or None if the path is a pipe, a socket or a device.

    Raises:
        OSError: It can't be opened or read; it is a folder.
        ValueError: The path holds a NUL byte.
    """
    descriptor = os.open(path, os.O_RDONLY | UNWAITING | flags, dir_fd=folder)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        os.close(descriptor)
        return None
    with open(descriptor, "rb") as file:  # raises IsADirectoryError
        data = file.read(most)
        return Content(data, stat.S_IMODE(status.st_mode), not file.read(1))


def write(path: str, content: bytes, mode: int, new: bool = False, sync: bool = False) -> None:
    """Write a file whole: nobody finds it in part.

    Args:
        path: Its path; a link is replaced, not followed.
        content: What it will hold.
        mode: Its permissions, whatever the umask is.
        new: Whether there is none yet; one that somebody made meanwhile is left alone.
        sync: Whether it must outlast a crash of the machine.

    Raises:
        OSError: It can't be written; what was there is as it was.
        FileExistsError: It is there, and should be new.
    """
    pending = beside(path, content, mode, sync)
    try:
        place(pending, new)
    except BaseException:
        discard(pending)
        raise


def beside(path: str, content: bytes, mode: int | None = None, sync: bool = False) -> Pending:
    """Write a temporary file beside a path; without a mode it gets the usual permissions. Raises OSError."""
    pending = Pending(f"{path}.{os.getpid()}.tmp", path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(pending.temporary, flags, 0o666 if mode is None else 0o600)
    try:
        with open(descriptor, "wb") as file:
            if mode is not None:
                os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            if sync:
                os.fsync(descriptor)
    except BaseException:
        discard(pending)
        raise
    return pending


def place(pending: Pending, new: bool = False) -> None:
    """Put a finished file in its place; a `new` one never over one that somebody made meanwhile. Raises OSError."""
    if new:
        try:
            os.link(pending.temporary, pending.path)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
        else:
            os.unlink(pending.temporary)
            return
    os.replace(pending.temporary, pending.path)


def discard(pending: Pending) -> None:
    """Remove a finished file that was not put in its place."""
    with suppress(OSError):
        os.unlink(pending.temporary)


def print_to(path: str, content: bytes, wait: bool = False) -> None:
    """Write to a device or a pipe; with `wait`, as slowly as it is read, but never for a reader to come.

    Raises OSError, for a pipe that nobody reads too.
    """
    descriptor = os.open(path, os.O_WRONLY | UNWAITING)
    os.set_blocking(descriptor, wait)
    with open(descriptor, "wb") as file:
        file.write(content)


def is_special(path: str) -> bool:
    """Whether a path is a device, a pipe or a socket, whose place no file may take."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def make_folder(path: str, mode: int) -> None:
    """Make a folder, and those above it that are missing, with these permissions at most. Raises OSError."""
    missing = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(folder, mode)
