"""What is wrong with the stream as a whole: objects that are there twice, contracts that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.kube import containers, manifest
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.requirement import Requirement
from post_renderer.requirements.contract import REINSTALL
from post_renderer.requirements.found import Asker

INJECT = "HEIMDALL_PR_INJECT=true (or --inject)"
ONCE = "render it once: two charts or files make the same object"


def run(objects: Objects, askers: Sequence[Asker], sound: bool) -> Iterator[Finding]:
    """Report what is wrong with the stream as a whole; `sound`: all contracts could be read."""
    contracts = [asker for asker in askers if asker.workload is None]
    yield from _twice(objects, askers)
    yield from _two_fillers(contracts)
    if len(contracts) > 1 and any(asker.all.terms.specs for asker in contracts):
        from post_renderer.requirements import contradictions

        yield from contradictions.find([asker.own.requirement for asker in contracts])
    yield from _checksums(objects, contracts)
    if sound:
        yield from _unused(objects, contracts)
    guards = [resource for resource in objects.resources if manifest.is_guard(resource)]
    filled = any(each.requirement.fills for asker in askers for each in asker.found)
    in_stream = [
        asker for asker in contracts if not asker.own.requirement.place.file
    ]  # a file knows nothing of a guard
    if guards and not in_stream and sound and not filled:
        yield _unexplained(guards[0].place(objects.data), bool(askers))
    elif not askers and sound and not guards:
        message = "no Heimdall and no secrets contract in the stream: nothing of it was checked"
        expected = f"a ConfigMap with the label {manifest.NEUTRAL_LABEL}, or a workload whose image ends in heimdall2"
        fix = "give the chart that has one; for an application of your own: --contract FILE (docs/contract.md)"
        yield Finding(NOTE, "no-contract", Place("the stream"), message, expected, fix)


def _unexplained(place: Place, known: bool) -> Finding:
    """The error of a guard without a contract; beside a known application it was meant for --inject."""
    if known:
        message = "the chart has a guard and no contract: its Secret is to be filled, but --inject is not given"
        return Finding(ERROR, "contract-absent", place, message, "--inject", INJECT)
    message = "the chart needs this tool, but its contract is not in the stream: is the stream cut off?"
    return Finding(ERROR, "contract-absent", place, message, "the contract as rendered", REINSTALL)


def _unused(objects: Objects, contracts: Sequence[Asker]) -> Iterator[Finding]:
    """Report the Secrets that nothing takes by their names; imported if no known container takes one."""
    asked = [each for asker in contracts if not asker.by_api for each in asker.found]
    pods = (each for each in objects.resources if each.kind in manifest.POD_OWNERS) if asked else ()
    taken = {name for each in pods for name in containers.taken(each)}
    once = {(each.requirement.namespace, each.requirement.secret): each for each in reversed(asked)}
    wanted = [each for (_, name), each in once.items() if name not in taken and _is_for_pods(each.requirement)]
    if wanted:
        from post_renderer.requirements import unused

        others = {each.requirement.secret for asker in contracts for each in asker.found}
        yield from unused.find(objects, wanted[::-1], others)


def _is_for_pods(requirement: Requirement) -> bool:
    """Whether something must take a Secret by its name: not if all keys are optional, or an application writes some."""
    terms = requirement.terms
    is_written = any(each.filled_by for each in terms.specs.values())
    return bool(requirement.keys or terms.one_of) and not is_written


def _checksums(objects: Objects, contracts: Sequence[Asker]) -> Iterator[Finding]:
    """Report pods whose checksum can't be filled without a change somewhere else."""
    names = {asker.own.requirement.secret for asker in contracts}
    pods = [each for each in objects.resources if each.kind in manifest.POD_OWNERS and containers.checksum(each)]
    for pod in pods if names else ():
        node = containers.checksum_tangle(pod)
        if node and not names.isdisjoint(containers.taken(pod)):
            message = (
                f"the checksum of {pod.title} comes by an anchor, an alias, a merge key or a key that is there twice"
            )
            fix = "render the annotation once, with its own empty value"
            place = pod.place(objects.data, node)
            yield Finding(ERROR, "checksum-damaged", place, message, "each key once, with its own value", fix)


def _twice(objects: Objects, askers: Sequence[Asker]) -> Iterator[Finding]:
    """Report contracts and judged Secrets that are there twice: Helm 4 lets the last win, Helm 3 fails half-way."""
    once = [each for each in objects.resources if manifest.contract_version(each) is not None]
    found = [each for asker in askers for each in asker.found if each.requirement.kind == SECRET]
    once += [each.resource for each in found if each.resource is not None]
    same = (objects.named(each.kind, each.namespace, each.name) for each in once)
    again = {resource.node.start: resource for named in same for resource in _again(named)}
    for resource in again.values():
        message = f"{resource.title} is in the stream more than once"
        yield Finding(ERROR, "duplicate-object", resource.place(objects.data), message, "one", ONCE)


def _again(named: Sequence[Resource]) -> Iterator[Resource]:
    """Those of one name that live at the same time as one before: Helm installs a hook and a template of one name."""
    for index, each in enumerate(named):
        if any(each.hooks == before.hooks or each.hooks & before.hooks for before in named[:index]):
            yield each


def _two_fillers(contracts: Sequence[Asker]) -> Iterator[Finding]:
    """Report contracts that fill a Secret which another one fills."""
    first: dict[tuple[str, str], Requirement] = {}
    for requirement in (asker.own.requirement for asker in contracts if not asker.own.injected):
        if not requirement.fills:
            continue
        other = first.setdefault((requirement.namespace, requirement.secret), requirement)
        if other is not requirement:
            message = f"{requirement.title} is filled by two contracts, the other one is {other.asker}"
            fix = "give each its own name (fullnameOverride), or one of them existingSecret"
            yield Finding(ERROR, "two-contracts", requirement.place, message, "a Secret for each", fix)
