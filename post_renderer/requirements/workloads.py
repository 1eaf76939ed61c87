"""Charts that know nothing of contracts: which of their containers are judged."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from post_renderer.kube import manifest, workload
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.workload import Container
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import profile
from post_renderer.requirements.contract import Contract

if TYPE_CHECKING:
    from post_renderer.requirements.unit import Unit
    from post_renderer.requirements.user_values import Section


def units(
    data: bytes, resources: list[Resource], contracts: list[Contract], settings: Settings, hidden: bool
) -> "list[Unit]":
    """The containers that are to be judged: of a known application, and not those that a contract speaks for."""
    objects = Objects(data, resources)
    running = [pair for resource in resources for pair in _running(objects, resource, settings)]
    strange = [(one, each) for one, each in running if not any(_speaks_for(other, one, each) for other in contracts)]
    return _units(objects, strange, settings, hidden) if strange else []


def _units(
    objects: Objects, strange: list[tuple[Container, Profile]], settings: Settings, hidden: bool
) -> "list[Unit]":
    """Those of the containers that have to have something, with where their variables come from."""
    from post_renderer.kube import environment as wires  # streams of our own chart are spared what only others need
    from post_renderer.requirements.unit import Unit

    found = [Unit(objects, one, each, wires.environment(objects, one, each.required), hidden) for one, each in strange]
    found = [unit for unit in found if unit.required]
    return [unit._replace(section=_section(unit, found, settings)) for unit in found]


def _running(objects: Objects, resource: Resource, settings: Settings) -> Iterator[tuple[Container, Profile]]:
    """The containers of one object that run a known application, and which."""
    if resource.kind not in manifest.POD_OWNERS:
        return
    for container in workload.containers(resource):
        for each in profile.profiles(settings):
            if workload.runs(container, each, objects.keys_of):
                yield container, each
                break


def _speaks_for(contract: Contract, container: Container, each: Profile) -> bool:
    """Whether a required variable comes, or may come, from the Secret that a contract judges."""
    resource = container.resource
    if not resource.same(contract.namespace, resource.name):
        return False
    if any(kind == SECRET and name == contract.secret for kind, name, _, _ in workload.whole_sources(container)):
        return True
    sources = (
        variable.mapping("valueFrom", "secretKeyRef")
        for variable in container.node.items("env")
        if variable.text("name") in each.required
    )
    return any(source.text("name") == contract.secret for source in sources if source)


def _section(unit: "Unit", units: "list[Unit]", settings: Settings) -> "Section | None":
    """What the user's values say of this one."""
    if settings.values is None:
        return None
    from post_renderer.requirements import user_values  # few runs are told values, and each module costs a start
    from post_renderer.sources import said

    others = [each for each in units if each.profile is unit.profile]
    return said.section_of(unit, others, user_values.sections(settings.values, unit.profile))
