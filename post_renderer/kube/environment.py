"""Which variable of a container comes from where."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from post_renderer.document import stream
from post_renderer.document.nodes import NULL
from post_renderer.document.nodes import Mapping as Node
from post_renderer.kube import expansion, secret, workload
from post_renderer.kube.manifest import CONFIG_MAP, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.secret import Field
from post_renderer.kube.workload import Container
from post_renderer.model.finding import Place
from post_renderer.rules import policy

LITERAL, OTHER = "value", "no Secret"  # what a variable comes from besides a Secret and a ConfigMap
LONGEST = 1 << 17  # bytes of a variable that Linux starts a process with; each reference to two others doubles it


class Source(NamedTuple):
    """Where a variable comes from: a `key` of the object `kind`/`name`, or the container itself.

    `resource` is that object where it is in the stream, `field` the key's value in it; `held` is what the object holds
    where a cluster was asked for it. `value` is None where it is not known here, or not there. `node` is the entry in
    the container's `env`, None where envFrom brings it.
    """

    kind: str
    place: Place
    value: bytes | None = None
    name: str = ""
    key: str = ""
    prefix: str = ""
    resource: Resource | None = None
    field: Field | None = None
    optional: bool = False
    node: Node | None = None
    held: Mapping[str, bytes] | None = None

    @property
    def is_known(self) -> bool:
        """Whether its object is in the stream, or was read from a cluster."""
        return self.resource is not None or self.held is not None

    @property
    def is_missing(self) -> bool:
        """Whether its object is known, but has no such key."""
        return self.is_known and self.field is None and (self.held is None or self.key not in self.held)


class Environment(NamedTuple):
    """The variables of a container by name; what envFrom takes from: objects in the stream, and such as are not."""

    variables: Mapping[str, Source]
    whole: tuple[Source, ...]
    unseen: tuple[Source, ...]


def environment(objects: Objects, container: Container, known: Collection[str] = ()) -> Environment:
    """What a container's variables are: as Kubernetes has it, `env` wins over envFrom, and later over earlier.

    The `known` ones may be shown by name.
    """
    variables: dict[str, Source] = {}
    whole: list[Source] = []
    unseen: list[Source] = []
    for kind, name, prefix, optional in workload.whole_sources(container):
        source = _object(objects, container, kind, name)._replace(prefix=prefix, optional=optional)
        (whole if source.is_known else unseen).append(source)
        if source.is_known:
            variables.update(_brought(objects, source, known))
        elif kind == SECRET:  # it may override any of what was there before
            variables.clear()
    for node in container.node.items("env"):
        variable = _variable(objects, container, node, variables, bool(unseen))
        kept = variable.optional and variable.is_missing and node.text("name") in variables
        if not kept:  # an optional key that is absent leaves what envFrom brings
            variables[node.text("name")] = variable
    return Environment(variables, tuple(whole), tuple(unseen))


def _object(objects: Objects, container: Container, kind: str, name: str) -> Source:
    """A source that is an object as a whole: its place is its own, else that of the container that names it."""
    resource = objects.get(kind, name, container.resource)
    told = objects.told(container.resource, name) if kind == SECRET and resource is None else None
    if told and told[1].values is not None:
        return Source(kind, Place(told[0]), name=name, held=told[1].values)
    place = resource.place(objects.data) if resource else place_of(objects.data, container, container.node)
    return Source(kind, place, name=name, resource=resource)


def _brought(objects: Objects, source: Source, known: Collection[str]) -> Iterator[tuple[str, Source]]:
    """Each variable that an envFrom brings."""
    keys = objects.fields(source.resource) if source.resource else source.held or {}
    for key in keys:
        name = source.prefix + key
        shown = name if name in known else policy.shown(name) if source.kind == SECRET else "an unknown key"
        yield name, _keyed(objects, source, key, f"key {key}" if shown == name else shown)


def _keyed(objects: Objects, source: Source, key: str, shown: str) -> Source:
    """The source that is one key of an object."""
    resource = source.resource
    field = objects.fields(resource).get(key) if resource else None
    what = f"{resource.title if resource else source.place.what}, {shown}"
    at = stream.line_of(objects.data, field.value.start) if field else source.place.line
    value = _value(field) if source.held is None else source.held.get(key)
    return source._replace(key=key, field=field, value=value, place=Place(what, line=at))


def _value(field: Field | None) -> bytes | None:
    """What Kubernetes makes of a value; null is an empty text."""
    if field is None or (field.value.plain and field.value.value in NULL):
        return None if field is None else b""
    return secret.decode(field)


def _variable(
    objects: Objects, container: Container, node: Node, before: Mapping[str, Source], is_open: bool
) -> Source:
    """The source of one entry of `env`."""
    for field, kind in (("secretKeyRef", SECRET), ("configMapKeyRef", CONFIG_MAP)):
        if source := node.mapping("valueFrom", field):
            found = _object(objects, container, kind, source.text("name"))
            found = found._replace(optional=source.text("optional") == "true", node=node)
            key = source.text("key")
            return _keyed(objects, found, key, f"key {key}" if policy.is_data_key(key) else "an unknown key")
    place = place_of(objects.data, container, node)
    if node.get("valueFrom") is not None and not node.text("value"):
        return Source(OTHER, place, node=node)
    return _composed(node, place, before, is_open)


def _composed(node: Node, place: Place, before: Mapping[str, Source], is_open: bool) -> Source:
    """A `value:` with its references to variables before it; what they bring is no secret in clear."""
    parts = list(expansion.parts(node.text("value")))
    sources = [before[part.name] for part in parts if part.name in before]
    if len(parts) == 1 and sources:
        return sources[0]
    literal = Source(LITERAL, place, node=node)
    if any(source.value is None for source in sources) or (
        is_open and any(part.name and part.name not in before for part in parts)
    ):
        return literal._replace(kind=SECRET if any(source.kind != LITERAL for source in sources) else LITERAL)
    values = [before[part.name].value or b"" if part.name in before else part.text.encode() for part in parts]
    kind = SECRET if any(source.kind == SECRET for source in sources) else LITERAL
    is_usable = sum(map(len, values)) <= LONGEST
    return literal._replace(kind=kind, value=b"".join(values) if is_usable else None)


def place_of(data: bytes, container: Container, node: Node) -> Place:
    """Where a person finds a container, or an entry in it."""
    return Place(container.title, line=stream.line_of(data, node.start))
