"""ExternalSecret, of the External Secrets Operator (external-secrets.io/v1, v1beta1 and v1alpha1).

What it makes of its fields: https://external-secrets.io/latest/api/externalsecret/ and, for what the pages leave open,
https://github.com/external-secrets/external-secrets/tree/main/pkg/controllers/externalsecret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube.manifest import Resource
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import (
    FILLS,
    MAKES,
    MAKES_OR_FILLS,
    NOTHING,
    Flaw,
    Product,
    templated,
    texts,
    unfetched,
    written,
)

VERSIONS = ("v1", "v1beta1", "v1alpha1")
ENTRY = "{{secretKey: {key}, remoteRef: {{key: …}}}} in spec.data"
TEMPLATE_ENTRY = "{key}: '{{{{ .{key} }}}}' in spec.target.template.data"
# https://external-secrets.io/latest/guides/ownership-deletion-policy/
ROLES = {"": MAKES, "Owner": MAKES, "Orphan": MAKES, "CreateOrMerge": MAKES_OR_FILLS, "Merge": FILLS, "None": NOTHING}
IDLE = {
    FILLS: "its creationPolicy is Merge: it adds to a Secret that is there, and makes none",
    NOTHING: "its creationPolicy is None: it makes no Secret",
}
# https://external-secrets.io/latest/guides/generator/: every refresh makes a new set of values. Tokens of a cloud are
# to be renewed; these are kept by an application that has stored them.
RANDOM = ("Password", "UUID", "SSHKey", "ClusterGenerator")
NO_TIME = re.compile(r"-.*|\+?(?:0+(?:\.0*)?(?:ns|us|µs|ms|s|m|h)?)+")  # a Go duration that is not above 0
ONCE = "refreshPolicy: CreatedOnce"
# https://external-secrets.io/latest/guides/decoding-strategy/
DECODED = (
    "is decoded as base64 if it can be, and hexadecimal digits can: decodingStrategy Auto makes other bytes of them"
)


SAME_PLACE = "is taken from the same place as {}: both get one value"
SAME_WHOLE = "is taken from the same secret as {}, without a property: each gets all of it, such as a JSON text"


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
    role = ROLES.get(policy, MAKES)
    found, more = _fetched(spec)
    fetching = (*_sources(spec), *_generators(spec))
    product = Product(
        resource, name, namespace, found, spec.get("data") or spec, ENTRY, more, fetching, origins=_origins(spec)
    )
    product = _templated(product, target.mapping("template")) if target else product
    product = product._replace(role=role, idle=IDLE.get(role, ""))
    if role == NOTHING:
        return [product._replace(keys={}, more="")]
    if resource.node.text("apiVersion").partition("/")[2] not in VERSIONS:
        return [product._replace(keys={}, more="its apiVersion is not one that is known here")]
    if policy not in ROLES:
        text = "has a creationPolicy that the operator does not know: the API server refuses it"
        node = target.get("creationPolicy") if target else None
        return [product.flawed(Flaw("makes-no-secret", text, node=node, whole=True, fix="creationPolicy: Owner"))]
    if product.keys and not found and not more:
        return [product.flawed(Flaw("makes-no-secret", "fetches nothing, and then makes no Secret", whole=True))]
    return [product]


def _fetched(spec: Mapping) -> tuple[dict[str, Node], str]:
    """The keys of `data`, and why there may be more."""
    keys = {entry.text("secretKey"): entry.get("secretKey") or entry for entry in spec.items("data")}
    more = "spec.dataFrom takes whatever keys are there" if any(spec.items("dataFrom")) else ""
    return keys, more


def _sources(spec: Mapping) -> Iterator[Flaw]:
    """What is wrong with where the values come from."""
    before: set[str] = set()
    for entry in spec.items("data"):
        key, node = entry.text("secretKey"), entry.get("secretKey") or entry
        if key in before:
            text = "is in spec.data twice: the operator's webhook refuses it, and without that the last one counts"
            yield Flaw("key-twice", text, key, node)
        before.add(key)
        yield from _source(entry, key, node)
    for entry in spec.items("dataFrom"):
        for block in (entry.mapping("extract"), entry.mapping("find")):
            if block is not None and block.text("decodingStrategy") == "Auto":
                yield Flaw("decoded", f"takes values that it may spoil: each {DECODED}", node=block)


def _source(entry: Mapping, key: str, node: Node) -> Iterator[Flaw]:
    if entry.mapping("sourceRef", "generatorRef"):
        # https://external-secrets.io/latest/api/spec/: "not implemented in .data[]"; the whole sync fails.
        text = "names a generator, which spec.data does not take: no Secret is made"
        yield Flaw("generator-in-data", text, key, node, whole=True, fix="put the generator into spec.dataFrom")
    remote = entry.mapping("remoteRef")
    if remote is not None and remote.text("decodingStrategy") == "Auto":
        yield Flaw("decoded", DECODED, key, remote.get("decodingStrategy"))


def _origins(spec: Mapping) -> dict[str, tuple[str, ...]]:
    """What the operator asks the manager for: two entries with the same get the same value."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in spec.items("data"):
        remote, store = entry.mapping("remoteRef"), entry.mapping("sourceRef", "storeRef")
        asked = [remote.text(field) if remote else "" for field in ("key", "property", "version", "metadataPolicy")]
        of = (store.text("kind"), store.text("name")) if store else ()
        if any(asked):
            found[entry.text("secretKey")] = (SAME_PLACE if asked[1] else SAME_WHOLE, *asked, *of)
    return found


