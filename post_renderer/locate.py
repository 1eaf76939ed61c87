"""Finds where a values path is set: the line in the user's own values file, or the --set that won over it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from post_renderer import nodes, rules, stream
from post_renderer.model import ERROR, Finding, Place
from post_renderer.nodes import Node, Scalar

PARTS = re.compile(r"[^.\[\]]+")


class Values:
    """The user's values files in order, each with its content, and the texts of --set and its kin.

    `below` are the chart's own values, in which a path counts only where it is there itself.
    """

    def __init__(
        self, files: Mapping[str, bytes], sets: Sequence[tuple[str, str]] = (), below: Mapping[str, bytes] | None = None
    ) -> None:
        self.below = {path: (content, _root(content)) for path, content in (below or {}).items()}
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
            last = self.below.items() if depth == len(parts) else ()
            for path, (content, root) in (*reversed(self.roots.items()), *last):
                if (start := _start(root, parts[:depth])) is not None:
                    return place._replace(file=path, line=stream.line_of(content, start))
        return place

    def duplicates(self) -> Iterator[Finding]:
        """Keys that are twice among the secrets of one file: helm takes the last, and says nothing."""
        for path, (content, root) in self.roots.items():
            for block in _mappings(root):
                names = [name for name, _ in block.pairs if isinstance(name, Scalar)]
                seen: set[str] = set()
                for name in names if any(name.text in rules.KEYS for name in names) else ():
                    if name.text in seen:
                        place = Place(file=path, line=stream.line_of(content, name.start))
                        message = f"{rules.shown(name.text)} is there twice; helm takes the last one"
                        yield Finding(ERROR, "duplicate-key", place, message, "each key once", f"edit {path}")
                    seen.add(name.text)

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


def _mappings(node: Node | None, seen: set[int] | None = None) -> Iterator[nodes.Mapping]:
    """A tree's mappings, each once: aliases of aliases would make an endless number of them."""
    seen = set() if seen is None else seen
    if isinstance(node, nodes.Mapping) and id(node.pairs) not in seen:
        seen.add(id(node.pairs))
        yield node
        for _, value in node.pairs:
            yield from _mappings(value, seen)
    elif isinstance(node, nodes.Sequence) and id(node.items) not in seen:
        seen.add(id(node.items))
        for item in node.items:
            yield from _mappings(item, seen)


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
