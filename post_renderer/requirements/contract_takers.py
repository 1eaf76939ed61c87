"""Compares contracts of keys with the pods: the keys that they take from its Secret, and whether any takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from post_renderer.document import stream
from post_renderer.document.stream import Document
from post_renderer.kube import manifest, needed, secret
from post_renderer.kube.manifest import KINDS, POD_OWNERS, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.requirement import EXISTING
from post_renderer.model.terms import BINARY, Spec
from post_renderer.requirements import contract_matches
from post_renderer.requirements.contract import MOST_KEYS, Contract
from post_renderer.rules import policy

VERSION = "v2"
NAME = b"name"  # every object has one
RUNS = re.compile(rb"""containers["']?[ \t]*:""")
# A name as a text of its own, and the lines in which the same word is often something else.
WORD = re.compile(rb"""(?<![^\s"'=:,\[{])[a-z0-9][a-z0-9.-]*(?![^\s"',}\]])""")
LABELS = rb"[\w.-]+/[\w.-]+|[\w-]*[nN]ame|image|app|component|release|labels|matchLabels|selector"
LABEL = re.compile(rb"""[ \t-]*["']?(?:%s)["']?[ \t]*:""" % LABELS)
SHORTEST = 4  # characters of a key; a shorter one is near everything
LIST = "list it in the contract (`required`, or --key of `scaffold guard`), and leave out what was meant to be it"

Home = tuple[str, str]  # the namespace and name of a Secret


def documents(objects: Objects, starts: list[int]) -> list[Document]:
    """The documents that name a Secret which a contract of keys is about."""
    return stream.holding(objects.data, starts, objects.once(_secrets), NAME)


def _secrets(objects: Objects) -> set[str]:
    """The Secrets that contracts of keys are about."""
    contracts = (each for each in objects.resources if manifest.contract_version(each) == VERSION)
    blocks = (each.node.mapping("data") for each in contracts)
    return {block.text("secret") for block in blocks if block} - {""}


def completed(objects: Objects, contracts: Sequence[Contract]) -> tuple[list[Contract], list[Finding]]:
    """The contracts with the keys that pods can't do without; what the contracts lack, and those of no pod's Secret."""
    of_keys = [each for each in contracts if each.terms.specs]
    if not of_keys:
        return list(contracts), []
    first = {_home(each): each for each in reversed(of_keys)}
    listed: dict[Home, set[str]] = {}
    for each in of_keys:
        listed.setdefault(_home(each), set()).update(each.terms.specs)
    taken = {home: _taken(objects, home) for home in first}
    lacks = {home: {key: by for key, by in taken[home].items() if key not in listed[home]} for home in first}
    findings = [_unlisted(objects, first[home], *one) for home, keys in lacks.items() for one in keys.items()]
    findings += _misdirected(objects, list(first.values())) if RUNS.search(objects.data) else ()
    return [_with(each, lacks[_home(each)] if each is first.get(_home(each)) else {}) for each in contracts], findings


def _home(contract: Contract) -> Home:
    return contract.namespace, contract.secret


def _taken(objects: Objects, home: Home) -> Mapping[str, str]:
    """Who takes each key of a Secret. If its namespace is not known, pods of one namespace are meant to be in it."""
    namespace, name = home
    spaces = objects.once(_needed).get(name, {})
    one = next(iter(spaces.values())) if len(spaces) == 1 and not namespace else {}
    return spaces.get(namespace) or one


def _with(contract: Contract, keys: Mapping[str, str]) -> Contract:
    """The same with further keys, which only have to be there."""
    if not keys:
        return contract
    terms = contract.terms._replace(specs={**contract.terms.specs, **dict.fromkeys(keys, Spec(BINARY))})
    return contract._replace(required=(*contract.required, *keys), terms=terms)


