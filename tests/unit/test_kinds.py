"""Files that are no plain text of YAML are named for what they are, with a fix that can be run."""

import errno
import gzip
import subprocess
from pathlib import Path

import pytest

from post_renderer.adapters import files, system_errors
from post_renderer.model.errors import UserError
from post_renderer.secrets import generator, secrets_file
from post_renderer.secrets.formats.shared import Target
from tests.sopses import Sops

PLAIN = 'JWT_SECRET: "hunter2-canary"\n'
KINDS = [
    ("UTF-16", PLAIN.encode("utf-16"), "text in UTF-16", "iconv --from-code=UTF-16"),
    ("UTF-16, the other way", b"\xfe\xff" + PLAIN.encode("utf-16-be"), "text in UTF-16", "iconv --from-code=UTF-16"),
    ("age", b"age-encryption.org/v1\n-> X25519 abc\n", "encrypted by age", "age --decrypt --identity KEY"),
    ("age, armoured", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "encrypted by age", "age --decrypt"),
    ("gpg", b"-----BEGIN PGP MESSAGE-----\n\nhQ\n", "encrypted by gpg", "gpg --decrypt"),
    ("Ansible Vault", b"$ANSIBLE_VAULT;1.1;AES256\n6162\n", "encrypted by Ansible Vault", "ansible-vault view"),
    ("git-crypt", b"\0GITCRYPT\0\x01\x02", "encrypted by git-crypt", "git-crypt unlock"),
    ("Git LFS", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a pointer of Git LFS", "git lfs pull"),
    ("PEM", b"-----BEGIN PRIVATE KEY-----\nMII\n", "a PEM file", "the file with the four keys"),
    ("gzip", gzip.compress(PLAIN.encode()), "compressed by gzip", "gzip --decompress --keep --suffix=.yaml"),
    ("zip", b"PK\x03\x04\x14\x00", "a zip archive", "unzip -l"),
    ("SOPS, as a whole", b'{\n\t"data": "ENC[AES256_GCM,data:x]",\n\t"sops": {}\n}\n', "encrypted by SOPS as a whole",
     "sops decrypt --input-type=binary f.yaml | sops encrypt --input-type=yaml"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("content", "kind", "fix"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_named_for_what_it_is(content: bytes, kind: str, fix: str) -> None:
    file, (finding,) = secrets_file.read("f.yaml", content)
    assert (file.values, finding.rule, finding.where.file) == ({}, "no-secrets-file", "f.yaml")
    assert finding.message.startswith(f"is {kind}")
    assert str(finding.fix).startswith(fix)


OTHERS = [
    ("plain", PLAIN.encode()),
    ("a byte order mark", b"\xef\xbb\xbf" + PLAIN.encode()),
    ("a value that is age's", b'A_KEY: "age-encryption.org/v1"\n'),
    ("a value that is PEM", b'A_KEY: "-----BEGIN PRIVATE KEY-----"\n'),
    ("a key called data", b'{"data": "x"}'),
    ("a key called version", b'version: "https://git-lfs"\n'),
]


@pytest.mark.parametrize("content", [row[1] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_plain_text(content: bytes) -> None:
    assert secrets_file.read("f.yaml", content)[1] == []


def test_what_sops_itself_writes(sops: Sops, tmp_path: Path) -> None:
    """A name that SOPS takes for no format makes it binary; the fix gives a file that opens."""
    path = tmp_path / "secrets.txt"
    path.write_text(sops.encrypt(PLAIN, kind="txt"))
    _, (finding,) = secrets_file.read(str(path), path.read_bytes())
    assert finding.message == "is encrypted by SOPS as a whole (binary), no plain YAML"
    line = str(finding.fix).partition(", into")[0]
    env = {**sops.env, "SOPS_CONFIG": str(sops.home / "config.yaml")}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert secrets_file.read("secrets.yaml", done.stdout)[1][0].rule == "sops"


FIXES = [
    ("a file of another encoding", b"A_KEY: \xe9\n", "save the file as UTF-8"),
    ("no YAML", b"A_KEY: [\n", 'write that line as KEY: "value"'),
    ("a list", b"A_KEY: [a]\n", "one line a key"),
    ("twice", b"A_KEY: x\nA_KEY: z\n", "remove one of the two lines"),
    ("a number", b"A_KEY: 1\n", "put it in quotes"),
    ("an anchor", b"A_KEY: &a x\n", "write the value itself there"),
    ("a NUL byte", b"A_KEY: x\0\n", "write the value again"),
    ("encrypted", b"A_KEY: ENC[x]\nsops: {version: x}\n", "sops edit f.yaml"),
]


@pytest.mark.parametrize(("content", "fix"), [row[1:] for row in FIXES], ids=[row[0] for row in FIXES])
def test_each_problem_has_its_own_fix(content: bytes, fix: str) -> None:
    found = secrets_file.read("f.yaml", content)[1]
    assert [str(finding.fix)[: len(fix)] for finding in found] == [fix] * len(found) != []


MEANT = [
    ("YAML for JSON", "json", PLAIN.encode(), "heimdall-pr generate f, since the file is a YAML file"),
    ("dotenv for JSON", "json", b"JWT_SECRET=x\n",
     "heimdall-pr generate f --format env, since the file is a dotenv file"),
    ("a manifest for JSON", "json", b"apiVersion: v1\nkind: Secret\n",
     "heimdall-pr generate f --format k8s, since the file is a manifest of Kubernetes"),
    ("nothing of all for JSON", "json", b"?!", 'one object of texts: {"KEY": "value"}'),
    ("a list for JSON", "json", b"[]", 'one object of texts: {"KEY": "value"}'),
    ("YAML for dotenv", "env", PLAIN.encode(), "heimdall-pr generate f, since the file is a YAML file"),
    ("JSON for dotenv", "env", b'{"A": "b"}', "heimdall-pr generate f --format json, since the file is JSON"),
    ("nothing of all for dotenv", "env", b"?!", "write it as KEY='value', a line each"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("form", "content", "fix"), [row[1:] for row in MEANT], ids=[row[0] for row in MEANT])
def test_another_format_is_recognised(form: str, content: bytes, fix: str) -> None:
    with pytest.raises(UserError) as caught:
        generator.complete(Target("f"), content, format_name=form)
    assert str(caught.value.fix) == fix


SYSTEM = [
    ("no right", errno.EACCES, "ls -ld {0}/there, which shows who may read and write it"),
    ("a full disk", errno.ENOSPC, "df -h {0}"),
    ("a quota", errno.EDQUOT, "df -h {0}"),
    ("no such folder", errno.ENOENT, "ls -l {0}, which is as far as the path leads"),
    ("a file in place of a folder", errno.ENOTDIR, "ls -l {0}, which is as far as the path leads"),
    ("read-only", errno.EROFS, "a path on a file system that is not mounted read-only"),
    ("a folder", errno.EISDIR, "the path of a file: this one is a folder"),
    ("a loop", errno.ELOOP, "readlink {0}/there, a symbolic link that leads to itself"),
    ("too long", errno.ENAMETOOLONG, "a shorter path"),
    ("anything else", errno.EIO, "ls -ld {0}/there, which shows what it is"),
]


@pytest.mark.parametrize(("number", "fix"), [row[1:] for row in SYSTEM], ids=[row[0] for row in SYSTEM])
def test_an_error_of_the_system(tmp_path: Path, number: int, fix: str) -> None:
    (tmp_path / "there").touch()
    path = "there" if "there" in fix else "a/f"
    assert str(system_errors.fix(f"{tmp_path}/{path}", OSError(number, ""))) == fix.format(tmp_path)
    if number == errno.EACCES:  # what is not there can't be shown
        assert str(system_errors.fix(f"{tmp_path}/a/f", OSError(number, ""))).startswith(f"ls -ld {tmp_path}, which")


def test_real_errors_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for path, fix in (
        (tmp_path / "loop", "readlink"),
        (tmp_path / "none" / "f", "ls -l "),
        (tmp_path, "the path of a"),
    ):
        with pytest.raises(UserError) as caught:
            files.fetch_own(str(path))
        assert str(caught.value.fix).startswith(fix)
