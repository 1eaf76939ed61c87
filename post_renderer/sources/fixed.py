"""Keys that something else remembers, such as a database its password: with --live a new value is compared."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.facts import Facts, LiveFact
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import EXISTING
from post_renderer.requirements.found import Found
from post_renderer.sources.resolution import Needs, Resolution

FIX = (
    "keep the old value; or change it first where it is remembered, as the chart says, and then install with "
    "--set postgresql.trustPassword=true"
)


def needs(found: Found) -> Needs:
    """Name the Secret that the release has in the cluster, if this one fills its own."""
    requirement = found.requirement
    if requirement.approach == EXISTING or not requirement.namespace:
        return Needs()
    return Needs(secrets=((requirement.namespace, requirement.secret),))


def compared(resolution: Resolution, facts: Facts) -> Resolution:
    """The same, with what the cluster says of the keys that are remembered; nothing if the Secret is not there yet."""
    requirement = resolution.found.requirement
    live = facts.live.get((requirement.namespace, requirement.secret))
    if requirement.approach == EXISTING or not requirement.fixed or live is None or live.absent:
        return resolution
    title = f"live {requirement.title}"
    findings = live.findings if live.values is None else tuple(_changed(resolution, live, title))
    read = resolution.read if live.values is None else (*resolution.read, title)
    return resolution._replace(findings=(*resolution.findings, *findings), read=read)


def _changed(resolution: Resolution, live: LiveFact, title: str) -> Iterator[Finding]:
    given = resolution.values.values
    for name in resolution.found.requirement.fixed:
        before = (live.values or {}).get(resolution.found.requirement.keys.get(name, name))
        if before and name in given and given[name] != before:
            message = f"{name} is not the one in the cluster, and what remembers that one does not follow the Secret"
            place = resolution.values.where(name)
            yield Finding(ERROR, "fixed-key", place, message, f"the value in the {title}", FIX, name)
