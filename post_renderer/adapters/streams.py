"""Reads standard input whole, and writes standard output whole or says that it is not."""

import os
import sys
from collections.abc import Iterable

from post_renderer.model.errors import OutputLost, UsageError, UserError

USAGE = "helm install NAME CHART --post-renderer heimdall-pr, or helm template NAME CHART | heimdall-pr"


def read() -> bytes:
    """Read standard input. Raises UserError."""
    if sys.stdin is None:
        raise UsageError("standard input is closed; it should be what Helm rendered", USAGE)
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; it should be what Helm rendered", USAGE)
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UserError(f"standard input can't be read: {os.strerror(error.errno or 0)}", USAGE) from None


def write(pieces: Iterable[bytes | memoryview]) -> None:
    """Write all pieces to standard output. Raises OutputLost: what was written by then is no whole stream."""
    if sys.stdout is None:
        raise OutputLost("standard output is closed", "give it somewhere to go")
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:  # under PYTHONUNBUFFERED even Python's own streams write less than they are given
                view = view[os.write(sys.stdout.fileno(), view) :]
    except OSError as error:
        raise OutputLost(f"the output was not taken whole: {os.strerror(error.errno or 0)}", "run it again") from None
    except KeyboardInterrupt:
        raise OutputLost("interrupted while writing", "run it again", code=130) from None
