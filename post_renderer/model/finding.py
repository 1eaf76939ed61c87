"""What a report says: findings and the places that they are about."""

from __future__ import annotations

from collections.abc import Iterable

from post_renderer.model.fix import Fix
from post_renderer.model.record import NamedTuple

ERROR, WARNING, NOTE = "error", "warning", "note"
MOST = 100  # findings of a kind in a report


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
    """One thing to tell the user: where, what, what was expected, the fix. Never a secret.

    `times` is more than 1 if it is about the rest of many of a kind (see `capped`).
    """

    severity: str
    rule: str
    where: Place
    message: str
    expected: str = ""
    fix: Fix = ""
    key: str = ""  # the Secret's key that it is about, where it is about one that was asked for
    times: int = 1


def capped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, but of each rule and severity only the first 100, and one that says how many more there are."""
    shown: list[Finding] = []
    seen: dict[tuple[str, str], int] = {}
    more: dict[tuple[str, str], int] = {}
    for finding in findings:
        kind = (finding.severity, finding.rule)
        seen[kind] = seen.get(kind, 0) + 1
        if finding.times > 1 or seen[kind] > MOST:
            more[kind] = more.get(kind, 0) + finding.times
        else:
            shown.append(finding)
    rest = (
        Finding(severity, rule, Place(f"{rule} in other places"), f"and {number:,} more", times=number)
        for (severity, rule), number in more.items()
    )
    return (*shown, *rest)
