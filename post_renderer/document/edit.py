"""Edits of bytes: puts them into a stream or a file, and makes those that add pairs to a YAML mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.document.nodes import Mapping
from post_renderer.document.stream import BOM
from post_renderer.model.report import Edit

EMPTY = b"# heimdall-pr: there was nothing to render\n"


def pieces(data: bytes, edits: list[Edit]) -> Iterator[bytes | memoryview]:
    """The stream with its edits, as pieces that share its memory; never empty, which Helm 4 takes for an error."""
    view = memoryview(data)
    at = 0
    for each in edits:
        assert each.start >= at, "edits overlap"
        yield view[at : each.start]
        yield each.replacement
        at = each.end
    yield view[at:]
    if not data or data.isspace():
        yield EMPTY


def applied(data: bytes, edits: list[Edit]) -> bytes:
    """A file with its edits, which may be in any order."""
    for each in sorted(edits, reverse=True):
        data = data[: each.start] + each.replacement + data[each.end :]
    return data


def before(data: bytes, block: Mapping, pairs: Sequence[str]) -> Edit:
    """The edit that puts pairs before the first one of a mapping, in its style.

    Args:
        data: What the spans of the mapping count in.
        block: The mapping; a block mapping has a pair, and its first key is not written `? KEY`.
        pairs: Each as it is in YAML, `KEY: VALUE`.
    """
    at = block.pairs[0][0].start if block.pairs else block.end
    line = data.rfind(b"\n", 0, at) + 1
    if not block.flow:
        column = len(data[line:at].removeprefix(BOM).decode(errors="replace"))
        separator = _line_break(data, at) + b" " * column
        return Edit(at, at, b"".join(pair.encode() + separator for pair in pairs))
    if block.pairs and line > block.start and not data[line:at].strip():  # a pair a line, as tools write JSON
        separator = b"," + _line_break(data, at) + data[line:at]
        return Edit(at, at, b"".join(pair.encode() + separator for pair in pairs))
    at = data.index(b"{", block.start) + 1
    return Edit(at, at, (", ".join(pairs) + (", " if block.pairs else "")).encode())


def after(data: bytes, block: Mapping | None, pairs: Sequence[str]) -> Edit:
    """The edit that puts pairs after the last one of a document's root, in its style.

    Args:
        data: The whole file, of one document.
        block: The root; None if there is nothing in the file but comments.
        pairs: As for `before`.
    """
    if block and block.flow:
        return before(data, block, pairs)
    at = _next_line(data, block.end) if block else len(data)
    line = data.rfind(b"\n", 0, block.start) + 1 if block else 0
    indent = b" " * len(data[line : block.start].removeprefix(BOM)) if block else b""
    line_break = _line_break(data, block.start if block else 0)
    first = line_break if at and data[at - 1 : at] != b"\n" else b""
    return Edit(at, at, first + b"".join(indent + pair.encode() + line_break for pair in pairs))


def _line_break(data: bytes, at: int) -> bytes:
    """How the line of an offset ends; the last line, as the one before it."""
    end = data.find(b"\n", at)
    end = data.rfind(b"\n", 0, at) if end < 0 else end
    return b"\r\n" if end > 0 and data[end - 1 : end] == b"\r" else b"\n"


def _next_line(data: bytes, end: int) -> int:
    """The start of the line after a value that ends here; a block scalar's end is one already."""
    if data[end - 1 : end] == b"\n":
        return end
    found = data.find(b"\n", end)
    return len(data) if found < 0 else found + 1
