"""Keeps the last report where `heimdall-pr why` finds it."""

import os
from collections.abc import Mapping


def path(environ: Mapping[str, str], explicit: str = "") -> str:
    """Where the report is kept (https://specifications.freedesktop.org/basedir-spec/)."""
    if explicit:
        return explicit
    home = environ.get("XDG_STATE_HOME", "")
    folder = home if os.path.isabs(home) else os.path.expanduser("~/.local/state")
    return os.path.join(folder, "heimdall-pr", "report.txt")


def write(target: str, text: str) -> None:
    """Replaces the report whole, readable by its owner alone; a device or a pipe is written to. Raises OSError."""
    if os.path.exists(target) and not os.path.isfile(target):
        _print(os.open(target, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC), text)
        return
    folder = os.path.dirname(target) or os.curdir
    os.makedirs(folder, 0o700, exist_ok=True)
    temporary = f"{target}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _print(descriptor, text)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _print(descriptor: int, text: str) -> None:
    with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
