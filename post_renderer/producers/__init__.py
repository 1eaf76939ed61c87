"""The objects in the stream that make Secrets, a twin for each kind: which Secrets they make, and with which keys."""

from collections.abc import Iterable, Iterator

from post_renderer.kube.manifest import Resource
from post_renderer.producers import (
    cluster_external_secret,
    external_secret,
    sealed_secret,
    secret_provider_class,
    vault,
)
from post_renderer.producers.product import ANY, Product

PRODUCERS = {
    "ExternalSecret": external_secret,
    "ClusterExternalSecret": cluster_external_secret,
    "SealedSecret": sealed_secret,
    "VaultStaticSecret": vault,
    "VaultDynamicSecret": vault,
    "SecretProviderClass": secret_provider_class,
}


def of(namespace: str, name: str, resources: Iterable[Resource]) -> tuple[Product, ...]:
    """What the objects of the stream put into the Secret of that namespace and name."""
    everything = tuple(resources)
    return tuple(each for each in _products(everything) if each.name == name and each.namespace in (namespace, ANY))


def _products(resources: tuple[Resource, ...]) -> Iterator[Product]:
    for resource in resources:
        producer = PRODUCERS.get(resource.kind)
        if producer and resource.node.text("apiVersion").partition("/")[0] == producer.GROUP:
            yield from producer.makes(resource, resources)
