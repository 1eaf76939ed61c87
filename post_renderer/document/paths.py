"""Tells a path from a secret that was given in its place."""

import re

# https://man7.org/linux/man-pages/man7/path_resolution.7.html and limits.h: bytes, without the NUL at the end.
LONGEST, LONGEST_NAME = 4095, 255
# `KEY: `, `"KEY":`, `KEY=` in capitals, as a secrets file begins if `--set-file` gives its content for its path.
PAIR = r"""[\w.-]["']?[ \t]*:(?:[ \t]|$)|["'][ \t]*:|^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]{2,}="""
# A single value as our recipes make them (rules/policy.py), hexadecimal digits or a password; a line of base64 or PEM.
VALUE = (
    r"[0-9A-Fa-f]{32,}|Admin_[0-9A-Fa-f]{16}|-----BEGIN .*|"
    r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/]{40,}={0,2}"
)


def is_path(text: str) -> bool:
    """Whether a text can be meant as a path; if not, it may be a secret, and no report may show it."""
    if len(text.encode(errors="replace")) > LONGEST or any(char < " " or char == "\x7f" for char in text):
        return False
    if any(len(name.encode(errors="replace")) > LONGEST_NAME for name in text.split("/")):
        return False
    return not re.search(PAIR, text) and not re.fullmatch(VALUE, text.strip())
