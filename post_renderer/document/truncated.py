"""Finds manifests that were cut off, in documents too that the pipeline does not read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from post_renderer.document import nodes, stream
from post_renderer.model.finding import ERROR, Finding, Place

RULE = "unreadable"


def findings(data: bytes, ends: Sequence[int]) -> Iterator[Finding]:
    """A finding for each file, given by its end in the stream, whose last document is no YAML."""
    from post_renderer.document import parse  # with PyYAML, as in manifest.py

    starts = stream.cut(data)
    for end in ends:
        start = starts[bisect_left(starts, end) - 1] if end else 0
        try:
            parse.read(data[start:end])
        except nodes.Unreadable as error:
            place = Place("the last document", line=stream.line_of(data, start) + error.line - 1)
            message = f"the last document {error.problem}: is it cut off?"
            yield Finding(ERROR, RULE, place, message, "one document of YAML", "look at that line, or render it again")
