"""Opens secrets files that SOPS encrypted, by the program itself; plaintext is never written to disk."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Mapping

from post_renderer.adapters import processes
from post_renderer.adapters.files import LIMIT
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import Fix, command, operand
from post_renderer.rules import policy
from post_renderer.secrets import secrets_file, sops_file
from post_renderer.secrets.sops_file import Damaged, Encrypted

SECONDS = 60.0
# Where the user's own keys are, and what gpg needs to ask for a passphrase: no SOPS_KEYSERVICE, no cloud's credentials.
KEPT = (
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "SOPS_AGE_KEY",
    "SOPS_AGE_KEY_FILE",
    "SOPS_AGE_KEY_CMD",
    "SOPS_AGE_SSH_PRIVATE_KEY_FILE",
    "SOPS_AGE_SSH_PRIVATE_KEY_CMD",
    "SOPS_GPG_EXEC",
    "GNUPGHOME",
    "GPG_TTY",
    "TERM",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "LANG",
    "LC_ALL",
)
# With --sops-allow: the credentials of the key services that SOPS knows, and the way to them
# (https://getsops.io/docs/#encrypting-using-aws-kms, -gcp-kms, -azure-key-vault, -huaweicloud-kms, -hashicorp-vault).
SERVICES = re.compile(
    r"(?:SOPS|AWS|GOOGLE|GCE_METADATA|CLOUDSDK|AZURE|MSI|IDENTITY|VAULT|HUAWEICLOUD_SDK|SSL_CERT)_.*"
    r"|(?:https?|all|no)_proxy|TMPDIR|USER|LOGNAME",
    re.DOTALL | re.IGNORECASE,
)
DOWNLOAD = "https://getsops.io/docs/#download"
AS_WRITTEN = "the file as SOPS wrote it"
# https://github.com/getsops/sops/blob/main/cmd/sops/codes/codes.go
NO_KEY, DAMAGED = 128, (24, 25, 51, 52)
KEY = (
    "SOPS_AGE_KEY_FILE=FILE (or SOPS_AGE_KEY, or ~/.config/sops/age/keys.txt, or gpg's keyring) with a key of the file"
)


class Failed(Exception):
    """The program gave nothing: the finding says why."""

    def __init__(self, rule: str, message: str, expected: str, fix: Fix) -> None:
        super().__init__(message)
        self.rule, self.message, self.expected, self.fix = rule, message, expected, fix


def opened(
    fact: FileFact, allow: bool, environ: Mapping[str, str] | None = None, known: Collection[str] = ()
) -> FileFact:
    """The file as plaintext if SOPS encrypted it, else as it is; or the findings that say why it can't be opened.

    `known` are names of keys that findings may show, besides Heimdall's.
    """
    if fact.content is None or sops_file.NAME.encode() not in fact.content:
        return fact
    file, findings = secrets_file.read(fact.path, fact.content, known)
    if not any(finding.rule == secrets_file.SOPS for finding in findings) or file.root is None:
        return fact
    rest = [finding for finding in findings if finding.rule != secrets_file.SOPS]
    if rest:
        return FileFact(fact.path, None, tuple(rest), encrypted=True)
    try:
        encrypted = sops_file.read(fact.content, file.root)
        content = _decrypt(fact, encrypted, allow, os.environ if environ is None else environ)
    except Damaged as error:
        fix = command("git", "log", "-p", "--", fact.path)
        return _refused(fact, Failed("sops-damaged", f"its sops block {error}", AS_WRITTEN, fix))
    except Failed as failed:
        return _refused(fact, failed)
    return FileFact(fact.path, content, tuple(_plaintext(fact.path, encrypted)), encrypted=True)


def _decrypt(fact: FileFact, encrypted: Encrypted, allow: bool, environ: Mapping[str, str]) -> bytes:
    """The content as plaintext. Raises Failed, Damaged."""
    kept = {name: text for name, text in environ.items() if name in KEPT or (allow and SERVICES.fullmatch(name))}
    if allow:
        return _run(fact, encrypted, "yaml", fact.content or b"", kept)
    if services := sops_file.foreign(encrypted.block):
        message = f"its sops block names {', '.join(services)}: sops would contact what the file says, with your rights"
        fix = "--sops-allow (or HEIMDALL_PR_SOPS_ALLOW=true), if you trust the file"
        raise Failed("sops-keys", message, "age or pgp keys alone", fix)
    return _run(fact, encrypted, "json", json.dumps(sops_file.canonical(encrypted)).encode(), kept)


def _run(fact: FileFact, encrypted: Encrypted, kind: str, data: bytes, env: dict[str, str]) -> bytes:
    """Decrypt a file, which the program gets from us: no other content can take its place meanwhile."""
    program = shutil.which("sops", path=env.get("PATH", os.defpath))
    if program is None:
        message = "is encrypted with SOPS, and there is no sops on PATH"
        raise Failed("sops-program", message, "the program sops", DOWNLOAD)
    argv = [os.path.abspath(program), "decrypt", "--input-type", kind, "--output-type", "json", "/dev/stdin"]
    code, out = _exchange(argv, data, env, fact.path)
    if code:
        raise _failure(code, fact.path)
    try:
        return sops_file.decrypted(encrypted, json.loads(out))
    except (ValueError, RecursionError):
        raise _no_answer("sops printed something else than the file in JSON", fact.path) from None


def _failure(code: int, path: str) -> Failed:
    """What an exit code means. The program's own message is not shown: for a damaged file it has digests of values."""
    if code == NO_KEY:
        return Failed("sops-key", "is encrypted with SOPS, and no key that is here opens it", "a key of the file", KEY)
    if code in DAMAGED:
        restore = command("git", "checkout", "--", path, note="or encrypt it again")
        return Failed("sops-mac", "was changed since SOPS encrypted it: its MAC is another", AS_WRITTEN, restore)
    return _no_answer(f"sops could not decrypt it: exit code {code}", path)


