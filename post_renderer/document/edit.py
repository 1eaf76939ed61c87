"""Puts the edits into the stream."""

from collections.abc import Iterator

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
