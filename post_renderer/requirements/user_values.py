"""What the user's values say about the secrets, and where they contradict what was rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from post_renderer.kube.environment import Source
from post_renderer.kube.manifest import SECRET
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import QUOTE
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, FILES, INLINE, VALUES, Requirement
from post_renderer.model.settings import Profile, Settings
from post_renderer.rules import policy

TELLING = frozenset(("JWT_SECRET", "API_KEY_SECRET"))  # variables whose old names in the values are nobody else's
DEEPEST = 4  # levels of charts in charts that are looked through
NO_TEXT = "not-a-string"
FIX = "give heimdall-pr the same --values and --set as helm; a chart that contains this one may set others"


class Section(NamedTuple):
    """The secrets of one application in the values.

    Attributes:
        path: Where they are, empty for the root.
        existing: The name of the existing Secret.
        inline: The inline values that are texts, by variable.
        files: The secrets files.
        names: What the values call the variables of `inline`, if not by the variables' own names.
        untyped: The inline values that are no texts: numbers, booleans, null, lists, mappings.
    """

    path: str
    existing: str = ""
    inline: Mapping[str, str] = {}
    files: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    untyped: Mapping[str, object] = {}

    @property
    def alias(self) -> str:
        """What the chart is called in the one that holds it; empty at the root."""
        return self.path.rpartition(".")[0] if not self.names else self.path

    @property
    def set(self) -> tuple[str, ...]:
        """The approaches that are set, in our chart's order of precedence."""
        given = {EXISTING: self.existing, INLINE: self.inline or self.untyped, FILES: self.files}
        return tuple(approach for approach in VALUES if given[approach])

    @property
    def winner(self) -> str:
        """The approach that wins whole in our chart, and with --inject; empty if none is set."""
        return next(iter(self.set), "")

    @property
    def is_telling(self) -> bool:
        """Whether it can be no other application's: names such as `adminPassword` are common."""
        return not self.names or not TELLING.isdisjoint((*self.inline, *self.untyped))

    def where(self, approach: str, key: str = "") -> str:
        """The values path of an approach, or of a key in it; never empty for an approach that is set."""
        parts = [self.path, VALUES[approach], key]
        if approach == INLINE and self.names:
            first = next(iter((*self.inline, *self.untyped)), "")
            parts = [self.path, self.names.get(key) or self.names.get(first, "")]
        return ".".join(part for part in parts if part)


class Unused(NamedTuple):
    """What is set, and seen not to be what was rendered.

    Attributes:
        approach: The approach.
        seen: What was rendered instead.
        key: The key, if it is about one.
    """

    approach: str
    seen: str
    key: str = ""


def sections(values: Mapping[str, object], profile: Profile) -> list[Section]:
    """Every place in the values where a chart's secrets can be: at the profile's path, or flat, under any alias."""
    found = (_section(values, path, profile) for path in paths(values))
    return [one for each in found for one in each]


def paths(values: Mapping[str, object]) -> Iterator[str]:
    """The paths at which a chart's values can be: the root, then each mapping that is not too deep."""
    return iter(("", *_paths(values, DEEPEST)))


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
    flat = {variable: block[name] for variable, name in profile.legacy.items() if block.get(name) not in ("", None)}
    if flat and not path.endswith("secrets"):
        yield Section(path, inline=_texts(flat), names=profile.legacy, untyped=_untyped(flat))


def section(values: Mapping[str, object], path: str) -> Section:
    """The three approaches at one path."""
    block = at(values, path)
    existing, inline, files = (block.get(name) for name in VALUES.values())
    return Section(path, _text(existing), _texts(inline), _list(files), untyped=_untyped(inline))


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
    path = found.where(found.winner)
    if found.winner != requirement.approach and VALUES[found.winner] not in requirement.ignored:
        yield _contradiction(path, f"the contract says that {requirement.value()} won")
    elif found.winner == requirement.approach == EXISTING and found.existing != requirement.secret:
        yield _contradiction(path, f"the contract names {requirement.title}")
    elif found.winner == requirement.approach == FILES and found.files != requirement.files:
        yield _contradiction(path, f"the contract has {len(requirement.files)} other or differently ordered files")


def of_workload(workload: Workload, found: Section, settings: Settings) -> Iterator[Finding]:
    """Report values that are no texts, and values that are not what a workload was rendered from.

    A chart without our contract has its own precedence: what wins is only what was rendered. So a value that is not
    there is an error if nothing explains it: no other approach that is set, and no precedence of the chart, since the
    tool may have got other values than helm.
    """
    yield from untyped(workload, found)
    unused = _unused(workload, found)
    explained = settings.exact or bool(set(found.set).difference(each.approach for each in unused))
    for each in unused:
        path = found.where(each.approach, each.key)
        if explained or (found.names and not each.key):
            yield Finding(NOTE, "ignored", Place(values=path), f"not used, as rendered: {each.seen}")
        else:
            yield _contradiction(path, each.seen)
    for lower in found.set[1:] if settings.inject else ():
        message = f"not read: --inject fills from one approach, and {found.where(found.winner)} is set"
        yield Finding(NOTE, "ignored", Place(values=found.where(lower)), message)


