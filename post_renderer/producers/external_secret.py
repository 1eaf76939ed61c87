"""ExternalSecret, of the External Secrets Operator (external-secrets.io/v1, v1beta1 and v1alpha1)."""

import re

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Pods, Product, texts, written

REFERENCE = r"\{\{-?\s*\.(\w+)"  # what a template begins with in all but odd cases
VERSIONS = ("v1", "v1beta1", "v1alpha1")
ENTRY = "{{secretKey: {key}, remoteRef: {{key: …}}}} in spec.data"
TEMPLATE_ENTRY = "{key}: '{{{{ .{key} }}}}' in spec.target.template.data"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of `target.name`, else of its own name."""
    return made(resource, resource.node.mapping("spec"), resource.name, resource.namespace)


def made(resource: Resource, spec: Mapping | None, own: str, namespace: str) -> list[Product]:
    """What the spec of an ExternalSecret of that name and namespace makes."""
    target = spec.mapping("target") if spec else None
    manifest = target.mapping("manifest") if target else None
    if spec is None or (manifest and manifest.text("kind") != "Secret"):
        return []
    name = (target.text("name") if target else "") or own
    policy = target.text("creationPolicy") if target else ""
    found, more = _fetched(spec)
    product = Product(resource, name, namespace, found, spec.get("data") or spec, ENTRY, more)
    product = _templated(product, target.mapping("template")) if target else product
    product = product._replace(whole=policy not in ("Merge", "None"))
    if policy == "None":
        return [product._replace(keys={}, more="its creationPolicy is None: it makes no Secret")]
    if resource.node.text("apiVersion").partition("/")[2] not in VERSIONS:
        return [product._replace(keys={}, more="its apiVersion is not one that is known here")]
    return [product]


def _fetched(spec: Mapping) -> tuple[dict[str, Node], str]:
    """The keys of `data`, and why there may be more."""
    keys = {entry.text("secretKey"): entry.get("secretKey") or entry for entry in spec.items("data")}
    more = "spec.dataFrom takes whatever keys are there" if any(spec.items("dataFrom")) else ""
    return keys, more


def _templated(product: Product, template: Mapping | None) -> Product:
    """What a template makes of it: it replaces what was fetched, unless that is to be merged or it has no data."""
    if template is None:
        return product
    values = texts(template.mapping("data"))
    files = [each for each in template.items("templateFrom") if each.text("target") in ("", "Data")]
    if not values and not any(template.items("templateFrom")):
        return product
    keys: dict[str, Node] = {**_files(files), **values}
    more = "spec.target.template.templateFrom makes keys that are not in the stream" if _is_open(files) else ""
    flaws = {**({} if product.more else _unfetched(values, product)), **written(values)}
    if template.text("mergePolicy") == "Merge":
        return product._replace(keys={**product.keys, **keys}, more=product.more or more, flaws=flaws)
    block = template.get("data") or template
    return product._replace(keys=keys, more=more, flaws=flaws, block=block, entry=TEMPLATE_ENTRY)


def _unfetched(values: dict[str, Scalar], product: Product) -> dict[str, tuple[str, str]]:
    """The keys made from something that is not fetched: one such template, and the operator makes no Secret."""
    found = {
        key: [name for name in re.findall(REFERENCE, value.text) if name not in product.keys]
        for key, value in values.items()
    }
    text = "is made from something that spec.data does not fetch"
    return {key: ("unfetched", text) for key, names in found.items() if names}


def _files(sources: list[Mapping]) -> dict[str, Node]:
    """The keys of templates that are files of a ConfigMap or Secret: each is called as its file is."""
    found: dict[str, Node] = {}
    for source in sources:
        for item in (
            item for kind in ("configMap", "secret") if (s := source.mapping(kind)) for item in s.items("items")
        ):
            if item.text("templateAs") in ("", "Values"):
                found[item.text("key")] = item
    return found


def _is_open(sources: list[Mapping]) -> bool:
    """Whether templates make their keys when they run."""
    for source in sources:
        items = [item for kind in ("configMap", "secret") if (s := source.mapping(kind)) for item in s.items("items")]
        if not items or any(item.text("templateAs") not in ("", "Values") for item in items):
            return True
    return False
