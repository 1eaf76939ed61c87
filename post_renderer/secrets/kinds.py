"""Files that are no YAML as plain text, told apart by how they begin: people have them at hand beside secrets files."""

from __future__ import annotations

import re

from post_renderer.model.fix import Command, Fix, command, operand
from post_renderer.model.record import NamedTuple

SOPS_BINARY = re.compile(rb'\s*\{\s*"data":\s*"ENC\[')
LONGEST = 4096  # bytes at the start that are looked at


class Kind(NamedTuple):
    """What a file is, and how to get a secrets file from it."""

    name: str
    fix: Fix


def of(path: str, content: bytes) -> Kind | None:
    """The kind of a file that is none of YAML; None if nothing says so."""
    name = operand(path)
    start = content[:LONGEST]
    kinds: tuple[tuple[bytes, str, Fix], ...] = (
        (b"\xff\xfe", "text in UTF-16", _utf8(name)),
        (b"\xfe\xff", "text in UTF-16", _utf8(name)),
        (b"age-encryption.org/", "encrypted by age", _decrypted("age", "--decrypt", "--identity", "KEY", name)),
        (b"-----BEGIN AGE ", "encrypted by age", _decrypted("age", "--decrypt", "--identity", "KEY", name)),
        (b"-----BEGIN PGP MESSAGE", "encrypted by gpg", _decrypted("gpg", "--decrypt", name)),
        (b"$ANSIBLE_VAULT;", "encrypted by Ansible Vault", _decrypted("ansible-vault", "view", name)),
        (b"\0GITCRYPT\0", "encrypted by git-crypt", command("git-crypt", "unlock")),
        (b"version https://git-lfs", "a pointer of Git LFS", command("git", "lfs", "pull", f"--include={path}")),
        (b"-----BEGIN ", "a PEM file", "the file with the four keys; a certificate or a private key is none of them"),
        (
            b"\x1f\x8b",
            "compressed by gzip",
            command("gzip", "--decompress", "--keep", f"--suffix={_suffix(path)}", name),
        ),
        (b"PK\x03\x04", "a zip archive", command("unzip", "-l", name)),
    )
    if SOPS_BINARY.match(start):
        return Kind("encrypted by SOPS as a whole (binary)", _as_yaml(path))
    return next((Kind(kind, fix) for magic, kind, fix in kinds if start.startswith(magic)), None)


def _utf8(name: str) -> Fix:
    return command("iconv", "--from-code=UTF-16", "--to-code=UTF-8", name, note="into the file that you name")


def _decrypted(*words: str) -> Fix:
    """Plaintext, or better a file that this tool decrypts itself."""
    return command(*words, note="into a file that git ignores; files that SOPS encrypts are decrypted in memory")


def _as_yaml(path: str) -> Fix:
    """The same secrets, encrypted key by key."""
    decrypt = ("sops", "decrypt", "--input-type=binary", operand(path))
    encrypt = ("sops", "encrypt", "--input-type=yaml", "--output-type=yaml", f"--filename-override={path}")
    return Command((decrypt, encrypt), "into a file whose name ends in .yaml")


def _suffix(path: str) -> str:
    """The end of its name, which gzip must know."""
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2]}" if "." in name else ".gz"
