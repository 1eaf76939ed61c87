"""A secrets file, as heimdall.secretsFiles names it."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.document import edit
from post_renderer.document.nodes import Scalar
from post_renderer.kube import secret
from post_renderer.model.fix import Command
from post_renderer.secrets import install, secrets_file
from post_renderer.secrets.formats import shared
from post_renderer.secrets.formats.shared import Target


def values(content: bytes, target: Target) -> dict[str, bytes]:
    """What a file holds. Raises UserError if it is no secrets file."""
    file, findings = secrets_file.read(target.path, content)
    if findings:
        raise shared.refusal(target, "is no secrets file", "", findings)
    return file.values


def new(made: Mapping[str, str], target: Target) -> bytes:
    """A new file."""
    return (shared.HEADER + "".join(f"{_pair(key, value)}\n" for key, value in made.items())).encode()


def completed(content: bytes, made: Mapping[str, str], target: Target) -> bytes:
    """A file with these values: in place of those that are there, else as new keys; the rest stays byte for byte."""
    file, _ = secrets_file.read(target.path, content)
    held = {key.value: value for key, value in (file.root.pairs if file.root else ()) if isinstance(key, Scalar)}
    edits = [secret.put(content, held[key], f'"{made[key]}"') for key in held.keys() & made.keys()]
    if absent := [_pair(key, value) for key, value in made.items() if key not in held]:
        edits.append(edit.after(content, file.root, absent))
    return edit.applied(content, edits)


def use(target: Target) -> Command:
    """The command that uses the file."""
    return install.with_file(target.path)


def _pair(key: str, value: str) -> str:
    return f'{key}: "{value}"'
