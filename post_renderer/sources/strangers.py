"""What judging a container of somebody else's chart gives: the verdict, and the edits that hide its secrets."""

from collections.abc import Iterator
from typing import NamedTuple

from post_renderer.document.nodes import Node, Scalar
from post_renderer.document.scalar import quoted
from post_renderer.kube import secret
from post_renderer.kube.environment import LITERAL, Source
from post_renderer.kube.manifest import CONFIG_MAP, SECRET
from post_renderer.kube.secret import SecretData
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.report import Edit, Judged
from post_renderer.model.settings import Settings
from post_renderer.requirements.unit import Unit
from post_renderer.rules import checks, policy
from post_renderer.sources import inject, key_status, live, miswired, said
from post_renderer.sources.case import Needs

WHY = "no contract speaks for it: its own variables say where each key comes from"


class Stranger(NamedTuple):
    """What judging one container gave, and what changes in the stream."""

    judged: Judged
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()


def needs(units: tuple[Unit, ...], settings: Settings) -> list[Needs]:
    """What has to be known from outside: of Secrets with --live, and of what is filled with --inject."""
    found = [live.needs(unit, settings) for unit in units] if settings.live else []
    return found + [inject.needs(unit, settings) for unit in units]


def run(units: tuple[Unit, ...], facts: Facts, settings: Settings) -> list[Stranger]:
    """What judging each gives; what several say alike is said once, and a Secret that several fill is filled once."""
    units = tuple(live.seen(unit, facts) for unit in units) if facts.live else units
    injections = [inject.judge(unit, facts, settings) for unit in units]
    strangers = [_judge(unit, injection) for unit, injection in zip(units, injections, strict=True)]
    fills = [fill for injection in injections for fill in injection.fills]
    filled = tuple(inject.edits(units[0].data, fills)) if not settings.redact and _is_sound(strangers) else ()
    hidden = tuple(edit for unit in units for edit in _redactions(unit)) if settings.redact else ()
    first, *others = _told_once(strangers)
    return [first._replace(edits=(*filled, *hidden)), *others]


def _judge(unit: Unit, injection: inject.Injection) -> Stranger:
    """What a container's variables hold or will hold, and all that is wrong with them and with their wires."""
    data = _data(unit, injection)
    findings = [*said.of_unit(unit), *_wrong(unit, injection), *injection.findings, *checks.run(data, unit.contract)]
    seen = all(name in data.values for name in unit.required)
    keys = key_status.of(unit.contract, data, findings)
    read = (*injection.read, *live.read(unit))
    judged = Judged(unit.container.title, _approach(unit), seen, len(unit.required), read, WHY, keys=keys)
    return Stranger(judged, tuple(findings))


def _is_sound(strangers: list[Stranger]) -> bool:
    """Whether nothing stands against editing."""
    return not any(finding.severity == ERROR for stranger in strangers for finding in stranger.findings)


def _told_once(strangers: list[Stranger]) -> Iterator[Stranger]:
    """The same without findings that one before gave alike; of an object that is not there the first is enough."""
    seen = set()
    for stranger in strangers:
        findings = []
        for finding in stranger.findings:
            same = (finding.rule, finding.message) if finding.rule in ("not-checked", "hidden") else finding
            findings += [] if same in seen else [finding]
            seen.add(same)
        yield stranger._replace(findings=tuple(findings))


def _redactions(unit: Unit) -> Iterator[Edit]:
    """The edits that hide each value that is or holds a secret, in such a way that nobody can install it."""
    for name in (*unit.required, *policy.OPTIONAL):
        source = unit.environment.variables.get(name)
        if source is None:
            continue
        if source.kind == SECRET and source.resource:
            yield from secret.redact(unit.data, source.resource)
        elif source.kind == CONFIG_MAP and source.field:
            yield from _spoiled(unit.data, source.field.key, source.field.value)
        elif source.kind == LITERAL and source.node:
            yield from _spoiled(unit.data, source.node.get("name"), source.node.get("value"))
    for source in unit.environment.whole:
        if source.kind == SECRET and source.resource:
            yield from secret.redact(unit.data, source.resource)


def _data(unit: Unit, injection: inject.Injection) -> SecretData:
    """The variables that checks are about: the required ones, and what else comes from Secrets in the stream."""
    found = {name: source for name, source in unit.environment.variables.items() if _is_judged(unit, name, source)}
    values = {name: source.value for name, source in found.items() if source.value is not None}
    places = {name: source.place for name, source in found.items()}
    nowhere = [name for name in unit.required if name not in found]
    whole = [source for source in unit.environment.whole if source.kind == SECRET]
    unknown = {name for name, source in found.items() if source.value is None and not source.is_missing}
    unknown.update(nowhere if unit.environment.unseen or not whole else ())
    unknown.update(live.to_come(unit))
    return SecretData(
        values={name: value for name, value in {**values, **injection.values}.items() if name not in injection.unknown},
        places={**places, **injection.places},
        whole=whole[-1].place if whole else unit.place,
        filler=_filler(unit),
        unknown=frozenset(unknown - injection.values.keys()) | injection.unknown,
    )


def _is_judged(unit: Unit, name: str, source: Source) -> bool:
    """Whether checks are about a variable: others' keys of the same Secret are not this container's."""
    if name in unit.required:
        return True
    return source.kind == SECRET and source.is_known and (source.node is None or name in policy.OPTIONAL)


def _filler(unit: Unit) -> str:
    """What fills a key that is missing, where the values name files that the chart can't read."""
    paths = unit.contract.files if unit.contract.approach == "files" else ()
    return f"HEIMDALL_PR_INJECT=true (or --inject) fills it from {', '.join(paths)}" if paths else ""


def _wrong(unit: Unit, injection: inject.Injection) -> Iterator[Finding]:
    """The findings about the wires, without those about values that are filled anyway."""
    filled = {unit.sources[name].place for name in injection.places if name in unit.sources}
    for finding in miswired.run(unit):
        if finding.rule not in miswired.OF_VALUES or finding.where not in filled:
            yield finding


def _approach(unit: Unit) -> str:
    """What the required variables come from, for the report."""
    sources = (*unit.secrets, *(source for source in unit.sources.values() if source.kind == CONFIG_MAP))
    titles = [unit.title(source) for source in sources]
    literal = [name for name, source in unit.sources.items() if source.kind == LITERAL]
    return ", ".join(dict.fromkeys([*titles, *(["values in the pod"] if literal else [])])) or "from nowhere"


def _spoiled(data: bytes, key: Node | None, value: Node | None) -> Iterator[Edit]:
    """The edits that hide a value, and give its key a name that no API server takes: the same for all who share it."""
    if not isinstance(key, Scalar) or value is None or value.end == value.start:
        return
    yield secret.put(data, key, quoted(f"{key.text}=<redacted>"))
    yield secret.put(data, value, quoted(secret.REDACTED))
