"""SealedSecret, of Sealed Secrets (bitnami.com/v1alpha1).

How it is opened: `Unseal` in
https://github.com/bitnami-labs/sealed-secrets/blob/main/pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube import secret
from post_renderer.kube.manifest import Resource
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import Flaw, Product, templated, texts, unfetched, written

ENTRY = "{key} in spec.encryptedData: seal the whole Secret again with kubeseal"
# The engine has no "missingkey=error" here: it writes this text, or fails where a function gets it.
OUTCOME = "it is the text <no value>, or no Secret is made"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of its own name, whatever name its template has."""
    spec = resource.node.mapping("spec")
    if spec is None:
        return []
    sealed = texts(spec.mapping("encryptedData"))
    template = texts(spec.mapping("template", "data"))
    filled = {key: value for key, value in template.items() if not value.is_null}
    dropped = template.keys() - filled.keys()
    # What a template gives takes the place of what was sealed.
    keys: dict[str, Node] = {key: value for key, value in {**sealed, **filled}.items() if key not in dropped}
    more = "spec.data holds all keys in one sealed text" if _is_one_text(spec) else ""
    block = spec.get("encryptedData") or spec
    taken = () if more else unfetched(filled, sealed, "spec.encryptedData", OUTCOME)
    flaws = (*written(filled), *_unsealed(sealed), *taken)
    product = Product(resource, resource.name, resource.namespace, keys, block, ENTRY, more, flaws)
    product = product._replace(replaces=True, origins=templated(filled))
    return [product.typed(spec.mapping("template"))]


def _is_one_text(spec: Mapping) -> bool:
    """Whether it is sealed in the old way."""
    old = spec.get("data")
    return isinstance(old, Scalar) and bool(old.text)


def _unsealed(sealed: dict[str, Scalar]) -> Iterator[Flaw]:
    """What no controller can unseal: one such value, and no Secret is made."""
    for key, value in sealed.items():
        if not value.text or not secret.is_base64(value.text):
            yield Flaw("not-sealed", "is not what kubeseal makes", key, value, whole=True)
