"""SecretProviderClass, of the Secrets Store CSI driver (secrets-store.csi.x-k8s.io/v1 and v1alpha1)."""

from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Node
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Pods, Product, texts

DRIVER = "secrets-store.csi.k8s.io"
ENTRY = "{{key: {key}, objectName: …}} in the data of this entry of spec.secretObjects"
UNMOUNTED = (
    "the pod that needs this Secret does not mount the SecretProviderClass: the driver makes it for a pod that does"
)


def makes(resource: Resource, pods: Pods) -> Iterator[Product]:
    """A Secret for each of `secretObjects`."""
    spec = resource.node.mapping("spec")
    objects = " ".join(value.text for value in texts(spec.mapping("parameters")).values()) if spec else ""
    for entry in spec.items("secretObjects") if spec else ():
        keys: dict[str, Node] = {item.text("key"): item.get("key") or item for item in entry.items("data")}
        name = entry.text("secretName")
        yield Product(
            resource,
            name,
            resource.namespace,
            keys,
            entry.get("data") or entry,
            ENTRY,
            flaws=_flaws(entry, objects),
            warning="" if _is_mounted(resource, name, pods) else UNMOUNTED,
        )


def _flaws(entry: Mapping, objects: str) -> dict[str, tuple[str, str]]:
    """The keys whose object the driver does not fetch: it knows only what `parameters` name."""
    return {
        item.text("key"): ("unknown-object", "is taken from an object that spec.parameters don't name")
        for item in entry.items("data")
        if item.text("objectName") not in objects or not item.text("objectName")
    }


def _is_mounted(resource: Resource, secret: str, pods: Pods) -> bool:
    """Whether a pod in the stream mounts the class, or none there takes anything from the Secret."""
    return (DRIVER, resource.name) in pods.mounted or secret not in pods.taken
