"""The contract: a ConfigMap in which the chart says what it rendered and which secrets must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from post_renderer.kube import manifest, names, secret
from post_renderer.kube.manifest import Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import command
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, FILES, INLINE, KEYS, VALUES, WHOLE, Requirement
from post_renderer.model.terms import Terms
from post_renderer.requirements.found import Asker, Found, of_secret
from post_renderer.rules import digest, policy

# A contract that says more of keys than version 1 can is of version 2: an older tool answers "upgrade", not "damaged".
VERSIONS = ("v1", "v2")
MOST_KEYS = 100  # required ones, and those of other Secrets; a chart could else make the checks take for ever
MOST_FILES = 100
LONGEST_LIST, LONGEST_PATH = 4000, 253  # characters: of all required keys together, of a path in the values
FIELDS = ("approach", "ignored", "secret", "required", "lengths", "sources", "files", "verified", "valuesPath")
# What only version 2 says of keys; `optional` has another meaning there.
LATER = ("kinds", "formats", "oneOf", "together", "equal", "forbidden", "issuers", "rotation", "filledBy")
REINSTALL = "render it again with the chart as it was released"
UPGRADE = command("pip", "install", "--upgrade", "heimdall-pr")
HEX = frozenset("0123456789abcdef")


class Contract(NamedTuple):
    """What a chart asks for.

    Attributes:
        resource: The ConfigMap.
        approach: EXISTING, INLINE or FILES.
        ignored: The values that are set and have lower precedence.
        secret: The Secret's name.
        required: The keys that must be in it.
        others: Keys that come from other Secrets, each `SECRET/KEY`, by variable.
        lengths: Recommended lengths in characters, by key.
        files: The secrets files, in order.
        verified: The chart saw the required keys in the live Secret.
        judged: It also judged their values; older charts did not.
        optional: The keys that the pods get besides the required ones; older charts don't say it.
        values_path: Where the approaches are in the user's values.
        fixed: The keys that something else remembers, such as a database its password; older charts don't say it.
        policy: The digest of the rules that the chart has; empty if it has none, or is older than the field.
        terms: What else is asked of the keys, in version 2.
        application: What the Secret is for, in version 2: one application may have several contracts.
    """

    resource: Resource
    approach: str
    ignored: tuple[str, ...]
    secret: str
    required: tuple[str, ...]
    others: Mapping[str, str]
    lengths: Mapping[str, int]
    files: tuple[str, ...]
    verified: bool
    judged: bool
    optional: tuple[str, ...]
    values_path: str
    fixed: tuple[str, ...]
    policy: str
    terms: Terms = Terms()
    application: str = ""

    @property
    def namespace(self) -> str:
        """The namespace that it and its Secret are in; empty if it is not known."""
        return self.resource.namespace


def find(objects: Objects) -> tuple[list[Contract], list[Finding]]:
    """The contracts of the stream; what is wrong with those that can't be read, and whose rules are not ours."""
    read = [_read(objects.data, each) for each in objects.resources if manifest.contract_version(each) is not None]
    contracts = [each for each in read if isinstance(each, Contract)]
    damaged = [finding for each in read if isinstance(each, list) for finding in each]
    others = [_rules_differ(objects, each) for each in contracts if each.policy not in ("", digest.DIGEST)]
    return contracts, [*damaged, *others]


def asker(objects: Objects, contract: Contract) -> Asker:
    """What a contract asks for: keys of its own Secret, and keys of others."""
    own = _own(objects, contract)
    found = [of_secret(objects, own, objects.hidden and own.approach != EXISTING), *_others(objects, contract, own)]
    everything = own._replace(keys={key: key for key in (*contract.required, *contract.others)})
    return Asker(everything, tuple(found), own.title)


def _rules_differ(objects: Objects, contract: Contract) -> Finding:
    """The note that a chart has other rules: it fails nothing, since each side has judged by its own."""
    text = contract.policy
    theirs = f" ({text})" if len(text) == len(digest.DIGEST) and HEX.issuperset(text) else ""
    message = f"the chart has other rules{theirs} than this heimdall-pr ({digest.DIGEST}): their versions differ"
    fix = "upgrade the older of the two, the chart or heimdall-pr; until then each judges by its own rules"
    place = contract.resource.place(objects.data)
    return Finding(NOTE, "rules-differ", place, message, "a chart and a heimdall-pr with the same rules", fix)


