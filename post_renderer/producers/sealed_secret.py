"""SealedSecret, of Sealed Secrets (bitnami.com/v1alpha1)."""

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube import secret
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Pods, Product, is_null, texts, written

ENTRY = "{key} in spec.encryptedData: seal the whole Secret again with kubeseal"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of its own name, whatever name its template has."""
    spec = resource.node.mapping("spec")
    if spec is None:
        return []
    sealed = texts(spec.mapping("encryptedData"))
    template = texts(spec.mapping("template", "data"))
    templated = {key: value for key, value in template.items() if not is_null(value)}
    dropped = template.keys() - templated.keys()
    keys: dict[str, Node] = {key: value for key, value in {**templated, **sealed}.items() if key not in dropped}
    more = "spec.data holds all keys in one sealed text" if _is_one_text(spec) else ""
    block = spec.get("encryptedData") or spec
    flaws = {**written({key: templated[key] for key in templated.keys() - sealed.keys()}), **_unsealed(sealed)}
    flaws = {key: flaw for key, flaw in flaws.items() if key in keys}
    return [Product(resource, resource.name, resource.namespace, keys, block, ENTRY, more, flaws=flaws)]


def _is_one_text(spec: Mapping) -> bool:
    """Whether it is sealed in the old way."""
    old = spec.get("data")
    return isinstance(old, Scalar) and bool(old.text)


def _unsealed(sealed: dict[str, Scalar]) -> dict[str, tuple[str, str]]:
    """What no controller can unseal: one such value, and no Secret is made."""
    bad = [key for key, value in sealed.items() if not value.text or not secret.is_base64(value.text)]
    return dict.fromkeys(bad, ("not-sealed", "is not what kubeseal makes"))