def _no_answer(message: str, path: str) -> Failed:
    """What only sops itself can explain."""
    fix = command("sops", "decrypt", operand(path), note="to see its message")
    return Failed("sops-failed", message, "a file that sops decrypts", fix)


def _exchange(argv: list[str], data: bytes, env: dict[str, str], path: str) -> tuple[int, bytes]:
    """The program's exit code and output, of no more than the limit and in no more than the time. Raises Failed."""
    try:
        done = processes.run(argv, env, data, seconds=SECONDS, most=LIMIT)
        return done.code, done.out
    except OSError as error:
        message = f"sops could not be started: {os.strerror(error.errno or 0)}"
        raise Failed("sops-program", message, "the program sops", DOWNLOAD) from None
    except processes.TooMuch:
        raise _no_answer("sops printed more than 1 MiB", path) from None
    except processes.TooSlow:
        raise _no_answer(f"sops took more than {SECONDS:.0f} s", path) from None


def _plaintext(path: str, encrypted: Encrypted) -> list[Finding]:
    """The secrets that the rules of SOPS leave as plaintext."""
    known = [key for key in sops_file.plaintext(encrypted) if policy.shown(key) == key]
    message = "is plaintext in the encrypted file"
    fix = command("sops", "encrypt", "--in-place", operand(path), note="by a rule that takes this key")
    places = {key: Place(file=path, line=encrypted.lines[key]) for key in known}
    return [Finding(WARNING, "sops-clear", places[key], f"{key} {message}", "ENC[…]", fix) for key in known]


def _refused(fact: FileFact, failed: Failed) -> FileFact:
    finding = Finding(ERROR, failed.rule, Place(file=fact.path), failed.message, failed.expected, failed.fix)
    return FileFact(fact.path, None, (finding,), encrypted=True)
