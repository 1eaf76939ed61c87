"""The policy as data: every pattern that the chart gets means the same to Python and to Go."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from post_renderer.kube import secret
from post_renderer.model.finding import Place
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import RULES, policy, shared
from tests.fuzz.test_gate import PARTS
from tests.support import CHART, LIBRARY
from tests.unit.secret_values import BAD, WARNED, good
from tests.unit.secret_values import GOOD as SOUND_VALUES
from tools import generate_policy

ASKED = Requirement("a test", Place(), "s", "ns", {"KEY": "KEY"}, {})
POLICY: dict[str, Any] = json.loads(json.dumps({**generate_policy.data(), **generate_policy.of_rules()}))
PLACEHOLDERS = [*POLICY["placeholders"], *POLICY["unexpanded"], *POLICY["unresolved"]]
# The rules that a pattern of their own says; of two others it says a part, for Go alone.
WHOLE = [each["pattern"] for each in POLICY["patterns"] if each["rule"] not in generate_policy.PATTERNS]
PARTS_OF_RULES = {
    each["rule"]: each["pattern"] for each in POLICY["patterns"] if each["rule"] in generate_policy.PATTERNS
}
INLINE = generate_policy.whole(POLICY["inline"])  # the chart takes it out of a value
PATTERNS = [*PLACEHOLDERS, INLINE, *WHOLE, *(str(each["pattern"]) for each in generate_policy.near_misses())]
VALUES = [value for table in (BAD, WARNED, SOUND_VALUES) for values in table.values() for value in values]
NOT_IN_BOTH = re.compile(r"\\[1-9AZzsSwWdDbB]|\(\?(?:[=!>P#(]|<[=!])|[*+?}]\+")
PROGRAM = """package main

import ("encoding/json"; "os"; "regexp")

