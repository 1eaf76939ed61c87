"""A key's name is almost a known one."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "near-miss"
SEVERITY = WARNING
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each unknown key whose name is almost that of a known one.

    Nothing reads a key with a mistyped name: the value is given, and the application starts without it. A name is near
    if it is at most two edits away in any case (insert, delete, replace, or swap two neighbours), or if older charts
    used it.

    Fix: rename the key to the one that the report names.

    Fails: `JWT_SECERT: x`, `jwtSecret: x`, `ldap-password: x`
    Passes: `SOMETHING_ELSE: x`
    """
    for key in values.values:
        meant = shared.meant(key, requirement)
        if meant and not (requirement.terms.specs and values.values.get(meant)):
            message = f"unknown key {key}: did you mean {meant}?"
            yield Finding(SEVERITY, ID, values.where(key), message, meant, shared.renamed(requirement, key, meant))
