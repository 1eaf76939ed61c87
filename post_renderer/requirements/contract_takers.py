"""Compares contracts of keys with the pods: the keys that they take from its Secret, and in which namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from post_renderer.document import stream
from post_renderer.document.stream import Document
from post_renderer.kube import manifest, needed, secret
from post_renderer.kube.manifest import POD_OWNERS, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, NOTE, Finding
from post_renderer.model.requirement import EXISTING
from post_renderer.model.terms import BINARY, Spec
from post_renderer.requirements import contract_matches
from post_renderer.requirements.contract import MOST_KEYS, Contract
from post_renderer.rules import policy

VERSION = "v2"
NAME = b"name"  # every object has one
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
    """The contracts with the keys that pods can't do without; what they lack, and those of another namespace."""
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
    findings += _misdirected(objects, list(first.values()))
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
    """Report contracts whose Secrets pods of another namespace take."""
    takers = objects.once(_takers)
    for contract in contracts:
        spaces = takers.get(contract.secret, {})
        is_elsewhere = spaces and all(spaces) and contract.namespace and contract.namespace not in spaces
        if is_elsewhere and not (contract.approach == EXISTING and _is_made(objects, contract)):
            yield _elsewhere(objects, contract, contract_matches.shown(spaces))


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
