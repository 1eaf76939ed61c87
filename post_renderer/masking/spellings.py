"""Spells a text in all the ways in which a chart's templates may show it, but for its case."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode, b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

DIGESTS = ("md5", "sha1", "sha256", "sha512")
URL_ALPHABET = str.maketrans("+/", "-_")
GO = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})  # as its JSON has them
HTML = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&#34;", "'": "&#39;"})
JS = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D", '"': '\\"', "'": "\\'", "\\": "\\\\"}
)


def of(text: str, shortest: int) -> set[str]:
    """The text as it is, line by line, escaped, and as functions change it if that is not shorter than `shortest`."""
    plain = {text, *text.splitlines(), *_escaped(text)}
    made = {spelling for spelling in _encoded(text) if len(spelling) >= shortest}
    return {spelling for spelling in plain if spelling.strip()} | made


def _escaped(text: str) -> Iterator[str]:
    """As JSON, YAML, Go and HTML write it."""
    for is_ascii in (False, True):
        inner = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        yield from (inner, inner.translate(GO))
    yield from (text.replace("'", "\\'"), text.replace("'", "''"))
    yield from (text.translate(HTML), text.translate(JS))


def _encoded(text: str) -> Iterator[str]:
    """As template functions change it, a number too."""
    raw = text.encode(errors="replace")
    yield from (quote(text, safe="", errors="replace"), quote_plus(text, errors="replace"))
    yield from (text[::-1], re.sub(r"\s", "", text), re.sub(r"\W|_", "", text))
    yield from (raw.hex(), raw.hex(" "), b32encode(raw).decode().rstrip("="))
    yield from (each for inner in (raw, b64encode(raw)) for each in _base64s(inner))
    yield from (hashlib.new(name, raw, usedforsecurity=False).hexdigest() for name in DIGESTS)
    digits = text.lstrip("-")
    if digits.isdecimal():
        yield f"{digits[0]}.{digits[1:].rstrip('0')}e+{len(digits) - 1:02}"


def _base64s(raw: bytes) -> Iterator[str]:
    """Its base64 within a longer text, for each of the three places where it can start, of both alphabets."""
    for start in range(3):
        whole = b64encode(bytes(start) + raw)
        inner = whole[-(-start * 8 // 6) : (start + len(raw)) * 8 // 6].decode()
        yield from (inner, inner.translate(URL_ALPHABET))