func main() {
	var given struct{ Patterns, Texts []string }
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil { panic(err) }
	found := [][]bool{}
	for _, pattern := range given.Patterns {
		compiled := regexp.MustCompile(pattern)
		row := []bool{}
		for _, text := range given.Texts { row = append(row, compiled.MatchString(text)) }
		found = append(found, row)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
"""
TEXTS = [
    *PARTS,
    *(f"{start}{end}" for start in PARTS for end in PARTS),
    *("CHANGE_ME_PLEASE", "<your secret>", "<\n>", "your-here", "your-\n-here", "a ${B} c", "$(a\nb)", "{{\n}}"),
    *("${" + "a" * 255 + "}", "${" + "a" * 256 + "}", "${" + "a" * 257 + "}", "$A", "$a", "%a%", "$env:A", "x\r"),
    *VALUES,
    *("DATABASE_PASWRD", "API_KEY_SECERT", "jwt-secret", "GITLB_CLIENTSECRET", "JWT_SECRET\n", "\u00e9"),
]


def by_python(pattern: str) -> re.Pattern[str]:
    """A pattern of the chart as Python takes it, which wants flags at the very start."""
    flags, start = re.match(r"\(\?[a-z]+\)", pattern.removeprefix("^(?:")), "^(?:"
    if pattern.startswith(start) and flags:
        pattern = flags[0] + start + pattern.removeprefix(start + flags[0])
    return re.compile(pattern, re.ASCII)


@pytest.mark.parametrize("pattern", PATTERNS, ids=[pattern[:60] for pattern in PATTERNS])
def test_in_the_subset(pattern: str) -> None:
    assert not NOT_IN_BOTH.search(pattern)
    assert pattern.startswith(("^", "(?is)^"))
    assert pattern.endswith("$")
    by_python(pattern)


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that matches patterns in Go: Helm is written in it."""
    go, folder = shutil.which("go"), tmp_path_factory.mktemp("go")
    if go is None:
        pytest.skip("no go")
    (folder / "main.go").write_text(PROGRAM)
    env = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
    command = [go, "build", "-o", str(folder / "match"), str(folder / "main.go")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "match"


def by_go(program: Path, patterns: list[str], texts: list[str]) -> list[list[bool]]:
    """Whether each pattern matches each text."""
    given = json.dumps({"Patterns": patterns, "Texts": texts})
    done = subprocess.run([program], input=given, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found: list[list[bool]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_go_finds_the_same(go: Path) -> None:
    """Each pattern compiles there, and matches what it matches here."""
    for pattern, row in zip(PATTERNS, by_go(go, PATTERNS, TEXTS), strict=True):
        compiled = by_python(pattern)
        different = [text for text, found in zip(TEXTS, row, strict=True) if found != bool(compiled.fullmatch(text))]
        assert not different, pattern


def test_a_part_of_a_rule_finds_nothing_else(go: Path) -> None:
    """What the chart refuses of a required key, the tool refuses; and the pattern finds most of the tables."""
    texts = [text for text in TEXTS if text.strip() and "\0" not in text] + list(good(3000))
    rows = by_go(go, list(PARTS_OF_RULES.values()), texts)
    for rule, row in zip(PARTS_OF_RULES, rows, strict=True):
        found = [text for text, is_found in zip(texts, row, strict=True) if is_found]
        assert [text for text in found if shared.is_sound(ASKED, "JWT_SECRET", text)] == []
        assert len(set(found) & set(BAD[rule])) > len(BAD[rule]) / 3, rule


def test_placeholders_of_the_chart_are_those_of_the_tool() -> None:
    compiled = [(by_python(pattern), pattern in POLICY["unexpanded"]) for pattern in PLACEHOLDERS]
    for text in TEXTS:
        found = policy.is_placeholder(text) or policy.is_ciphertext(text) or policy.is_reference(text)
        ours = any(re.fullmatch(pattern, text.strip(), re.ASCII) for pattern in policy.OURS)
        without = re.sub(POLICY["inline"], "", text.strip())
        matched = [each for each, is_rest in compiled if each.fullmatch(without if is_rest else text.strip())]
        assert ours or bool(matched) == found, text


def test_the_chart_takes_what_it_is_tested_with() -> None:
    """chart-testing installs charts/heimdall/ci: what is in there is no secret, and the tool and the gate say so."""
    values = yaml.safe_load((CHART / "ci" / "inline-values.yaml").read_text())["heimdall"]["secrets"]
    compiled = [by_python(pattern) for pattern in PLACEHOLDERS]
    for key, value in values.items():
        assert not any(pattern.fullmatch(value) for pattern in compiled), key
        assert not shared.is_sound(ASKED, key, value)


def test_a_pattern_says_what_its_check_says() -> None:
    """A rule that has both."""
    having = [rule for rule in RULES if hasattr(rule, "PATTERN")]
    assert having
    for rule in having:
        pattern = re.compile(getattr(rule, "PATTERN"), re.ASCII)  # noqa: B009  # not every rule has one
        for text in TEXTS:
            if text.strip() and "\0" not in text and shared.is_sound(ASKED, "KEY", text):
                found = list(rule.check(ASKED, Values({"KEY": text.encode()}, {}, Place())))
                assert bool(found) == bool(pattern.fullmatch(text)), (rule.ID, text)


def test_helm_never_takes_it_for_a_manifest() -> None:
    """A file below templates/ that does not begin with `_` or end in .tpl is rendered; in it are no actions."""
    (path,) = CHART.glob("templates/*policy.generated*")
    assert path.name == "_policy.generated.tpl"
    assert path.read_text().count("{{") == 6, "a comment, a begin and an end for each of the two templates"
    for path in LIBRARY.glob("*.generated.*"):
        assert path.name.startswith("_") and path.suffix == ".tpl"
    assert (LIBRARY / "_rules.generated.tpl").read_text().count("{{") == 3


def test_what_the_chart_reads_of_it() -> None:
    assert {each["name"]: each["length"] for each in POLICY["keys"]} == {
        name: key.length for name, key in policy.KEYS.items()
    }
    assert POLICY["keys"][3]["recipe"] == 'echo "Admin_$(openssl rand -hex 8)"'
    assert POLICY["limits"]["shortest"] == policy.SHORTEST
    assert ("Cluster", "postgresql.cnpg.io") in [(each["kind"], each["group"]) for each in POLICY["producers"]]


FAMILIES = (
    *(policy.PLACEHOLDERS, policy.OURS, policy.UNEXPANDED, policy.CIPHERTEXT, policy.WEBHOOK, policy.REFERENCES),
    *(policy.NOTHINGS, policy.DOCUMENTS, policy.WRAPPED),
)
MARKED = [(pattern, marks) for family in FAMILIES for pattern, marks in family.items()]


@pytest.mark.parametrize(("pattern", "marks"), MARKED, ids=[row[0][:50] for row in MARKED])
def test_whatever_a_pattern_matches_has_one_of_its_marks(pattern: str, marks: tuple[str, ...]) -> None:
    """Else it would not be looked at."""

    @settings(max_examples=settings().max_examples // 20)  # a long one takes its time to be made
    @given(some.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    def marked(text: str) -> None:
        assert any(mark in text.lower() for mark in marks), text

    assert all(mark == mark.lower() for mark in marks)
    marked()


@given(some.text(some.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_not_invisible(text: str) -> None:
    """It is not even looked at."""
    found = re.fullmatch(policy.INVISIBLE, text, re.ASCII)
    assert policy.is_invisible(text) == bool(found)


GIVEN = ["LDAP_PASSWORD", "LDAP_BIND_PASSWORD", "GITHUB_CLIENTSECRET", "GITHUB_TOKEN", "github-client-secret",
         "OIDC_CLIENT_SECRET", "APP_CLIENT_SECRET", "aws.secret", "SAML_KEY",
         "SPLUNK_TOKEN", "TENABLE_SECRET_KEY", "LICENSE_KEY"]  # fmt: skip  # a list to read
MADE = ["JWT_SECRET", "ADMIN_PASSWORD", "POSTGRES_PASSWORD", "SECRET_KEY_BASE", "LDAPPASSWORD", "GITHUBBER_TOKEN",
        "OAUTH2_COOKIE_SECRET", "GITHUB_WEBHOOK_SECRET", "LDAP_ADMIN_PASSWORD", "SECRETS", "SPLUNK_ADMIN_PASSWORD",
        "LICENSEE_KEY"]  # fmt: skip  # the same


@pytest.mark.parametrize(("keys", "issued"), [(GIVEN, True), (MADE, False)], ids=["of another service", "made here"])
def test_who_issues_a_value(keys: list[str], issued: bool) -> None:
    """No fix offers to make what another service gave."""
    assert [key for key in keys if policy.is_given(key) != issued] == []


KEYS_OF_SECRETS = ("tls.key", "__proto__", "-a", "a..b", ".a", "k" * 253)
NO_KEYS = ("", ".", "..", "..data", "a b", "é", "k" * 254)


@pytest.mark.parametrize("text", [*KEYS_OF_SECRETS, *NO_KEYS])
def test_the_names_of_keys_are_the_same_for_rules_and_documents(text: str) -> None:
    """Both say what Kubernetes takes (IsConfigMapKey): the gate carries the rules alone."""
    assert policy.is_data_key(text) == secret.is_key(text) == (text in KEYS_OF_SECRETS)
