"""What must be there, and what is known of it: the two types that every rule looks at."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.finding import Place
from post_renderer.model.fix import Fix
from post_renderer.model.record import NamedTuple
from post_renderer.model.terms import Terms

EXISTING, INLINE, FILES = "existing", "inline", "files"
# The values that choose an approach, in the order of precedence.
VALUES = {EXISTING: "existingSecret", INLINE: "secrets", FILES: "secretsFiles"}
WHOLE, KEYS = "whole", "keys"  # what may be written into a Secret of the stream: all of its data, or some keys
SECRET = "Secret"


class Requirement(NamedTuple):
    """Keys that an asker takes from one Secret, and how the user's values give them.

    Attributes:
        asker: Who asks, as a person finds it: `ConfigMap apps/heimdall-secrets-contract`.
        place: Where the user or the chart names the Secret.
        secret: The Secret's name; empty if the keys come from no Secret.
        namespace: The Secret's namespace; empty if it is the release's and that is not known.
        keys: What each required variable takes: the variable's name to the key in the Secret. They differ if the
            asker renames keys (`heimdall.keys`, `secretKeyRef`, a prefix of `envFrom`).
        lengths: Recommended lengths in characters, by variable.
        kind: `Secret`, or `ConfigMap` if a workload takes its secrets from one.
        approach: EXISTING, INLINE or FILES: how the values give the Secret.
        ignored: The values (of VALUES) that are set and have lower precedence.
        files: The secrets files, in order, if the approach is FILES.
        verified: The chart saw the required keys in the live Secret.
        judged: It also judged their values.
        passed: The optional keys that the asker's pods get; empty if that is not known.
        fixed: The variables that something else remembers, such as a database its password.
        values_path: Where the approaches are in the user's values: `heimdall`; empty if the asker does not say it.
        whole: The asker takes every key of the Secret, not only those of `keys`.
        prefix: What the asker puts before each key of such a Secret.
        fills: WHOLE or KEYS if this tool writes into the Secret, else empty.
        references: Variables whose value may be exactly `${NAME}`: the environment variable of that name.
        terms: What else is asked of the keys.
        application: What the Secret is for, if a contract says it.
    """

    asker: str
    place: Place
    secret: str
    namespace: str
    keys: Mapping[str, str]
    lengths: Mapping[str, int]
    kind: str = SECRET
    approach: str = EXISTING
    ignored: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    verified: bool = False
    judged: bool = False
    passed: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    values_path: str = "heimdall"
    whole: bool = False
    prefix: str = ""
    fills: str = ""
    references: tuple[str, ...] = ()
    terms: Terms = Terms()
    application: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The variables that must have a value."""
        return tuple(self.keys)

    @property
    def title(self) -> str:
        """What the Secret is called: `Secret apps/heimdall-secrets`."""
        return f"{self.kind} {self.namespace}/{self.secret}" if self.namespace else f"{self.kind} {self.secret}"

    def value(self, key: str = "") -> str:
        """The values path of the approach, or of a key in it; who asks, if the values are not known."""
        if not self.values_path:
            return self.asker
        path = f"{self.values_path}.{VALUES[self.approach]}"
        return f"{path}.{key}" if key else path

    def expected(self, key: str) -> str:
        """What a good value of a key is like."""
        spec, length = self.terms.specs.get(key), self.lengths.get(key, 0)
        if spec and spec.lengths:
            text = f"{' or '.join(map(str, spec.lengths))} characters"
        else:
            least = spec.least if spec else 0
            text = f"{length} characters" if length else f"at least {least} characters" if least else "a value"
        return f"{text}, {spec.form}" if spec and spec.form else text


class Values(NamedTuple):
    """What a Secret holds or will hold, by variable.

    Attributes:
        values: The values that are known, decoded.
        places: Where each value is.
        whole: Where the Secret is: the place of a key that it lacks.
        fillers: How to fill a variable that is missing, if more than its maker can.
        unknown: Variables without a value about which another finding says why.
        renewers: How to give a variable a fresh value.
        others: What keys of other Secrets have that are compared with these, by `SECRET/KEY`.
    """

    values: Mapping[str, bytes]
    places: Mapping[str, Place]
    whole: Place
    fillers: Mapping[str, Fix] = {}
    unknown: frozenset[str] = frozenset()
    renewers: Mapping[str, Fix] = {}
    others: Mapping[str, bytes] = {}

    def where(self, key: str) -> Place:
        """The place of a key, or of what lacks it."""
        return self.places.get(key, self.whole)
