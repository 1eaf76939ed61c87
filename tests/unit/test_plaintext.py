"""Secrets in clear in files that are to be committed: found in each spelling, and nothing else taken for one."""

import os
from pathlib import Path

import pytest

from post_renderer.secrets import plaintext
from tests.unit.test_edge import run

CANARY = "hunter2-canary"
FOUND = [
    ("YAML", "a: b\nJWT_SECRET: hunter2-canary\n", [2]),
    ("in quotes", "JWT_SECRET: \"hunter2-canary\"\nADMIN_PASSWORD: 'hunter2-canary'\n", [1, 2]),
    ("values", "heimdall:\n  secrets:\n    API_KEY_SECRET: hunter2-canary # c\n", [3]),
    ("JSON", '{"JWT_SECRET": "hunter2-canary", "ADMIN_PASSWORD":"hunter2-canary"}', [1, 1]),
    ("dotenv", "export JWT_SECRET=hunter2-canary\nADMIN_PASSWORD='hunter2-canary'\n", [1, 2]),
    ("a manifest", "kind: Secret\ndata:\n  JWT_SECRET: aHVudGVyMi1jYW5hcnk=\n", [3]),
    ("a pod", "env:\n  - name: JWT_SECRET\n    value: hunter2-canary\n", [2]),
    ("a pod in one line", "env: [{name: x}]\n- {name: JWT_SECRET, value: hunter2-canary}\n", [2]),
    ("a block", "JWT_SECRET: |\n  hunter2-canary\n", [1]),
    ("a command", "helm install h c --set heimdall.secrets.JWT_SECRET=hunter2-canary\n", [1]),
    ("in a comment", "# JWT_SECRET: hunter2-canary\n", [1]),
    ("of an older chart", "jwtSecret: hunter2-canary\n", [1]),
    ("another secret", "LDAP_PASSWORD: hunter2-canary\n", [1]),
    ("quoted, as an alias begins", 'JWT_SECRET: "*hunter2-canary"\nADMIN_PASSWORD: "$hunter2-canary"\n', [1, 2]),
    ("capitals alone", "JWT_SECRET: HUNTER2CANARY99\n", [1]),
    ("on the next line", "JWT_SECRET:\n  hunter2-canary\n", [1]),
    ("a block after an empty line", "JWT_SECRET: |\n\n  hunter2-canary\n", [1]),
    ("carriage returns", "a: b\r\nJWT_SECRET: hunter2-canary\r\n", [2]),
]
LEFT_ALONE = [
    ("empty", "JWT_SECRET:\nADMIN_PASSWORD: ''\n"),
    ("from the environment", "JWT_SECRET: ${JWT_SECRET}\nADMIN_PASSWORD: $ADMIN_PASSWORD\n"),
    ("a command's", 'export JWT_SECRET="$(openssl rand -hex 64)"\n'),
    ("GitHub's", "JWT_SECRET: ${{ secrets.JWT_SECRET }}\n"),
    ("a template's", "JWT_SECRET: {{ .Values.jwt | quote }}\n"),
    ("SOPS", "JWT_SECRET: ENC[AES256_GCM,data:hunter2,iv:x,tag:x,type:str]\n"),
    ("placeholders", "JWT_SECRET: CHANGE_ME_PLEASE\nADMIN_PASSWORD: <install with the tool>\n"),
    ("another Secret's key", "DATABASE_PASSWORD: {secret: pg-app, key: password}\n"),
    ("a reference", "- name: JWT_SECRET\n  valueFrom: {secretKeyRef: {name: heimdall-secrets, key: JWT_SECRET}}\n"),
    ("a name", "jwtSecret: JWT_SECRET\n"),
    ("an alias", "JWT_SECRET: *the-other-one\n"),
    ("lengths", "lengths: JWT_SECRET=128,API_KEY_SECRET=66\n"),
    ("a schema", '"JWT_SECRET": {"type": "string", "description": "the key of the tokens"}\n'),
    ("a list of keys", "required: JWT_SECRET,API_KEY_SECRET\n"),
    ("part of another name", "MY_JWT_SECRET: hunter2-canary\nJWT_SECRET_FILE: /run/secrets/jwt\n"),
    ("short", "JWT_SECRET: x\n"),
    ("nothing, and then others", "JWT_SECRET:\nother: hunter2-canary\n"),
    ("nothing, and then a list", "JWT_SECRET:\n- hunter2-canary\n"),
]


