"""A value is one that the contract forbids."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "forbidden-value"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key whose value is one that its contract forbids: a default that the chart's documentation prints.

    Everybody can read it, and it is the same in each installation that has not set another one.

    Fix: make a value with the command that the report names.

    Fails: `{forbidden: k=Harbor12345, k: Harbor12345}`
    Passes: `{forbidden: k=Harbor12345, k: kP3-vQ8~wZ1.xR6_yT4.aB}`
    """
    specs = requirement.terms.specs
    for key, text in shared.texts(values, [key for key, spec in specs.items() if spec.forbidden]):
        if text.strip() in specs[key].forbidden and not shared.is_reported(specs[key].kind, text):
            message = f"{key} is a published default, which the contract forbids"
            yield Finding(SEVERITY, ID, values.where(key), message, key=key)
