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
        process = start(argv, env, subprocess.PIPE, keep)
        try:
            out, err = process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            _end(process)
            raise TooSlow from None
        except BaseException:
            _end(process)
            raise
    return Done(process.returncode, out, err)


def start(
    argv: Sequence[str], env: Mapping[str, str], stderr: int, keep: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """The program with pipes, in a group of its own, so that what it starts can be ended with it. Raises OSError."""
    return subprocess.Popen(
        argv,
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
        pass_fds=keep,
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kills the whole group, where anything of it runs still."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


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


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kills the group; one of it that left the group may hold the pipes, so they are not waited for for ever."""
    kill(process)
    try:
        process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()
