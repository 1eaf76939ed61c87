"""Reads one YAML document from the parser's events into a tree of nodes.

The parser is PyYAML's, whose libyaml go-yaml was ported from; what the events mean is as Kubernetes reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from post_renderer.document.nodes import BINARY, DIGITS, ODD, Mapping, Node, Scalar, Sequence, Unreadable, is_base64
from post_renderer.model.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    # What a loader yields. The stubs say that marks may be absent, which is so only for events made by hand.
    Event = Any
    Loader = Any

MAX_DEPTH = 200  # levels; the constructors of PyYAML crash the interpreter long before the parser does
MAX_NODES = 500_000  # what merge keys bring counts too: a few lines of them can bring each other's keys for ever
# What aliases may add to a document's nodes: as many as it has, and some. Aliases of aliases make any number.
MOST_ADDED = 1000
ENDED = b"\n..."
MORE = "holds a second YAML document"  # which Kubernetes does not read: there is no `---` of its own before it
Pairs = tuple[tuple[Node, Node], ...]
Entries = dict[str, tuple[Node, Node]]
# Whether a document of a kind and apiVersion matters; of None, whether one of any apiVersion may.
Wanted = Callable[[str, str | None], bool]

# Another key of the root that can be its `kind`, or `items`, which make it a List: in a block, one at the start of a
# line (quoted, tagged, with an anchor, an alias, `? kind` or a merge key), in a flow mapping anywhere. Line breaks but
# the usual ones are rare enough that the whole document is read then.
LATER_KEY = r"""\n(?:kind|items|["'?!&*<])"""
LATER_KEY_IN_FLOW = r"""kind|items|[\\!&*<]"""
ITEMS, VERSION = "items", "apiVersion"

# At the start of a line, Kubernetes takes a byte-order mark for a letter, and PyYAML leaves it out.
LINE_BOM = rb"(?:[\n\r\x85]|\xe2\x80[\xa8\xa9])\xef\xbb\xbf"
BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xfe\xff", b"\xff\xfe")
TWICE = b"\r\r\n"  # two line breaks for PyYAML, one for Kubernetes

LOADER: Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
IS_FAST = LOADER is not yaml.BaseLoader  # whether PyYAML has libyaml


def read(document: bytes, base: int = 0, wanted: Wanted | None = None, whole: bool = False) -> Node | None:
    """Read the first YAML document in some bytes.

    Args:
        document: The bytes.
        base: The offset that spans are counted from.
        wanted: Whether a document of a kind and apiVersion matters; reading stops at the root's `kind` if it does not,
            and no later key can change that.
        whole: Whether a second document is refused.

    Returns:
        The root, or None if there is no content, or the kind is not wanted.

    Raises:
        Unreadable: It is no YAML, or too deep or too large.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(document.count(b"\n", 0, error.start) + 1, "is not UTF-8", _is_utf16(document)) from None
    builder = _Builder(document, text, base, wanted)
    root = None
    try:
        root = builder.run(LOADER(document))
        # Of a root that is not wanted the rest was not read, and is not for this: only `...` begins another document.
        if not builder.matters(root):
            root = None
        if whole and (root is not None or ENDED in document) and builder.more():
            raise Unreadable(builder.line, MORE, differs=root is not None)
        return root
    except yaml.YAMLError as error:
        at = min(_position(error), len(text))
        problem, differs = (_problem(error), _may_be_read(error)) if root is None else (MORE, True)
        raise Unreadable(text.count("\n", 0, at) + 1, problem, differs) from None


def check(document: bytes) -> None:
    """Check that there are no bytes that Kubernetes reads in another way. Raises Unreadable."""
    found = document.find(TWICE)
    if found >= 0:
        line = document.count(b"\n", 0, found) + 1
        raise Unreadable(line, "has two carriage returns before a line feed", differs=True)
    if BOM in document and (mark := re.search(LINE_BOM, document)):
        line = document.count(b"\n", 0, mark.end()) + 1
        raise Unreadable(line, "has a byte-order mark at the start of a line", differs=True)


def _is_utf16(document: bytes) -> bool:
    """Whether it is UTF-16, which Kubernetes reads; the line of dashes before it is not part of it."""
    body = document.partition(b"\n")[2] if document.startswith(b"---") else document
    if not body.startswith(UTF16):
        return False
    try:
        return "kind" in body.decode("utf-16")
    except UnicodeDecodeError:
        return False


def _problem(error: yaml.YAMLError) -> str:
    """What is wrong; newer parsers have a cap on depth of their own (PyYAML 6.0.4), and may reach it before ours."""
    return "is nested too deeply" if "depth" in str(getattr(error, "problem", "")) else "is not valid YAML"


def _may_be_read(error: yaml.YAMLError) -> bool:
    """Whether Kubernetes may read the document all the same.

    It takes tags with `[` or `,` in them, and does not look at characters after the first YAML document.
    """
    return isinstance(error, yaml.reader.ReaderError) or "tag" in str(getattr(error, "context", ""))


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

    def __init__(self, document: bytes, text: str, base: int, wanted: Wanted | None) -> None:
        self.document = document
        self.text = text
        self.base = base
        self.ascii = len(text) == len(document)
        self.wanted = wanted
        self.known = (0, 0)  # a character index and its byte offset
        self.open: list[_Open] = []
        self.anchors: dict[str, Node | _Open] = {}
        self.sizes: dict[str, tuple[int, int]] = {}  # of each anchor's node: how many nodes it has, and levels
        self.heights = [0]  # the levels below each open collection, as far as it was read
        self.count = self.added = 0  # nodes that are written, and that aliases add
        self.merged = 0
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

    def matters(self, root: Node | None) -> bool:
        """Whether a root is of a wanted kind, or has items; what is no mapping is not looked at here."""
        if self.wanted is None or not isinstance(root, Mapping):
            return True
        return ITEMS in root.entries or self.wanted(root.text("kind"), root.text(VERSION))

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

    def line_of(self, node: Node) -> int:
        """The line of a node."""
        return self.document.count(b"\n", 0, node.start - self.base) + 1

    def collection(self, event: Event) -> None:
        """One begins; its anchor counts from here on, so that one of the same name in it counts after it."""
        begun = _Open(event, self.offset(self.at), [], self.count + self.added)
        self.open.append(begun)
        self.heights.append(0)
        if event.anchor:
            self.anchors[event.anchor] = begun

    def scalar(self, event: Event) -> Node:
        start, end = self.offset(self.at), self.offset(event.end_mark.index)
        plain = not event.style and event.tag is None
        node = Scalar(start, end, event.value, plain, event.tag, bool(event.anchor))
        if event.tag is not None and not event.value and self.text.startswith(",", event.end_mark.index):
            raise Unreadable(self.line, "has a comma behind a tag", differs=True)  # Kubernetes takes it for a letter
        if event.tag == BINARY and not is_base64(event.value):
            raise Unreadable(self.line, "has a `!!binary` that is no base64")
        if event.anchor:
            self.anchors[event.anchor] = node
            self.sizes[event.anchor] = (1, 0)
        return node

    def alias(self, event: Event) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None or isinstance(node, _Open):
            raise Unreadable(self.line, "has an alias without an anchor")
        self.repeat(*self.sizes.get(event.anchor, (1, 0)))
        start, end = self.offset(self.at), self.offset(event.end_mark.index)
        node = node._replace(start=start, end=end, anchored=True)
        # An alias is never a merge key: what it names is the text `<<`.
        return node._replace(plain=False, tag=None) if isinstance(node, Scalar) and node.is_merge else node

    def mapping(self, event: Event) -> Node:
        """The one that ends here."""
        opened = self.closed()
        begun, start, children, _ = opened
        pairs = tuple(zip(children[::2], children[1::2], strict=True))
        end = self.end(event, begun, start, children)
        entries = self.entries(pairs)
        node = Mapping(start, end, pairs, bool(begun.flow_style), begun.tag, bool(begun.anchor), entries)
        return self.anchor(opened, node)

    def sequence(self, event: Event) -> Node:
        """The one that ends here."""
        begun = self.closed()
        children = begun.children
        end = self.end(event, begun.event, begun.start, children)
        tag, anchor = begun.event.tag, bool(begun.event.anchor)
        node = Sequence(begun.start, end, tuple(children), bool(begun.event.flow_style), tag, anchor)
        return self.anchor(begun, node)

    def entries(self, pairs: Pairs) -> Entries:
        """The pairs as Kubernetes reads them."""
        found: Entries = {}
        for pair in pairs:
            key = pair[0]
            if not isinstance(key, Scalar):
                continue  # Kubernetes refuses the document
            name = key.value
            if key.tag is not None or (key.plain and (name in ODD or name[0] in DIGITS)):  # seldom
                if key.is_merge:
                    self.merge(found, pair[1])
                    continue
                name = key.name
            if name in found:
                self.check_repeated(key, found[name][0])
            found[name] = pair
        return found

    def merge(self, found: Entries, value: Node) -> None:
        """Put in what a merge key brings: one mapping, or several, the first of which wins."""
        sources = value.items if isinstance(value, Sequence) else (value,)
        for source in reversed(sources):
            if not isinstance(source, Mapping):
                raise Unreadable(self.line_of(value), "has a merge key whose value is no mapping")
            self.merged += len(source.entries)
            if self.merged > MAX_NODES:
                raise Unreadable(self.line_of(value), "has too many merge keys")
            for name in source.entries.keys() & found.keys():
                self.check_repeated(source.entries[name][0], found[name][0])
            found.update(source.entries)

    def check_repeated(self, key: Node, before: Node) -> None:
        """Refuse two keys that YAML takes apart and JSON does not (`yes` and `"true"`, 1 and 1.0): either may win."""
        assert isinstance(key, Scalar) and isinstance(before, Scalar), "entries have no other keys"
        same = key.is_string == before.is_string and (key.is_string or key.tag == before.tag)
        if not same:
            raise Unreadable(self.line_of(key), "has a key twice, as a text and as something else", differs=True)

    def closed(self) -> _Open:
        """The collection that ends here."""
        begun = self.open.pop()
        height = self.heights.pop() + 1
        self.heights[-1] = max(self.heights[-1], height)
        if begun.event.anchor:
            self.sizes[begun.event.anchor] = (self.count + self.added - begun.before, height)
        return begun

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

    def anchor(self, begun: _Open, node: Node) -> Node:
        """The collection that ended, which aliases may name from here on, unless its anchor was given again in it."""
        if (name := begun.event.anchor) and self.anchors[name] is begun:
            self.anchors[name] = node
        return node

    def unwanted(self, node: Node) -> bool:
        """Whether the root's `kind` was just read, is none that matters, and no later key can change that."""
        children = self.open[0].children
        if self.wanted is None or len(children) % 2 or not isinstance(node, Scalar):
            return False
        name = children[-2]
        if not isinstance(name, Scalar) or name.text != "kind":
            return False
        version = self.version(children)
        return not self.wanted(node.text, version) and not self.may_change(node.text, version)

    def version(self, children: list[Node]) -> str | None:
        """The root's apiVersion, if it is among the keys so far."""
        found = None
        for key, value in zip(children[::2], children[1::2], strict=True):
            if isinstance(key, Scalar) and key.text == VERSION and isinstance(value, Scalar):
                found = value.text
        return found

    def may_change(self, kind: str, version: str | None) -> bool:
        """Whether another key of the root, there already or to come, may make the document one that matters."""
        root = self.open[0]
        names = [key for key in root.children[::2] if isinstance(key, Scalar)]
        if not isinstance(root.event, yaml.MappingStartEvent) or any(
            name.is_merge or name.text == ITEMS for name in names
        ):
            return True
        is_by_version = version is not None and self.wanted is not None and self.wanted(kind, None)
        if is_by_version and self.text.find(VERSION, self.at) >= 0:
            return True
        if root.event.flow_style:
            return bool(re.compile(LATER_KEY_IN_FLOW).search(self.text, self.at))
        at = root.children[0].start - self.base
        is_at_margin = not at or self.document[at - 1 : at] == b"\n"
        return not is_at_margin or self.has_odd_breaks() or bool(re.compile(LATER_KEY).search(self.text, self.at))

    def has_odd_breaks(self) -> bool:
        """Whether lines end in other ways than by a line feed, with or without a carriage return."""
        document = self.document
        if b"\r" in document and document.count(b"\r") != document.count(b"\r\n"):
            return True
        return not self.ascii and any(mark in self.text for mark in "\x85\u2028\u2029")

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
