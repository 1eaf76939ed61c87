"""Tells a path from a secret that was given in its place."""

from __future__ import annotations

import re

# https://man7.org/linux/man-pages/man7/path_resolution.7.html and limits.h: bytes, without the NUL at the end.
LONGEST, LONGEST_NAME = 4095, 255
# The chart gets these patterns too (tools/generate_policy.py): they are in the subset of rules/policy.py.
CONTROL = r"[\x00-\x1f\x7f]"
# `KEY: `, `"KEY":`, `KEY=` in capitals, as a secrets file begins if `--set-file` gives its content for its path.
PAIR = r"""[^ \t][ \t]*:(?:[ \t]|$)|["'][ \t]*:|^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]{2,}="""
# A single value as our recipes make them (rules/policy.py), hexadecimal digits or a password; a line of base64 or PEM:
# each the pattern of the whole text, then what the text must have somewhere.
VALUES = (
    (r"[0-9A-Fa-f]{32,}|Admin_[0-9A-Fa-f]{16}|-----BEGIN .*",),
    (r"[A-Za-z0-9+/]{40,}={0,2}", "[a-z]", "[A-Z]", "[0-9]"),
)


def is_path(text: str) -> bool:
    """Whether a text can be meant as a path; if not, it may be a secret, and no report may show it."""
    if len(text.encode(errors="replace")) > LONGEST or re.search(f"{CONTROL}|{PAIR}", text):
        return False
    if any(len(name.encode(errors="replace")) > LONGEST_NAME for name in text.split("/")):
        return False
    text = text.strip()
    return not any(
        re.fullmatch(whole, text) and all(re.search(part, text) for part in parts) for whole, *parts in VALUES
    )
