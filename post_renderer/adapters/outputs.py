"""Writes reports to files: all of them whole, or none."""

import contextlib
import os
import stat
from collections.abc import Iterable

from post_renderer.model.errors import UsageError, UserError

BAD_PATHS = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)


def write(reports: Iterable[tuple[str, str]]) -> None:
    """Each (path, text), at first beside its place. Raises UserError."""
    ready: list[tuple[str, str]] = []
    path = ""
    try:
        for path, text in reports:
            content = text.encode("utf-8", "backslashreplace")
            if is_special(path):
                _write(_opened(path), content)
            else:
                ready.append(_beside(path, content))
        while ready:
            path = ready[0][1]
            os.replace(*ready[0])
            del ready[0]
    except OSError as error:
        raise _failed(path, error) from None
    finally:
        for temporary, _ in ready:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def append(path: str, text: str) -> None:
    """To a file that others write to as well. Raises OSError."""
    with open(path, "ab") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _beside(path: str, content: bytes) -> tuple[str, str]:
    """The temporary file that was written, and the path that it is for."""
    real = os.path.realpath(path)
    if os.path.isdir(real):
        raise IsADirectoryError(21, "is a directory")
    temporary = f"{real}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        _write(descriptor, content)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary, real


def _write(descriptor: int, content: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(content)


def _opened(path: str) -> int:
    """A device or a pipe to write to; a pipe that nobody reads is refused, not waited for."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.set_blocking(descriptor, True)
    return descriptor


def is_special(path: str) -> bool:
    """Whether it is a device, a pipe or a socket, which must not be replaced by a file."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _failed(path: str, error: OSError) -> UserError:
    message = f"{path} can't be written: {os.strerror(error.errno or 0)}"
    if isinstance(error, BAD_PATHS):
        return UsageError(message, "--format NAME=FILE, in a folder that is there and that you may write to")
    return UserError(message, "df -h .")
