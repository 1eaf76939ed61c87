"""Reading secrets files: what is taken, what is refused, by line and never with a value."""

import pytest

from post_renderer.secrets import secrets_file

CANARY = "hunter2-canary"
TAKEN = [
    ("quoted", b"A_KEY: \"x y\"\nB_KEY: 'z'\n", {"A_KEY": b"x y", "B_KEY": b"z"}),
    ("plain", b"A_KEY: abc # c\n", {"A_KEY": b"abc"}),
    ("block scalar", b"A_KEY: |-\n  x\n  y\nB_KEY: |\n  z\n", {"A_KEY": b"x\ny", "B_KEY": b"z\n"}),
    ("flow", b'{"A_KEY": "x", B_KEY: z}', {"A_KEY": b"x", "B_KEY": b"z"}),
    ("null is empty", b"A_KEY:\nB_KEY: x\n", {"A_KEY": b"", "B_KEY": b"x"}),
    ("byte order mark", b"\xef\xbb\xbfA_KEY: x\n", {"A_KEY": b"x"}),
    ("carriage returns", b"A_KEY: x\r\nB_KEY: z\r\n", {"A_KEY": b"x", "B_KEY": b"z"}),
    ("wide characters", "A_KEY: é😀\n".encode(), {"A_KEY": "é😀".encode()}),
    ("markers", b"---\nA_KEY: x\n...\n", {"A_KEY": b"x"}),
    ("comments alone", b"# nothing\n", {}),
    ("empty", b"", {}),
    ("numbers in quotes", b"A_KEY: '12'\n", {"A_KEY": b"12"}),
]
REFUSED = [
    ("a number", b"x: zz\nA_KEY: 12345678\n", "not-a-string", 2),
    ("a number with an exponent", b"A_KEY: 12e34\n", "not-a-string", 1),
    ("a boolean", b"A_KEY: yes\n", "not-a-string", 1),
    ("null in words", b"A_KEY: ~\n", "not-a-string", 1),
    ("a key that is no string", b"1: x\n", "not-a-string", 1),
    ("a complex key", b"? [a]\n: x\n", "not-a-string", 1),
    ("a duplicate", b"JWT_SECRET: x\n# c\nJWT_SECRET: hunter2-canary\n", "duplicate-key", 3),
    ("an anchor", b"A_KEY: &x hunter2-canary\n", "not-plain", 1),
    ("an alias", b"A_KEY: &x hunter2-canary\nB_KEY: *x\n", "not-plain", 1),
    ("a tag", b"A_KEY: !!str hunter2-canary\n", "not-plain", 1),
    ("a tag on the root", b"!!map\nA_KEY: x\n", "not-plain", 1),
    ("a list", b"x: zz\nA_KEY: [hunter2-canary]\n", "nested", 2),
    ("a mapping", b"A_KEY:\n  hunter2-canary: x\n", "nested", 1),
    ("a list at the root", b"- hunter2-canary\n", "not-a-mapping", 1),
    ("a text at the root", b"hunter2-canary\n", "not-a-mapping", 1),
    ("two documents", b"A_KEY: x\n---\nB_KEY: hunter2-canary\n", "not-yaml", 3),
    ("NUL", b"A_KEY: x\nB_KEY: hunter2-canary\0\n", "nul-byte", 2),
    ("no UTF-8", b"A_KEY: x\nB_KEY: hunter2-canary\xff\n", "not-utf8", 2),
    ("tabs", b"A_KEY:\n\thunter2-canary: x\n", "not-yaml", 2),
    ("unclosed", b"A_KEY: 'hunter2-canary\n", "not-yaml", 2),
    ("control character", b"A_KEY: x\nB_KEY: hunter2-canary\x07\n", "not-yaml", 2),
    ("100,000 levels deep", b"A_KEY: " + b"[" * 100_000, "not-yaml", 1),
    ("sops", b"A_KEY: ENC[hunter2-canary]\nsops:\n  version: 3\n", "sops", 2),
    ("a shell file", b"export A_KEY=hunter2-canary\n", "no-secrets-file", 1),
    ("a dotenv file", b"# c\nJWT_SECRET=hunter2-canary\nB='x'\n", "no-secrets-file", 2),
    ("a manifest", b"apiVersion: v1\nkind: Secret\nstringData:\n  A_KEY: hunter2-canary\n", "no-secrets-file", 1),
    ("a values file", b"heimdall:\n  secrets:\n    A_KEY: hunter2-canary\n", "no-secrets-file", 1),
    ("a Secret manifest", b"kind: Secret\ndata:\n  A_KEY: hunter2-canary\n", "nested", 2),
]


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_taken(content: bytes, expected: dict[str, bytes]) -> None:
    file, findings = secrets_file.read("f.yaml", content)
    assert findings == []
    assert file.values == expected
    assert file.lines.keys() == expected.keys()


@pytest.mark.parametrize(("content", "rule", "line"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(content: bytes, rule: str, line: int) -> None:
    _, findings = secrets_file.read("f.yaml", content)
    assert [(finding.rule, str(finding.where)) for finding in findings][:1] == [(rule, f"f.yaml:{line}")]
    assert CANARY not in repr(findings)
    assert all(finding.expected and finding.fix for finding in findings)


ENCRYPTED = [
    ("dotenv", "s.env", b"JWT_SECRET=ENC[AES256_GCM,data:x]\nsops_version=3\n", "sops exec-env s.env 'helm install "),
    ("dotenv of another name", "s.txt", b"JWT_SECRET=ENC[AES256_GCM,data:x]\nsops_version=3\n", "that ends in .env"),
    ("values", "v.yaml", b"heimdall:\n  x: ENC[x]\nsops:\n  version: 3\n", "sops exec-file v.yaml 'helm install "),
    (
        "a manifest",
        "m.yaml",
        b"apiVersion: v1\nkind: Secret\nsops:\n  version: 3\n",
        "sops decrypt m.yaml | kubectl apply",
    ),
]


@pytest.mark.parametrize(("path", "content", "fix"), [row[1:] for row in ENCRYPTED], ids=[row[0] for row in ENCRYPTED])
def test_a_file_of_another_kind_that_sops_encrypted_is_decrypted_first(path: str, content: bytes, fix: str) -> None:
    """Else the ciphertext would be installed."""
    _, (finding,) = secrets_file.read(path, content)
    assert finding.rule == "no-secrets-file"
    assert "encrypted" in finding.message
    assert fix in str(finding.fix)


def test_a_key_may_be_called_like_a_part_of_a_manifest() -> None:
    file, findings = secrets_file.read("f.yaml", b"kind: xx\nheimdall: zz\nJWT_SECRET: zz\n")
    assert (sorted(file.values), findings) == (["JWT_SECRET", "heimdall", "kind"], [])


def test_everything_wrong_is_said_at_once_and_the_rest_is_read() -> None:
    content = b"JWT_SECRET: 12\nADMIN_PASSWORD: [x]\nAPI_KEY_SECRET: good\nAPI_KEY_SECRET: again\n"
    file, findings = secrets_file.read("f.yaml", content)
    assert [str(finding.where) for finding in findings] == ["f.yaml:1", "f.yaml:2", "f.yaml:4"]
    assert file.values == {"API_KEY_SECRET": b"good"}


def test_the_name_of_an_unknown_key_is_not_shown() -> None:
    _, findings = secrets_file.read("f.yaml", b"hunter2-canary: [x]\n")
    assert findings[0].message == "an unknown key is no string but nested"
