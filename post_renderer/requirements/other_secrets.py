"""Keys that a contract takes from other Secrets: each of those is judged like an existing one, by these keys alone."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from post_renderer.kube import secret
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.secret import SecretData
from post_renderer.model.facts import Facts
from post_renderer.model.finding import Finding, Place
from post_renderer.model.settings import Settings
from post_renderer.requirements.contract import Contract
from post_renderer.rules import checks
from post_renderer.sources import existing
from post_renderer.sources.case import Case, Needs, Verdict

OF_ALL_KEYS = frozenset(("near-miss", "variable-name"))  # rules that are for a Secret whose keys are ours


class Elsewhere(NamedTuple):
    """What the variables hold that come from other Secrets, what is wrong with them, and what was read."""

    secret: SecretData
    findings: tuple[Finding, ...]
    read: tuple[str, ...]


def needs(data: bytes, contract: Contract, resources: Iterable[Resource], settings: Settings) -> list[Needs]:
    """With --live, the live Secrets, unless the stream tells as much."""
    return [existing.needs(case, settings) for case, _ in _cases(data, contract, resources)]


def judge(data: bytes, contract: Contract, resources: Iterable[Resource], facts: Facts) -> Elsewhere:
    """What is known of each such key; a Secret that is neither in the stream nor asked for is not checked here."""
    values: dict[str, bytes] = {}
    places = {key: Place(f"Secret {source}") for key, source in contract.elsewhere.items()}
    findings: list[Finding] = []
    read: tuple[str, ...] = ()
    for case, keys in _cases(data, contract, resources):
        verdict = _in_stream(case, keys) if case.resource else _outside(case, keys, facts)
        findings += verdict.findings
        read += verdict.read
        if verdict.secret:
            values |= verdict.secret.values
            places |= verdict.secret.places
            findings += _checked(verdict.secret, contract, keys)
    return Elsewhere(SecretData(values, places, Place()), tuple(findings), read)


def sources(contract: Contract, resources: Iterable[Resource]) -> list[Resource]:
    """The Secrets in the stream that these keys come from."""
    names = {source.partition("/")[0] for source in contract.elsewhere.values()}
    of_kind = (each for each in resources if each.kind == SECRET and each.name in names)
    return [each for each in of_kind if each.same(contract.namespace, each.name)]


def _cases(data: bytes, contract: Contract, resources: Iterable[Resource]) -> Iterator[tuple[Case, Mapping[str, str]]]:
    """Each of these Secrets with its keys by the variables that take them, as if a contract were about it alone."""
    everything = list(resources)
    by_name: dict[str, dict[str, str]] = {}
    for key, source in contract.elsewhere.items():
        name, _, entry = source.partition("/")
        by_name.setdefault(name, {})[key] = entry
    for name, keys in by_name.items():
        about = contract._replace(secret=name, required=tuple(dict.fromkeys(keys.values())), elsewhere={})
        yield Case.of(data, about, everything, hidden=False), keys


def _in_stream(case: Case, keys: Mapping[str, str]) -> Verdict:
    """What the Secret in the stream holds for the variables."""
    assert case.resource is not None
    fields = secret.fields(case.resource)
    written = {key: fields[entry] for key, entry in keys.items() if entry in fields}
    found, findings = secret.read(case.data, case.resource, written)
    lacking = {key: _place(found.whole, entry) for key, entry in keys.items() if key not in written}
    return Verdict(found._replace(places={**found.places, **lacking}), tuple(findings))


def _outside(case: Case, keys: Mapping[str, str], facts: Facts) -> Verdict:
    """What the cluster holds for the variables, or what the stream's objects bring, or that it is not checked here."""
    verdict = existing.judge(case, facts)
    findings = tuple(_of_keys(case, keys, each) for each in verdict.findings if each.rule not in OF_ALL_KEYS)
    live = verdict.secret
    if live is None:
        return Verdict(None, findings, verdict.read)
    values = {key: live.values[entry] for key, entry in keys.items() if entry in live.values}
    places = {
        key: _place(live.whole, entry)._replace(values=f"{case.contract.values_path}.keys.{key}")
        for key, entry in keys.items()
    }
    to_come = frozenset(key for key, entry in keys.items() if entry in live.unknown)
    return Verdict(live._replace(values=values, places=places, unknown=to_come), findings, verdict.read)


def _place(whole: Place, entry: str) -> Place:
    return whole._replace(what=f"{whole.what}, key {entry}")


def _of_keys(case: Case, keys: Mapping[str, str], finding: Finding) -> Finding:
    """A finding about such a Secret as one about the variables: where the user named it, and what they take."""
    variables = {entry: key for key, entry in keys.items()}
    finding = finding._replace(key=variables.get(finding.key, ""))
    if case.products and not finding.rule.startswith("live-"):
        return finding  # it is about the object that makes it
    taken = ", ".join(f"{entry} (as {key})" for key, entry in keys.items())
    expected = f"keys {taken}" if finding.rule in existing.OF_THE_WHOLE else finding.expected
    return finding._replace(where=finding.where._replace(values=f"{case.contract.values_path}.keys"), expected=expected)


def _checked(found: SecretData, contract: Contract, keys: Mapping[str, str]) -> Iterator[Finding]:
    """The findings about each variable by itself."""
    for key in keys:
        values = {key: found.values[key]} if key in found.values else {}
        # No approach but this one lets others make the Secret.
        about = contract._replace(required=(key,), approach="existing")
        yield from checks.run(found._replace(values=values), about)
