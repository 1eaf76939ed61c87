"""A secrets file, as heimdall.secretsFiles names it."""

from collections.abc import Mapping

from post_renderer.document import stream
from post_renderer.document.nodes import Scalar
from post_renderer.kube import secret
from post_renderer.model.report import Edit
from post_renderer.report import text
from post_renderer.secrets import secrets_file
from post_renderer.secrets.formats import shared
from post_renderer.secrets.formats.shared import Target
from post_renderer.secrets.secrets_file import SecretsFile


def values(content: bytes, target: Target) -> dict[str, bytes]:
    """What a file holds. Raises UserError where it is no secrets file."""
    file, findings = secrets_file.read(target.path, content)
    if findings:
        raise shared.refusal(target, "is no secrets file", "", "\n".join(text.findings(findings)))
    return file.values


def new(made: Mapping[str, str], target: Target) -> bytes:
    """A new file."""
    return (shared.HEADER + "".join(_line(key, value) for key, value in made.items())).encode()


def completed(content: bytes, made: Mapping[str, str], target: Target) -> bytes:
    """A file with these values: in place of those that are there, else as new keys; the rest stays byte for byte."""
    file, _ = secrets_file.read(target.path, content)
    held = {key.value: value for key, value in (file.root.pairs if file.root else ()) if isinstance(key, Scalar)}
    edits = [secret.put(content, held[key], f'"{made[key]}"') for key in held.keys() & made.keys()]
    absent = {key: value for key, value in made.items() if key not in held}
    if absent:
        edits.append(_addition(content, file, absent))
    return shared.edited(content, edits)


def use(target: Target) -> str:
    """The command that uses the file."""
    return shared.install_with_file(target.path)


def _line(key: str, value: str) -> str:
    return f'{key}: "{value}"\n'


def _addition(content: bytes, file: SecretsFile, absent: Mapping[str, str]) -> Edit:
    """The edit that adds keys after the last one, in the style and with the line breaks of the file."""
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
