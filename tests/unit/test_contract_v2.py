"""Contracts of version 2: any keys of any Secrets, each with what its value must be."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_files
from tests import in_process
from tests.unit.streams import SOUND, contract, encoded, heimdall, output, rules_of, run, secret

LABELS = ("secrets-contract.heimdall-pr/version", "heimdall.mitre.org/secrets-contract")
GOOD = "kP3-vQ8~wZ1.xR6_yT4.aB"
OTHER = "mN7_qW2.eR5~tY8-uI1.oP"
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE KEY-----\n"
HASH = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
UUID = "3b241101-e2bb-4255-8caf-4136c566a962"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
BYTES = base64.b64encode(bytes(range(32))).decode()


def version_2(label: str = LABELS[0], version: str = "v2", name: str = "app-contract", **data: str) -> str:
    """A contract for the Secret `app` in the namespace `ns`."""
    fields = {"secret": "app", **data}
    lines = "".join(f"  {key}: {quoted(value)}\n" for key, value in fields.items())
    return (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: ns\n"
        f'  labels:\n    {label}: "{version}"\ndata:\n{lines}'
    )


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return f'"{escaped}"'


def app(values: Mapping[str, str | bytes], name: str = "app") -> str:
    """A Secret with these values."""
    raw = {key: value if isinstance(value, bytes) else value.encode() for key, value in values.items()}
    return secret({key: base64.b64encode(value).decode() for key, value in raw.items()}, name)


# name, what the contract says, the Secret's values, the rules that report something
JUDGED = [
    ("keys of any name", {"required": "pg-pass,tls.key,_x"}, {"pg-pass": GOOD, "tls.key": OTHER}, ["missing-key"]),
    ("all there", {"required": "postgres-password"}, {"postgres-password": GOOD}, []),
    ("what a database remembers", {"required": "pg-pass", "fixed": "pg-pass"}, {"pg-pass": GOOD}, []),
    ("no key that it remembers", {"required": "p", "fixed": "p q"}, {"p": GOOD}, ["contract-damaged"]),
    ("blank", {"required": "postgres-password"}, {"postgres-password": " "}, ["missing-key"]),
    ("names of JavaScript and YAML", {"required": "__proto__,data"}, {"__proto__": GOOD, "data": OTHER}, []),
    ("a placeholder", {"required": "p"}, {"p": "changeme"}, ["placeholder"]),
    ("a user name may be any", {"required": "u", "kinds": "u=username"}, {"u": "admin"}, []),
    ("but must be there", {"required": "u", "kinds": "u=username"}, {"u": ""}, ["missing-key"]),
    ("a password `admin`", {"required": "u"}, {"u": "admin"}, ["placeholder"]),
    ("PEM ends in a line break", {"required": "tls.key", "kinds": "tls.key=pem"}, {"tls.key": PEM}, []),
    ("no PEM", {"required": "tls.key", "kinds": "tls.key=pem"}, {"tls.key": GOOD}, ["wrong-format"]),
    ("PEM in a password", {"required": "p"}, {"p": PEM.strip()}, ["not-a-password"]),
    ("configuration has templates", {"required": "c", "kinds": "c=config"}, {"c": "a: {{ .x }}\n"}, []),
    ("configuration with NUL", {"required": "c", "kinds": "c=config"}, {"c": b"a\0"}, ["nul-byte"]),
    ("a binary has NUL and is no UTF-8", {"required": "b", "kinds": "b=binary"}, {"b": b"\xff\0\n"}, []),
    ("an empty binary", {"required": "b", "kinds": "b=binary"}, {"b": b""}, ["missing-key"]),
    ("a hash", {"required": "h", "kinds": "h=hash", "formats": "h=bcrypt"}, {"h": HASH}, []),
    ("a hash with a line break", {"required": "h", "kinds": "h=hash"}, {"h": f"{HASH}\n"}, ["trailing-newline"]),
    ("no hash", {"required": "h", "kinds": "h=hash", "formats": "h=bcrypt"}, {"h": GOOD}, ["wrong-format"]),
    ("a token is short", {"required": "t", "kinds": "t=token"}, {"t": "a1-b2"}, ["short-value"]),
    ("somebody else's is not measured", {"required": "t", "issuers": "t=third-party"}, {"t": "a1-b2"}, []),
    ("recommended", {"required": "p", "lengths": "p=30"}, {"p": GOOD}, ["short-value"]),
    ("minimum", {"required": "p", "lengths": "p=min:23"}, {"p": GOOD}, ["wrong-length"]),
    ("just the minimum", {"required": "p", "lengths": "p=min:22"}, {"p": GOOD}, []),
    ("exact", {"required": "p", "lengths": "p=exact:21"}, {"p": GOOD}, ["wrong-length"]),
    ("one of a set", {"required": "p", "lengths": "p=in:16|22|32"}, {"p": GOOD}, []),
    ("a PIN", {"required": "p", "lengths": "p=exact:6"}, {"p": "83a61b"}, []),
    ("none of a set", {"required": "p", "lengths": "p=in:16|24"}, {"p": GOOD}, ["wrong-length"]),
    ("hex", {"required": "p", "formats": "p=hex"}, {"p": SOUND["API_KEY_SECRET"]}, []),
    ("no hex", {"required": "p", "formats": "p=hex"}, {"p": GOOD}, ["wrong-format"]),
    ("base64 of 32 bytes", {"required": "p", "formats": "p=base64:32"}, {"p": BYTES}, []),
    ("base64 of 31", {"required": "p", "formats": "p=base64:31"}, {"p": BYTES}, ["wrong-format"]),
    ("base64url", {"required": "p", "formats": "p=base64url:32"}, {"p": BYTES.rstrip("=")}, []),
    ("uuid", {"required": "p", "formats": "p=uuid"}, {"p": UUID}, []),
    ("no uuid", {"required": "p", "formats": "p=uuid"}, {"p": UUID[:-1]}, ["wrong-format"]),
    ("jwt", {"required": "p", "kinds": "p=token", "formats": "p=jwt"}, {"p": JWT}, []),
    ("url", {"required": "p", "formats": "p=url"}, {"p": "postgres://u:kP3-vQ8@db:5432/x"}, []),
    ("htpasswd", {"required": "p", "kinds": "p=hash", "formats": "p=htpasswd"}, {"p": f"a:{HASH}\nb:{HASH}\n"}, []),
    ("forbidden", {"required": "p", "forbidden": f"p=a,b\np={GOOD}"}, {"p": GOOD}, ["forbidden-value"]),
    ("not forbidden", {"required": "p", "forbidden": "p=a,b"}, {"p": GOOD}, []),
    ("optional and absent", {"required": "p", "optional": "q"}, {"p": GOOD}, []),
    ("optional and bad", {"required": "p", "optional": "q"}, {"p": GOOD, "q": "changeme"}, ["placeholder"]),
    ("filled by somebody", {"required": "p", "filledBy": "p=the server"}, {"p": ""}, []),
    ("filled, and bad", {"required": "p", "filledBy": "p=the server"}, {"p": "changeme"}, ["placeholder"]),
    ("oneOf: none", {"oneOf": "token|app_id+app_key"}, {"x": GOOD}, ["group-incomplete"]),
    ("oneOf: half of one", {"oneOf": "token|app_id+app_key"}, {"app_id": GOOD}, ["group-incomplete"]),
    ("oneOf: the first", {"oneOf": "token|app_id+app_key"}, {"token": GOOD}, []),
    ("oneOf: the second", {"oneOf": "token|app_id+app_key"}, {"app_id": GOOD, "app_key": OTHER}, []),
    ("together: half", {"together": "a+b"}, {"a": GOOD}, ["group-incomplete"]),
    ("together: none", {"together": "a+b"}, {}, []),
    ("together: both", {"together": "a+b"}, {"a": GOOD, "b": OTHER}, []),
    ("equal", {"required": "a,b", "equal": "a=b"}, {"a": GOOD, "b": GOOD}, []),
    ("not equal", {"required": "a,b", "equal": "a=b"}, {"a": GOOD, "b": OTHER}, ["not-equal"]),
    ("shared without need", {"required": "a,b"}, {"a": GOOD, "b": GOOD}, ["shared-value"]),
    ("a near name", {"required": "postgres-password"}, {"postgres-pasword": GOOD}, ["missing-key", "near-miss"]),
    ("a near name of one that is there", {"required": "password1"}, {"password1": GOOD, "password2": OTHER}, []),
    ("another ADMIN_PASSWORD", {"required": "ADMIN_PASSWORD"}, {"ADMIN_PASSWORD": GOOD[:12]}, []),
]  # fmt: skip  # a row a case


# What other rules do not look at is this rule's; what is white space anywhere; lengths that the contract itself allows.
OF_KINDS: list[tuple[str, dict[str, str], dict[str, str | bytes], list[str]]] = [
    ("base64 without padding", {"required": "p", "formats": "p=base64"}, {"p": BYTES.rstrip("=")}, ["wrong-format"]),
    (
        "base64 with a line break",
        {"required": "p", "formats": "p=base64", "kinds": "p=config"},
        {"p": f"{BYTES}\n"},
        [],
    ),
    (
        "a username of a format is a placeholder",
        {"required": "u", "kinds": "u=username", "formats": "u=uuid"},
        {"u": "CHANGE_ME"},
        ["wrong-format"],
    ),
    (
        "a config of a format is a reference",
        {"required": "c", "kinds": "c=config", "formats": "c=url"},
        {"c": "vault:a/b#c"},
        ["wrong-format"],
    ),
    (
        "a binary of a format is none",
        {"required": "b", "kinds": "b=binary", "formats": "b=hex"},
        {"b": b"\xff\0"},
        ["wrong-format"],
    ),
    ("a binary of a format", {"required": "b", "kinds": "b=binary", "formats": "b=hex"}, {"b": b"00ff"}, []),
    (
        "a password of a format is a placeholder",
        {"required": "p", "formats": "p=uuid"},
        {"p": "CHANGE_ME"},
        ["placeholder"],
    ),
    ("a path is no address", {"required": "p", "formats": "p=url"}, {"p": "/run/secrets/x"}, ["wrong-format"]),
    (
        "a username of white space that is none in ASCII",
        {"required": "u", "kinds": "u=username"},
        {"u": "\xa0\u2003"},
        ["missing-key"],
    ),
    (
        "a group of white space",
        {"oneOf": "a|b", "kinds": "a=config,b=config"},
        {"a": "\xa0", "b": "\n"},
        ["group-incomplete"],
    ),
    (
        "white space in an optional key",
        {"required": "p", "optional": "q", "lengths": "q=min:12"},
        {"p": GOOD, "q": "\xa0"},
        [],
    ),
    ("a key that no API server takes", {"required": "p"}, {"p": GOOD, "..data": "x"}, ["key-name"]),
    ("another one", {"required": "p"}, {"p": GOOD, ".": "x"}, ["key-name"]),
    ("a hidden file", {"required": "p"}, {"p": GOOD, ".x..": "x"}, []),
    ("a PIN of four digits", {"required": "p", "lengths": "p=in:4|6"}, {"p": "7392"}, []),
    ("a PIN of one digit", {"required": "p", "lengths": "p=exact:4"}, {"p": "3333"}, ["uniform-value"]),
    ("a long one of few digits", {"required": "p", "lengths": "p=min:4"}, {"p": "739273739722"}, ["uniform-value"]),
]
JUDGED += OF_KINDS


@pytest.mark.parametrize(("said", "values", "expected"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED])
def test_judged(said: dict[str, str], values: dict[str, str | bytes], expected: list[str]) -> None:
    stream = version_2(**said) + app(values or {"else": "1"})
    outcome = run(stream)
    assert [each.rule for each in outcome.report.findings] == expected
    assert all(each.fix and each.expected for each in outcome.report.findings)
    if not rules_of(outcome):
        assert output(outcome) == stream


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_either_label_with_either_version(label: str, version: str) -> None:
    said = contract("existing", label=version).replace(LABELS[1], label)
    assert rules_of(run(said + secret(encoded({**SOUND, "JWT_SECRET": ""})))) == ["missing-key"]


def test_two_labels_that_differ_are_no_version() -> None:
    said = contract("existing").replace("labels:\n", f"labels:\n    {LABELS[0]}: v2\n")
    assert rules_of(run(said + secret(encoded(SOUND)))) == ["contract-version"]


def test_later_versions_ask_for_an_upgrade() -> None:
    (finding,) = run(version_2(version="v3", required="a") + app({"a": GOOD})).report.findings
    assert (finding.rule, str(finding.fix)) == ("contract-version", "pip install --upgrade heimdall-pr")


def test_several_secrets_and_applications() -> None:
    stream = (
        version_2(required="password", equal="password=pg-app/postgres-password", application="web")
        + app({"password": GOOD})
        + version_2(name="db", secret="pg-app", required="postgres-password", application="web")
        + app({"postgres-password": GOOD}, "pg-app")
        + version_2(name="other", secret="third", required="password")
        + app({"password": OTHER}, "third")
    )
    outcome = run(stream, Settings(strict=True))
    assert ([*outcome.report.findings], len(outcome.report.judged)) == ([], 3)
    rotated = stream.replace(app({"postgres-password": GOOD}, "pg-app"), app({"postgres-password": OTHER}, "pg-app"))
    (finding,) = run(rotated).report.findings
    assert (finding.rule, finding.key) == ("not-equal", "password")
    alone = version_2(required="password", equal="password=pg-app/postgres-password") + app({"password": GOOD})
    assert rules_of(run(alone), "note") == ["not-checked"]
    for others, rules, notes in (
        ({"postgres-password": ""}, ["not-equal"], []),  # as of a subchart that got none
        ({"postgres-pasword": GOOD}, [], ["not-checked"]),
        ({"postgres-password": GOOD}, [], []),
    ):
        stream = alone + app(others, "pg-app")
        assert (rules_of(run(stream)), rules_of(run(stream), "note")) == (rules, notes)
    filled = version_2(name="db", secret="pg-app", required="postgres-password", filledBy="postgres-password=the job")
    assert rules_of(run(alone + filled + app({"postgres-password": ""}, "pg-app"))) == []


def test_what_the_stream_does_not_have_is_not_checked() -> None:
    for said in ({"required": "a"}, {"oneOf": "a|b"}, {"together": "a+b"}):
        assert [each.rule for each in run(version_2(**said)).report.findings] == ["not-checked"]


def test_the_stricter_of_two_contracts_wins_and_a_contradiction_names_both() -> None:
    two = version_2(required="p", lengths="p=min:12") + version_2(name="second", required="p", lengths="p=exact:32")
    assert rules_of(run(two + app({"p": GOOD}))) == ["wrong-length"]
    against = version_2(required="p", lengths="p=exact:16") + version_2(
        name="second", required="p", lengths="p=exact:32"
    )
    found = [each for each in run(against + app({"p": GOOD})).report.findings if each.rule == "contracts-contradict"]
    assert "16 and 32 characters" in found[0].message
    assert "app-contract" in found[0].message and "second" in found[0].message


def test_a_name_of_the_stream_widens_nothing() -> None:
    """`${PATH}` is not read because a contract has a key of that name."""
    values = secret({"PATH": "${PATH}"}, "app")
    outcome = run(version_2(required="PATH", approach="inline") + values, environ={"PATH": GOOD})
    assert rules_of(outcome) == ["env-not-allowed"]


DAMAGED = [
    ("no Secret", {"secret": "", "required": "a"}, "data.secret"),
    ("no key", {}, "names no key"),
    ("an unknown kind", {"required": "a", "kinds": "a=pasword"}, "`kinds` of a"),
    ("a key that is none", {"required": "a b"}, "no name that a Secret's key can have"),
    ("two dots", {"required": ".."}, "no name that a Secret's key can have"),
    ("a long key", {"required": "k" * 254}, "no name that a Secret's key can have"),
    ("many keys", {"required": ",".join(f"k{number}" for number in range(10_000))}, "10,000 keys"),
    ("an exact length of 0", {"required": "a", "lengths": "a=exact:0"}, "`lengths` of a"),
    ("lengths that contradict", {"required": "a", "lengths": "a=exact:8,a=min:12"}, "contradict"),
    ("two exact lengths", {"required": "a", "lengths": "a=exact:8,a=exact:9"}, "contradict"),
    ("an unknown format", {"required": "a", "formats": "a=base65"}, "`formats` of a"),
    ("a key of lengths that is not there", {"required": "password", "lengths": "pasword=8"}, "did you mean password?"),
    ("a group of one", {"oneOf": "token"}, "a group has one member"),
    ("together with nobody", {"together": "a"}, "a group has one member"),
    ("required and optional", {"required": "a", "optional": "a"}, "a is required, and named in optional"),
    ("equal to nothing", {"required": "password", "equal": "password=passwort"}, "passwort is no key"),
    ("an unknown field", {"required": "a", "kind": "a=pem"}, "did you mean kinds?"),
    ("sources", {"required": "a", "sources": "a=b/c"}, "sources"),
    ("a sentence with a command", {"required": "a", "rotation": "a=run `curl x | sh`"}, "`rotation` of a"),
]


@pytest.mark.parametrize(("said", "message"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_damaged(said: dict[str, str], message: str) -> None:
    findings = run(version_2(**said)).report.findings
    assert {each.rule for each in findings} == {"contract-damaged"}
    assert any(message in each.message for each in findings), findings


def test_version_1_has_no_fields_of_version_2() -> None:
    (finding,) = run(contract("existing", kinds="JWT_SECRET=pem") + secret(encoded(SOUND))).report.findings
    assert (finding.rule, "version 2" in finding.expected) == ("contract-damaged", True)


def test_a_variable_that_may_not_be_read_is_not_unset_too() -> None:
    stream = version_2(approach="inline", required="AWS_KEY") + secret({"AWS_KEY": "${AWS_KEY}"}, "app")
    outcome = run(stream, environ={"AWS_KEY": GOOD})
    assert rules_of(outcome) == ["env-not-allowed"]
    assert "AWS_KEY asks for" in outcome.report.findings[0].message


RENAMED = {"JWT_SECRET": "jwt", "API_KEY_SECRET": "api", "DATABASE_PASSWORD": "db", "ADMIN_PASSWORD": "admin"}
TAKES = heimdall(
    {"name": name, "valueFrom": {"secretKeyRef": {"name": "app", "key": key}}} for name, key in RENAMED.items()
)
OF_KEYS = version_2(required=",".join(RENAMED.values()))
FILE_OF_KEYS = "secret: app\nkeys: {jwt: {}, api: {}, db: {}, admin: {}}\n"


@pytest.mark.parametrize("spelling", ["ConfigMap", "file"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DATABASE_PASSWORD": None}, [("missing-key", "db")]),
        ({"JWT_SECRET": "changeme"}, [("placeholder", "jwt")]),
    ],
)
def test_a_container_beside_it_is_not_reported_again(
    spelling: str, changes: dict[str, str | None], expected: list[tuple[str, str]]
) -> None:
    """It takes the keys under other names: the contract's finding is the one."""
    values = {RENAMED[key]: value for key, value in {**SOUND, **changes}.items() if value is not None}
    by_file = Settings(contracts=tuple(contract_files.read("c.yaml", FILE_OF_KEYS.encode())))
    settings, stream = (Settings(), OF_KEYS) if spelling == "ConfigMap" else (by_file, "")
    outcome = run(stream + app(values) + TAKES, settings)
    assert [(each.rule, each.key) for each in outcome.report.findings] == expected
    assert len(outcome.report.judged) == 2


