"""Where the user's values give what a chart without a contract renders, and what they should call what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from post_renderer.kube.workload import Workload
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import INLINE, VALUES
from post_renderer.model.settings import Profile
from post_renderer.requirements import user_values
from post_renderer.requirements.user_values import Section
from post_renderer.rules import policy

SECTIONS = ("secrets", "data", "stringData")  # whose keys may be secrets in the wrong place
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}", re.ASCII)
SHORTEST = 4  # characters; a shorter text is in many places, so that only a name tells which it is
MOST_TEXTS = 10_000  # of the values


class Meant(NamedTuple):
    """The value that would give a variable.

    Attributes:
        path: Its path in the values.
        misspelt: The path of a value that was meant to be it; empty if there is none.
    """

    path: str
    misspelt: str = ""


def index(values: Mapping[str, object]) -> dict[str, list[str]]:
    """The paths at which each text of the values is, but for those that no report may show."""
    found: dict[str, list[str]] = {}
    for path, text in islice(_texts(values), MOST_TEXTS):
        if text.strip() and _is_showable(path):
            found.setdefault(text.strip(), []).append(path)
    return found


def written(texts: Mapping[str, list[str]], workload: Workload) -> dict[str, str]:
    """The path of each judged variable whose rendered text is in the values, if it is clear which one gave it."""
    sources = {name: workload.environment.variables.get(name) for name in (*workload.required, *policy.OPTIONAL)}
    known = {name: each.value.decode(errors="replace").strip() for name, each in sources.items() if each and each.value}
    found = {name: _clear(name, texts.get(text, ()), len(text) >= SHORTEST) for name, text in known.items()}
    return {name: path for name, path in found.items() if path}


def meant(values: Mapping[str, object], section: Section | None, profile: Profile, variable: str) -> Meant | None:
    """The value that gives a variable in the user's chart; None if the values don't show what the chart calls it."""
    path, name = _place(values, section, profile, variable)
    if not name:
        return None
    block = user_values.at(values, path)
    taken = {*profile.legacy.values(), *profile.required}
    near = (each for each in block if NAME.fullmatch(str(each)) and each not in taken and policy.closest(each, (name,)))
    misspelt = next(near, "")
    return Meant(_joined(path, name), _joined(path, misspelt) if misspelt else "")


def _clear(variable: str, paths: Iterable[str], is_long: bool) -> str:
    """The only path that is named like the variable, or for a long text the only one."""
    paths = list(paths)
    like = [path for path in paths if _letters(variable) in _letters(path)]
    for found in (like, paths if is_long else []):
        if len(found) == 1:
            return found[0]
    return ""


def _is_showable(path: str) -> bool:
    """Whether every part is a name or a number, and no unknown key of a mapping of secrets: that may be a secret."""
    *above, name = path.split(".")
    is_secret = bool(above) and above[-1] in SECTIONS and policy.shown(name) != name
    return not is_secret and all(part.isdecimal() or NAME.fullmatch(part) for part in (*above, name))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _texts(values: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in the values, with its path."""
    left = [(path, values)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, Mapping):
            left += [(_joined(path, name), each) for name, each in value.items() if isinstance(name, str)]
        elif isinstance(value, list):
            left += [(f"{path}.{number}", each) for number, each in enumerate(value)]


def _place(values: Mapping[str, object], section: Section | None, profile: Profile, variable: str) -> tuple[str, str]:
    """The path of the mapping in which a variable's value belongs, and its name there; no name if that is not known."""
    flat = profile.legacy.get(variable, "")
    if section is not None:
        return (section.path, flat) if section.names else (_joined(section.path, VALUES[INLINE]), variable)
    blocks = [(path, user_values.at(values, path)) for path in user_values.paths(values)]
    for path, block in blocks:
        if flat and not {*profile.legacy.values()}.isdisjoint(block) and not path.endswith(VALUES[INLINE]):
            return path, flat
        if path.rpartition(".")[2] == profile.values_path and isinstance(block.get(VALUES[INLINE]), Mapping):
            return _joined(path, VALUES[INLINE]), variable
    return "", ""


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