@pytest.mark.parametrize(("content", "lines"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_found(content: str, lines: list[int]) -> None:
    found = list(plaintext.findings("f.yaml", content))
    assert [finding.where.line for finding in found] == lines
    assert CANARY not in repr(found)
    assert "aHVudG" not in repr(found)


@pytest.mark.parametrize("content", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_left_alone(content: str) -> None:
    assert list(plaintext.findings("f.yaml", content)) == []


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("JWT_SECRET: hunter2-canary\n")
    (tmp_path / "b.yaml").write_text("JWT_SECRET: ''\n")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "binary").write_bytes(b"\xff\0JWT")
    assert run(tmp_path, "pre-commit", "b.yaml", "link.yaml", "binary").returncode == 0
    done = run(tmp_path, "pre-commit", "b.yaml", "a.yaml", "a.yaml")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"2 secrets would be committed in plaintext" in done.stderr
    assert b"a.yaml:1" in done.stderr
    assert b"hunter2" not in done.stderr
    assert run(tmp_path, "pre-commit", "none.yaml").returncode == 1
    assert run(tmp_path, "pre-commit").returncode == 2


IN_CLEAR = f"# ü\nJWT_SECRET: {CANARY}\n"
CONTENTS: list[tuple[str, bytes, str]] = [
    ("beyond the size of any Secret", b"# x\n" * 300_000 + IN_CLEAR.encode(), "300002"),
    ("UTF-16 with its mark", IN_CLEAR.encode("utf-16"), "2"),
    ("UTF-16 of the other end", b"\xfe\xff" + IN_CLEAR.encode("utf-16-be"), "2"),
    ("UTF-16 without a mark", IN_CLEAR.encode("utf-16-le"), "2"),
    ("UTF-32", IN_CLEAR.encode("utf-32"), "2"),
    ("Latin-1", IN_CLEAR.encode("latin-1"), "2"),
    ("after a NUL byte", b"a: \0\n" + IN_CLEAR.encode(), "3"),
]


@pytest.mark.parametrize(("content", "line"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS])
def test_whatever_the_file_is_written_in(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "f.yaml").write_bytes(content)
    done = run(tmp_path, "pre-commit", "f.yaml")
    assert (done.returncode, f"f.yaml:{line}\n".encode() in done.stderr) == (1, True), done.stderr
    (tmp_path / "f.yaml").write_bytes(content.replace(b"J", b"X"))
    assert run(tmp_path, "pre-commit", "f.yaml").returncode == 0


def test_what_is_not_looked_through_is_refused(tmp_path: Path) -> None:
    """What is no regular file is not waited for, and no file is passed because it is large."""
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(65 << 20)
    for path, told in (("fifo", "is no regular file"), ("large", "is larger than 64 MiB"), (".", "Is a directory")):
        done = run(tmp_path, "pre-commit", path)
        assert (done.returncode, told in done.stderr.decode()) == (1, True), done.stderr


@pytest.mark.parametrize("name", ["yaml", "env", "json", "k8s"])
def test_every_generated_file_is_refused(tmp_path: Path, name: str) -> None:
    run(tmp_path, "generate", "--format", name, "f")
    done = run(tmp_path, "pre-commit", "f")
    assert (done.returncode, done.stderr.count(b"secret-in-clear")) == (1, 4)


@pytest.mark.parametrize("content", ["JWT_SECRET: a" + 60_000 * " " + "b", 20_000 * "JWT_SECRET="])
def test_long_lines_end(content: str) -> None:
    """In time that grows with their length: a repository's files are looked at before anybody has read them."""
    list(plaintext.findings("f.yaml", content))
