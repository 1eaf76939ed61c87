"""The kinds of the Vault Secrets Operator (secrets.hashicorp.com/v1beta1): VaultStaticSecret and the like."""

from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Pods, Product, matches

ENTRY = "{key} in the Vault secret, or in spec.destination.transformation.templates"
MOST_FILTERS = 1000  # each required key is held against all of them
MORE = "it takes the keys that are in Vault"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of `destination.name`: the templates' keys, and those of Vault that the filters let through."""
    destination = resource.node.mapping("spec", "destination")
    if destination is None:
        return []
    transformation = destination.mapping("transformation")
    templates = transformation.mapping("templates") if transformation else None
    keys: dict[str, Node] = (
        {key.text: key for key, _ in templates.pairs if isinstance(key, Scalar)} if templates else {}
    )
    excludes = _texts(transformation, "excludes")
    includes = _texts(transformation, "includes")
    more = "" if any(matches(pattern, "") for pattern in excludes) else MORE
    if len(excludes) + len(includes) > MOST_FILTERS:
        excludes, includes, more = (), (), "it has too many filters"
    product = Product(
        resource,
        destination.text("name"),
        resource.namespace,
        keys,
        templates or transformation or destination,
        ENTRY,
        more,
        # It fills a Secret that is there, unless it is told to make one.
        whole=destination.text("create").lower() == "true",
        includes=includes,
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
