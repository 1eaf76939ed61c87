"""What a run gives: edits of the stream, and the report."""

from typing import NamedTuple

from post_renderer.model.finding import ERROR, Finding, Place


class Edit(NamedTuple):
    """`data[start:end]` becomes `replacement`; offsets are bytes of the whole stream."""

    start: int
    end: int
    replacement: bytes


class KeyState(NamedTuple):
    """What is known of a required key: where it comes from, its length in characters (-1: not known), its state."""

    key: str
    source: Place
    state: str
    length: int = -1


class Judged(NamedTuple):
    """One Secret that was judged, for the report: whether its `required` keys were `seen`, and what was read for it.

    `why` this approach, in a sentence; `ignored` are the values paths of losers; `keys` say it key by key. `provider`:
    not seen, but an object in the stream brings all of them.
    """

    secret: str
    approach: str
    seen: bool
    required: int
    read: tuple[str, ...] = ()
    why: str = ""
    ignored: tuple[str, ...] = ()
    keys: tuple[KeyState, ...] = ()
    provider: str = ""


class Report(NamedTuple):
    """All that is said of one run.

    `documents` counts what was in the stream, where there is an error; `redacted`: what comes out can't be installed.
    """

    findings: tuple[Finding, ...]
    judged: tuple[Judged, ...] = ()
    documents: int = 0
    redacted: bool = False

    def count(self, severity: str) -> int:
        """How many findings of one severity there are."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def ok(self) -> bool:
        """Whether nothing stands against installing."""
        return not self.count(ERROR)


class Outcome(NamedTuple):
    """What leaves: the stream as pieces to write in turn (none where the report has an error), and the report."""

    pieces: tuple[bytes | memoryview, ...]
    report: Report
