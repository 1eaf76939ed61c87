"""Reads one YAML document from the parser's events into a tree whose nodes know their byte spans."""

import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

MAX_DEPTH = 200  # levels; the constructors of PyYAML crash the interpreter long before the parser does
MAX_NODES = 500_000
BINARY = "tag:yaml.org,2002:binary"
MERGE = "<<"

# What a loader yields. The stubs say that marks may be absent, which is so only for events made by hand.
Event = Any
Loader = Any
LOADER: Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

FLAGS = re.IGNORECASE | re.VERBOSE
# Plain scalars that YAML 1.1, YAML 1.2 or Go's parser read as something else than a string; compiled on first use.
NOT_A_STRING = r"""~|null|true|false|yes|no|on|off|y|n|=|<<|
        [-+]?(\.inf|\.nan)|
        [-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)|
        [-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?(e[-+]?[0-9]+)?|
        [-+]?\.[0-9][0-9_]*(e[-+]?[0-9]+)?|
        [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([tT ].*)?"""


class Scalar(NamedTuple):
    """A scalar; `plain` where it is neither quoted nor a block; `anchored` where it has an anchor or is an alias."""

    start: int
    end: int
    value: str
    plain: bool = False
    tag: str | None = None
    anchored: bool = False

    @property
    def text(self) -> str:
        """What Kubernetes reads: the value, decoded where it is tagged `!!binary`."""
        if self.tag != BINARY:
            return self.value
        try:
            return binascii.a2b_base64(self.value).decode()
        except ValueError:
            return self.value

    @property
    def is_string(self) -> bool:
        """Whether every YAML reader takes it for a string."""
        return not self.plain or (bool(self.value) and not re.fullmatch(NOT_A_STRING, self.value, FLAGS))


class Mapping(NamedTuple):
    """A mapping; `end` is the end of its last leaf, or after the brace of a flow mapping."""

    start: int
    end: int
    pairs: tuple[tuple["Node", "Node"], ...]
    flow: bool
    tag: str | None = None
    anchored: bool = False

    def get(self, key: str) -> "Node | None":
        """The value of a key: the last one written, else one that a merge key brings."""
        merged = None
        for name, value in reversed(self.pairs):
            if isinstance(name, Scalar) and name.text == key:
                return value
            if isinstance(name, Scalar) and name.plain and name.value == MERGE:
                merged = merged or _merged(value, key)
        return merged

    def mapping(self, *path: str) -> "Mapping | None":
        """The mapping at a path of keys."""
        node: Node | None = self
        for key in path:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else None

    def text(self, key: str) -> str:
        """The text of a scalar value; empty where it is absent or no scalar."""
        node = self.get(key)
        return node.text if isinstance(node, Scalar) else ""

    def items(self, key: str) -> "Iterator[Mapping]":
        """The mappings in the list that is the value of a key."""
        node = self.get(key)
        return (item for item in node.items if isinstance(item, Mapping)) if isinstance(node, Sequence) else iter(())


class Sequence(NamedTuple):
    """A sequence; `end` as for a mapping."""

    start: int
    end: int
    items: tuple["Node", ...]
    flow: bool
    tag: str | None = None
    anchored: bool = False


Node = Scalar | Mapping | Sequence


