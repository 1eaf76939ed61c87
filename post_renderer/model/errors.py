"""The exceptions whose text is for the user."""

from __future__ import annotations

from collections.abc import Sequence

from post_renderer.model.finding import Finding
from post_renderer.model.fix import Command, Fix

HELP = Command((("heimdall-pr", "--help"),))


class UserError(Exception):
    """The run can't continue, and the user can fix the cause.

    Attributes:
        message: What is wrong, in one sentence.
        fix: How to put it right.
        details: What comes below the message: findings, or lines of another program.
        code: The exit code.
    """

    def __init__(self, message: str, fix: Fix = "", details: str | Sequence[Finding] = "", code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.details = details
        self.code = code


class UsageError(UserError):
    """The command line or a HEIMDALL_PR_… variable is wrong: exit code 2."""

    def __init__(self, message: str, fix: Fix = HELP) -> None:
        super().__init__(message, fix, code=2)


class OutputLost(UserError):
    """Standard output took only a part of the stream; the run fails, under Helm 4 too."""
