"""Fetches secrets files: only regular files of a sensible size that lie in the root."""

import errno
import os
import stat

from post_renderer.model.errors import UserError
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import quoted
from post_renderer.rules import policy

LIMIT = 1 << 20  # bytes; a Secret can't be larger (https://kubernetes.io/docs/concepts/configuration/secret/)
UNWAITING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a FIFO would make it wait for ever


def fetch(path: str, root: str) -> FileFact:
    """The content of a file that a chart names, or the finding that says why not."""
    shown = os.path.join(root, path) if root else path
    folder = os.path.realpath(root or os.curdir)
    if problem := _strays(path, folder):
        return _refused(
            path, "outside-root", problem, f"a path relative to {root or 'the working directory'}", _root(path)
        )
    try:
        return _read(shown, os.path.realpath(os.path.join(folder, path)))
    except OSError as error:
        return _failed(shown, error)


def fetch_own(path: str, limit: int = LIMIT) -> bytes:
    """The content of a file that the user names, wherever it is. Raises UserError."""
    fix = f"ls -ld {quoted(path)}"
    try:
        with open(os.open(path, UNWAITING), "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UserError(f"{path} is no regular file", fix)
            content = file.read(limit + 1) or b""
    except OSError as error:
        raise UserError(f"{path} can't be read: {os.strerror(error.errno or 0)}", fix) from None
    if len(content) > limit:
        raise UserError(f"{path} is larger than {limit >> 20} MiB", fix)
    return content


def _strays(path: str, folder: str) -> str:
    """How a path leaves the root; empty where it doesn't."""
    if "\0" in path:
        return "the path holds a NUL byte"
    if os.path.isabs(path):
        return "the path is absolute"
    if os.pardir in path.split("/"):
        return "the path leaves the root by '..'"
    real = os.path.realpath(os.path.join(folder, path))
    if os.path.commonpath((real, folder)) != folder:
        return "a symbolic link leads out of the root"
    return ""


def _read(path: str, real: str) -> FileFact:
    """Opens without following links, then looks at what it is."""
    descriptor = os.open(real, UNWAITING | os.O_NOFOLLOW)
    with open(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return _refused(path, "not-a-file", "is no regular file", "a YAML file", f"ls -ld {quoted(path)}")
        content = file.read(LIMIT + 1) or b""
    if len(content) > LIMIT:
        return _refused(path, "too-large", "is larger than 1 MiB", "a secrets file", f"ls -l {quoted(path)}")
    return FileFact(path, content, _permissions(path, status.st_mode))


def _permissions(path: str, mode: int) -> tuple[Finding, ...]:
    if not mode & 0o077:
        return ()
    message = "the secrets file can be read or written by others"
    return (Finding(WARNING, "file-mode", Place(file=path), message, "mode 0600", f"chmod 600 {quoted(path)}"),)


def _failed(path: str, error: OSError) -> FileFact:
    """The finding for a file that can't be opened or read."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _absent(path)
    fix = f"ls -ld {quoted(path)}"
    if error.errno == errno.EISDIR:
        return _refused(path, "not-a-file", "is a directory", "a YAML file", fix)
    reason = os.strerror(error.errno or 0)
    return _refused(path, "unreadable-file", f"can't be read: {reason}", "a file you may read", fix)


def _absent(path: str) -> FileFact:
    """A typo or another working directory are more likely than a first install, and fresh secrets fix neither."""
    folder, name = os.path.split(os.path.abspath(path))
    near = next((other for other in _names(folder) if policy.distance(name.lower(), other.lower()) <= 2), "")
    fix = f"heimdall-pr generate {quoted(path)}, if this is the first install; else go to the folder that it is in"
    if near:
        fix = f"did you mean {os.path.join(os.path.dirname(path), near)}?"
    return _refused(path, "no-file", "there is no such file", os.path.join(folder, name), fix)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _root(path: str) -> str:
    return f"HEIMDALL_PR_FILES_ROOT=DIR (or --files-root DIR), and a path in it instead of {quoted(path)}"


def _refused(path: str, rule: str, message: str, expected: str, fix: str) -> FileFact:
    return FileFact(path, None, (Finding(ERROR, rule, Place(file=path), message, expected, fix),))
