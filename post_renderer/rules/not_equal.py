"""Two keys that must have the same value have different ones."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "not-equal"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key whose value differs from the one that its contract's `equal` names, if both are known.

    The application's password for the database and the database's own are often in two Secrets. If one of them is
    renewed alone, the application can't log in. An empty value of another Secret differs too; one of the same Secret is
    reported as missing, if it must be there.

    Fix: write the same value into both.

    Fails: `{equal: a=b, a: kP3-vQ8~wZ1.xR6, b: xR6_yT4.aB-9cD}`
    Passes: `{equal: a=b, a: kP3-vQ8~wZ1.xR6, b: kP3-vQ8~wZ1.xR6}`
    """
    for key, other in requirement.terms.equal:
        is_other = "/" in other
        ours = values.values.get(key, b"")
        theirs = (values.others if is_other else values.values).get(other)
        is_known = theirs is not None and (is_other or not shared.is_blank(theirs))
        if is_known and ours != theirs and not shared.is_blank(ours):
            message = f"{key} has not the value of {other}"
            fix = "write the same value into both"
            yield Finding(SEVERITY, ID, values.where(key), message, f"the value of {other}", fix, key)
