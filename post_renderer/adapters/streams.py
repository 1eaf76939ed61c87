"""Standard input, read whole; standard output, written whole or reported as lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from post_renderer.model.errors import OutputLost, UsageError, UserError
from post_renderer.model.fix import Command, Ways, command

USAGE = Ways(
    (
        command("helm", "install", "NAME", "CHART", "--post-renderer", "heimdall-pr"),
        Command((("helm", "template", "NAME", "CHART"), ("heimdall-pr",))),
    )
)


def hold() -> None:
    """Open a closed standard stream on the null device: otherwise the next file opened would be taken for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def read() -> bytes:
    """Standard input, to its end. Raises UserError."""
    if sys.stdin is None:
        raise UsageError("standard input is closed; it should be what Helm rendered", USAGE)
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; it should be what Helm rendered", USAGE)
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UserError(f"standard input can't be read: {os.strerror(error.errno or 0)}", USAGE) from None


def write(pieces: Iterable[bytes | memoryview]) -> None:
    """Write all pieces to standard output.

    Raises:
        OutputLost: Only a part was written, which is no whole stream.
    """
    if sys.stdout is None:
        raise OutputLost("standard output is closed", "redirect it to a file or a program")
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:  # under PYTHONUNBUFFERED even Python's own streams write less than they are given
                view = view[os.write(sys.stdout.fileno(), view) :]
    except OSError as error:
        raise lost(error) from None
    except KeyboardInterrupt:
        raise OutputLost("interrupted while writing", "run it again", code=130) from None


def lost(error: OSError) -> OutputLost:
    """The failure of a write to standard output."""
    return OutputLost(f"the output is incomplete: {os.strerror(error.errno or 0)}", "run it again")


def drop(descriptor: int) -> None:
    """Redirect a stream that takes nothing to the null device: the interpreter's last flush would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
