"""Finds what workloads ask for: their containers say where each variable comes from.

A contract speaks for the variables that a container takes from where the contract says; all others are judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from post_renderer.document.nodes import Mapping as Node
from post_renderer.kube import containers, environment, manifest
from post_renderer.kube.containers import Container, Likeness
from post_renderer.kube.manifest import SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import NOTE, Finding, Place
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import profile
from post_renderer.requirements.contract import Contract
from post_renderer.requirements.found import Asker, Running

LOOKS_EXPECTED = "its image, its name, or three of the four keys"
LOOKS_FIX = "if it is one: --contract FILE that names its image (docs/foreign-charts.md); else nothing"


def askers(objects: Objects, contracts: Sequence[Contract], settings: Settings) -> list[Asker]:
    """What the containers of known applications ask for, but for what a contract speaks for."""
    running = [
        _running(container, each, contracts, like.why)
        for container, each, like in _alike(objects, settings)
        if like.enough and not _skipped(container, settings)
    ]
    judged = [each for each in running if each.wanted]
    if not judged:
        return []
    from post_renderer.requirements import workload_askers

    return workload_askers.of(objects, judged, settings)


def applications(objects: Objects, settings: Settings) -> Iterator[tuple[Container, Profile]]:
    """The containers that run a known application or look as if they did, and which."""
    return ((container, each) for container, each, _ in _alike(objects, settings))


def unjudged(objects: Objects, contracts: Sequence[Contract], settings: Settings) -> Iterator[Finding]:
    """A note for each container that looks like a known application, or that the user skips."""
    unused = set(settings.skip)
    for container, each, like in _alike(objects, settings):
        place = environment.place_of(objects.data, container, container.node)
        if by := _skipped(container, settings):
            unused.discard(by)
            message = f"{container.title} is not judged, because --skip-workload names it"
            yield Finding(NOTE, "skipped", place, message)
        elif not like.enough and not any(_speaks_for(contract, container, each) for contract in contracts):
            message = f"{container.title} looks like {each.title}, because {like.why}; it is not judged"
            yield Finding(NOTE, "looks-like", place, message, LOOKS_EXPECTED, LOOKS_FIX)
    for name in sorted(unused):
        message = "--skip-workload names no workload that would be judged"
        yield Finding(NOTE, "skipped", Place(f"--skip-workload {name}"), message, "KIND/NAME", "leave it out")


def _alike(objects: Objects, settings: Settings) -> Iterator[tuple[Container, Profile, Likeness]]:
    """The containers that run, or look like, a known application: which, and why."""
    profiles = profile.profiles(settings)
    owners = (resource for resource in objects.resources if resource.kind in manifest.POD_OWNERS)
    for container in (container for resource in owners for container in containers.containers(resource)):
        found = [(each, like) for each in profiles if (like := containers.likeness(container, each, objects.keys_of))]
        best = next((pair for pair in found if pair[1].enough), found[0] if found else None)
        if best:
            yield container, *best


def _skipped(container: Container, settings: Settings) -> str:
    """What the user wrote to skip a container, as `KIND/NAME` or `KIND/NAME/CONTAINER`; empty if nothing."""
    workload = f"{container.resource.kind}/{container.resource.name}".lower()
    names = (workload, f"{workload}/{container.name}".lower())
    return next((each for each in settings.skip if each.lower() in names), "")


def _running(container: Container, each: Profile, contracts: Sequence[Contract], why: str) -> Running:
    """What a container asks for, with what a contract says of it."""
    contract = next((contract for contract in contracts if _speaks_for(contract, container, each)), None)
    if contract is None:
        return Running(container, each, each.required, {}, why)
    return _judged(container, each, contract, why)


def _judged(container: Container, each: Profile, contract: Contract, why: str) -> Running:
    """The variables that do not come from where the contract says, or of which it does not speak."""
    own = {key: f"{contract.secret}/{key}" for key in contract.required}
    expected = {**own, **contract.others}
    entries = {node.text("name"): node for node in container.node.items("env")}  # the last one of a name counts
    is_whole = _takes_last(container, contract.secret)
    wanted = []
    for name in each.required:
        node = entries.get(name)
        source = _source(node) if node else own.get(name, "") if is_whole else ""
        is_taken = node is not None or not container.ends
        if is_taken and (not source or source != expected.get(name)):
            wanted.append(name)
    return Running(container, each, tuple(wanted), expected, why)


def _source(node: Node) -> str:
    """`SECRET/KEY` of an entry of `env`; empty if it is optional, or comes from something else."""
    source = node.mapping("valueFrom", "secretKeyRef")
    if source is None or source.flag("optional") or node.text("value"):
        return ""
    return f"{source.text('name')}/{source.text('key')}"


def _takes_last(container: Container, secret: str) -> bool:
    """Whether envFrom takes a Secret whole, under its own names, and nothing after it that could override it."""
    sources = list(containers.whole_sources(container))
    return bool(sources) and sources[-1] == (SECRET, secret, "", False)


def _speaks_for(contract: Contract, container: Container, each: Profile) -> bool:
    """Whether a required variable comes, or may come, from the Secret that a contract is about."""
    if container.resource.namespace != contract.namespace:
        return False
    if any(kind == SECRET and name == contract.secret for kind, name, _, _ in containers.whole_sources(container)):
        return True
    sources = (
        variable.mapping("valueFrom", "secretKeyRef")
        for variable in container.node.items("env")
        if variable.text("name") in each.required
    )
    return any(source.text("name") == contract.secret for source in sources if source)
