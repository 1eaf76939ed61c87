"""A key is no name that a Secret's key can have."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy

ID = "key-name"
SEVERITY = ERROR
IGNORABLE = False


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key that no API server takes; its name is not shown, since it may be a secret.

    The whole Secret would be refused (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data).

    Fix: rename or remove the key.

    Fails: `with space: x`, `..data: x`
    Passes: `with-dash: x`
    """
    for key in values.values:
        if not policy.is_data_key(key):
            message = "a key is no name that a Secret's key can have"
            expected = "letters, digits, '-', '_' and '.', at most 253; not '.', and no '..' at its beginning"
            yield Finding(SEVERITY, ID, values.where(key), message, expected, "rename or remove the key")
