"""existingSecret: the Secret is checked where it is in the stream; elsewhere it is somebody else's."""

from post_renderer import secret
from post_renderer.approaches.case import Case, Needs, Verdict
from post_renderer.model import NOTE, Edit, Facts, Finding, Place, Settings

LIST_KEYS = "kubectl get secret {name}{namespace} -o go-template='{{{{range $k, $v := .data}}}}{{{{$k}}}} {{{{end}}}}'"


def needs(case: Case, settings: Settings) -> Needs:
    """Nothing."""
    return Needs()


def judge(case: Case, facts: Facts) -> Verdict:
    """What the Secret in the stream holds; one that is not there is not checked here."""
    if case.resource is None:
        return Verdict(None, (not_checked(case),))
    data, findings = secret.read(case.data, case.resource, secret.fields(case.resource))
    return Verdict(data, tuple(findings))


def edits(case: Case, verdict: Verdict) -> list[Edit]:
    """None: it is not ours to fill."""
    return []


def not_checked(case: Case) -> Finding:
    """The note that says so, and how to look."""
    contract = case.contract
    namespace = f" --namespace {contract.namespace}" if contract.namespace else ""
    mend = LIST_KEYS.format(name=contract.secret, namespace=namespace)
    if contract.verified:
        message, rule = f"{contract.title}: not checked here; the chart saw it complete", "checked-by-chart"
    else:
        message, rule = f"{contract.title}: not checked here; it is not in the stream", "not-checked"
    return Finding(NOTE, rule, Place(values=contract.value()), message, "keys " + ", ".join(contract.required), mend)
