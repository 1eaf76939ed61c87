"""Cluster, of CloudNativePG (postgresql.cnpg.io/v1): a database, and Secrets for its users."""

from post_renderer.document.nodes import Mapping, Node
from post_renderer.kube.manifest import Resource
from post_renderer.producers.product import Pods, Product

ENTRY = "a key that the operator writes: username, password, host, port, dbname, uri, jdbc-uri, pgpass"
# https://cloudnative-pg.io/documentation/current/applications/
KEYS = ("username", "user", "password", "host", "port", "dbname", "uri", "jdbc-uri", "pgpass")
MORE = "versions of the operator differ in the further keys that they write"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of the application's user, and the superuser's if it is asked for; not one that the user names."""
    spec = resource.node.mapping("spec")
    if spec is None:
        return []
    made = [] if _is_given(spec, "bootstrap", "initdb", "secret") else [f"{resource.name}-app"]
    if spec.text("enableSuperuserAccess") == "true" and not _is_given(spec, "superuserSecret"):
        made.append(f"{resource.name}-superuser")
    keys: dict[str, Node] = dict.fromkeys(KEYS, spec)
    return [Product(resource, name, resource.namespace, keys, spec, ENTRY, MORE) for name in made]


def _is_given(spec: Mapping, *path: str) -> bool:
    """Whether the user names a Secret: the operator then reads it, and makes none."""
    block = spec.mapping(*path)
    return block is not None and bool(block.text("name"))
