"""Asks git whether it would commit a file, without letting the repository's configuration run a program."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping

from post_renderer.adapters import disk, processes
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import Command, command, operand, steps

TRACKED, UNTRACKED, IGNORED, NONE, UNKNOWN = "tracked", "untracked", "ignored", "none", "unknown"
SECONDS = 20
MOST = 1 << 20  # bytes of a .gitignore
KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME")  # for the user's own ignore file; no GIT_DIR, no GIT_CONFIG_… of anybody
SET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone would run the transport that its configuration names
    "GIT_ALLOW_PROTOCOL": "none",  # for a git before 2.45, which does not know that; it wins over protocol.NAME.allow
}
# Whatever a repository's own configuration could have run; these win over it. `safe.bareRepository`: a folder that was
# committed to look like a repository is none.
OPTIONS = (
    "--no-pager",
    *(
        word
        for setting in (
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.untrackedCache=false",
            "core.sshCommand=false",
            "core.alternateRefsCommand=",
            "safe.bareRepository=explicit",
        )
        for word in ("-c", setting)
    ),
)
GLOB = re.compile(r"[\\*?\[]")  # what git reads as more than a character, in a path and in .gitignore
FOUND = {
    TRACKED: (ERROR, "git-tracked", "is tracked by git: whoever can read the repository has the secrets"),
    UNTRACKED: (WARNING, "git-untracked", "is not ignored by git: `git add .` would take it"),
    UNKNOWN: (WARNING, "git-unknown", "may be one that git would commit: git gave no answer"),
}
NO_REPOSITORY = (b"not a git repository", b"must be run in a work tree", b"cannot use bare repository")


def state(path: str, environ: Mapping[str, str] | None = None) -> str:
    """Ask git about a file, which need not be there yet.

    Returns:
        TRACKED; UNTRACKED, so that `git add .` takes it; IGNORED; NONE if no repository holds it or there is no git;
        UNKNOWN if git refuses to answer, as for a repository of another user.
    """
    folder, name = os.path.split(os.path.abspath(path))
    while not os.path.isdir(folder):
        folder, above = os.path.split(folder)
        name = os.path.join(above, name)
    name = os.path.join(os.curdir, name)  # so that it is neither an option nor a pattern
    environ = os.environ if environ is None else environ
    try:
        code, message = _git(folder, environ, "--literal-pathspecs", "ls-files", "--error-unmatch", "--", name)
        if code == 0:
            return TRACKED
        if code != 1:
            return NONE if any(text in message for text in NO_REPOSITORY) else UNKNOWN
        code, _ = _git(folder, environ, "check-ignore", "--quiet", "--", name)
        return {0: IGNORED, 1: UNTRACKED}.get(code, UNKNOWN)
    except FileNotFoundError:
        return NONE
    except (OSError, processes.TooSlow):
        return UNKNOWN


def finding(path: str, state: str, encrypted: bool = False) -> Finding | None:
    """The finding for a secrets file that git would commit; an encrypted one may be committed."""
    if encrypted or state in (IGNORED, NONE):
        return None
    severity, rule, message = FOUND[state]
    place, expected = Place(file=path), "a file that git ignores"
    return Finding(severity, rule, place, f"the secrets file {message}", expected, fix(path, state))


def ignore(path: str) -> str:
    """Add a file that git would commit to the .gitignore beside it.

    Returns:
        The path of the .gitignore; empty if git would not commit the file, or tracks it already.

    Raises:
        OSError: It can't be read or written.
    """
    if state(path) != UNTRACKED:
        return ""
    folder, name = os.path.split(path)
    target = os.path.join(folder, ".gitignore")
    disk.make_folder(folder, 0o700)
    try:
        found = disk.read(target, MOST)
    except FileNotFoundError:
        found = disk.Content(b"", 0o644, True)
    if found is None or not found.is_whole:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    end = b"" if found.data.endswith(b"\n") or not found.data else b"\n"
    line = os.fsencode("/" + GLOB.sub(r"\\\g<0>", name))
    disk.write(target, found.data + end + line + b"\n", found.mode)
    return target


def fix(path: str, state: str) -> Command:
    """The command after which git would not commit a file."""
    folder, name = os.path.split(path)
    git = ("git", *(("-C", operand(folder)) if folder else ()))
    literal = ("--literal-pathspecs",) if GLOB.search(name) or name.startswith(":") else ()
    if state == TRACKED:
        removed = command(*git, *literal, "rm", "--cached", "--", name)
        return steps(removed, _ignored(folder, name), note="and make new secrets: git's history has these")
    if state == UNTRACKED:
        return _ignored(folder, name)
    return command(*git, "check-ignore", "--verbose", "--", name)


def _ignored(folder: str, name: str) -> Command:
    """The command that has git ignore a file."""
    pattern = "/" + GLOB.sub(r"\\\g<0>", name)
    line = ("printf", "%s\\n", pattern) if "\\" in pattern else ("echo", pattern)
    added = Command((line, ("tee", "-a", operand(os.path.join(folder, ".gitignore")))))
    if not folder or os.path.isdir(folder):
        return added
    return steps(command("mkdir", "-p", operand(folder)), added)


def _git(folder: str, environ: Mapping[str, str], *command: str) -> tuple[int, bytes]:
    """Run git; return its exit code and its message."""
    env = {name: environ[name] for name in KEPT if name in environ} | SET
    done = processes.run(["git", *OPTIONS, "-C", folder, *command], env, seconds=SECONDS)
    return done.code, done.err
