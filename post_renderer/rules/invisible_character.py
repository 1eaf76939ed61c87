"""A value has invisible characters around it or in it."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "invisible-character"
SEVERITY = ERROR
IGNORABLE = True
PATTERN = policy.INVISIBLE


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    r"""Report each known key of a password that has white space around it, or characters of no width in it.

    They come along when a value is copied, or from a file of Windows: a byte order mark, a no-break space, a zero-width
    space, a carriage return. The database, or a person who types the password, does not have them.

    Fix: type the same value again. A new one would not be the one that is in use.

    Fails: `JWT_SECRET: "\ufeff4b0f9a7c2d8e6153"`, `JWT_SECRET: "4b0f9a7c2d8e6153 "`
    Passes: `ADMIN_PASSWORD: "correct horse battery staple"`
    """
    for key, text in shared.passwords(requirement, values):
        if shared.is_sound(requirement, key, text) and policy.is_invisible(text):
            message = f"{key} has invisible characters around it or in it"
            expected = "characters that can be seen, nothing around"
            yield Finding(SEVERITY, ID, values.where(key), message, expected, shared.REWRITTEN, key)
