"""A value is shorter than is recommended."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "short-value"
SEVERITY = WARNING  # an error below the shortest length that any secret may have
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key whose value is shorter than is recommended, in characters.

    A short secret can be guessed. Below 8 characters it is an error, else a warning.

    Fix: make a value with the command that the report names.

    Fails: `API_KEY_SECRET: a1b2c3d`
    Passes: `API_KEY_SECRET: b0e3a7c9d8f1e2b3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c`
    """
    for key, text in shared.sound(requirement, values):
        terms = shared.spec(requirement, key)
        shortest = 0 if terms.least or terms.lengths else policy.SHORTEST  # wrong-length is about those
        if len(text) < max(requirement.lengths.get(key, 0), shortest):
            severity = ERROR if len(text) < shortest else SEVERITY
            message = f"{key} has only {len(text)} character{'s' * (len(text) != 1)}"
            yield Finding(severity, ID, values.where(key), message, key=key)
