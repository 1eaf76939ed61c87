"""Finds the values of other Secrets that a contract's keys must equal: another contract's, or one of the stream."""

from __future__ import annotations

from post_renderer.kube import secret
from post_renderer.kube.manifest import SECRET
from post_renderer.model.finding import NOTE, Finding
from post_renderer.requirements.found import Asker
from post_renderer.sources.resolution import Resolution

Resolved = list[tuple[Asker, list[Resolution]]]


def compared(resolved: Resolved) -> Resolved:
    """The same, with the values of other Secrets, and a note for each that is not known."""
    return [(asker, _with_others(asker, asked, resolved)) for asker, asked in resolved]


def _with_others(asker: Asker, asked: list[Resolution], resolved: Resolved) -> list[Resolution]:
    others = [other for _, other in asker.all.terms.equal if "/" in other]
    if not others:
        return asked
    found = {other: _value(asker, other, resolved) for other in others}
    known = {other: value for other, value in found.items() if value is not None}
    own = asked[0]
    notes = tuple(_unknown(asker, other) for other in dict.fromkeys(others) if other not in known)
    values = own.values._replace(others=known)
    return [own._replace(values=values, findings=(*own.findings, *notes)), *asked[1:]]


def _value(asker: Asker, other: str, resolved: Resolved) -> bytes | None:
    """What a key of another Secret has, or will have."""
    name, _, key = other.rpartition("/")
    namespace, objects = asker.all.namespace, asker.own.objects
    for requirement, values in ((each.found.requirement, each.values) for _, asked in resolved for each in asked):
        if (requirement.namespace, requirement.secret, requirement.whole) == (namespace, name, True):
            value, spec = values.values.get(key), requirement.terms.specs.get(key)
            return None if not value and spec and spec.filled_by else value
    resource = objects.get(SECRET, namespace, name)
    if resource is not None:
        field = objects.fields(resource).get(key)
        return secret.read(field) if field else None
    live = objects.live.get((namespace, name))
    return (live.values or {}).get(key) if live else None


def _unknown(asker: Asker, other: str) -> Finding:
    message = f"{asker.all.title}: not compared with {other}, whose value is not known here"
    expected = "the other Secret in the stream, with that key"
    return Finding(NOTE, "not-checked", asker.all.place, message, expected, "--live, for a Secret of the cluster")
