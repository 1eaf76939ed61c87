"""Which documents a chart without a contract makes worth reading: found by bytes, and by what others name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from post_renderer.document import stream
from post_renderer.document.stream import Document
from post_renderer.kube import containers, manifest
from post_renderer.kube.manifest import CONFIG_MAP, POD_OWNERS, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import contract, profile


def words(settings: Settings) -> Iterator[bytes]:
    """What a document with an application's container holds: its image, its name, or one of two required ones.

    Of n names all but one will do: two of them are never both that one. It is DATABASE_PASSWORD, which others have too.
    """
    if settings.contracts:
        from post_renderer.requirements import contract_matches

        yield from contract_matches.words(settings.contracts)
    for each in profile.profiles(settings):
        yield from (name.encode() for name in (each.image, each.container) if name)
        spared = "DATABASE_PASSWORD" if "DATABASE_PASSWORD" in each.required else each.required[-1]
        yield from (name.encode() for name in each.required if name != spared)


def takers(objects: Objects, starts: list[int], settings: Settings) -> list[Document]:
    """The documents in which an envFrom may take a whole Secret of the stream that holds two of the required names."""
    names = {
        each.name
        for each in objects.resources
        if each.kind == SECRET
        and each.name
        and any(_holds_two(objects.fields(each), one) for one in profile.profiles(settings))
    }
    return stream.holding(objects.data, starts, names, b"secretRef")


def pods(objects: Objects, starts: list[int], settings: Settings) -> list[Document]:  # noqa: ARG001  # as the others
    """The documents that name a Secret which a contract of keys is about: pods may take more of it, or none."""
    if not any(manifest.contract_version(each) == contract.VERSIONS[1] for each in objects.resources):
        return []
    from post_renderer.requirements import contract_takers

    return contract_takers.documents(objects, starts)


def config_maps(objects: Objects, starts: list[int], settings: Settings) -> list[Document]:
    """The documents that may be the ConfigMaps which the applications' containers take variables from."""
    names = {
        name
        for resource in objects.resources
        if resource.kind in POD_OWNERS
        for container in containers.containers(resource)
        if _is_asked_about(objects, container, settings)
        for name in _config_maps(container)
    }
    return stream.holding(objects.data, starts, names, CONFIG_MAP.encode())


def _is_asked_about(objects: Objects, container: containers.Container, settings: Settings) -> bool:
    """Whether a container is of an application, or of a contract file's image."""
    if any(each.images and containers.is_of(container, each.images) for each in settings.contracts):
        return True
    return any(containers.likeness(container, each, objects.keys_of) for each in profile.profiles(settings))


def _holds_two(keys: Iterable[str], wanted: Profile) -> bool:
    """Whether keys can be two of the required names, or will be with an envFrom's prefix."""
    return len({name for name in wanted.required for key in keys if key and name.endswith(key)}) >= containers.FEWEST


def _config_maps(container: containers.Container) -> Iterator[str]:
    """The names of the ConfigMaps that a container takes variables from."""
    yield from (name for kind, name, _, _ in containers.whole_sources(container) if kind == CONFIG_MAP and name)
    for variable in container.node.items("env"):
        if (source := variable.mapping("valueFrom", "configMapKeyRef")) and source.text("name"):
            yield source.text("name")
