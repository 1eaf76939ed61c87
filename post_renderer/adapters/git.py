"""Asks git whether it would commit a file, without letting the repository's configuration run a program."""

import os
from collections.abc import Mapping

from post_renderer.adapters import processes
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import quoted

TRACKED, UNTRACKED, IGNORED, NONE, UNKNOWN = "tracked", "untracked", "ignored", "none", "unknown"
SECONDS = 20
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
NO_REPOSITORY = (b"not a git repository", b"must be run in a work tree", b"cannot use bare repository")


def state(path: str, environ: Mapping[str, str] | None = None) -> str:
    """What git says of a file, which need not be there yet.

    `tracked`; `untracked`, so that `git add .` takes it; `ignored`; `none` where no repository holds it or there is no
    git; `unknown` where git refuses to say, as for a repository of another user.
    """
    folder, name = os.path.split(os.path.abspath(path))
    while not os.path.isdir(folder):
        folder, above = os.path.split(folder)
        name = os.path.join(above, name)
    name = os.path.join(os.curdir, name)  # so that it is neither an option nor a pattern
    environ = os.environ if environ is None else environ
    try:
        tracked, told = _git(folder, environ, "--literal-pathspecs", "ls-files", "--error-unmatch", "--", name)
        if tracked == 0:
            return TRACKED
        if tracked != 1:
            return NONE if any(text in told for text in NO_REPOSITORY) else UNKNOWN
        return {0: IGNORED, 1: UNTRACKED}.get(_git(folder, environ, "check-ignore", "--quiet", "--", name)[0], UNKNOWN)
    except FileNotFoundError:
        return NONE
    except (OSError, processes.TooSlow):
        return UNKNOWN


def finding(path: str, told: str, encrypted: bool = False) -> Finding | None:
    """What to say of a secrets file that git would commit; one that is encrypted may be."""
    if encrypted or told in (IGNORED, NONE):
        return None
    severity, rule, message = {
        TRACKED: (ERROR, "git-tracked", "is tracked by git: whoever can read the repository has the secrets"),
        UNTRACKED: (WARNING, "git-untracked", "is not ignored by git: `git add .` would take it"),
        UNKNOWN: (WARNING, "git-unknown", "may be one that git would commit: git could not say"),
    }[told]
    place, expected = Place(file=path), "a file that git ignores"
    return Finding(severity, rule, place, f"the secrets file {message}", expected, fix(path, told))


def fix(path: str, told: str) -> str:
    """The command after which git would not commit a file."""
    folder, name = os.path.split(path)
    word, at = quoted(name), f" -C {quoted(folder)}" if folder else ""
    ignore = f"echo {quoted('/' + name)} >> {quoted(os.path.join(folder, '.gitignore'))}"
    if told == TRACKED:
        return f"git{at} rm --cached {word} && {ignore}, and make new secrets: git's history has these"
    return ignore if told == UNTRACKED else f"git{at} check-ignore --verbose {word}"


def _git(folder: str, environ: Mapping[str, str], *command: str) -> tuple[int, bytes]:
    """Its exit code, and what it said on standard error."""
    env = {name: environ[name] for name in KEPT if name in environ} | SET
    done = processes.run(["git", *OPTIONS, "-C", folder, *command], env, seconds=SECONDS)
    return done.code, done.err
