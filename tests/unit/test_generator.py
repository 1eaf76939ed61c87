"""Making secrets, and completing a file without touching the rest of it."""

import re

import pytest

from post_renderer.model.errors import UserError
from post_renderer.rules import policy
from post_renderer.secrets import generator, secrets_file
from post_renderer.secrets.formats import FORMATS
from post_renderer.secrets.formats.shared import Target
from tests.unit.streams import FILE, contract, details, run, secret, unfilled

TARGET = Target("f.yaml")
COMPLETED = [
    ("absent", "# mine\nJWT_SECRET: 'kept' # c\n", "# mine\nJWT_SECRET: 'kept' # c\n{A}{D}{P}"),
    ("empty values", 'JWT_SECRET: ""\nAPI_KEY_SECRET:\nDATABASE_PASSWORD: \'\' # c\nADMIN_PASSWORD: " "\n', None),
    ("no final line break", "JWT_SECRET: kept", "JWT_SECRET: kept\n{A}{D}{P}"),
    ("carriage returns", "JWT_SECRET: kept\r\n", "JWT_SECRET: kept\r\n{A}{D}{P}"),
    ("indented", "  JWT_SECRET: kept\n", "  JWT_SECRET: kept\n{A}{D}{P}"),
    ("comments at the end", "JWT_SECRET: kept\n# end\n", "JWT_SECRET: kept\n{A}{D}{P}# end\n"),
    ("document end", "---\nJWT_SECRET: kept\n...\n", "---\nJWT_SECRET: kept\n{A}{D}{P}...\n"),
    ("block scalar last", "JWT_SECRET: |-\n  kept\n", "JWT_SECRET: |-\n  kept\n{A}{D}{P}"),
    ("block scalar that keeps its end", "JWT_SECRET: |+\n  kept\n\n", "JWT_SECRET: |+\n  kept\n\n{A}{D}{P}"),
    ("flow", '{"JWT_SECRET": "kept"}\n', '{{A}, {D}, {P}, "JWT_SECRET": "kept"}\n'),
    ("flow with trailing comma", "{JWT_SECRET: kept,}\n", "{{A}, {D}, {P}, JWT_SECRET: kept,}\n"),
    ("empty flow", "{}\n", "{{J}, {A}, {D}, {P}}\n"),
    ("empty file", "", "{J}{A}{D}{P}"),
    ("comments alone", "# c", "# c\n{J}{A}{D}{P}"),
    ("byte order mark", "\ufeffJWT_SECRET: kept\n", "\ufeffJWT_SECRET: kept\n{A}{D}{P}"),
    ("other keys", "LDAP_PASSWORD: é\n", "LDAP_PASSWORD: é\n{J}{A}{D}{P}"),
]
PATTERNS = {
    "J": r'JWT_SECRET: "[0-9a-f]{128}"',
    "A": r'API_KEY_SECRET: "[0-9a-f]{66}"',
    "D": r'DATABASE_PASSWORD: "[0-9a-f]{66}"',
    "P": r'ADMIN_PASSWORD: "[-._~0-9A-Za-z]{22}"',
}


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in COMPLETED], ids=[row[0] for row in COMPLETED])
def test_completed(content: str, expected: str | None) -> None:
    completed, made = generator.complete(TARGET, content.encode())
    file, findings = secrets_file.read("f.yaml", completed)
    assert findings == []
    assert set(made) == policy.KEYS.keys() - {"JWT_SECRET" for _ in [0] if "kept" in content}
    assert all(file.values[key].strip() for key in policy.KEYS)
    if expected:
        assert re.fullmatch(pattern(expected, "\r\n" if "\r\n" in content else "\n"), completed.decode())
    again = generator.complete(TARGET, completed)
    assert again == (completed, ())


def test_a_new_file_passes_every_check() -> None:
    content = generator.complete(Target(FILE), None).content
    assert run(secret(unfilled()) + contract("files"), files={FILE: content}).report.findings == ()


def test_only_the_keys_that_are_named() -> None:
    keys = ("JWT_SECRET", "ADMIN_PASSWORD")
    new = generator.complete(Target("f"), None, keys=keys)
    assert (new.made, tuple(FORMATS["yaml"].values(new.content, Target("f")))) == (keys, keys)
    again = generator.complete(Target("f"), new.content, keys=("JWT_SECRET", "API_KEY_SECRET"))
    assert (again.made, again.content.startswith(new.content)) == (("API_KEY_SECRET",), True)


def test_the_documented_admin_password() -> None:
    content = generator.complete(Target(FILE), None, documented_admin=True).content
    assert re.search(rb'^ADMIN_PASSWORD: "Admin_[0-9a-f]{16}"$', content, re.MULTILINE)
    findings = run(secret(unfilled()) + contract("files"), files={FILE: content}).report.findings
    assert [(finding.severity, finding.rule) for finding in findings] == [("note", "admin-rule")]


def test_every_admin_password_passes_the_applications_rule_and_none_comes_twice() -> None:
    made = [generator.make("ADMIN_PASSWORD") for _ in range(200)]
    assert all(policy.passes_admin_rule(password) for password in made)
    assert len(set(made)) == 200


REFUSED = [
    ("nested", b"a: [b]\n"),
    ("a duplicate", b"JWT_SECRET: x\nJWT_SECRET: y\n"),
    ("no YAML", b"JWT_SECRET: 'x\n"),
    ("a list", b"- hunter2-canary\n"),
]


@pytest.mark.parametrize("content", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(content: bytes) -> None:
    with pytest.raises(UserError) as caught:
        generator.complete(TARGET, content)
    assert "f.yaml:" in details(caught.value)
    assert "hunter2" not in str(caught.value.details) + caught.value.message


@pytest.mark.parametrize("content", [b"DATABASE_PASWORD: kept\n", b"DATABASE_PASWORD: kept\nDATABASE_PASSWORD:\n"])
def test_a_key_that_is_nearly_a_missing_one_is_refused(content: bytes) -> None:
    with pytest.raises(UserError) as caught:
        generator.complete(TARGET, content)
    assert "DATABASE_PASWORD is nearly DATABASE_PASSWORD" in caught.value.message
    both = content.partition(b"\n")[0] + b"\nDATABASE_PASSWORD: x\n"
    assert "DATABASE_PASSWORD" not in generator.complete(TARGET, both).made


def pattern(expected: str, line_break: str) -> str:
    """The expected content as a pattern; in block style each made key is a line, indented as the file is."""
    indent = re.match(r" *", expected)
    text = re.escape(expected)
    for name, value in PATTERNS.items():
        line = value if ", " in expected else (indent[0] if indent else "") + value + line_break
        text = text.replace(re.escape("{" + name + "}"), line)
    return text
