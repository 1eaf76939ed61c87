"""What the user's values say about the secrets, and where they contradict what was rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from post_renderer.kube.manifest import SECRET
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, FILES, INLINE, VALUES, Requirement
from post_renderer.model.settings import Profile
from post_renderer.rules import policy

DEEPEST = 4  # levels of charts in charts that are looked through
FIX = "give heimdall-pr the same --values and --set as helm; a chart that contains this one may set others"


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
        given = {EXISTING: self.existing, INLINE: self.inline, FILES: self.files}
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


def of_contract(requirement: Requirement, values: Mapping[str, object]) -> Iterator[Finding]:
    """Report if the user's values are not those that a contract was rendered from."""
    found = section(values, requirement.values_path)
    if not found.winner:
        return
    if found.winner != requirement.approach and VALUES[found.winner] not in requirement.ignored:
        yield _contradiction(found, f"the contract says that {requirement.value()} won")
    elif found.winner == requirement.approach == EXISTING and found.existing != requirement.secret:
        yield _contradiction(found, f"the contract names {requirement.title}")
    elif found.winner == requirement.approach == FILES and found.files != requirement.files:
        yield _contradiction(found, f"the contract has {len(requirement.files)} other or differently ordered files")


def of_workload(workload: Workload, found: Section) -> Iterator[Finding]:
    """Report values of lower precedence, and values that are not those that a workload was rendered from."""
    for lower in found.set[1:]:
        message = f"ignored, because {found.where(found.winner)} is set and wins whole"
        yield Finding(NOTE, "ignored", Place(values=found.where(lower)), message)
    yield from _secrets(workload, found)
    yield from _values(workload, found) if found.winner == INLINE else ()


def section_of(workload: Workload, found: Sequence[Section], applications: int) -> Section | None:
    """The section that is about a workload: the first that agrees with what was rendered, those of its name first.

    One that contradicts it is its own only if there is no doubt: one section, and one application.
    """
    for each in sorted(found, key=lambda one: not _is_named(one, workload)):
        if not any(finding.severity == ERROR for finding in of_workload(workload, each)):
            return each
    return found[0] if len(found) == applications == 1 else None


def _is_named(found: Section, workload: Workload) -> bool:
    """Whether the chart's alias is in the workload's name."""
    alias = found.alias.rpartition(".")[2]
    return bool(alias) and alias in workload.container.resource.name


def _secrets(workload: Workload, found: Section) -> Iterator[Finding]:
    """Whether a workload takes its variables from the Secret that the values name."""
    title = workload.container.title
    titles = ", ".join(workload.title(source) for source in workload.secrets) or "no Secret"
    if found.winner == EXISTING:
        if found.existing not in [source.name for source in workload.secrets]:
            yield _contradiction(found, f"{title} takes its variables from {titles}")
    elif workload.main is None and not workload.objects.hidden:
        yield _contradiction(found, f"{title} takes its variables from {titles}, not in the stream")


def _values(workload: Workload, found: Section) -> Iterator[Finding]:
    """Whether inline values are what the Secret has; the values themselves are not shown."""
    for name, text in found.inline.items():
        source = workload.environment.variables.get(name)
        if source is None or source.kind != SECRET or source.value is None or source.resource is not workload.main:
            continue
        if "${" not in text and source.value.strip() != text.strip().encode():
            shown = name if name in workload.required else policy.shown(name)
            yield _contradiction(found, f"{source.place} has another value", shown)


def _contradiction(found: Section, rendered: str, key: str = "") -> Finding:
    path = found.where(found.winner, key)
    message = f"the values are not those that were rendered: {path} is set, but {rendered}"
    return Finding(ERROR, "values-contradict", Place(values=path), message, "the values that helm was given", FIX)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, Mapping) else ()
    return {key: _text(text) for key, text in pairs if isinstance(key, str)}


def _list(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, str) and item)
