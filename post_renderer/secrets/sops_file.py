"""A secrets file that SOPS encrypted: which keys open it, what is handed to the program, what comes back."""

from __future__ import annotations

from typing import Any

from post_renderer.document import stream
from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.document.scalar import quoted
from post_renderer.model.record import NamedTuple

NAME = "sops"
# What a file may have its reader contacted; the text is how reports call it.
SERVICES = {
    "kms": "AWS KMS",
    "gcp_kms": "GCP KMS",
    "azure_kv": "Azure Key Vault",
    "hc_vault": "HashiCorp Vault",
    "hckms": "Huawei Cloud KMS",
}
UNKNOWN = "something that is not known here"
KEYS = {"age": ("recipient", "enc"), "pgp": ("fp", "enc", "created_at")}  # keys that are on this machine
TEXTS = (
    "lastmodified",
    "mac",
    "version",
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
)
THRESHOLD, ONLY_ENCRYPTED, GROUPS = "shamir_threshold", "mac_only_encrypted", "key_groups"

Json = Any


class Damaged(Exception):
    """The block is not one that SOPS writes; the message says what is wrong."""


class Encrypted(NamedTuple):
    """An encrypted file: its values as written, in order, and its block."""

    values: dict[str, Scalar]
    lines: dict[str, int]
    block: Mapping


def read(content: bytes, root: Mapping) -> Encrypted:
    """The parts of a file whose pairs, but for the block, are sound. Raises Damaged."""
    values: dict[str, Scalar] = {}
    lines: dict[str, int] = {}
    blocks = []
    for key, value in root.pairs:
        if isinstance(key, Scalar) and key.value == NAME and isinstance(value, Mapping):
            blocks.append(value)
        elif isinstance(key, Scalar) and isinstance(value, Scalar):
            values[key.value], lines[key.value] = value, stream.line_of(content, key.start)
    if len(blocks) != 1:
        raise Damaged("is there twice")
    return Encrypted(values, lines, blocks[0])


def foreign(block: Mapping) -> list[str]:
    """What else than keys on this machine the file names: SOPS would contact it, with the user's rights."""
    groups = block.get(GROUPS)
    inner = groups.items if isinstance(groups, Sequence) else ()
    pairs = [pair for pair in block.pairs if _name(pair) not in (*TEXTS, THRESHOLD, ONLY_ENCRYPTED, GROUPS)]
    pairs += [pair for group in inner for pair in (group.pairs if isinstance(group, Mapping) else ())]
    names = (SERVICES.get(_name(pair), UNKNOWN) for pair in pairs if _name(pair) not in KEYS and not _empty(pair[1]))
    return list(dict.fromkeys(names))


def canonical(encrypted: Encrypted) -> Json:
    """The file as JSON, of nothing but what was examined: no other parser finds more in it. Raises Damaged."""
    block = encrypted.block
    whole: Json = {name: _text(node) for name in TEXTS if (node := block.get(name)) is not None}
    if (node := block.get(THRESHOLD)) is not None:
        whole[THRESHOLD] = _number(node)
    if (node := block.get(ONLY_ENCRYPTED)) is not None:
        whole[ONLY_ENCRYPTED] = _text(node) == "true"
    if (node := block.get(GROUPS)) is not None and not _empty(node):
        whole[GROUPS] = [_keys(group) for group in _mappings(node)]
    whole |= _keys(block)
    held = {key: None if value.plain and not value.value else value.value for key, value in encrypted.values.items()}
    return {**held, NAME: whole}


def plaintext(encrypted: Encrypted) -> list[str]:
    """The keys whose values are not encrypted."""
    return [key for key, value in encrypted.values.items() if value.value and not value.value.startswith("ENC[")]


def decrypted(encrypted: Encrypted, values: Json) -> bytes:
    """The file as plaintext, each key in the line that it has in the encrypted one. Raises Damaged."""
    if not isinstance(values, dict) or values.keys() != encrypted.values.keys():
        raise Damaged("does not belong to these keys")
    text, line = "{", 1
    for key, value in values.items():
        text += "\n" * (encrypted.lines[key] - line) + f"{quoted(key)}: {_scalar(value)},"
        line = max(line, encrypted.lines[key])
    return (text + "}\n").encode()


def _scalar(value: Json) -> str:
    """A value as YAML; what is no string stays none, so that it is refused as in a plaintext file."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, (bool, int, float)):
        return "" if value is None else str(value).lower()
    return "[]"


def _keys(group: Node) -> Json:
    """The age and pgp keys of a group, or of the block itself."""
    assert isinstance(group, Mapping)
    found = {kind: group.get(kind) for kind in KEYS}
    return {
        kind: [{name: _text(part) for name in KEYS[kind] if (part := entry.get(name)) is not None} for entry in entries]
        for kind, node in found.items()
        if node is not None and not _empty(node) and (entries := _mappings(node))
    }


def _mappings(node: Node) -> list[Mapping]:
    if not isinstance(node, Sequence) or node.anchored:
        raise Damaged("has something else where SOPS writes a list")
    found = [item for item in node.items if isinstance(item, Mapping) and not item.anchored]
    if len(found) < len(node.items):
        raise Damaged("has something else where SOPS writes keys")
    return found


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise Damaged("has something else where SOPS writes a text")
    return node.value


def _number(node: Node) -> int:
    text = _text(node)
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Damaged("has something else where SOPS writes a number")
    return int(text)


def _empty(node: Node) -> bool:
    """`[]`, `null`, `""` or nothing, as older SOPS writes for services that are not used."""
    if isinstance(node, Scalar):
        return node.value in ("", "null", "~")
    return not (node.pairs if isinstance(node, Mapping) else node.items)


def _name(pair: tuple[Node, Node]) -> str:
    return pair[0].value if isinstance(pair[0], Scalar) else ""
