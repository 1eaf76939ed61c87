"""Judges all that an asker takes: runs the rules over it, and says what the report says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from post_renderer import rules
from post_renderer.kube.environment import LITERAL
from post_renderer.kube.manifest import CONFIG_MAP
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import Fix
from post_renderer.model.record import TYPE_CHECKING, NamedTuple
from post_renderer.model.report import Judged
from post_renderer.model.requirement import INLINE, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker
from post_renderer.rules import policy
from post_renderer.sources import key_status
from post_renderer.sources.resolution import Resolution
from post_renderer.sources.variables import NOT_ALLOWED, UNSET

if TYPE_CHECKING:  # most streams have no workload that no contract speaks for
    from post_renderer.kube.workload import Workload

WHY = "no contract speaks for it: its own variables say where each key comes from"
TAKEN_FOR = "taken-for"
NO_VALUE = frozenset(("no-source", "missing-key"))
SKIP = "--skip-workload {}/{} (HEIMDALL_PR_SKIP_WORKLOAD), if it is none"


class Verdict(NamedTuple):
    """What is wrong with all that an asker takes, and its line of the report."""

    findings: tuple[Finding, ...]
    judged: Judged


def judge(asker: Asker, resolutions: Sequence[Resolution], settings: Settings, before: Sequence[Finding]) -> Verdict:
    """Run the rules over all values of an asker, as if they were in one Secret.

    Args:
        asker: Who asks.
        resolutions: What its requirements resolved to.
        settings: What the user asked for.
        before: The findings of the plan: a variable that may not be read is not unset, too.
    """
    known = merged(asker, resolutions)
    given = list(_of_values(asker, settings))
    values = _without(known, {finding.key for finding in given if finding.rule == "not-a-string"})
    if not all(each.seen for each in resolutions):  # nor are the keys that need not be there
        values = values._replace(unknown=values.unknown | asker.all.terms.specs.keys() - values.values.keys())
    found = [finding for each in resolutions for finding in each.findings]
    found += [*_of_workload(asker), *_not_passed(asker, resolutions[0]), *rules.run(asker.all, values)]
    refused = _refused(before, found)
    found = [finding for finding in found if finding.rule != UNSET or _variable(finding) not in refused]
    keys = key_status.of(asker.all, values, [*refused.values(), *given, *found], settings)
    read = tuple(dict.fromkeys(source for each in resolutions for source in each.read))
    findings = (*given, *_once(found))
    if asker.workload is not None:
        findings = tuple(_in_values(asker, each, settings) for each in findings)
        findings = (*findings, *_taken_for(asker.workload, findings))
        seen = all(name in known.values for name in asker.all.required)
        why = f"{asker.workload.taken_for}; {WHY}"
        judged = Judged(asker.title, _approach(asker.workload), seen, len(asker.all.keys), read, why, keys=keys)
        return Verdict(findings, judged)
    own = resolutions[0]
    ignored = tuple(f"{asker.all.values_path}.{name}" for name in asker.all.ignored)
    required, why = len(own.found.requirement.keys), key_status.why(asker.all)
    judged = Judged(asker.title, asker.all.value(), own.seen, required, read, why, ignored, keys, own.provider)
    return Verdict(findings, judged)


def _refused(before: Sequence[Finding], found: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    """The findings about variables that may not be read, by key and path, of those that seem to be unset."""
    unset = {_variable(finding) for finding in found if finding.rule == UNSET}
    refused = {_variable(finding): finding for finding in before if finding.rule == NOT_ALLOWED}
    return {variable: refused[variable] for variable in unset if variable in refused}


def _variable(finding: Finding) -> tuple[str, str]:
    return finding.key, finding.where.values


def _without(values: Values, misread: set[str]) -> Values:
    """The same without the values that are not what the user wrote: rules about them would be about other texts."""
    if not misread:
        return values
    kept = {name: value for name, value in values.values.items() if name not in misread}
    return values._replace(values=kept, unknown=values.unknown | misread)


def reported(before: Sequence[Finding], askers: Sequence[Asker], verdicts: Sequence[Verdict]) -> list[Finding]:
    """All findings, each once.

    Of an object that is not there, several workloads give the same finding; so do a workload and a contract that is
    about the Secret of its variables, whatever name each has for a key.
    """
    seen: set[object] = set()
    of_contracts: set[object] = set()
    found = list(before)
    for asker, verdict in zip(askers, verdicts, strict=True):
        homes = _homes(asker)
        findings = verdict.findings
        if asker.workload is None:
            of_contracts.update((each.rule, homes[each.key]) for each in findings if each.key in homes)
        elif of_contracts:
            findings = _of_workload_alone(findings, homes, of_contracts)
        for finding in findings:
            is_absent = finding.rule in ("not-checked", "hidden") and not finding.where.values
            same = (finding.rule, finding.message) if is_absent else finding
            found += [] if same in seen else [finding]
            seen.add(same)
    return found


def _homes(asker: Asker) -> dict[str, tuple[str, str, str]]:
    """The namespace, the Secret and the key of each name that an asker has for one."""
    own = asker.all
    found = {name: (own.namespace, own.secret, name) for name in own.terms.specs} if asker.workload is None else {}
    asked = (each.requirement for each in asker.found)
    return found | {name: (each.namespace, each.secret, key) for each in asked for name, key in each.keys.items()}


def _of_workload_alone(
    findings: Sequence[Finding], homes: Mapping[str, object], of_contracts: Collection[object]
) -> tuple[Finding, ...]:
    """The findings about a workload that no contract has; why it was judged is reported with an error alone."""
    kept = [each for each in findings if (each.rule, homes.get(each.key)) not in of_contracts]
    is_wrong = any(each.severity == ERROR for each in kept)
    return tuple(each for each in kept if is_wrong or each.rule != TAKEN_FOR)


def merged(asker: Asker, resolutions: Sequence[Resolution]) -> Values:
    """All values of an asker, as if they were in one Secret: its own.

    A variable is taken from the Secret that it is required of, whatever other Secrets have under its name.
    """
    owners = {name: each for each in resolutions for name in each.found.requirement.keys}
    of_secret = _by_secret(resolutions)
    parts = [_part(each, owners, _renamed(each, of_secret[_secret(each)])) for each in resolutions]
    values = Values(
        values={name: value for each in parts for name, value in each.values.items()},
        places={name: _written(asker, name, place) for each in parts for name, place in each.places.items()},
        whole=parts[0].whole,
        fillers={name: fix for each in parts for name, fix in each.fillers.items()},
        unknown=frozenset(name for each in parts for name in each.unknown),
        renewers={name: fix for each in parts for name, fix in each.renewers.items()},
        others=parts[0].others,
    )
    renewers = {**_referring(asker, values), **values.renewers}
    return values._replace(fillers={**values.fillers, **_injectable(asker)}, renewers=renewers)


def _written(asker: Asker, name: str, place: Place) -> Place:
    """The place of a variable, with the user's value that gave it."""
    path = asker.written.get(name, "")
    return place._replace(values=path) if path and not place.values else place


