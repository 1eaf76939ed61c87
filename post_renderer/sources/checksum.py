"""The pods that wait for the checksum of a Secret that they take variables from, and what fills it."""

from collections.abc import Iterator, Mapping, Sequence

from post_renderer.kube import containers, secret
from post_renderer.kube.manifest import POD_OWNERS
from post_renderer.kube.objects import Objects
from post_renderer.model.report import Edit
from post_renderer.rules import policy
from post_renderer.sources.resolution import Resolution


def edits(objects: Objects, resolutions: Sequence[Resolution]) -> Iterator[Edit]:
    """Fill the empty checksum annotations of the pods that take variables from a Secret whose values are known."""
    for resource in objects.resources:
        if resource.kind not in POD_OWNERS or not (node := containers.checksum(resource)):
            continue
        digests = [
            digest
            for each in resolutions
            if each.found.resource and each.found.requirement.namespace == resource.namespace
            if containers.takes_from(resource, each.found.requirement.secret)
            and (digest := _digest(each.values.values))
        ]
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