def _needed(objects: Objects) -> dict[str, dict[str, dict[str, str]]]:
    """Who takes each key that pods can't do without, by name and namespace of the Secret; as many as a contract has."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for resource in objects.resources:
        for each in needed.of(resource) if resource.kind in POD_OWNERS else ():
            keys = found.setdefault(each.secret, {}).setdefault(resource.namespace, {})
            if secret.is_key(each.key) and len(keys) < MOST_KEYS:
                keys.setdefault(each.key, each.title)
    return found


def _unlisted(objects: Objects, contract: Contract, key: str, title: str) -> Finding:
    """The note that pods take a key which the contract does not list."""
    meant = policy.closest(key, tuple(contract.terms.specs)) if len(key) >= SHORTEST else None
    hint = f": is {meant} meant to be it?" if meant else ""
    message = f"{title} takes {key} of the Secret {contract.secret}, which the contract does not list{hint}"
    place = contract.resource.place(objects.data)
    return Finding(NOTE, "unlisted-key", place, message, "a contract with all keys that pods take", LIST)


def _misdirected(objects: Objects, contracts: Sequence[Contract]) -> Iterator[Finding]:
    """Report contracts whose Secrets no pod takes, though there are pods."""
    takers = objects.once(_takers)
    others = [each for each in contracts if each.approach != EXISTING or not _is_made(objects, each)]
    named = _named(objects, {each.secret for each in others if each.secret not in takers})
    for contract in others:
        spaces = takers.get(contract.secret, {})
        if spaces and all(spaces) and contract.namespace and contract.namespace not in spaces:
            yield _elsewhere(objects, contract, contract_matches.shown(spaces))
        elif not spaces and contract.secret not in named:
            yield _unused(objects, contract)


def _takers(objects: Objects) -> dict[str, dict[str, None]]:
    """The namespaces of the pods that take something from a Secret, by its name."""
    found: dict[str, dict[str, None]] = {}
    for resource in objects.resources:
        for name in needed.takers(resource) if resource.kind in POD_OWNERS else ():
            found.setdefault(name, {})[resource.namespace] = None
    return found


def _elsewhere(objects: Objects, contract: Contract, spaces: str) -> Finding:
    message = f"pods take the Secret {contract.secret} of {spaces}, and the contract is about {contract.namespace}"
    fix = f"install into {contract.namespace}, or write the contract for {spaces} (--namespace of `scaffold guard`)"
    place = contract.resource.place(objects.data)
    return Finding(ERROR, "other-namespace", place, message, "the namespace of the pods", fix)


def _is_made(objects: Objects, contract: Contract) -> bool:
    return objects.get(SECRET, contract.namespace, contract.secret) is not None


def _named(objects: Objects, wanted: set[str]) -> set[str]:
    """Those of some names that the stream refers to, besides the contracts, the Secrets and what makes them."""
    data = objects.data
    own = {each.document.number: each.name for each in objects.resources if _is_own(each)}
    made = {number for number, name in own.items() if name not in wanted}
    texts = {
        each.number: data[each.start : each.end]
        for each in (stream.holding(data, stream.cut(data), wanted, NAME) if wanted else ())
        if each.number not in made
    }
    found = ((number, name) for number, text in texts.items() for name in _names(text))
    return {name for number, name in found if name in wanted and own.get(number) != name}


def _is_own(resource: Resource) -> bool:
    return resource.kind == SECRET or resource.kind not in KINDS or manifest.contract_version(resource) is not None


def _names(text: bytes) -> Iterator[str]:
    """What a document refers to: no label, image or name of an object, which may be the same word."""
    yield from (match[1].decode() for match in contract_matches.NAMED.finditer(text))
    for line in text.splitlines():
        if not LABEL.match(line):
            yield from (match[0].decode() for match in WORD.finditer(line))


def _candidates(objects: Objects) -> tuple[str, ...]:
    """The Secrets that the stream names, besides those of contracts."""
    return tuple(name for name in contract_matches.referenced(objects) if name not in objects.once(_secrets))


def _shown(objects: Objects) -> str:
    return contract_matches.shown(objects.once(_candidates))


def _unused(objects: Objects, contract: Contract) -> Finding:
    named = objects.once(_candidates)
    is_long = len(contract.secret) >= SHORTEST and objects.may_compare(len(named))
    meant = policy.closest(contract.secret, named) if is_long else None
    hint = f": did you mean {meant}?" if meant else f"; it names {objects.once(_shown)}" if named else ""
    message = f"nothing in the stream takes the Secret {contract.secret} of the contract{hint}"
    expected = "the Secret that the application takes"
    fix = f"set the chart's value for an existing Secret to {contract.secret}, or correct `secret` of the contract"
    return Finding(WARNING, "unused-contract", contract.resource.place(objects.data), message, expected, fix)
