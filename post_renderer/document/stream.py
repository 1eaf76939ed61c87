"""Cuts the stream into documents, and finds those that could be ours by looking at bytes alone."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

BOM = b"\xef\xbb\xbf"

HIDDEN = b"# HIDDEN:"

# A document of ours holds one of these words, or a way to spell one without writing it: an escape in a double-quoted
# scalar that gives a letter or joins lines (YAML 1.1, 5.4 and 5.5: NEL, U+2028 and U+2029 end a line), or a tag
# (`!!binary`, and `!x!binary` by `%TAG`). Those are looked for where
# the byte they begin with is in the stream at all: Python finds single bytes fastest.
WORDS = (b"NeedsPostRenderer", b"secrets-contract", b"checksum/secrets", HIDDEN)
SPELLINGS = {
    b"\\": (b"\\x", b"\\u", b"\\U", b"\\/", b"\\\n", b"\\\r", b"\\\xc2\x85", b"\\\xe2\x80\xa8", b"\\\xe2\x80\xa9"),
    b"!": (b"!!", b"!<"),
    b"%TAG": (b"%TAG",),
    # In no UTF-8: a document in UTF-16, which Kubernetes reads.
    b"\xff": (b"\xff",),
    b"\xfe": (b"\xfe",),
}
SECRET = b"Secret"
# How the kinds of objects that make Secrets begin and end; `ClusterExternalSecret` ends as one of them.
BEFORE = (b"ExternalSecret", b"SealedSecret", b"VaultStaticSecret", b"VaultDynamicSecret", b"VaultPKISecret")
AFTER = (b"List", b"ProviderClass")
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
    return [Document(index + 1, starts[index], ends[index]) for index in sorted(found)]


def holding(data: bytes, starts: list[int], *words: bytes) -> list[Document]:
    """The documents that hold all of these words; those in which a word can be escaped are candidates anyway."""
    ends = [*starts[1:], len(data)]
    first, *others = words
    found = [
        index
        for index in _holders(data, first, starts, ends)
        if all(data.find(word, starts[index], ends[index]) >= 0 for word in others)
    ]
    return [Document(index + 1, starts[index], ends[index]) for index in found]


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
    return data.count(b"\n", 0, at) + 1


def count_documents(data: bytes, starts: list[int]) -> int:
    """How many documents hold more than white space and comments."""
    ends = [*starts[1:], len(data)]
    return sum(not _is_blank(data[start:end]) for start, end in zip(starts, ends, strict=True))


def _is_blank(document: bytes) -> bool:
    lines = (line.strip() for line in document.removeprefix(BOM).removeprefix(b"---").split(b"\n"))
    return all(not line or line.startswith(b"#") for line in lines)
