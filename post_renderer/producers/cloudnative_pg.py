"""Cluster, of CloudNativePG (postgresql.cnpg.io/v1): a database, and Secrets for its users.

Which it makes: `ShouldCreateApplicationSecret` and `GetApplicationSecretName` in
https://github.com/cloudnative-pg/cloudnative-pg/blob/main/api/v1/cluster_funcs.go; what they hold: `CreateSecret` in
https://github.com/cloudnative-pg/cloudnative-pg/blob/main/pkg/specs/secrets.go.
"""

from __future__ import annotations

from post_renderer.document.nodes import Mapping, Node
from post_renderer.kube.manifest import Resource
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import Product

ENTRY = "a key that the operator writes: username, password, host, port, dbname, uri, jdbc-uri, pgpass"
# https://cloudnative-pg.io/documentation/current/applications/
KEYS = ("username", "user", "password", "host", "port", "dbname", "uri", "jdbc-uri", "pgpass")
MORE = "versions of the operator differ in the further keys that they write"


def makes(resource: Resource, pods: Pods) -> list[Product]:
    """The Secret of the application's user, and the superuser's if it is asked for; not one that the user names."""
    spec = resource.node.mapping("spec")
    if spec is None:
        return []
    made = [f"{resource.name}-app"] if _has_user(spec, resource.name) else []
    if spec.flag("enableSuperuserAccess") and not _is_given(spec, "superuserSecret"):
        made.append(f"{resource.name}-superuser")
    keys: dict[str, Node] = dict.fromkeys(KEYS, spec)
    return [Product(resource, name, resource.namespace, keys, spec, ENTRY, MORE) for name in made]


def _has_user(spec: Mapping, name: str) -> bool:
    """Whether it makes the application's user and a password: not if it stays a copy, or imports whole users."""
    bootstrap = spec.mapping("bootstrap")
    if bootstrap is None:
        return True
    for way in ("recovery", "pg_basebackup"):
        if bootstrap.get(way) is not None:
            return not _is_replica(spec, name) and not _is_given(bootstrap, way, "secret")
    initial = bootstrap.mapping("initdb")
    if initial is None:
        return True
    imported = initial.mapping("import")
    is_whole = imported is not None and imported.text("type") == "monolith" and not initial.text("database")
    return not is_whole and not _is_given(initial, "secret")


def _is_replica(spec: Mapping, name: str) -> bool:
    """Whether it follows another cluster: `IsReplica` in the operator."""
    replica = spec.mapping("replica")
    if replica is None:
        return False
    if replica.get("enabled") is not None:
        return replica.flag("enabled")
    return (replica.text("self") or name) != replica.text("primary")


def _is_given(block: Mapping, *path: str) -> bool:
    """Whether the user names a Secret: the operator then reads it, and makes none."""
    found = block.mapping(*path)
    return found is not None and bool(found.text("name"))
