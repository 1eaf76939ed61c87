"""Charts that know nothing of contracts: which of their containers are judged."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from post_renderer import manifest, profile, wires, workload
from post_renderer.contract import Contract
from post_renderer.manifest import Resource
from post_renderer.model import Settings
from post_renderer.objects import Objects
from post_renderer.unit import Unit

if TYPE_CHECKING:
    from post_renderer.uservalues import Section


def units(
    data: bytes, resources: list[Resource], contracts: list[Contract], settings: Settings, hidden: bool
) -> list[Unit]:
    """The containers that are to be judged: of a known application, and not those that a contract speaks for."""
    objects = Objects(data, resources)
    found = [unit for resource in resources for unit in _of_resource(objects, resource, settings, hidden)]
    found = [unit for unit in found if unit.required and not any(_speaks_for(each, unit) for each in contracts)]
    return [unit._replace(section=_section(unit, found, settings)) for unit in found]


def _of_resource(objects: Objects, resource: Resource, settings: Settings, hidden: bool) -> Iterator[Unit]:
    """The containers of one object that run a known application."""
    if resource.kind not in manifest.POD_OWNERS:
        return
    for container in workload.containers(resource):
        for each in profile.profiles(settings):
            if workload.runs(container, each, objects.keys_of):
                yield Unit(objects, container, each, wires.environment(objects, container, each.required), hidden)
                break


def _speaks_for(contract: Contract, unit: Unit) -> bool:
    """Whether a required variable comes, or may come, from the Secret that a contract judges."""
    resource = unit.container.resource
    here = resource.same(contract.namespace, resource.name)
    return here and any(source.name == contract.secret for source in unit.secrets)


def _section(unit: Unit, units: list[Unit], settings: Settings) -> "Section | None":
    """What the user's values say of this one."""
    if settings.values is None:
        return None
    from post_renderer import said, uservalues  # few runs are told values, and each module costs a start

    others = [each for each in units if each.profile is unit.profile]
    return said.section_of(unit, others, uservalues.sections(settings.values, unit.profile))
