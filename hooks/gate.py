"""The gate: waits for a Secret that somebody else makes, and fails where it lacks what Heimdall needs.

    python hooks/gate.py --dir FOLDER [--secret NAME --namespace NAMESPACE --timeout SECONDS ...]

FOLDER has one file for each key, as the kubelet mounts a Secret. Standard library alone, Python 3.9 or later: the hook
Job of the chart hands this text to `python3 -c`. Kubernetes would replace a dollar sign before a parenthesis, and a
doubled one: neither is in here. Exit codes: 0 ok; 1 refused or bad input; 2 usage; 3 our own bug; 130 stopped.
"""

from __future__ import annotations

import argparse
import binascii
import os
import re
import signal
import stat
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

# The data of post_renderer/rules.py, by `python -m tests.gate_rules`: change them there.
# fmt: off
KEYS = {
    "JWT_SECRET": (128, "openssl rand -hex 64"),
    "API_KEY_SECRET": (66, "openssl rand -hex 33"),
    "DATABASE_PASSWORD": (66, "openssl rand -hex 33"),
    "ADMIN_PASSWORD": (22, "echo \"Admin_\x24(openssl rand -hex 8)\""),
}
OPTIONAL = (
    "DATABASE_URL",
    "DATABASE_SSL_KEY",
    "DATABASE_SSL_CERT",
    "DATABASE_SSL_CA",
    "LDAP_BINDDN",
    "LDAP_PASSWORD",
    "LDAP_SSL_CA",
    "GITHUB_CLIENTSECRET",
    "GOOGLE_CLIENTSECRET",
    "OKTA_CLIENTSECRET",
    "OIDC_CLIENT_SECRET",
    "GITLAB_SECRET",
    "GITLAB_CLIENTSECRET",
)
LEGACY = {
    "jwtSecret": "JWT_SECRET",
    "apiKeySecret": "API_KEY_SECRET",
    "databasePassword": "DATABASE_PASSWORD",
    "adminPassword": "ADMIN_PASSWORD",
}
SHORTEST = 8
FEWEST_DIFFERENT = 5
BCRYPT_LIMIT = 72
DATA_KEY_LENGTH = 253
PLACEHOLDERS = frozenset(("from-ci-environment", "ignored"))
PLACEHOLDER_PREFIXES = (
    "changeme",
    "change_me",
    "change-me",
    "change me",
    "insecure_default",
    "insecure-default",
)
PLACEHOLDER_FRAMES = ((("<",), (">",)), (("your-", "your_", "your "), ("-here", "_here", " here")))
UNEXPANDED = "\\\x24\\{[A-Za-z_][^}]{0,255}\\}|\\\x24\\([^)]{1,255}\\)|(?s:\\{\\{.{0,255}?\\}\\})"
VARIABLE = "\\s*(?:\\\x24(?:env:)?[A-Z_][A-Z0-9_]*|%[A-Za-z_][A-Za-z0-9_]*%)\\s*"
PUBLISHED = frozenset((
    "admin123!_change_me",
    "admin_randomly-generated",
    "long-random-string-of-text",
    "randomly-generated-128-chars",
    "randomly-generated-66-chars",
    "securepassword123!",
    "your-admin-password",
    "your-api-key-secret-66-chars",
    "your-database-password",
    "your-db-password",
    "your-secret-key-128-chars",
))
ADMIN_LENGTH = 15
ADMIN_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^0-9A-Za-z]")
ADMIN_RUN = "(.)\\1{3}|[a-z]{4}|[A-Z]{4}|[0-9]{4}|[^0-9A-Za-z]{4}"
DOCUMENTED_ADMIN = "Admin_[0-9a-f]{16}"
# fmt: on

ERROR, WARNING, NOTE = "error", "warning", "note"
OK, REFUSED, USAGE, BUG, STOPPED = 0, 1, 2, 3, 130
LIMIT = 1 << 20  # bytes; no API server takes a larger Secret
HEARTBEAT = 60  # seconds between two lines that say the same
NAME = "heimdall-gate"


class Ask(NamedTuple):
    """What is asked for: `sources` are keys that come from other Secrets, as (secret, key)."""

    folder: str
    others: str
    secret: str
    namespace: str
    required: tuple[str, ...]
    lengths: Mapping[str, int]
    sources: Mapping[str, tuple[str, str]]
    timeout: int

    @property
    def title(self) -> str:
        """What the Secret is called."""
        return f"Secret {self.namespace}/{self.secret}" if self.namespace else f"Secret {self.secret}"

    def expects(self, key: str) -> str:
        """What a good value of a key is like."""
        length = self.lengths.get(key)
        return f"{length} characters" if length else "a value"


