"""The rules as data: the keys with their recipes, what counts as a placeholder, near misses, limits.

The gate carries this file, and the chart gets its data as JSON (`make generate`): standard library only, Python 3.9.
Every pattern that the chart gets is of a whole value, and in the subset that Python's `re` (with re.ASCII) and Go's
`regexp` share: no back-reference, no look-around, no `\\s`, no `\\Z`.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from itertools import groupby

from post_renderer.model.fix import Command, Substitution, command
from post_renderer.model.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    Recipe = tuple[str | Substitution, ...]


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
GIVEN = "the value is the one that whoever runs that service gave you"  # the fix for a key of OPTIONAL
# The name that every version of the application reads, for one that only later versions do.
READ_AS = {"GITLAB_CLIENTSECRET": "GITLAB_SECRET"}
# Words of names whose values another service issues, and words of names that are made here all the same.
ISSUERS = frozenset(
    (
        *("GITHUB", "GITLAB", "BITBUCKET", "GOOGLE", "OKTA", "AUTH0", "COGNITO", "ENTRA", "AZURE", "AWS", "GCP"),
        *("LDAP", "SAML", "OIDC", "OAUTH", "OAUTH2", "SSO", "SMTP", "SLACK", "STRIPE", "TWILIO", "SENDGRID", "MAILGUN"),
        *("SPLUNK", "TENABLE", "JIRA", "PAGERDUTY", "DATADOG", "OPENAI", "LICENSE"),
    )
)
MADE_HERE = frozenset(("COOKIE", "SESSION", "ENCRYPTION", "SIGNING", "SALT", "WEBHOOK", "ADMIN", "ROOT"))
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

# Patterns of whole values, without the white space around them, each with its marks: in lower case a value that it
# matches has one of them. They are looked for first, since to compile a pattern takes longer than to judge a value.
Patterns = dict[str, tuple[str, ...]]
DEMANDS = ("replace", "insert", "put", "enter", "fill", "add", "set", "use", "paste")
# What only takes a secret's place. `words` measures the rest of the kind. `<...>` has words in it: a password manager's
# value can begin and end so, too.
PLACEHOLDERS: Patterns = {
    r"(?i)from-ci-environment|ignored": ("from-ci", "ignored"),
    r"(?is)(?:insecure[_-]default|place[ _-]?holder).*": ("insecure", "place"),
    # Passphrases have `Change-Melon-...`, `ChangeItemFabric...` and `fix-meadow-...`.
    r"(?s)(?:[Cc]hange(?:me|it|this)|CHANGE(?:ME|IT|THIS)|[Ff]ixme|FIXME).*|[Cc]hange(?:Me|It|This)(?:[^a-z].*)?": (
        *("changeme", "changeit", "changethis", "fixme"),
    ),
    r"(?is)(?:change[ _-](?:me|it|this)|fix[ _-]?me)(?:[^a-z].*)?": ("change", "fix"),
    r"(?is)(?:to[ _-]?do|tbd|dummy|fake)(?:[ _.:;,!-].*)?": ("do", "tbd", "dummy", "fake"),
    r"(?is)(?:" + "|".join(DEMANDS) + r")[ _-](?:me|this|with|in|by|your|a|the|here)(?:[ _.:-].*)?": tuple(
        f"{verb}{gap}" for verb in DEMANDS for gap in " _-"
    ),
    r"(?is)(?:insert|put|enter|fill|add|paste|your)[ _-](?:.*[ _-])?here": ("here",),
    r"(?is)(?:example|sample|test|demo)[ _-](?:.*[ _-])?(?:only|for[ _-]testing)": ("only", "testing"),
    r"(?s)<(?:[ \t\r\n]*|[A-Za-z][A-Za-z0-9_.:/#-]*|[^<>]* [^<>]*)>": ("<",),
    # What a log or a report writes in place of a value.
    r"(?i)[\[({]?(?:redacted|masked|hidden|filtered|removed|sensitive|secret|private|protected)[\])}]?": (
        *("redacted", "masked", "hidden", "filtered", "removed"),
        *("sensitive", "secret", "private", "protected"),
    ),
    r"(?is).*redacted by heimdall-pr.*": ("redacted by",),
    # Printed in public documentation of Heimdall and its charts (github.com/mitre/heimdall2, mitre/heimdall-helm,
    # mitre/heimdall2-helm).
    r"(?i)admin123!_change_me|admin_randomly-generated|securepassword123!": ("admin123!", "admin_rand", "securepass"),
    r"(?i)(?:different-)?long-random-string-of-text|randomly-generated-(?:66|128)-chars": ("random",),
    r"(?i)your-(?:admin-password|api-key-secret-66-chars|database-password|db-password|secret-key-128-chars)": (
        "your-",
    ),
    r"(?i)goodnewseveryone|user's password|(?:in)?valid_?pass(?:word)?[!1]?|value-from-[a-z]+": (
        *("goodnews", "user's", "valid", "value-from"),
    ),
}
# What a screen shows in place of each character; as a pattern, for the chart, of a whole value.
MASK = "*\u2022\u25cf.\u2026xX_-"
FEWEST_MASKED = 3  # characters
MASKED = f"[{MASK}]{{{FEWEST_MASKED},}}"
# As PLACEHOLDERS, but not for the chart: chart-testing installs its ci/*-values.yaml, which hold these.
OURS: Patterns = {
    r"(?is)(?:for[ _-]?tests?[ _-]?only|never[ _-]?a[ _-]?real|not[ _-]?a[ _-]?(?:real|secret|password|key)).*": (
        *("fortest", "for test", "for_test", "for-test", "never", "not"),
    ),
}
# Published values that no pattern tells from a good one, as length and CRC-32: they need not be printed once more.
PUBLISHED = frozenset(
    (
        # MITRE's repositories: tests, and examples of older charts
        (128, 0x1346DDBD),
        (64, 0x557618EF),
        (66, 0xCF2BF081),
        (15, 0x083095BA),
        (15, 0x5FE66356),
        # tutorials of Spring Security; MD5 of "password"
        (64, 0xE9D5039C),
        (64, 0x7E480C34),
        (64, 0x021B72BC),
        (64, 0x02C38EAE),
        (64, 0x1EFF5ED8),
        (32, 0x21FFD4CB),
        # ours: docs/, charts/heimdall/ci/
        (22, 0xFE8D3301),
        (22, 0xF4F189D2),
    )
)
# What a shell, a pipeline or a template should have replaced: all of the value; a part of it, if what is between the
# brackets is like a name (a random password has brackets, too); a variable's name, as a shell, PowerShell or cmd.exe
# has it. Lengths are bounded, or a long value takes minutes.
UNEXPANDED: Patterns = {
    r"(?s)\$\{[A-Za-z_][^}]{0,255}\}|\$\([^)]{1,255}\)|\{\{.*\}\}|`[^` ]{2,64} [^`]{1,255}`": ("${", "$(", "{{", "`"),
    r"(?s).*\$\{(?:[A-Z_][A-Z0-9_]*|[a-z][a-z0-9_.]{2,}|[a-z]+(?:[A-Z][a-z]+)+)(?:[-:?=+#%/^,@][^}]{0,255})?\}.*": (
        "${",
    ),
    r"(?s).*\$\((?:[A-Z][A-Z0-9_]{2,}|[a-z]{2,}(?:[A-Z][a-z]+)*|[a-z][a-z0-9_./-]+ [^)]{1,255})\).*": ("$(",),
    r"(?s).*\{\{[^{}]{0,255}\}\}.*": ("{{",),
    r"\$(?:env:)?[A-Z_][A-Z0-9_]*|%(?:[A-Z_][A-Z0-9_]*|[a-z_]+|[A-Z]?[a-z]+(?:_?[A-Z][a-z]+)*)%": ("$", "%"),
    r"(?s)(?:openssl|pwgen|uuidgen|kubectl|gcloud|heimdall-pr)(?: [a-z].*)?": (
        "openssl",
        "pwgen",
        "uuidgen",
        "kubectl",
        "gcloud",
        "heimdall-pr",
    ),
}
# What an encryption made, of no use without its key: SOPS and hiera-eyaml; Jasypt; EJSON; Ansible Vault; Vault's
# transit engine; age and PGP; Spring and WebSphere; dotenvx; Kubernetes; OpenSSL; Sealed Secrets; AWS KMS; Fernet;
# Jenkins; PowerShell; Rails.
CIPHERTEXT: Patterns = {
    r"(?s).*ENC\[[A-Z0-9_]+,.*|ENC\([^)]+\)|EJ\[[0-9]:.*\]": ("enc[", "enc(", "ej["),
    r"(?s)\$ANSIBLE_VAULT;.*|vault:v[0-9]+:.*|k8s:enc:.*|encrypted:[A-Za-z0-9+/=]{20,}": (
        "$ansible",
        "vault:",
        "k8s:",
        "encrypted:",
    ),
    r"(?s)-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE|PKCS7|CMS)-----.*|age-encryption\.org/v1.*": (
        "-----begin",
        "age-enc",
    ),
    r"(?s)\{(?:cipher|aes|aes-?256|xor|vault)\}.+": ("{",),
    r"(?s)U2FsdGVkX1.*|Ag[A-D][A-Za-z0-9+/]{400,}={0,2}|AQ(?:ICA|ECA)[A-Za-z0-9+/]{80,}={0,2}": (
        "u2fsdgvkx1",
        "aga",
        "agb",
        "agc",
        "agd",
        "aqica",
        "aqeca",
    ),
    r"gAAAAA[A-Za-z0-9_-]{60,}={0,2}": ("gaaaaa",),
    r"(?s)\{AQAAABAAAA[A-Za-z0-9+/]+={0,2}\}|01000000d08c9ddf0115d1118c7a00c04fc297eb.*": ("{aqaa", "01000000d0"),
    r"(?s)[A-Za-z0-9+/]{16,}={0,2}--[A-Za-z0-9+/]{16}--[A-Za-z0-9+/]{22}==": ("--",),
}
# A reference of Bank-Vaults within a text; what is around it is judged without it. The `#` is its separator
# (https://bank-vaults.dev/docs/mutating-webhook/configuration/#inline-mutation); `${vault:-x}` is a shell's.
INLINE = r"\$\{>{0,2}(?:vault|bao):[A-Za-z0-9_][^#}]{0,255}#(?:[^${}]|\$\{\.[^${}]+\})+\}"
# What a webhook in the cluster may replace when the pod starts: of Bank-Vaults and akv2k8s.
WEBHOOK: Patterns = {
    r"(?s)(?:>>)?(?:vault|bao):[^/ ].*|[A-Za-z0-9-]+@azurekeyvault(?:\?.*)?": ("vault:", "bao:", "@azurekeyvault"),
    f"(?s).*{INLINE}.*": ("vault:", "bao:"),
}
# Where a value is, or how it is called, in another tool's language.
REFERENCES: Patterns = {
    # vals, 1Password, Bitwarden, Keeper, cloud providers, SOPS, helm-secrets, and others of that form
    r"(?is)(?:secret)?ref\+.+|(?:op|bws?|keeper|vault|vaultkv|bao|sops|secrets?|s?gsm|sm|ssm|aws-?(?:sm|ssm|secrets?)"
    r"|gcp-?(?:sm|secrets?)|azure-?[a-z]+|akv|k8s|pass|gopass|lastpass|infisical|doppler|conjur|akeyless|berglas|env"
    r"|1password|tfstate[a-z]*|chamber|credhub|kms)://.+": ("+", "://"),
    r"(?is)arn:aws[a-z-]*:.+|projects/[^/]+/secrets/.+|@Microsoft\.KeyVault\(.*\)": (":", "/", "@"),
    r"(?is)(?:aws|gcp|azure|secretref|secretsmanager|ssm|keyvault(?:ref)?|akeyless|conjur|infisical):[^ ].*": (":",),
    # Azure Pipelines, Octopus, Ruby; replacetokens; Maven, CMake, autoconf; ERB, Template Toolkit; Spruce, Concourse
    r"(?s)#\{[^}]{1,255}\}#?|.*#\{(?:[A-Z][A-Z0-9_]{2,}|[a-z][a-z0-9_.]{2,}|[a-z]+(?:[A-Z][a-z]+)+)\}.*": ("#{",),
    r"(?s)__[A-Za-z][A-Za-z0-9_.-]*__|.*__[A-Z][A-Z0-9_]{2,}__.*|%%[A-Za-z][A-Za-z0-9_.-]*%%": ("__", "%%"),
    r"(?s)@@[A-Za-z][A-Za-z0-9_.-]*@@|@(?:[A-Z][A-Z0-9_.]+|[a-z][a-z0-9_.-]+|[a-z]+(?:[A-Z][a-z]+)+)@": ("@",),
    r"(?s)<%.*%>|.*<%[^%]{0,255}%>.*|\[%.*%\]|\(\([^()]+\)\)|\[\[[^\[\]]+\]\]|\$\[.+\]": ("<%", "[", "(("),
    r"(?s).*\{\{resolve:.*|<path:.*>|(?:%\{|\{\{?)[A-Za-z_][A-Za-z0-9_.]{2,}\}|%\([A-Za-z_][A-Za-z0-9_]*\)s": (
        "<",
        "{",
        "%(",
    ),
    # an expression of a program, Terraform, Helm or GitHub; a YAML tag of CloudFormation and others
    r"(?s)(?:process\.env|os\.environ|os\.getenv|System\.getenv|getenv|ENV)[.\[(].+|\.Values\..+": ("env", ".v"),
    r"(?:(?:var|vars|local|secrets|env|steps|needs|inputs|parameters|variables|module|data)\.[A-Za-z_][A-Za-z0-9_-]*"
    r"|(?:aws|azurerm|azuread|google|vault|random|kubernetes|tls|onepassword|hcp|null|terraform)_[a-z_]+\.[a-z0-9_-]+)"
    r"(?:\.[a-z_]+)?": (".",),
    r"(?s)!(?:Ref|Sub|GetAtt|ImportValue|vault|secret|env|var|reference|lookup)[ :].+|Fn::.+|lookup\(.+\)": (
        "!",
        ":",
        "(",
    ),
}
# What a program prints for a value that it does not have, or does not show.
NOTHINGS: Patterns = {
    r"(?i)[(<\[]?(?:none|null|nil|undefined|nan|nothing|n/a|unset|not set|true|false|empty|unknown)[)>\]]?": (
        *("none", "null", "nil", "undefined", "nan", "nothing", "n/a"),
        *("unset", "not set", "true", "false", "empty", "unknown"),
    ),
    r"(?i)\((?:sensitive|known|hidden|redacted|not set|no )[^)]*\)|\[secret\]|<computed>|<no[ ]value>": (
        "(",
        "[secret]",
        "<",
    ),
    r"(?s).*%!(?:[a-z]?\((?:<nil>|MISSING|NOVERB|BAD[A-Z]+|EXTRA|[a-z0-9.*\[\]{}]+=)).*": ("%!",),
    r"(?s)\[object [A-Za-z]+\]|map\[.*\]|System\.[A-Za-z.]+(?:\[\])?|Calling \[toString\] on an .*": (
        "[object",
        "map[",
        "system.",
        "calling",
    ),
}
# What is no password: a file, a certificate or key, JSON, XML, an address, an assignment of a value to its key.
DOCUMENTS: Patterns = {
    r"(?s)file:.+|~?/(?:run|var|etc|vault|mnt|secrets|tmp|home|opt|usr|conjur)/.+": ("file:", "/"),
    r"(?s)-----BEGIN .*|<\?xml.*|---[ \n].*": ("---", "<?xml"),
    "(?s)\\{[ \t\r\n]*(?:[\"'][^\"']{0,255}[\"'][ \t\r\n]*:.*)?\\}": ("{",),
    '(?s)\\[[ \t\r\n]*(?:(?:".*"|\\{.*\\}|\\[.*\\])[ \t\r\n]*)?\\]': ("[",),
    r"(?s)[A-Za-z][A-Za-z0-9+.-]{1,31}://.+": ("://",),
    (
        r"(?s)(?:export |set |setx |ENV |\$env:|--?[a-z-]+[= ]|heimdall\.secrets\.)?[\"']?(?:"
        + "|".join((*KEYS, *OPTIONAL, *LEGACY))
        + r")[\"']?[ \t]*[:=].*"
    ): (":", "="),
}
# Keys whose values are no passwords: names, addresses, certificates and private keys.
NO_PASSWORD = (
    *("URL", "URI", "DSN", "BINDDN", "CERT", "CERTIFICATE", "CRT", "PEM", "JSON", "CA", "CA_BUNDLE"),
    *("SSL_KEY", "TLS_KEY", "PRIVATE_KEY"),
)
# What no one sees: anything but text before or after the value; within it what has no width, and breaks of lines but
# the line feed. These are patterns of values as they are.
BLANKS = " \u200d\t\x0b\x0c\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NO_WIDTH = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f"
NO_WIDTH += "\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
INVISIBLE = f"(?s)[{BLANKS}\r\n].*|.*[{BLANKS}][\r\n]*|.*[{NO_WIDTH}\xa0\u2007\u202f].*|.*\r[^\r\n].*"
# What a value was written in, and kept.
WRAPPED: Patterns = {
    "(?s)\".*\"|'.*'|`.*`|[\u201c\u201d\u201e\u00ab].*[\u201c\u201d\u00bb]|[\u2018\u2019].*[\u2019\u2018]|b'.*'": (
        *('"', "'", "`"),
        *("\u201c", "\u201d", "\u201e", "\u00ab", "\u2018", "\u2019"),
    ),
    r"(?s).*\\[nr]": ("\\",),
}

# The application's own rule for passwords (github.com/mitre/heimdall2, libs/password-complexity).
ADMIN_LENGTH = 15
ADMIN_CLASSES = frozenset(("lower", "upper", "digit", "other"))
ADMIN_RUN = 4  # characters of one class in a row
DOCUMENTED_ADMIN = "Admin_"  # and 16 hexadecimal digits

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


def is_given(key: str) -> bool:
    """Whether another service issues the value of a key, so that nobody here can make one: a login's client secret."""
    if key in KEYS:
        return False
    name = key.upper().replace("-", "_").replace(".", "_")
    parts = frozenset(name.split("_"))
    is_issued = not ISSUERS.isdisjoint(parts) or name.endswith(("CLIENT_SECRET", "CLIENTSECRET"))
    return key in OPTIONAL or (is_issued and MADE_HERE.isdisjoint(parts))


