"""Which names of keys a report may show: those that are asked for, and those of Heimdall."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from post_renderer.model.requirement import Requirement
from post_renderer.requirements.found import Asker
from post_renderer.rules import policy


def named(requirement: Requirement) -> frozenset[str]:
    """The keys that the asker itself names, required or not."""
    return frozenset((*requirement.keys, *requirement.passed, *requirement.terms.specs))


def of_file(path: str, askers: Iterable[Asker]) -> frozenset[str]:
    """The keys that those name whose secrets come from a file."""
    asked = (each.requirement for asker in askers for each in asker.found if path in each.requirement.files)
    return frozenset(key for each in asked for key in named(each))


def shown(key: str, known: Collection[str]) -> str:
    """A key's name if it is known: any other may be a value that was written in its place."""
    return key if key in known else policy.shown(key)
