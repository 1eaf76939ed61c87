"""The rules as data: the keys with their recipes, what counts as a placeholder, near misses, limits.

The gate carries this file, and the chart gets its data as JSON (`make generate`): standard library only, Python 3.9.
Every pattern that the chart gets is of a whole value, and in the subset that Python's `re` (with re.ASCII) and Go's
`regexp` share: no back-reference, no look-around, no `\\s`, no `\\Z`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Optional, Union

from post_renderer.model.fix import Command, Substitution, command

Recipe = tuple[Union[str, Substitution], ...]


class Key(NamedTuple):
    """A required key: its recommended length in characters, and the command that makes a value."""

    length: int
    recipe: Recipe


KEYS = {
    "JWT_SECRET": Key(128, ("openssl", "rand", "-hex", "64")),
    "API_KEY_SECRET": Key(66, ("openssl", "rand", "-hex", "33")),
    "DATABASE_PASSWORD": Key(66, ("openssl", "rand", "-hex", "33")),
    "ADMIN_PASSWORD": Key(22, ("echo", Substitution("Admin_", ("openssl", "rand", "-hex", "8")))),
}

# What else the application reads as a secret, and the names of older charts.
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

# Variables a chart's `${NAME}` may read without the user's --env.
BUILT_IN_VARIABLES = frozenset(KEYS)
BUILT_IN_PREFIX = "HEIMDALL_"

SHORTEST = 8  # characters; below it a value is an error
NEAR = 2  # edits; a name that is not farther from a known key was meant to be that key
FEWEST_DIFFERENT = 5  # different characters; below it a value is an error
BCRYPT_LIMIT = 72  # bytes; bcrypt ignores the rest
DIGEST_LENGTH = 64  # characters; a digest over values that are all shorter could be guessed from a dictionary

LETTERS_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
# https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
DATA_KEY = LETTERS_DIGITS | frozenset("-._")
DATA_KEY_LENGTH = 253

# What only takes a secret's place: patterns of whole values, without the white space around them.
PLACEHOLDERS = (
    r"(?i)from-ci-environment|ignored",
    r"(?is)(?:change[ _-]?me|insecure[_-]default).*",
    r"(?is)your[ _-](?:.*[ _-])?here",
    r"(?s)<.*>",
    # Printed in public documentation of Heimdall and its charts (github.com/mitre/heimdall2, mitre/heimdall-helm,
    # mitre/heimdall2-helm).
    r"(?i)admin123!_change_me|admin_randomly-generated|securepassword123!",
    r"(?i)long-random-string-of-text|randomly-generated-(?:66|128)-chars",
    r"(?i)your-(?:admin-password|api-key-secret-66-chars|database-password|db-password|secret-key-128-chars)",
)
# The same for what a shell, a pipeline or a template should have replaced: a part of the value (bounded, or a long
# value takes minutes), or all of it is a variable's name, as a shell, PowerShell or cmd.exe has it.
UNEXPANDED = (
    r"(?s).*(?:\$\{[A-Za-z_][^}]{0,255}\}|\$\([^)]{1,255}\)|\{\{.{0,255}?\}\}).*",
    r"\$(?:env:)?[A-Z_][A-Z0-9_]*|%[A-Za-z_][A-Za-z0-9_]*%",
)

# The application's own rule for passwords (github.com/mitre/heimdall2, libs/password-complexity).
ADMIN_LENGTH = 15
ADMIN_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^0-9A-Za-z]")
ADMIN_RUN = r"[a-z]{4}|[A-Z]{4}|[0-9]{4}|[^0-9A-Za-z]{4}"
DOCUMENTED_ADMIN = "Admin_[0-9a-f]{16}"

# Variables that command a process: what it loads, runs and trusts, and through whom it talks.
DANGEROUS = frozenset(
    (
        "PATH",
        "NODE_OPTIONS",
        "NODE_PATH",
        "NODE_EXTRA_CA_CERTS",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    )
)


def recipe(key: str, length: int = 0) -> Command:
    """The command that makes a value for a key."""
    return command(*words(key, length))


def words(key: str, length: int = 0) -> Recipe:
    """The same as an argument list; a key of another application gets a general one of that length."""
    return KEYS[key].recipe if key in KEYS else ("openssl", "rand", "-hex", str((length or 64) + 1 >> 1))


@lru_cache(maxsize=128)  # many rules ask it of each value, and a long one takes its time
def is_placeholder(text: str) -> bool:
    """Whether a value only takes the place of a secret."""
    return _matches(PLACEHOLDERS, text) or is_unexpanded(text)


@lru_cache(maxsize=128)
def is_unexpanded(text: str) -> bool:
    """Whether a value has, or is, what a shell, a pipeline or a template should have replaced."""
    may_be = "$" in text or "%" in text or ("{{" in text and "}}" in text)
    return may_be and _matches(UNEXPANDED, text)


def _matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns is of the whole text, without the white space around it."""
    text = text.strip()
    return any(re.fullmatch(pattern, text, re.ASCII) for pattern in patterns)


