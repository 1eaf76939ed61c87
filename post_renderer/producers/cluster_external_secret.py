"""ClusterExternalSecret, which makes an ExternalSecret in each of the namespaces that it selects.

https://external-secrets.io/latest/api/clusterexternalsecret/
"""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Scalar, Sequence
from post_renderer.kube.manifest import Resource
from post_renderer.producers import external_secret
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import ANY, NOTHING, Product, texts

# The label that each namespace has (https://kubernetes.io/docs/reference/labels-annotations-taints/).
NAME = "kubernetes.io/metadata.name"
UNSURE = "it chooses namespaces by labels, which only the cluster knows"
NOWHERE = "it selects no namespace: it makes nothing"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secrets of its ExternalSecrets: one for each namespace that is named, or for those that labels select."""
    spec = resource.node.mapping("spec")
    if spec is None:
        return []
    own = spec.text("externalSecretName") or resource.name
    inner = spec.mapping("externalSecretSpec")
    namespaces = dict.fromkeys(_namespaces(spec))
    if not namespaces:
        made = external_secret.made(resource, inner, own, ANY)
        return [product._replace(role=NOTHING, idle=NOWHERE) for product in made]
    return [
        product._replace(unsure=unsure)
        for namespace, unsure in namespaces
        for product in external_secret.made(resource, inner, own, namespace)
    ]


def _namespaces(spec: Mapping) -> Iterator[tuple[str, str]]:
    """The namespaces, each with why that is not certain; the fields add up, and none of them means no namespace."""
    for name in _texts(spec, "namespaces"):
        yield name, ""
    selectors = [*spec.items("namespaceSelectors"), spec.mapping("namespaceSelector")]
    for selector in selectors:
        if selector is None:
            continue
        labels = texts(selector.mapping("matchLabels"))
        expressions = list(selector.items("matchExpressions"))
        if not labels and not expressions:  # an empty selector selects all
            yield ANY, ""
        else:
            yield from _selected({key: value.text for key, value in labels.items()}, expressions)


def _selected(labels: dict[str, str], expressions: list[Mapping]) -> Iterator[tuple[str, str]]:
    """The namespaces that all conditions of a selector allow: those that are named, if any are."""
    named = [{labels[NAME]}] if NAME in labels else []
    named += [
        set(_texts(each, "values")) for each in expressions if (each.text("key"), each.text("operator")) == (NAME, "In")
    ]
    unsure = UNSURE if len(labels) + len(expressions) > len(named) else ""
    if not named:
        yield ANY, UNSURE
    for name in sorted(set.intersection(*named)) if named else ():
        yield name, unsure


def _texts(block: Mapping, key: str) -> list[str]:
    node = block.get(key)
    return [each.text for each in node.items if isinstance(each, Scalar)] if isinstance(node, Sequence) else []
