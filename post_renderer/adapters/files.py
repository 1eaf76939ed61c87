"""Fetches secrets files: only regular files of a sensible size that are in the root."""

from __future__ import annotations

import errno
import os

from post_renderer.adapters import disk, jail
from post_renderer.adapters.disk import Content
from post_renderer.document.paths import is_path
from post_renderer.model.errors import UserError
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import Command, Fix, command, operand
from post_renderer.rules import policy

LIMIT = 1 << 20  # bytes; a Secret can't be larger (https://kubernetes.io/docs/concepts/configuration/secret/)
MOST_NAMES = 1000  # files of a folder among which one of nearly the same name is looked for
ROOT = "HEIMDALL_PR_FILES_ROOT=DIR (or --files-root DIR), and a path in it"
NO_PATH = "a list of paths; --set-file gives what a file holds, --set its path"


def fetch(path: str, root: str) -> FileFact:
    """Fetch the content of a file that a chart names, or the finding that says why not.

    A text that can't be a path is not shown: it may be a secret. Its fact has an empty path, so the caller adds
    the entry's number.
    """
    if not is_path(path):
        return _refused("", "no-path", "is no path of a file, and is not shown", "a path", NO_PATH)
    shown = os.path.join(root, path) if root else path
    expected = f"a path relative to {root or 'the working directory'}"
    if problem := _strays(path):
        return _refused(path, "outside-root", problem, expected, ROOT)
    try:
        return _fact(shown, jail.read(os.path.realpath(root or os.curdir), path, LIMIT))
    except jail.Outside:
        return _refused(path, "outside-root", "a symbolic link leads out of the root", expected, ROOT)
    except OSError as error:
        return _failed(shown, error)


def fetch_own(path: str, limit: int = LIMIT) -> bytes:
    """Fetch the content of a file that the user names, wherever it is. Raises UserError."""
    try:
        found = disk.read(path, limit)
    except OSError as error:
        raise UserError(f"{path} can't be read: {os.strerror(error.errno or 0)}", _fix(path, error)) from None
    if found is None:
        raise UserError(f"{path} is no regular file", _look(path))
    if not found.is_whole:
        raise UserError(f"{path} is larger than {limit >> 20} MiB", _look(path))
    return found.data


def _strays(path: str) -> str:
    """How a path leaves the root by itself; empty if it doesn't."""
    if os.path.isabs(path):
        return "the path is absolute"
    return "the path leaves the root by '..'" if os.pardir in path.split("/") else ""


def _fact(path: str, found: Content | None) -> FileFact:
    if found is None:
        return _refused(path, "not-a-file", "is no regular file", "a YAML file", _look(path))
    if not found.is_whole:
        return _refused(path, "too-large", "is larger than 1 MiB", "a secrets file", _look(path))
    return FileFact(path, found.data, _permissions(path, found.mode))


def _permissions(path: str, mode: int) -> tuple[Finding, ...]:
    if not mode & 0o077:
        return ()
    message = "the secrets file can be read or written by others"
    fix = command("chmod", "600", operand(path))
    return (Finding(WARNING, "file-mode", Place(file=path), message, "mode 0600", fix),)


def _failed(path: str, error: OSError) -> FileFact:
    """The finding for a file that can't be opened or read."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _absent(path)
    if error.errno == errno.EISDIR:
        return _refused(path, "not-a-file", "is a directory", "a YAML file", _inside(path))
    reason = os.strerror(error.errno or 0)
    return _refused(path, "unreadable-file", f"can't be read: {reason}", "a file you may read", _fix(path, error))


def _absent(path: str) -> FileFact:
    """A typo or another working directory are more likely than a first install, and fresh secrets fix neither."""
    folder, name = os.path.split(os.path.abspath(path))
    near = policy.closest(name, _names(folder))
    note = "if this is the first install; else go to the folder that it is in"
    fix = command("heimdall-pr", "generate", operand(path), note=note)
    if near:
        meant = os.path.join(os.path.dirname(path), near)
        fix = command("ls", "-l", operand(meant), note="which has nearly this name: did you mean that?")
    return _refused(path, "no-file", "there is no such file", os.path.join(folder, name), fix)


def _names(folder: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(os.listdir(folder))[:MOST_NAMES])
    except OSError:
        return ()


def _fix(path: str, error: OSError) -> Fix:
    from post_renderer.adapters import system_errors  # only what fails needs it

    return system_errors.fix(path, error)


def _inside(path: str) -> Command:
    return command("ls", "-l", operand(path), note="and name one of its files")


def _look(path: str) -> Command:
    return command("ls", "-ld", operand(path), note="which shows what it is")


def _refused(path: str, rule: str, message: str, expected: str, fix: Fix) -> FileFact:
    return FileFact(path, None, (Finding(ERROR, rule, Place(file=path), message, expected, fix),))
