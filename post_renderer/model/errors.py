"""The one exception whose text is meant for the user."""


class UserError(Exception):
    """Going on is impossible, and the user can mend it: `message` says what, `mend` how, `code` is the exit code.

    `details` are findings, rendered, where there are some.
    """

    def __init__(self, message: str, mend: str = "", details: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.details = details
        self.code = code


class UsageError(UserError):
    """The command line or a HEIMDALL_PR_… variable is wrong: exit code 2."""

    def __init__(self, message: str, mend: str = "heimdall-pr --help") -> None:
        super().__init__(message, mend, code=2)


class OutputLost(UserError):
    """Standard output took only a part: no exit code but a failure is honest, under Helm 4 too."""
