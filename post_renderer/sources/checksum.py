"""The pods that wait for the checksum of a Secret that they take variables from, and what fills it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from post_renderer.kube import containers, secret
from post_renderer.kube.manifest import POD_OWNERS
from post_renderer.kube.objects import Objects
from post_renderer.model.report import Edit
from post_renderer.rules import policy
from post_renderer.sources.resolution import Resolution


def edits(objects: Objects, resolutions: Sequence[Resolution]) -> Iterator[Edit]:
    """Fill the empty checksum annotations of the pods that take variables from a Secret whose values are known."""
    owners = [each for each in objects.resources if each.kind in POD_OWNERS]
    waiting = [(each, node) for each in owners if (node := containers.checksum(each))]
    if not waiting:
        return
    known: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for number, each in enumerate(resolutions):
        if each.found.resource and (digest := _digest(each.values.values)):
            name = (each.found.requirement.namespace, each.found.requirement.secret)
            known.setdefault(name, []).append((number, digest))
    for resource, node in waiting:
        found = [each for name in set(containers.taken(resource)) for each in known.get((resource.namespace, name), ())]
        digests = [digest for _, digest in sorted(found)]
        if digests:
            yield Edit(node.start, node.end, f'"{"-".join(dict.fromkeys(digests))}"'.encode())


def _digest(values: Mapping[str, bytes]) -> str:
    """The digest over all values that goes into the pod, so that a change restarts it.

    Empty if all values are short: such a digest would let a dictionary find them.
    """
    if all(len(value.decode(errors="replace")) < policy.DIGEST_LENGTH for value in values.values()):
        return ""
    import hashlib  # costs more than the rest of this module, and most streams need none

    lines = "".join(f"{key}={secret.encode(values[key])}\n" for key in sorted(values))
    return hashlib.sha256(lines.encode()).hexdigest()
