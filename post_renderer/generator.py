"""Makes the four secrets, and puts those that are missing into a secrets file without touching the rest of it."""

import secrets
import string
from typing import NamedTuple

from post_renderer import rules, secrets_file, stream
from post_renderer.errors import UserError
from post_renderer.model import Edit
from post_renderer.nodes import Scalar
from post_renderer.report import text
from post_renderer.secrets_file import SecretsFile

HEADER = """# Heimdall's secrets. Never commit this file; keep it readable by its owner alone (chmod 600).
"""
ADMIN_ALPHABET = string.ascii_letters + string.digits + "-._~"  # special ones that no shell, URL or YAML minds
HEX_BYTES = {"JWT_SECRET": 64, "API_KEY_SECRET": 33, "DATABASE_PASSWORD": 33}


class Generated(NamedTuple):
    """A file's new content, and the keys that were made for it."""

    content: bytes
    made: tuple[str, ...]


def complete(path: str, content: bytes | None, documented_admin: bool = False) -> Generated:
    """A secrets file with every required key that is missing or empty; the rest stays byte for byte.

    Raises UserError where the content is no secrets file.
    """
    file, findings = secrets_file.read(path, content or b"")
    if findings:
        raise UserError(f"{path} is no secrets file; it was left as it is", "", "\n".join(text.findings(findings)))
    made = {key: make(key, documented_admin) for key in rules.KEYS if not file.values.get(key, b"").strip()}
    if content is None:
        lines = "".join(_line(key, value) for key, value in made.items())
        return Generated((HEADER + lines).encode(), tuple(made))
    completed = _edited(content, _edits(content, file, made))
    _verify(path, completed, {**file.values, **{key: value.encode() for key, value in made.items()}})
    return Generated(completed, tuple(made))


def make(key: str, documented_admin: bool = False) -> str:
    """A fresh value from the operating system's generator, of the documented length and alphabet.

    ADMIN_PASSWORD passes the application's own rule, which its documented recipe never does.
    """
    if key in HEX_BYTES:
        return secrets.token_hex(HEX_BYTES[key])
    if documented_admin:
        return f"Admin_{secrets.token_hex(8)}"
    while not rules.passes_admin_rule(value := "".join(secrets.choice(ADMIN_ALPHABET) for _ in range(22))):
        pass
    return value


def _line(key: str, value: str) -> str:
    return f'{key}: "{value}"\n'


def _edits(content: bytes, file: SecretsFile, made: dict[str, str]) -> list[Edit]:
    """Empty values are filled where they stand; what is absent comes after the last value."""
    empty = {key.value: value for key, value in (file.root.pairs if file.root else ()) if isinstance(key, Scalar)}
    edits = []
    for key in empty.keys() & made.keys():
        gap = " " if empty[key].start == empty[key].end else ""
        edits.append(Edit(empty[key].start, empty[key].end, f'{gap}"{made[key]}"'.encode()))
    absent = {key: value for key, value in made.items() if key not in empty}
    if absent:
        edits.append(_addition(content, file, absent))
    return sorted(edits)


def _addition(content: bytes, file: SecretsFile, absent: dict[str, str]) -> Edit:
    """The edit that adds keys, in the style and with the line breaks of the file."""
    root = file.root
    if root and root.flow:
        before = content[root.start : root.end - 1].rstrip()
        comma = "" if before.endswith((b",", b"{")) else ","
        pairs = ", ".join(_line(key, value).rstrip("\n") for key, value in absent.items())
        return Edit(root.end - 1, root.end - 1, f"{comma} {pairs}".encode())
    at = _after(content, root.end) if root else len(content)
    indent = _indent(content, root.start) if root else ""
    line_break = "\r\n" if b"\r\n" in content else "\n"
    lines = "".join(indent + _line(key, value) for key, value in absent.items()).replace("\n", line_break)
    missing_break = line_break if at and content[at - 1 : at] != b"\n" else ""
    return Edit(at, at, (missing_break + lines).encode())


def _indent(content: bytes, start: int) -> str:
    """What stands before the first key in its line."""
    line = content.rfind(b"\n", 0, start) + 1
    return " " * len(content[line:start].removeprefix(stream.BOM))


def _after(content: bytes, end: int) -> int:
    """The start of the line after a value that ends here; a block scalar's end is one already."""
    if content[end - 1 : end] == b"\n":
        return end
    found = content.find(b"\n", end)
    return len(content) if found < 0 else found + 1


def _edited(content: bytes, edits: list[Edit]) -> bytes:
    for edit in reversed(edits):
        content = content[: edit.start] + edit.replacement + content[edit.end :]
    return content


def _verify(path: str, content: bytes, expected: dict[str, bytes]) -> None:
    """That the file, read again, holds just what it held and what was made."""
    file, findings = secrets_file.read(path, content)
    if findings or file.values != expected:
        raise UserError(
            f"{path} can't be completed in its style; it was left as it is", 'write a key a line: KEY: "value"'
        )
