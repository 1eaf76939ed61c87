"""Keys that a contract takes from other Secrets: a requirement for each of those, about these keys alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from post_renderer.model.finding import Place
from post_renderer.model.requirement import EXISTING, Requirement


def requirements(others: Mapping[str, str], own: Requirement) -> Iterator[Requirement]:
    """The requirements of a contract about Secrets that are not its own.

    Args:
        others: `SECRET/KEY` by variable.
        own: The requirement about its own Secret.
    """
    secrets: dict[str, dict[str, str]] = {}
    for variable, source in others.items():
        name, _, key = source.partition("/")
        secrets.setdefault(name, {})[variable] = key
    for name, keys in secrets.items():
        place = Place(values=f"{own.values_path}.keys")
        yield own._replace(
            secret=name, keys=keys, place=place, approach=EXISTING, files=(), whole=False, fills="", references=()
        )
