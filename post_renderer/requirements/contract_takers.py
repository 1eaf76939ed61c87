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
WORD = rb"""(?<![^\s"'=:,\[{])%s(?![^\s"',}\]])"""
LABELS = rb"[\w.-]+/[\w.-]+|[\w-]*[nN]ame|image|app|component|release|labels|matchLabels|selector"
LABEL = re.compile(rb"""[ \t-]*["']?(?:%s)["']?[ \t]*:""" % LABELS)
SHORTEST = 4  # characters of a key; a shorter one is near everything
LIST = "list it in the contract (`required`, or --key of `scaffold guard`), and leave out what was meant to be it"

Home = tuple[str, str]  # the namespace and name of a Secret


def documents(objects: Objects, starts: list[int]) -> list[Document]:
    """The documents that name a Secret which a contract of keys is about."""
    contracts = (each for each in objects.resources if manifest.contract_version(each) == VERSION)
    blocks = (each.node.mapping("data") for each in contracts)
    names = {block.text("secret") for block in blocks if block} - {""}
    return stream.holding(objects.data, starts, names, NAME)


def completed(objects: Objects, contracts: Sequence[Contract]) -> tuple[list[Contract], list[Finding]]:
    """The contracts with the keys that pods can't do without; what the contracts lack, and those of no pod's Secret."""
    of_keys = [each for each in contracts if each.terms.specs]
    if not of_keys:
        return list(contracts), []
    takers = objects.once(_needed)
    first = {_home(each): each for each in reversed(of_keys)}
    listed: dict[Home, set[str]] = {}
    for each in of_keys:
        listed.setdefault(_home(each), set()).update(each.terms.specs)
    taken = {home: _taken(takers, home) for home in first}
    lacks = {home: {key: by for key, by in taken[home].items() if key not in listed[home]} for home in first}
    findings = [_unlisted(objects, first[home], *one) for home, keys in lacks.items() for one in keys.items()]
    findings += [each for contract in first.values() for each in _misdirected(objects, contract)]
    return [_with(each, lacks[_home(each)] if each is first.get(_home(each)) else {}) for each in contracts], findings


def _home(contract: Contract) -> Home:
    return contract.namespace, contract.secret


def _taken(takers: Mapping[Home, Mapping[str, str]], home: Home) -> Mapping[str, str]:
    """Who takes each key of a Secret. If its namespace is not known, pods of one namespace are meant to be in it."""
    namespace, name = home
    same = [each for each in takers if each[1] == name and not namespace]
    return takers.get(home) or (takers[same[0]] if len(same) == 1 else {})


def _with(contract: Contract, keys: Mapping[str, str]) -> Contract:
    """The same with further keys, which only have to be there."""
    if not keys:
        return contract
    terms = contract.terms._replace(specs={**contract.terms.specs, **dict.fromkeys(keys, Spec(BINARY))})
    return contract._replace(required=(*contract.required, *keys), terms=terms)


def _needed(objects: Objects) -> dict[Home, dict[str, str]]:
    """Who takes each key of each Secret that pods can't do without; as many of a Secret as a contract may have."""
    found: dict[Home, dict[str, str]] = {}
    for resource in objects.resources:
        for each in needed.of(resource) if resource.kind in POD_OWNERS else ():
            keys = found.setdefault((resource.namespace, each.secret), {})
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


def _misdirected(objects: Objects, contract: Contract) -> Iterator[Finding]:
    """Report a contract whose Secret no pod takes, though there are pods."""
    if not RUNS.search(objects.data) or (contract.approach == EXISTING and _is_made(objects, contract)):
        return
    pods = [each for each in objects.resources if each.kind in POD_OWNERS and contract.secret in needed.takers(each)]
    spaces = dict.fromkeys(each.namespace for each in pods)
    if contract.namespace and all(spaces) and spaces and contract.namespace not in spaces:
        yield _elsewhere(objects, contract, ", ".join(spaces))
    elif not spaces and not _is_named(objects, contract):
        yield _unused(objects, contract)


def _elsewhere(objects: Objects, contract: Contract, spaces: str) -> Finding:
    message = f"pods take the Secret {contract.secret} of {spaces}, and the contract is about {contract.namespace}"
    fix = f"install into {contract.namespace}, or write the contract for {spaces} (--namespace of `scaffold guard`)"
    place = contract.resource.place(objects.data)
    return Finding(ERROR, "other-namespace", place, message, "the namespace of the pods", fix)


def _is_made(objects: Objects, contract: Contract) -> bool:
    return objects.get(SECRET, contract.namespace, contract.secret) is not None


def _is_named(objects: Objects, contract: Contract) -> bool:
    """Whether the stream names the Secret, besides the contract, the Secret and what makes it."""
    data, name = objects.data, contract.secret
    own = {each.document.number for each in objects.resources if _is_own(each, name)}
    texts = (
        data[each.start : each.end]
        for each in stream.holding(data, stream.cut(data), (name,), NAME)
        if each.number not in own
    )
    word = re.compile(WORD % re.escape(name.encode()))
    return any(_names(text, name.encode(), word) for text in texts)


def _names(text: bytes, name: bytes, word: re.Pattern[bytes]) -> bool:
    """Whether a document refers to a name: no label, image or name of an object, which may be the same word."""
    if any(match[1] == name for match in contract_matches.NAMED.finditer(text)):
        return True
    return any(word.search(line) and not LABEL.match(line) for line in text.splitlines() if name in line)


def _is_own(resource: Resource, name: str) -> bool:
    is_secret = resource.kind == SECRET and resource.name == name
    return is_secret or resource.kind not in KINDS or manifest.contract_version(resource) is not None


def _unused(objects: Objects, contract: Contract) -> Finding:
    named = [each for each in contract_matches.referenced(objects) if each != contract.secret]
    meant = policy.closest(contract.secret, tuple(named)) if len(contract.secret) >= SHORTEST else None
    hint = f": did you mean {meant}?" if meant else f"; it names {contract_matches.shown(named)}" if named else ""
    message = f"nothing in the stream takes the Secret {contract.secret} of the contract{hint}"
    expected = "the Secret that the application takes"
    fix = f"set the chart's value for an existing Secret to {contract.secret}, or correct `secret` of the contract"
    return Finding(WARNING, "unused-contract", contract.resource.place(objects.data), message, expected, fix)
