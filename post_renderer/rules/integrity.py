"""What is wrong with the stream as a whole: objects that are there twice, contracts that are not there."""

from collections.abc import Iterator

from post_renderer.kube import manifest
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.requirements.contract import REINSTALL, Contract


def run(
    data: bytes, resources: list[Resource], contracts: list[Contract], has_units: bool, stands: bool
) -> list[Finding]:
    """What is wrong with the stream as a whole."""
    findings = [*_twice(data, resources, contracts), *_two_fillers(data, contracts)]
    guards = [resource for resource in resources if manifest.is_guard(resource)]
    if guards and not contracts and stands:
        message = "the chart needs this tool, but its contract is not in the stream: is the stream cut off?"
        place = guards[0].place(data)
        findings.append(Finding(ERROR, "contract-absent", place, message, "the contract as rendered", REINSTALL))
    elif not contracts and stands and not has_units:
        message = (
            "no Heimdall and no secrets contract in the stream: nothing was checked, all of it is passed on as it came"
        )
        expected = f"a ConfigMap with the label {manifest.CONTRACT_LABEL}, or a workload whose image ends in heimdall2"
        fix = "give the chart that has one; for an application of your own: --contract FILE (docs/foreign-charts.md)"
        findings.append(Finding(NOTE, "no-contract", Place("the stream"), message, expected, fix))
    return findings


def _twice(data: bytes, resources: list[Resource], contracts: list[Contract]) -> Iterator[Finding]:
    """Contracts and judged Secrets that are there more than once: Helm 4 lets the last win, Helm 3 fails half-way."""
    fix = "render it once: two charts or files make the same object"
    seen: dict[int, Resource] = {}
    for each in contracts:
        again = [c.resource for c in contracts if c.resource.same(each.namespace, each.resource.name)]
        for resource in (*again[1:], *list(each.secrets_in(resources))[1:]):
            seen[resource.node.start] = resource
    for resource in seen.values():
        message = f"{resource.title} is in the stream more than once"
        yield Finding(ERROR, "duplicate-object", resource.place(data), message, "one", fix)


def _two_fillers(data: bytes, contracts: list[Contract]) -> Iterator[Finding]:
    """Contracts that fill a Secret which another one fills."""
    fillers = [each for each in contracts if each.approach != "existing"]
    for index, each in enumerate(fillers):
        for other in (other for other in fillers[:index] if other.fills(each)):
            message = f"{each.title} is filled by two contracts, the other one is {other.resource.title}"
            fix = "give each its own name (fullnameOverride), or one of them existingSecret"
            yield Finding(ERROR, "two-contracts", each.resource.place(data), message, "a Secret for each", fix)
