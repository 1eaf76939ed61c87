"""What the values that the user set say of the secrets, where a chart knows nothing of contracts."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from post_renderer.model.settings import Profile
from post_renderer.requirements.contract import VALUES

DEEPEST = 4  # levels of charts in charts that are looked through


class Section(NamedTuple):
    """The secrets of one application in the values: `path` is where they sit, empty for the root.

    `names` are the names that the values have for the variables of `inline`, where those are not the variables' own.
    """

    path: str
    existing: str = ""
    inline: Mapping[str, str] = {}
    files: tuple[str, ...] = ()
    names: Mapping[str, str] = {}

    @property
    def alias(self) -> str:
        """What the chart is called in the one that holds it; empty at the root."""
        return self.path.rpartition(".")[0] if not self.names else self.path

    @property
    def set(self) -> tuple[str, ...]:
        """The approaches that are set, the one that wins first."""
        given = {"existing": self.existing, "inline": self.inline, "files": self.files}
        return tuple(approach for approach in VALUES if given[approach])

    @property
    def winner(self) -> str:
        """The approach that wins whole; empty where none is set."""
        return next(iter(self.set), "")

    def where(self, approach: str, key: str = "") -> str:
        """The values path of an approach, or of a key in it."""
        flat = approach == "inline" and self.names
        parts = (self.path, self.names.get(key, "") if flat else VALUES[approach], "" if flat else key)
        return ".".join(part for part in parts if part)


def sections(values: Mapping[str, object], profile: Profile) -> list[Section]:
    """Every place in the values where a chart's secrets can be: at the profile's path, or flat, under any alias."""
    found = (_section(values, path, profile) for path in ("", *_paths(values, DEEPEST)))
    return [one for each in found for one in each]


def _paths(values: Mapping[str, object], depth: int) -> Iterator[str]:
    """The paths of the mappings in the values."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield name
            if depth > 1:
                yield from (f"{name}.{path}" for path in _paths(value, depth - 1))


def _section(values: Mapping[str, object], path: str, profile: Profile) -> Iterator[Section]:
    """What there is at one path: a section of three approaches, or flat names."""
    block = at(values, path)
    if path == profile.values_path or path.endswith(f".{profile.values_path}"):
        found = section(values, path)
        if found.set:
            yield found
    flat = {variable: _text(block.get(name)) for variable, name in profile.legacy.items()}
    if any(flat.values()) and not path.endswith("secrets"):
        yield Section(path, inline={variable: text for variable, text in flat.items() if text}, names=profile.legacy)


def section(values: Mapping[str, object], path: str) -> Section:
    """The three approaches at one path."""
    block = at(values, path)
    existing, inline, files = (block.get(name) for name in VALUES.values())
    return Section(path, _text(existing), _texts(inline), _list(files))


def at(values: Mapping[str, object], path: str) -> Mapping[str, object]:
    """The mapping at a path; empty where there is none."""
    block: object = values
    for name in path.split(".") if path else ():
        block = block.get(name) if isinstance(block, Mapping) else None
    return block if isinstance(block, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, Mapping) else ()
    return {key: _text(text) for key, text in pairs if isinstance(key, str)}


def _list(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, str) and item)
