"""What the formats share: what is asked for, the refusal of a file, the commands that use one."""

import os
from typing import NamedTuple

from post_renderer.document import nodes, stream
from post_renderer.model.errors import UserError
from post_renderer.model.fix import quoted
from post_renderer.model.report import Edit

HEADER = "# Heimdall's secrets. Never commit this file; keep it readable by its owner alone (chmod 600).\n"
SECRET_NAME = "heimdall-production-secrets"
INSTALL = "helm install heimdall charts/heimdall --post-renderer heimdall-pr"
SPECIAL = frozenset("{},\\=[]")  # what --set reads as more than a character


class Target(NamedTuple):
    """The file's path as it was given, and the Secret's name and namespace where they were."""

    path: str
    name: str = ""
    namespace: str = ""


def refusal(target: Target, problem: str, fix: str, details: str = "") -> UserError:
    """The file is none that can be completed."""
    return UserError(f"{target.path} {problem}; it was left as it is", fix, details)


def install_with_file(path: str) -> str:
    """The command that installs with a secrets file."""
    folder, name = os.path.split(path)
    inside = not os.path.isabs(path) and os.pardir not in path.split("/")
    root = "" if inside else f"HEIMDALL_PR_FILES_ROOT={quoted(folder)} "
    inner = os.path.normpath(path) if inside else name
    if SPECIAL.isdisjoint(inner):
        return f"{root}{INSTALL} --set {quoted(f'heimdall.secretsFiles={{{inner}}}')}"
    import json

    value = json.dumps([inner], ensure_ascii=False)
    return f"{root}{INSTALL} --set-json {quoted(f'heimdall.secretsFiles={value}')}"


def addition(content: bytes, block: nodes.Mapping, pairs: list[str]) -> Edit:
    """The edit that puts pairs before the first one of a mapping, in its style."""
    if not block.pairs:
        return Edit(block.start + 1, block.start + 1, ", ".join(pairs).encode())
    at = block.pairs[0][0].start
    line = content.rfind(b"\n", 0, at) + 1
    indent = content[line:at].removeprefix(stream.BOM)
    line_break = b"\r\n" if b"\r\n" in content else b"\n"
    separator = line_break + indent if not indent.strip() and (line or not block.flow) else b" "
    comma = b"," if block.flow else b""
    return Edit(at, at, b"".join(pair.encode() + comma + separator for pair in pairs))


def edited(content: bytes, edits: list[Edit]) -> bytes:
    """The content with its edits."""
    for edit in sorted(edits, reverse=True):
        content = content[: edit.start] + edit.replacement + content[edit.end :]
    return content
