"""The commands that install Heimdall with a file of secrets."""

from __future__ import annotations

import os

from post_renderer.model.fix import Command, Variable, command, operand, steps
from post_renderer.rules import policy

INSTALL = ("helm", "install", "heimdall", "charts/heimdall", "--post-renderer", "heimdall-pr")
SPECIAL = frozenset("{},\\=[]")  # what --set reads as more than a character


def with_file(path: str) -> Command:
    """Install with a secrets file."""
    folder, name = os.path.split(path)
    inside = not os.path.isabs(path) and os.pardir not in path.split("/")
    root = () if inside else (Variable("HEIMDALL_PR_FILES_ROOT", folder),)
    inner = os.path.normpath(path) if inside else name
    if SPECIAL.isdisjoint(inner):
        return command(*root, *INSTALL, "--set", f"heimdall.secretsFiles={{{inner}}}")
    import json

    value = json.dumps([inner], ensure_ascii=False)
    return command(*root, *INSTALL, "--set-json", f"heimdall.secretsFiles={value}")


def with_environment(path: str) -> Command:
    """Install with the variables of a dotenv file, which a shell of its own reads."""
    file = path if os.path.isabs(path) else os.path.join(os.curdir, os.path.normpath(path))  # `.` searches PATH
    return steps(command("set", "-a"), command(".", file), _from_environment(), subshell=True)


def with_encrypted_environment(path: str) -> Command:
    """Install with the variables of a dotenv file that SOPS encrypted: sops gives them to the command."""
    note = "" if path.endswith(".env") else "under a name that ends in .env, or sops takes it for JSON"
    return command("sops", "exec-env", operand(path), str(_from_environment()), note=note)


def with_values(path: str) -> Command:
    """Install with a values file."""
    return command(*INSTALL, "--values", operand(path))


def with_encrypted_values(path: str) -> Command:
    """Install with a values file that SOPS encrypted: sops gives the command a pipe in place of `{}`."""
    return command("sops", "exec-file", operand(path), f"{command(*INSTALL)} --values {{}}")


def with_secret(name: str, namespace: str = "") -> Command:
    """Install with an existing Secret."""
    where = ("--namespace", namespace) if namespace else ()
    return command(*INSTALL, *where, "--set", f"heimdall.existingSecret={name}")


def _from_environment() -> Command:
    pairs = ",".join(f"heimdall.secrets.{key}=${{{key}}}" for key in policy.KEYS)
    return command(*INSTALL, "--set", pairs)
