"""A required key is absent, empty or only white space."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "missing-key"
SEVERITY = ERROR
IGNORABLE = False


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key that is absent, empty or only white space.

    Heimdall treats an empty variable as unset, and then signs tokens with "undefined".

    Fix: make a value with the command that the report names. If the key is there under a name like it, rename that one:
    a fresh value would not be the one in use.

    Fails: `JWT_SECRET: ""`
    Passes: `JWT_SECRET: 8c7d01b6a5f94e23`
    """
    empty = [key for key in requirement.required if shared.is_blank(values.values.get(key, b""))]
    absent = [key for key in empty if key not in values.unknown]
    near = _near(requirement, values) if absent else {}
    for key in absent:
        state = "empty" if key in values.values else "missing"
        fix = _rename(requirement, values, key, near) or values.fillers.get(key, "")
        expected = requirement.expected(key)
        yield Finding(SEVERITY, ID, values.where(key), f"{key} is {state}", expected, fix, key)


def _near(requirement: Requirement, values: Values) -> dict[str, str]:
    """The first name that was meant to be each key."""
    near: dict[str, str] = {}
    for name in sorted(values.values):
        if key := shared.meant(name, requirement):
            near.setdefault(key, name)
    return near


def _rename(requirement: Requirement, values: Values, key: str, near: dict[str, str]) -> str:
    """The fix if the value is there under a name like it; empty else, and if the asker takes it from a renamed key."""
    if key in values.values or requirement.keys[key] != key:
        return ""
    found = near.get(key, "")
    return shared.renamed(requirement, found, key) if found else ""