def _generators(spec: Mapping) -> Iterator[Flaw]:
    """A generator whose values change while somebody has stored them."""
    interval, policy = spec.get("refreshInterval"), spec.text("refreshPolicy")
    stopped = isinstance(interval, Scalar) and bool(NO_TIME.fullmatch(interval.text.strip()))
    if policy == "CreatedOnce" or (stopped and policy != "OnChange"):
        return
    when = "whenever this object changes" if policy == "OnChange" else "at every refresh"
    for entry in spec.items("dataFrom"):
        generator = entry.mapping("sourceRef", "generatorRef")
        if generator is not None and generator.text("kind") in RANDOM:
            text = f"makes new values {when}: a database and an application that stored the old ones refuse them"
            yield Flaw("generator-refreshes", text, node=generator, fix=ONCE)


def _templated(product: Product, template: Mapping | None) -> Product:
    """What a template makes of it: it replaces what was fetched, unless that is to be merged or it has no data."""
    if template is None:
        return product
    values = texts(template.mapping("data"))
    files = [each for each in template.items("templateFrom") if each.text("target").lower() in ("", "data")]
    if not values and not any(template.items("templateFrom")):
        return product.typed(template)
    keys: dict[str, Node] = {**_files(files), **values}
    more = "spec.target.template.templateFrom makes keys that are not in the stream" if _is_open(files) else ""
    # A name that is not there is an error to it: Option("missingkey=error") in runtime/template/v2.
    taken = unfetched(values, product.keys, "spec.data", "no Secret is made")
    flaws = (*product.flaws, *(() if product.more else taken), *written(values), *_decoded(files))
    origins = {**product.origins, **templated(values)}
    if template.text("mergePolicy") == "Merge":
        merged = product._replace(keys={**product.keys, **keys}, more=product.more or more, flaws=flaws)
        merged = merged._replace(origins=origins)
        return merged.typed(template)
    block = template.get("data") or template
    replaced = product._replace(keys=keys, more=more, flaws=flaws, block=block, entry=TEMPLATE_ENTRY, origins=origins)
    return replaced.typed(template)


def _decoded(files: list[Mapping]) -> Iterator[Flaw]:
    """Templates from elsewhere whose results are decoded if they can be."""
    for each in files:
        if each.text("valuesDecodingStrategy") == "Auto":
            yield Flaw("decoded", f"takes values that it may spoil: each {DECODED}", node=each)


def _files(sources: list[Mapping]) -> dict[str, Node]:
    """The keys of templates that are files of a ConfigMap or Secret: each is called as its file is."""
    return {item.text("key"): item for source in sources for item in _items(source) if _is_value(item)}


def _is_open(sources: list[Mapping]) -> bool:
    """Whether templates make their keys when they run."""
    every = [list(_items(source)) for source in sources]
    return any(not items or not all(map(_is_value, items)) for items in every)


def _items(source: Mapping) -> Iterator[Mapping]:
    for kind in ("configMap", "secret"):
        block = source.mapping(kind)
        yield from block.items("items") if block else ()


def _is_value(item: Mapping) -> bool:
    return item.text("templateAs") in ("", "Values")
