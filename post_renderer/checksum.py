"""Which pods wait for the checksum of a Secret that they take variables from."""

from collections.abc import Iterator

from post_renderer import workload
from post_renderer.manifest import SECRET, Resource
from post_renderer.nodes import Scalar
from post_renderer.workload import Container

CHECKSUM = "checksum/secrets"


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