def recipe(key: str, length: int = 0) -> Command:
    """The command that makes a value for a key."""
    return command(*words(key, length))


def words(key: str, length: int = 0) -> Recipe:
    """The same as an argument list; a key of another application gets a general one of that length."""
    return KEYS[key].recipe if key in KEYS else ("openssl", "rand", "-hex", str((length or 64) + 1 >> 1))


@lru_cache(maxsize=128)  # many rules ask it of each value, and a long one takes its time
def is_placeholder(text: str) -> bool:
    """Whether a value only takes the place of a secret, by its pattern; `words` measures it."""
    return is_masked(text) or _matches(PLACEHOLDERS, text) or _matches(OURS, text) or is_unexpanded(text)


def is_masked(text: str) -> bool:
    """Whether a value is what a screen shows in place of one."""
    text = text.strip()
    return len(text) >= FEWEST_MASKED and not text.strip(MASK)


def is_published(text: str) -> bool:
    """Whether a value is known to be printed in public, however random it looks."""
    data = text.strip().encode()
    return (len(data), binascii.crc32(data)) in PUBLISHED


@lru_cache(maxsize=128)
def is_unexpanded(text: str) -> bool:
    """Whether a value has, or is, what a shell, a pipeline or a template should have replaced."""
    return _matches(UNEXPANDED, re.sub(INLINE, "", text) if "${" in text else text)


