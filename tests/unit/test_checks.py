"""Each finding of the checks, where it belongs and where it doesn't; no value in any."""

import base64

import pytest

from post_renderer.model.finding import Finding
from post_renderer.model.fix import command
from post_renderer.rules import policy
from tests.unit.streams import FILE, SOUND, contract, file, run, secret, unfilled

JWT = SOUND["JWT_SECRET"]
ROWS = [
    ("sound", {}, []),
    ("missing", {"JWT_SECRET": None}, ["error missing-key"]),
    ("empty", {"JWT_SECRET": ""}, ["error missing-key"]),
    ("white space", {"JWT_SECRET": r" \t\n "}, ["error missing-key"]),
    ("placeholder", {"JWT_SECRET": "CHANGE_ME"}, ["error placeholder"]),
    ("placeholder in small letters", {"JWT_SECRET": "changeme"}, ["error placeholder"]),
    ("placeholder with more", {"ADMIN_PASSWORD": "Change-Me-Now!"}, ["error placeholder"]),
    ("from CI", {"JWT_SECRET": "from-ci-environment"}, ["error placeholder"]),
    ("ignored", {"JWT_SECRET": "ignored"}, ["error placeholder"]),
    ("angle brackets", {"JWT_SECRET": "<your secret>"}, ["error placeholder"]),
    ("unexpanded", {"JWT_SECRET": "${JWT_SECRET}"}, ["error placeholder"]),
    ("unexpanded, with default", {"JWT_SECRET": "${JWT_SECRET:-x}"}, ["error placeholder"]),
    ("unexpanded command", {"JWT_SECRET": "$(openssl rand -hex 64)"}, ["error placeholder"]),
    ("unexpanded template", {"JWT_SECRET": "{{ .Values.jwt }}"}, ["error placeholder"]),
    ("unexpanded, no braces", {"JWT_SECRET": "$JWT_SECRET"}, ["error placeholder"]),
    ("unexpanded, PowerShell", {"JWT_SECRET": "$env:JWT_SECRET"}, ["error placeholder"]),
    ("unexpanded, cmd.exe", {"JWT_SECRET": "%Jwt_Secret%"}, ["error placeholder"]),
    ("unexpanded, and more", {"JWT_SECRET": "x-${JWT_SECRET}-y"}, ["error placeholder"]),
    ("a dollar sign in a password", {"ADMIN_PASSWORD": "$kP3-vQ8~wZ1.xR6_yT4.aB"}, []),
    ("a word after a dollar sign", {"ADMIN_PASSWORD": "$Ab1_Cd2_Ef3_Gh4_Ij5_Kl6"}, []),
    ("percent signs in a password", {"ADMIN_PASSWORD": "%kP3%vQ8%wZ1%xR6%yT4%kP3"}, []),
    ("your … here", {"JWT_SECRET": "your-jwt-secret-here"}, ["error placeholder"]),
    ("insecure default", {"JWT_SECRET": "INSECURE_DEFAULT_JWT"}, ["error placeholder"]),
    ("printed in public", {"ADMIN_PASSWORD": "SecurePassword123!"}, ["error placeholder"]),
    ("optional placeholder", {"LDAP_PASSWORD": "CHANGE_ME"}, ["error placeholder"]),
    ("optional empty", {"LDAP_PASSWORD": ""}, []),
    ("optional certificate ends in a line break", {"DATABASE_SSL_CA": r"-----BEGIN X-----\n"}, []),
    ("trailing line feed", {"JWT_SECRET": JWT + r"\n"}, ["error trailing-newline"]),
    ("trailing carriage return", {"JWT_SECRET": JWT + r"\r"}, ["error trailing-newline"]),
    ("line break inside", {"JWT_SECRET": JWT + r"\nx"}, []),
    ("NUL", {"JWT_SECRET": JWT + r"\0"}, ["error nul-byte"]),
    ("NUL in an optional key", {"LDAP_PASSWORD": r"x\0"}, ["error nul-byte"]),
    ("twice base64", {"JWT_SECRET": base64.b64encode(JWT.encode()).decode()}, ["warning double-base64"]),
    (
        "twice base64, with line break",
        {"JWT_SECRET": base64.b64encode(f"{JWT}\n".encode()).decode()},
        ["warning double-base64"],
    ),
    ("hexadecimal is base64 of noise", {"JWT_SECRET": "f1e2d3c4b5a60798" * 8}, []),
    ("short", {"JWT_SECRET": JWT[:127]}, ["warning short-value"]),
    ("just long enough", {"JWT_SECRET": JWT[:128]}, []),
    ("far too short", {"API_KEY_SECRET": "a1b2c3d"}, ["error short-value"]),
    ("length in characters", {"API_KEY_SECRET": "éa1b2c3d" * 9}, []),
    ("uniform", {"JWT_SECRET": "abcd" * 32}, ["error uniform-value"]),
    ("shared", {"API_KEY_SECRET": JWT}, ["warning shared-value"]),
    ("the documented recipe", {"ADMIN_PASSWORD": "Admin_4f81c09b7d2e635a"}, ["note admin-rule"]),
    ("admin: no special", {"ADMIN_PASSWORD": "aB7cX2eR3gH4" * 2}, ["warning admin-rule"]),
    ("admin: a run", {"ADMIN_PASSWORD": "kP3-vQ8~wZ1.xR6_yT4.abcd"}, ["warning admin-rule"]),
    ("admin: too short for both", {"ADMIN_PASSWORD": "kP3-vQ8~wZ"}, ["warning short-value", "warning admin-rule"]),
    ("admin: 72 bytes", {"ADMIN_PASSWORD": "kP3-vQ8~" * 9}, []),
    ("admin: 73 bytes", {"ADMIN_PASSWORD": "kP3-vQ8~" * 9 + "x"}, ["warning bcrypt-limit"]),
    ("near miss", {"JWT_SECRT": "x"}, ["warning near-miss"]),
    ("another case", {"jwt_secret": "x"}, ["warning near-miss"]),
    ("legacy", {"jwtSecret": "x"}, ["warning near-miss"]),
    ("near an optional one", {"LDAP_PASWORD": "x"}, ["warning near-miss"]),
    ("three edits away", {"JWT_SEC": "x"}, []),
    ("unknown", {"SOMETHING_ELSE": "x"}, []),
    ("no variable's name", {"with-dash": "x"}, ["warning variable-name"]),
    ("digit first", {"1_KEY": "x"}, ["warning variable-name"]),
    ("no Secret's key", {"with space": "x"}, ["error key-name"]),
    ("too long a key", {"K" * 254: "x"}, ["error key-name"]),
    ("no Secret's key: injection", {r"A\n  B": "x"}, ["error key-name"]),
]


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_findings(changes: dict[str, str | None], expected: list[str]) -> None:
    findings = judge(changes)
    assert [f"{finding.severity} {finding.rule}" for finding in findings] == expected
    assert all(finding.expected and finding.fix for finding in findings)
    told = " ".join(" ".join(map(str, finding)) for finding in findings)
    for key in policy.KEYS:
        value = (SOUND | changes)[key]
        assert not value or len(value) < 8 or value[:8] not in told or value in ("ignored", "your-jwt-secret-here")


