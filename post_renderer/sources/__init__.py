"""Where values come from: one resolver for every requirement, and the approaches that it chooses from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from post_renderer.model.facts import Facts
from post_renderer.model.record import TYPE_CHECKING, Protocol
from post_renderer.model.requirement import EXISTING, FILES, INLINE, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.sources import existing  # the others if a requirement needs them: each costs a start
from post_renderer.sources.resolution import Needs, Resolution

if TYPE_CHECKING:
    from types import ModuleType


class Approach(Protocol):
    """A module that knows what a requirement needs from outside, and what its Secret has then."""

    def needs(self, found: Found, asker: Asker, settings: Settings) -> Needs:
        """Name the files, variables and live Secrets."""

    def resolve(self, found: Found, asker: Asker, facts: Facts) -> Resolution:
        """Find the values, where each is from, what is wrong, and what is filled."""


def needs(askers: Iterable[Asker], settings: Settings) -> list[Needs]:
    """Name what each requirement needs to be known from outside."""
    pairs = [(asker, found) for asker in askers for found in asker.found]
    wanted = [_approach(found).needs(found, asker, settings) for asker, found in pairs]
    if settings.live:  # a Secret that --inject would fill is looked up too, if it is not in the stream
        wanted += [existing.needs(found, asker, settings) for asker, found in pairs if found.injected]
        wanted += [_fixed().needs(found) for _, found in pairs if found.requirement.fixed]
    return wanted


def resolve(askers: Iterable[Asker], facts: Facts) -> list[tuple[Asker, list[Resolution]]]:
    """Resolve the requirements of each asker; a Secret that a contract fills is what others find existing."""
    resolved = [(asker, [_approach(found).resolve(found, asker, facts) for found in asker.found]) for asker in askers]
    if facts.live:
        resolved = [
            (asker, [_fixed().compared(each, facts) for each in resolutions]) for asker, resolutions in resolved
        ]
    filled = {
        each.found.resource.node.start: each.values
        for _, resolutions in resolved
        for each in resolutions
        if each.found.resource and each.fills is not None
    }
    resolved = [(asker, [_shared(each, filled) for each in resolutions]) for asker, resolutions in resolved]
    if not any(asker.all.terms.equal for asker, _ in resolved):
        return resolved
    from post_renderer.sources import equal

    return equal.compared(resolved)


def _fixed() -> ModuleType:
    """Imported if a cluster is asked: most runs ask none."""
    from post_renderer.sources import fixed

    return fixed


def _approach(found: Found) -> Approach:
    """Who resolves a requirement: its approach, or the injection."""
    if found.injected:
        from post_renderer.sources import injection

        return injection
    approach = found.requirement.approach
    if approach == FILES:
        from post_renderer.sources import files

        return files
    if approach == INLINE:
        from post_renderer.sources import inline

        return inline
    return existing


def _shared(resolution: Resolution, filled: Mapping[int, Values]) -> Resolution:
    """The same, with the values that somebody else's contract fills the Secret with."""
    requirement, resource = resolution.found.requirement, resolution.found.resource
    if requirement.approach != EXISTING or resource is None or resource.node.start not in filled:
        return resolution
    given = filled[resource.node.start]
    names = {key: name for name, key in requirement.keys.items()}
    names = {**{key: requirement.prefix + key for key in given.values if requirement.whole}, **names}
    values = resolution.values._replace(
        values={names[key]: value for key, value in given.values.items() if key in names},
        places={names[key]: place for key, place in given.places.items() if key in names},
        unknown=frozenset(names[key] for key in given.unknown if key in names),
    )
    return resolution._replace(values=values, findings=(), read=())
