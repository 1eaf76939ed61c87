"""Reads one YAML document from the parser's events into a tree of nodes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence, Unreadable

MAX_DEPTH = 200  # levels; the constructors of PyYAML crash the interpreter long before the parser does
MAX_NODES = 500_000
# What aliases may add to a document's nodes: as many as it has, and some. Aliases of aliases make any number.
MOST_ADDED = 1000
ENDED = b"\n..."

# What a loader yields. The stubs say that marks may be absent, which is so only for events made by hand.
Event = Any
Loader = Any
LOADER: Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(
    document: bytes, base: int = 0, wanted: Callable[[str], bool] | None = None, whole: bool = False
) -> Node | None:
    """Read the first YAML document in some bytes.

    Args:
        document: The bytes.
        base: The offset that spans are counted from.
        wanted: Whether a document of this kind matters; reading stops at the root's `kind` if it does not.
        whole: Whether a second document is refused.

    Returns:
        The root, or None if there is no content, or the kind is not wanted.

    Raises:
        Unreadable: It is no YAML, or too deep or too large.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(document.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None
    builder = _Builder(document, text, base, wanted)
    try:
        root = builder.run(LOADER(document))
        # Of a root that is not wanted the rest was not read, and is not for this: only `...` begins another document.
        if whole and (root is not None or ENDED in document) and builder.more():
            raise Unreadable(builder.line, "holds a second YAML document")
        return root
    except yaml.YAMLError as error:
        at = min(_position(error), len(text))
        raise Unreadable(text.count("\n", 0, at) + 1, _problem(error)) from None


def _problem(error: yaml.YAMLError) -> str:
    """What is wrong; newer parsers have a cap on depth of their own (PyYAML 6.0.4), and may reach it before ours."""
    return "is nested too deeply" if "depth" in str(getattr(error, "problem", "")) else "is not valid YAML"


def _position(error: yaml.YAMLError) -> int:
    """The character index that an error is about: a scanner's and a parser's has a mark, a reader's a position."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return int(mark.index if mark else getattr(error, "position", 0))


class _Open(NamedTuple):
    """A collection whose end was not seen yet."""

    event: Event
    start: int
    children: list[Node]
    before: int  # how many nodes there were, with those that aliases stand for


class _Builder:
    """Turns events into nodes, without recursion."""

    def __init__(self, document: bytes, text: str, base: int, wanted: Callable[[str], bool] | None) -> None:
        self.text = text
        self.base = base
        self.ascii = len(text) == len(document)
        self.wanted = wanted
        self.known = (0, 0)  # a character index and its byte offset
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[str, tuple[int, int]] = {}  # of each anchor's node: how many nodes it has, and levels
        self.heights = [0]  # the levels below each open collection, as far as it was read
        self.count = self.added = 0  # nodes that are written, and that aliases add
        self.at = 0  # the character index of the event at hand
        self.events: Loader

    def run(self, events: Loader) -> Node | None:
        """The first document's root."""
        self.events = events
        while event := events.get_event():
            if not (take := TAKERS.get(type(event))):
                continue  # the stream or a document begins or ends
            self.at = event.start_mark.index
            self.count += 1
            if self.count > MAX_NODES or len(self.open) > MAX_DEPTH:
                raise Unreadable(self.line, "is nested too deeply" if self.count <= MAX_NODES else "has too many nodes")
            if not (node := take(self, event)):
                continue
            if not self.open:
                return node
            self.open[-1].children.append(node)
            if len(self.open) == 1 and self.unwanted(node):
                return None
        return None

    def more(self) -> bool:
        """Whether another document with content follows."""
        while self.open and not isinstance(self.events.get_event(), yaml.DocumentEndEvent):
            pass
        while event := self.events.get_event():
            if TAKERS.get(type(event)):
                self.at = event.start_mark.index
                return True
        return False

    @property
    def line(self) -> int:
        """The line of the event at hand; PyYAML's own count takes U+2028 for a line's end."""
        return self.text.count("\n", 0, self.at) + 1

    def collection(self, event: Event) -> None:
        """One begins."""
        self.open.append(_Open(event, self.offset(self.at), [], self.count + self.added))
        self.heights.append(0)

    def scalar(self, event: Event) -> Node:
        plain = not event.style and event.tag is None
        start, end = self.offset(self.at), self.offset(event.end_mark.index)
        self.sizes.pop(event.anchor, None)
        return self.anchor(event.anchor, Scalar(start, end, event.value, plain, event.tag, bool(event.anchor)))

    def alias(self, event: Event) -> Node:
        if event.anchor not in self.anchors:
            raise Unreadable(self.line, "has an alias without an anchor")
        self.repeat(*self.sizes.get(event.anchor, (1, 0)))
        start, end = self.offset(self.at), self.offset(event.end_mark.index)
        return self.anchors[event.anchor]._replace(start=start, end=end, anchored=True)

    def mapping(self, event: Event) -> Node:
        """The one that ends here."""
        begun, start, children = self.closed()
        pairs = tuple(zip(children[::2], children[1::2], strict=True))
        end = self.end(event, begun, start, children)
        node = Mapping(start, end, pairs, bool(begun.flow_style), begun.tag, bool(begun.anchor))
        return self.anchor(begun.anchor, node)

    def sequence(self, event: Event) -> Node:
        """The one that ends here."""
        begun, start, children = self.closed()
        end = self.end(event, begun, start, children)
        node = Sequence(start, end, tuple(children), bool(begun.flow_style), begun.tag, bool(begun.anchor))
        return self.anchor(begun.anchor, node)

    def closed(self) -> tuple[Event, int, list[Node]]:
        """The collection that ends here."""
        begun, start, children, before = self.open.pop()
        height = self.heights.pop() + 1
        self.heights[-1] = max(self.heights[-1], height)
        if begun.anchor:
            self.sizes[begun.anchor] = (self.count + self.added - before, height)
        return begun, start, children

    def repeat(self, size: int, height: int) -> None:
        """An alias stands for a node of that size."""
        self.added += size
        self.heights[-1] = max(self.heights[-1], height)
        if self.added > self.count + MOST_ADDED or len(self.open) + height > MAX_DEPTH:
            raise Unreadable(self.line, "has too many aliases of aliases")

    def end(self, event: Event, begun: Event, start: int, children: list[Node]) -> int:
        """Where a collection ends: a block's own end takes the comments after it."""
        if begun.flow_style:
            return self.offset(event.end_mark.index)
        return children[-1].end if children else start

    def anchor(self, name: str | None, node: Node) -> Node:
        if name:
            self.anchors[name] = node
        return node

    def unwanted(self, node: Node) -> bool:
        """Whether the root's `kind` was just read, and is none that matters."""
        root = self.open[0]
        if self.wanted is None or not isinstance(node, Scalar) or not isinstance(root.event, yaml.MappingStartEvent):
            return False
        name = root.children[-2] if len(root.children) % 2 == 0 else None
        return isinstance(name, Scalar) and name.text == "kind" and not self.wanted(node.text)

    def offset(self, index: int) -> int:
        """The byte offset of a character index; cheap if the indexes asked for grow."""
        if self.ascii:
            return self.base + index
        last, offset = self.known
        if index < last:
            last, offset = 0, 0
        offset += len(self.text[last:index].encode())
        self.known = (index, offset)
        return self.base + offset


TAKERS: dict[type, Callable[[_Builder, Event], Node | None]] = {
    yaml.MappingStartEvent: _Builder.collection,
    yaml.SequenceStartEvent: _Builder.collection,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.AliasEvent: _Builder.alias,
    yaml.MappingEndEvent: _Builder.mapping,
    yaml.SequenceEndEvent: _Builder.sequence,
}