def _by_secret(resolutions: Sequence[Resolution]) -> dict[tuple[str, str], list[Resolution]]:
    """Those that take keys of one Secret."""
    found: dict[tuple[str, str], list[Resolution]] = {}
    for each in resolutions:
        found.setdefault(_secret(each), []).append(each)
    return found


def _secret(resolution: Resolution) -> tuple[str, str]:
    return resolution.found.requirement.namespace, resolution.found.requirement.secret


def _renamed(own: Resolution, of_secret: Sequence[Resolution]) -> set[str]:
    """The keys of a Secret that another requirement takes under other names (`heimdall.keys`): they are not unknown."""
    return {key for each in of_secret if each is not own for key in each.found.requirement.keys.values()}


def _part(resolution: Resolution, owners: Mapping[str, Resolution], renamed: set[str]) -> Values:
    """What one Secret gives: no variable that is required of another, and a place for each that it lacks."""
    values = resolution.values
    renamed = renamed.difference(resolution.found.requirement.keys)
    mine = {name for name in {*values.values, *values.places} if owners.get(name, resolution) is resolution} - renamed
    places = {name: values.where(name) for name in (*resolution.found.requirement.keys, *mine)}
    known = {name: value for name, value in values.values.items() if name in mine}
    return values._replace(values=known, places=places)


def _injectable(asker: Asker) -> dict[str, str]:
    """How to fill what is missing, if the values name files that the chart of a workload can't read."""
    if asker.workload is None or not asker.all.files or any(each.requirement.fills for each in asker.found):
        return {}
    from post_renderer.document.paths import is_path

    paths = ", ".join(path for path in asker.all.files if is_path(path))
    return dict.fromkeys(asker.all.required, f"HEIMDALL_PR_INJECT=true (or --inject) fills it from {paths}")


