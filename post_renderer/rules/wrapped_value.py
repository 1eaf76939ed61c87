"""A value still has the quotes that it was written in, or a written line break at its end."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "wrapped-value"
SEVERITY = WARNING
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    r"""Report each known key of a password that has quotes around it, or ends in a backslash and `n`.

    `kubectl create secret --from-env-file` and `docker run --env-file` keep the quotes of a dotenv file. They are a
    part of the secret then, and another program that reads the same file does not have them.

    Fix: store the same value without them. A new one would not be the one that is in use.

    Fails: `JWT_SECRET: "'4b0f9a7c2d8e6153'"`, `JWT_SECRET: '4b0f9a7c2d8e6153\n'`
    Passes: `ADMIN_PASSWORD: "kP3-vQ8'wZ1.xR6_yT4'aB"`
    """
    for key, text in shared.passwords(requirement, values):
        if shared.is_sound(requirement, key, text) and policy.is_wrapped(text):
            message = f"{key} still has quotes around it, or a written line break at its end"
            yield Finding(SEVERITY, ID, values.where(key), message, "no quotes around it", shared.REWRITTEN, key)
