"""Two keys have the same value."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "shared-value"
SEVERITY = WARNING
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key that has the same value as one before it.

    Who learns one of the two knows the other: the database's password would also sign tokens.

    Fix: give each key a value of its own, made with the command that the report names.

    Fails: `{API_KEY_SECRET: 7d1a5f4e2c3b6a79, DATABASE_PASSWORD: 7d1a5f4e2c3b6a79}`
    Passes: `{API_KEY_SECRET: 7d1a5f4e2c3b6a79, DATABASE_PASSWORD: 1c9b8e7d6f5a4b32}`
    """
    first: dict[str, str] = {}
    for key, text in shared.sound(requirement, values):
        other = first.setdefault(text, key)
        if other != key and not {(key, other), (other, key)}.intersection(requirement.terms.equal):
            message = f"{key} has the same value as {other}"
            yield Finding(SEVERITY, ID, values.where(key), message, "a value of its own", key=key)