def section_of(workload: Workload, found: Sequence[Section], applications: int) -> Section | None:
    """The section that is about a workload: those that agree with what was rendered first, then those of its name.

    One that contradicts it is its own only if there is no doubt: the Secret that it names, or one section, and one
    application.
    """
    unused = {each.path: _unused(workload, each) for each in found}
    for each in sorted(found, key=lambda one: not _is_named(one, workload)):
        if not unused[each.path]:
            return each
    named = (each for each in found if each.existing and EXISTING not in {one.approach for one in unused[each.path]})
    alone = found[0] if len(found) == applications == 1 and found[0].is_telling else None
    return next(named, alone)


def _is_named(found: Section, workload: Workload) -> bool:
    """Whether the chart's alias is in the workload's name."""
    alias = found.alias.rpartition(".")[2]
    return bool(alias) and alias in workload.container.resource.name


def _unused(workload: Workload, found: Section) -> list[Unused]:
    """What is set and not what was rendered, as far as that is seen."""
    sources = workload.secrets
    titles = ", ".join(workload.title(source) for source in sources) or "no Secret"
    seen = f"{workload.container.title} takes its variables from {titles}"
    unused = []
    if found.existing and found.existing not in [source.name for source in sources]:
        unused.append(Unused(EXISTING, seen))
    if workload.main is None and not workload.objects.hidden:
        own = [approach for approach in found.set if approach != EXISTING]
        return unused + [Unused(approach, f"{seen}, not in the stream") for approach in own]
    return unused + list(_other_values(workload, found))


def _other_values(workload: Workload, found: Section) -> Iterator[Unused]:
    """The inline values that the Secret does not have; the values themselves are not shown."""
    for name, text in found.inline.items():
        source = _own_source(workload, name)
        if source and "${" not in text and source.value is not None and source.value.strip() != text.strip().encode():
            shown = name if name in workload.required else policy.shown(name)
            yield Unused(INLINE, f"{source.place} has another value", shown)


def _own_source(workload: Workload, name: str) -> Source | None:
    """Where a variable comes from, if that is the chart's own Secret and its value is known."""
    source = workload.environment.variables.get(name)
    if source is None or source.kind != SECRET or source.value is None or source.resource is not workload.main:
        return None
    return source


def untyped(workload: Workload, found: Section) -> Iterator[Finding]:
    """Report inline values that are no texts, if helm's own spelling of them was rendered."""
    for name, value in found.untyped.items():
        source = _own_source(workload, name)
        if source and (source.field is None or source.field.value.is_string) and _is_spelling(value, source.value):
            yield no_text(found, name, value, workload.required)


def no_texts(values: Mapping[str, object], profile: Profile) -> Iterator[Finding]:
    """Report the required secrets in the values that are no texts."""
    for found in sections(values, profile):
        for name, value in found.untyped.items() if found.is_telling else ():
            if name in profile.required and value is not None:
                yield no_text(found, name, value, profile.required)


def no_text(found: Section, name: str, value: object, required: Sequence[str]) -> Finding:
    """The finding about an inline value that is no text."""
    shown = name if name in required else policy.shown(name)
    message = f"{shown} is {_kind(value)} in YAML, and helm writes that in its own way: the secret is another text"
    place = Place(values=found.where(INLINE, shown))
    key = name if name in required or name in policy.OPTIONAL else ""
    return Finding(ERROR, NO_TEXT, place, message, "a text in quotes", QUOTE, key)


def _kind(value: object) -> str:
    """What a value is instead of a text."""
    kinds: dict[type, str] = {bool: "true or false", type(None): "null", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), "a number")


def _is_spelling(value: object, rendered: bytes | None) -> bool:
    """Whether a rendered text can be how helm wrote a value that is no text: 12345678 becomes 1.2345678e+07."""
    text = (rendered or b"").decode(errors="replace").strip()
    if isinstance(value, (bool, type(None))):
        return text.lower() in (str(value).lower(), "<nil>", "null")
    if isinstance(value, (int, float)):
        with suppress(ValueError):
            return float(text) == float(value)
        return False
    return text.startswith(("[", "map[", "{", "- "))


def _contradiction(path: str, rendered: str) -> Finding:
    message = f"the values are not those that were rendered: {path} is set, but {rendered}"
    return Finding(ERROR, "values-contradict", Place(values=path), message, "the values that helm was given", FIX)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, Mapping) else ()
    return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}


def _untyped(value: object) -> dict[str, object]:
    pairs = value.items() if isinstance(value, Mapping) else ()
    return {key: each for key, each in pairs if isinstance(key, str) and not isinstance(each, str)}


def _list(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, str) and item)
