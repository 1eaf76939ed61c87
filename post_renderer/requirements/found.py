"""A requirement with what the stream and the cluster have for it, and who asks."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.kube import environment
from post_renderer.kube.containers import Container
from post_renderer.kube.environment import Source
from post_renderer.kube.manifest import Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import Place
from post_renderer.model.record import TYPE_CHECKING, NamedTuple
from post_renderer.model.requirement import KEYS, SECRET, Requirement
from post_renderer.model.settings import Profile

if TYPE_CHECKING:  # most streams need none of these
    from post_renderer.kube.workload import Workload
    from post_renderer.producers.product import Product
    from post_renderer.requirements.user_values import Section


class Found(NamedTuple):
    """A requirement, and what there is for it.

    Attributes:
        requirement: What is asked for.
        objects: The objects of the stream.
        whole: Where the Secret is, or who asks for it: the place of a key that is missing.
        resource: The Secret, if it is in the stream.
        sources: Where each variable comes from: the required ones, and others that are judged.
        products: What objects of the stream put into the Secret.
        live: What a cluster has, if it was asked.
        hidden: Helm may have left the Secret out of the stream.
    """

    requirement: Requirement
    objects: Objects
    whole: Place
    resource: Resource | None = None
    sources: Mapping[str, Source] = {}
    products: tuple[Product, ...] = ()
    live: LiveFact | None = None
    hidden: bool = False

    @property
    def injected(self) -> bool:
        """Whether --inject fills the Secret: its chart has no contract that says so."""
        return self.requirement.fills == KEYS and not self.requirement.references


class Asker(NamedTuple):
    """Who asks: a contract or a workload, with all that it asks for.

    Attributes:
        all: All keys as one requirement: what the rules look at.
        found: A requirement for each Secret that keys come from, the first one the asker's own.
        title: What the report calls it.
        workload: The workload, if no contract speaks for it.
        section: What the user's values say of a workload.
        profile: The application that a workload runs.
        written: The path in the user's values of each variable that was rendered from it.
        by_api: The application reads the Secret by the API, so that nothing in the stream need name it.
    """

    all: Requirement
    found: tuple[Found, ...]
    title: str
    workload: Workload | None = None
    section: Section | None = None
    profile: Profile | None = None
    written: Mapping[str, str] = {}
    by_api: bool = False

    @property
    def own(self) -> Found:
        """The requirement that the approach is about."""
        return self.found[0]


class Running(NamedTuple):
    """A container that runs a known application.

    Attributes:
        container: The container.
        profile: The application.
        wanted: Its required variables that no contract speaks for.
        expected: Where a contract says that variables come from: `SECRET/KEY` by variable.
        why: Why it was taken for that application.
    """

    container: Container
    profile: Profile
    wanted: tuple[str, ...]
    expected: Mapping[str, str]
    why: str


def of_secret(objects: Objects, requirement: Requirement, hidden: bool = False) -> Found:
    """Look a requirement's Secret up in the stream and among what a cluster has."""
    place = requirement.place
    source = environment.of_object(objects, SECRET, requirement.namespace, requirement.secret, place)
    objects.spend(source.resource)
    names = dict(requirement.keys)
    if requirement.whole:
        fields = objects.fields(source.resource) if source.resource else source.live or ()
        taken = {*names, *names.values()}  # a key may have the name of a variable that takes another one
        names |= {key: key for key in fields if key not in taken}
    sources = {name: environment.keyed(objects, source, key, _label(requirement, name)) for name, key in names.items()}
    if source.live is not None:
        sources = {name: _valued(each, requirement, name) for name, each in sources.items()}
    return Found(
        requirement,
        objects,
        source.place._replace(values=place.values if source.live is not None else "") if source.is_known else place,
        source.resource,
        sources,
        products(objects, requirement.namespace, requirement.secret),
        None if source.resource else objects.live.get((requirement.namespace, requirement.secret)),
        hidden,
    )


def products(objects: Objects, namespace: str, name: str) -> tuple[Product, ...]:
    """What objects of the stream put into the Secret of that namespace and name."""
    if not objects.others:
        return ()
    from post_renderer import producers

    return producers.of(namespace, name, objects)


def _label(requirement: Requirement, name: str) -> str:
    """How a place names a key of another Secret; of the asker's own the line is enough."""
    return "" if requirement.whole else environment.labelled(requirement.keys[name])


def _valued(source: Source, requirement: Requirement, name: str) -> Source:
    """A live key with the user's value that names it: `heimdall.keys.NAME`, or `heimdall.existingSecret`."""
    path = requirement.place.values if requirement.whole else f"{requirement.place.values}.{name}"
    return source._replace(place=source.place._replace(values=path))
