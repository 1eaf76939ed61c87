"""The keys of Secrets that a container takes by no variable of that name: by another one, or as files.

A file is named by a variable `X_FILE`, or is found by the key's name in what is mounted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath

from post_renderer.document.nodes import Mapping as Node
from post_renderer.kube import containers, environment
from post_renderer.kube.containers import Container
from post_renderer.kube.environment import LITERAL, Environment, Source
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.record import NamedTuple

FILE = "_FILE"


class Mounted(NamedTuple):
    """A Secret that is mounted: where, and by which path each key is there; no paths: all keys under their names."""

    path: str
    secret: str
    items: Mapping[str, str]


def extended(objects: Objects, container: Container, found: Environment, wanted: Iterable[str]) -> Environment:
    """The environment with a source for each wanted key that is taken in another way."""
    found_mounts = list(mounted(container))
    variables = dict(found.variables)
    for name in wanted:
        if name in variables and variables[name].kind == SECRET:
            continue
        source = _by_file(objects, container, variables.get(name + FILE), found_mounts)
        source = source or _renamed(found, name) or _by_key(objects, container, name, found_mounts)
        if source is not None:
            variables[name] = source
    return found._replace(variables=variables)


def _by_file(objects: Objects, container: Container, file: Source | None, mounted: list[Mounted]) -> Source | None:
    """The key whose file a variable `X_FILE` names."""
    if file is None or file.kind != LITERAL or not file.value:
        return None
    return _best(objects, container, at(file.value.decode(errors="replace"), mounted))


def at(path: str, mounted: Iterable[Mounted]) -> list[tuple[Mounted, str]]:
    """The keys that a path may be the file of, each with what is mounted there."""
    path = normpath(path)
    inside = [(path[len(each.path) + 1 :], each) for each in mounted if f"{path}/".startswith(f"{each.path}/")]
    found = [(each, each.items.get(inner, "" if each.items else inner)) for inner, each in inside]
    return [(each, key) for each, key in found if key and "/" not in key]


def _renamed(found: Environment, key: str) -> Source | None:
    """The source of a variable of another name that takes the key."""
    sources = (each for each in found.variables.values() if each.kind == SECRET and each.key == key)
    return next(sources, None)


def _by_key(objects: Objects, container: Container, key: str, mounted: list[Mounted]) -> Source | None:
    """The key of a Secret that is mounted under a file of that name, or that a mount names."""
    found = [(each, each.items.get(key, key)) for each in mounted if not each.items or key in _names(each)]
    return _best(objects, container, found)


def _names(mount: Mounted) -> set[str]:
    return {*mount.items, *mount.items.values()}


def _best(objects: Objects, container: Container, found: list[tuple[Mounted, str]]) -> Source | None:
    """The key that is surely there: a mount names it, or a Secret has it; else the first that may be there."""
    known = {mount.secret: objects.get(SECRET, container.resource.namespace, mount.secret) for mount, _ in found}
    for mount, key in found:
        resource = known[mount.secret]
        if mount.items or (resource and key in objects.fields(resource)):
            return _keyed(objects, container, mount.secret, key)
    may = [(mount.secret, key) for mount, key in found if known[mount.secret] is None] or [
        (mount.secret, key) for mount, key in found if len(known) == 1
    ]
    return _keyed(objects, container, *may[0]) if may else None


def _keyed(objects: Objects, container: Container, secret: str, key: str) -> Source:
    place = environment.place_of(objects.data, container, container.node)
    whole = environment.of_object(objects, SECRET, container.resource.namespace, secret, place)
    # An entry of `env` would be no more than that: the key alone is taken.
    return environment.keyed(objects, whole, key, environment.labelled(key))._replace(node=container.node)


def mounted(container: Container, optional: bool = True) -> Iterator[Mounted]:
    """The Secrets that are mounted in a container; `optional`: also those that need not be there."""
    volumes = _volumes(container.resource)
    for mount in container.node.items("volumeMounts"):
        path, part = normpath(mount.text("mountPath")), mount.text("subPath")
        for name, items in _secrets(volumes.get(mount.text("name")), optional):
            if not part:
                yield Mounted(path, name, items)
            elif not items or part in items:  # the mount is the one file
                yield Mounted(path, name, {"": items.get(part, part)})


def of_pod(resource: Resource, optional: bool = False) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The Secrets of a pod's volumes, mounted or not, as `mounted` has them."""
    for volume in _volumes(resource).values():
        yield from _secrets(volume, optional)


def _volumes(resource: Resource) -> dict[str, Node]:
    template = containers.pod(resource)
    spec = template.mapping("spec") if template else None
    return {each.text("name"): each for each in spec.items("volumes")} if spec else {}


def _secrets(volume: Node | None, optional: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The Secrets of a volume, each with the key by path, if it names keys."""
    if volume is None:
        return
    sources = [(volume.mapping("secret"), "secretName")]
    projected = volume.mapping("projected")
    sources += [(each.mapping("secret"), "name") for each in projected.items("sources")] if projected else []
    for secret, name in sources:
        if secret and (optional or not secret.flag("optional")):
            yield secret.text(name), _items(secret)


def _items(secret: Node) -> dict[str, str]:
    return {each.text("path"): each.text("key") for each in secret.items("items")}
