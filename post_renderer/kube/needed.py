"""The keys of Secrets without which a pod does not start, or its application does not find a file that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from post_renderer.kube import containers, mounts
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import Resource
from post_renderer.kube.mounts import Mounted
from post_renderer.model.record import NamedTuple

# The hooks that run with an install or upgrade; a test's or a delete's pods are no part of it.
PHASES = frozenset(("pre-install", "post-install", "pre-upgrade", "post-upgrade"))

LONGEST = 1000  # characters of a path: each folder in it is looked up
MOST = 10  # Secrets in one folder: each is looked into for each file


class Needed(NamedTuple):
    """A key that a pod needs, and who takes it."""

    secret: str
    key: str
    title: str


def of(resource: Resource) -> Iterator[Needed]:
    """What the pod of an object needs: `secretKeyRef`, the `items` of volumes, `X_FILE`; nothing that is optional."""
    if resource.hooks and not resource.hooks & PHASES:
        return
    for secret, items in mounts.of_pod(resource):
        yield from (Needed(secret, key, resource.title) for key in items.values())
    for container in containers.containers(resource):
        for variable in container.node.items("env"):
            source = variable.mapping("valueFrom", "secretKeyRef")
            if source and not source.flag("optional"):
                yield Needed(source.text("name"), source.text("key"), container.title)
        yield from _files(container)


def takers(resource: Resource) -> set[str]:
    """The names of all Secrets that the pod of an object takes something from."""
    return {*containers.taken(resource), *(secret for secret, _ in mounts.of_pod(resource, optional=True))}


def _files(container: Container) -> Iterator[Needed]:
    """The keys whose files variables name, if it is clear from which Secret a file is."""
    mounted: dict[str, list[Mounted]] = {}
    for each in mounts.mounted(container, optional=False):
        mounted.setdefault(each.path, []).append(each)
    for variable in container.node.items("env") if mounted else ():
        path = normpath(variable.text("value"))
        if variable.text("name").endswith(mounts.FILE) and len(path) <= LONGEST:
            near = [each for folder in _folders(path) for each in mounted.get(folder, ())]
            found = {(each.secret, key) for each, key in mounts.at(path, near)} if len(near) <= MOST else set()
            yield from (Needed(*one, container.title) for one in found if len(found) == 1)


def _folders(path: str) -> Iterator[str]:
    """A path and the folders that it is in."""
    while path.strip("/"):
        yield path
        path = path.rpartition("/")[0]
