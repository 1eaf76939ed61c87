"""A value ends in a line break."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "trailing-newline"
SEVERITY = ERROR
IGNORABLE = True
PATTERN = r"(?s).*[\n\r]"
FIX = "the same value, stored by printf %s instead of echo; in YAML in quotes, or with |- instead of |"


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    r"""Report each known key of a password whose value ends in a line break, as `echo` and YAML's `|` leave one.

    The line break is a part of the secret: the database, or a person who types the password, does not have it.

    Fix: store the same value by `printf %s` instead of `echo`, and in YAML in quotes or with `|-` instead of `|`.

    Fails: `API_KEY_SECRET: "b0e3a7c9d8f1e2b3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c\n"`
    Passes: `API_KEY_SECRET: b0e3a7c9d8f1e2b3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c`
    """
    for key, text in shared.passwords(requirement, values):
        if text.endswith(("\n", "\r")) and shared.is_sound(requirement, key, text):
            message = f"{key} ends in a line break"
            yield Finding(SEVERITY, ID, values.where(key), message, "no line break at the end", FIX, key)
