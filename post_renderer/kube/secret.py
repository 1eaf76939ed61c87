"""A Secret's data: what its keys hold, where each value stands, and the edits that fill or hide it."""

import binascii
from collections.abc import Mapping as MappingOf
from typing import NamedTuple

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.report import Edit
from post_renderer.rules import policy
from post_renderer.rules.shared import is_base64 as is_base64  # noqa: PLC0414  # callers of this module ask for it

REDACTED = "<redacted by heimdall-pr: not for installing>"
BREAKS = str.maketrans("", "", "\r\n")  # encoding/base64 of Go ignores them


class SecretData(NamedTuple):
    """What a Secret holds or will hold: values by key, the place of each, and of the whole.

    `filler` is the command that fills what is missing, where there is one, `renewers` those that give keys fresh
    values; `unknown` are keys of which a finding says already why there is no value.
    """

    values: MappingOf[str, bytes]
    places: MappingOf[str, Place]
    whole: Place
    filler: str = ""
    unknown: frozenset[str] = frozenset()
    renewers: MappingOf[str, str] = {}

    def where(self, key: str) -> Place:
        """The place of a key, or of what lacks it."""
        return self.places.get(key, self.whole)


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
        for key, value in block.pairs if block else ():
            if isinstance(key, Scalar) and isinstance(value, Scalar):
                found[key.text] = Field(key, value, name == "data")
    return found


def read(data: bytes, resource: Resource, written: MappingOf[str, Field]) -> tuple[SecretData, list[Finding]]:
    """The decoded values of some of a Secret's fields, and a finding for each that no API server would take."""
    decoded = {key: decode(field) for key, field in written.items()}
    places = {key: resource.place(data, field.value) for key, field in written.items()}
    values = {key: value for key, value in decoded.items() if value is not None}
    unknown = frozenset(decoded.keys() - values.keys())
    findings = [not_base64(key, places[key]) for key in sorted(unknown)]
    return SecretData(values, places, resource.place(data), unknown=unknown), findings


def not_base64(key: str, place: Place) -> Finding:
    """The finding for a value of `data` that no API server would take."""
    message = f"{policy.shown(key)} is not base64, as values of `data` are"
    return Finding(ERROR, "not-base64", place, message, "base64 without line breaks", "base64 -w0", policy.shown(key))


def decode(field: Field) -> bytes | None:
    """A field's value as the pod will see it; None where it is not base64 but should be."""
    if not field.encoded:
        return field.value.text.encode()
    text = field.value.text.translate(BREAKS)
    return binascii.a2b_base64(text) if is_base64(text) else None


def encode(value: bytes) -> str:
    """Base64 as `data` holds it: standard alphabet, padded, one line."""
    return binascii.b2a_base64(value, newline=False).decode()


def fill(data: bytes, resource: Resource, values: MappingOf[str, bytes]) -> Edit:
    """The edit that makes the Secret's `data` hold just these values: quoted base64, sorted, in the style at hand."""
    block = _data(resource)
    pairs = [f'{_name(key)}: "{encode(values[key])}"' for key in sorted(values)]
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


def digest(values: MappingOf[str, bytes]) -> str:
    """The digest over all values that goes into the pod, so that a change restarts it.

    Empty where all values are short: such a digest would let a dictionary find them.
    """
    if all(len(value.decode(errors="replace")) < policy.DIGEST_LENGTH for value in values.values()):
        return ""
    import hashlib  # costs more than the rest of this module, and most streams need none

    lines = "".join(f"{key}={encode(values[key])}\n" for key in sorted(values))
    return hashlib.sha256(lines.encode()).hexdigest()


def _data(resource: Resource) -> Mapping:
    block = resource.node.mapping("data")
    assert block is not None and block.pairs, "contracts fill only Secrets with data"
    return block


def end(data: bytes, node: Node) -> int:
    """The end of a node's last leaf: a block scalar's span takes the blank lines after it."""
    return node.start + len(data[node.start : node.end].rstrip())


def _name(key: str) -> str:
    """A key as YAML: quoted, as it may look like a number; known ones stand as the chart writes them."""
    return key if key in policy.KEYS or key in policy.OPTIONAL else f'"{key}"'
