"""The Secrets and ConfigMaps of the stream, by name, and what makes Secrets there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from post_renderer.kube import secret
from post_renderer.kube.manifest import CONFIG_MAP, PRODUCERS, SECRET, Resource
from post_renderer.kube.secret import Field
from post_renderer.model.facts import LiveFact

if TYPE_CHECKING:  # most streams have no producer: those modules are imported where one is there
    from post_renderer.producers.product import Product


class Objects:
    """The Secrets and ConfigMaps of the stream, by name, what makes Secrets there, what a cluster told of others."""

    def __init__(
        self, data: bytes, resources: list[Resource], live: Mapping[tuple[str, str], LiveFact] | None = None
    ) -> None:
        self.data = data
        self._resources = resources
        self._live = live or {}
        self._fields: dict[int, dict[str, Field]] = {}
        self._named: dict[tuple[str, str], list[Resource]] = {}
        for resource in resources:
            if resource.kind in (SECRET, CONFIG_MAP):
                self._named.setdefault((resource.kind, resource.name), []).append(resource)

    def all(self, kind: str, name: str, beside: Resource) -> list[Resource]:
        """Those that may be the one that an object names: first where the namespace is written the same."""
        found = [each for each in self._named.get((kind, name), ()) if each.same(beside.namespace, name)]
        return sorted(found, key=lambda each: each.namespace != beside.namespace)

    def get(self, kind: str, name: str, beside: Resource) -> Resource | None:
        """The one that an object names."""
        return next(iter(self.all(kind, name, beside)), None)

    def beside_live(self, live: Mapping[tuple[str, str], LiveFact]) -> "Objects":
        """The same, with what the cluster told."""
        return Objects(self.data, self._resources, live)

    def told(self, beside: Resource, name: str) -> tuple[str, LiveFact] | None:
        """The title of the Secret that an object names, and what a cluster told of it."""
        found = (
            (f"live Secret {space}/{name}", fact)
            for (space, each), fact in self._live.items()
            if each == name and space == (beside.namespace or space)
        )
        return next(found, None)

    def products(self, beside: Resource, name: str) -> "tuple[Product, ...]":
        """What other objects put into the Secret that an object names."""
        if not any(each.kind in PRODUCERS for each in self._resources):
            return ()
        from post_renderer import producers

        return producers.of(beside.namespace, name, self._resources)

    def fields(self, resource: Resource) -> dict[str, Field]:
        """The keys of a Secret or ConfigMap."""
        if resource.node.start not in self._fields:
            found = secret.fields(resource)
            if resource.kind == CONFIG_MAP:  # its `data` is text
                found = {key: field._replace(encoded=False) for key, field in found.items() if field.encoded}
            self._fields[resource.node.start] = found
        return self._fields[resource.node.start]

    def keys_of(self, beside: Resource, name: str) -> set[str]:
        """The keys of the Secret that an object names; none where it is not in the stream."""
        resource = self.get(SECRET, name, beside)
        return set(self.fields(resource)) if resource else set()
