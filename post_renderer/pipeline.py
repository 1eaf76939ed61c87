"""The whole way of the data: plan() says what was decided and what must be fetched, apply() checks and edits."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from post_renderer import approaches, checks, contract, manifest, nodes, secret, states, stream, wires
from post_renderer.approaches.case import Case, Verdict
from post_renderer.contract import Contract
from post_renderer.manifest import Resource
from post_renderer.model import ERROR, NOTE, WARNING, Edit, Facts, Finding, Judged, Outcome, Place, Report, Settings
from post_renderer.secret import SecretData
from post_renderer.stream import Document

EMPTY = b"# heimdall-pr: there was nothing to render\n"
UNCHECKED = frozenset(("not-checked", "hidden", "no-contract", "unreadable"))  # notes that --strict makes errors


class Plan(NamedTuple):
    """What was decided from the stream alone; `files` and `variables` are to be fetched, nothing else."""

    data: bytes
    settings: Settings
    starts: list[int]
    resources: tuple[Resource, ...]
    cases: tuple[Case, ...]
    files: tuple[str, ...]
    variables: tuple[str, ...]
    findings: tuple[Finding, ...]


def plan(data: bytes, settings: Settings) -> Plan:
    """Finds the contracts and the Secrets they name, and what each needs to know from outside."""
    starts = stream.cut(data)
    documents = stream.candidates(data, starts)
    resources, findings = _read(data, documents)
    contracts, damaged = _contracts(data, resources)
    hidden = any(stream.is_hidden(data, document) for document in documents)
    cases = [Case(data, each, next(_secrets_of(each, resources), None), hidden) for each in contracts]
    needs = [approaches.APPROACHES[case.contract.approach].needs(case, settings) for case in cases]
    findings += damaged
    findings += _stream_findings(data, resources, contracts, any(finding.severity == ERROR for finding in findings))
    findings += [finding for need in needs for finding in need.findings]
    files = dict.fromkeys(path for need in needs for path in need.files)
    variables = dict.fromkeys(name for need in needs for name in need.variables)
    return Plan(data, settings, starts, tuple(resources), tuple(cases), tuple(files), tuple(variables), tuple(findings))


def apply(plan: Plan, facts: Facts) -> Outcome:
    """Checks every Secret; where nothing is wrong, edits the documents that are ours."""
    verdicts = _verdicts(plan, facts)
    findings, judged = list(plan.findings), []
    for case, verdict in verdicts:
        found = [*verdict.findings, *(checks.run(verdict.secret, case.contract) if verdict.secret else ())]
        judged.append(_judged(case, verdict, [*_about(case.contract, plan.findings), *found]))
        findings += [*_ignored(case.contract), *found]
    findings = _escalated(findings) if plan.settings.strict else findings
    if any(finding.severity == ERROR for finding in findings):
        return Outcome((), Report(tuple(findings), tuple(judged), stream.count_documents(plan.data, plan.starts)))
    pieces = _pieces(plan.data, sorted(set(_edits(plan, verdicts))))
    return Outcome(tuple(pieces), Report(tuple(findings), tuple(judged)))


def _read(data: bytes, documents: list[Document]) -> tuple[list[Resource], list[Finding]]:
    """The objects in the candidates; what can't be read leaves as it came, and is said."""
    resources: list[Resource] = []
    findings = []
    for document in documents:
        try:
            resources += manifest.read(data, document)
        except nodes.Unreadable as error:
            findings.append(_unreadable(data, document, error))
    return resources, findings


def _unreadable(data: bytes, document: Document, error: nodes.Unreadable) -> Finding:
    place = Place(f"document {document.number}", line=error.line)
    if data.find(manifest.CONTRACT_LABEL.encode(), document.start, document.end) >= 0:
        message = f"a contract {error.problem}: is the stream cut off?"
        return Finding(ERROR, "contract-damaged", place, message, "the contract as rendered", contract.REINSTALL)
    message = f"a document {error.problem}: it is passed on as it came, not checked here"
    mend = "helm template RELEASE CHART, and look at that line"
    return Finding(NOTE, "unreadable", place, message, "one document of YAML", mend)


def _contracts(data: bytes, resources: list[Resource]) -> tuple[list[Contract], list[Finding]]:
    """The contracts, and what is wrong with those that can't be read."""
    found = [contract.read(data, each) for each in resources if manifest.contract_version(each) is not None]
    damaged = [finding for each in found if isinstance(each, list) for finding in each]
    return [each for each in found if isinstance(each, Contract)], damaged


def _secrets_of(each: Contract, resources: list[Resource]) -> Iterator[Resource]:
    """The Secrets in the stream that may be the one a contract names."""
    of_kind = (resource for resource in resources if resource.kind == manifest.SECRET)
    return (resource for resource in of_kind if resource.same(each.namespace, each.secret))


