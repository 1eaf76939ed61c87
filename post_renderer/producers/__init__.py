"""The objects of the stream that make Secrets: which ones they make, and with which keys. A file for each operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from post_renderer.kube.manifest import Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.record import TYPE_CHECKING

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


def of(namespace: str, name: str, objects: Objects) -> tuple[Product, ...]:
    """What the objects of the stream put into the Secret of that namespace and name."""
    from post_renderer.producers.product import ANY

    return tuple(each for each in objects.once(_by_name).get(name, ()) if each.namespace in (namespace, ANY))


def _by_name(objects: Objects) -> Mapping[str, Sequence[Product]]:
    found: dict[str, list[Product]] = {}
    for each in every(objects):
        found.setdefault(each.name, []).append(each)
    return found


def every(objects: Objects) -> tuple[Product, ...]:
    """What the objects of the stream put into Secrets, whatever these are called."""
    return objects.once(_products)


def _products(objects: Objects) -> tuple[Product, ...]:
    return tuple(_made(objects.resources))


def _made(resources: Sequence[Resource]) -> Iterator[Product]:
    from importlib import import_module

    from post_renderer.producers.pods import Pods

    pods = Pods(resources)
    for resource in resources:
        group, module = PRODUCERS.get(resource.kind, ("", ""))
        if group and resource.group == group:
            yield from import_module(f"post_renderer.producers.{module}").makes(resource, pods)
