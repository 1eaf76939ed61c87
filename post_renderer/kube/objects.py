"""The objects of the stream by kind, namespace and name, with what a cluster has of Secrets that are not in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from post_renderer.document.nodes import Scalar
from post_renderer.kube import secret
from post_renderer.kube.manifest import CONFIG_MAP, KINDS, SECRET, Resource
from post_renderer.kube.secret import Field
from post_renderer.model.errors import UserError
from post_renderer.model.facts import LiveFact
from post_renderer.model.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeVar

    Made = TypeVar("Made")
# Keys of Secrets and ConfigMaps that are looked at in one run, those of an object again for each who asks for it: a
# Secret of many keys that many ask for would take for ever. A real one has ten.
MOST_KEYS = 20_000
MOST_COMPARED = 10_000  # names of objects that are looked at for one that was meant to be another


class Objects:
    """The objects of a stream.

    Attributes:
        data: The stream.
        resources: Its objects that can matter, in order. Each has its effective namespace (see `in_release`).
        hidden: Helm left Secrets out of the stream (`--hide-secret`).
        live: What the cluster has, by namespace and name of the Secret.
        others: There are objects of further kinds: such as make Secrets.
    """

    def __init__(
        self,
        data: bytes,
        resources: Sequence[Resource],
        hidden: bool = False,
        live: Mapping[tuple[str, str], LiveFact] | None = None,
    ) -> None:
        self.data = data
        self.resources = tuple(resources)
        self.hidden = hidden
        self.live = live or {}
        self._fields: dict[int, dict[str, Field]] = {}
        self._repeated: dict[int, dict[str, list[Scalar]]] = {}
        self._named: dict[tuple[str, str, str], list[Resource]] = {}
        for resource in resources:
            if resource.kind in (SECRET, CONFIG_MAP):
                self._named.setdefault((resource.kind, resource.namespace, resource.name), []).append(resource)
        self._spent = self._compared = 0
        self._made: dict[object, object] = {}
        self.others = any(resource.kind not in KINDS for resource in resources)

    def once(self, make: Callable[[Objects], Made]) -> Made:
        """What a function makes of the objects; it runs once, whoever asks: an index that many requirements use."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]  # type: ignore[assignment]  # each function's own result is kept under it
        return found

    def with_live(self, live: Mapping[tuple[str, str], LiveFact]) -> Objects:
        """The same objects, with what a cluster has."""
        return Objects(self.data, self.resources, self.hidden, live)

    def named(self, kind: str, namespace: str, name: str) -> Sequence[Resource]:
        """The Secrets or ConfigMaps of that name: more than one if the stream has it twice."""
        return self._named.get((kind, namespace, name), ())

    def get(self, kind: str, namespace: str, name: str) -> Resource | None:
        """The first Secret or ConfigMap of that name; one of the release before a hook: Helm applies it later."""
        return min(self.named(kind, namespace, name), key=lambda each: bool(each.hooks), default=None)

    def may_be_named(self, kind: str, namespace: str, name: str) -> bool:
        """Whether the stream has such an object, but either namespace is the release's and that is not known."""
        if namespace:
            return bool(self.named(kind, "", name))
        return any((kind, name) == (each, its_name) and space for each, space, its_name in self._named)

    def fields(self, resource: Resource) -> dict[str, Field]:
        """The keys of a Secret or ConfigMap."""
        if resource.node.start not in self._fields:
            found = secret.fields(resource)
            if resource.kind == CONFIG_MAP:  # its `data` is text
                found = {key: field._replace(encoded=False) for key, field in found.items() if field.encoded}
            self._fields[resource.node.start] = found
        return self._fields[resource.node.start]

    def spend(self, resource: Resource | None) -> None:
        """Count an object that somebody asks for, and its keys. Raises UserError if there are too many."""
        blocks = (resource.node.mapping(name) for name in ("data", "stringData")) if resource else ()
        self._spent += 1 + sum(len(block.pairs) for block in blocks if block)
        if self._spent > MOST_KEYS:
            last = f", the last ones those of {resource.title}" if resource else ""
            message = f"more than {MOST_KEYS:,} keys and objects would have to be checked{last}"
            raise UserError(message, "fewer of them, or fewer contracts and containers that ask for them")

    def may_compare(self, number: int) -> bool:
        """Whether so many more names may be compared with one: each with each would take for ever."""
        self._compared += number
        return self._compared <= MOST_COMPARED

    def repeated(self, resource: Resource) -> dict[str, list[Scalar]]:
        """The keys that are there again in the same field of a Secret, each time."""
        if resource.node.start not in self._repeated:
            found: dict[str, list[Scalar]] = {}
            for name in ("data", "stringData"):
                seen: set[str] = set()
                block = resource.node.mapping(name)
                for key in (key for key, _ in block.pairs if isinstance(key, Scalar)) if block else ():
                    if key.text in seen:
                        found.setdefault(key.text, []).append(key)
                    seen.add(key.text)
            self._repeated[resource.node.start] = found
        return self._repeated[resource.node.start]

    def keys_of(self, namespace: str, name: str) -> set[str]:
        """The keys of a Secret; none if it is not in the stream."""
        resource = self.get(SECRET, namespace, name)
        return set(self.fields(resource)) if resource else set()
