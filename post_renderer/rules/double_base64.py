"""A value is base64 of text: it was encoded once too often."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.fix import command
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.terms import TOKEN
from post_renderer.rules import policy, shared

ID = "double-base64"
SEVERITY = WARNING
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key whose value is base64 of printable text.

    Kubernetes decodes `data` once. A value that was encoded twice reaches the application as base64, which is not the
    password that the database knows.

    Fix: decode the value once: `base64 -d`.

    Fails: `JWT_SECRET: dGhpcyBpcyBhIHNlY3JldCB0aGF0IHdhcyBlbmNvZGVkIHR3aWNl`
    Passes: `JWT_SECRET: 4b0f9a7c2d8e61530b9d7f2c6a1e8405`
    """
    for key, text in shared.sound(requirement, values):
        terms = shared.spec(requirement, key)
        if terms.kind != TOKEN and not terms.form and len(text) >= policy.SHORTEST and shared.is_base64_of_text(text):
            message = f"{key} looks like base64 of text: the app would get the base64"
            fix = command("base64", "-d", note="of the value, once; the result is what is stored")
            yield Finding(SEVERITY, ID, values.where(key), message, "the value itself", fix, key)