class Seen(NamedTuple):
    """What is there: the Secret's own values by key, those of `sources` by the variable's name."""

    own: Mapping[str, bytes]
    elsewhere: Mapping[str, bytes]

    def value(self, key: str, ask: Ask) -> bytes | None:
        """The value that the variable would get."""
        return (self.elsewhere if key in ask.sources else self.own).get(key)


class Finding(NamedTuple):
    """One thing to tell: what is wrong with which key, what was expected, what fixes it. Never a value."""

    severity: str
    rule: str
    key: str
    message: str
    expected: str
    fix: str


class Refused(Exception):
    """Going on makes no sense; the message is for a person."""


class Stopped(Exception):
    """Somebody wants this process to end."""


def main(arguments: Sequence[str], program: str = "gate.py") -> int:
    """Runs the gate; returns its exit code."""
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
    """The same, whatever happens: no message of a surprise is shown, since a value may be in it."""
    try:
        return main(arguments, program)
    except Refused as refusal:
        say(str(refusal))
        return REFUSED
    except Stopped:
        return STOPPED
    except Exception as error:  # noqa: BLE001  # our own bug
        say(f"internal error ({type(error).__name__}): nothing was checked")
        return BUG


def _stop(*_: object) -> None:
    raise Stopped


def say(text: str) -> None:
    """A line for the log."""
    sys.stderr.write(f"{NAME}: {text}\n")
    sys.stderr.flush()


# --- what is asked for


