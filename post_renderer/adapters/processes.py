"""Runs a program to its end or to a limit; nothing that it started in its process group outlives the run."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from post_renderer.model.record import NamedTuple

PIECE = 1 << 16  # bytes that are read or written at once: what a pipe holds
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # a person, a cancelled pipeline, a closed terminal

Process = subprocess.Popen[bytes]


class Done(NamedTuple):
    """What a program gave; `code` is negative if a signal ended it."""

    code: int
    out: bytes
    err: bytes


class TooSlow(Exception):
    """The time limit has passed."""


class TooMuch(Exception):
    """The program printed more than the limit."""


def run(
    argv: Sequence[str],
    env: Mapping[str, str],
    stdin: bytes = b"",
    *,
    seconds: float,
    most: int | None = None,
    keep: Sequence[int] = (),
) -> Done:
    """Run a program in a process group of its own.

    Args:
        argv: The program and its arguments; no shell reads them.
        env: The program's whole environment.
        stdin: What its standard input holds.
        seconds: The time limit, until it has ended and its output is closed.
        most: The limit, in bytes, of what it prints.
        keep: File descriptors that it inherits.

    Raises:
        OSError: It can't be started.
        TooSlow, TooMuch: It was ended at a limit, with its process group.
        KeyboardInterrupt: SIGINT, SIGTERM or SIGHUP came; its process group was ended.
    """
    with _interruptible() as interruption:
        process = subprocess.Popen(
            argv,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=keep,
            preexec_fn=_bound(),  # noqa: PLW1509 (it is none if there are threads)
        )
        try:
            interruption.release()
            deadline = time.monotonic() + seconds
            out, err = _exchange(process, stdin, deadline, most)
            return Done(process.wait(max(0.0, deadline - time.monotonic())), out, err)
        except subprocess.TimeoutExpired:
            raise TooSlow from None
        finally:
            _end(process)


def _bound() -> Callable[[], object] | None:
    """What lets Linux kill a new process if this one is killed (PR_SET_PDEATHSIG); None if that is not safe."""
    if threading.active_count() > 1:  # it runs between fork and exec, where a lock of another thread is never released
        return None
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        return partial(ctypes.CDLL(None).prctl, 1, signal.SIGKILL.value)
    return None


def _exchange(process: Process, stdin: bytes, deadline: float, most: int | None) -> tuple[bytes, bytes]:
    """Give a program its standard input, and take all that it prints. Raises TooSlow, TooMuch."""
    assert process.stdin and process.stdout and process.stderr
    pipes = {pipe.fileno(): pipe for pipe in (process.stdin, process.stdout, process.stderr)}
    out, err = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        os.set_blocking(process.stdin.fileno(), False)
        selector.register(process.stdin, selectors.EVENT_WRITE, partial(_feed, bytearray(stdin)))
        selector.register(process.stdout, selectors.EVENT_READ, partial(_take, out))
        selector.register(process.stderr, selectors.EVENT_READ, partial(_take, err))
        while selector.get_map():
            for key, _ in selector.select(max(0.0, deadline - time.monotonic())):
                if key.data(key.fd):
                    selector.unregister(key.fileobj)
                    pipes[key.fd].close()
            if time.monotonic() > deadline:
                raise TooSlow
            if most is not None and len(out) + len(err) > most:
                raise TooMuch
    return bytes(out), bytes(err)


def _take(found: bytearray, descriptor: int) -> bool:
    """Read a piece; return whether it was the last."""
    piece = os.read(descriptor, PIECE)
    found += piece
    return not piece


def _feed(rest: bytearray, descriptor: int) -> bool:
    """Write a piece; return whether nothing is left, or the program reads no more: its exit code says why."""
    try:
        del rest[: os.write(descriptor, rest[:PIECE]) if rest else 0]
    except BlockingIOError:
        return False
    except OSError:
        return True
    return not rest


def _end(process: Process) -> None:
    """End what is left of the group: what a program started may outlive it.

    Something that left the group may hold the pipes, so they are closed, not waited for.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe and not pipe.closed:
            pipe.close()


class _Interruption:
    """The handler of signals: it interrupts the run, but not before the program can be ended with it."""

    def __init__(self) -> None:
        self.is_held, self.came = True, False

    def __call__(self, *_: object) -> None:
        self.came = True
        if not self.is_held:
            raise KeyboardInterrupt

    def release(self) -> None:
        """Interrupt from now on. Raises KeyboardInterrupt if a signal came before."""
        self.is_held = False
        if self.came:
            raise KeyboardInterrupt


@contextlib.contextmanager
def _interruptible() -> Iterator[_Interruption]:
    """Let signals that end this process interrupt it instead; what is ignored, as under `nohup`, stays ignored."""
    before = {number: signal.getsignal(number) for number in ENDING}
    changed = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    interruption = _Interruption()
    for number in changed:
        signal.signal(number, interruption)
    try:
        yield interruption
    finally:
        for number in changed:
            signal.signal(number, before[number])
