"""existingSecret: checked in the stream, by what makes it there, or live; else it is not checked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from post_renderer.document import stream
from post_renderer.document.nodes import NULL
from post_renderer.kube import environment, names, secret
from post_renderer.kube.environment import Source
from post_renderer.kube.manifest import Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import Command, command
from post_renderer.model.requirement import SECRET, Requirement, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.sources import key_names
from post_renderer.sources.resolution import Needs, Resolution, is_ours, wanted

PRINTED = ("printf", "%s")
KEYS_TEMPLATE = "go-template={{range $k, $v := .data}}{{$k}} {{end}}"
FILL = "add it where your secret manager takes it from"
FAILED = ("not-checked", "checked-by-chart", "live-absent")  # rules of findings about no key in particular


def needs(found: Found, asker: Asker, settings: Settings) -> Needs:
    """With --live, the live Secret, unless it is in the stream."""
    requirement = found.requirement
    if not settings.live or found.resource is not None or not requirement.secret or requirement.kind != SECRET:
        return Needs()
    if not requirement.namespace:
        return Needs(findings=(_no_namespace(requirement),))
    return Needs(secrets=((requirement.namespace, requirement.secret),))


def resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """What the Secret has, in the stream or live; else what its makers say; else it is not checked here."""
    requirement = found.requirement
    if found.resource is not None or not requirement.secret:
        return _in_stream(found)
    made, provider = _made(found)
    if found.live is not None and not (found.live.absent and found.products):
        return _live(found, made, provider)
    if found.products and not _is_only_filled(found):
        return Resolution(found, unseen(found), made, provider=provider, seen=False)
    kept = tuple(finding for finding in made if finding.rule != "no-maker")  # the chart saw the Secret
    return Resolution(found, unseen(found), (not_checked(found), *kept, *_near(found)), seen=False)


def values(found: Found) -> Values:
    """The values of the variables, as the stream or a cluster has them."""
    known = {name: source.value for name, source in found.sources.items() if source.value is not None}
    unreadable = {name for name, source in found.sources.items() if source.value is None and not source.is_missing}
    nowhere = () if found.requirement.whole else found.requirement.keys.keys() - found.sources.keys()
    places = {name: source.place for name, source in found.sources.items()}
    return Values(known, places, found.whole, unknown=frozenset(unreadable.union(nowhere)))


def unseen(found: Found) -> Values:
    """Values of which nothing is known here."""
    unknown = frozenset(found.requirement.keys)
    if not found.requirement.place.values:  # a workload says itself where each variable comes from
        return Values({}, {name: source.place for name, source in found.sources.items()}, found.whole, unknown=unknown)
    title, path = found.requirement.title, found.requirement.place.values
    places = {
        name: Place(f"{title}, {environment.labelled(key)}", values=f"{path}.{name}")
        for name, key in found.requirement.keys.items()
    }
    return Values({}, {} if found.requirement.whole else places, Place(title, values=path), unknown=unknown)


def damaged(found: Found) -> Iterator[Finding]:
    """Report the values that no API server would take, and keys that are there twice."""
    known = key_names.named(found.requirement)
    for name, source in found.sources.items():
        if source.field is None or source.kind != SECRET:
            continue
        required = name in found.requirement.keys
        yield from _damaged(key_names.shown(name, known), source, required)
        if required:
            yield from _repeated(name, source, found.objects)


def not_checked(found: Found) -> Finding:
    """The note for a Secret or ConfigMap that is not in the stream, and how to look at it."""
    requirement = found.requirement
    title, expected = requirement.title, f"keys {taken(requirement)}"
    if found.hidden:
        message = f"{title} is hidden, or not in the stream, so it is not checked here"
        fix = "leave --hide-secret out"
        return Finding(NOTE, "hidden", requirement.place, message, "a render without --hide-secret", fix)
    if found.objects.may_be_named(requirement.kind, requirement.namespace, requirement.secret):
        message = f"{title}: not checked here; one of that name is in the stream, and its namespace is not known"
        fix = "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME), the release's"
        return Finding(NOTE, "not-checked", requirement.place, message, expected, fix)
    fillers = _fillers(found)
    seen = "values-unseen" if fillers else "checked-by-chart"  # what the chart judged is written over
    rule = seen if requirement.judged else "not-checked"
    reason = _seen(requirement) if requirement.verified else "it is not in the stream"
    reason += f"; what {fillers} writes into it was not seen" if fillers else ""
    return Finding(NOTE, rule, requirement.place, f"{title}: not checked here; {reason}", expected, look(requirement))


def _seen(requirement: Requirement) -> str:
    """What the chart saw of a Secret in the cluster."""
    count = len(requirement.keys)
    keys = f"the {count} required keys" if count != 1 else "the required key"
    if requirement.judged:
        return f"the chart saw {keys} in the cluster, and judged their values by its own rules"
    return f"the chart saw {keys} in the cluster; it did not look at the values"


def _fillers(found: Found) -> str:
    """The objects of the stream that write required keys into the Secret, or may do so."""
    keys = found.requirement.keys.values()
    filling = (each for each in found.products if any(key in each.keys or each.may_hold(key) for key in keys))
    return " and ".join(dict.fromkeys(each.maker.title for each in filling))


def look(requirement: Requirement) -> Command:
    """The command that lists the keys of the live object."""
    return command("kubectl", "get", requirement.kind.lower(), *_named(requirement), "-o", KEYS_TEMPLATE)


def taken(requirement: Requirement) -> str:
    """The keys that are asked for, with the variables that take them under another name."""
    keys = ((name, key if secret.is_key(key) else "an unknown key") for name, key in _asked(requirement))
    return ", ".join(dict.fromkeys(key if key == name else f"{key} (as {name})" for name, key in keys))


def _asked(requirement: Requirement) -> Iterable[tuple[str, str]]:
    """The keys that must be there, or, if each has an alternative, all that are asked about."""
    return requirement.keys.items() or [(key, key) for key in requirement.terms.specs]


def _damaged(shown: str, source: Source, required: bool) -> Iterator[Finding]:
    assert source.field is not None
    value = source.field.value
    if required and not value.is_string and value.value not in NULL:
        quotes = f"quotes: in the values, by --set-string, or in the chart's template (`| quote`), for {shown}"
        yield Finding(ERROR, "not-a-string", source.place, f"{shown} is not a string in YAML", "quotes", quotes, shown)
    elif source.value is None:
        message = f"{shown} is not base64, as values of `data` are"
        fix = Command(((*PRINTED, "VALUE"), ("base64", "-w0")), "or write the value itself into stringData")
        yield Finding(ERROR, "not-base64", source.place, message, "base64 without line breaks", fix, shown)


def _repeated(name: str, source: Source, objects: Objects) -> Iterator[Finding]:
    """A finding for each time that a key is written again in the same field of its Secret."""
    resource = source.resource
    for key in objects.repeated(resource).get(source.key, ()) if resource else ():
        message = f"{name} is there twice: its key is repeated, and the last one counts"
        place = source.place._replace(line=stream.line_of(objects.data, key.start))
        yield Finding(ERROR, "duplicate-key", place, message, "each key once", "set it in one way alone", name)


def _made(found: Found) -> tuple[tuple[Finding, ...], str]:
    """What the objects that make the Secret say, and who brings all keys."""
    if not found.products:
        return (), ""
    from post_renderer.sources import produced

    return produced.judge(found.objects.data, found)


def _in_stream(found: Found) -> Resolution:
    """What a Secret of the stream has; what somebody else fills later is not known."""
    known = values(found)
    if found.resource is None or not (found.products or _may_be_filled(found.resource, found)):
        return Resolution(found, known, tuple(damaged(found)))
    from post_renderer.sources import produced

    beside = produced.beside(found.objects.data, found)
    held = {name: value for name, value in known.values.items() if name not in beside.lacking}
    reported = {finding.key for finding in beside.findings if finding.rule == "missing-key"}
    known = known._replace(values=held, unknown=known.unknown | beside.lacking | reported)
    provider = beside.fillers if beside.brought >= found.requirement.keys.keys() and not reported else ""
    return Resolution(found, known, (*damaged(found), *beside.findings), (), provider, not beside.brought)


def _may_be_filled(resource: Resource, found: Found) -> bool:
    """Whether a Secret of the stream lacks something, and has annotations that may say who fills it."""
    sources = (found.sources.get(name) for name in found.requirement.keys)
    lacks = any(source is None or source.is_missing or not source.value for source in sources)
    return lacks and resource.node.mapping("metadata", "annotations") is not None


def _is_only_filled(found: Found) -> bool:
    """Whether the chart saw the Secret in the cluster, and the objects of the stream only add to it."""
    return found.requirement.verified and not any(product.creates for product in found.products)


def _near(found: Found) -> list[Finding]:
    """What objects make instead of the Secret."""
    if found.products or not found.objects.others or found.requirement.kind != SECRET:
        return []
    from post_renderer.sources import produced

    return list(produced.near(found))


def _live(found: Found, findings: tuple[Finding, ...], provider: str) -> Resolution:
    """What the cluster has; a key that it lacks is to come if an object in the stream brings it."""
    requirement, live = found.requirement, found.live
    assert live is not None
    if live.values is None:
        failed = [finding for finding in findings if finding.rule != "values-unseen"]
        failed += [_located(found, each) for each in live.findings]
        return Resolution(found, unseen(found), tuple(failed), seen=False)
    brought = {key for product in found.products for key in product.keys}
    to_come = frozenset(name for name, key in requirement.keys.items() if key in brought and key not in live.values)
    known = ("not-checked", "no-maker", *(() if to_come else ("values-unseen",)))
    kept = tuple(finding for finding in findings if finding.rule not in known)
    fix = command("kubectl", "edit", "secret", *_named(requirement), note=f"whose values are base64, or {FILL}")
    held = values(found)
    missing = {finding.key for finding in kept if finding.rule == "missing-key"}  # the object's own finding says so
    held = held._replace(fillers=dict.fromkeys(requirement.keys, fix), unknown=held.unknown | to_come | missing)
    title = f"live {requirement.title}"
    return Resolution(found, held, (*kept, *live.findings), (title,), provider if to_come else "", seen=not to_come)


def _located(found: Found, finding: Finding) -> Finding:
    """A finding about a live Secret, with the user's values that name it."""
    where = finding.where._replace(values=found.requirement.place.values)
    expected = f"keys {taken(found.requirement)}" if finding.rule in FAILED else finding.expected
    is_to_make = finding.rule == "live-absent" and names.is_name(found.requirement.secret)
    is_other = not any(is_ours(found.requirement, key) for key in found.requirement.keys)
    fix = _making(found.requirement) if is_to_make and is_other else finding.fix
    return finding._replace(where=where, expected=expected, fix=fix)


def _making(requirement: Requirement) -> Command:
    """The command that makes the Secret of another application, each key from a file: no value is an argument."""
    keys = dict.fromkeys(requirement.keys.get(name, name) for name in wanted(requirement))
    files = [f"--from-file={key}=FILE" for key in keys if secret.is_key(key)]
    note = "each key from a file of its own; or let your secret manager make it"
    return command("kubectl", "create", "secret", "generic", *_named(requirement), *files, note=note)


def _named(requirement: Requirement) -> tuple[str, ...]:
    """The object as kubectl takes it."""
    return (names.operand(requirement.secret), *names.namespace_flag(requirement.namespace))


def _no_namespace(requirement: Requirement) -> Finding:
    message = f"{requirement.title}: its namespace is not known, so where to look for it is not known either"
    fix = "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME)"
    return Finding(ERROR, "live-namespace", requirement.place, message, "a namespace", fix)
