"""The checks: one small function for each finding that a Secret's values can give."""

import binascii
from collections.abc import Callable, Iterator

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy

BASE64 = policy.LETTERS_DIGITS | frozenset("+/")

Check = Callable[[Values, Requirement], Iterator[Finding]]


def run(values: Values, requirement: Requirement) -> list[Finding]:
    """All findings about a Secret's values; one that names a key and has no fix of its own gets the usual one."""
    return [_completed(finding, values, requirement) for check in CHECKS for finding in check(values, requirement)]


def missing_keys(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key that is absent or empty: the app counts an empty variable as unset."""
    for key in requirement.required:
        if not values.values.get(key, b"").strip() and key not in values.unknown:
            state = "empty" if key in values.values else "missing"
            fix = _rename(values, requirement, key) or values.fillers.get(key, "")
            yield Finding(
                ERROR, "missing-key", values.where(key), f"{key} is {state}", requirement.expected(key), fix, key
            )


def placeholders(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each known key whose value only stands in for a values."""
    for key, text in _texts(values, (*requirement.required, *policy.OPTIONAL)):
        if policy.is_unexpanded(text):
            message = f"{key} holds a variable, command or template that nothing replaced"
            fix = f"write exactly ${{{key}}}, with nothing around it" if key in requirement.references else ""
            yield Finding(ERROR, "placeholder", values.where(key), message, fix=fix, key=key)
        elif policy.is_placeholder(text):
            message = f"{key} is a placeholder or a value printed in public documentation"
            yield Finding(ERROR, "placeholder", values.where(key), message, key=key)


def broken_text(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each known key whose value can't become an environment variable as it was meant."""
    for key in (*requirement.required, *policy.OPTIONAL):
        value = values.values.get(key, b"")
        if b"\0" in value:
            yield Finding(ERROR, "nul-byte", values.where(key), f"{key} holds a NUL byte", "text", key=key)
        elif not _is_utf8(value):
            yield Finding(ERROR, "not-utf8", values.where(key), f"{key} is not UTF-8", "text", key=key)


def trailing_newlines(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key whose value ends in a line break, as `echo` and `|` leave one."""
    for key, value in _sound(values, requirement):
        if value.endswith(("\n", "\r")):
            message = f"{key} ends in a line break"
            fix = f"printf %s instead of echo; in YAML quotes, or |- instead of |: {_recipe(requirement, key)}"
            yield Finding(ERROR, "trailing-newline", values.where(key), message, "no line break at the end", fix, key)


def double_base64(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key whose value is base64 of text: it was encoded once too often."""
    for key, value in _sound(values, requirement):
        if _is_base64_of_text(value):
            message = f"{key} looks like base64 of text: the app would get the base64"
            yield Finding(
                WARNING, "double-base64", values.where(key), message, "the value itself", "base64 -d, once", key
            )


def short_values(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key whose value is shorter than is recommended."""
    for key, value in _sound(values, requirement):
        if len(value) < max(requirement.lengths.get(key, 0), policy.SHORTEST):
            severity = ERROR if len(value) < policy.SHORTEST else WARNING
            message = f"{key} has only {len(value)} character{'s' * (len(value) != 1)}"
            yield Finding(severity, "short-value", values.where(key), message, key=key)


def uniform_values(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key whose value repeats a few characters."""
    for key, value in _sound(values, requirement):
        if len(set(value)) < policy.FEWEST_DIFFERENT:
            message = f"{key} has fewer than {policy.FEWEST_DIFFERENT} different characters"
            yield Finding(ERROR, "uniform-value", values.where(key), message, key=key)


def shared_values(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each required key that has the same value as one before it."""
    first: dict[str, str] = {}
    for key, value in _sound(values, requirement):
        if (other := first.setdefault(value, key)) != key:
            message = f"{key} has the same value as {other}"
            yield Finding(WARNING, "shared-value", values.where(key), message, "a value of its own", key=key)


def admin_password(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """ADMIN_PASSWORD against the application's own rule, and against what bcrypt reads."""
    key = "ADMIN_PASSWORD"
    fix = values.renewers.get(key, "heimdall-pr generate -")  # the recipe's password is one that the rule refuses
    for text in (text for name, text in _sound(values, requirement) if name == key):
        if not policy.passes_admin_rule(text.rstrip("\r\n")):
            message = f"{key} does not pass the application's own rule for passwords"
            expected = "15 characters, all of a-z A-Z 0-9 and special, never 4 of one class in a row"
            severity = NOTE if policy.is_documented_admin(text) else WARNING
            yield Finding(severity, "admin-rule", values.where(key), message, expected, fix, key)
        if len(text.encode()) > policy.BCRYPT_LIMIT:
            message = f"{key} has more than {policy.BCRYPT_LIMIT} bytes: bcrypt ignores the rest"
            expected = f"at most {policy.BCRYPT_LIMIT} bytes"
            yield Finding(WARNING, "bcrypt-limit", values.where(key), message, expected, fix, key)


def near_misses(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each key that was meant to be a known one."""
    for key in values.values:
        if meant := _meant(key, requirement):
            message = f"unknown key {key}: did you mean {meant}?"
            yield Finding(WARNING, "near-miss", values.where(key), message, meant, f"rename {key} to {meant}")


def key_names(values: Values, requirement: Requirement) -> Iterator[Finding]:
    """Each key that can't name an environment variable, or not even a Secret's key; its name is not shown."""
    for key in values.values:
        if not policy.is_data_key(key):
            message = "a key is no name that a Secret's key can have"
            expected = "letters, digits, '-', '_' and '.', at most 253"
            yield Finding(ERROR, "key-name", values.where(key), message, expected, "rename or remove the key")
        elif not policy.is_variable_name(key):
            message = "a key is no name of an environment variable: Kubernetes drops it silently"
            expected = "letters, digits and '_', no digit first"
            yield Finding(WARNING, "variable-name", values.where(key), message, expected, "rename or remove the key")


CHECKS: tuple[Check, ...] = (
    missing_keys,
    placeholders,
    broken_text,
    trailing_newlines,
    double_base64,
    short_values,
    uniform_values,
    shared_values,
    admin_password,
    near_misses,
    key_names,
)


def _meant(key: str, requirement: Requirement) -> str | None:
    """The known key that another one was meant to be."""
    return None if key in requirement.required else policy.nearest(key, requirement.required)


def _rename(values: Values, requirement: Requirement, key: str) -> str:
    """What fixes a missing key that is there under a name like it: a fresh value would not be the one in use."""
    found = (
        "" if key in values.values else next((n for n in sorted(values.values) if _meant(n, requirement) == key), "")
    )
    return f"rename {found} to {key}" if found else ""


def _completed(finding: Finding, values: Values, requirement: Requirement) -> Finding:
    """What fixes a value is the command that puts another into its file, or one that makes one to put in place."""
    key = finding.key
    if not key:
        return finding
    fix = finding.fix or values.renewers.get(key) or _recipe(requirement, key)
    return finding._replace(expected=finding.expected or requirement.expected(key), fix=fix)


def _texts(values: Values, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Those of the keys that have a text, and it."""
    for key in dict.fromkeys(keys):
        value = values.values.get(key, b"")
        if value.strip() and _is_utf8(value) and b"\0" not in value:
            yield key, value.decode()


def _sound(values: Values, requirement: Requirement) -> Iterator[tuple[str, str]]:
    """The required keys with a text that is no placeholder: the others have a finding already."""
    return ((key, text) for key, text in _texts(values, requirement.required) if not policy.is_placeholder(text))


def _recipe(requirement: Requirement, key: str) -> str:
    return policy.recipe(key, requirement.lengths.get(key, 0))


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_base64_of_text(value: str) -> bool:
    """Whether it decodes to printable text: random hexadecimal digits are base64 too, but of noise."""
    text = value.strip()
    digits = text.rstrip("=")
    padded = len(text) % 4 == 0 and len(text) - len(digits) <= 2
    if len(value) < policy.SHORTEST or not padded or not BASE64.issuperset(digits):
        return False
    decoded = binascii.a2b_base64(text)
    return _is_utf8(decoded) and decoded.decode().rstrip("\r\n").isprintable()
