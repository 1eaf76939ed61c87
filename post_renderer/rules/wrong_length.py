"""A value has not the length that the contract asks for."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.terms import BINARY
from post_renderer.rules import shared

ID = "wrong-length"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key whose value is shorter than the contract's minimum, or has none of its exact lengths.

    The application refuses such a value, or cuts it: a cipher of 256 bits takes a key of 32 characters and no other.
    Lengths are in characters, and in bytes if the kind is `binary`.

    Fix: make a value with the command that the report names.

    Fails: `{lengths: "k=exact:32", k: 4b0f9a7c2d8e6153}`, `{lengths: "k=min:12", k: kP3-vQ8}`
    Passes: `{lengths: "k=in:16|24|32", k: 4b0f9a7c2d8e6153}`
    """
    for key, spec in requirement.terms.specs.items():
        value = values.values.get(key, b"")
        length = len(value) if spec.kind == BINARY else len(value.decode(errors="replace"))
        is_wrong = length < spec.least or (spec.lengths and length not in spec.lengths)
        if is_wrong and not shared.is_blank(value):
            unit = "byte" if spec.kind == BINARY else "character"
            message = f"{key} has {length} {unit}{'s' * (length != 1)}"
            yield Finding(SEVERITY, ID, values.where(key), message, key=key)