def test_a_container_beside_it_is_reported_for_what_the_contract_does_not_ask() -> None:
    """Nor does a contract weaken what the container needs."""
    values = {RENAMED[key]: value for key, value in {**SOUND, "JWT_SECRET": "changeme"}.items()}
    del values["db"]
    weak = version_2(required="jwt,api,admin", kinds="jwt=binary")
    (unlisted, *findings) = [(each.rule, each.key) for each in run(weak + app(values) + TAKES).report.findings]
    assert unlisted == ("unlisted-key", "")
    assert findings == [("missing-key", "db"), ("placeholder", "JWT_SECRET"), ("taken-for", "")]
    other = run(OF_KEYS + app({**values, "db": OTHER}) + TAKES.replace('"app"', '"app2"') + app(values, "app2"))
    rules = [(each.rule, each.key) for each in other.report.findings if each.rule == "missing-key"]
    assert rules == [("missing-key", "DATABASE_PASSWORD")]


OF_FILE = version_2(
    approach="files",
    files="env/s.yaml",
    required="password,tls.key,mail",
    kinds="tls.key=pem",
    issuers="mail=third-party",
)
INTO = "into env/s.yaml as"


def test_a_file_of_another_application_is_not_made_by_generate() -> None:
    """`heimdall-pr generate` makes Heimdall's keys alone."""
    stream = OF_FILE + app({"password": "x"})
    found = run(stream, files={"env/s.yaml": b"mail: kP3-vQ8~wZ1.xR6_yT4.aB\n"}).report.findings
    assert [(each.key, str(each.fix)) for each in found if each.rule == "missing-key"] == [
        ("password", f"openssl rand -hex 32, {INTO} password"),
        ("tls.key", f"write the value that the application expects {INTO} tls.key"),
    ]
    (lacking,) = run(
        stream, files={"env/s.yaml": f"password: {GOOD}\ntls.key: |\n  {indented(PEM)}".encode()}
    ).report.findings
    assert (lacking.key, f"write it {INTO} mail: " in str(lacking.fix)) == ("mail", True)
    (none,) = run(stream, files={"env/s.yaml": b""}).report.findings
    assert str(none.fix) == 'write password, tls.key, mail into env/s.yaml: KEY: "value", a line each'
    assert none.where.values == "ConfigMap ns/app-contract"


