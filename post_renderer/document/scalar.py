"""Writes a text as a YAML scalar."""

from __future__ import annotations


def quoted(text: str) -> str:
    """In double quotes and printable ASCII, as every YAML reader takes it."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if " " <= char <= "~":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 1 << 16 else f"\\U{ord(char):08x}"
