"""Finds what workloads ask for that no contract speaks for: their containers say where each variable comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.kube import containers, manifest
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import profile
from post_renderer.requirements.contract import Contract
from post_renderer.requirements.found import Asker


def askers(objects: Objects, contracts: Sequence[Contract], settings: Settings) -> list[Asker]:
    """What the containers of known applications ask for, but for those that a contract speaks for."""
    running = [pair for resource in objects.resources for pair in _running(objects, resource, settings)]
    alone = [(one, each) for one, each in running if not any(_speaks_for(other, one, each) for other in contracts)]
    if not alone:
        return []
    from post_renderer.requirements import workload_askers

    return workload_askers.of(objects, alone, settings)


def _running(objects: Objects, resource: Resource, settings: Settings) -> Iterator[tuple[Container, Profile]]:
    """The containers of one object that run a known application, and which."""
    if resource.kind not in manifest.POD_OWNERS:
        return
    for container in containers.containers(resource):
        for each in profile.profiles(settings):
            if containers.runs(container, each, objects.keys_of):
                yield container, each
                break


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
