"""The nodes of a YAML document, which know their byte spans."""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

BINARY = "tag:yaml.org,2002:binary"
MERGE = "<<"

NULL = frozenset(("", "~", "null", "Null", "NULL"))  # plain scalars that are nothing

FLAGS = re.IGNORECASE | re.VERBOSE
# Plain scalars that YAML 1.1, YAML 1.2 or Go's parser read as something else than a string; compiled on first use.
NOT_A_STRING = r"""~|null|true|false|yes|no|on|off|y|n|=|<<|
        [-+]?(\.inf|\.nan)|
        [-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)|
        [-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?(e[-+]?[0-9]+)?|
        [-+]?\.[0-9][0-9_]*(e[-+]?[0-9]+)?|
        [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([tT ].*)?"""


class Scalar(NamedTuple):
    """A scalar; `plain`: neither quoted nor a block; `anchored`: it has an anchor or is an alias."""

    start: int
    end: int
    value: str
    plain: bool = False
    tag: str | None = None
    anchored: bool = False

    @property
    def text(self) -> str:
        """What Kubernetes reads: the value, decoded if it is tagged `!!binary`."""
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
        """The text of a scalar value; empty if it is absent or no scalar."""
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


def _merged(value: Node, key: str) -> Node | None:
    """What a merge key (YAML 1.1) brings: from one mapping or the first of several that has it."""
    sources = value.items if isinstance(value, Sequence) else (value,)
    found = (source.get(key) for source in sources if isinstance(source, Mapping))
    return next((node for node in found if node is not None), None)
