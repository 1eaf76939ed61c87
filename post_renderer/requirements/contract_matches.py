"""Finds the Secrets that contract files are about: in the stream, or named by what is in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from post_renderer.kube import containers, manifest
from post_renderer.kube.manifest import POD_OWNERS, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import INLINE, KEYS, Requirement
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found, of_secret

RULE = "contract-unmatched"
RELEASE = "{release}"
# Labels by which a chart names its release, as bytes of the stream; the most frequent text is the release's name.
INSTANCE = re.compile(rb"""(?m)^[ \t]*["']?app\.kubernetes\.io/instance["']?:[ \t]*["']?([a-z0-9.-]+)["']?[ \t\r]*$""")
# Where any object names a Secret: `secretName: x`, `existingSecret: x`, and the name below a reference.
NAMED = re.compile(
    rb"""(?m)(?<!/)[sS]ecret(?:Name|Ref|KeyRef|KeySelector)?["']?:[ \t]*"""
    rb"""(?:\r?\n[ \t]+(?:key:[^\n]*\n[ \t]+)?name:[ \t]*)?["']?([a-z0-9][a-z0-9.-]*)["']?[ \t\r]*$"""
)
IMAGE = re.compile(rb"""(?<![\w.-])["']?image["']?:[ \t]*["']?([\w./:@-]+)""")
MOST_SHOWN = 10


class Match(NamedTuple):
    """A Secret that a contract is about."""

    namespace: str
    name: str


def words(contracts: Sequence[ContractFile]) -> Iterator[bytes]:
    """What a document holds that names a contract's Secrets: the longest part of the name that is fixed."""
    for contract in contracts:
        yield from (image.strip("/").encode() for image in contract.images)
        if contract.secret:
            parts = re.split(r"\*|\{release\}", contract.secret)
            yield max(parts, key=len).encode()


def askers(objects: Objects, settings: Settings) -> tuple[list[Asker], list[Finding]]:
    """What the contracts ask of each Secret that they match, and those that match nothing."""
    found: list[Asker] = []
    findings: list[Finding] = []
    for contract in (_of_release(objects, each) for each in settings.contracts):
        asked, wrong = _asked(objects, contract, settings)
        found += asked
        findings += wrong
        if not (asked or wrong or contract.present or _runs(objects, contract)):
            findings.append(_unmatched(objects, contract))
    return found, findings


def injected(of_files: Sequence[Asker], before: Sequence[Asker]) -> list[Asker]:
    """The same as what --inject fills, but for Secrets that a contract in the stream fills."""
    asked = [each.requirement for asker in before for each in asker.found if each.requirement.fills]
    taken = {(each.namespace, each.secret) for each in asked}
    return [asker._replace(found=tuple(_injected(each, taken) for each in asker.found)) for asker in of_files]


def _injected(found: Found, taken: Collection[tuple[str, str]]) -> Found:
    requirement = found.requirement
    if (requirement.namespace, requirement.secret) in taken:
        return found
    return found._replace(requirement=requirement._replace(approach=INLINE, fills=KEYS))


def _of_release(objects: Objects, contract: ContractFile) -> ContractFile:
    """The contract with the release's name in the names of other Secrets."""
    if not contract.terms.equal:
        return contract
    release = _release(objects.data) or RELEASE
    equal = tuple((key, other.replace(RELEASE, release)) for key, other in contract.terms.equal)
    return contract._replace(terms=contract.terms._replace(equal=equal))


def _asked(objects: Objects, contract: ContractFile, settings: Settings) -> tuple[Sequence[Asker], Sequence[Finding]]:
    """What one contract asks of each Secret that it matches, and what is wrong with how pods take the keys."""
    if contract.images:
        from post_renderer.requirements import contract_images

        pods = list(contract_images.containers_of(objects, contract))
        if not contract.secret:
            return contract_images.askers(objects, contract)
        if not pods:
            return (), ()
        named = Match(pods[0].resource.namespace, contract.secret.replace(RELEASE, _release(objects.data)))
        matches = list(_matches(objects, contract, settings)) or [named]
        return [_asker(objects, contract, match) for match in matches], ()
    if contract.profile is not None:  # its containers are looked at one by one, with Heimdall's
        return (), ()
    return [_asker(objects, contract, match) for match in _matches(objects, contract, settings)], ()


