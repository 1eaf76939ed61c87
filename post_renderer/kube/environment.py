"""Where the variables of a container come from, as the kubelet resolves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from post_renderer.document import stream
from post_renderer.document.nodes import Mapping as Node
from post_renderer.kube import containers, secret
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import CONFIG_MAP, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.secret import Field
from post_renderer.model.finding import Place
from post_renderer.model.record import NamedTuple

LITERAL, OTHER = "value", "no Secret"  # what a variable comes from besides a Secret and a ConfigMap
# Bytes of a value that refers to others: such as an address with its login. A longer one is not looked into: variables
# that refer to a long one, or each to the one before twice, would be many times as long as the stream.
LONGEST = 1 << 12
UNKNOWN = "an unknown key"

# How a report shows the name of a key or variable.
Shown = Callable[[str], str]


class Source(NamedTuple):
    """Where a variable comes from: a key of an object, or the container itself.

    Attributes:
        kind: SECRET, CONFIG_MAP, LITERAL or OTHER.
        place: Where a person finds it.
        value: Its value; None if it is not known here, or not there.
        name: The object's name.
        key: The key in the object.
        prefix: What envFrom puts before each key.
        resource: The object, if it is in the stream.
        field: The key's value in it.
        optional: The pod starts without it.
        node: The entry in the container's `env`; None if envFrom brings the variable.
        live: What the object has, if a cluster was asked for it.
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
    live: Mapping[str, bytes] | None = None

    @property
    def is_known(self) -> bool:
        """Whether its object is in the stream, or was read from a cluster."""
        return self.resource is not None or self.live is not None

    @property
    def is_missing(self) -> bool:
        """Whether its object is known, but has no such key."""
        return self.is_known and self.field is None and (self.live is None or self.key not in self.live)


class Environment(NamedTuple):
    """The variables of a container by name.

    Attributes:
        variables: The source of each variable.
        whole: The objects that envFrom takes whole, as far as they are known.
        unseen: The same for objects that are neither in the stream nor were read from a cluster.
    """

    variables: Mapping[str, Source]
    whole: tuple[Source, ...]
    unseen: tuple[Source, ...]


def environment(objects: Objects, container: Container, shown: Shown) -> Environment:
    """Resolve a container's variables: `env` wins over envFrom, and later over earlier."""
    variables: dict[str, Source] = {}
    whole: list[Source] = []
    unseen: list[Source] = []
    for kind, name, prefix, optional in containers.whole_sources(container):
        source = _of(objects, container, kind, name)._replace(prefix=prefix, optional=optional)
        (whole if source.is_known else unseen).append(source)
        if source.is_known:
            objects.spend(source.resource)
            variables.update(brought(objects, source, shown))
        elif kind == SECRET:  # it may override any of what was there before
            variables.clear()
    for node in container.node.items("env"):
        variable = _variable(objects, container, node, variables, bool(unseen))
        kept = variable.optional and variable.is_missing and node.text("name") in variables
        if not kept:  # an optional key that is absent leaves what envFrom brings
            variables[node.text("name")] = variable
    return Environment(variables, tuple(whole), tuple(unseen))


def of_object(objects: Objects, kind: str, namespace: str, name: str, place: Place) -> Source:
    """The source that is an object as a whole; `place` is who names it, if the object is not known."""
    resource = objects.get(kind, namespace, name)
    if resource:
        return Source(kind, resource.place(objects.data), name=name, resource=resource)
    fact = objects.live.get((namespace, name)) if kind == SECRET else None
    if fact and fact.values is not None:
        return Source(kind, Place(f"live Secret {namespace}/{name}"), name=name, live=fact.values)
    return Source(kind, place, name=name)


def brought(objects: Objects, source: Source, shown: Shown) -> Iterator[tuple[str, Source]]:
    """Each variable that an object brings as a whole."""
    for key in objects.fields(source.resource) if source.resource else source.live or ():
        name = source.prefix + key
        label = shown(name) if source.kind == SECRET else UNKNOWN
        yield name, keyed(objects, source, key, f"key {key}" if label == name else label)


def keyed(objects: Objects, source: Source, key: str, label: str) -> Source:
    """The source that is one key of an object; `label` is how its place names the key, if it does."""
    resource = source.resource
    field = objects.fields(resource).get(key) if resource else None
    title = resource.title if resource else source.place.what
    what = f"{title}, {label}" if label else title
    line = stream.line_of(objects.data, field.value.start) if field else source.place.line
    value = secret.read(field) if field else (source.live or {}).get(key)
    return source._replace(key=key, field=field, value=value, place=source.place._replace(what=what, line=line))


def labelled(key: str) -> str:
    """How a place names a key that an asker names."""
    return f"key {key}" if secret.is_key(key) else UNKNOWN


def place_of(data: bytes, container: Container, node: Node) -> Place:
    """Where a person finds a container, or an entry in it."""
    return Place(container.title, line=stream.line_of(data, node.start))


def _of(objects: Objects, container: Container, kind: str, name: str) -> Source:
    place = place_of(objects.data, container, container.node)
    return of_object(objects, kind, container.resource.namespace, name, place)


def _variable(
    objects: Objects, container: Container, node: Node, before: Mapping[str, Source], is_open: bool
) -> Source:
    """The source of one entry of `env`."""
    for field, kind in (("secretKeyRef", SECRET), ("configMapKeyRef", CONFIG_MAP)):
        if source := node.mapping("valueFrom", field):
            found = _of(objects, container, kind, source.text("name"))
            found = found._replace(optional=source.flag("optional"), node=node)
            return keyed(objects, found, source.text("key"), labelled(source.text("key")))
    place = place_of(objects.data, container, node)
    if node.get("valueFrom") is not None and not node.text("value"):
        return Source(OTHER, place, node=node)
    return _composed(node, place, before, is_open)


def _composed(node: Node, place: Place, before: Mapping[str, Source], is_open: bool) -> Source:
    """A `value:` with its references to variables before it; what they bring is no plaintext secret."""
    text = node.text("value")
    if "$" not in text or len(text) > LONGEST:
        return Source(LITERAL, place, None if "$" in text else text.encode(), node=node)
    from post_renderer.kube import expansion  # few variables refer to others

    parts = list(expansion.parts(text))
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
