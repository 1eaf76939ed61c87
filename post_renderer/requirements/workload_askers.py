"""Says what a container asks for: a requirement for each Secret or ConfigMap that its variables come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from post_renderer.kube import environment
from post_renderer.kube.environment import Source
from post_renderer.kube.manifest import CONFIG_MAP, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.kube.workload import Workload
from post_renderer.model.requirement import EXISTING, FILES, INLINE, KEYS, Requirement
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import user_values
from post_renderer.requirements.found import Asker, Found, Running, products
from post_renderer.requirements.user_values import Section
from post_renderer.rules import policy

Name = tuple[str, str]  # kind and name of an object; both empty for what is in the pod itself
POD: Name = ("", "")


def of(objects: Objects, running: Iterable[Running], settings: Settings) -> list[Asker]:
    """The askers of containers, each with the application that it runs."""
    pairs = [(_workload(objects, each), each.profile) for each in running]
    pairs = [(workload, each) for workload, each in pairs if workload.required]
    found = []
    for workload, each in pairs:
        others = [other for other, its in pairs if its is each]
        section = user_values.section_of(workload, others, each, settings.values) if settings.values else None
        found.append(_asker(workload, each, section, settings))
    return found


def _workload(objects: Objects, running: Running) -> Workload:
    def shown(name: str) -> str:
        return name if name in running.profile.required else policy.shown(name)

    container = running.container
    sources = environment.environment(objects, container, shown)
    return Workload(objects, container, running.wanted, sources, running.expected)


def _asker(workload: Workload, each: Profile, section: Section | None, settings: Settings) -> Asker:
    approach = (section.winner if section else "") or (INLINE if workload.main else EXISTING)
    everything = Requirement(
        asker=workload.container.title,
        place=workload.place,
        secret=workload.main.name if workload.main else "",
        namespace=workload.namespace,
        keys={name: name for name in workload.required},
        lengths=each.lengths,
        approach=approach,
        files=section.files if section and approach == FILES else (),
        values_path=section.path if section else each.values_path,
    )
    names = _names(workload)
    found = [_found(workload, everything, name, names[name], settings) for name in _in_order(workload, names)]
    return Asker(everything, tuple(found), workload.container.title, workload, section)


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


def _in_order(workload: Workload, names: Iterable[Name]) -> list[Name]:
    """The main Secret first, since the approach is about it."""
    main = (SECRET, workload.main.name) if workload.main else POD
    return sorted(names, key=lambda name: name != main)


def _name(source: Source) -> Name:
    return (source.kind, source.name) if source.kind in (SECRET, CONFIG_MAP) and source.name else POD


def _is_judged(name: str, source: Source) -> bool:
    """Whether rules are about a variable that is not required: others' keys of the same Secret are not ours."""
    return source.kind == SECRET and source.is_known and (source.node is None or name in policy.OPTIONAL)


def _found(
    workload: Workload, everything: Requirement, name: Name, keys: Mapping[str, str], settings: Settings
) -> Found:
    """The requirement about one object."""
    kind, secret = name
    variables = workload.environment.variables
    sources = {
        each: source
        for each, source in variables.items()
        if _name(source) == name and (each in keys or _is_judged(each, source))
    }
    wholes = [each for each in (*workload.environment.whole, *workload.environment.unseen) if _name(each) == name]
    objects = workload.objects
    resource = objects.get(kind, workload.namespace, secret) if secret else None
    requirement = everything._replace(
        secret=secret,
        kind=kind or SECRET,
        keys=keys,
        approach=EXISTING,
        files=(),
        whole=bool(wholes),
        prefix=wholes[-1].prefix if wholes else "",
    )
    return Found(
        _filled(workload, requirement, everything) if settings.inject and kind == SECRET else requirement,
        objects,
        wholes[-1].place if wholes and wholes[-1].is_known else workload.place,
        resource,
        sources,
        products(objects, workload.namespace, secret) if kind == SECRET else (),
        objects.live.get((workload.namespace, secret)) if kind == SECRET and not resource else None,
        objects.hidden and kind == SECRET,
    )


def _filled(workload: Workload, requirement: Requirement, everything: Requirement) -> Requirement:
    """The same, if it is filled: files fill the main Secret, variables fill every Secret that refers to them."""
    main = workload.main.name if workload.main else requirement.secret
    if everything.approach != FILES:
        return requirement._replace(approach=INLINE, fills=KEYS)
    if requirement.secret == main:
        return requirement._replace(approach=FILES, files=everything.files, fills=KEYS)
    return requirement