def is_ciphertext(text: str) -> bool:
    """Whether a value is what an encryption made."""
    return _matches(CIPHERTEXT, text)


def is_for_webhook(text: str) -> bool:
    """Whether a value is a reference that a webhook in the cluster may replace."""
    return _matches(WEBHOOK, text) and not is_ciphertext(text) and not is_unexpanded(text)


def is_reference(text: str) -> bool:
    """Whether a value is a reference in another tool's language, or what a program prints in place of a value."""
    if is_for_webhook(text) or is_ciphertext(text):
        return False
    return _matches(REFERENCES, text) or _matches(NOTHINGS, text)


def is_document(text: str) -> bool:
    """Whether a value is a document, an address or an assignment."""
    return _matches(DOCUMENTS, text)


def is_invisible(text: str) -> bool:
    """Whether a value has something around it, or in it, that nobody sees."""
    if text.isascii() and text.isprintable() and text == text.strip():
        return False  # most are, and need no pattern
    return bool(re.fullmatch(INVISIBLE, text, re.ASCII))


def is_wrapped(text: str) -> bool:
    """Whether a value still has what it was written in."""
    return _matches(WRAPPED, text)


def is_repeated(text: str) -> bool:
    """Whether a value is fewer than SHORTEST characters, three times or more; the last time may be cut off."""
    sizes = range(1, min(SHORTEST - 1, len(text) // 3) + 1)
    return any(text[size:] == text[:-size] for size in sizes)


def is_password(key: str) -> bool:
    """Whether the value of a key is a password: no name, address, certificate or private key."""
    return not key.upper().endswith(NO_PASSWORD)


def _matches(patterns: Patterns, text: str) -> bool:
    """Whether one of the patterns is of the whole text, without the white space around it."""
    text = text.strip()
    lower = text.lower()
    likely = (pattern for pattern, marks in patterns.items() if any(mark in lower for mark in marks))
    return any(re.fullmatch(pattern, text, re.ASCII) for pattern in likely)


def passes_admin_rule(text: str) -> bool:
    """Whether the application would accept this as a new password."""
    runs = [(kind, len(list(run))) for kind, run in groupby(text, _class)]
    has_classes = {kind for kind, _ in runs} == ADMIN_CLASSES
    return len(text) >= ADMIN_LENGTH and has_classes and max(length for _, length in runs) < ADMIN_RUN


def _class(char: str) -> str:
    """The class of a character for the application's rule, which knows only letters and digits of ASCII."""
    if not char.isascii():
        return "other"
    return "lower" if char.islower() else "upper" if char.isupper() else "digit" if char.isdigit() else "other"


def is_documented_admin(text: str) -> bool:
    """Whether a password was made by the documented recipe, which the application's own rule always refuses."""
    start, digits = text[: len(DOCUMENTED_ADMIN)], text[len(DOCUMENTED_ADMIN) :]
    return start == DOCUMENTED_ADMIN and len(digits) == 16 and frozenset("0123456789abcdef").issuperset(digits)


def is_variable_name(text: str) -> bool:
    """Whether a text can name an environment variable in a shell: letters, digits and `_`, no digit first."""
    return text.isascii() and text.isidentifier()


def is_dangerous(name: str) -> bool:
    """Whether a variable commands the process that gets it; proxies are named in lower case too."""
    return name.startswith("LD_") or name in DANGEROUS or (name.endswith("_proxy") and name.upper() in DANGEROUS)


def is_data_key(text: str) -> bool:
    """Whether a text can be a key of a Secret's data (k8s.io/apimachinery, IsConfigMapKey)."""
    is_path = text == "." or text.startswith("..")
    return 0 < len(text) <= DATA_KEY_LENGTH and DATA_KEY.issuperset(text) and not is_path


def reference(text: str) -> str:
    """The name in a text that is exactly `${NAME}`; empty in any other."""
    name = text[2:-1] if text.startswith("${") and text.endswith("}") else ""
    return name if is_variable_name(name) else ""


def shown(name: str) -> str:
    """A key's name, if a report may show it: known keys and near misses; a secret may be where a name should be."""
    return name if name in KEYS or name in OPTIONAL or nearest(name) else "an unknown key"


def nearest(name: str, required: tuple[str, ...] = ()) -> str | None:
    """The known key that an unknown name was meant to be; None if it is known, or near to none.

    That is the key for a legacy name, else the nearest one that is at most NEAR edits away, in any case; of several
    that are equally near the first. It is a name that every version of the application reads.
    """
    known = _known(required)
    if name in known.keys:
        return None
    found = LEGACY.get(name) or closest(name, known.names)
    return READ_AS.get(found, found) if found and found not in required else found


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
def closest(text: str, names: tuple[str, ...]) -> str | None:
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
