"""How it works: plan() finds what must be there and what to fetch for it, apply() judges and edits."""

from __future__ import annotations

from post_renderer import requirements, sources
from post_renderer.document import edit, stream
from post_renderer.kube.objects import Objects
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, capped
from post_renderer.model.record import TYPE_CHECKING, NamedTuple
from post_renderer.model.report import Ignored, Outcome, Report
from post_renderer.model.settings import Settings
from post_renderer.requirements import gather, stream_checks
from post_renderer.requirements.found import Asker
from post_renderer.sources import edits

if TYPE_CHECKING:
    from post_renderer.sources.judge import Verdict
    from post_renderer.sources.resolution import Resolution

    Resolved = list[tuple[Asker, list[Resolution]]]

ADVICE = frozenset(("admin-rule",))
UNCHECKED = frozenset(("not-checked", "hidden", "no-contract", "unreadable"))  # notes that --strict makes errors


class Plan(NamedTuple):
    """What was found in the stream alone; `files`, `variables` and live `secrets` are to be fetched, nothing else."""

    settings: Settings
    starts: list[int]
    objects: Objects
    askers: tuple[Asker, ...]
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    variables: tuple[str, ...]
    secrets: tuple[tuple[str, str], ...]


def plan(data: bytes, settings: Settings) -> Plan:
    """Find what must be there, and name what has to be known from outside."""
    starts = stream.cut(data)
    objects, findings = gather.gather(data, starts, settings)
    askers, damaged = requirements.discover(objects, settings, findings)
    needs = sources.needs(askers, settings)
    sound = not any(map(_is_error, [*findings, *damaged]))
    findings += [*damaged, *stream_checks.run(objects, askers, sound)]
    findings += [finding for need in needs for finding in need.findings]
    files = dict.fromkeys(path for need in needs for path in need.files)
    variables = dict.fromkeys(name for need in needs for name in need.variables)
    secrets = dict.fromkeys(secret for need in needs for secret in need.secrets)
    return Plan(settings, starts, objects, askers, tuple(findings), tuple(files), tuple(variables), tuple(secrets))


def apply(plan: Plan, facts: Facts) -> Outcome:
    """Judge every requirement; if nothing is wrong, edit the documents that are ours."""
    settings, objects, askers = plan.settings, plan.objects, plan.askers
    if facts.live:  # what a cluster has is looked at like what the stream has
        objects = objects.with_live(facts.live)
        askers, _ = requirements.discover(objects, settings, plan.findings)
    resolved = sources.resolve(askers, facts)
    verdicts, found = _judged(plan, resolved)
    findings, ignored = _counted([*found, *_unfilled(objects, resolved, settings)], settings)
    changes = edits.edits(objects, resolved, settings) if not any(map(_is_error, findings)) else []
    findings += edits.unhidden(objects, resolved, changes, settings) if changes else ()
    shown = capped(_escalated(findings, settings))
    report = Report(shown, tuple(verdict.judged for verdict in verdicts), ignored=ignored)
    if not report.ok:
        return Outcome((), report._replace(documents=stream.count_documents(objects.data, plan.starts)))
    return Outcome(tuple(edit.pieces(objects.data, changes)), report._replace(redacted=settings.redact))


def _judged(plan: Plan, resolved: Resolved) -> tuple[list[Verdict], list[Finding]]:
    """What is judged, and all findings; a stream that asks for nothing is spared the import of the rules."""
    if not resolved:
        return [], list(plan.findings)
    from post_renderer.sources import judge

    verdicts = [judge.judge(asker, each, plan.settings, plan.findings) for asker, each in resolved]
    return verdicts, judge.reported(plan.findings, [asker for asker, _ in resolved], verdicts)


def _unfilled(objects: Objects, resolved: Resolved, settings: Settings) -> list[Finding]:
    """What --inject leaves as it is, though it looks as if it were to be filled."""
    if not settings.inject:
        return []
    from post_renderer.sources import unfilled

    return unfilled.check(objects, resolved)


def _is_advice(finding: Finding) -> bool:
    """Whether a note needs no action at an install: the documented recipe's password; `check` says it once."""
    return finding.rule in ADVICE and finding.severity == NOTE


def _counted(findings: list[Finding], settings: Settings) -> tuple[list[Finding], tuple[Ignored, ...]]:
    """The findings that count, and those that the user ignores."""
    findings = findings if settings.advice else [each for each in findings if not _is_advice(each)]
    ignore = settings.ignore
    set_aside = capped(each for each in findings if each.rule in ignore)
    ignored = tuple(Ignored(each, ignore[each.rule]) for each in set_aside)
    return [each for each in findings if each.rule not in ignore], ignored


def _escalated(findings: list[Finding], settings: Settings) -> tuple[Finding, ...]:
    """The findings; under --strict, warnings are errors, and so is what was not checked."""
    if not settings.strict:
        return tuple(findings)
    return tuple(
        each._replace(severity=ERROR) if each.severity == WARNING or each.rule in UNCHECKED else each
        for each in findings
    )


def _is_error(finding: Finding) -> bool:
    return finding.severity == ERROR
