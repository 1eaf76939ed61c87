"""Finds the Secrets from which the containers of a contract's image take its keys, in whatever way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from post_renderer.kube import containers, environment, mounts
from post_renderer.kube.containers import Container
from post_renderer.kube.environment import LITERAL, Source
from post_renderer.kube.manifest import CONFIG_MAP, POD_OWNERS, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import ERROR, WARNING, Finding
from post_renderer.model.record import NamedTuple
from post_renderer.requirements import contract_matches
from post_renderer.requirements.found import Asker, Found, of_secret
from post_renderer.rules import policy


class Instance(NamedTuple):
    """An installation of the application: its namespace, a container of it, and the Secret and key of each key."""

    namespace: str
    container: Container
    taken: dict[str, Source]
    whole: list[str]  # the names of Secrets that it takes whole


def askers(objects: Objects, contract: ContractFile) -> tuple[list[Asker], list[Finding]]:
    """What the contract asks of the Secrets of each installation, and keys that no container takes from a Secret."""
    found: list[Asker] = []
    findings: list[Finding] = []
    for instance in instances(objects, contract):
        findings += _literals(instance, contract)
        secrets = [source.name for source in instance.taken.values() if source.kind == SECRET] or instance.whole
        if secrets:
            found.append(_asker(objects, contract, instance, Counter(secrets).most_common(1)[0][0]))
        elif contract.required:
            findings.append(_from_nowhere(objects, contract, instance))
    return found, findings


def instances(objects: Objects, contract: ContractFile) -> list[Instance]:
    """The installations: pods that take a key from different Secrets belong to different ones."""
    found: list[Instance] = []
    # The installation by what it takes, and the last one of each namespace: with all of them each would be compared.
    owners: dict[object, Instance] = {}
    for container in containers_of(objects, contract):
        taken, whole = _taken(objects, contract, container)
        namespace = container.resource.namespace
        origins = [(namespace, key, source.kind, source.name) for key, source in taken.items()]
        near = [owners[each] for each in (*origins, namespace) if each in owners]
        instance = next((each for each in near if _agree(each.taken, taken)), None)
        if instance is None:
            instance = Instance(namespace, container, {}, [])
            found.append(instance)
        instance.whole.extend(whole)
        instance.taken.update({key: source for key, source in taken.items() if key not in instance.taken})
        owners.update(dict.fromkeys((*origins, namespace), instance))
    return found


def containers_of(objects: Objects, contract: ContractFile) -> Iterator[Container]:
    """The containers of the contract's image."""
    for resource in objects.resources:
        for container in containers.containers(resource) if resource.kind in POD_OWNERS else ():
            if containers.is_of(container, contract.images):
                yield container


def _taken(objects: Objects, contract: ContractFile, container: Container) -> tuple[dict[str, Source], list[str]]:
    """Where a container takes the contract's keys from, a Secret or the pod itself; and the Secrets it takes whole."""
    found = environment.environment(objects, container, policy.shown)
    sources = mounts.extended(objects, container, found, contract.terms.specs).variables
    found_by = {key: _emptied(sources[key]) for key in contract.terms.specs if key in sources}
    taken = {key: source for key, source in found_by.items() if source.kind in (SECRET, LITERAL)}
    return taken, [each.name for each in (*found.whole, *found.unseen) if each.kind == SECRET]


def _emptied(source: Source) -> Source:
    """The source; a ConfigMap that brings an empty value hides what a Secret brings, as an empty `value:` does."""
    is_empty = source.kind == CONFIG_MAP and source.value is not None and not source.value.strip()
    return source._replace(kind=LITERAL) if is_empty else source


def _agree(one: dict[str, Source], other: dict[str, Source]) -> bool:
    """Whether no key comes from two Secrets."""
    return all((one[key].kind, one[key].name) == (each.kind, each.name) for key, each in other.items() if key in one)


def _asker(objects: Objects, contract: ContractFile, instance: Instance, main: str) -> Asker:
    """What is asked of the Secrets of an installation; a key that no container takes is to be in the main one."""
    everything = contract_matches.required(contract, instance.namespace, main)
    literal = {key for key, source in instance.taken.items() if source.kind == LITERAL}
    everything = everything._replace(keys={key: key for key in everything.keys if key not in literal})
    secrets: dict[str, dict[str, str]] = {main: {}}
    for key in everything.keys:
        source = instance.taken.get(key)
        secrets.setdefault(source.name if source else main, {})[key] = source.key if source else key
    optional = [key for key, spec in contract.terms.specs.items() if spec.optional or spec.filled_by]
    founds = []
    for name, keys in secrets.items():
        found = of_secret(objects, everything._replace(secret=name, keys=keys), objects.hidden)
        more = {key: instance.taken[key] for key in optional if key in instance.taken}
        founds.append(_with(objects, found, {key: each for key, each in more.items() if each.name == name}))
    return Asker(everything, tuple(founds), everything.title)


def _with(objects: Objects, found: Found, more: dict[str, Source]) -> Found:
    """The same with sources for keys that need not be there."""
    whole = environment.of_object(
        objects, SECRET, found.requirement.namespace, found.requirement.secret, found.requirement.place
    )
    added = {name: environment.keyed(objects, whole, each.key, "") for name, each in more.items()}
    return found._replace(sources={**found.sources, **added})


def _literals(instance: Instance, contract: ContractFile) -> Iterator[Finding]:
    """Report keys whose value is plaintext in a pod, and required ones that it has without a value."""
    for key, source in instance.taken.items():
        is_empty = source.kind == LITERAL and source.value is not None and not source.value.strip()
        if is_empty and key in contract.required:
            message = f"{key} is empty in the pod, whatever a Secret has"
            fix = "take it from a Secret, by the chart's value for an existing one"
            yield Finding(ERROR, "no-source", source.place, message, "a key of a Secret", fix, key)
        elif source.kind == LITERAL and source.value and not is_empty:
            message = f"{key} is plaintext in the pod, not in a Secret"
            fix = "take it from a Secret, by the chart's value for an existing one"
            yield Finding(WARNING, "literal-secret", source.place, message, "a key of a Secret", fix, key)


def _from_nowhere(objects: Objects, contract: ContractFile, instance: Instance) -> Finding:
    title = instance.container.title
    message = f"{title} takes none of the contract's keys from a Secret: {', '.join(contract.required)}"
    place = environment.place_of(objects.data, instance.container, instance.container.node)
    fix = "name a Secret by the chart's value for an existing one"
    return Finding(ERROR, "no-source", place, message, "variables or files that come from a Secret", fix)
