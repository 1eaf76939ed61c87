"""The outcome of `check`, from which every format is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place, capped
from post_renderer.model.record import NamedTuple
from post_renderer.model.report import Ignored, Judged, Report
from post_renderer.report import addresses, repository

RANKS = (ERROR, WARNING, NOTE)


class Checked(NamedTuple):
    """The outcome of a check.

    Attributes:
        targets: The charts or manifests, as given.
        findings: The findings that count, errors first.
        ignored: The findings that --ignore set aside.
        judged: The Secrets.
        fallback: The file for a finding that has none, in formats that need one.
        root: The folder that paths are relative to for a CI service.
        docs: The address of the documentation; empty if it is not known.
    """

    targets: tuple[str, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    judged: tuple[Judged, ...]
    fallback: str
    root: str
    docs: str = ""

    def count(self, severity: str) -> int:
        """How many findings of one severity count."""
        return sum(finding.times for finding in self.findings if finding.severity == severity)

    def path(self, finding: Finding) -> str:
        """The file of a finding, or the fallback, as CI services want it."""
        return repository.relative(finding.where.file or self.fallback, self.root)

    def page(self, rule: str) -> str:
        """The address of a rule's page; empty if it is not known."""
        return addresses.of_rule(self.docs, rule)

    def about(self, rule: str) -> str:
        """Where a reader finds more about a rule: its page, or the command that prints it."""
        return self.page(rule) or f"heimdall-pr explain {rule}"

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.count(ERROR)


def of(
    report: Report,
    targets: Iterable[str],
    fallback: str,
    ignore: Mapping[str, str],
    root: str,
    docs: str = "",
) -> Checked:
    """Sort a report's findings by severity and place, and set the ignored ones aside."""
    ranked = sorted(capped(report.findings), key=_rank)
    ignored = tuple(Ignored(finding, ignore[finding.rule]) for finding in ranked if finding.rule in ignore)
    kept = [finding for finding in ranked if finding.rule not in ignore]
    unused = ignore.keys() - {finding.rule for finding in ranked}
    kept += [_unused(rule) for rule in ignore if rule in unused]
    return Checked(tuple(targets), tuple(kept), ignored, report.judged, fallback, root, docs)


def _rank(finding: Finding) -> tuple[int, bool, str, int]:
    return RANKS.index(finding.severity), finding.times > 1, finding.where.file, finding.where.line


def _unused(rule: str) -> Finding:
    place = Place(f"--ignore {rule}")
    return Finding(NOTE, "ignore-unused", place, f"{rule} is ignored and found nothing", fix="leave it out")
