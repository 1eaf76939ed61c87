"""What to do about an error of the system: each has its own cause, and `ls` explains few of them."""

from __future__ import annotations

import errno
import os

from post_renderer.model.fix import Fix, command, operand

RIGHTS = (errno.EACCES, errno.EPERM)
FULL = (errno.ENOSPC, errno.EDQUOT)
NONE = (errno.ENOENT, errno.ENOTDIR)
TEXTS = {
    errno.EROFS: "a path on a file system that is not mounted read-only",
    errno.EISDIR: "the path of a file: this one is a folder",
    errno.ENAMETOOLONG: "a shorter path",
    errno.EMFILE: "raise the number of open files that is allowed (ulimit -n)",
    errno.ENFILE: "end programs that have many files open: the system allows no more",
}


def fix(path: str, error: OSError) -> Fix:
    """The command that puts it right or shows the cause; text if there is none."""
    folder = os.path.dirname(path) or os.curdir
    if error.errno in FULL:
        return command("df", "-h", operand(_above(folder)))
    if error.errno in NONE:
        return command("ls", "-l", operand(_above(folder)), note="which is as far as the path leads")
    if error.errno == errno.ELOOP:
        return command("readlink", operand(path), note="a symbolic link that leads to itself")
    seen = path if os.path.lexists(path) else _above(folder)
    return TEXTS.get(error.errno or 0) or command("ls", "-ld", operand(seen), note=_note(error))


def _note(error: OSError) -> str:
    """What `ls` shows of it."""
    return "which shows who may read and write it" if error.errno in RIGHTS else "which shows what it is"


def _above(folder: str) -> str:
    """The nearest folder that is there."""
    while folder and not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder or os.curdir