def parse(arguments: Sequence[str], program: str) -> Ask:
    """The command line; exits with 2 where it makes no sense."""
    parser = argparse.ArgumentParser(program, description="Wait for a Secret and check it.", allow_abbrev=False)
    lengths = ",".join(f"{key}={length}" for key, (length, _) in KEYS.items())
    parser.add_argument("--dir", required=True, metavar="FOLDER", help="a file for each key of the Secret")
    parser.add_argument("--others", default="", metavar="FOLDER", help="the same for other Secrets: FOLDER/SECRET/KEY")
    parser.add_argument("--secret", default="", help="the Secret's name, for messages")
    parser.add_argument("--namespace", default="", help="its namespace, for messages")
    parser.add_argument("--required", default=",".join(KEYS), metavar="KEY,...", help="what must be there")
    parser.add_argument("--lengths", default=lengths, metavar="KEY=NUMBER,...", help="recommended lengths")
    parser.add_argument("--sources", default="", metavar="KEY=SECRET/KEY,...", help="keys of other Secrets")
    parser.add_argument("--timeout", type=int, default=0, metavar="SECONDS", help="how long to wait (0: look once)")
    given = parser.parse_args(arguments)
    required = split(given.required)
    lengths_by_key, sources = pairs(given.lengths), pairs(given.sources)
    if not required or not all(is_variable_name(key) for key in (*required, *lengths_by_key, *sources)):
        parser.error("--required, --lengths and --sources take names of environment variables, comma-separated")
    if not all(text.isdecimal() and len(text) < 6 for text in lengths_by_key.values()):
        parser.error("--lengths takes KEY=NUMBER, comma-separated")
    if not all(source.count("/") == 1 and all(source.split("/")) for source in sources.values()):
        parser.error("--sources takes KEY=SECRET/KEY, comma-separated")
    if given.timeout < 0:
        parser.error("--timeout takes seconds, 0 or more")
    return Ask(
        folder=given.dir,
        others=given.others,
        secret=given.secret or os.path.basename(os.path.abspath(given.dir)),
        namespace=given.namespace,
        required=required,
        lengths={key: int(text) for key, text in lengths_by_key.items()},
        sources={name: (source.split("/")[0], source.split("/")[1]) for name, source in sources.items()},
        timeout=given.timeout,
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def pairs(text: str) -> dict[str, str]:
    """The KEY=VALUE pairs of a comma-separated list."""
    return {key: value for key, _, value in (part.partition("=") for part in split(text))}


# --- what is there


def wait(ask: Ask) -> Seen:
    """What is there as soon as no key is missing, else when the time is over."""
    if not os.path.isdir(ask.folder):
        raise Refused(f"{ask.folder} is no folder: --dir takes one with a file for each key")
    began, told, told_at = time.monotonic(), "", 0.0
    while True:
        seen, now = look(ask), time.monotonic() - began
        missing = lacking(ask, seen)
        if not missing or now >= ask.timeout:
            return seen
        lack = f"without {', '.join(missing)}" if seen.own or seen.elsewhere else "not there, or without any key"
        if lack != told or now - told_at >= HEARTBEAT:
            say(f"{int(now)} s of {ask.timeout} s: waiting for {ask.title}: {lack}")
            told, told_at = lack, now
        time.sleep(min(1.0, max(0.0, ask.timeout - now)))


def look(ask: Ask) -> Seen:
    """What is there at this moment."""
    own = read_folder(ask.folder)
    found = {name: source_value(ask, own, source) for name, source in ask.sources.items()}
    return Seen(own, {name: value for name, value in found.items() if value is not None})


def source_value(ask: Ask, own: Mapping[str, bytes], source: tuple[str, str]) -> bytes | None:
    """The value of a key that comes from another Secret, or under another name."""
    secret, key = source
    folder = os.path.join(ask.others, secret)
    values = own if secret == ask.secret else read_folder(folder) if os.path.isdir(folder) else {}
    return values.get(key)


def read_folder(path: str) -> dict[str, bytes]:
    """The files of a folder by name. The kubelet swaps a Secret's as a whole, by a link: read one side of it."""
    for _ in range(10):
        link = os.path.join(path, "..data")
        folder = os.path.realpath(link) if os.path.islink(link) else path
        try:
            names = [name for name in sorted(os.listdir(folder)) if not name.startswith("..")]
            found = {name: read_file(os.path.join(folder, name)) for name in names if is_file(folder, name)}
            if folder == path or os.path.realpath(link) == folder:
                return found  # else swapped meanwhile, and perhaps half removed already when it was listed
        except FileNotFoundError:
            time.sleep(0.1)  # swapped, or gone, while it was read
        except OSError as error:
            raise Refused(f"{path} can't be read: {os.strerror(error.errno or 0)}") from None
    return {}


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
    wanted = dict.fromkeys((*ask.required, *ask.sources))
    return [key for key in wanted if not (seen.value(key, ask) or b"").strip()]


# --- the report


def conclude(ask: Ask, seen: Seen, seconds: int, stopped: bool) -> int:
    """Tells the end, shortly: Helm 4 prints the whole log as one line."""
    found = sorted(findings(ask, seen), key=lambda finding: (ERROR, WARNING, NOTE).index(finding.severity))
    is_there = bool(seen.own or seen.elsewhere)
    errors = sum(finding.severity == ERROR for finding in found) if is_there else 1
    if not errors and not stopped:
        say(f"ok: {ask.title} has its {len(dict.fromkeys((*ask.required, *ask.sources)))} required keys")
    elif stopped:
        say(f"stopped after {seconds} s: {ask.title} was not let through")
    else:
        say(f"refused after {seconds} s: {ask.title}: {errors} {'error' if errors == 1 else 'errors'}")
    for line in [told(ask, finding) for finding in found] if is_there else [absent(ask)]:
        sys.stderr.write(f"{line}\n")
    if errors:
        say("fix it where the Secret is made (your secret manager, or kubectl); then: helm upgrade --install")
    sys.stderr.flush()
    return STOPPED if stopped else REFUSED if errors else OK


def absent(ask: Ask) -> str:
    """All keys are missing: said once."""
    keys = ", ".join(dict.fromkeys((*ask.required, *ask.sources)))
    where = f" --namespace {ask.namespace}" if ask.namespace else ""
    message = f"{ask.title} is not there, or has no key"
    return f"error secret-absent: {message}; expected: {keys}; look: kubectl describe secret {ask.secret}{where}"


def told(ask: Ask, finding: Finding) -> str:
    """A finding on one line."""
    source = ask.sources.get(finding.key)
    where = f" (key {source[1]} of Secret {source[0]})" if source else ""
    message = f"{finding.severity} {finding.rule}: {finding.message}{where}"
    return f"{message}; expected: {finding.expected}; fix: {finding.fix}"


# --- the checks: those of post_renderer/checks.py, tested equal


def findings(ask: Ask, seen: Seen) -> list[Finding]:
    """All that is wrong with the values."""
    texts = {key: seen.value(key, ask) or b"" for key in (*ask.required, *ask.sources, *OPTIONAL)}
    sound = {key: value.decode() for key, value in texts.items() if key in ask.required and is_sound(value)}
    return [
        *missing_keys(ask, seen),
        *placeholders(ask, texts),
        *broken_text(ask, texts),
        *trailing_newlines(ask, sound),
        *double_base64(sound),
        *short_values(ask, sound),
        *uniform_values(ask, sound),
        *shared_values(ask, sound),
        *admin_password(sound),
        *near_misses(ask, seen.own),
        *key_names(seen.own),
    ]


def missing_keys(ask: Ask, seen: Seen) -> Iterator[Finding]:
    """Each that is absent or empty."""
    for key in lacking(ask, seen):
        state = "missing" if seen.value(key, ask) is None else "empty"
        fix = rename(ask, seen, key) if state == "missing" and key not in ask.sources else ""
        yield Finding(ERROR, "missing-key", key, f"{key} is {state}", ask.expects(key), fix or recipe(key, ask))


def rename(ask: Ask, seen: Seen, key: str) -> str:
    """What fixes a missing key that is there under a name like it: a fresh value would not be the one in use."""
    near = (name for name in sorted(seen.own) if name not in ask.required and nearest(name, ask.required) == key)
    return next((f"rename {name} to {key}" for name in near), "")


def placeholders(ask: Ask, texts: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each value that only stands in for a secret."""
    for key, value in texts.items():
        if is_text(value) and is_placeholder(value.decode()):
            message = f"{key} is a placeholder or a value printed in public documentation"
            if is_unexpanded(value.decode()):
                message = f"{key} holds a variable, command or template that nothing replaced"
            yield Finding(ERROR, "placeholder", key, message, ask.expects(key), recipe(key, ask))


def broken_text(ask: Ask, texts: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each value that can't become an environment variable."""
    for key, value in texts.items():
        if b"\0" in value:
            yield Finding(ERROR, "nul-byte", key, f"{key} holds a NUL byte", "text", recipe(key, ask))
        elif not is_utf8(value):
            yield Finding(ERROR, "not-utf8", key, f"{key} is not UTF-8", "text", recipe(key, ask))


def trailing_newlines(ask: Ask, sound: Mapping[str, str]) -> Iterator[Finding]:
    """Each value that ends in a line break."""
    for key, value in sound.items():
        if value.endswith(("\n", "\r")):
            fix = f"printf %s instead of echo; in YAML quotes, or |- instead of |: {recipe(key, ask)}"
            message = f"{key} ends in a line break"
            yield Finding(ERROR, "trailing-newline", key, message, "no line break at the end", fix)


def double_base64(sound: Mapping[str, str]) -> Iterator[Finding]:
    """Each value that was encoded once too often."""
    for key, value in sound.items():
        if is_base64_of_text(value):
            message = f"{key} looks like base64 of text: the app would get the base64"
            yield Finding(WARNING, "double-base64", key, message, "the value itself", "base64 -d, once")


def short_values(ask: Ask, sound: Mapping[str, str]) -> Iterator[Finding]:
    """Each value that is shorter than is recommended."""
    for key, value in sound.items():
        if len(value) < max(ask.lengths.get(key, 0), SHORTEST):
            severity = ERROR if len(value) < SHORTEST else WARNING
            message = f"{key} has only {len(value)} character{'s' * (len(value) != 1)}"
            yield Finding(severity, "short-value", key, message, ask.expects(key), recipe(key, ask))


def uniform_values(ask: Ask, sound: Mapping[str, str]) -> Iterator[Finding]:
    """Each value that repeats a few characters."""
    for key, value in sound.items():
        if len(set(value)) < FEWEST_DIFFERENT:
            message = f"{key} has fewer than {FEWEST_DIFFERENT} different characters"
            yield Finding(ERROR, "uniform-value", key, message, ask.expects(key), recipe(key, ask))


def shared_values(ask: Ask, sound: Mapping[str, str]) -> Iterator[Finding]:
    """Each key with the value of one before it."""
    first: dict[str, str] = {}
    for key, value in sound.items():
        other = first.setdefault(value, key)
        if other != key:
            message = f"{key} has the same value as {other}"
            yield Finding(WARNING, "shared-value", key, message, "a value of its own", recipe(key, ask))


def admin_password(sound: Mapping[str, str]) -> Iterator[Finding]:
    """ADMIN_PASSWORD against the application's own rule, and what bcrypt reads of it."""
    key, fix = "ADMIN_PASSWORD", "heimdall-pr generate -"
    for text in (value for name, value in sound.items() if name == key):
        if not passes_admin_rule(text.rstrip("\r\n")):
            severity = NOTE if re.fullmatch(DOCUMENTED_ADMIN, text) else WARNING
            message = f"{key} does not pass the application's own rule for passwords"
            expected = "15 characters, all of a-z A-Z 0-9 and special, never 4 of one class in a row"
            yield Finding(severity, "admin-rule", key, message, expected, fix)
        if len(text.encode()) > BCRYPT_LIMIT:
            message = f"{key} has more than {BCRYPT_LIMIT} bytes: bcrypt ignores the rest"
            yield Finding(WARNING, "bcrypt-limit", key, message, f"at most {BCRYPT_LIMIT} bytes", fix)


def near_misses(ask: Ask, own: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each key of the Secret that was meant to be a known one."""
    for key in own:
        meant = "" if key in ask.required else nearest(key, ask.required)
        if meant:
            message = f"unknown key {key}: did you mean {meant}?"
            yield Finding(WARNING, "near-miss", key, message, meant, f"rename {key} to {meant}")


def key_names(own: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each key of the Secret that is no name of a variable, or none that a Secret can have; it is not shown."""
    for key in own:
        if not re.fullmatch("[-._0-9A-Za-z]+", key) or len(key) > DATA_KEY_LENGTH:
            message = "a key is no name that a Secret's key can have"
            expected = "letters, digits, '-', '_' and '.', at most 253"
            yield Finding(ERROR, "key-name", "", message, expected, "rename or remove the key")
        elif not is_variable_name(key):
            message = "a key is no name of an environment variable: Kubernetes drops it silently"
            expected = "letters, digits and '_', no digit first"
            yield Finding(WARNING, "variable-name", "", message, expected, "rename or remove the key")


# --- what a value is: as in post_renderer/rules.py


def is_sound(value: bytes) -> bool:
    """A text that is no placeholder."""
    return is_text(value) and not is_placeholder(value.decode())


def is_text(value: bytes) -> bool:
    """Something that can be a variable's value."""
    return bool(value.strip()) and b"\0" not in value and is_utf8(value)


def is_utf8(value: bytes) -> bool:
    """Whether it can be decoded."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_placeholder(text: str) -> bool:
    """Whether a value only stands in for a secret."""
    lower = text.strip().lower()
    if lower in PLACEHOLDERS or lower in PUBLISHED or lower.startswith(PLACEHOLDER_PREFIXES):
        return True
    if any(lower.startswith(starts) and lower.endswith(ends) for starts, ends in PLACEHOLDER_FRAMES):
        return True
    return is_unexpanded(text)


def is_unexpanded(text: str) -> bool:
    """Whether a value has, or is, what a shell, a pipeline or a template should have replaced."""
    may_be = any(mark in text for mark in ("\x24", "{{", "%"))
    return may_be and bool(re.search(UNEXPANDED, text) or re.fullmatch(VARIABLE, text))


def is_base64_of_text(value: str) -> bool:
    """Whether it decodes to printable text."""
    text = value.strip()
    digits = text.rstrip("=")
    padded = len(text) % 4 == 0 and len(text) - len(digits) <= 2
    if len(value) < SHORTEST or not padded or not re.fullmatch("[0-9A-Za-z+/]*", digits):
        return False
    decoded = binascii.a2b_base64(text)
    return is_utf8(decoded) and decoded.decode().rstrip("\r\n").isprintable()


def passes_admin_rule(text: str) -> bool:
    """Whether the application would accept this as a new password."""
    has_classes = all(re.search(pattern, text) for pattern in ADMIN_CLASSES)
    return len(text) >= ADMIN_LENGTH and has_classes and not re.search(ADMIN_RUN, text)


def is_variable_name(text: str) -> bool:
    """Whether a text can name an environment variable."""
    return text.isascii() and text.isidentifier()


def recipe(key: str, ask: Ask) -> str:
    """The command that makes a value; for another application's key a general one of the recommended length."""
    return KEYS[key][1] if key in KEYS else f"openssl rand -hex {(ask.lengths.get(key) or 64) + 1 >> 1}"


def nearest(name: str, required: Sequence[str]) -> str:
    """The known key that an unknown one was meant to be, or nothing."""
    known = (*required, *KEYS, *OPTIONAL)
    if name in LEGACY and name not in known:
        return LEGACY[name]
    near = [] if name in known else [key for key in known if distance(name.upper(), key) <= 2]
    return min(near, key=lambda key: distance(name, key), default="")


def distance(left: str, right: str) -> int:
    """Levenshtein's edit distance; names whose lengths differ by more than two are just far apart."""
    if abs(len(left) - len(right)) > 2:
        return 99
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        corner, row[0] = row[0], count
        for at, other in enumerate(right, 1):
            corner, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, corner + (letter != other))
    return row[-1]


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))
