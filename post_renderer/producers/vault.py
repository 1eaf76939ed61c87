"""The kinds of the Vault Secrets Operator (secrets.hashicorp.com/v1beta1): VaultStaticSecret and the like.

https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference
"""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import WARNING
from post_renderer.producers import templates
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import FILLS, MAKES, Flaw, Product, matches, templated, written

ENTRY = "{key} in the Vault secret, or in spec.destination.transformation.templates"
MOST_FILTERS = 1000  # each required key is held against all of them
MORE = "it takes the keys that are in Vault"
REFERENCES = "spec.destination.transformation.transformationRefs bring templates of their own"
IDLE = "its destination has no `create: true`: it fills a Secret that is there, and makes none"
# What its templates get: SecretInput in
# https://github.com/hashicorp/vault-secrets-operator/blob/main/helpers/template.go.
INPUT = frozenset(("Secrets", "WrapData", "Metadata", "Annotations", "Labels"))
UNFETCHED = "is made from something that its template does not have: it has .Secrets, as in {{ get .Secrets …}}"
# What Vault answers when it issues a certificate: PKICertResponse in
# https://github.com/hashicorp/vault-secrets-operator/blob/main/vault/vault.go, and for a Secret of the type
# kubernetes.io/tls the keys of that type, unless there are templates.
ISSUED = ("certificate", "private_key", "private_key_type", "serial_number", "expiration", "issuing_ca", "ca_chain")
TLS, TLS_KEYS = "kubernetes.io/tls", ("tls.crt", "tls.key", "ca.crt")


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of `destination.name`: the templates' keys, and those of Vault that the filters let through."""
    destination = resource.node.mapping("spec", "destination")
    if destination is None:
        return []
    transformation = destination.mapping("transformation")
    block = transformation.mapping("templates") if transformation else None
    found = _templates(block)
    includes, excludes = _texts(transformation, "includes"), _texts(transformation, "excludes")
    more = "" if any(matches(pattern, "") for pattern in excludes) else MORE
    if len(excludes) + len(includes) > MOST_FILTERS:
        excludes, includes, more = (), (), "it has too many filters"
    product = Product(
        resource,
        destination.text("name"),
        resource.namespace,
        dict(found),
        block or transformation or destination,
        ENTRY,
        more,
        tuple(_flaws(found)),
        MAKES if destination.flag("create") else FILLS,
        IDLE,
        includes=includes,
        excludes=excludes,
        over=destination.flag("overwrite"),
        # `dest.Data = data` in https://github.com/hashicorp/vault-secrets-operator/blob/main/helpers/secrets.go
        replaces=True,
        origins=templated(found),
    )
    if transformation and any(transformation.items("transformationRefs")):
        return [product._replace(more=REFERENCES, includes=(), excludes=())]
    if resource.kind == "VaultPKISecret":
        product = _issued(product, destination)
    return [product.typed(destination)]


def _issued(product: Product, destination: Mapping) -> Product:
    """What a certificate brings: the keys that are known, and no others."""
    brought = [key for key in ISSUED if product.may_hold(key)]
    if destination.text("type") == TLS and not product.keys and brought:
        brought += TLS_KEYS
    keys: dict[str, Node] = {**dict.fromkeys(brought, destination), **product.keys}
    return product._replace(keys=keys, more="")


def _templates(block: Mapping | None) -> dict[str, Scalar]:
    """The templates by key; one without a text has its key's place."""
    found: dict[str, Scalar] = {}
    for name, (key, value) in block.entries.items() if block else ():
        if isinstance(key, Scalar):
            text = value.get("text") if isinstance(value, Mapping) else None
            found[name] = text if isinstance(text, Scalar) else key._replace(value="")
    return found


def _flaws(found: dict[str, Scalar]) -> Iterator[Flaw]:
    yield from written(found)
    for key, value in found.items():
        template = templates.parse(value.text)
        if not INPUT.issuperset(template.fields()):
            severity = WARNING if template.is_conditional else ""
            yield Flaw("unfetched", f"{UNFETCHED}: no Secret is made", key, value, severity, whole=not severity)


def _texts(block: Mapping | None, key: str) -> tuple[str, ...]:
    """A list of texts."""
    node = block.get(key) if block else None
    return tuple(each.text for each in node.items if isinstance(each, Scalar)) if isinstance(node, Sequence) else ()
