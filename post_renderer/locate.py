"""Finds where a values path is set: the line in the user's own values file, or the --set that won over it."""

import re
from collections.abc import Mapping, Sequence

from post_renderer import nodes, stream
from post_renderer.model import Place
from post_renderer.nodes import Node, Scalar

PARTS = re.compile(r"[^.\[\]]+")


class Values:
    """The user's values files in order, each with its content, and the texts of --set and its kin."""

    def __init__(self, files: Mapping[str, bytes], sets: Sequence[tuple[str, str]] = ()) -> None:
        self.roots = {path: (content, _root(content)) for path, content in files.items()}
        self.sets = sets

    def where(self, place: Place) -> Place:
        """The place with the file and line that set its values path, or the nearest parent of it that is set."""
        if place.file or not place.values:
            return place
        parts = PARTS.findall(place.values)
        if kind := self._set(parts):
            return place._replace(what=", ".join(filter(None, (f"--{kind} {place.values}", place.what))), line=0)
        for depth in range(len(parts), 0, -1):
            for path, (content, root) in reversed(self.roots.items()):
                if (start := _start(root, parts[:depth])) is not None:
                    return place._replace(file=path, line=stream.line_of(content, start))
        return place

    def _set(self, parts: list[str]) -> str:
        """The kind of the last --set of a path or of something in it."""
        path = ".".join(parts)
        for kind, text in reversed(self.sets):
            names = (re.sub(r"\[\d+\]$", "", pair.partition("=")[0]) for pair in re.split(r",(?=[\w.\-\[\]]+=)", text))
            if any(name == path or name.startswith((f"{path}.", f"{path}[")) for name in names):
                return kind
        return ""


def _root(content: bytes) -> Node | None:
    from post_renderer import parse  # with PyYAML, as in manifest.py

    try:
        return parse.read(content.removeprefix(stream.BOM), len(stream.BOM) * content.startswith(stream.BOM))
    except nodes.Unreadable:
        return None


def _start(node: Node | None, parts: list[str]) -> int | None:
    """Where the key is that a path ends in; for an item of a list, the item."""
    start: int | None = None
    for part in parts:
        if isinstance(node, nodes.Mapping):
            names = [name for name, _ in node.pairs if isinstance(name, Scalar) and name.text == part]
            start, node = (names[-1].start, node.get(part)) if names else (None, None)
        elif isinstance(node, nodes.Sequence) and part.isdecimal() and int(part) < len(node.items):
            node = node.items[int(part)]
            start = node.start
        else:
            start, node = None, None
    return start
