"""A key is no environment variable's name, and Kubernetes drops it silently."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy

ID = "variable-name"
SEVERITY = WARNING
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key that can't name an environment variable; its name is not shown, since it may be a secret.

    Heimdall takes its Secret by `envFrom`, which leaves such keys out without a message.

    Fix: rename or remove the key.

    Fails: `with-dash: x`, `1_KEY: x`
    Passes: `WITH_UNDERSCORE: x`
    """
    for key in values.values if not requirement.terms.specs else ():
        if policy.is_data_key(key) and not policy.is_variable_name(key):
            message = "a key is no name of an environment variable: Kubernetes drops it silently"
            expected = "letters, digits and '_', no digit first"
            yield Finding(SEVERITY, ID, values.where(key), message, expected, "rename or remove the key")
