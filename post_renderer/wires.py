"""Which pods take their variables from a Secret."""

from collections.abc import Iterator

from post_renderer.manifest import Resource
from post_renderer.nodes import Mapping, Scalar

CHECKSUM = "checksum/secrets"

# Where each kind of object has its pod (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/).
POD_PATHS = {"Pod": (), "CronJob": ("spec", "jobTemplate", "spec", "template")}
TEMPLATE = ("spec", "template")


def pod(resource: Resource) -> Mapping | None:
    """The pod that an object makes: a mapping with `metadata` and `spec`."""
    return resource.node.mapping(*POD_PATHS.get(resource.kind, TEMPLATE))


def takes_from(resource: Resource, secret: str) -> bool:
    """Whether a container of the object's pod takes a variable from a Secret."""
    spec = (template := pod(resource)) and template.mapping("spec")
    return secret in _secrets(spec) if spec else False


def empty_checksum(resource: Resource) -> Scalar | None:
    """The pod's checksum annotation, where it waits to be filled."""
    template = pod(resource)
    annotations = template.mapping("metadata", "annotations") if template else None
    node = annotations.get(CHECKSUM) if annotations else None
    return node if isinstance(node, Scalar) and not node.value and not node.plain else None


def _secrets(spec: Mapping) -> Iterator[str]:
    """The names of the Secrets that a pod's containers take variables from."""
    for container in (*spec.items("initContainers"), *spec.items("containers")):
        for variable in container.items("env"):
            if source := variable.mapping("valueFrom", "secretKeyRef"):
                yield source.text("name")
        for block in container.items("envFrom"):
            if source := block.mapping("secretRef"):
                yield source.text("name")