def _asker(objects: Objects, contract: ContractFile, match: Match) -> Asker:
    requirement = required(contract, match.namespace, match.name)
    return Asker(requirement, (of_secret(objects, requirement, objects.hidden),), requirement.title)


def required(contract: ContractFile, namespace: str, secret: str) -> Requirement:
    """What a contract asks of a Secret."""
    return Requirement(
        asker=f"contract {contract.place.file}",
        place=contract.place,
        secret=secret,
        namespace=namespace,
        keys={key: key for key in contract.required},
        lengths=contract.lengths,
        values_path="",
        whole=True,
        terms=contract.terms,
        application=contract.application,
    )


def _matches(objects: Objects, contract: ContractFile, settings: Settings) -> Iterator[Match]:
    """The Secrets that a contract is about, each once."""
    secrets = [each for each in objects.resources if each.kind == SECRET]
    if contract.labels:
        found = [Match(each.namespace, each.name) for each in secrets if _has_labels(each, contract)]
    else:
        pattern = _pattern(contract.secret, objects.data)
        namespace = manifest.release_namespace(objects.resources, settings.namespace)
        found = [Match(each.namespace, each.name) for each in secrets]
        known = {match.name for match in found}
        named = [contract.secret] if _is_written(contract.secret, objects.data) else []
        found += [Match(namespace, name) for name in (*referenced(objects), *named) if name not in known]
        found = [match for match in found if pattern.fullmatch(match.name)]
    yield from dict.fromkeys(found)


def _pattern(secret: str, data: bytes) -> re.Pattern[str]:
    """The names that a name with `{release}` and `*` stands for; an unknown release is any text."""
    release = re.escape(_release(data)) or ".*"
    parts = (release if part == RELEASE else ".*" if part == "*" else re.escape(part) for part in _parts(secret))
    return re.compile("".join(parts))


def _is_written(secret: str, data: bytes) -> bool:
    """Whether a whole name is anywhere in the stream: who reads it by the API names it in a role, or an argument."""
    is_whole = "*" not in secret and RELEASE not in secret
    return is_whole and bool(re.search(rb"(?<![\w.-])" + re.escape(secret.encode()) + rb"(?![\w.-])", data))


def _parts(secret: str) -> list[str]:
    return re.split(r"(\*|\{release\})", secret)


def _release(data: bytes) -> str:
    """The release's name, as most labels of the stream have it; empty if none does."""
    most = Counter(match[1] for match in INSTANCE.finditer(data)).most_common(1)
    return most[0][0].decode() if most else ""


def referenced(objects: Objects) -> dict[str, None]:
    """The names of Secrets that objects of the stream name, whatever kind they are."""
    return objects.once(_names)


def _names(objects: Objects) -> dict[str, None]:
    named = {match[1].decode() for match in NAMED.finditer(objects.data)}
    pods = (name for each in objects.resources if each.kind in POD_OWNERS for name in containers.taken(each))
    return dict.fromkeys(sorted({*named, *pods} - {""}))


def _has_labels(resource: Resource, contract: ContractFile) -> bool:
    labels = resource.node.mapping("metadata", "labels")
    return labels is not None and all(labels.text(name) == text for name, text in contract.labels.items())


def _runs(objects: Objects, contract: ContractFile) -> bool:
    """Whether a container of the stream is of the application of a contract of the first form."""
    profile = contract.profile
    if profile is None:
        return False
    owners = (each for each in objects.resources if each.kind in POD_OWNERS)
    found = (one for each in owners for one in containers.containers(each))
    return any(containers.likeness(one, profile, objects.keys_of) for one in found)


def _unmatched(objects: Objects, contract: ContractFile) -> Finding:
    """The error, with what there is to match."""
    images = {match[1].decode(errors="replace") for match in IMAGE.finditer(objects.data)}
    secrets = {each.name for each in objects.resources if each.kind == SECRET} | {*referenced(objects)}
    message = f"the contract matches nothing; images: {shown(images)}; Secrets: {shown(secrets)}"
    expected = "an image, a Secret or a reference to one that it is about"
    fix = "correct what it matches by, in a copy if it ships (heimdall-pr contract show NAME > FILE); "
    fix += "`when: present` if it may be absent"
    return Finding(ERROR, RULE, contract.place, message, expected, fix)


def shown(found: Collection[str]) -> str:
    """Some names as a report shows them."""
    shown = [each[: manifest.LONGEST] for each in sorted(found)[:MOST_SHOWN]]
    more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return ", ".join(shown) + more if shown else "none"
