"""Runs the command line of heimdall-pr in this process, without the start of another Python.

All of our code runs, on real file descriptors. Use a process for what belongs to one: signals from others, closed
streams, pipes that nobody reads, the console script, and variables that Python itself reads at its start.
"""

import gc
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from post_renderer.__main__ import main

PROGRAM = "heimdall-pr"
# Python reads these before it runs a line of ours.
OF_PYTHON = ("PYTHON", "LC_", "LANGUAGE")
SIGNALS = (signal.SIGINT, signal.SIGTERM)
Done = subprocess.CompletedProcess[bytes]


def run(arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None, stdin: bytes = b"") -> Done:
    """Run `heimdall-pr ARGUMENTS` to its end, as `subprocess.run` with exactly that environment would.

    Standard input, output and error are files. Everything that belongs to the process is put back afterwards.
    """
    assert not is_for_python(env), "Python reads some of these at its start: use a process"
    assert threading.current_thread() is threading.main_thread(), "it has the whole process: use processes"
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin)
        for held in (_settings(), _environment(env), _folder(cwd), _streams(files), _arguments(arguments)):
            stack.enter_context(held)
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = map(_content, files[1:])
    return subprocess.CompletedProcess([PROGRAM, *arguments], code, out, err)


def is_for_python(env: Mapping[str, str]) -> bool:
    """Whether Python itself reads a variable of it."""
    return any(name.startswith(OF_PYTHON) for name in env)


def text(
    arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None, stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    """The same in texts; what is not UTF-8 comes back as surrogates, and line ends as they were."""
    done = run(arguments, env=env, cwd=cwd, stdin=stdin.encode("utf-8", "surrogateescape"))
    out, err = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


@contextmanager
def _settings() -> Iterator[None]:
    """Signal handlers, and the garbage collector, which the filter switches off."""
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    enabled = gc.isenabled()
    try:
        yield
    finally:
        gc.unfreeze()
        (gc.enable if enabled else gc.disable)()
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextmanager
def _environment(env: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    _replace(env)
    try:
        yield
    finally:
        _replace(before)


def _replace(env: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)


@contextmanager
def _folder(cwd: Path | None) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(cwd or before)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _arguments(arguments: Sequence[str]) -> Iterator[None]:
    before = sys.argv
    sys.argv = [PROGRAM, *arguments]
    try:
        yield
    finally:
        sys.argv = before


@contextmanager
def _streams(files: Sequence[IO[bytes]]) -> Iterator[None]:
    """The three descriptors, so that programs that are started have them too, and Python's streams over them."""
    files[0].seek(0)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    before = (sys.stdin, sys.stdout, sys.stderr)
    kept = [os.dup(number) for number in range(3)]
    try:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        sys.stdin = _stream(0, "r", "surrogateescape")
        sys.stdout = _stream(1, "w", "surrogateescape")
        sys.stderr = _stream(2, "w", "backslashreplace")
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for number, descriptor in enumerate(kept):
            os.dup2(descriptor, number)
            os.close(descriptor)


def _stream(number: int, mode: str, errors: str) -> io.TextIOWrapper:
    """As Python opens its own, where the locale is UTF-8 or C; standard error is written line by line."""
    raw = io.FileIO(number, mode, closefd=False)
    buffer = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding="utf-8", errors=errors, line_buffering=number == 2)
