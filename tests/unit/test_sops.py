"""Secrets files that SOPS encrypted: opened by the real sops, or refused with a message for each reason."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml

from post_renderer.adapters import sops as source
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import Finding, Place
from post_renderer.secrets import secrets_file
from tests.helms import run
from tests.sopses import Sops
from tests.unit.streams import FILE, SOUND

CANARY = "hunter2-canary-hunter2"
PLAIN = f"# mine\nJWT_SECRET: {CANARY}\n\nAPI_KEY_SECRET: x y\n"


def opened(sops: Sops, content: str, allow: bool = False, **more: str) -> FileFact:
    return source.opened(FileFact(FILE, content.encode()), allow, {**sops.env, **more})


def rules(fact: FileFact) -> list[str]:
    return [finding.rule for finding in fact.findings]


def values(fact: FileFact) -> dict[str, bytes]:
    assert fact.content is not None, fact.findings
    read, findings = secrets_file.read(fact.path, fact.content)
    assert findings == []
    return read.values


UNUSUAL = {"A_KEY": "é😀\u2028\t\"\\'\n", "B_KEY": " a: b #c ", "C_KEY": "\x7f\x85\ufeff"}
OPENED: list[tuple[str, str, dict[str, object], dict[str, str]]] = [
    ("plain", PLAIN, {}, {"JWT_SECRET": CANARY, "API_KEY_SECRET": "x y"}),
    ("several lines", "A_KEY: |\n  x\n  y\nB_KEY: z\n", {}, {"A_KEY": "x\ny\n", "B_KEY": "z"}),
    ("empty", "A_KEY: ''\nC_KEY: x\n", {}, {"A_KEY": "", "C_KEY": "x"}),
    ("a part in plaintext", "A_unencrypted: x\nB_KEY: y\n", {}, {"A_unencrypted": "x", "B_KEY": "y"}),
    ("a rule by pattern", "A_KEY: x\nB_KEY: y\n", {"encrypted_regex": "^B"}, {"A_KEY": "x", "B_KEY": "y"}),
    ("MAC of that alone", "A: x\nB: v\n", {"encrypted_regex": "^B", "mac_only_encrypted": True}, {"A": "x", "B": "v"}),
    ("unusual values", json.dumps(UNUSUAL), {}, UNUSUAL),
]


@pytest.mark.parametrize(("text", "rule", "expected"), [row[1:] for row in OPENED], ids=[row[0] for row in OPENED])
@pytest.mark.parametrize("allow", [False, True])
def test_opened(sops: Sops, text: str, rule: dict[str, object], expected: dict[str, str], allow: bool) -> None:
    fact = opened(sops, sops.encrypt(text, rule, "json" if text.startswith("{") else "yaml"), allow)
    assert fact.encrypted
    assert {key: value.decode() for key, value in values(fact).items()} == expected


def test_a_json_file(sops: Sops) -> None:
    content = sops.encrypt(json.dumps(dict(SOUND)), kind="json")
    assert {key: value.decode() for key, value in values(opened(sops, content)).items()} == SOUND


def test_lines_are_those_of_the_encrypted_file(sops: Sops) -> None:
    content = sops.encrypt("# c\nA_KEY: x\n# d\n# e\nB_KEY: 12345678\n")
    fact = opened(sops, content)
    line = next(number for number, text in enumerate(content.splitlines(), 1) if text.startswith("B_KEY"))
    _, findings = secrets_file.read(fact.path, fact.content or b"")
    assert [(finding.rule, finding.where) for finding in findings] == [("not-a-string", Place(file=FILE, line=line))]


LEFT_ALONE = [
    ("no sops at all", "JWT_SECRET: x\n"),
    ("the word in a value", "JWT_SECRET: sops\n"),
    ("a text of that name", "sops: x\n"),
    ("a comment", "# sops:\nJWT_SECRET: x\n"),
    ("no YAML", "sops: 'x\n"),
    ("empty", ""),
]


@pytest.mark.parametrize("content", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_left_alone(content: str) -> None:
    fact = FileFact(FILE, content.encode(), (Finding("warning", "file-mode", Place(), ""),))
    assert source.opened(fact, False, {"PATH": "/nonexistent"}) is fact


def replaced(pattern: str, by: str) -> Callable[[str], str]:
    return lambda content: re.sub(pattern, by, content, count=1, flags=re.MULTILINE)


FOREIGN = (
    "- vault_address: http://127.0.0.1:9\n          engine_path: t\n          key_name: k\n          enc: vault:v1:x"
)
# What is done to a good file, what is said then.
DAMAGED = [
    ("another value", replaced(r"^(JWT.*data:)[^,]{4}", r"\1AAAA"), "sops-mac", "its MAC is another"),
    ("a line gone", replaced(r"^API_KEY_SECRET.*\n", ""), "sops-mac", "its MAC is another"),
    ("a line more", replaced(r"^JWT", "ADMIN_unencrypted: x\nJWT"), "sops-mac", "its MAC is another"),
    ("two swapped", replaced(r"^(JWT.*)\n(API.*)\n", r"\2\n\1\n"), "sops-mac", "its MAC is another"),
    ("renamed", replaced(r"^API_KEY_SECRET", "DATABASE_PASSWORD"), "sops-mac", "its MAC is another"),
    ("plaintext", replaced(r"^JWT_SECRET: .*", f"JWT_SECRET: {CANARY}"), "sops-mac", "its MAC is another"),
    ("no MAC", replaced(r"^    mac: .*\n", ""), "sops-mac", "its MAC is another"),
    ("no date", replaced(r"^    lastmodified: .*\n", ""), "sops-failed", "exit code"),
    ("no key", replaced(r"(BEGIN AGE.*\n *)YWdl", r"\1AAAA"), "sops-key", "no key that is here opens it"),
    ("keys that are none", replaced(r"^    age:\n(        .*\n)+", "    age: x\n"), "sops-damaged", "a list"),
    ("keys that are texts", replaced(r"^    age:\n(        .*\n)+", "    age: [x]\n"), "sops-damaged", "writes keys"),
    ("keys with an anchor", replaced(r"^    age:", "    age: &a"), "sops-damaged", "a list"),
    ("a nested MAC", replaced(r"^    mac: .*", "    mac: [x]"), "sops-damaged", "writes a text"),
    ("a threshold in words", replaced(r"^sops:", "sops:\n    shamir_threshold: x"), "sops-damaged", "a number"),
    ("two blocks", replaced(r"^JWT", "sops: {age: []}\nJWT"), "sops-damaged", "is there twice"),
    ("a duplicate", replaced(r"^(JWT.*)\n", r"\1\n\1\n"), "duplicate-key", "is there twice"),
    ("nested", replaced(r"^JWT_SECRET:", "JWT_SECRET:\n  x:"), "nested", "nested"),
    ("anchors", replaced(r"^JWT_SECRET:", "JWT_SECRET: &a"), "not-plain", "anchor"),
    ("Vault", replaced(r"^    age:", f"    hc_vault:\n        {FOREIGN}\n    age:"), "sops-keys", "HashiCorp Vault"),
    ("AWS", replaced(r"^sops:", "sops:\n    kms: [{arn: a}]"), "sops-keys", "AWS KMS"),
    ("Google", replaced(r"^sops:", "sops:\n    gcp_kms: [{resource_id: a}]"), "sops-keys", "GCP KMS"),
    ("Azure", replaced(r"^sops:", "sops:\n    azure_kv: [{vault_url: a}]"), "sops-keys", "Azure Key Vault"),
    ("Huawei", replaced(r"^sops:", "sops:\n    hckms: [{key_id: a}]"), "sops-keys", "Huawei Cloud KMS"),
    ("other case", replaced(r"^sops:", "sops:\n    HC_Vault: [{enc: a}]"), "sops-keys", "not known here"),
    ("a group", replaced(r"^sops:", "sops:\n    key_groups: [{hc_vault: [{enc: a}]}]"), "sops-keys", "HashiCorp Vault"),
    ("merged", replaced(r"^sops:", "sops:\n    <<: {hc_vault: [{enc: a}]}"), "sops-keys", "not known here"),
    ("to come", replaced(r"^sops:", "sops:\n    new_kms: [{enc: a}]"), "sops-keys", "not known here"),
]


@pytest.mark.parametrize(("damage", "rule", "told"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_damaged(sops: Sops, damage: Callable[[str], str], rule: str, told: str) -> None:
    content = sops.encrypt(PLAIN)
    assert damage(content) != content
    fact = opened(sops, damage(content))
    assert (fact.content, rules(fact)) == (None, [rule])
    finding = fact.findings[0]
    assert told in finding.message
    assert finding.expected and finding.fix and finding.where.file == FILE
    assert CANARY not in repr(fact)


EMPTY_SERVICES = "sops:\n    kms: []\n    gcp_kms: []\n    azure_kv: null\n    hc_vault:\n    hckms: []\n    pgp: []"


def test_services_that_older_files_name_without_using_them_do_not_count(sops: Sops) -> None:
    content = sops.encrypt(PLAIN).replace("sops:", EMPTY_SERVICES)
    assert values(opened(sops, content))["JWT_SECRET"] == CANARY.encode()


def test_key_groups_of_age_alone(sops: Sops, tmp_path: Path) -> None:
    other = sops.new_key(tmp_path / "other.txt")
    groups = [{"age": [sops.recipient]}, {"age": [other]}]
    content = sops.encrypt(PLAIN, {"key_groups": groups, "shamir_threshold": 2})
    assert "key_groups" in content
    assert rules(opened(sops, content)) == ["sops-key"]
    both = sops.key.read_text() + (tmp_path / "other.txt").read_text()
    assert values(opened(sops, content, SOPS_AGE_KEY=both))["JWT_SECRET"] == CANARY.encode()


KEYS = [
    ("file", {"SOPS_AGE_KEY_FILE": "{key}"}, True),
    ("variable", {"SOPS_AGE_KEY": "{text}"}, True),
    ("command", {"SOPS_AGE_KEY_CMD": "cat {key}"}, True),
    ("the usual folder", {"XDG_CONFIG_HOME": "{config}"}, True),
    ("none", {}, False),
    ("another's", {"SOPS_AGE_KEY_FILE": "{other}"}, False),
    ("a file that is not there", {"SOPS_AGE_KEY_FILE": "/nonexistent"}, False),
    ("a key service", {"SOPS_KEYSERVICE": "tcp://127.0.0.1:9"}, False),
]


@pytest.mark.parametrize(("more", "opens"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_where_the_key_is(sops: Sops, tmp_path: Path, more: dict[str, str], opens: bool) -> None:
    sops.new_key(tmp_path / "other.txt")
    usual = tmp_path / "config/sops/age/keys.txt"
    usual.parent.mkdir(parents=True)
    shutil.copy(sops.key, usual)
    places = {
        "key": sops.key,
        "text": sops.key.read_text(),
        "config": tmp_path / "config",
        "other": tmp_path / "other.txt",
    }
    env = {name: value.format(**places) for name, value in more.items()}
    fact = source.opened(
        FileFact(FILE, sops.encrypt(PLAIN).encode()), False, {"PATH": sops.env["PATH"], "HOME": str(tmp_path), **env}
    )
    assert (fact.content is not None, rules(fact)) == (opens, [] if opens else ["sops-key"])


def test_no_program(sops: Sops) -> None:
    fact = opened(sops, sops.encrypt(PLAIN), PATH="/nonexistent")
    assert rules(fact) == ["sops-program"]
    assert "no sops on PATH" in fact.findings[0].message


# Programs of that name that are not sops, or broken.
BROKEN = [
    ("hangs", "sleep 60", "took more than 2 s"),
    ("hangs with a child", "sleep 60 & sleep 60", "took more than 2 s"),
    ("hangs without output", "exec >&-; sleep 60", "took more than 2 s"),
    ("prints for ever", "exec yes", "printed more than 1 MiB"),
    ("crashes", "kill -SEGV $$", "exit code -11"),
    ("fails and tells", f"echo {CANARY}; echo {CANARY} >&2; exit 3", "exit code 3"),
    ("prints no JSON", f"echo {CANARY}", "something else than the file in JSON"),
    ("prints deep JSON", "printf '[%.0s' {1..100000}", "something else than the file in JSON"),
    ("prints other keys", "echo '{}'", "does not belong"),
]


@pytest.mark.parametrize(("script", "told"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_programs(sops: Sops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sops").write_text(f"#!/bin/bash\n{script}\n")
    (tmp_path / "bin/sops").chmod(0o755)
    monkeypatch.setattr(source, "SECONDS", 2.0)
    fact = opened(sops, sops.encrypt(PLAIN), PATH=f"{tmp_path}/bin:{os.environ['PATH']}")
    assert fact.content is None
    assert told in fact.findings[0].message
    assert CANARY not in repr(fact)


def test_a_program_that_cannot_be_started(sops: Sops, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sops").write_text("#!/nonexistent\n")
    (tmp_path / "bin/sops").chmod(0o755)
    assert rules(opened(sops, sops.encrypt(PLAIN), PATH=f"{tmp_path}/bin")) == ["sops-program"]


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers nothing, and keeps what it was told."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.settimeout(5)
                    heard.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                    connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], heard


def with_vault(content: str, port: int, where: str) -> str:
    """The file, naming a Vault of somebody else's."""
    entry = {"vault_address": f"http://127.0.0.1:{port}", "engine_path": "transit", "key_name": "k"}
    entry |= {"created_at": "2026-01-01T00:00:00Z", "enc": "vault:v1:AAAA"}
    document = yaml.safe_load(content)
    if where == "alone":
        del document["sops"]["age"]
    if where == "group":
        document["sops"]["key_groups"] = [{"hc_vault": [entry], "age": []}]
        del document["sops"]["age"]
    else:
        document["sops"]["hc_vault"] = [entry]
    return yaml.safe_dump(document, sort_keys=False, width=1 << 20)


