"""The whole way of the data: plan() says what was decided and what must be fetched, apply() checks and edits."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from post_renderer import sources as approaches
from post_renderer.document import edit, stream
from post_renderer.kube import manifest, secret
from post_renderer.kube.manifest import Resource
from post_renderer.kube.secret import SecretData
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.report import Edit, Judged, Outcome, Report
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract, gather, workloads
from post_renderer.requirements.contract import Contract
from post_renderer.rules import checks, integrity
from post_renderer.sources import checksum, key_status
from post_renderer.sources.case import Case, Needs, Verdict

if TYPE_CHECKING:
    from post_renderer.requirements.other_secrets import Elsewhere
    from post_renderer.requirements.unit import Unit
    from post_renderer.sources.strangers import Stranger

UNCHECKED = frozenset(("not-checked", "hidden", "no-contract", "unreadable"))  # notes that --strict makes errors


class Plan(NamedTuple):
    """What was decided from the stream alone; `files`, `variables`, live `secrets` are to be fetched, nothing else."""

    data: bytes
    settings: Settings
    starts: list[int]
    resources: tuple[Resource, ...]
    cases: tuple[Case, ...]
    units: tuple["Unit", ...]
    files: tuple[str, ...]
    variables: tuple[str, ...]
    findings: tuple[Finding, ...]
    secrets: tuple[tuple[str, str], ...] = ()


def plan(data: bytes, settings: Settings) -> Plan:
    """Finds the contracts, the workloads without one and the Secrets they name, and what each needs from outside."""
    starts = stream.cut(data)
    resources, findings, hidden = gather.objects(data, starts, settings)
    contracts, damaged = _contracts(data, resources)
    cases = [Case.of(data, each, resources, hidden) for each in contracts]
    findings += damaged
    stands = not any(finding.severity == ERROR for finding in findings)
    units = workloads.units(data, resources, contracts, settings, hidden) if stands else []
    needs = [approaches.APPROACHES[case.contract.approach].needs(case, settings) for case in cases]
    needs += [need for case in cases for need in _needed_elsewhere(data, case.contract, resources, settings)]
    needs += _needed_by_strangers(units, settings)
    findings += integrity.run(data, resources, contracts, bool(units), stands)
    findings += [finding for need in needs for finding in need.findings]
    files = tuple(dict.fromkeys(path for need in needs for path in need.files))
    variables = tuple(dict.fromkeys(name for need in needs for name in need.variables))
    secrets = tuple(dict.fromkeys(name for need in needs for name in need.secrets))
    decided = (tuple(resources), tuple(cases), tuple(units), files, variables, tuple(findings))
    return Plan(data, settings, starts, *decided, secrets)


def apply(plan: Plan, facts: Facts) -> Outcome:
    """Checks every Secret; where nothing is wrong, edits the documents that are ours."""
    verdicts = _verdicts(plan, facts)
    unknown = _strangers(plan, facts)
    findings, judged = list(plan.findings), []
    for case, verdict in verdicts:
        found = [*verdict.findings, *(checks.run(verdict.secret, case.contract) if verdict.secret else ())]
        others = _elsewhere(plan, case.contract, facts)
        found += others.findings if others else ()
        judged.append(_judged(case, verdict, [*_about(case.contract, plan.findings), *found], others))
        findings += [*_ignored(case.contract), *_contradicted(case.contract, plan.settings), *found]
    findings += [finding for stranger in unknown for finding in stranger.findings]
    findings = _escalated(findings) if plan.settings.strict else findings
    judged += [stranger.judged for stranger in unknown]
    if any(finding.severity == ERROR for finding in findings):
        return Outcome((), Report(tuple(findings), tuple(judged), stream.count_documents(plan.data, plan.starts)))
    edits = {*_edits(plan, verdicts), *(each for stranger in unknown for each in stranger.edits)}
    report = Report(tuple(findings), tuple(judged), redacted=plan.settings.redact)
    return Outcome(tuple(edit.pieces(plan.data, sorted(edits))), report)


# What few runs need is imported where it is needed: each module costs a start.


def _needed_by_strangers(units: "list[Unit]", settings: Settings) -> list[Needs]:
    """What has to be known for charts that know nothing of us."""
    if not units or not (settings.inject or settings.live):
        return []
    from post_renderer.sources import strangers

    return strangers.needs(tuple(units), settings)


def _strangers(plan: Plan, facts: Facts) -> "list[Stranger]":
    """What judging the containers gives that no contract speaks for."""
    if not plan.units:
        return []
    from post_renderer.sources import strangers

    return strangers.run(plan.units, facts, plan.settings)


def _needed_elsewhere(data: bytes, each: Contract, resources: list[Resource], settings: Settings) -> list[Needs]:
    """What has to be known of the keys that come from other Secrets."""
    if not each.elsewhere or not settings.live:
        return []
    from post_renderer.requirements import other_secrets

    return other_secrets.needs(data, each, resources, settings)


def _elsewhere(plan: Plan, each: Contract, facts: Facts) -> "Elsewhere | None":
    """What is known of the keys that come from other Secrets."""
    if not each.elsewhere:
        return None
    from post_renderer.requirements import other_secrets

    return other_secrets.judge(plan.data, each, plan.resources, facts)


def _contradicted(each: Contract, settings: Settings) -> Iterator[Finding]:
    """Where the user's values are not those that the contract was rendered from."""
    if settings.values is None:
        return
    from post_renderer.sources import said

    yield from said.of_contract(each, settings.values)


