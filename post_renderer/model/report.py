"""The result of a run: edits of the stream, and the report."""

from __future__ import annotations

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.record import NamedTuple


class Edit(NamedTuple):
    """A replacement for `data[start:end]`; the offsets are bytes of the whole stream."""

    start: int
    end: int
    replacement: bytes


class KeyState(NamedTuple):
    """The status of a required key.

    Attributes:
        key: Its name.
        source: Where its value comes from.
        state: One of those in sources/key_status.py.
        length: The length of its value in characters; -1 if it is not known.
    """

    key: str
    source: Place
    state: str
    length: int = -1


class Judged(NamedTuple):
    """One Secret that was judged.

    Attributes:
        secret: Its title.
        approach: The values path that gives it.
        seen: Whether the values of its keys were checked.
        required: How many keys are required.
        read: The files that were read for it.
        why: Why this approach was chosen, in a sentence.
        ignored: The values paths of lower-precedence values.
        keys: The status of each key.
        provider: The object in the stream that brings the keys, if their values were not seen.
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


class Ignored(NamedTuple):
    """A finding that a person decided does not matter, and why."""

    finding: Finding
    reason: str


class Report(NamedTuple):
    """The report of one run.

    Attributes:
        findings: What was found and counts, in any order.
        judged: The Secrets.
        documents: How many documents the stream has; only counted if there is an error.
        redacted: Whether the output is redacted, so that it can't be installed.
        ignored: What was found and does not count.
        release: The chart, the release and the namespace, for `why`; empty if none is known.
    """

    findings: tuple[Finding, ...]
    judged: tuple[Judged, ...] = ()
    documents: int = 0
    redacted: bool = False
    ignored: tuple[Ignored, ...] = ()
    release: str = ""

    def count(self, severity: str) -> int:
        """The number of findings of one severity."""
        return sum(finding.times for finding in self.findings if finding.severity == severity)

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.count(ERROR)


class Outcome(NamedTuple):
    """The stream as pieces to write in order, none if the report has an error; and the report."""

    pieces: tuple[bytes | memoryview, ...]
    report: Report
