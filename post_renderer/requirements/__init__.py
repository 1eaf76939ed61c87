"""What must be there: three finders (contracts, the other Secrets of a contract, workloads) that give requirements."""

from __future__ import annotations

from collections.abc import Iterable

from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract, workloads
from post_renderer.requirements.found import Asker


def discover(
    objects: Objects, settings: Settings, before: Iterable[Finding] = ()
) -> tuple[tuple[Asker, ...], list[Finding]]:
    """Find all that must be there; `before` is what is known to be wrong with the stream.

    Returns:
        Who asks, each with its requirements, contracts first; what is wrong with contracts, and what is not judged.
        If a contract can't be read, workloads are not looked at: which of them it speaks for is not known.
    """
    contracts, damaged = contract.find(objects)
    completed = contracts
    if any(each.terms.specs for each in contracts):
        from post_renderer.requirements import contract_takers

        completed, misdirected = contract_takers.completed(objects, contracts)
        damaged = [*damaged, *misdirected]
    found = [contract.asker(objects, each) for each in completed]
    if settings.contracts:
        from post_renderer.requirements import contract_matches

        of_files, unmatched = contract_matches.askers(objects, settings)
        found += contract_matches.injected(of_files, found) if settings.inject else of_files
        damaged += unmatched
    if not any(finding.severity == ERROR for finding in (*before, *damaged)):
        found += workloads.askers(objects, contracts, settings)
        damaged = [*damaged, *workloads.unjudged(objects, contracts, settings)]
    return tuple(found), damaged
