"""A value or a secrets file is not UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "not-utf8"
SEVERITY = ERROR
IGNORABLE = False


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each known key whose value is not text in UTF-8.

    Node.js would read other bytes than the ones that are there, and two programs would see two passwords.

    Fix: make a value that is text with the command that the report names; encode binary keys as hexadecimal digits.

    Fails: `JWT_SECRET: !!binary //7//v/+//7//v/+`
    Passes: `LDAP_PASSWORD: "\u00e9"`
    """
    for key in shared.known(requirement, shared.OF_TEXT):
        value = values.values.get(key, b"")
        if b"\0" not in value and not shared.is_utf8(value):
            yield Finding(SEVERITY, ID, values.where(key), f"{key} is not UTF-8", "text", key=key)
