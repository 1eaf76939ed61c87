"""Runs a program to its end or to a time limit, past which it is killed with everything that it started."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

GRACE = 5.0  # seconds for the pipes of a killed program to close


class Done(NamedTuple):
    """What a program gave; `code` is negative where a signal ended it."""

    code: int
    out: bytes
    err: bytes


class TooSlow(Exception):
    """The time limit has passed."""


def run(argv: Sequence[str], env: Mapping[str, str], stdin: bytes, limit: float, keep: Sequence[int] = ()) -> Done:
    """In a process group of its own; `keep` are file descriptors that it inherits. Raises OSError, TooSlow."""
    with terminable():
        process = subprocess.Popen(
            argv,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=keep,
        )
        try:
            out, err = process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise TooSlow from None
        except BaseException:
            _kill(process)
            raise
    return Done(process.returncode, out, err)


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM interrupts, as a pipeline that is cancelled sends it: what was started ends then as well."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kills the group; one of it that left the group may hold the pipes, so they are not waited for for ever."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    try:
        process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()
