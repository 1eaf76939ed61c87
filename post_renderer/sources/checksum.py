"""The pods that wait for the checksum of a Secret that they take variables from, and what fills it."""

from collections.abc import Iterable, Iterator

from post_renderer.document.nodes import Scalar
from post_renderer.kube import secret, workload
from post_renderer.kube.manifest import POD_OWNERS, SECRET, Resource
from post_renderer.kube.workload import Container
from post_renderer.model.report import Edit
from post_renderer.sources.case import Case, Verdict

CHECKSUM = "checksum/secrets"


def edits(resources: Iterable[Resource], verdicts: list[tuple[Case, Verdict]]) -> Iterator[Edit]:
    """The empty checksum annotations of the pods that take variables from a Secret whose values are known."""
    for resource in resources:
        if resource.kind not in POD_OWNERS or not (node := empty(resource)):
            continue
        digests = [
            digest
            for case, verdict in verdicts
            if case.resource and verdict.secret and resource.same(case.contract.namespace, resource.name)
            if takes_from(resource, case.contract.secret) and (digest := secret.digest(verdict.secret.values))
        ]
        if digests:
            yield Edit(node.start, node.end, f'"{"-".join(dict.fromkeys(digests))}"'.encode())


def takes_from(resource: Resource, name: str) -> bool:
    """Whether a container of an object's pod takes a variable from a Secret."""
    return any(name in _secrets(container) for container in workload.containers(resource))


def _secrets(container: Container) -> Iterator[str]:
    """The names of the Secrets that a container takes variables from."""
    for variable in container.node.items("env"):
        if source := variable.mapping("valueFrom", "secretKeyRef"):
            yield source.text("name")
    yield from (name for kind, name, _, _ in workload.whole_sources(container) if kind == SECRET)


def empty(resource: Resource) -> Scalar | None:
    """The pod's checksum annotation, where it waits to be filled."""
    template = workload.pod(resource)
    annotations = template.mapping("metadata", "annotations") if template else None
    node = annotations.get(CHECKSUM) if annotations else None
    return node if isinstance(node, Scalar) and not node.value and not node.plain else None
