"""The frozen types that pass between the pieces: settings, findings, facts, reports."""

from collections.abc import Mapping
from typing import NamedTuple

ERROR, WARNING, NOTE = "error", "warning", "note"


class Profile(NamedTuple):
    """An application whose secrets are asked for, where no contract speaks for it.

    Its image's path ends in `image`, or its container is called `container`; `required` are variables, `lengths` what
    is recommended for them; `values_path` is where its values sit; `legacy` are the names that older charts have for
    the variables.
    """

    image: str
    required: tuple[str, ...]
    lengths: Mapping[str, int]
    values_path: str
    legacy: Mapping[str, str] = {}
    container: str = ""


class Settings(NamedTuple):
    """What the user asked for that the decision depends on.

    `values` are what the user set, merged by helm (None: not told): they come before the plan, since the files that
    are to be fetched may be named in them. `profile` is the user's own contract; `namespace` is
    that of `live` Secrets whose contract has none.
    """

    strict: bool = False
    redact: bool = False
    env: tuple[str, ...] = ()
    values: Mapping[str, object] | None = None
    live: bool = False
    namespace: str = ""
    inject: bool = False
    profile: Profile | None = None


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
    """One thing to tell the user: where, what, what was expected, the command that mends it. Never a secret."""

    severity: str
    rule: str
    where: Place
    message: str
    expected: str = ""
    mend: str = ""
    key: str = ""  # the Secret's key that it is about, where it is about one that was asked for


class FileFact(NamedTuple):
    """What reading a secrets file gave: its `path` as a person opens it, its bytes, or findings that say why not."""

    path: str
    content: bytes | None
    findings: tuple[Finding, ...] = ()
    encrypted: bool = False  # on disk; what is here is in clear


class LiveFact(NamedTuple):
    """What asking a cluster for a Secret gave: its values by key, or findings that say why not."""

    values: Mapping[str, bytes] | None
    findings: tuple[Finding, ...] = ()
    absent: bool = False


class Facts(NamedTuple):
    """What the edge fetched because the plan named it: files by path, variables by name, live Secrets by both names."""

    files: Mapping[str, FileFact] = {}
    environ: Mapping[str, bytes] = {}
    live: Mapping[tuple[str, str], LiveFact] = {}


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
