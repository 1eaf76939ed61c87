"""What the pods of the stream take from Secrets and mount, each looked at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from post_renderer.kube import containers
from post_renderer.kube.manifest import POD_OWNERS, Resource

DRIVER = "secrets-store.csi.k8s.io"
DRIVERS = (DRIVER, "secrets-store-gke.csi.k8s.io")  # Google's managed add-on has a name of its own


class Pods:
    """The pods of a stream, by what a producer has to know of them."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._owners = [each for each in resources if each.kind in POD_OWNERS]

    @cached_property
    def taken(self) -> frozenset[tuple[str, str]]:
        """The namespaces and names of the Secrets that they take variables from."""
        return frozenset((owner.namespace, name) for owner in self._owners for name in containers.taken(owner))

    @cached_property
    def mounted(self) -> frozenset[tuple[str, str]]:
        """The namespaces and names of the SecretProviderClasses that they mount."""
        return frozenset((owner.namespace, name) for owner in self._owners for name in _mounted(owner))


def _mounted(owner: Resource) -> Iterator[str]:
    spec = (template := containers.pod(owner)) and template.mapping("spec")
    for volume in spec.items("volumes") if spec else ():
        csi = volume.mapping("csi")
        attributes = csi.mapping("volumeAttributes") if csi is not None and csi.text("driver") in DRIVERS else None
        if attributes is not None:
            yield attributes.text("secretProviderClass")