@pytest.mark.parametrize("where", ["alone", "group"])
def test_a_file_that_names_a_server_gets_no_token(sops: Sops, where: str) -> None:
    (sops.home / ".vault-token").write_text("hvs.of-the-user")
    with listener() as (port, heard):
        content = with_vault(sops.encrypt(PLAIN), port, where)
        fact = opened(sops, content, VAULT_TOKEN="hvs.of-the-user", SOPS_ALLOW="1")
        assert (rules(fact), heard) == (["sops-keys"], [])
        # That the trap works: told to, sops goes there with the token.
        assert rules(opened(sops, content, allow=True)) == ["sops-key"]
        assert b"hvs.of-the-user" in b"".join(heard)


def test_pgp(sops: Sops, tmp_path: Path) -> None:
    if not shutil.which("gpg"):
        pytest.skip("no gpg on PATH")
    home = Path("/tmp") / f"hpr-gpg-{os.getpid()}"  # noqa: S108  # a socket's path is short
    home.mkdir(mode=0o700)
    env = {**sops.env, "GNUPGHOME": str(home)}
    try:
        run(["gpg", "--batch", "--passphrase", "", "--quick-gen-key", "heimdall-pr@example.org"], env=env)
        listed = run(["gpg", "--list-keys", "--with-colons"], env=env).stdout
        fingerprint = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
        content = sops.run("encrypt", "--pgp", fingerprint, "--filename-override", "s.yaml", text=PLAIN, env=env)
        assert "hc_vault" not in content
        assert values(opened(sops, content, GNUPGHOME=str(home)))["JWT_SECRET"] == CANARY.encode()
        (tmp_path / "empty").mkdir(mode=0o700)
        assert rules(opened(sops, content, GNUPGHOME=str(tmp_path / "empty"))) == ["sops-key"]
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=env, check=False, capture_output=True)
        shutil.rmtree(home)
