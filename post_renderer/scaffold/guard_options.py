"""What the user wants a contract for, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from post_renderer.document.paths import is_path
from post_renderer.kube import names
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, FILES, INLINE, VALUES
from post_renderer.model.terms import Terms
from post_renderer.requirements import terms
from post_renderer.rules import flat, policy
from post_renderer.rules.flat import Asked

RULE = "usage"
RELEASE = "{release}"
PATH = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
OTHER = re.compile(r"[^A-Z0-9]+")
LISTS = "a path in the values: extraObjects, extraDeploy, server.extraManifests"
NAME = "lower-case letters, digits, '-' and '.', at most 253 together with the contract's"


class Wanted(NamedTuple):
    """What the user asked for.

    Attributes:
        secret: The Secret's name; empty if the contract says it.
        keys: Its required keys; beside a contract `NAME=KEY`, the key of a name in it.
        fields: What else is asked of the keys, as a contract's ConfigMap has it.
        contracts: The documents of a contract file, in place of keys and fields.
        manifests: What the chart renders, which says the keys of a contract's names; None if they were not given.
        approach: One of VALUES.
        file: The secrets file, for FILES; empty for one that is named after the Secret.
        namespace: The release's namespace; empty to write none.
        release: The release's name, for contracts that name it.
        extra: The chart's list of extra objects, a path in its values; empty for manifests.
        value: The value by which the chart takes the Secret's name, a path; empty if the user gives it.
        gitops: Nothing runs a post-renderer: no guard.
    """

    secret: str = ""
    keys: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    contracts: tuple[ContractFile, ...] = ()
    manifests: bytes | None = None
    approach: str = EXISTING
    file: str = ""
    namespace: str = ""
    release: str = ""
    extra: str = ""
    value: str = ""
    gitops: bool = False


class One(NamedTuple):
    """A Secret, and what is asked of it; `filled` are the keys that this tool gives a value, if it fills the Secret."""

    secret: str
    application: str
    asked: Asked
    file: str

    @property
    def contract(self) -> str:
        """The name of the ConfigMap."""
        return f"{self.secret}-secrets-contract"

    @property
    def filled(self) -> tuple[str, ...]:
        """Those that must be there, and the first alternative of each group."""
        first = (key for group in self.asked.terms.one_of for key in group[0])
        return tuple(dict.fromkeys((*self.asked.required, *first)))


def read(wanted: Wanted) -> tuple[list[One], list[Finding]]:
    """The Secret that the options are about, and what is wrong with what is asked of it."""
    texts = {**wanted.fields, "required": ",".join(wanted.keys)}
    asked, problems_ = terms.read(flat.read(texts))
    flags = {"required": "key"}
    found = [wrong(f"--{flags.get(each.field, each.field)}", each.message, each.expected) for each in problems_]
    found += [wrong("--forbidden", *problem) for problem in of_forbidden(asked.terms)]
    return [One(wanted.secret, wanted.secret, asked, file_of(wanted, wanted.secret))], found


def problems(wanted: Wanted, found: Sequence[One]) -> list[Finding]:
    """What is wrong with the options, and with what they make together."""
    reported = [*_of_names(wanted, found), *_of_approach(wanted, found)]
    for flag, text in (("--list", wanted.extra), ("--value", wanted.value)):
        if text and not PATH.fullmatch(text):
            reported.append(wrong(flag, f"{flag} is no path in the values", LISTS))
    if wanted.value and len(found) > 1 and not wanted.secret:
        reported.append(wrong("--value", "the contract has several Secrets, and --value is one", "--secret NAME"))
    if wanted.extra and wanted.value and _is_within(wanted.value, wanted.extra):
        reported.append(wrong("--value", "--value and --list are the same value, or one is in the other", LISTS))
    return reported


def variable(one: One, key: str) -> str:
    """The environment variable of a key: the key itself if it names one, else with the Secret's name before it."""
    if policy.is_variable_name(key) and key.isupper():
        return key
    name = OTHER.sub("_", f"{one.secret}_{key}".upper()).strip("_")
    return name if policy.is_variable_name(name) else f"SECRET_{name}"


def of_forbidden(asked: Terms) -> Iterator[tuple[str, str]]:
    """Texts that would not be themselves in a ConfigMap of a chart, and what was expected."""
    for key, spec in asked.specs.items():
        if any(not text.isprintable() or text != text.strip() or "{{" in text for text in spec.forbidden):
            message = f"`forbidden` of {key} has what no line of a ConfigMap in a chart can hold"
            yield message, "one line, without {{ and without spaces around it"


def _of_names(wanted: Wanted, found: Sequence[One]) -> Iterator[Finding]:
    """What is wrong with the names of objects."""
    if wanted.namespace and not names.is_label(wanted.namespace):
        yield wrong("--namespace", "it is no namespace's name", "lower-case letters, digits and '-', at most 63")
    for one in found:
        if not one.secret:
            yield wrong("--secret", "the contract needs the Secret's name", "--secret NAME")
        elif not names.is_name(one.contract):
            yield wrong("--secret", "it is no name of a Secret", NAME)
    if len({one.secret for one in found}) < len(found):
        yield wrong("--contract", "two documents are about one Secret", "a document for each Secret")


def _of_approach(wanted: Wanted, found: Sequence[One]) -> Iterator[Finding]:
    """What is wrong with how the Secret gets its values."""
    if wanted.approach not in VALUES:
        yield wrong("--approach", "there is no such approach", f"one of {' '.join(VALUES)}")
    if wanted.gitops and wanted.approach in (INLINE, FILES):
        message = "Argo CD and Flux run no post-renderer, which fills the Secret"
        yield wrong("--gitops", message, f"--approach {EXISTING}")
    if wanted.file and (wanted.approach != FILES or len(found) > 1):
        yield wrong("--file", "it is for one Secret that is filled from a file", f"--approach {FILES}, one Secret")
    if wanted.file and (not is_path(wanted.file) or not wanted.file.isprintable() or "{{" in wanted.file):
        yield wrong("--file", "it is no path", "--file env/secrets.yaml")
    if wanted.approach == INLINE:
        counts = Counter(variable(one, key) for one in found for key in one.filled)
        for name in (name for name, count in counts.items() if count > 1):
            yield wrong("--approach", f"two keys would be read from the variable {name}", f"--approach {FILES}")


def file_of(wanted: Wanted, secret: str) -> str:
    """The secrets file of a Secret."""
    return wanted.file or f"env/{secret}.yaml"


def _is_within(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def wrong(flag: str, message: str, expected: str, contract: ContractFile | None = None) -> Finding:
    """What is wrong with an option, or with a contract of a file."""
    where = contract.place if contract else Place(flag)
    return Finding(ERROR, RULE, where, message, expected, expected if expected.startswith("--") else f"correct {where}")
