"""A value or a secrets file holds a NUL byte."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "nul-byte"
SEVERITY = ERROR
IGNORABLE = False


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    r"""Report each known key whose value holds a NUL byte.

    No environment variable can hold one: the container would not start.

    Fix: make a value that is text with the command that the report names.

    Fails: `LDAP_PASSWORD: "x\0"`
    Passes: `LDAP_PASSWORD: x`
    """
    for key in shared.known(requirement, shared.OF_TEXT):
        if b"\0" in values.values.get(key, b""):
            yield Finding(SEVERITY, ID, values.where(key), f"{key} holds a NUL byte", "text", key=key)
