"""What nobody means as a secret is found by one rule, and what people and programs make is not."""

from collections.abc import Mapping

import pytest

from post_renderer import rules
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, words
from tests.unit.secret_values import BAD, GOOD, HEX, WARNED, good

ASKED = Requirement("a test", Place(), "s", "ns", {"JWT_SECRET": "JWT_SECRET"}, {})
FEW, MANY = 2_000, 100_000
PARTS = 10  # tests that share the many, since each has a limit of time

Table = Mapping[str, tuple[str, ...]]


def judged(value: str, key: str = "JWT_SECRET") -> list[Finding]:
    """The findings about a value of a key, but for its length."""
    values = Values({"JWT_SECRET": HEX.encode(), key: value.encode()}, {}, Place())
    return [finding for finding in rules.run(ASKED, values) if finding.rule != "short-value"]


def found(value: str, key: str = "JWT_SECRET") -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in judged(value, key)]


def each(table: Table) -> list[tuple[str, str]]:
    return [(rule, value) for rule, values in table.items() for value in values]


@pytest.mark.parametrize(("rule", "value"), each(BAD))
def test_an_error(rule: str, value: str) -> None:
    """By one rule alone, which says what it is without showing it."""
    assert found(value) == [(ERROR, rule)]
    (finding,) = judged(value)
    assert finding.expected and finding.fix
    assert value.startswith("openssl") or value not in f"{finding.message} {finding.expected} {finding.fix}"


@pytest.mark.parametrize(("rule", "value"), each(WARNED))
def test_a_warning(rule: str, value: str) -> None:
    assert found(value) == [(WARNING, rule)]


@pytest.mark.parametrize(("rule", "value"), each(GOOD))
def test_near_misses(rule: str, value: str) -> None:
    """Of the rule that they are listed under, and of every other."""
    assert rule in BAD or rule in WARNED
    assert found(value) == []


OPTIONAL = [
    ("a password", "LDAP_PASSWORD", "my-ldap-password", [(ERROR, "placeholder")]),
    ("a password that is a reference", "OIDC_CLIENT_SECRET", "op://x/y/z", [(ERROR, "unresolved-reference")]),
    ("a password with a space", "GITLAB_SECRET", f"{HEX} ", [(ERROR, "invisible-character")]),
    ("a password as JSON", "GOOGLE_CLIENTSECRET", f'{{"web": "{HEX}"}}', [(ERROR, "not-a-password")]),
    ("a password of words", "LDAP_PASSWORD", "otter-volcano", []),
    ("one letter", "LDAP_PASSWORD", "x", []),
    ("a line break", "LDAP_PASSWORD", f"{HEX}\n", [(ERROR, "trailing-newline")]),
    ("an address", "DATABASE_URL", "postgresql://postgres:postgres@postgres/heimdall", []),
    ("an address as a reference", "DATABASE_URL", "ref+vault://x#/y", [(ERROR, "unresolved-reference")]),
    ("an encrypted address", "DATABASE_URL", "ENC[AES256_GCM,data:x,type:str]", [(ERROR, "ciphertext")]),
    ("a certificate", "DATABASE_SSL_CERT", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", []),
    ("a private key with CRLF", "DATABASE_SSL_KEY", "-----BEGIN PRIVATE KEY-----\r\nx\r\n", []),
    ("the path of a certificate", "LDAP_SSL_CA", "/etc/ssl/certs/ca.pem", []),
    ("an encrypted key", "DATABASE_SSL_KEY", "-----BEGIN PGP MESSAGE-----\nx", [(ERROR, "ciphertext")]),
    ("a name", "LDAP_BINDDN", "cn=admin,dc=example,dc=com", []),
    ("a placeholder for a name", "LDAP_BINDDN", "<your bind DN>", [(ERROR, "placeholder")]),
    ("no known key", "SOMETHING", "my-password", []),
]


@pytest.mark.parametrize(("key", "value", "expected"), [row[1:] for row in OPTIONAL], ids=[row[0] for row in OPTIONAL])
def test_other_keys(key: str, value: str, expected: list[tuple[str, str]]) -> None:
    assert found(value, key) == expected


@pytest.mark.parametrize("part", range(PARTS))
def test_good_values_are_no_errors(part: int, pytestconfig: pytest.Config) -> None:
    """Of every recipe and manager, so many that a rule that is a little too wide is seen."""
    count = (MANY if pytestconfig.getoption("--all") else FEW) // PARTS
    wrong = [(value, rule) for value in good(count, seed=part) for level, rule in found(value) if level == ERROR]
    assert wrong == []


MEASURED = [
    ("a word alone", "password", True),
    ("words in disguise", "P@$5w0rd", True),
    ("a word and what is less than half of it", "password123x9", True),
    ("a word and more than that", "passwordkP3vQ8", False),
    ("nothing telling", "for-the-new-user", False),
    ("a run", "qwertyuiop", True),
    ("a run backwards", "poiuytrewq", True),
    ("a short run and letters", "abckP3vQ8", False),
    ("few different ones are left", "password-abababababab", True),
    ("a passphrase with a telling word", "otter-secret-volcano-sprint", False),
    ("many words", "secret" * 100, True),
    ("longer than anybody writes", "secret" * 200, False),
    ("nothing", " ", False),
]


@pytest.mark.parametrize(("value", "expected"), [row[1:] for row in MEASURED], ids=[row[0] for row in MEASURED])
def test_the_measure(value: str, expected: bool) -> None:
    assert words.is_made_of_words(value) is expected


def test_a_published_value_is_known_by_its_length_and_sum() -> None:
    assert policy.is_published("Tes7-Onl9-Nev3-Rea1-Us")
    assert not policy.is_published("Tes7-Onl9-Nev3-Rea1-Ut")
