"""Finds where a values path is set: the line in the user's values file, or the --set that overrides it."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Node, Scalar
from post_renderer.masking import mask
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy

# A later one wins, in any order on the command line.
KINDS = ("set-json", "set", "set-string", "set-file", "set-literal")
SPLIT = ("set", "set-string", "set-file")
SECTIONS = ("secrets", "data", "stringData")  # whose keys may be secrets in the wrong place
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,62}", re.ASCII)
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

    def duplicates(self, judged: Iterable[str]) -> Iterator[Finding]:
        """Find keys that are twice in one file, at any depth: helm takes the last without a warning.

        Args:
            judged: The values paths that were judged. There, above and below a duplicate is an error.
        """
        paths = [tuple(PARTS.findall(path)) for path in judged]
        for file, (content, root) in self.roots.items():
            lines = _Lines(content)
            for each in sorted(_repeated(root), key=lambda each: each.start):
                yield each.finding(Place(file=file, line=lines.of(each.start)), lines.of(each.first), paths)

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


class _Above(NamedTuple):
    """A name in a values path, and what is above it."""

    name: str
    above: _Above | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The whole path."""
        found, here = [self.name], self.above
        while here:
            found.append(here.name)
            here = here.above
        return tuple(reversed(found))


class _Repeated(NamedTuple):
    """A key that is in its mapping before.

    Attributes:
        path: Its values path.
        first: The offset of its first occurrence.
        start: Its own offset.
        beside: Whether one of Heimdall's secrets is in the mapping.
    """

    path: _Above
    first: int
    start: int
    beside: bool

    def finding(self, place: Place, first: int, judged: Sequence[tuple[str, ...]]) -> Finding:
        """An error if it changes what was judged, else a warning."""
        name, parts = self.path.name, self.path.parts
        is_secret = self.path.above is not None and self.path.above.name in SECTIONS
        shown = name if NAME.fullmatch(name) and not is_secret else policy.shown(name)
        message = f"{shown} is there twice, first in line {first}; helm takes the last one alone"
        is_judged = any(parts[: len(path)] == path[: len(parts)] for path in judged)
        if is_judged or self.beside or name in policy.OPTIONAL or name in policy.LEGACY:
            return Finding(ERROR, "duplicate-key", place, message, "each key once", "make one block of the two")
        return Finding(WARNING, "duplicate-value", place, message, "each key once", "make one block of the two")


class _Lines:
    """The lines of a file, by offset: each is found without counting from the start."""

    def __init__(self, content: bytes) -> None:
        self.ends = [found.start() for found in re.finditer(rb"\n", content)]

    def of(self, at: int) -> int:
        """The line, from 1."""
        return bisect_left(self.ends, at) + 1


def _repeated(root: Node | None) -> Iterator[_Repeated]:
    """Each repeated key of a tree; what aliases share is looked at once, as aliases of aliases have no end."""
    seen: set[int] = set()
    left: list[tuple[Node | None, _Above | None]] = [(root, None)]
    while left:
        node, path = left.pop()
        if isinstance(node, nodes.Sequence) and id(node.items) not in seen:
            seen.add(id(node.items))
            left += [(item, _Above(str(at), path)) for at, item in enumerate(node.items)]
        elif isinstance(node, nodes.Mapping) and id(node.pairs) not in seen:
            seen.add(id(node.pairs))
            names = [(name, value) for name, value in node.pairs if isinstance(name, Scalar)]
            left += [(value, _Above(name.text, path)) for name, value in names]
            yield from _repeated_in([name for name, _ in names], path)


def _repeated_in(names: Sequence[Scalar], path: _Above | None) -> Iterator[_Repeated]:
    first: dict[str, int] = {}
    beside = any(name.text in policy.KEYS for name in names)
    for name in names:
        if name.text in first and name.text != nodes.MERGE:
            yield _Repeated(_Above(name.text, path), first[name.text], name.start, beside)
        first.setdefault(name.text, name.start)


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
