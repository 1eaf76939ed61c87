"""The one exception whose text is meant for the user."""

from post_renderer.model.fix import Command, Fix

HELP = Command((("heimdall-pr", "--help"),))


class UserError(Exception):
    """Going on is impossible, and the user can fix it: `message` says what, `fix` how, `code` is the exit code.

    `details` are findings, rendered, where there are some.
    """

    def __init__(self, message: str, fix: Fix = "", details: str = "", code: int = 1) -> None:
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
    """Standard output took only a part: no exit code but a failure is honest, under Helm 4 too."""
