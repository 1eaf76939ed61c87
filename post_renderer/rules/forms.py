"""The formats that a contract can ask of a value: what each is, and the command that makes one.

The gate carries this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import binascii
import re

# Patterns of whole values. A `jwt` has three parts; bcrypt is as of htpasswd, PHP and Go; a URL has a scheme and more.
PATTERNS = {
    "hex": r"[0-9A-Fa-f]+",
    "base64": r"[A-Za-z0-9+/]+={0,2}",
    "base64url": r"[A-Za-z0-9_-]+={0,2}",
    "bcrypt": r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}",
    "htpasswd": r"(?:[^:\n]+:[^:\n]+\n)*[^:\n]+:[^:\n]+\n?",
    "jwt": r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "url": r"[A-Za-z][A-Za-z0-9+.-]*://[^ \t\n]+",
}
SIZED = ("base64", "base64url")  # `base64:32`: of 32 bytes
EXPECTED = ", ".join(f"{name} or {name}:BYTES" if name in SIZED else name for name in PATTERNS)
MOST_BYTES = 99_999


def is_form(text: str) -> bool:
    """Whether a text names a format."""
    name, colon, size = text.partition(":")
    if not colon:
        return name in PATTERNS
    return name in SIZED and size.isdecimal() and size.isascii() and 0 < int(size[:6]) <= MOST_BYTES


def fits(text: str, form: str) -> bool:
    """Whether a value has a format."""
    name, _, size = form.partition(":")
    if not re.fullmatch(PATTERNS[name], text, re.ASCII):
        return False
    if name == "base64" and len(text) % 4:
        return False
    return name not in SIZED or _bytes(text) == int(size or _bytes(text)) >= 0


def recipe(form: str, length: int) -> tuple[str, ...]:
    """The command that makes a value of a format, of so many characters if the format leaves it open; empty: none."""
    name, _, size = form.partition(":")
    if name == "uuid":
        return ("uuidgen",)
    if name in SIZED and size:
        return ("openssl", "rand", "-base64", size) if name == "base64" else ()
    return () if name not in ("", "hex") else ("openssl", "rand", "-hex", str((length or 64) + 1 >> 1))


def _bytes(text: str) -> int:
    """How many bytes a value is that is base64 of either alphabet, padded or, if of URLs, not; -1: it is none."""
    digits = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(digits) % 4 == 1 or (text != text.rstrip("=") and len(text) % 4):
        return -1
    return len(binascii.a2b_base64(digits + "=" * (-len(digits) % 4)))