def _sources(plan: Plan, each: Contract) -> list[Resource]:
    """The other Secrets in the stream that keys come from."""
    if not each.elsewhere:
        return []
    from post_renderer.requirements import other_secrets

    return other_secrets.sources(each, plan.resources)


def _contracts(data: bytes, resources: list[Resource]) -> tuple[list[Contract], list[Finding]]:
    """The contracts, and what is wrong with those that can't be read."""
    found = [contract.read(data, each) for each in resources if manifest.contract_version(each) is not None]
    damaged = [finding for each in found if isinstance(each, list) for finding in each]
    return [each for each in found if isinstance(each, Contract)], damaged


def _verdicts(plan: Plan, facts: Facts) -> list[tuple[Case, Verdict]]:
    """What each approach says; a Secret that one contract fills is what another finds existing."""
    verdicts = [(case, approaches.APPROACHES[case.contract.approach].judge(case, facts)) for case in plan.cases]
    filled: dict[int, SecretData] = {
        case.resource.node.start: verdict.secret
        for case, verdict in verdicts
        if case.resource and verdict.secret and case.contract.approach != "existing"
    }
    return [(case, _shared(case, filled) or verdict) for case, verdict in verdicts]


def _shared(case: Case, filled: Mapping[int, SecretData]) -> Verdict | None:
    if case.resource is None or case.contract.approach != "existing":
        return None
    secret_data = filled.get(case.resource.node.start)
    return Verdict(secret_data) if secret_data else None


def _about(each: Contract, findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """The findings about the values of one contract."""
    return (finding for finding in findings if finding.where.values.startswith(f"{each.value()}."))


def _ignored(each: Contract) -> list[Finding]:
    """The losers that were set."""
    return [
        Finding(
            NOTE,
            "ignored",
            Place(values=f"{each.values_path}.{name}"),
            f"ignored, because {each.value()} is set and wins whole",
        )
        for name in each.ignored
    ]


def _escalated(findings: list[Finding]) -> list[Finding]:
    """The findings under --strict: warnings are errors, and so is what was not checked."""
    return [
        finding._replace(severity=ERROR) if finding.severity == WARNING or finding.rule in UNCHECKED else finding
        for finding in findings
    ]


def _judged(case: Case, verdict: Verdict, findings: list[Finding], others: "Elsewhere | None") -> Judged:
    each = case.contract
    seen = verdict.secret is not None and (case.resource is not None or verdict.live)
    ignored = tuple(f"{each.values_path}.{name}" for name in each.ignored)
    keys = key_status.of(each, verdict.secret, findings, others.secret if others else None)
    return Judged(
        each.title,
        each.value(),
        seen,
        len(each.required),
        (*verdict.read, *(others.read if others else ())),
        key_status.why(each),
        ignored,
        keys,
        verdict.provider,
    )


def _edits(plan: Plan, verdicts: list[tuple[Case, Verdict]]) -> Iterator[Edit]:
    """What changes in the stream: the guards go, our Secrets and the checksums of their pods are filled, or hidden."""
    for guard in filter(manifest.is_guard, plan.resources):
        start = guard.document.start
        yield Edit(start + len(stream.BOM) * plan.data.startswith(stream.BOM, start), guard.document.end, b"")
    if plan.settings.redact:
        for case in plan.cases:
            for resource in (*filter(None, (case.resource,)), *_sources(plan, case.contract)):
                yield from secret.redact(plan.data, resource)
        return
    for case, verdict in verdicts:
        if case.resource and verdict.secret:
            yield from approaches.APPROACHES[case.contract.approach].edits(case, verdict)
    yield from checksum.edits(plan.resources, verdicts)
