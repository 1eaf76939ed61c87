"""A value has fewer than 5 different characters, or is a few characters again and again."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "uniform-value"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key whose value has fewer than 5 different characters, or repeats fewer than 8.

    It repeats what somebody typed, and can be guessed whatever its length is.

    Fix: make a value with the command that the report names.

    Fails: `JWT_SECRET: aaaaaaaaaaaa`, `JWT_SECRET: 3f1ac9-3f1ac9-3f1ac9-3f1`
    Passes: `JWT_SECRET: kP3-vQ8~kP3-vQ8~kP3-vQ8~`
    """
    for key, text in shared.sound(requirement, values):
        terms = shared.spec(requirement, key)
        # A PIN of four digits has no five different ones.
        is_short = len(text) < policy.SHORTEST and bool(terms.least or terms.lengths)
        fewest = 2 if is_short else policy.FEWEST_DIFFERENT
        if len(set(text)) < fewest:
            message = f"{key} has fewer than {fewest} different characters"
            yield Finding(SEVERITY, ID, values.where(key), message, key=key)
        elif policy.is_repeated(text):
            message = f"{key} repeats fewer than {policy.SHORTEST} characters"
            yield Finding(SEVERITY, ID, values.where(key), message, key=key)
