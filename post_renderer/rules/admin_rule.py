"""ADMIN_PASSWORD does not pass the application's own rule for passwords."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import NOTE, WARNING, Finding
from post_renderer.model.fix import command
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "admin-rule"
SEVERITY = WARNING  # a note for a password that the documented recipe made
IGNORABLE = True
KEY = "ADMIN_PASSWORD"


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report an ADMIN_PASSWORD that the application's own rule for passwords refuses.

    The rule (github.com/mitre/heimdall2, libs/password-complexity) asks for 15 characters, all of a-z, A-Z, 0-9 and
    special, and never 4 of one class in a row. The application applies it when somebody changes a password. What the
    documented recipe `Admin_$(openssl rand -hex 8)` makes never passes: that is a note, which `check` and
    `explain` alone show; for any other it is a warning.

    Fix: `heimdall-pr generate -` makes a password that passes.

    Fails: `ADMIN_PASSWORD: aB1cD2eF3gH4aB1cD2eF3gH4`
    Passes: `ADMIN_PASSWORD: kP3-vQ8~wZ1.xR6_yT4.aB`
    """
    if KEY in requirement.terms.specs:
        return  # another application's
    for text in (text for key, text in shared.sound(requirement, values) if key == KEY):
        if not policy.passes_admin_rule(text.rstrip("\r\n")):
            message = f"{KEY} does not pass the application's own rule for passwords"
            expected = "15 characters, all of a-z A-Z 0-9 and special, never 4 of one class in a row"
            severity = NOTE if policy.is_documented_admin(text) else SEVERITY
            fix = values.renewers.get(KEY, command("heimdall-pr", "generate", "-"))
            yield Finding(severity, ID, values.where(KEY), message, expected, fix, KEY)
