"""ADMIN_PASSWORD has more than 72 bytes, and bcrypt ignores the rest."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.fix import command
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "bcrypt-limit"
SEVERITY = WARNING
IGNORABLE = True
KEY = "ADMIN_PASSWORD"


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report an ADMIN_PASSWORD that is longer than bcrypt reads.

    The application stores the password hashed by bcrypt, which reads 72 bytes. Two passwords that begin alike are one.

    Fix: `heimdall-pr generate -` makes a password of 22 characters.

    Fails: `ADMIN_PASSWORD: kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~kP3-vQ8~x`
    Passes: `ADMIN_PASSWORD: kP3-vQ8~wZ1.xR6_yT4.aB`
    """
    if KEY in requirement.terms.specs:
        return  # another application's
    for text in (text for key, text in shared.sound(requirement, values) if key == KEY):
        if len(text.encode()) > policy.BCRYPT_LIMIT:
            message = f"{KEY} has more than {policy.BCRYPT_LIMIT} bytes: bcrypt ignores the rest"
            expected = f"at most {policy.BCRYPT_LIMIT} bytes"
            fix = values.renewers.get(KEY, command("heimdall-pr", "generate", "-"))
            yield Finding(SEVERITY, ID, values.where(KEY), message, expected, fix, KEY)
