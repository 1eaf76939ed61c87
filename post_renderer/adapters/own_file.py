"""A secrets file of the user's own: read whole, replaced whole, never where git would commit it."""

import errno
import os
import stat

from post_renderer.adapters import git
from post_renderer.adapters.files import LIMIT, UNWAITING
from post_renderer.model.errors import UserError
from post_renderer.model.fix import quoted


def read(path: str) -> tuple[bytes | None, int]:
    """What the file holds (None: there is none) and its mode. Raises UserError, OSError."""
    try:
        descriptor = os.open(os.path.realpath(path), UNWAITING)
    except FileNotFoundError:
        return None, 0o600
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LIMIT:
            raise UserError(
                f"{path} is no regular file of at most 1 MiB; it was left as it is", f"ls -ld {quoted(path)}"
            )
        return file.read(), stat.S_IMODE(status.st_mode)


def write(path: str, content: bytes, mode: int, new: bool) -> None:
    """Writes beside the file, then takes its place: it is never there in part. Raises OSError."""
    real = os.path.realpath(path)
    os.makedirs(os.path.dirname(real), 0o700, exist_ok=True)
    temporary = f"{real}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        _place(temporary, real, new)
    except BaseException:
        os.unlink(temporary)
        raise


def commit_warning(path: str, writes: bool) -> str:
    """What git would do with the file and what fixes it, where it would commit it. Raises UserError where `writes`."""
    told = git.state(os.path.realpath(path))
    if not (found := git.finding(path, told)):
        return ""
    if writes:
        raise UserError(f"{path} was not written: {found.message}", f"{git.fix(path, told)}; or --allow-commit")
    return f"{path}: {found.message}: {git.fix(path, told)}"


def failed(path: str, error: OSError) -> UserError:
    """The file can't be read or written."""
    return UserError(f"{path}: {os.strerror(error.errno or 0)}", f"ls -ld {quoted(path)}")


def _place(temporary: str, real: str, new: bool) -> None:
    """Puts the finished file in its place; a new one never over one that somebody made meanwhile."""
    if not new:
        os.replace(temporary, real)
        return
    try:
        os.link(temporary, real)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        os.replace(temporary, real)  # a file system without hard links
        return
    os.unlink(temporary)
