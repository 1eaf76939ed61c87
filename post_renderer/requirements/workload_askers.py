"""Says what a container asks for: a requirement for each Secret or ConfigMap that its variables come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from post_renderer.kube import environment
from post_renderer.kube.environment import Source
from post_renderer.kube.manifest import CONFIG_MAP, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.workload import Workload
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, FILES, INLINE, KEYS, Requirement
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import user_values, value_names
from post_renderer.requirements.found import Asker, Found, Running, products
from post_renderer.requirements.user_values import Section
from post_renderer.rules import policy

Name = tuple[str, str]  # kind and name of an object; both empty for what is in the pod itself
POD: Name = ("", "")
MOST_SECTIONS = 10_000  # of the values, over all containers; what was rendered is judged whatever the values say


def of(objects: Objects, running: Iterable[Running], settings: Settings) -> list[Asker]:
    """The askers of containers, each with the application that it runs."""
    pairs = [(_workload(objects, each), each.profile) for each in running]
    pairs = [(workload, each) for workload, each in pairs if workload.required]
    found = []
    sections: dict[str, list[Section]] = {}
    applications: dict[str, set[str]] = {}
    for workload, each in pairs if settings.values else ():
        applications.setdefault(each.image, set()).add(workload.secrets[0].name if workload.secrets else "")
    texts = value_names.index(settings.values) if settings.values else {}
    compared = 0
    for workload, each in pairs:
        section = None
        if settings.values:
            if each.image not in sections:
                sections[each.image] = user_values.sections(settings.values, each)
            compared += len(sections[each.image])
            if compared <= MOST_SECTIONS:
                section = user_values.section_of(workload, sections[each.image], len(applications[each.image]))
        found.append(_asker(workload, each, section, settings, value_names.written(texts, workload)))
    return found


def _workload(objects: Objects, running: Running) -> Workload:
    def shown(name: str) -> str:
        return name if name in running.profile.required else policy.shown(name)

    container = running.container
    sources = environment.environment(objects, container, shown)
    taken_for = f"taken for {running.profile.title}, because {running.why}"
    return Workload(objects, container, running.wanted, sources, running.expected, taken_for)


def _asker(
    workload: Workload, each: Profile, section: Section | None, settings: Settings, written: Mapping[str, str]
) -> Asker:
    main = workload.main
    approach = (section.winner if section else "") or (INLINE if main else EXISTING)
    everything = Requirement(
        asker=workload.container.title,
        place=workload.place,
        secret=main.name if main else "",
        namespace=workload.namespace,
        keys={name: name for name in workload.required},
        lengths=each.lengths,
        approach=approach,
        files=section.files if section and approach == FILES else (),
        values_path=section.path if section and not section.names else each.values_path,
    )
    names = _names(workload)
    sources: dict[Name, dict[str, Source]] = {}
    for variable, source in workload.environment.variables.items():
        name = _name(source)
        if name in names and (variable in names[name] or _is_judged(variable, source)):
            sources.setdefault(name, {})[variable] = source
    wholes = {_name(each): each for each in (*workload.environment.whole, *workload.environment.unseen)}
    found = [
        _found(workload, everything, Asked(*name, names[name], sources.get(name, {}), wholes.get(name)), settings)
        for name in _in_order(main, names)
    ]
    return Asker(everything, tuple(found), workload.container.title, workload, section, each, written)


def _names(workload: Workload) -> dict[Name, dict[str, str]]:
    """The objects that variables come from, each with its key for each required variable."""
    found: dict[Name, dict[str, str]] = {}
    for name, source in workload.sources.items():
        found.setdefault(_name(source), {})[name] = source.key
    for source in _bringers(workload):
        for name in workload.nowhere:
            found.setdefault(_name(source), {})[name] = name.removeprefix(source.prefix)
    for name, source in workload.environment.variables.items():  # objects that bring other variables alone
        if _is_judged(name, source):
            found.setdefault(_name(source), {})
    if workload.nowhere and not _bringers(workload):
        found.setdefault(POD, {}).update(dict.fromkeys(workload.nowhere, ""))
    return found


def _bringers(workload: Workload) -> Sequence[Source]:
    """What may bring the variables that come from nowhere: objects that are not known, else the last Secret."""
    whole = [source for source in workload.environment.whole if source.kind == SECRET]
    return workload.environment.unseen or whole[-1:]


def _in_order(main: Resource | None, names: Iterable[Name]) -> list[Name]:
    """The main Secret first, since the approach is about it."""
    first = (SECRET, main.name) if main else POD
    return sorted(names, key=lambda name: name != first)


def _name(source: Source) -> Name:
    return (source.kind, source.name) if source.kind in (SECRET, CONFIG_MAP) and source.name else POD


def _is_judged(name: str, source: Source) -> bool:
    """Whether rules are about a variable that is not required: others' keys of the same Secret are not ours."""
    return source.kind == SECRET and source.is_known and (source.node is None or name in policy.OPTIONAL)


class Asked(NamedTuple):
    """What is asked of one object.

    Attributes:
        kind: Its kind; empty for the pod itself.
        name: Its name.
        keys: Its key for each required variable.
        sources: The variables that come from it, as far as they are judged.
        whole: The envFrom that takes it as a whole, the last one if there are several.
    """

    kind: str
    name: str
    keys: Mapping[str, str]
    sources: Mapping[str, Source]
    whole: Source | None


def _found(workload: Workload, everything: Requirement, asked: Asked, settings: Settings) -> Found:
    """The requirement about one object."""
    kind, secret, whole = asked.kind, asked.name, asked.whole
    objects = workload.objects
    resource = objects.get(kind, workload.namespace, secret) if secret else None
    objects.spend(resource)
    requirement = everything._replace(
        secret=secret,
        kind=kind or SECRET,
        keys=asked.keys,
        approach=EXISTING,
        files=(),
        whole=whole is not None,
        prefix=whole.prefix if whole else "",
    )
    return Found(
        _filled(requirement, everything) if settings.inject and kind == SECRET else requirement,
        objects,
        whole.place if whole and whole.is_known else workload.place,
        resource,
        asked.sources,
        products(objects, workload.namespace, secret) if kind == SECRET else (),
        objects.live.get((workload.namespace, secret)) if kind == SECRET and not resource else None,
        objects.hidden and kind == SECRET,
    )


def _filled(requirement: Requirement, everything: Requirement) -> Requirement:
    """The same, if it is filled: files fill the main Secret, variables fill every Secret that refers to them."""
    main = everything.secret or requirement.secret
    if everything.approach != FILES:
        return requirement._replace(approach=INLINE, fills=KEYS)
    if requirement.secret == main:
        return requirement._replace(approach=FILES, files=everything.files, fills=KEYS)
    return requirement
