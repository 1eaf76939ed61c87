"""secretsFiles: the files are read in order and fill the Secret whole."""

from typing import TYPE_CHECKING

from post_renderer.kube import secret
from post_renderer.kube.secret import SecretData
from post_renderer.model.facts import Facts, FileFact
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import quoted
from post_renderer.model.report import Edit
from post_renderer.model.settings import Settings
from post_renderer.requirements.contract import Contract
from post_renderer.rules import policy
from post_renderer.sources.case import Case, Needs, Verdict, unfillable

if TYPE_CHECKING:  # most streams name no file: what reads them is imported where one is named
    from post_renderer.secrets.secrets_file import SecretsFile


def needs(case: Case, settings: Settings) -> Needs:
    """The files that the contract names."""
    return Needs(files=case.contract.files)


def judge(case: Case, facts: Facts) -> Verdict:
    """What the Secret will hold."""
    return gather(case.contract, facts, unfillable(case))


def gather(contract: Contract, facts: Facts, before: tuple[Finding, ...] = ()) -> Verdict:
    """All keys of all files, a later file before an earlier one; `before` are findings that come first."""
    values: dict[str, bytes] = {}
    places: dict[str, Place] = {}
    renewers: dict[str, str] = {}
    findings = list(before)
    read = [facts.files[path] for path in contract.files]
    for index, fact in enumerate(read):
        label = _label(contract, index)
        file, problems = _read(fact, contract)
        findings += [problem._replace(where=problem.where._replace(values=label)) for problem in problems]
        found = {key: Place("", fact.path, line, label) for key, line in file.lines.items()}
        findings += [_overridden(found[key], key, places[key]) for key in found if key in places]
        values |= file.values
        places |= found
        renewers |= {key: _renewer(fact, key) for key in found if key in policy.KEYS}
    whole = all(finding.severity != ERROR for finding in findings)
    unknown = frozenset() if whole else frozenset(contract.required) - values.keys()
    last = Place(file=read[-1].path, values=_label(contract, len(read) - 1))
    data = SecretData(values, places, last, _filler(read[-1]), unknown, renewers)
    return Verdict(data, tuple(findings), tuple(fact.path for fact in read if fact.content is not None))


def edits(case: Case, verdict: Verdict) -> list[Edit]:
    """The whole of the Secret's data."""
    assert verdict.secret is not None
    return [secret.fill(case.data, case.resource, verdict.secret.values)] if case.resource else []


def _label(contract: Contract, index: int) -> str:
    return f"{contract.value()}[{index}]"


def _read(fact: FileFact, contract: Contract) -> tuple["SecretsFile", list[Finding]]:
    """What one file holds, and what is wrong with it."""
    from post_renderer.secrets import secrets_file

    if fact.content is None:
        return secrets_file.SecretsFile({}, {}, None), list(fact.findings)
    file, problems = secrets_file.read(fact.path, fact.content)
    if not problems and contract.required and not any(key in file.values for key in contract.required):
        expected = "one or more of " + ", ".join(contract.required)
        fix = _filler(fact)
        problems = [
            Finding(
                ERROR,
                "no-secrets-file",
                Place(file=fact.path),
                "the file holds none of the required keys",
                expected,
                fix,
            )
        ]
    return file, [*fact.findings, *problems]


def _filler(fact: FileFact) -> str:
    """The command that fills what is missing in a file."""
    return f"{'sops edit' if fact.encrypted else 'heimdall-pr generate'} {quoted(fact.path)}"


def _renewer(fact: FileFact, key: str) -> str:
    """The command that gives a key of a file a fresh value."""
    return _filler(fact) if fact.encrypted else f"heimdall-pr rotate {quoted(fact.path)} {key}"


def _overridden(place: Place, key: str, earlier: Place) -> Finding:
    return Finding(NOTE, "overridden", place, f"{policy.shown(key)} overrides the one in {earlier}")
