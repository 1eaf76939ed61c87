"""The gate: waits for a Secret that somebody else makes, and fails if it lacks what Heimdall needs.

    python hooks/gate.py --dir FOLDER [--secret NAME --namespace NAMESPACE --timeout SECONDS ...]

FOLDER has one file for each key, as the kubelet mounts a Secret. Standard library alone, Python 3.9 or later: the hook
Job of the chart hands hooks/gate.py to `python3 -c`, which `make generate` makes of this file and of the modules of
post_renderer that it imports. Exit codes: 0 ok; 1 refused or bad input; 2 usage; 3 our own bug; 130 stopped.
"""

from __future__ import annotations

import argparse
import os
import signal
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from post_renderer import rules
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import command
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.terms import Terms
from post_renderer.rules import digest, flat, group_incomplete, missing_key, not_utf8, nul_byte, placeholder, policy

OK, REFUSED, USAGE, BUG, STOPPED = 0, 1, 2, 3, 130
LIMIT = 1 << 20  # bytes; no API server takes a larger Secret
HEARTBEAT = 60  # seconds between two equal lines
SWAPPED = 5  # seconds in which one read of a folder must fall between two swaps; the kubelet swaps once a minute
MESSAGE = 4096  # bytes of a termination message; the kubelet keeps the last of more
NAME = "heimdall-gate"
# For a key that is wanted from another Secret, but is not one of --required: it may be any text.
OF_ANY_TEXT = (missing_key, placeholder, nul_byte, not_utf8)


# What a contract of version 2 says of keys, besides their lengths.
TERMS = tuple(field for field in (*flat.LISTS, *flat.BY_COMMA, *flat.BY_LINE) if field not in {"required", "lengths"})


class Ask(NamedTuple):
    """What is asked for.

    Attributes:
        folder: The Secret's files.
        others: The folder with a folder for each other Secret.
        requirement: The Secret and the variables of --required.
        sources: What is taken from other Secrets or under another name: variable to SECRET/KEY.
        timeout: How many seconds to wait.
        report: The file that takes the report too, if there is one.
    """

    folder: str
    others: str
    requirement: Requirement
    sources: Mapping[str, str]
    timeout: int
    report: str

    @property
    def extra(self) -> Requirement:
        """What is taken from other Secrets and is not one of --required; groups are judged with all keys at hand."""
        keys = {name: source for name, source in self.sources.items() if name not in self.requirement.keys}
        terms = self.requirement.terms._replace(one_of=(), together=(), equal=())
        return self.requirement._replace(keys=keys, terms=terms)

    @property
    def keys(self) -> tuple[str, ...]:
        """All variables that must have a value."""
        return (*self.requirement.required, *self.extra.required)


class Seen(NamedTuple):
    """What is there: the Secret's own values by key, those of `Ask.sources` by variable."""

    own: Mapping[str, bytes]
    others: Mapping[str, bytes]


class Refused(Exception):
    """Going on makes no sense; the message is for a person."""


class Stopped(Exception):
    """Somebody wants this process to end."""


def main(arguments: Sequence[str], program: str = "gate.py") -> int:
    """Run the gate; return its exit code."""
    ask = parse(arguments, program)
    began = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        seen, stopped = wait(ask), False
    except Stopped:
        seen, stopped = look(ask), True
    return conclude(ask, seen, int(time.monotonic() - began), stopped)


def guarded(arguments: Sequence[str], program: str = "gate.py") -> int:
    """Run the gate, whatever happens: the message of a surprise is not shown, since a value may be in it."""
    try:
        return main(arguments, program)
    except Refused as refusal:
        log(str(refusal))
        return REFUSED
    except Stopped:
        return STOPPED
    except Exception as error:  # noqa: BLE001  # our own bug
        log(f"internal error ({type(error).__name__}): nothing was checked")
        return BUG


def _stop(*_: object) -> None:
    raise Stopped


def log(text: str) -> None:
    """Write a line of the gate's own."""
    write(f"{NAME}: {text}")
    sys.stderr.flush()


