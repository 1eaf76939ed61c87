"""Keys that belong together are not all there, or of several alternatives none is."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "group-incomplete"
SEVERITY = ERROR
IGNORABLE = False


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each `oneOf` of which no alternative is there whole, and each `together` that is there in part.

    A client id without its key, or neither a password nor a token: the application has nothing to log in with.

    Fix: add the keys that the report names, or remove the other ones of the group.

    Fails: `{oneOf: token|app_id+app_key, app_id: 123456}`, `{together: a+b, a: kP3-vQ8~wZ1}`
    Passes: `{oneOf: token|app_id+app_key, token: kP3-vQ8~wZ1}`
    """

    def has(key: str) -> bool:
        return key in values.unknown or not shared.is_blank(values.values.get(key, b""))

    for group in requirement.terms.one_of:
        if not any(all(map(has, keys)) for keys in group):
            expected = " or ".join(" with ".join(keys) for keys in group)
            nearest = max(group, key=lambda keys: sum(map(has, keys)))
            key = next(key for key in nearest if not has(key))
            message = f"none of {expected.replace(' or ', ', ')} is there"
            yield Finding(SEVERITY, ID, values.where(key), message, expected, f"add {' and '.join(nearest)}", key)
    for keys in requirement.terms.together:
        lacking = [key for key in keys if not has(key)]
        if 0 < len(lacking) < len(keys):
            message = f"{lacking[0]} is missing: {' and '.join(keys)} belong together"
            fix = f"add {' and '.join(lacking)}, or remove the other keys of the group"
            yield Finding(SEVERITY, ID, values.where(lacking[0]), message, " with ".join(keys), fix, lacking[0])
