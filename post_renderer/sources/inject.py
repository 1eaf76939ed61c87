"""`--inject`: what fills the Secret of a chart that knows nothing of it, from files or the environment."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.report import Edit
from post_renderer.model.settings import Settings
from post_renderer.requirements.unit import Unit
from post_renderer.rules import policy
from post_renderer.sources import files, fill, inline
from post_renderer.sources.case import Needs

FORGOTTEN = "an upgrade that forgets --inject deletes what was filled: the chart itself does not render it"


class Fill(NamedTuple):
    """One key of a Secret in the stream, and the value that it gets."""

    resource: Resource
    key: str
    value: bytes


class Injection(NamedTuple):
    """What variables will hold, where each value is from, what is wrong, what was read, and what is filled.

    `unknown` are variables of which a finding says already why there is no value.
    """

    values: Mapping[str, bytes] = {}
    places: Mapping[str, Place] = {}
    findings: tuple[Finding, ...] = ()
    read: tuple[str, ...] = ()
    fills: tuple[Fill, ...] = ()
    unknown: frozenset[str] = frozenset()


def needs(unit: Unit, settings: Settings) -> Needs:
    """The files that the values name, and the variables that inline values refer to."""
    if not settings.inject:
        return Needs()
    wanted = _references(unit)
    found = inline.needed(wanted, {name: _path(unit, name) for name in wanted}, settings)
    paths = unit.contract.files if unit.contract.approach == "files" else ()
    if wanted or paths or unit.main is None:
        return found._replace(files=paths)
    message = "--inject has nothing to fill here: the values name no secretsFiles, and the Secret holds no ${NAME}"
    expected = "--values FILE that has one of them, as helm was given it"
    fix = "HEIMDALL_PR_VALUES=FILE, or leave --inject out"
    return Needs(findings=(Finding(NOTE, "nothing-to-inject", unit.place, message, expected, fix),))


def judge(unit: Unit, facts: Facts, settings: Settings) -> Injection:
    """What is filled, where that was asked for and can be."""
    if not settings.inject:
        return Injection()
    injection = _from_files(unit, facts) if unit.contract.approach == "files" else _from_environment(unit, facts)
    return injection._replace(findings=(*injection.findings, *_told(unit, injection)))


def edits(data: bytes, fills: list[Fill]) -> Iterator[Edit]:
    """The edits of all fills: those of one Secret together, since several containers may ask for them."""
    secrets: dict[int, tuple[Resource, dict[str, bytes]]] = {}
    for each in fills:
        secrets.setdefault(each.resource.node.start, (each.resource, {}))[1][each.key] = each.value
    for resource, values in secrets.values():
        yield from fill.edits(data, resource, values)


def _references(unit: Unit) -> dict[str, str]:
    """The name in each variable's value that is exactly `${NAME}`: as rendered, or else in the values."""
    section = unit.section
    texts = dict(section.inline) if section and section.winner == "inline" else {}
    found = {name: policy.reference(text) for name, text in texts.items() if unit.target(name)}
    for name, source in unit.environment.variables.items():
        if source.kind == SECRET and source.field:
            value = source.value.decode(errors="replace") if source.value is not None else source.field.value.text
            found[name] = policy.reference(value) or found.get(name, "")
    return {name: reference for name, reference in found.items() if reference}


def _from_files(unit: Unit, facts: Facts) -> Injection:
    """All that the files hold and a container takes from its main Secret."""
    verdict = files.gather(unit.contract, facts)
    held = verdict.secret.values if verdict.secret else {}
    places = verdict.secret.places if verdict.secret else {}
    fills = []
    taken = {name for name in held if unit.main is None and name in unit.required}  # hidden: only checked
    findings = list(verdict.findings)
    for name, value in held.items():
        target = unit.target(name)
        if target and target[0] is unit.main:
            fills.append(Fill(*target, value))
            taken.add(name)
        elif name not in taken:
            findings.append(_unused(name, places[name]))
    values = {name: held[name] for name in held if name in taken}
    return Injection(values, places, tuple(findings), verdict.read, tuple(fills))


def _from_environment(unit: Unit, facts: Facts) -> Injection:
    """All values that are exactly `${NAME}`."""
    wanted = _references(unit)
    places = {
        name: Place(f"environment variable {variable}", values=_path(unit, name)) for name, variable in wanted.items()
    }
    values = {name: facts.environ[variable] for name, variable in wanted.items() if facts.environ.get(variable)}
    findings = [
        inline.unset(
            unit.contract, places[name], policy.shown(name) if name not in unit.required else name, wanted[name]
        )
        for name in wanted
        if name not in values
    ]
    fills = [Fill(*target, value) for name, value in values.items() if (target := unit.target(name))]
    read = tuple(f"environment variable {wanted[name]}" for name in values)
    return Injection(values, places, tuple(findings), read, tuple(fills), frozenset(wanted.keys() - values.keys()))


def _told(unit: Unit, injection: Injection) -> Iterator[Finding]:
    """For each Secret that is filled: why it can't be, or what a forgotten flag does."""
    secrets = {each.resource.node.start: each.resource for each in injection.fills}
    for start, resource in secrets.items():
        values = {each.key: each.value for each in injection.fills if each.resource.node.start == start}
        place = resource.place(unit.data)
        if problem := fill.problem(unit.data, resource, values):
            fix = "have the chart render plain keys and values, or use an existing Secret"
            yield Finding(
                ERROR, "secret-damaged", place, f"the Secret {problem}: it can't be filled", "plain YAML", fix
            )
        else:
            count = f"{len(values)} key" if len(values) == 1 else f"{len(values)} keys"
            fix = "HEIMDALL_PR_INJECT=true in every install and upgrade, or an existing Secret"
            yield Finding(NOTE, "injected", place, f"{count} filled; {FORGOTTEN}", "", fix)


def _path(unit: Unit, name: str) -> str:
    """The values path of a variable, as far as one is known."""
    shown = name if name in unit.required else policy.shown(name)
    section = unit.section
    if section and section.winner == "inline" and name in section.inline:
        return section.where("inline", shown)
    return ""


def _unused(name: str, place: Place) -> Finding:
    message = f"{policy.shown(name)} is not filled: the container does not take it from this chart's Secret"
    return Finding(NOTE, "unused-key", place, message)
