"""The keys of Secrets without which a pod does not start, or its application does not find a file that it is given."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube import containers, mounts
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import Resource
from post_renderer.model.record import NamedTuple

# The hooks that run with an install or upgrade; a test's or a delete's pods are no part of it.
PHASES = frozenset(("pre-install", "post-install", "pre-upgrade", "post-upgrade"))


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
    mounted = list(mounts.mounted(container, optional=False))
    for variable in container.node.items("env") if mounted else ():
        if variable.text("name").endswith(mounts.FILE):
            found = {(each.secret, key) for each, key in mounts.at(variable.text("value"), mounted)}
            yield from (Needed(*one, container.title) for one in found if len(found) == 1)
