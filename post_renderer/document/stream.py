"""Cuts the stream into documents, and finds those that could be ours by looking at bytes alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from post_renderer.model.errors import UserError
from post_renderer.model.record import NamedTuple

BOM = b"\xef\xbb\xbf"

HIDDEN = b"# HIDDEN:"

# A document of ours holds one of these words, or a way to spell one without writing it: an escape in a double-quoted
# scalar that gives a letter or joins lines (YAML 1.1, 5.4 and 5.5: NEL, U+2028 and U+2029 end a line), or a tag
# (`!!binary`, and `!x!binary` by `%TAG`). Those are looked for where
# the byte they begin with is in the stream at all: Python finds single bytes fastest.
WORDS = (b"NeedsPostRenderer", b"secrets-contract", b"checksum/secrets", HIDDEN)
SPELLINGS = {
    b"\\": (b"\\x", b"\\u", b"\\U", b"\\/", b"\\\n", b"\\\r", b"\\\xc2\x85", b"\\\xe2\x80\xa8", b"\\\xe2\x80\xa9"),
    b"!": (b"!!", b"!<", b"%TAG"),
    b"\xfe": (b"\xfe\xff", b"\xff\xfe"),  # UTF-16, which Kubernetes reads
}
SECRET = b"Secret"
# How the kinds of objects that make Secrets begin and end; `ClusterExternalSecret` ends as one of them.
BEFORE = (b"ExternalSecret", b"SealedSecret", b"VaultStaticSecret", b"VaultDynamicSecret", b"VaultPKISecret")
AFTER = (b"List", b"ProviderClass")
# Documents that are read: each costs a parser. Helm keeps a release in a Secret, which has at most 1 MiB.
MOST_DOCUMENTS = 100_000
# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
NAME_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789.-"
NAMES = bytes(each if each in NAME_BYTES + b"\n" else 0x20 for each in range(256))  # a table that leaves only those
BLOCK = 1 << 12  # bytes; counting them takes about as long as a call does
MOST_COUNTED = 4
# What follows `---` where a document starts. Kubernetes' reader (k8s.io/apimachinery, NewYAMLReader) also takes a `#`
# and any white space of Unicode; the first bytes of that are enough, since it refuses a stream with anything else.
AFTER_MARKER = b" \t\r\n"
AFTER_SEPARATOR = AFTER_MARKER + b"#\v\f\xc2\xe1\xe2\xe3"
WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class Document(NamedTuple):
    """The `number`-th document (from 1) is `data[start:end]`, its `---` line and its comments included."""

    number: int
    start: int
    end: int


def cut(data: bytes) -> list[int]:
    """Where each document starts: at 0, and at each line that starts with `---` and white space, `#` or its end."""
    starts = [0]
    at = data.find(b"\n---")
    while at != -1:
        if data[at + 4 : at + 5] in AFTER_SEPARATOR:  # the empty bytes of the stream's end are in it too
            starts.append(at + 1)
        at = data.find(b"\n---", at + 4)
    return starts


def candidates(data: bytes, starts: list[int], words: Iterable[bytes] = ()) -> list[Document]:
    """The documents that could be ours or hold one of the words: a superset, found without reading any as YAML."""
    ends = [*starts[1:], len(data)]
    marks = [SECRET, *WORDS, *words, *(mark for lead, marks in SPELLINGS.items() if lead in data for mark in marks)]
    found = {index for mark in marks for index in _holders(data, mark, starts, ends)}
    if len(found) > MOST_DOCUMENTS:
        message = f"more than {MOST_DOCUMENTS:,} documents of the stream would have to be read"
        raise UserError(message, "install it as several releases: Helm keeps no release of that size")
    return [Document(index + 1, starts[index], ends[index]) for index in sorted(found)]


def holding(data: bytes, starts: list[int], names: Iterable[str], word: bytes) -> list[Document]:
    """The documents that hold a word and one of some names; those in which one can be escaped are candidates anyway.

    Each document is read once, however many names there are: what can be the name of an object is looked up in them.
    """
    wanted = {name.encode() for name in names}
    if not wanted:
        return []
    ends = [*starts[1:], len(data)]
    found = (index for index in _holders(data, word, starts, ends))
    return [
        Document(index + 1, starts[index], ends[index])
        for index in found
        if not wanted.isdisjoint(_names(data[starts[index] : ends[index]]))
    ]


def _names(text: bytes) -> Iterator[bytes]:
    """Whatever in a text can be the name of an object; line by line, since all of them take ten times the memory."""
    return (name.strip(b".-") for line in text.translate(NAMES).splitlines() for name in line.split())


def _holders(data: bytes, mark: bytes, starts: list[int], ends: list[int]) -> Iterator[int]:
    """The indexes of the documents that hold a mark."""
    at = data.find(mark)
    while at != -1:
        if mark is SECRET and not _is_kind(data, at):
            at = data.find(mark, at + 1)
            continue
        index = bisect_right(starts, at) - 1
        yield index
        at = data.find(mark, ends[index])


def _is_kind(data: bytes, at: int) -> bool:
    """Whether a `Secret` is a kind: a word of its own (not `imagePullSecrets`), `SecretList`, or what makes one."""
    after = at + len(SECRET)
    if at and data[at - 1] in WORD_BYTES and not data.endswith(BEFORE, 0, after):
        return False
    return after == len(data) or data[after] not in WORD_BYTES or data.startswith(AFTER, after)


def is_hidden(data: bytes, document: Document) -> bool:
    """Whether Helm 3's --hide-secret put a comment where a Secret was."""
    return data.find(b"\n" + HIDDEN, document.start, document.end) >= 0 or data.startswith(HIDDEN, document.start)


def line_of(data: bytes, at: int) -> int:
    """The line, from 1, of a byte offset; lines end at line feeds only."""
    counted = next((each for each in _counted if each.data is data), None)
    if counted is None:
        counted = _Lines(data)
        _counted.insert(0, counted)
        del _counted[MOST_COUNTED:]
    return counted.of(at)


class _Lines:
    """Counts the lines of some bytes block by block, each block once: the lines of all findings cost one reading."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.before = [0]  # line feeds before each block, as far as they were asked for

    def of(self, at: int) -> int:
        block = at // BLOCK
        while len(self.before) <= block:
            start = (len(self.before) - 1) * BLOCK
            self.before.append(self.before[-1] + self.data.count(b"\n", start, start + BLOCK))
        return self.before[block] + self.data.count(b"\n", block * BLOCK, at) + 1


_counted: list[_Lines] = []  # of the bytes that were asked for last: the stream, and files of the user


def count_documents(data: bytes, starts: list[int]) -> int:
    """How many documents hold more than white space and comments."""
    ends = [*starts[1:], len(data)]
    return sum(not _is_blank(data[start:end]) for start, end in zip(starts, ends, strict=True))


def _is_blank(document: bytes) -> bool:
    lines = (line.strip() for line in document.removeprefix(BOM).removeprefix(b"---").split(b"\n"))
    return all(not line or line.startswith(b"#") for line in lines)