def _referring(asker: Asker, values: Values) -> dict[str, Fix]:
    """How to fill a value that is exactly `${NAME}`, in a Secret that only --inject fills."""
    is_foreign = asker.workload is not None or asker.own.requirement.place.file
    if not is_foreign or any(each.requirement.fills for each in asker.found):
        return {}
    texts = {name: value.decode(errors="replace") for name, value in values.values.items() if value[:2] == b"${"}
    names = {name: policy.reference(text) for name, text in texts.items()}
    fill = "HEIMDALL_PR_INJECT=true (or --inject) fills it from the environment variable"
    return {name: f"{fill} {reference}" for name, reference in names.items() if reference}


def _of_workload(asker: Asker) -> Iterator[Finding]:
    """What is wrong with where a workload takes its variables from."""
    if asker.workload is not None:
        from post_renderer.rules import workload

        yield from workload.run(asker.workload)


def _in_values(asker: Asker, finding: Finding, settings: Settings) -> Finding:
    """A finding about a workload's variable, at the user's value that gave it or should have given it."""
    finding = finding._replace(where=_written(asker, finding.key, finding.where))
    if finding.rule not in NO_VALUE or not settings.values or asker.profile is None or finding.where.values:
        return finding
    if asker.section and asker.section.winner != INLINE:  # its chart takes it from a Secret or a file
        return finding
    from post_renderer.requirements import value_names

    found = value_names.meant(settings.values, asker.section, asker.profile, finding.key)
    if found is None or (finding.rule == "missing-key" and not asker.own.resource):
        return finding
    where = finding.where._replace(values=found.misspelt or found.path)
    if found.misspelt:
        name = found.path.rpartition(".")[2]
        return finding._replace(where=where, fix=f"did you mean {name}? rename {found.misspelt} in the values")
    return finding._replace(where=where, fix=_value(finding.key, asker.all.lengths.get(finding.key, 0), found.path))


def _value(key: str, length: int, path: str) -> Fix:
    """How to give a variable by a value of the chart."""
    if policy.is_given(key):
        return f"{path} in the values; {policy.GIVEN}"
    return policy.recipe(key, length)._replace(note=f"as {path} in the values")


def _taken_for(workload: Workload, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Why a container was judged, and how to have it not judged, if something is wrong with it."""
    if any(finding.severity == ERROR for finding in findings):
        message = f"{workload.container.title} is {workload.taken_for}"
        fix = SKIP.format(workload.container.resource.kind, workload.container.resource.name)
        yield Finding(NOTE, TAKEN_FOR, workload.place, message, "a container of that application", fix)


def _not_passed(asker: Asker, own: Resolution) -> Iterator[Finding]:
    """Keys that are stored in a contract's own Secret, and that the pods do not get; imported if there are others."""
    requirement = own.found.requirement
    if requirement.passed and own.values.values.keys() - {*requirement.passed, *requirement.keys}:
        from post_renderer.sources import not_passed

        yield from not_passed.check(own, asker.all.keys)


def _of_values(asker: Asker, settings: Settings) -> Iterator[Finding]:
    """What the user's values say about it: values of lower precedence, and values that were not rendered."""
    for name in asker.all.ignored:
        place = Place(values=f"{asker.all.values_path}.{name}")
        yield Finding(NOTE, "ignored", place, f"ignored, because {asker.all.value()} is set and wins whole")
    if settings.values is None or not asker.all.values_path:
        return
    from post_renderer.requirements import user_values

    if asker.workload is None:
        yield from user_values.of_contract(asker.own.requirement, settings.values)
    elif asker.section is not None:
        yield from user_values.of_workload(asker.workload, asker.section, settings)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _approach(workload: Workload) -> str:
    """What the required variables of a workload come from."""
    sources = (*workload.secrets, *(source for source in workload.sources.values() if source.kind == CONFIG_MAP))
    titles = [workload.title(source) for source in sources]
    literal = [name for name, source in workload.sources.items() if source.kind == LITERAL]
    return ", ".join(dict.fromkeys([*titles, *(["values in the pod"] if literal else [])])) or "from nowhere"
