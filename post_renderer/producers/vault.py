"""The kinds of the Vault Secrets Operator (secrets.hashicorp.com/v1beta1): VaultStaticSecret and the like."""

from post_renderer.document.nodes import Mapping, Scalar, Sequence
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Product, matches

ENTRY = "{key} in the Vault secret, or in spec.destination.transformation.templates"
MORE = "it takes the keys that are in Vault"


def makes(resource: Resource, resources: tuple[Resource, ...]) -> list[Product]:
    """The Secret of `destination.name`: the templates' keys, and those of Vault that the filters let through."""
    destination = resource.node.mapping("spec", "destination")
    if destination is None:
        return []
    transformation = destination.mapping("transformation")
    templates = transformation.mapping("templates") if transformation else None
    keys = {name: key for name, (key, _) in templates.entries.items()} if templates else {}
    excludes = _texts(transformation, "excludes")
    more = "" if any(matches(pattern, "") for pattern in excludes) else MORE
    product = Product(
        resource,
        destination.text("name"),
        resource.namespace,
        keys,
        templates or transformation or destination,
        ENTRY,
        more,
        # It fills a Secret that is there, unless it is told to make one.
        whole=destination.flag("create"),
        includes=_texts(transformation, "includes"),
        excludes=excludes,
    )
    if transformation and any(transformation.items("transformationRefs")):
        more = "spec.destination.transformation.transformationRefs bring templates of their own"
        return [product._replace(more=more, includes=(), excludes=())]
    return [product]


def _texts(block: Mapping | None, key: str) -> tuple[str, ...]:
    """A list of texts."""
    node = block.get(key) if block else None
    return tuple(each.text for each in node.items if isinstance(each, Scalar)) if isinstance(node, Sequence) else ()
