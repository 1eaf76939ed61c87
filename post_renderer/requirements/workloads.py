"""Finds what workloads ask for: their containers say where each variable comes from.

A contract speaks for the variables that a container takes from where the contract says; all others are judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.document.nodes import Mapping as Node
from post_renderer.kube import containers, manifest
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import profile
from post_renderer.requirements.contract import Contract
from post_renderer.requirements.found import Asker, Running


def askers(objects: Objects, contracts: Sequence[Contract], settings: Settings) -> list[Asker]:
    """What the containers of known applications ask for, but for what a contract speaks for."""
    running = [_running(container, each, contracts) for container, each in applications(objects, settings)]
    judged = [each for each in running if each.wanted]
    if not judged:
        return []
    from post_renderer.requirements import workload_askers

    return workload_askers.of(objects, judged, settings)


def applications(objects: Objects, settings: Settings) -> Iterator[tuple[Container, Profile]]:
    """The containers that run a known application, and which."""
    profiles = profile.profiles(settings)
    owners = (resource for resource in objects.resources if resource.kind in manifest.POD_OWNERS)
    for container in (container for resource in owners for container in containers.containers(resource)):
        for each in profiles:
            if containers.runs(container, each, objects.keys_of):
                yield container, each
                break


def _running(container: Container, each: Profile, contracts: Sequence[Contract]) -> Running:
    """What a container asks for, with what a contract says of it."""
    contract = next((contract for contract in contracts if _speaks_for(contract, container, each)), None)
    return _judged(container, each, contract) if contract else Running(container, each, each.required, {})


def _judged(container: Container, each: Profile, contract: Contract) -> Running:
    """The variables that do not come from where the contract says, or of which it does not speak."""
    own = {key: f"{contract.secret}/{key}" for key in contract.required}
    expected = {**own, **contract.others}
    entries = {node.text("name"): node for node in container.node.items("env")}  # the last one of a name counts
    is_whole = _takes_last(container, contract.secret)
    wanted = []
    for name in each.required:
        node = entries.get(name)
        source = _source(node) if node else own.get(name, "") if is_whole else ""
        is_taken = node is not None or not container.ends
        if is_taken and (not source or source != expected.get(name)):
            wanted.append(name)
    return Running(container, each, tuple(wanted), expected)


def _source(node: Node) -> str:
    """`SECRET/KEY` of an entry of `env`; empty if it is optional, or comes from something else."""
    source = node.mapping("valueFrom", "secretKeyRef")
    if source is None or source.flag("optional") or node.text("value"):
        return ""
    return f"{source.text('name')}/{source.text('key')}"


def _takes_last(container: Container, secret: str) -> bool:
    """Whether envFrom takes a Secret whole, under its own names, and nothing after it that could override it."""
    sources = list(containers.whole_sources(container))
    return bool(sources) and sources[-1] == (SECRET, secret, "", False)


def _speaks_for(contract: Contract, container: Container, each: Profile) -> bool:
    """Whether a required variable comes, or may come, from the Secret that a contract is about."""
    if container.resource.namespace != contract.namespace:
        return False
    if any(kind == SECRET and name == contract.secret for kind, name, _, _ in containers.whole_sources(container)):
        return True
    sources = (
        variable.mapping("valueFrom", "secretKeyRef")
        for variable in container.node.items("env")
        if variable.text("name") in each.required
    )
    return any(source.text("name") == contract.secret for source in sources if source)
