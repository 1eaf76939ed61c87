"""Finds what no value can be: two contracts for one key of a Secret that contradict each other.

Else the stricter one wins without more ado, since each is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement
from post_renderer.model.terms import Spec

ID = "contracts-contradict"


def find(requirements: Sequence[Requirement]) -> Iterator[Finding]:
    """Report each key about which two contracts say what can't both be."""
    first: dict[tuple[str, str, str], tuple[Requirement, Spec]] = {}
    for requirement in requirements:
        for key, spec in requirement.terms.specs.items():
            name = (requirement.namespace, requirement.secret, key)
            other, before = first.setdefault(name, (requirement, spec))
            if other is not requirement and (reason := _reason(before, spec)):
                message = f"{key} of {requirement.title}: {reason}, asked for by {other.asker} and {requirement.asker}"
                fix = "correct one of the two contracts"
                yield Finding(ERROR, ID, requirement.place, message, "contracts that one value can meet", fix, key)


def _reason(one: Spec, other: Spec) -> str:
    """What can't both be; empty if one value can."""
    if one.lengths and other.lengths and not set(one.lengths).intersection(other.lengths):
        return f"{_said(one)} and {_said(other)} characters"
    for strict, lax in ((one, other), (other, one)):
        if strict.lengths and max(strict.lengths) < lax.least:
            return f"{_said(strict)} and at least {lax.least} characters"
    if one.form and other.form and one.form != other.form:
        return f"{one.form} and {other.form}"
    return ""


def _said(spec: Spec) -> str:
    return " or ".join(map(str, spec.lengths))
