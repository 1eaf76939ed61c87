"""What the formats share: what is asked for, and the refusal of a file."""

from __future__ import annotations

from collections.abc import Sequence

from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding
from post_renderer.model.fix import Fix, command, operand
from post_renderer.model.record import NamedTuple

HEADER = "# Heimdall's secrets. Never commit this file; keep it readable by its owner alone (chmod 600).\n"
NAMES = {"yaml": "a YAML file", "json": "JSON", "env": "a dotenv file", "k8s": "a manifest of Kubernetes"}
SECRET_NAME = "heimdall-production-secrets"


class Target(NamedTuple):
    """The file's path as it was given, and the Secret's name and namespace if they were."""

    path: str
    name: str = ""
    namespace: str = ""


def meant(target: Target, content: bytes, form: str, expected: str) -> Fix:
    """The fix for a file that is none of a format: the command for the format that it has, or how to write it."""
    found = _format(target.path, content)
    if not found or found == form:
        return expected
    option = () if found == "yaml" else ("--format", found)
    return command("heimdall-pr", "generate", operand(target.path), *option, note=f"since the file is {NAMES[found]}")


def _format(path: str, content: bytes) -> str:
    """The format that a file seems to have; empty if it has none of them."""
    from post_renderer.secrets import secrets_file

    if content.lstrip().startswith(b"{"):
        return "json"
    file, findings = secrets_file.read(path, content)
    if any("a dotenv file" in each.message for each in findings):
        return "env"
    if any("manifest of Kubernetes" in each.message for each in findings):
        return "k8s"
    return "yaml" if file.values and not findings else ""


def refusal(target: Target, problem: str, fix: Fix, details: Sequence[Finding] = ()) -> UserError:
    """The file is none that can be completed."""
    return UserError(f"{target.path} {problem}; it was left as it is", fix, details)
