"""existingSecret: it is checked where it is in the stream, its maker where that is there, or live; else it is not."""

from post_renderer.kube import secret
from post_renderer.kube.secret import SecretData
from post_renderer.model.facts import Facts, LiveFact
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.report import Edit
from post_renderer.model.settings import Settings
from post_renderer.requirements.contract import Contract
from post_renderer.sources.case import Case, Needs, Verdict

LIST_KEYS = "kubectl get secret {name}{namespace} -o go-template='{{{{range $k, $v := .data}}}}{{{{$k}}}} {{{{end}}}}'"

OF_THE_WHOLE = frozenset(("not-checked", "checked-by-chart", "live-absent"))  # rules of findings about no one key

FILL = "add it where your secret manager takes it from, or: kubectl edit secret {name}{namespace}"


def needs(case: Case, settings: Settings) -> Needs:
    """With --live, the live Secret, unless it is in the stream."""
    if not settings.live or case.resource is not None:
        return Needs()
    namespace = case.contract.namespace or settings.namespace
    if not namespace:
        return Needs(findings=(_nowhere(case),))
    return Needs(secrets=((namespace, case.contract.secret),))


def judge(case: Case, facts: Facts) -> Verdict:
    """What the Secret holds, in the stream or live; else what its makers say; else it is not checked here."""
    if case.resource is not None:
        data, findings = secret.read(case.data, case.resource, secret.fields(case.resource))
        return Verdict(data, (*findings, *_beside(case)))
    made, provider = _made(case)
    fact = _fact(case, facts)
    if fact is not None and not (fact.absent and case.products):
        return _live(case, fact, made, provider)
    if case.products:
        return Verdict(None, made, provider=provider)
    return Verdict(None, (not_checked(case),))


def edits(case: Case, verdict: Verdict) -> list[Edit]:
    """None: it is not ours to fill."""
    return []


def _made(case: Case) -> tuple[tuple[Finding, ...], str]:
    """What the objects that make it say, and who brings all keys."""
    if not case.products:
        return (), ""
    from post_renderer.producers import verdict

    return verdict.judge(case.data, case.contract, case.products)


def _beside(case: Case) -> list[Finding]:
    if not case.products:
        return []
    from post_renderer.producers import verdict

    return verdict.beside(case.data, case.products)


def _fact(case: Case, facts: Facts) -> LiveFact | None:
    """What was fetched for it; a contract without a namespace has the only one of that name."""
    names = (case.contract.namespace, case.contract.secret)
    found = (fact for (space, name), fact in facts.live.items() if name == names[1] and space == (names[0] or space))
    return next(found, None)


def _live(case: Case, fact: LiveFact, findings: tuple[Finding, ...], provider: str) -> Verdict:
    """What the cluster holds; a key that it lacks is to come where an object in the stream brings it."""
    if fact.values is None:
        return Verdict(None, (*findings, *fact.findings))
    told = f"live {case.contract.title}"
    filler = FILL.format(name=case.contract.secret, namespace=_flag(case.contract))
    to_come = frozenset(key for key in case.contract.required if provider and key not in fact.values)
    data = SecretData(fact.values, {}, Place(told, values=case.contract.value()), filler, to_come)
    # What the stream could not tell is told now.
    known = ("not-checked",) if to_come else ("not-checked", "values-unseen")
    findings = tuple(finding for finding in findings if finding.rule not in known)
    return Verdict(data, (*findings, *fact.findings), (told,), provider if to_come else "", live=not to_come)


def _flag(contract: Contract) -> str:
    """What tells kubectl the namespace; a contract without one leaves that to the user's own."""
    return f" --namespace {contract.namespace}" if contract.namespace else ""


def _nowhere(case: Case) -> Finding:
    message = f"{case.contract.title}: the contract has no namespace, so where to look for it is not known"
    place = case.contract.resource.place(case.data)
    return Finding(
        ERROR, "live-namespace", place, message, "a namespace", "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME)"
    )


def not_checked(case: Case) -> Finding:
    """The note that says so, and how to look."""
    contract = case.contract
    return unseen(contract, contract.secret, Place(values=contract.value()), ", ".join(contract.required))


def unseen(contract: Contract, name: str, where: Place, keys: str) -> Finding:
    """The note for a Secret that a contract takes keys from and that is not in the stream."""
    title = f"Secret {contract.namespace}/{name}" if contract.namespace else f"Secret {name}"
    if contract.verified:
        message, rule = f"{title}: not checked here; the chart saw it complete", "checked-by-chart"
    else:
        message, rule = f"{title}: not checked here; it is not in the stream", "not-checked"
    return Finding(NOTE, rule, where, message, f"keys {keys}", LIST_KEYS.format(name=name, namespace=_flag(contract)))
