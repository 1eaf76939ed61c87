"""secretsFiles: the files are read in order, and fill the Secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from post_renderer.document.paths import is_path
from post_renderer.model.facts import Facts, FileFact
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import Command, Fix, command, operand
from post_renderer.model.record import TYPE_CHECKING, NamedTuple
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy, shared
from post_renderer.sources import fillable, key_names
from post_renderer.sources.resolution import Needs, Resolution, is_ours, wanted

if TYPE_CHECKING:  # most streams name no file: what reads them is imported if one is named
    from post_renderer.secrets.secrets_file import SecretsFile

LINE = 'KEY: "value", a line each'
NOT_A_PATH = "a path, by --set or in a values file; --set-file gives the content of the file instead"


class Given(NamedTuple):
    """What a Secret is given from outside: the values, what is wrong with them, and what was read."""

    values: Values
    findings: tuple[Finding, ...]
    read: tuple[str, ...]


def needs(found: Found, asker: Asker, settings: Settings) -> Needs:
    """The files that the requirement names."""
    paths = found.requirement.files
    return Needs(files=paths if all(map(is_path, paths)) else ())


def resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """What the Secret will have."""
    given = gather(found.requirement, facts)
    findings = (*fillable.problems(found), *given.findings)
    is_there, fills = found.resource is not None, given.values.values
    return Resolution(found, given.values, findings, given.read, seen=is_there, fills=fills)


def gather(requirement: Requirement, facts: Facts) -> Given:
    """Read all keys of all files; a later file wins over an earlier one."""
    values: dict[str, bytes] = {}
    places: dict[str, Place] = {}
    renewers: dict[str, Fix] = {}
    findings: list[Finding] = []
    entries = [(path, label(requirement, index)) for index, path in enumerate(requirement.files)]
    # The content of a file comes as several entries: one that is no path makes all of them suspect.
    findings += [_no_path(where) for path, where in entries if not is_path(path)]
    unread = set(requirement.required if findings else ())
    read = [] if findings else [(facts.files[path], where) for path, where in entries]
    for fact, where in read:
        file, problems = _read(fact, requirement)
        findings += [problem._replace(where=problem.where._replace(values=where)) for problem in problems]
        found = {key: Place("", fact.path, line, where) for key, line in file.lines.items()}
        findings += _overridden(found, places, requirement)
        values |= file.values
        places |= found
        renewers |= {key: _renewer(fact, requirement, key) for key in found if is_ours(requirement, key)}
        unread.update(requirement.required if file.unread is None else file.unread)
    unknown = frozenset(unread.intersection(requirement.required)) - values.keys()
    last = Place(file=read[-1][0].path, values=read[-1][1]) if read else Place(values=requirement.value())
    fillers = {key: _filler(read[-1][0], requirement, key) for key in requirement.keys} if read else {}
    paths = tuple(fact.path for fact, _ in read if fact.content is not None)
    return Given(Values(values, places, last, fillers, unknown, renewers), tuple(findings), paths)


def label(requirement: Requirement, index: int) -> str:
    """The values path of a file; who names it, if the values are not known."""
    return f"{requirement.value()}[{index}]" if requirement.values_path else requirement.asker


def _no_path(where: str) -> Finding:
    """An entry is not shown if it is no path: it may be what the file holds."""
    return Finding(ERROR, "no-path", Place(values=where), "the entry is no path of a file", NOT_A_PATH, NOT_A_PATH)


def _read(fact: FileFact, requirement: Requirement) -> tuple[SecretsFile, list[Finding]]:
    """What one file holds, and what is wrong with it."""
    from post_renderer.secrets import secrets_file

    if fact.content is None:
        absent = [_not_ours(each, fact, requirement) for each in fact.findings]
        return secrets_file.SecretsFile({}, {}, None, unread=None), absent
    file, problems = secrets_file.read(fact.path, fact.content, key_names.named(requirement))
    if not problems and requirement.required and not any(key in file.values for key in requirement.required):
        expected = "one or more of " + ", ".join(requirement.required)
        message = "the file holds none of the required keys"
        place = Place(file=fact.path)
        problems = [Finding(ERROR, "no-secrets-file", place, message, expected, _filler(fact, requirement))]
        file = file._replace(unread=None)
    return file, [*fact.findings, *problems]


def _not_ours(finding: Finding, fact: FileFact, requirement: Requirement) -> Finding:
    """A file that is not there: `heimdall-pr generate` makes Heimdall's keys alone, and those that are made here."""
    fix = finding.fix
    if not isinstance(fix, Command) or fix.pipeline[0][:2] != ("heimdall-pr", "generate") or not wanted(requirement):
        return finding
    made = _filler(fact, requirement)
    return finding._replace(fix=fix._replace(pipeline=made.pipeline) if isinstance(made, Command) else made)


def _made_here(requirement: Requirement) -> list[str]:
    """The required keys that `heimdall-pr generate` can make."""
    return [key for key in requirement.keys if is_ours(requirement, key) and not shared.is_given(requirement, key)]


def _filler(fact: FileFact, requirement: Requirement, key: str = "") -> Fix:
    """How to fill what is missing in a file; no command makes a login's password, or a key of another application."""
    if fact.encrypted:
        return command("sops", "edit", operand(fact.path))
    if key and key not in requirement.terms.specs and shared.is_given(requirement, key):
        return f"write it into {fact.path}: {policy.GIVEN}"
    if (keys := _made_here(requirement)) and (not key or is_ours(requirement, key)):
        return command("heimdall-pr", "generate", operand(fact.path), *(keys if len(keys) < len(policy.KEYS) else ()))
    if not key:
        return f"write {', '.join(wanted(requirement))} into {fact.path}: {LINE}"
    made = shared.made(requirement, key)
    where = f"into {fact.path} as {key}"
    if isinstance(made, Command):
        return made._replace(note=f"{where}; {made.note}" if made.note else where)
    return f"{made} {where}" if made == shared.BY_HAND else f"write it {where}: {made}"


def _renewer(fact: FileFact, requirement: Requirement, key: str) -> Fix:
    """The command that gives a key of a file a fresh value."""
    if fact.encrypted:
        return command("sops", "edit", operand(fact.path))
    if shared.is_given(requirement, key):
        return f"write it into {fact.path}: {policy.GIVEN}"
    return command("heimdall-pr", "rotate", operand(fact.path), key)


def _overridden(later: Mapping[str, Place], earlier: Mapping[str, Place], asked: Requirement) -> Iterator[Finding]:
    known = key_names.named(asked)
    for key in (key for key in later if key in earlier):
        message = f"{key_names.shown(key, known)} overrides the one in {earlier[key]}"
        yield Finding(NOTE, "overridden", later[key], message)
