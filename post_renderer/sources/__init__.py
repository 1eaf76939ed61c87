"""Where values come from: one resolver for every requirement, and the approaches that it chooses from."""

from collections.abc import Iterable

from post_renderer.model.facts import Facts
from post_renderer.model.requirement import EXISTING, FILES, INLINE, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.sources import existing, files, inline
from post_renderer.sources.resolution import Needs, Resolution

APPROACHES = {EXISTING: existing, INLINE: inline, FILES: files}


def needs(askers: Iterable[Asker], settings: Settings) -> list[Needs]:
    """Name what each requirement needs to be known from outside."""
    pairs = [(asker, found) for asker in askers for found in asker.found]
    wanted = [APPROACHES[found.requirement.approach].needs(found, asker, settings) for asker, found in pairs]
    if settings.live:  # a Secret that this tool fills is looked up too, if a workload's and not in the stream
        wanted += [existing.needs(found, asker, settings) for asker, found in pairs if asker.workload]
    return wanted


def resolve(askers: Iterable[Asker], facts: Facts) -> list[tuple[Asker, list[Resolution]]]:
    """Resolve the requirements of each asker; a Secret that a contract fills is what others find existing."""
    resolved = [(asker, [_resolve(found, asker, facts) for found in asker.found]) for asker in askers]
    filled = {
        each.found.resource.node.start: each.values
        for _, resolutions in resolved
        for each in resolutions
        if each.found.resource and each.fills is not None
    }
    return [(asker, [_shared(each, filled) for each in resolutions]) for asker, resolutions in resolved]


def _resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    resolution: Resolution = APPROACHES[found.requirement.approach].resolve(found, asker, facts)
    return resolution


def _shared(resolution: Resolution, filled: dict[int, Values]) -> Resolution:
    """The same, with the values that somebody else's contract fills the Secret with."""
    found = resolution.found
    if found.requirement.approach != EXISTING or found.resource is None:
        return resolution
    values = filled.get(found.resource.node.start)
    return resolution._replace(values=values, findings=(), read=()) if values else resolution