def _stream_findings(data: bytes, resources: list[Resource], contracts: list[Contract], damaged: bool) -> list[Finding]:
    """What is wrong with the stream as a whole."""
    findings = [*_twice(data, resources, contracts), *_two_fillers(data, contracts)]
    guards = [resource for resource in resources if manifest.is_guard(resource)]
    if guards and not contracts and not damaged:
        message = "the chart needs this tool, but its contract is not in the stream: is the stream cut off?"
        place = guards[0].place(data)
        findings.append(
            Finding(ERROR, "contract-absent", place, message, "the contract as rendered", contract.REINSTALL)
        )
    elif not contracts and not damaged:
        message = "no secrets contract in the stream: nothing was checked, and all of it is passed on as it came"
        expected = f"a ConfigMap with the label {manifest.CONTRACT_LABEL}"
        mend = "install a chart that has one, or leave --strict out"
        findings.append(Finding(NOTE, "no-contract", Place("the stream"), message, expected, mend))
    return findings


def _twice(data: bytes, resources: list[Resource], contracts: list[Contract]) -> Iterator[Finding]:
    """Contracts and judged Secrets that are there more than once: Helm 4 lets the last win, Helm 3 fails half-way."""
    mend = "render it once: two charts or files make the same object"
    seen: dict[int, Resource] = {}
    for each in contracts:
        again = [c.resource for c in contracts if c.resource.same(each.namespace, each.resource.name)]
        for resource in (*again[1:], *list(_secrets_of(each, resources))[1:]):
            seen[resource.node.start] = resource
    for resource in seen.values():
        message = f"{resource.title} is in the stream more than once"
        yield Finding(ERROR, "duplicate-object", resource.place(data), message, "one", mend)


def _two_fillers(data: bytes, contracts: list[Contract]) -> Iterator[Finding]:
    """Contracts that fill a Secret which another one fills."""
    fillers = [each for each in contracts if each.approach != "existing"]
    for index, each in enumerate(fillers):
        for other in (other for other in fillers[:index] if other.fills(each)):
            message = f"{each.title} is filled by two contracts, the other one is {other.resource.title}"
            mend = "give each its own name (fullnameOverride), or one of them existingSecret"
            yield Finding(ERROR, "two-contracts", each.resource.place(data), message, "a Secret for each", mend)


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


def _judged(case: Case, verdict: Verdict, findings: list[Finding]) -> Judged:
    each = case.contract
    seen = verdict.secret is not None and case.resource is not None
    ignored = tuple(f"{each.values_path}.{name}" for name in each.ignored)
    keys = states.of(each, verdict.secret, findings)
    return Judged(each.title, each.value(), seen, len(each.required), verdict.read, states.why(each), ignored, keys)


def _edits(plan: Plan, verdicts: list[tuple[Case, Verdict]]) -> Iterator[Edit]:
    """What changes in the stream: the guards go, our Secrets and the checksums of their pods are filled, or hidden."""
    for guard in filter(manifest.is_guard, plan.resources):
        start = guard.document.start
        yield Edit(start + len(stream.BOM) * plan.data.startswith(stream.BOM, start), guard.document.end, b"")
    if plan.settings.redact:
        for case in plan.cases:
            yield from secret.redact(plan.data, case.resource) if case.resource else ()
        return
    for case, verdict in verdicts:
        if case.resource and verdict.secret:
            yield from approaches.APPROACHES[case.contract.approach].edits(case, verdict)
    yield from _checksums(plan, verdicts)


def _checksums(plan: Plan, verdicts: list[tuple[Case, Verdict]]) -> Iterator[Edit]:
    """The empty checksum annotations of the pods that take variables from a Secret whose values are known."""
    for resource in plan.resources:
        if resource.kind not in manifest.POD_OWNERS or not (node := wires.empty_checksum(resource)):
            continue
        digests = [
            digest
            for case, verdict in verdicts
            if case.resource and verdict.secret and resource.same(case.contract.namespace, resource.name)
            if wires.takes_from(resource, case.contract.secret) and (digest := secret.digest(verdict.secret.values))
        ]
        if digests:
            yield Edit(node.start, node.end, f'"{"-".join(dict.fromkeys(digests))}"'.encode())


def _pieces(data: bytes, edits: list[Edit]) -> Iterator[bytes | memoryview]:
    """The stream with its edits, as pieces that share its memory; never empty, which Helm 4 takes for an error."""
    view = memoryview(data)
    at = 0
    for edit in edits:
        assert edit.start >= at, "edits overlap"
        yield view[at : edit.start]
        yield edit.replacement
        at = edit.end
    yield view[at:]
    if not data or data.isspace():
        yield EMPTY
