"""--redact: the edits that hide every judged value, so that nobody can install what comes out."""

from collections.abc import Iterator, Sequence

from post_renderer.document.nodes import Node, Scalar
from post_renderer.document.scalar import quoted
from post_renderer.kube import secret
from post_renderer.kube.environment import LITERAL
from post_renderer.kube.manifest import CONFIG_MAP, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.report import Edit
from post_renderer.sources.resolution import Resolution


def edits(objects: Objects, resolutions: Sequence[Resolution]) -> Iterator[Edit]:
    """Hide the Secrets, and the values that workloads have elsewhere."""
    resources = {each.found.resource.node.start: each.found for each in resolutions if each.found.resource}
    for found in resources.values():
        if found.resource and found.requirement.kind == SECRET:
            yield from secret.redact(objects.data, found.resource)
    for each in resolutions:
        for source in each.found.sources.values():
            if source.kind == CONFIG_MAP and source.field:
                yield from _spoiled(objects.data, source.field.key, source.field.value)
            elif source.kind == LITERAL and source.node:
                yield from _spoiled(objects.data, source.node.get("name"), source.node.get("value"))


def _spoiled(data: bytes, key: Node | None, value: Node | None) -> Iterator[Edit]:
    """The edits that hide a value, and give its key a name that no API server takes: the same for all who share it."""
    if not isinstance(key, Scalar) or value is None or value.end == value.start:
        return
    yield secret.put(data, key, quoted(f"{key.text}=<redacted>"))
    yield secret.put(data, value, quoted(secret.REDACTED))