class Unreadable(Exception):
    """The document is no YAML, or too deep or large to be one of ours; `line` counts from 1 within the bytes given."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


def read(
    document: bytes, base: int = 0, wanted: Callable[[str], bool] | None = None, whole: bool = False
) -> Node | None:
    """The tree of the first YAML document in some bytes; spans are counted from `base`.

    Returns None where there is no content, or as soon as the root's `kind` is one that is not `wanted`.
    With `whole`, a second document is refused. Raises Unreadable.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(document.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None
    builder = _Builder(document, text, base, wanted)
    try:
        root = builder.run(LOADER(document))
        if whole and builder.more():
            raise Unreadable(builder.line, "holds a second YAML document")
        return root
    except yaml.YAMLError as error:
        at = min(_position(error), len(text))
        raise Unreadable(text.count("\n", 0, at) + 1, "is not valid YAML") from None


def _merged(value: Node, key: str) -> Node | None:
    """What a merge key (YAML 1.1) brings: from one mapping or the first of several that has it."""
    sources = value.items if isinstance(value, Sequence) else (value,)
    found = (source.get(key) for source in sources if isinstance(source, Mapping))
    return next((node for node in found if node is not None), None)


def _position(error: yaml.YAMLError) -> int:
    """The character index that an error is about: a scanner's and a parser's has a mark, a reader's a position."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return int(mark.index if mark else getattr(error, "position", 0))


def _start(event: Event) -> int:
    return int(event.start_mark.index)


def _end(event: Event) -> int:
    return int(event.end_mark.index)


class _Open(NamedTuple):
    """A collection whose end was not seen yet."""

    event: Event
    start: int
    children: list[Node]


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
        self.count = 0
        self.at = 0  # the character index of the event at hand
        self.events: Loader

    def run(self, events: Loader) -> Node | None:
        """The first document's root."""
        self.events = events
        while not isinstance(event := events.get_event(), yaml.StreamEndEvent):
            if isinstance(event, (yaml.CollectionStartEvent, yaml.CollectionEndEvent, yaml.NodeEvent)):
                self.at = _start(event)
                if self.unwanted(node := self.step(event)):
                    return None
                if node is not None and not self.open:
                    return node
        return None

    def more(self) -> bool:
        """Whether another document with content follows."""
        while event := self.events.get_event():
            if isinstance(event, yaml.NodeEvent):
                self.at = _start(event)
                return True
        return False

    @property
    def line(self) -> int:
        """The line of the event at hand; PyYAML's own count takes U+2028 for a line's end."""
        return self.text.count("\n", 0, self.at) + 1

    def step(self, event: Event) -> Node | None:
        """Takes one event in; gives the node that it completes."""
        self.count += 1
        if self.count > MAX_NODES or len(self.open) > MAX_DEPTH:
            raise Unreadable(self.line, "is nested too deeply" if self.count <= MAX_NODES else "has too many nodes")
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append(_Open(event, self.offset(_start(event)), []))
            return None
        return self.add(self.finished(event))

    def add(self, node: Node) -> Node:
        if self.open:
            self.open[-1].children.append(node)
        return node

    def finished(self, event: Event) -> Node:
        """The node of a scalar, an alias or the end of a collection."""
        start = self.offset(_start(event))
        if isinstance(event, yaml.ScalarEvent):
            end = self.offset(_end(event))
            plain = not event.style and event.tag is None
            node: Node = Scalar(start, end, event.value, plain, event.tag, bool(event.anchor))
            return self.anchor(event.anchor, node)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise Unreadable(self.line, "has an alias without an anchor")
            return self.anchors[event.anchor]._replace(start=start, end=self.offset(_end(event)), anchored=True)
        return self.closed(self.offset(_end(event)))

    def closed(self, end: int) -> Node:
        """The collection that ends here."""
        event, start, children = self.open.pop()
        flow, anchored = bool(event.flow_style), bool(event.anchor)
        if not flow:
            end = children[-1].end if children else start
        if isinstance(event, yaml.MappingStartEvent):
            pairs = tuple(zip(children[::2], children[1::2], strict=True))
            node: Node = Mapping(start, end, pairs, flow, event.tag, anchored)
        else:
            node = Sequence(start, end, tuple(children), flow, event.tag, anchored)
        return self.anchor(event.anchor, node)

    def anchor(self, name: str | None, node: Node) -> Node:
        if name:
            self.anchors[name] = node
        return node

    def unwanted(self, node: Node | None) -> bool:
        """Whether the root's `kind` was just read, and is none that matters."""
        if self.wanted is None or len(self.open) != 1 or not isinstance(node, Scalar):
            return False
        children = self.open[0].children
        if len(children) % 2 or not isinstance(self.open[0].event, yaml.MappingStartEvent):
            return False
        name = children[-2]
        return isinstance(name, Scalar) and name.text == "kind" and not self.wanted(node.text)

    def offset(self, index: int) -> int:
        """The byte offset of a character index; cheap where the indexes asked for grow."""
        if self.ascii:
            return self.base + index
        last, offset = self.known
        if index < last:
            last, offset = 0, 0
        offset += len(self.text[last:index].encode())
        self.known = (index, offset)
        return self.base + offset
