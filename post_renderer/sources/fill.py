"""The edits that put values into a Secret that somebody else's chart rendered, in whatever style it came."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from post_renderer.document import edit
from post_renderer.document.nodes import NULL, Mapping, Node, Scalar
from post_renderer.document.scalar import quoted
from post_renderer.kube import secret
from post_renderer.kube.manifest import Resource
from post_renderer.kube.secret import Field
from post_renderer.model.report import Edit


def problem(data: bytes, resource: Resource, values: MappingOf[str, bytes]) -> str:
    """Why a Secret can't be filled; empty where it can."""
    blocks = [resource.node.get(name) for name in ("data", "stringData")]
    fields = [field for key, field in secret.fields(resource).items() if key in values]
    nodes = [resource.node, *blocks, *(node for field in fields for node in (field.key, field.value))]
    if secret.tangle(resource) or any(node.anchored for node in nodes if node is not None):
        return "has anchors, aliases, merge keys or keys that are there twice"
    if any(not isinstance(node, Mapping) and not _is_null(node) for node in blocks):
        return "has a `data` or `stringData` that is no mapping"
    if any(_is_bare(data, field) for field in fields) or any(_is_explicit(data, node) for node in nodes):
        return "has keys written with a question mark"
    if any(not field.encoded and not _is_text(values[field.key.text]) for field in fields):
        return "has a `stringData`, which holds text alone, for a value that is none"
    return ""


def edits(data: bytes, resource: Resource, values: MappingOf[str, bytes]) -> list[Edit]:
    """The edits that give keys their values: in the field that wins where there is one, else as new keys of `data`."""
    fields = secret.fields(resource)
    found = [_replaced(data, fields[key], values[key]) for key in values if key in fields]
    new = {key: values[key] for key in sorted(values) if key not in fields}
    return sorted([*found, *([_added(data, resource, new)] if new else [])])


def _replaced(data: bytes, field: Field, value: bytes) -> Edit:
    """One value in its place."""
    return (
        secret.fill_one(data, field, value) if field.encoded else secret.put(data, field.value, quoted(value.decode()))
    )


def _added(data: bytes, resource: Resource, values: MappingOf[str, bytes]) -> Edit:
    """New keys of `data`, before what is there."""
    pairs = [f'"{key}": "{secret.encode(value)}"' for key, value in values.items()]
    block = resource.node.get("data")
    if isinstance(block, Mapping) and block.pairs:
        return edit.before(data, block, pairs)
    flow = "{" + ", ".join(pairs) + "}"
    if block is None:
        return edit.before(data, resource.node, [f'"data": {flow}'])
    return secret.put(data, block, flow)


def _is_null(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.plain and node.value in NULL)


def _is_bare(data: bytes, field: Field) -> bool:
    """Whether an empty value has no place of its own, as after `? KEY`."""
    start, end = field.value.start, field.value.end
    return start == end and data[start - 1 : start] != b":"


def _is_explicit(data: bytes, node: Node | None) -> bool:
    """Whether the first key of a block mapping is written `? KEY`."""
    if not isinstance(node, Mapping) or node.flow or not node.pairs:
        return False
    first = node.pairs[0][0].start
    return b"?" in data[data.rfind(b"\n", 0, first) + 1 : first]


def _is_text(value: bytes) -> bool:
    try:
        return "\0" not in value.decode()
    except UnicodeDecodeError:
        return False
