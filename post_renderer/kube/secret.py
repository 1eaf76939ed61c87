"""A Secret's data: the fields of its keys, their values, and the edits that fill or hide them."""

from __future__ import annotations

import binascii
from collections.abc import Collection
from collections.abc import Mapping as MappingOf

from post_renderer.document import nodes
from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube.manifest import Resource
from post_renderer.model.record import NamedTuple
from post_renderer.model.report import Edit

REDACTED = "<redacted by heimdall-pr: not for installing>"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
KEY, KEY_LENGTH = frozenset(f"{ALPHABET}-._"), 253


class Field(NamedTuple):
    """A key's value as written in `data` or `stringData`."""

    key: Scalar
    value: Scalar
    encoded: bool


def fields(resource: Resource) -> dict[str, Field]:
    """Each key with the field that wins: stringData overrides data, a later key an earlier one."""
    found: dict[str, Field] = {}
    for name in ("data", "stringData"):
        block = resource.node.mapping(name)
        for text, (key, value) in block.entries.items() if block else ():
            if isinstance(key, Scalar) and isinstance(value, Scalar):
                found[text] = Field(key, value, name == "data")
    return found


def tangle(resource: Resource) -> Node | None:
    """Where a Secret's data can't be edited in place: an anchor, an alias, a merge key or a key that is there twice."""
    fields = [node for name in ("data", "stringData") if (node := resource.node.get(name))]
    values = [node for block in fields if isinstance(block, Mapping) for pair in block.pairs for node in pair]
    found = [resource.node.tangle("data"), resource.node.tangle("stringData")]
    found += [node for node in values if node.anchored]
    return next((node for node in found if node is not None), None)


def is_key(text: str) -> bool:
    """Whether a text can be a key of a Secret's data."""
    is_path = text == "." or text.startswith("..")
    return 0 < len(text) <= KEY_LENGTH and KEY.issuperset(text) and not is_path


def read(field: Field) -> bytes | None:
    """A field's value as Kubernetes reads it: null is an empty text. None if it is not base64, but has to be."""
    return b"" if field.value.is_null else decode(field)


def decode(field: Field) -> bytes | None:
    """A field's value as the pod will see it; None if it is not base64 but should be."""
    text = field.value.text
    if not field.encoded:
        return text.encode()
    return binascii.a2b_base64(text) if is_base64(text) else None


def text(field: Field) -> str:
    """A field's value as the pod will see it; as it is written if that is no base64 but should be."""
    value = read(field)
    return field.value.text if value is None else value.decode(errors="replace")


def is_base64(text: str) -> bool:
    """Whether Kubernetes takes a text for base64: standard alphabet, padded; line breaks don't count."""
    return nodes.is_base64(text)


def encode(value: bytes) -> str:
    """Base64 as `data` holds it: standard alphabet, padded, one line."""
    return binascii.b2a_base64(value, newline=False).decode()


def fill(data: bytes, resource: Resource, values: MappingOf[str, bytes], plain: Collection[str] = ()) -> Edit:
    """Make the edit after which the Secret's `data` has just these values: quoted base64, sorted, in the style at hand.

    Args:
        data: The stream.
        resource: A Secret with `data` that has a key.
        values: The values by key.
        plain: Keys that are written without quotes, since no YAML reader takes them for anything but a text.
    """
    block = _data(resource)
    pairs = [f'{_name(key, plain)}: "{encode(values[key])}"' for key in sorted(values)]
    if block.flow:
        return Edit(block.start, block.end, ("{" + ", ".join(pairs) + "}").encode())
    line = data.rfind(b"\n", 0, block.start) + 1
    line_break = b"\r\n" if data[line - 2 : line] == b"\r\n" else b"\n"
    separator = line_break + b" " * (block.start - line)
    return Edit(block.start, end(data, block), separator.join(pair.encode() for pair in pairs))


def fill_one(data: bytes, field: Field, value: bytes) -> Edit:
    """The edit that replaces one value of `data`."""
    return put(data, field.value, f'"{encode(value)}"')


def put(data: bytes, node: Node, text: str) -> Edit:
    """The edit that replaces a node; where there is nothing yet, it keeps its distance from the key."""
    start, stop = node.start, end(data, node)
    return Edit(start, stop, (" " * (start == stop) + text).encode())


def redact(data: bytes, resource: Resource) -> list[Edit]:
    """The edits that hide every value, so that the Secret can be read but never applied: no value is base64.

    A Secret with stringData alone, whose values need not be base64, has that key renamed.
    """
    edits = []
    for name in ("data", "stringData"):
        block = resource.node.mapping(name)
        for _, value in block.pairs if block else ():
            edits.append(put(data, value, f'"{REDACTED}"'))
    if not (block := resource.node.mapping("data")) or not block.pairs:
        swap = {"data": "stringData", "stringData": "data"}
        names = [name for name, _ in resource.node.pairs if isinstance(name, Scalar) and name.text in swap]
        edits += [Edit(name.start, name.end, swap[name.text].encode()) for name in names]
    return sorted(edits)


def _data(resource: Resource) -> Mapping:
    block = resource.node.mapping("data")
    assert block is not None and block.pairs, "contracts fill only Secrets with data"
    return block


def end(data: bytes, node: Node) -> int:
    """The end of a node's last leaf: a block scalar's span takes the blank lines after it."""
    return node.start + len(data[node.start : node.end].rstrip())


def _name(key: str, plain: Collection[str]) -> str:
    return key if key in plain else f'"{key}"'