def _others(objects: Objects, contract: Contract, own: Requirement) -> Iterator[Found]:
    """A requirement for each other Secret; imported if there is one."""
    if contract.others:
        from post_renderer.requirements import other_secrets

        for requirement in other_secrets.requirements(contract.others, own):
            yield of_secret(objects, requirement)


def _own(objects: Objects, contract: Contract) -> Requirement:
    """The requirement about the Secret that the contract names."""
    requirement = Requirement(
        asker=contract.resource.title,
        place=contract.resource.place(objects.data),
        secret=contract.secret,
        namespace=contract.namespace,
        keys={key: key for key in contract.required},
        lengths=contract.lengths,
        approach=contract.approach,
        ignored=contract.ignored,
        files=contract.files,
        verified=contract.verified,
        judged=contract.judged,
        passed=contract.optional,
        fixed=contract.fixed,
        values_path=contract.values_path,
        whole=True,
        fills={EXISTING: "", INLINE: KEYS, FILES: WHOLE}[contract.approach],
        references=(*contract.required, *contract.terms.specs) if contract.approach == INLINE else (),
        terms=contract.terms,
        application=contract.application,
    )
    if requirement.fills or not requirement.values_path:
        return requirement
    return requirement._replace(place=Place(values=requirement.value()))


def _read(data: bytes, resource: Resource) -> Contract | list[Finding]:
    """The contract, or everything that is wrong with it."""
    version = manifest.contract_version(resource)
    place = Place("a contract", line=resource.place(data).line) if any(misnamed(resource)) else resource.place(data)
    if version not in VERSIONS:
        return [_of_another_version(version or "", place)]
    texts = _texts(resource)
    if version != VERSIONS[0]:
        from post_renderer.requirements import contract_v2

        return contract_v2.read(resource, texts, place)
    problems = [*problems_of(texts), *misnamed(resource)]
    if problems:
        return [
            Finding(ERROR, "contract-damaged", place, problem, expected, REINSTALL) for problem, expected in problems
        ]
    return of_texts(resource, texts)


def _of_another_version(version: str, place: Place) -> Finding:
    """The error: what a later version asks for is not known here."""
    expected = f"{manifest.NEUTRAL_LABEL}: {VERSIONS[-1]}"
    if version[:1] == "v" and version[1:].isdecimal() and len(version) < 9 and int(version[1:]) > len(VERSIONS):
        message = "the contract is of a later version than this heimdall-pr reads: upgrade heimdall-pr"
        return Finding(ERROR, "contract-version", place, message, expected, UPGRADE)
    message = "the contract is of no version that this heimdall-pr knows"
    return Finding(ERROR, "contract-version", place, message, expected, REINSTALL)


def _texts(resource: Resource) -> dict[str, str]:
    block = resource.node.mapping("data")
    return {name: value.text for name, value in block.texts().items()} if block else {}


