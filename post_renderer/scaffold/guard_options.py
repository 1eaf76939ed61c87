"""What the user wants a contract for, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

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
from post_renderer.scaffold import contract_map

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
    """The Secrets, and what is wrong with what is asked of them."""
    if wanted.contracts:
        return _of_contracts(wanted)
    texts = {**wanted.fields, "required": ",".join(wanted.keys)}
    asked, wrong = terms.read(flat.read(texts))
    flags = {"required": "key"}
    found = [_wrong(f"--{flags.get(each.field, each.field)}", each.message, each.expected) for each in wrong]
    found += [_wrong("--forbidden", *problem) for problem in _of_forbidden(asked.terms)]
    return [One(wanted.secret, wanted.secret, asked, _file(wanted, wanted.secret))], found


def problems(wanted: Wanted, found: Sequence[One]) -> list[Finding]:
    """What is wrong with the options, and with what they make together."""
    wrong = [*_of_names(wanted, found), *_of_approach(wanted, found)]
    for flag, text in (("--list", wanted.extra), ("--value", wanted.value)):
        if text and not PATH.fullmatch(text):
            wrong.append(_wrong(flag, f"{flag} is no path in the values", LISTS))
    if wanted.value and len(found) > 1:
        wrong.append(_wrong("--value", "the contract has several Secrets, and --value is one", "--secret NAME"))
    if wanted.extra and wanted.value and _is_within(wanted.value, wanted.extra):
        wrong.append(_wrong("--value", "--value and --list are the same value, or one is in the other", LISTS))
    return wrong


def variable(one: One, key: str) -> str:
    """The environment variable of a key: the key itself if it names one, else with the Secret's name before it."""
    if policy.is_variable_name(key) and key.isupper():
        return key
    name = OTHER.sub("_", f"{one.secret}_{key}".upper()).strip("_")
    return name if policy.is_variable_name(name) else f"SECRET_{name}"


def _of_contracts(wanted: Wanted) -> tuple[list[One], list[Finding]]:
    """The Secrets of a contract file."""
    renames = dict(each.partition("=")[::2] for each in wanted.keys)
    known = {name for each in wanted.contracts for name in each.terms.specs}
    wrong = [_wrong("--key", problem, "--key NAME=KEY") for problem in _misnamed(renames, known)]
    one = "either --contract or the options about keys"
    wrong += [_wrong(f"--{field}", "the contract says it already", one) for field in wanted.fields]
    if wanted.secret and len(wanted.contracts) > 1:
        wrong.append(_wrong("--secret", "the contract has several Secrets", "a file with one document, or no --secret"))
    wrong += [problem for each in wanted.contracts for problem in _of_contract(wanted, each)]
    if wrong:
        return [], wrong
    return [_one(wanted, each, renames) for each in wanted.contracts], []


def _misnamed(renames: Mapping[str, str], known: Collection[str]) -> Iterator[str]:
    """What is wrong with names of a contract that get keys."""
    for name, key in renames.items():
        if name not in known:
            yield terms.unknown(name, known)
        elif not policy.is_data_key(key):
            yield f"{name} gets no name that a Secret's key can have"
    counts = Counter(renames.get(name, name) for name in known)
    twice = (key for key, count in counts.items() if count > 1 and policy.is_data_key(key))
    yield from (f"two names of the contract are the key {key}" for key in twice)


def _one(wanted: Wanted, contract: ContractFile, renames: Mapping[str, str]) -> One:
    """The Secret of a contract."""
    asked = contract_map.renamed(Asked(contract.required, contract.lengths, contract.terms), renames)
    equal = tuple((key, other.replace(RELEASE, wanted.release)) for key, other in asked.terms.equal)
    asked = asked._replace(terms=asked.terms._replace(equal=equal))
    secret = wanted.secret or contract.secret.replace(RELEASE, wanted.release)
    return One(secret, contract.application or secret, asked, _file(wanted, secret))


def _of_contract(wanted: Wanted, contract: ContractFile) -> Iterator[Finding]:
    """What a contract of a file says that a ConfigMap can't, or does not say."""
    if contract.profile is not None:
        message = "the contract is of the first form, which has no Secret"
        yield _wrong("--contract", message, "a contract with `keys`", contract)
        return
    if not wanted.secret and (not contract.secret or "*" in contract.secret):
        alone = "--secret NAME" if len(wanted.contracts) == 1 else "`secret: NAME` in each document"
        yield _wrong("--secret", "the contract names no single Secret", alone, contract)
    named = [*([contract.secret] if not wanted.secret else []), *(other for _, other in contract.terms.equal)]
    if not wanted.release and any(RELEASE in text for text in named):
        yield _wrong("--release", f"the contract has {RELEASE} in a name", "--release NAME", contract)
    for message, expected in _of_forbidden(contract.terms):
        yield _wrong("--contract", message, expected, contract)


def _of_forbidden(asked: Terms) -> Iterator[tuple[str, str]]:
    """Texts that would not be themselves in a ConfigMap of a chart, and what was expected."""
    for key, spec in asked.specs.items():
        if any(not text.isprintable() or text != text.strip() or "{{" in text for text in spec.forbidden):
            message = f"`forbidden` of {key} has what no line of a ConfigMap in a chart can hold"
            yield message, "one line, without {{ and without spaces around it"


def _of_names(wanted: Wanted, found: Sequence[One]) -> Iterator[Finding]:
    """What is wrong with the names of objects."""
    if wanted.namespace and not names.is_label(wanted.namespace):
        yield _wrong("--namespace", "it is no namespace's name", "lower-case letters, digits and '-', at most 63")
    for one in found:
        if not one.secret:
            yield _wrong("--secret", "the contract needs the Secret's name", "--secret NAME")
        elif not names.is_name(one.contract):
            yield _wrong("--secret", "it is no name of a Secret", NAME)
    if len({one.secret for one in found}) < len(found):
        yield _wrong("--contract", "two documents are about one Secret", "a document for each Secret")


def _of_approach(wanted: Wanted, found: Sequence[One]) -> Iterator[Finding]:
    """What is wrong with how the Secret gets its values."""
    if wanted.approach not in VALUES:
        yield _wrong("--approach", "there is no such approach", f"one of {' '.join(VALUES)}")
    if wanted.gitops and wanted.approach in (INLINE, FILES):
        message = "Argo CD and Flux run no post-renderer, which fills the Secret"
        yield _wrong("--gitops", message, f"--approach {EXISTING}")
    if wanted.file and (wanted.approach != FILES or len(found) > 1):
        yield _wrong("--file", "it is for one Secret that is filled from a file", f"--approach {FILES}, one Secret")
    if wanted.file and (not is_path(wanted.file) or not wanted.file.isprintable() or "{{" in wanted.file):
        yield _wrong("--file", "it is no path", "--file env/secrets.yaml")
    if wanted.approach == INLINE:
        counts = Counter(variable(one, key) for one in found for key in one.filled)
        for name in (name for name, count in counts.items() if count > 1):
            yield _wrong("--approach", f"two keys would be read from the variable {name}", f"--approach {FILES}")


def _file(wanted: Wanted, secret: str) -> str:
    return wanted.file or f"env/{secret}.yaml"


def _is_within(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _wrong(flag: str, message: str, expected: str, contract: ContractFile | None = None) -> Finding:
    where = contract.place if contract else Place(flag)
    return Finding(ERROR, RULE, where, message, expected, expected if expected.startswith("--") else f"correct {where}")
