"""Charts that know nothing of contracts: which of their containers are judged, and what judging one gives."""

from collections.abc import Iterator
from typing import NamedTuple

from post_renderer import checks, inject, manifest, miswired, profile, rules, said, secret, uservalues, wires, workload
from post_renderer.contract import Contract
from post_renderer.manifest import SECRET, Resource
from post_renderer.model import Edit, Facts, Finding, Judged, Settings
from post_renderer.nodes import Node
from post_renderer.secret import SecretData
from post_renderer.unit import Unit
from post_renderer.wires import CONFIG_MAP, LITERAL, Objects, Source


class Verdict(NamedTuple):
    """What judging one container gave."""

    judged: Judged
    findings: tuple[Finding, ...]
    fills: tuple[inject.Fill, ...]


def units(
    data: bytes, resources: list[Resource], contracts: list[Contract], settings: Settings, hidden: bool
) -> list[Unit]:
    """The containers that are to be judged: of a known application, and not those that a contract speaks for."""
    objects = Objects(data, resources)
    found = [unit for resource in resources for unit in _of_resource(objects, resource, settings, hidden)]
    found = [unit for unit in found if unit.required and not any(_speaks_for(each, unit) for each in contracts)]
    return [unit._replace(section=_section(unit, found, settings)) for unit in found]


def judge(unit: Unit, facts: Facts, settings: Settings) -> Verdict:
    """What a container's variables hold or will hold, and all that is wrong with them and with their wires."""
    injection = inject.judge(unit, facts, settings)
    data = _data(unit, injection)
    findings = [*said.of_unit(unit), *_wrong(unit, injection), *injection.findings, *checks.run(data, unit.contract)]
    seen = all(name in data.values for name in unit.required)
    judged = Judged(unit.container.title, _approach(unit), seen, len(unit.required), injection.read)
    return Verdict(judged, tuple(findings), injection.fills)


def redactions(unit: Unit) -> Iterator[Edit]:
    """The edits that hide each value that is or holds a secret, in such a way that nobody can install it."""
    for name in (*unit.required, *rules.OPTIONAL):
        source = unit.environment.variables.get(name)
        if source is None:
            continue
        if source.kind == SECRET and source.resource:
            yield from secret.redact(unit.data, source.resource)
        elif source.kind == CONFIG_MAP and source.field:
            yield from _spoiled(unit.data, name, source.field.key, source.field.value)
        elif source.kind == LITERAL and source.node:
            yield from _spoiled(unit.data, name, source.node.get("name"), source.node.get("value"))
    for source in unit.environment.whole:
        if source.kind == SECRET and source.resource:
            yield from secret.redact(unit.data, source.resource)


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


def _section(unit: Unit, units: list[Unit], settings: Settings) -> uservalues.Section | None:
    """What the user's values say of this one."""
    if settings.values is None:
        return None
    names = [each.container.resource.name for each in units if each.profile is unit.profile]
    sections = uservalues.sections(settings.values, unit.profile)
    return said.section_of(unit.container.resource.name, sections, names)


def _data(unit: Unit, injection: inject.Injection) -> SecretData:
    """The variables that checks are about: the required ones, and what else comes from Secrets in the stream."""
    found = {name: source for name, source in unit.environment.variables.items() if _is_judged(unit, name, source)}
    values = {name: source.value for name, source in found.items() if source.value is not None}
    places = {name: source.place for name, source in found.items()}
    nowhere = [name for name in unit.required if name not in found]
    whole = [source for source in unit.environment.whole if source.kind == SECRET]
    unknown = {name for name, source in found.items() if source.value is None and not source.is_missing}
    unknown.update(nowhere if unit.environment.unseen or not whole else ())
    return SecretData(
        values={name: value for name, value in {**values, **injection.values}.items() if name not in injection.unknown},
        places={**places, **injection.places},
        whole=whole[-1].place if whole else unit.place,
        filler=_filler(unit),
        unknown=frozenset(unknown - injection.values.keys()) | injection.unknown,
    )


def _is_judged(unit: Unit, name: str, source: Source) -> bool:
    """Whether checks are about a variable: others' keys of the same Secret are not this container's."""
    if name in unit.required:
        return True
    return source.kind == SECRET and source.resource is not None and (source.node is None or name in rules.OPTIONAL)


def _filler(unit: Unit) -> str:
    """What fills a key that is missing, where the values name files that the chart can't read."""
    paths = unit.contract.files if unit.contract.approach == "files" else ()
    return f"HEIMDALL_PR_INJECT=true (or --inject) fills it from {', '.join(paths)}" if paths else ""


def _wrong(unit: Unit, injection: inject.Injection) -> Iterator[Finding]:
    """The findings about the wires, without those about values that are filled anyway."""
    filled = {unit.sources[name].place for name in injection.places if name in unit.sources}
    for finding in miswired.run(unit):
        if finding.rule not in miswired.OF_VALUES or finding.where not in filled:
            yield finding


def _approach(unit: Unit) -> str:
    """What the required variables come from, for the report."""
    sources = (*unit.secrets, *(source for source in unit.sources.values() if source.kind == CONFIG_MAP))
    titles = [unit.title(source) for source in sources]
    literal = [name for name, source in unit.sources.items() if source.kind == LITERAL]
    return ", ".join(dict.fromkeys([*titles, *(["values in the pod"] if literal else [])])) or "from nowhere"


def _spoiled(data: bytes, name: str, key: Node | None, value: Node | None) -> Iterator[Edit]:
    """The edits that hide a value, and give its key a name that no API server takes."""
    if key is None or value is None or value.end == value.start:
        return
    yield Edit(key.start, secret.end(data, key), f'"{name}=<redacted>"'.encode())
    yield Edit(value.start, secret.end(data, value), f'"{secret.REDACTED}"'.encode())
