"""ClusterExternalSecret, which makes an ExternalSecret in each of the namespaces that it selects."""

from post_renderer.kube.manifest import Resource
from post_renderer.producers import external_secret
from post_renderer.producers.product import ANY, Pods, Product


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of its ExternalSecrets; labels select the namespaces, so which they are can't be known here."""
    spec = resource.node.mapping("spec")
    own = (spec.text("externalSecretName") if spec else "") or resource.name
    return external_secret.made(resource, spec.mapping("externalSecretSpec") if spec else None, own, ANY)