# what a line of the secrets file has for the key `password`, the rule, and what the report says of it
NO_TEXT = "password is not a string in YAML"
IN_QUOTES = ('quotes: password: "…"', 'put it in quotes: KEY: "value"')
UNTYPED = [
    ("a number", "12345678", "not-a-string", NO_TEXT, *IN_QUOTES),
    ("an octal number", "0o14", "not-a-string", NO_TEXT, *IN_QUOTES),
    ("true", "true", "not-a-string", NO_TEXT, *IN_QUOTES),
    ("yes", "yes", "not-a-string", NO_TEXT, *IN_QUOTES),
    ("null", "null", "not-a-string", NO_TEXT, *IN_QUOTES),
    ("a list", "[a, b]", "nested", "password is no string but nested"),
    ("a mapping", "{a: b}", "nested", "password is no string but nested"),
    ("a tag", "!!str x", "not-plain", "password: has a tag"),
    ("twice", f"{GOOD}\npassword: {OTHER}", "duplicate-key", "password is there twice, first in line 1"),
]


@pytest.mark.parametrize(("text", "expected"), [(row[1], row[2:]) for row in UNTYPED], ids=[row[0] for row in UNTYPED])
def test_a_report_names_the_contract_s_key_that_is_no_text_in_a_file(text: str, expected: tuple[str, ...]) -> None:
    content = f"password: {text}\nmail: {GOOD}\ntls.key: |\n  {indented(PEM)}".encode()
    (found,) = run(OF_FILE + app({"password": "x"}), files={"env/s.yaml": content}).report.findings
    shown = (found.rule, found.message, found.expected, str(found.fix))
    assert (found.severity, shown[: len(expected)]) == ("error", expected)


