"""What changes in the stream: guards go, Secrets and checksums are filled, or every judged value is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.document import stream
from post_renderer.kube import manifest, secret
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import Finding
from post_renderer.model.report import Edit
from post_renderer.model.requirement import INLINE, WHOLE
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker
from post_renderer.rules import policy
from post_renderer.sources import checksum
from post_renderer.sources.resolution import Resolution

PLAIN = (*policy.KEYS, *policy.OPTIONAL)  # keys that stand in a Secret without quotes, as the chart writes them


def unhidden(
    objects: Objects, resolved: Sequence[tuple[Asker, list[Resolution]]], edits: Sequence[Edit], settings: Settings
) -> tuple[Finding, ...]:
    """Report the values that are in the stream after its redaction; none without --redact."""
    if not settings.redact:
        return ()
    from post_renderer.sources import redaction

    return tuple(redaction.left(objects, edits, [each for _, asked in resolved for each in asked]))


def edits(objects: Objects, resolved: Sequence[tuple[Asker, list[Resolution]]], settings: Settings) -> list[Edit]:
    """All edits of the stream, in order; the same edit for several askers is one."""
    found = set(_guards(objects))
    resolutions = [each for _, asked in resolved for each in asked]
    if settings.redact:
        from post_renderer.sources import redaction

        return sorted(found.union(redaction.edits(objects, resolutions, settings)))
    found.update(_filled(objects, resolutions))
    found.update(checksum.edits(objects, [each[0] for asker, each in resolved if asker.workload is None]))
    return sorted(found)


def _guards(objects: Objects) -> Iterator[Edit]:
    """The documents that only make API servers refuse."""
    for guard in filter(manifest.is_guard, objects.resources):
        start = guard.document.start
        yield Edit(start + len(stream.BOM) * objects.data.startswith(stream.BOM, start), guard.document.end, b"")


def _filled(objects: Objects, resolutions: Sequence[Resolution]) -> Iterator[Edit]:
    """The values of Secrets; those of one Secret together, since several workloads may ask for them."""
    keys: dict[int, dict[str, bytes]] = {}
    resources = {}
    for each in resolutions:
        resource, requirement = each.found.resource, each.found.requirement
        if resource is None or each.fills is None:
            continue
        if requirement.fills == WHOLE:
            yield secret.fill(objects.data, resource, each.fills, PLAIN)
        elif requirement.approach == INLINE and requirement.references:
            fields = objects.fields(resource)
            yield from (secret.fill_one(objects.data, fields[key], value) for key, value in each.fills.items())
        else:
            resources[resource.node.start] = resource
            keys.setdefault(resource.node.start, {}).update(each.fills)
    for start, values in keys.items():
        from post_renderer.sources import fill

        yield from fill.edits(objects.data, resources[start], values)