def test_binary_in_a_secret_of_the_stream() -> None:
    values = {key: base64.b64encode(value.encode()).decode() for key, value in SOUND.items()}
    values["JWT_SECRET"] = base64.b64encode(b"\xff\xfe" * 70).decode()
    outcome = run(contract("existing") + secret(values))
    assert [finding.rule for finding in outcome.report.findings] == ["not-utf8"]


def test_all_at_once_each_with_its_place() -> None:
    findings = judge({"JWT_SECRET": "", "API_KEY_SECRET": "CHANGE_ME", "ADMIN_PASSWORD": "short", "jwtSecret": "x"})
    assert [(finding.rule, str(finding.where).split(",")[0]) for finding in findings] == [
        ("missing-key", f"{FILE}:1"),
        ("placeholder", f"{FILE}:2"),
        ("short-value", f"{FILE}:4"),
        ("admin-rule", f"{FILE}:4"),
        ("near-miss", f"{FILE}:5"),
    ]
    assert findings[0].fix == command("heimdall-pr", "generate", FILE)
    assert findings[1].fix == command("heimdall-pr", "rotate", FILE, "API_KEY_SECRET")


def test_a_missing_key_that_is_there_under_a_name_like_it_is_to_be_renamed() -> None:
    """A fresh DATABASE_PASSWORD would not be the database's."""
    findings = judge({"DATABASE_PASSWORD": None, "DATABASE_PASWORD": SOUND["DATABASE_PASSWORD"]})
    fix = "rename DATABASE_PASWORD to DATABASE_PASSWORD"
    assert [(finding.rule, finding.fix) for finding in findings] == [("missing-key", fix), ("near-miss", fix)]


def judge(changes: dict[str, str | None]) -> tuple[Finding, ...]:
    """The findings for a secrets file with sound values but for the changes."""
    values = {key: value for key, value in (SOUND | changes).items() if value is not None}
    outcome = run(secret(unfilled()) + contract("files"), files={FILE: file(values)})
    return outcome.report.findings
