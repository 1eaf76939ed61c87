"""The objects of the stream that make Secrets: which ones they make, and with which keys. A file for each operator."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from post_renderer.kube.manifest import Resource

if TYPE_CHECKING:  # each costs a start, and most streams need none
    from post_renderer.producers.product import Product

# Each kind with its API group and the module that knows it. To add one: a file, a line here, and `make generate`.
PRODUCERS = {
    "ExternalSecret": ("external-secrets.io", "external_secret"),
    "ClusterExternalSecret": ("external-secrets.io", "cluster_external_secret"),
    "SealedSecret": ("bitnami.com", "sealed_secret"),
    "VaultStaticSecret": ("secrets.hashicorp.com", "vault"),
    "VaultDynamicSecret": ("secrets.hashicorp.com", "vault"),
    "VaultPKISecret": ("secrets.hashicorp.com", "vault"),
    "SecretProviderClass": ("secrets-store.csi.x-k8s.io", "secret_provider_class"),
    "Cluster": ("postgresql.cnpg.io", "cloudnative_pg"),
}
# What a document has in which one of those kinds is that document/stream.py does not find by the word `Secret`.
MARKS = (b"postgresql.cnpg.io",)


def of(namespace: str, name: str, resources: Iterable[Resource]) -> "tuple[Product, ...]":
    """What the objects of the stream put into the Secret of that namespace and name."""
    from post_renderer.producers.product import ANY

    everything = tuple(resources)
    return tuple(each for each in _products(everything) if each.name == name and each.namespace in (namespace, ANY))


def _products(resources: tuple[Resource, ...]) -> "Iterator[Product]":
    for resource in resources:
        group, module = PRODUCERS.get(resource.kind, ("", ""))
        if group and resource.group == group:
            yield from import_module(f"post_renderer.producers.{module}").makes(resource, resources)
