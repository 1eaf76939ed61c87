"""Opens secrets files that SOPS encrypted, by the program itself; what is in clear is never written to disk."""

import json
import os
import shutil
from collections.abc import Mapping

from post_renderer.adapters import processes
from post_renderer.adapters.files import LIMIT
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.fix import quoted
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
# https://github.com/getsops/sops/blob/main/cmd/sops/codes/codes.go
NO_KEY, DAMAGED = 128, (24, 25, 51, 52)
KEY = (
    "SOPS_AGE_KEY_FILE=FILE (or SOPS_AGE_KEY, or ~/.config/sops/age/keys.txt, or gpg's keyring) with a key of the file"
)


class Failed(Exception):
    """The program gave nothing: the finding says why."""

    def __init__(self, rule: str, message: str, expected: str, fix: str) -> None:
        super().__init__(message)
        self.rule, self.message, self.expected, self.fix = rule, message, expected, fix


def opened(fact: FileFact, allow: bool, environ: Mapping[str, str] | None = None) -> FileFact:
    """The file in clear where SOPS encrypted it, else as it is; or the findings that say why it can't be opened."""
    if fact.content is None or sops_file.NAME.encode() not in fact.content:
        return fact
    file, findings = secrets_file.read(fact.path, fact.content)
    if not any(finding.rule == secrets_file.SOPS for finding in findings) or file.root is None:
        return fact
    rest = [finding for finding in findings if finding.rule != secrets_file.SOPS]
    if rest:
        return FileFact(fact.path, None, tuple(rest), encrypted=True)
    try:
        encrypted = sops_file.read(fact.content, file.root)
        content = _decrypt(fact, encrypted, allow, os.environ if environ is None else environ)
    except Damaged as error:
        expected, fix = "the file as SOPS wrote it", f"git log -p -- {quoted(fact.path)}"
        return _refused(fact, Failed("sops-damaged", f"its sops block {error}", expected, fix))
    except Failed as failed:
        return _refused(fact, failed)
    return FileFact(fact.path, content, tuple(_in_clear(fact.path, encrypted)), encrypted=True)


def _decrypt(fact: FileFact, encrypted: Encrypted, allow: bool, environ: Mapping[str, str]) -> bytes:
    """The content in clear. Raises Failed, Damaged."""
    if allow:
        return _run(fact, encrypted, "yaml", fact.content or b"", dict(environ))
    if services := sops_file.foreign(encrypted.block):
        message = f"its sops block names {', '.join(services)}: sops would contact what the file says, with your rights"
        fix = "--sops-allow (or HEIMDALL_PR_SOPS_ALLOW=true), where you trust the file"
        raise Failed("sops-keys", message, "age or pgp keys alone", fix)
    kept = {name: environ[name] for name in KEPT if name in environ}
    return _run(fact, encrypted, "json", json.dumps(sops_file.canonical(encrypted)).encode(), kept)


def _run(fact: FileFact, encrypted: Encrypted, kind: str, data: bytes, env: dict[str, str]) -> bytes:
    """What the program makes of the file, which it gets from us: no other content can take its place meanwhile."""
    program = shutil.which("sops", path=env.get("PATH", os.defpath))
    if program is None:
        message = "is encrypted with SOPS, and there is no sops on PATH"
        raise Failed("sops-program", message, "the program sops", "https://getsops.io/docs/#download")
    command = [os.path.abspath(program), "decrypt", "--input-type", kind, "--output-type", "json", "/dev/stdin"]
    code, out = _exchange(command, data, env, fact.path)
    if code:
        raise _failure(code, fact.path)
    try:
        return sops_file.decrypted(encrypted, json.loads(out))
    except (ValueError, RecursionError):
        raise _no_answer("sops printed something else than the file in JSON", fact.path) from None


def _failure(code: int, path: str) -> Failed:
    """What an exit code means. What the program says is not passed on: of a damaged file it tells digests of values."""
    if code == NO_KEY:
        return Failed("sops-key", "is encrypted with SOPS, and no key that is here opens it", "a key of the file", KEY)
    if code in DAMAGED:
        message, expected = "was changed since SOPS encrypted it: its MAC is another", "the file as SOPS wrote it"
        return Failed("sops-mac", message, expected, f"git checkout -- {quoted(path)}, or encrypt it anew")
    return _no_answer(f"sops could not decrypt it: exit code {code}", path)


def _no_answer(message: str, path: str) -> Failed:
    """What only sops itself can explain."""
    return Failed(
        "sops-failed", message, "a file that sops decrypts", f"sops decrypt {quoted(path)}, to see what it says"
    )


def _exchange(command: list[str], data: bytes, env: dict[str, str], path: str) -> tuple[int, bytes]:
    """The program's exit code and output, of no more than the limit and in no more than the time. Raises Failed."""
    try:
        done = processes.run(command, env, data, seconds=SECONDS, most=LIMIT)
        return done.code, done.out
    except OSError as error:
        message = f"sops could not be started: {os.strerror(error.errno or 0)}"
        raise Failed("sops-program", message, "the program sops", "https://getsops.io/docs/#download") from None
    except processes.TooMuch:
        raise _no_answer("sops printed more than 1 MiB", path) from None
    except processes.TooSlow:
        raise _no_answer(f"sops took more than {SECONDS:.0f} s", path) from None


def _in_clear(path: str, encrypted: Encrypted) -> list[Finding]:
    """What SOPS was told to leave as it is, though it is a secret."""
    known = [key for key in sops_file.in_clear(encrypted) if policy.shown(key) == key]
    message = "stands in clear in the encrypted file"
    fix = f"sops encrypt --in-place {quoted(path)}, by a rule that takes this key"
    places = {key: Place(file=path, line=encrypted.lines[key]) for key in known}
    return [Finding(WARNING, "sops-clear", places[key], f"{key} {message}", "ENC[…]", fix) for key in known]


def _refused(fact: FileFact, failed: Failed) -> FileFact:
    finding = Finding(ERROR, failed.rule, Place(file=fact.path), failed.message, failed.expected, failed.fix)
    return FileFact(fact.path, None, (finding,), encrypted=True)
