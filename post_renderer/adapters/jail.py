"""Reads files below a folder, whatever links are in it and whoever changes them meanwhile."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack

from post_renderer.adapters import disk
from post_renderer.adapters.disk import Content

MOST_LINKS = 40  # as Linux follows (https://man7.org/linux/man-pages/man7/path_resolution.7.html)
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Outside(Exception):
    """A path, or a link in it, leads out of the folder."""


def read(folder: str, path: str, most: int) -> Content | None:
    """Read at most so many bytes of a regular file below a folder.

    Each part of the path is opened below the one before it, and links are resolved here, not by the kernel: so what
    was looked at is what is read. Mounted Secrets are links themselves (`..data`), within their folder.

    Args:
        folder: The folder, without links.
        path: The path from there.
        most: The number of bytes.

    Returns:
        What was read, or None if the path is a pipe, a socket or a device.

    Raises:
        Outside: The path or a link leads out.
        OSError: It can't be opened or read.
    """
    with ExitStack() as opened:
        below = [_folder(opened, folder)]
        rest, links = _parts(path), 0
        while rest:
            name = rest.pop(0)
            if name == os.pardir:
                below = _above(below)
                continue
            target = _target(name, below[-1])
            if target is not None:
                links += 1
                if links > MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                below = below[:1] if os.path.isabs(target) else below
                rest = [*_parts(_relative(target, folder)), *rest]
            elif rest:
                below = [*below, _folder(opened, name, below[-1])]
            else:
                return disk.read(name, most, os.O_NOFOLLOW, below[-1])
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def _folder(opened: ExitStack, path: str, below: int | None = None) -> int:
    """Open a folder, for as long as the walk takes."""
    descriptor = os.open(path, FOLDER, dir_fd=below)
    opened.callback(os.close, descriptor)
    return descriptor


def _above(below: list[int]) -> list[int]:
    if len(below) == 1:
        raise Outside
    return below[:-1]


def _target(name: str, below: int) -> str | None:
    """What a link leads to; None if it is no link."""
    try:
        return os.readlink(name, dir_fd=below)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return None


def _relative(target: str, folder: str) -> str:
    """A link's target; an absolute one from the folder. It is walked again, so a link that changes gains nothing."""
    if not os.path.isabs(target):
        return target
    real = os.path.realpath(target)
    if os.path.commonpath((real, folder)) != folder:
        raise Outside
    return os.path.relpath(real, folder)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", os.curdir)]