def test_a_report_names_the_optional_keys_of_a_contract_and_no_others() -> None:
    optional = version_2(approach="files", files="a.yaml\nb.yaml", required="password", optional="pin")
    sound = f"password: {GOOD}\n"
    files = {"a.yaml": f"{sound}pin: 1234\nhunter2x: 12\n", "b.yaml": sound}
    found = run(
        optional + app({"password": "x"}), files={path: text.encode() for path, text in files.items()}
    ).report.findings
    assert [each.message for each in found] == [
        "pin is not a string in YAML",
        "an unknown key is not a string in YAML",
        "password overrides the one in a.yaml:1, ConfigMap ns/app-contract",
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    env = {"PATH": os.defpath, "HOME": str(tmp_path)}
    done = in_process.text([], env=env, cwd=tmp_path, stdin=OF_FILE + app({"password": "x"}))
    assert (done.returncode, "generate" in done.stderr, "write password, tls.key, mail" in done.stderr) == (
        1,
        False,
        True,
    )
    group = version_2(approach="files", files="env/s.yaml", oneOf="token|app-id+app-key")
    done = in_process.text([], env=env, cwd=tmp_path, stdin=group + app({"token": "x"}))
    assert ("generate" in done.stderr, "write token into env/s.yaml" in done.stderr) == (False, True)
    ours = in_process.text([], env=env, cwd=tmp_path, stdin=contract("files") + secret(encoded(SOUND)))
    assert "heimdall-pr generate env/secrets.yaml" in ours.stderr


ABSENT = LiveFact(None, (Finding(ERROR, "live-absent", Place("Secret ns/app"), "…", "", "scaffold"),), True)


@pytest.mark.parametrize(
    ("stream", "name", "fix"),
    [
        (version_2(required="pg-pass", oneOf="token|a+b", optional="x"), "app",
         "kubectl create secret generic app --namespace ns --from-file=pg-pass=FILE --from-file=token=FILE, "),
        (contract("existing"), "h-secrets", "scaffold"),
    ],
)  # fmt: skip  # a row a line
def test_the_secret_of_another_application_is_made_with_its_own_keys(stream: str, name: str, fix: str) -> None:
    """`heimdall-pr scaffold` makes Heimdall's keys alone."""
    (found,) = run(stream, Settings(live=True, namespace="ns"), live={name: ABSENT}).report.findings
    assert str(found.fix).startswith(fix)


def indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def test_a_report_names_the_contract_s_keys_in_a_file_of_sops(tmp_path: Path) -> None:
    """Such a file is opened before anybody knows what is in it."""
    (tmp_path / "env").mkdir()
    (tmp_path / "env/s.yaml").write_text("password: [x]\nhunter2x: [x]\nsops: {version: 3}\n")
    (tmp_path / "env/s.yaml").chmod(0o600)
    env = {"XDG_STATE_HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = in_process.text([], env=env, cwd=tmp_path, stdin=OF_FILE + app({"password": "x"}))
    assert "password is no string but nested" in done.stderr, done.stderr
    assert "an unknown key is no string but nested" in done.stderr
    assert "hunter2x" not in done.stderr
