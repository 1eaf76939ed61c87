"""The nodes of a YAML document, which know their byte spans, read as Kubernetes reads them.

Kubernetes reads YAML by sigs.k8s.io/yaml, which is go-yaml v2: YAML 1.1 with rules of its own. tests/reader compares.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

from post_renderer.model.record import NamedTuple

TAG = "tag:yaml.org,2002:"
BINARY = f"{TAG}binary"
MERGE, MERGE_TAGS = "<<", ("!", f"{TAG}merge")
RESOLVED = frozenset(f"{TAG}{name}" for name in ("bool", "int", "float", "null"))  # tags that make no string

NULL = frozenset(("", "~", "null", "Null", "NULL"))  # plain scalars that are nothing
TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
# Plain scalars that are other keys than they look like.
ODD = TRUE | FALSE | NULL | {MERGE}
BREAKS = str.maketrans("", "", "\r\n")  # encoding/base64 of Go ignores them
LARGEST = (1 << 64) - 1  # the largest integer of Go
DIGITS = frozenset("+-0123456789")
BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

FLAGS = re.IGNORECASE | re.VERBOSE
# Plain scalars that YAML 1.1, YAML 1.2 or Go's parser read as something else than a string; compiled on first use.
NOT_A_STRING = r"""~|null|true|false|yes|no|on|off|y|n|=|<<|
        [-+]?(\.inf|\.nan)|
        [-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)|
        [-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?(e[-+]?[0-9_]+)?|
        [-+]?\.[0-9][0-9_]*(e[-+]?[0-9_]+)?|
        [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([tT ].*)?"""


class Scalar(NamedTuple):
    """A scalar; `plain` if it is not quoted, no block and not tagged; `anchored` if it has an anchor or is an alias."""

    start: int
    end: int
    value: str
    plain: bool = False
    tag: str | None = None
    anchored: bool = False

    @property
    def text(self) -> str:
        """What Kubernetes reads as a string: decoded if it is tagged `!!binary`, empty if it is null."""
        if self.is_null:
            return ""
        return self.value if self.tag != BINARY else _decoded(self.value)

    @property
    def name(self) -> str:
        """What Kubernetes reads as a key: JSON has strings alone, so `yes` is `true`, and `0x10` is `16`."""
        if self.tag == BINARY or not (self.plain or self.tag in RESOLVED):
            return self.text
        if (truth := self.truth) is not None:
            return "true" if truth else "false"
        return _integer(self.value)

    @property
    def is_null(self) -> bool:
        """Whether Kubernetes reads nothing there."""
        return (self.plain or self.tag == f"{TAG}null") and self.value in NULL

    @property
    def truth(self) -> bool | None:
        """The truth value that Kubernetes reads; None if it is none."""
        if not (self.plain or self.tag == f"{TAG}bool"):
            return None
        return True if self.value in TRUE else False if self.value in FALSE else None

    @property
    def is_merge(self) -> bool:
        """Whether it is the merge key (https://yaml.org/type/merge.html)."""
        return self.value == MERGE and (self.plain or self.tag in MERGE_TAGS)

    @property
    def is_string(self) -> bool:
        """Whether every YAML reader takes it for a string."""
        if self.tag in RESOLVED:
            return False
        if not self.plain:
            return True
        spellings = {self.value, self.value.replace("_", "") if self.value[:1] in DIGITS else self.value}
        return bool(self.value) and not any(re.fullmatch(NOT_A_STRING, text, FLAGS) for text in spellings)


class Mapping(NamedTuple):
    """A mapping.

    Attributes:
        start: Where it begins.
        end: The end of its last leaf, or after the brace of a flow mapping.
        pairs: Its keys and values as written.
        flow: Whether it is written in braces.
        tag: Its tag.
        anchored: Whether it has an anchor, or is an alias.
        entries: The key and value that Kubernetes reads, by the key's name: of duplicates the last, and a merge key
            counts in its place, so that what comes after it wins over what it brings, and it wins over what is before.
    """

    start: int
    end: int
    pairs: tuple[tuple[Node, Node], ...]
    flow: bool
    tag: str | None = None
    anchored: bool = False
    entries: MappingOf[str, tuple[Node, Node]] = {}

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        pair = self.entries.get(key)
        return pair[1] if pair else None

    def mapping(self, *path: str) -> Mapping | None:
        """The mapping at a path of keys."""
        node: Node | None = self
        for key in path:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else None

    def text(self, key: str) -> str:
        """The text of a scalar value; empty if it is absent, null or no scalar."""
        node = self.get(key)
        return node.text if isinstance(node, Scalar) else ""

    def flag(self, key: str) -> bool:
        """Whether the value of a key is true, in any of the spellings of YAML 1.1."""
        node = self.get(key)
        return isinstance(node, Scalar) and bool(node.truth)

    def items(self, key: str) -> Iterator[Mapping]:
        """The mappings in the list that is the value of a key."""
        node = self.get(key)
        return (item for item in node.items if isinstance(item, Mapping)) if isinstance(node, Sequence) else iter(())

    def texts(self) -> dict[str, Scalar]:
        """The scalar values by key."""
        return {name: value for name, (_, value) in self.entries.items() if isinstance(value, Scalar)}

    def tangle(self, *path: str) -> Node | None:
        """The first node on a path of keys that is an anchor or alias, or whose mapping has duplicate or merge keys.

        Such a node may not be edited: what is there may be read somewhere else too, or not at all.
        """
        node: Node | None = self
        for key in (*path, None):
            if node is None or node.anchored:
                return node
            if not isinstance(node, Mapping):
                return None
            if knot := node.knot():
                return knot
            node = node.get(key) if key is not None else None
        return None

    def knot(self) -> Node | None:
        """The first key that is a merge key or was there before."""
        seen = set()
        for key, _ in self.pairs:
            if isinstance(key, Scalar):
                if key.is_merge or key.name in seen:
                    return key
                seen.add(key.name)
        return None


class Sequence(NamedTuple):
    """A sequence; `end` as for a mapping."""

    start: int
    end: int
    items: tuple[Node, ...]
    flow: bool
    tag: str | None = None
    anchored: bool = False


Node = Scalar | Mapping | Sequence


class Unreadable(Exception):
    """The document can't be read, or is too deep or large to be one of ours.

    Attributes:
        line: Its line, from 1, within the bytes given.
        problem: What is wrong.
        differs: Kubernetes may read it all the same, in a way that is not known here.
    """

    def __init__(self, line: int, problem: str, differs: bool = False) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.differs = differs


def is_base64(text: str) -> bool:
    """Whether Go takes a text for base64: standard alphabet, padded; line breaks don't count."""
    digits = (text := text.translate(BREAKS)).rstrip("=")
    return len(text) % 4 == 0 and len(text) - len(digits) <= 2 and BASE64.issuperset(digits)


def _decoded(text: str) -> str:
    """What `!!binary` holds, as a string of JSON: Go puts U+FFFD in the place of each byte that is not UTF-8."""
    if not is_base64(text):
        return text
    decoded = binascii.a2b_base64(text).decode("utf-8", "surrogateescape")
    return "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in decoded)


def _integer(text: str) -> str:
    """A plain scalar as a key: an integer in decimal digits, anything else as it is written."""
    if text[:1] not in DIGITS:
        return text
    digits = text.replace("_", "").lower()
    sign, digits = (digits[0], digits[1:]) if digits[0] in "+-" else ("", digits)
    if not digits[:1].isdigit():
        return text
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if digits[:1] == "0" else 10)
    try:
        number = int(digits, base)
    except ValueError:
        return text
    if number > LARGEST:
        return text
    return f"-{number}" if sign == "-" and number else str(number)
