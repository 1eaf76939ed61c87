"""Runs a program whose output and time are limited: past a limit it is killed with everything that it started."""

import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from post_renderer.adapters import program
from post_renderer.adapters.program import TooSlow


class TooMuch(Exception):
    """It printed more than the limit."""


def run(command: Sequence[str], env: Mapping[str, str], data: bytes, seconds: float, limit: int) -> tuple[int, bytes]:
    """Its exit code and output; standard error is dropped. Raises OSError, TooMuch, TooSlow."""
    with program.terminable():
        return _run(command, env, data, seconds, limit)


def _run(command: Sequence[str], env: Mapping[str, str], data: bytes, seconds: float, limit: int) -> tuple[int, bytes]:
    process = program.start(command, env, subprocess.DEVNULL)
    threading.Thread(target=_feed, args=(process, data), daemon=True).start()
    deadline = time.monotonic() + seconds
    try:
        out = _take(process, deadline, limit)
        return process.wait(max(0.0, deadline - time.monotonic())), out
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    finally:
        _end(process)


def _feed(process: "subprocess.Popen[bytes]", data: bytes) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it ended early: its exit code says why
        process.stdin.write(data)
        process.stdin.close()


def _take(process: "subprocess.Popen[bytes]", deadline: float, limit: int) -> bytes:
    """All that it prints."""
    assert process.stdout is not None
    out = b""
    while len(out) <= limit:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TooSlow
        if not (piece := os.read(process.stdout.fileno(), 1 << 16)):
            return out
        out += piece
    raise TooMuch


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Nothing of it is left running; what it started may outlive it, and holds its group."""
    program.kill(process)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