def problems_of(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong, each with what was expected. The values of a contract are no secrets, but are not shown either."""
    found = [(f"the contract has no data.{name}", "a string") for name in FIELDS if name not in texts]
    if found:
        return found
    later = next((name for name in LATER if texts.get(name)), "")
    checks = (
        (not later, later, f"no fields of version 2, or {manifest.NEUTRAL_LABEL}: v2"),
        (texts["approach"] in VALUES, "approach", " or ".join(VALUES)),
        (_are_ignored(split(texts["ignored"])), "ignored", "names of values, each once"),
        (names.is_name(texts["secret"]), "secret", "a Secret's name"),
        (
            are_keys(split(texts["required"])) and _is_short(texts["required"]),
            "required",
            f"names of environment variables, comma-separated, at most {MOST_KEYS} and {LONGEST_LIST} characters",
        ),
        (are_lengths(texts["lengths"]), "lengths", "KEY=NUMBER, comma-separated"),
        (_are_sources(texts["sources"]), "sources", f"KEY=SECRET/KEY, comma-separated, at most {MOST_KEYS}"),
        (_are_files(texts), "files", f"paths, where files won, at most {MOST_FILES}"),
        (texts["verified"] in ("true", "false"), "verified", "true or false"),
        (texts.get("judged", "") in ("", "true", "false"), "judged", "true or false"),
        (
            not texts.get("optional") or are_keys(split(texts["optional"])),  # looked up in alone: as many as there are
            "optional",
            "names of environment variables, comma-separated",
        ),
        (not texts.get("fixed") or are_keys(split(texts["fixed"])), "fixed", "names of environment variables"),
        (_is_path(texts["valuesPath"]), "valuesPath", "a path in the values"),
    )
    return [
        (f"the contract's data.{name} can't be understood", expected) for good, name, expected in checks if not good
    ]


def misnamed(resource: Resource) -> Iterator[tuple[str, str]]:
    """What is wrong with the contract's own name: reports and fixes show it, and no API server would take it."""
    if not names.is_name(resource.name):
        yield "the contract's metadata.name is no name", "lower-case letters, digits, '-' and '.'"
    if resource.namespace and not names.is_label(resource.namespace):
        yield "the contract's metadata.namespace is no name", "lower-case letters, digits and '-'"


def of_texts(resource: Resource, texts: Mapping[str, str]) -> Contract:
    """The contract that the fields of version 1 make."""
    others = pairs(texts["sources"])
    return Contract(
        resource=resource,
        approach=texts["approach"],
        ignored=split(texts["ignored"]),
        secret=texts["secret"],
        required=tuple(key for key in split(texts["required"]) if key not in others),
        others=others,
        lengths={key: int(length) for key, length in pairs(texts["lengths"]).items()},
        files=lines(texts["files"]),
        verified=texts["verified"] == "true",
        judged=texts["verified"] == texts.get("judged") == "true",
        optional=tuple(key for key in split(texts.get("optional", "")) if key not in others),
        values_path=texts["valuesPath"],
        fixed=tuple(key for key in split(texts.get("fixed", "")) if key not in others),
        policy=texts.get("policy", ""),
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty."""
    return tuple(line for line in text.split("\n") if line.strip())


def pairs(text: str) -> dict[str, str]:
    """The KEY=VALUE pairs of a comma-separated list."""
    return {key: value for key, _, value in (part.partition("=") for part in split(text))}


def are_keys(names: tuple[str, ...]) -> bool:
    """Whether these are names of variables, at least one."""
    return bool(names) and all(policy.is_variable_name(name) for name in names)


def are_lengths(text: str) -> bool:
    """Whether a text says lengths of keys."""
    return _are_pairs(text, _is_length)


def _are_pairs(text: str, is_value: Callable[[str], bool]) -> bool:
    return all(policy.is_variable_name(key) and is_value(value) for key, value in pairs(text).items())


def _is_short(required: str) -> bool:
    return len(required) <= LONGEST_LIST and len(split(required)) <= MOST_KEYS


def _are_ignored(names: tuple[str, ...]) -> bool:
    return len(names) <= len(VALUES) and all(name in VALUES.values() for name in names)


def _are_sources(text: str) -> bool:
    return len(split(text)) <= MOST_KEYS and _are_pairs(text, _is_source)


def _are_files(texts: Mapping[str, str]) -> bool:
    files = lines(texts["files"])
    return bool(files) == (texts["approach"] == FILES) and len(files) <= MOST_FILES


def _is_path(text: str) -> bool:
    """Whether a text is a path in values: names of letters, digits, `-` and `_`, joined by dots."""
    if len(text) > LONGEST_PATH:
        return False
    parts = (part.replace("-", "").replace("_", "") for part in text.split("."))
    return all(part.isascii() and part.isalnum() for part in parts)


def _is_length(text: str) -> bool:
    return text.isdecimal() and len(text) < 6


def _is_source(text: str) -> bool:
    name, _, key = text.partition("/")
    return names.is_name(name) and secret.is_key(key)
