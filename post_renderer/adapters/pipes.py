"""Gives a program some content as files that are on no disk and in no command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

SMALL = 4096  # bytes that every pipe holds


@contextmanager
def piped(contents: Sequence[bytes]) -> Iterator[list[int]]:
    """A descriptor for each content, to inherit: `/dev/fd/N` is its path, and can be read once."""
    readers: list[int] = []
    try:
        for content in contents:
            reader, writer = os.pipe()
            readers.append(reader)
            _fill(writer, content)
        yield readers
    finally:
        for reader in readers:
            os.close(reader)


def path(descriptor: int) -> str:
    """The path of a descriptor, for the program that inherits it."""
    return f"/dev/fd/{descriptor}"


def _fill(writer: int, content: bytes) -> None:
    if len(content) <= SMALL:
        _feed(writer, content)
        return
    import threading

    threading.Thread(target=_feed, args=(writer, content), daemon=True).start()


def _feed(writer: int, content: bytes) -> None:
    with suppress(BrokenPipeError), open(writer, "wb") as pipe:  # broken: the program did not want it
        pipe.write(content)