def passes_admin_rule(text: str) -> bool:
    """Whether the application would accept this as a new password."""
    has_classes = all(re.search(pattern, text) for pattern in ADMIN_CLASSES)
    return len(text) >= ADMIN_LENGTH and has_classes and not re.search(ADMIN_RUN, text)


def is_documented_admin(text: str) -> bool:
    """Whether a password was made by the documented recipe, which the application's own rule always refuses."""
    return bool(re.fullmatch(DOCUMENTED_ADMIN, text))


def is_variable_name(text: str) -> bool:
    """Whether a text can name an environment variable in a shell: letters, digits and `_`, no digit first."""
    return text.isascii() and text.isidentifier()


def is_dangerous(name: str) -> bool:
    """Whether a variable commands the process that gets it; proxies are named in lower case too."""
    return name.startswith("LD_") or name in DANGEROUS or (name.endswith("_proxy") and name.upper() in DANGEROUS)


def is_data_key(text: str) -> bool:
    """Whether a text can be a key of a Secret's data."""
    return 0 < len(text) <= DATA_KEY_LENGTH and DATA_KEY.issuperset(text)


def reference(text: str) -> str:
    """The name in a text that is exactly `${NAME}`; empty in any other."""
    name = text[2:-1] if text.startswith("${") and text.endswith("}") else ""
    return name if is_variable_name(name) else ""


def shown(name: str) -> str:
    """A key's name, if a report may show it: known keys and near misses; a secret may be where a name should be."""
    return name if name in KEYS or name in OPTIONAL or nearest(name) else "an unknown key"


def nearest(name: str, required: tuple[str, ...] = ()) -> Optional[str]:
    """The known key that an unknown name was meant to be; None if it is known, or near to none.

    That is the key for a legacy name, else the nearest one that is at most NEAR edits away, in any case; of several
    that are equally near the first.
    """
    known = _known(required)
    if name in known.keys:
        return None
    return LEGACY.get(name) or closest(name, known.names)


class _Known(NamedTuple):
    """The known keys: to look a name up in, and in order."""

    keys: frozenset[str]
    names: tuple[str, ...]


@lru_cache(maxsize=8)
def _known(required: tuple[str, ...]) -> _Known:
    names = dict.fromkeys((*required, *KEYS, *OPTIONAL))
    return _Known(frozenset(names), tuple(names))


class _Table(NamedTuple):
    """Some names as one row of bits: for each name a bit for its start and one for each of its letters.

    Attributes:
        starts: The bits of the starts.
        body: The bits of all letters.
        letters: For each letter the bits at which it is.
        ends: The bit of each name's last letter, with the name.
        longest: The length of the longest name.
    """

    starts: int
    body: int
    letters: dict[str, int]
    ends: tuple[tuple[int, str], ...]
    longest: int


@lru_cache(maxsize=8)
def _table(names: tuple[str, ...]) -> _Table:
    starts = body = at = 0
    letters: dict[str, int] = {}
    ends = []
    for name in names:
        starts |= 1 << at
        for letter in name.upper():
            at += 1
            letters[letter] = letters.get(letter, 0) | 1 << at
        ends.append((1 << at, name))
        at += 1
    for bits in letters.values():
        body |= bits
    return _Table(starts, body, letters, tuple(ends), max(map(len, names), default=0))


@lru_cache(maxsize=1 << 16)  # several rules ask for the same name
def closest(text: str, names: tuple[str, ...]) -> Optional[str]:
    """The name that a text is at most NEAR edits away from, in any case; of several the nearest, then the first.

    An edit is to insert, delete or replace a letter, or to swap two neighbours; no part is edited twice. All names are
    compared at once, letter by letter of the text, so that a hundred cost little more than one (Wu and Manber, "Fast
    text searching allowing errors", 1992).
    """
    table = _table(names)
    if len(text) > table.longest + NEAR:
        return None
    starts, body = table.starts, table.body
    # What is reached with no edit, at most one, at most two; with the same of a letter before.
    none = starts
    one = none | none << 1 & body
    two = one | one << 1 & body
    last_none = last_one = last = 0
    for letter in text.upper():
        here = table.letters.get(letter, 0)
        new_none = none << 1 & here
        swapped = (last_none << 1 & here) << 1 & last
        new_one = one << 1 & here | none | (none | new_none) << 1 & body | swapped
        swapped = (last_one << 1 & here) << 1 & last
        new_two = two << 1 & here | one | (one | new_one) << 1 & body | swapped
        if not new_two:
            return None
        last_none, last_one, last = none, one, here
        none, one, two = new_none, new_one, new_two
    for reached in (none, one, two):
        for end, name in table.ends if reached else ():
            if reached & end:
                return name
    return None