def write(line: str) -> None:
    """Write a line as it may be printed."""
    sys.stderr.write(printable(line) + "\n")


def printable(line: str) -> str:
    """A line with everything escaped that is not for printing: names come from charts and files."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


# --- what is asked for


def parse(arguments: Sequence[str], program: str) -> Ask:
    """The command line; exits with 2 if it makes no sense."""
    parser = argparse.ArgumentParser(program, description="Wait for a Secret and check it.", allow_abbrev=False)
    lengths = ",".join(f"{name}={key.length}" for name, key in policy.KEYS.items())
    parser.add_argument("--dir", required=True, metavar="FOLDER", help="a file for each key of the Secret")
    parser.add_argument("--others", default="", metavar="FOLDER", help="the same for other Secrets: FOLDER/SECRET/KEY")
    parser.add_argument("--secret", default="", help="the Secret's name, for messages")
    parser.add_argument("--namespace", default="", help="its namespace, for messages")
    parser.add_argument("--required", default=",".join(policy.KEYS), metavar="KEY,...", help="what must be there")
    parser.add_argument("--lengths", default=lengths, metavar="KEY=LENGTH,...", help="as in the contract")
    parser.add_argument("--sources", default="", metavar="KEY=SECRET/KEY,...", help="keys of other Secrets")
    for field in TERMS:
        parser.add_argument(f"--{field}", default="", help="as in the contract: docs/contract.md")
    parser.add_argument("--timeout", type=int, default=0, metavar="SECONDS", help="how long to wait (0: look once)")
    parser.add_argument("--report", default="", metavar="FILE", help="where the report is written too")
    given = parser.parse_args(arguments)
    asked, sources = said(parser, given), pairs(given.sources)
    if not all(policy.is_data_key(key) for key in (*asked.required, *asked.lengths, *sources)):
        parser.error("--required, --lengths and --sources take names of a Secret's keys, comma-separated")
    if not all(source.count("/") == 1 and all(source.split("/")) for source in sources.values()):
        parser.error("--sources takes KEY=SECRET/KEY, comma-separated")
    if given.timeout < 0:
        parser.error("--timeout takes seconds, 0 or more")
    requirement = Requirement(
        asker=NAME,
        place=Place(),
        secret=given.secret or os.path.basename(os.path.abspath(given.dir)),
        namespace=given.namespace,
        keys={key: sources.get(key, key) for key in asked.required},
        lengths=asked.lengths,
        terms=asked.terms,
    )
    return Ask(given.dir, given.others, requirement, sources, given.timeout, given.report)


def said(parser: argparse.ArgumentParser, given: argparse.Namespace) -> flat.Asked:
    """What the arguments say of keys; those that only version 2 of a contract has are left out if none is given."""
    texts = {field: getattr(given, field) for field in ("required", "lengths", *TERMS)}
    try:
        lengths = known(texts) if texts["lengths"] == parser.get_default("lengths") else texts["lengths"]
        asked = flat.asked(flat.read({**texts, "lengths": lengths}))
    except ValueError:
        parser.error("an argument about keys can't be understood: they are as in the contract (docs/contract.md)")
    if not asked.terms.specs:
        parser.error("--required takes names of a Secret's keys, comma-separated")
    is_plain = not any(texts[field] for field in TERMS) and ":" not in texts["lengths"]
    is_plain = is_plain and all(map(policy.is_variable_name, asked.required))
    return asked._replace(terms=Terms()) if is_plain else asked


def known(texts: Mapping[str, str]) -> str:
    """The default lengths, of Heimdall's keys, of those that are named."""
    names = flat.read({**texts, "lengths": ""}).names
    return ",".join(part for part in flat.split(texts["lengths"]) if part.partition("=")[0] in names)


def pairs(text: str) -> dict[str, str]:
    """The KEY=VALUE pairs of a comma-separated list."""
    return {key: value for key, _, value in (part.partition("=") for part in flat.split(text))}


# --- what is there


