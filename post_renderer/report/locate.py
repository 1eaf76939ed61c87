"""Finds where a values path is set: the line in the user's values file, or the --set that overrides it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Node, Scalar
from post_renderer.masking import mask
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.rules import policy

# A later one wins, in any order on the command line.
KINDS = ("set-json", "set", "set-string", "set-file", "set-literal")
SPLIT = ("set", "set-string", "set-file")
PARTS = re.compile(r"[^.\[\]]+")


class Values:
    """The user's values: the files in order, each with its content, and the texts of --set and its kin.

    `below` is the chart's own values file; only a path that it sets itself is found there.
    """

    def __init__(
        self, files: Mapping[str, bytes], sets: Sequence[tuple[str, str]] = (), below: Mapping[str, bytes] | None = None
    ) -> None:
        self.below = {path: (content, _root(content)) for path, content in (below or {}).items()}
        self.roots = {path: (content, _root(content)) for path, content in files.items()}
        self.sets = sorted(sets, key=lambda each: KINDS.index(each[0]))

    def where(self, place: Place) -> Place:
        """The place with the file and line that set its values path, or the nearest parent that is set."""
        if place.file or not place.values:
            return place
        parts = PARTS.findall(place.values)
        if found := self._set(parts):
            return place._replace(what=", ".join(filter(None, (found, place.what))), line=0)
        for depth in range(len(parts), 0, -1):
            last = self.below.items() if depth == len(parts) else ()
            for path, (content, root) in (*reversed(self.roots.items()), *last):
                if (start := _start(root, parts[:depth])) is not None:
                    return place._replace(file=path, line=stream.line_of(content, start))
        return place

    def duplicates(self) -> Iterator[Finding]:
        """Find keys that are twice among the secrets of one file: helm takes the last without a warning."""
        for path, (content, root) in self.roots.items():
            for block in _mappings(root):
                names = [name for name, _ in block.pairs if isinstance(name, Scalar)]
                seen: set[str] = set()
                for name in names if any(name.text in policy.KEYS for name in names) else ():
                    if name.text in seen:
                        place = Place(file=path, line=stream.line_of(content, name.start))
                        message = f"{policy.shown(name.text)} is there twice; helm takes the last one"
                        yield Finding(ERROR, "duplicate-key", place, message, "each key once", "remove one of them")
                    seen.add(name.text)

    def _set(self, parts: list[str]) -> str:
        """The last --set of a path, of a path in it, or of a parent, which it replaces as a whole."""
        path = ".".join(parts)
        for kind, text in reversed(self.sets):
            for name in map(_joined, _names(kind, text)):
                if name == path or name.startswith(f"{path}."):
                    return f"--{kind} {path}"
                if path.startswith(f"{name}."):
                    return f"--{kind} {name}"
        return ""


def _names(kind: str, text: str) -> Iterator[str]:
    """The paths that a text of --set sets; Helm 4 also takes a whole object and merges it."""
    if kind == "set-json" and text.lstrip().startswith("{"):
        yield from _leaves(text)
        return
    for pair in mask.PAIRS.split(text) if kind in SPLIT else [text]:
        yield re.sub(r"\\(.)", r"\1", pair.partition("=")[0])


def _leaves(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    whole = [("", found)]
    for path, value in whole:  # it grows during the loop
        if isinstance(value, dict):
            whole += [(f"{path}.{key}", inner) for key, inner in value.items()]
    return [path[1:] for path, value in whole if not isinstance(value, dict)]


def _joined(name: str) -> str:
    return ".".join(PARTS.findall(name))


def _root(content: bytes) -> Node | None:
    from post_renderer.document import parse  # with PyYAML, as in manifest.py

    try:
        return parse.read(content.removeprefix(stream.BOM), len(stream.BOM) * content.startswith(stream.BOM))
    except nodes.Unreadable:
        return None


def _mappings(node: Node | None, seen: set[int] | None = None) -> Iterator[nodes.Mapping]:
    """A tree's mappings, each once: aliases of aliases would make an endless number."""
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
    """The offset of the last key of a path, or of the item if it is in a list; None if the path is not set."""
    start: int | None = None
    for part in parts:
        if isinstance(node, nodes.Mapping):
            start, node = _key(node, part), node.get(part)
        elif isinstance(node, nodes.Sequence) and part.isdecimal() and int(part) < len(node.items):
            node = node.items[int(part)]
            start = node.start
        else:
            start, node = None, None
    return start


def _key(node: nodes.Mapping, part: str) -> int | None:
    """The offset of the key that counts, in a merged mapping too."""
    pair = node.entries.get(part)
    return pair[0].start if pair else None
