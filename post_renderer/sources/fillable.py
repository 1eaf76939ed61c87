"""Says why a Secret that a contract has filled can't be."""

from __future__ import annotations

from post_renderer.document.nodes import Mapping as Block
from post_renderer.kube import secret
from post_renderer.model.finding import ERROR, NOTE, Finding
from post_renderer.requirements.found import Found

FIX = "render it again; if another post-renderer runs before this one, let it leave the Secret as it is"


def problems(found: Found) -> tuple[Finding, ...]:
    """Report a Secret that is not in the stream, or has no data."""
    requirement = found.requirement
    if found.resource is None and found.hidden:
        message = f"{requirement.title} is hidden, so it is not checked here and nothing is filled"
        expected, fix = "a render without --hide-secret", "leave --hide-secret out"
        return (Finding(NOTE, "hidden", requirement.place, message, expected, fix),)
    if found.resource is None:
        message = f"{requirement.title}, which this contract fills, is not in the stream"
        return (Finding(ERROR, "secret-absent", requirement.place, message, "the Secret that the chart rendered", FIX),)
    if node := secret.tangle(found.resource):
        where = found.resource.place(found.objects.data, node)
        message = "the Secret has an anchor, an alias, a merge key or a key that is there twice: it can't be filled"
        return (Finding(ERROR, "secret-damaged", where, message, "each key of `data` once, with its own value", FIX),)
    block = found.resource.node.get("data")
    if not isinstance(block, Block) or not block.pairs or block.anchored or found.resource.item:
        where, message = found.resource.place(found.objects.data), "the Secret has no data that can be filled"
        return (Finding(ERROR, "secret-damaged", where, message, "`data`", FIX),)
    return ()