def wait(ask: Ask) -> Seen:
    """What is there as soon as no key is missing, else when the time is over."""
    if not os.path.isdir(ask.folder):
        raise Refused(f"{ask.folder} is no folder: --dir takes one with a file for each key")
    began, reported, reported_at = time.monotonic(), "", 0.0
    while True:
        seen, now = look(ask), time.monotonic() - began
        missing = lacking(ask, seen)
        is_there = bool(seen.own or seen.others)
        if (is_there and not missing) or now >= ask.timeout:
            return seen
        lack = f"without {', '.join(missing)}" if is_there else "not there, or without any key"
        if lack != reported or now - reported_at >= HEARTBEAT:
            log(f"{int(now)} s of {ask.timeout} s: waiting for {ask.requirement.title}: {lack}")
            reported, reported_at = lack, now
        time.sleep(min(1.0, max(0.0, ask.timeout - now)))


def look(ask: Ask) -> Seen:
    """What is there at this moment."""
    own = read_folder(ask.folder)
    found = {name: source_value(ask, own, source) for name, source in ask.sources.items()}
    return Seen(own, {name: value for name, value in found.items() if value is not None})


def source_value(ask: Ask, own: Mapping[str, bytes], source: str) -> bytes | None:
    """The value of a key that comes from another Secret, or under another name."""
    secret, _, key = source.partition("/")
    folder = os.path.join(ask.others, secret)
    values = own if secret == ask.requirement.secret else read_folder(folder) if os.path.isdir(folder) else {}
    return values.get(key)


def read_folder(path: str) -> dict[str, bytes]:
    """The files of a folder by name. The kubelet swaps a Secret's as a whole, by a link: read one side of it."""
    until = time.monotonic() + SWAPPED
    while True:
        link = os.path.join(path, "..data")
        folder = os.path.realpath(link) if os.path.islink(link) else path
        try:
            names = [name for name in sorted(os.listdir(folder)) if not name.startswith("..")]
            found = {name: read_file(os.path.join(folder, name)) for name in names if is_file(folder, name)}
            if folder == path or os.path.realpath(link) == folder:
                return found  # else swapped meanwhile, and perhaps half removed already when it was listed
        except FileNotFoundError:
            pass  # swapped, or gone, while it was read
        except OSError as error:
            raise Refused(f"{path} can't be read: {os.strerror(error.errno or 0)}") from None
        if time.monotonic() > until:
            raise Refused(f"{path} changed each time it was read, for {SWAPPED} seconds: try again")
        time.sleep(0.01)


def is_file(folder: str, name: str) -> bool:
    """Whether it can be a key's value: a pipe would be waited for for ever. What was swapped away raises OSError."""
    return stat.S_ISREG(os.stat(os.path.join(folder, name)).st_mode)


def read_file(path: str) -> bytes:
    """What is in it."""
    with open(path, "rb") as file:
        content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise Refused(f"a file in {os.path.dirname(path)} has more than 1 MiB: no Secret can hold it")
    return content


def lacking(ask: Ask, seen: Seen) -> list[str]:
    """The keys that are absent or empty, in their order: what may still come."""
    return [one.key for one in findings(ask, seen, (missing_key, group_incomplete))]


def findings(ask: Ask, seen: Seen, only: tuple[rules.Rule, ...] = ()) -> list[Finding]:
    """All that is wrong with the values, or what some of the rules found."""
    own = {key: value for key, value in seen.own.items() if key not in ask.sources}
    equal = (other for _, other in ask.requirement.terms.equal if "/" in other)
    compared = {other: source_value(ask, seen.own, other) for other in equal}
    others = {other: value for other, value in compared.items() if value is not None}
    extra = {name: value for name, value in seen.others.items() if name in ask.extra.keys}
    # What the application knows is judged as it is in the Secret itself, required or not.
    known_names = {*policy.OPTIONAL, *ask.requirement.terms.specs}
    taken = {name: value for name, value in seen.others.items() if name not in extra or name in known_names}
    values = _values(ask, {**own, **taken})._replace(others=others)
    found = list(rules.run(ask.requirement, values, only or rules.RULES))
    known = {(one.rule, one.key, one.message) for one in found}
    more = rules.run(ask.extra, _values(ask, extra), only or OF_ANY_TEXT)
    return [*found, *(one for one in more if (one.rule, one.key, one.message) not in known)]


