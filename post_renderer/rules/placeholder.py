"""A value is a placeholder or a value printed in public documentation."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "placeholder"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each known key whose value only takes the place of a secret.

    Everybody can read what documentation prints. What a shell, a pipeline or a template should have replaced is the
    same text in each installation.

    A value is a placeholder, too, if words like "secret", "test" or "your" and runs like "12345" and "qwerty" are all
    that it has, but for a few characters. Passphrases of random words are none.

    Fix: make a value with the command that the report names. Under `heimdall.secrets` write exactly `${KEY}` if the
    environment has the value.

    Fails: `JWT_SECRET: CHANGE_ME`, `JWT_SECRET: my-super-secret-key`, `JWT_SECRET: "x-${JWT_SECRET}"`
    Passes: `ADMIN_PASSWORD: $kP3-vQ8~wZ1.xR6_yT4.aB`, `ADMIN_PASSWORD: clever-otter-secret-volcano`
    """
    for key, text in shared.texts(values, shared.known(requirement)):
        is_password = shared.kind(requirement, key) in shared.OF_ONE_LINE
        if shared.is_of_another_kind(text, is_password):
            continue
        if policy.is_unexpanded(text):
            message = f"{key} holds a variable, command or template that nothing replaced"
            fix = f"write exactly ${{{key}}}, with nothing around it" if key in requirement.references else ""
            yield Finding(SEVERITY, ID, values.where(key), message, fix=fix, key=key)
        elif shared.is_placeholder(text, is_password):
            message = f"{key} is a placeholder or a value printed in public documentation"
            yield Finding(SEVERITY, ID, values.where(key), message, key=key)
