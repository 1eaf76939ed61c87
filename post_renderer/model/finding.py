"""What a report says: findings and the places that they are about."""

from typing import NamedTuple

from post_renderer.model.fix import Fix

ERROR, WARNING, NOTE = "error", "warning", "note"


class Place(NamedTuple):
    """Where something is: `line` from 1 in `file`, or in the stream where there is no file; 0 where it has none.

    `values` is a path in the user's values (`heimdall.secrets.JWT_SECRET`), `what` says the rest to a person.
    """

    what: str = ""
    file: str = ""
    line: int = 0
    values: str = ""

    def __str__(self) -> str:
        line = f"line {self.line} of the stream" if self.line and not self.file else ""
        file = f"{self.file}:{self.line}" if self.line and self.file else self.file
        return ", ".join(part for part in (file, self.values, self.what, line) if part)


class Finding(NamedTuple):
    """One thing to tell the user: where, what, what was expected, the fix. Never a secret."""

    severity: str
    rule: str
    where: Place
    message: str
    expected: str = ""
    fix: Fix = ""
    key: str = ""  # the Secret's key that it is about, where it is about one that was asked for
