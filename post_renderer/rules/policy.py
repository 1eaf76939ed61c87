"""The rules as data: the four keys with their recipes, what counts as a placeholder, the limits."""

import re
from typing import NamedTuple


class Key(NamedTuple):
    """A required key: its recommended length in characters, the shell command that makes one."""

    length: int
    recipe: str


KEYS = {
    "JWT_SECRET": Key(128, "openssl rand -hex 64"),
    "API_KEY_SECRET": Key(66, "openssl rand -hex 33"),
    "DATABASE_PASSWORD": Key(66, "openssl rand -hex 33"),
    "ADMIN_PASSWORD": Key(22, 'echo "Admin_$(openssl rand -hex 8)"'),
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
FEWEST_DIFFERENT = 5  # different characters; below it a value is an error
BCRYPT_LIMIT = 72  # bytes; bcrypt ignores the rest
DIGEST_LENGTH = 64  # characters; a digest over values that are all shorter could be guessed from a dictionary

LETTERS_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
# https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
DATA_KEY = LETTERS_DIGITS | frozenset("-._")
DATA_KEY_LENGTH = 253

# What stands in for a secret, in any case: whole values, their beginnings, and their beginnings and ends.
PLACEHOLDERS = frozenset(("from-ci-environment", "ignored"))
PLACEHOLDER_PREFIXES = ("changeme", "change_me", "change-me", "change me", "insecure_default", "insecure-default")
PLACEHOLDER_FRAMES = (("<",), (">",)), (("your-", "your_", "your "), ("-here", "_here", " here"))
# Parts of values that some shell, pipeline or template should have replaced; bounded, or a long value takes minutes.
UNEXPANDED = r"\$\{[A-Za-z_][^}]{0,255}\}|\$\([^)]{1,255}\)|(?s:\{\{.{0,255}?\}\})"
# Whole values that are a variable's name, as a shell, PowerShell and cmd.exe have it.
VARIABLE = r"\s*(?:\$(?:env:)?[A-Z_][A-Z0-9_]*|%[A-Za-z_][A-Za-z0-9_]*%)\s*"

# Values printed in public documentation of Heimdall and its charts (github.com/mitre/heimdall2, mitre/heimdall-helm,
# mitre/heimdall2-helm), lower case.
PUBLISHED = frozenset(
    (
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
    )
)

# The application's own rule for passwords (github.com/mitre/heimdall2, libs/password-complexity).
ADMIN_LENGTH = 15
ADMIN_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^0-9A-Za-z]")
ADMIN_RUN = r"(.)\1{3}|[a-z]{4}|[A-Z]{4}|[0-9]{4}|[^0-9A-Za-z]{4}"
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


def recipe(key: str, length: int = 0) -> str:
    """The command that makes a value for a key; a key of another application gets a general one of that length."""
    return KEYS[key].recipe if key in KEYS else f"openssl rand -hex {(length or 64) + 1 >> 1}"


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
    may_be = any(mark in text for mark in ("$", "{{", "%"))
    return may_be and bool(re.search(UNEXPANDED, text) or re.fullmatch(VARIABLE, text))


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
    """A key's name where a report may show it: known ones and near misses; a secret may stand where a name should."""
    return name if name in KEYS or name in OPTIONAL or nearest(name) else "an unknown key"


def nearest(name: str, required: tuple[str, ...] = ()) -> str | None:
    """The known key that an unknown one was meant to be: a legacy name, another case, or at most two edits away."""
    known = (*required, *KEYS, *OPTIONAL)
    if name in LEGACY and name not in known:
        return LEGACY[name]
    if name in known:
        return None
    return min(
        (key for key in known if distance(name.upper(), key) <= 2), key=lambda key: distance(name, key), default=None
    )


def distance(left: str, right: str) -> int:
    """Levenshtein's edit distance, in characters; names whose lengths differ by more than two are just far apart."""
    if abs(len(left) - len(right)) > 2:
        return 99
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        corner, row[0] = row[0], count
        for at, other in enumerate(right, 1):
            corner, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, corner + (letter != other))
    return row[-1]