def _values(ask: Ask, values: Mapping[str, bytes]) -> Values:
    return Values(values, {}, Place(ask.requirement.title))


# --- the report


def conclude(ask: Ask, seen: Seen, seconds: int, stopped: bool) -> int:
    """Report the end, shortly: Helm 4 prints the whole log as one line."""
    # Helm prints this at each upgrade: a note, which asks for nothing, would be there every time.
    everything = findings(ask, seen)
    found = [one for severity in (ERROR, WARNING) for one in everything if one.severity == severity]
    is_there = bool(seen.own or seen.others)
    errors = sum(finding.severity == ERROR for finding in found) if is_there else 1
    end = hints(ask, seen) if errors else []
    lines = [line(ask, finding) for finding in found] if is_there else [absent(ask)]
    lines.insert(0, f"{NAME}: {outcome(ask, seconds, errors, stopped)}")
    for text in (*lines, *end):
        write(text)
    sys.stderr.flush()
    if ask.report:
        hand_in(ask.report, message(lines, end))
    return STOPPED if stopped else REFUSED if errors else OK


def outcome(ask: Ask, seconds: int, errors: int, stopped: bool) -> str:
    """The first line of the report."""
    title, by = ask.requirement.title, f" (rules {digest.DIGEST})"
    if stopped:
        return f"stopped after {seconds} s: {title} was not let through{by}"
    if errors:
        return f"refused after {seconds} s: {title}: {errors} {'error' if errors == 1 else 'errors'}{by}"
    has = f"has its {len(ask.keys)} required keys" if ask.keys else "has what it must have"
    return f"ok: {title} {has}{by}"


def hints(ask: Ask, seen: Seen) -> list[str]:
    """What to do: if a key is missing, only its maker knows why, whatever it is; then where to fix it."""
    namespace = ("--namespace", ask.requirement.namespace) if ask.requirement.namespace else ()
    events = command("kubectl", "get", "events", *namespace, "--field-selector", "type=Warning")
    stores = command("kubectl", "describe", "externalsecrets,secretstores", *namespace)
    why = f"{NAME}: why it was not made: {events}; if External Secrets makes it: {stores}"
    fix = "fix it where the Secret is made (your secret manager, or kubectl); then: helm upgrade --install"
    return [*([why] if lacking(ask, seen) else ()), f"{NAME}: {fix}, or repeat the rollback or the sync"]


def message(lines: Sequence[str], end: Sequence[str]) -> bytes:
    """The report as a termination message: as many lines as there is room for; the end stays."""
    kept, text = len(lines), encoded([*lines, *end])
    while len(text) > MESSAGE and kept:
        kept -= 1
        more = f"{NAME}: lines that are only in the log: {len(lines) - kept}"
        text = encoded([*lines[:kept], more, *end])
    return text[:MESSAGE]


def encoded(lines: Sequence[str]) -> bytes:
    """Lines as they may be printed."""
    return "".join(f"{printable(line)}\n" for line in lines).encode()


def hand_in(path: str, text: bytes) -> None:
    """Write the report into a file. If that fails, the log has it."""
    try:
        with open(path, "wb") as file:
            file.write(text)
    except OSError as error:
        log(f"{path} can't be written: {os.strerror(error.errno or 0)}")


def absent(ask: Ask) -> str:
    """All keys are missing: one line is enough."""
    keys = ", ".join(ask.keys) or f"one of {', '.join(ask.requirement.terms.specs)}"
    return f"error secret-absent: {ask.requirement.title} is not there, or has no key; expected: {keys}"


def line(ask: Ask, finding: Finding) -> str:
    """A finding on one line."""
    secret, _, key = ask.sources.get(finding.key, "").partition("/")
    where = f" (key {key} of Secret {secret})" if key else ""
    message = f"{finding.severity} {finding.rule}: {finding.message}{where}"
    return f"{message}; expected: {finding.expected}; fix: {finding.fix}"


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))
