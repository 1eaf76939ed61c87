"""Finds the Secrets that a contract is about and that nothing in the release takes by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Scalar
from post_renderer.kube import containers, manifest, mounts
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import POD_OWNERS, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import NOTE, WARNING, Finding
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import EXISTING, Requirement
from post_renderer.requirements import contract_matches
from post_renderer.requirements.found import Found
from post_renderer.rules import policy

RULE = "unused-contract"
EXPECTED = "a workload or a custom resource that names it"
BY_API = "nothing, if the application reads it by the API"
ANY = b"kind"  # what each object has
PODS = "containers"  # what each object with a pod has, whatever its kind is
MEANT = 6  # characters of a name; a shorter one is near too many others
NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
# Fields whose text is no name of a Secret, though it may be the same; and one that restarts pods if a Secret changes.
OTHERS = frozenset(("image", "labels", "matchLabels", "selector", "namespace", "serviceAccount", "serviceAccountName"))
WATCHES = "secret.reloader.stakater.com/reload"
PASSED_OVER = OTHERS | {WATCHES}
POLICIES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
GATE = frozenset(("--dir", "--secret"))  # arguments of hooks/gate.py


class Taker(NamedTuple):
    """A container that takes keys of a Secret: by the keys' own names, or by variables of these names."""

    secret: str
    container: Container
    keys: frozenset[str]


def find(objects: Objects, asked: Sequence[Found], others: Collection[str]) -> Iterator[Finding]:
    """Report each Secret that no object names, with the one that is taken in its place.

    Args:
        objects: The objects of the stream.
        asked: What contracts ask of Secrets from which no container that is known takes a variable.
        others: The names of all Secrets that contracts are about: none of them was meant to be another one.
    """
    mounted = {mount.secret for each in _read_containers(objects) for mount in mounts.mounted(each)}
    asked = [each for each in asked if each.requirement.secret not in mounted]
    if not asked:  # which is known without reading more
        return
    starts = stream.cut(objects.data)
    theirs = (each for each in _read(objects.data, starts, (PODS,), PODS.encode()) if not _is_ours(each))
    pods = [one for each in theirs for one in containers.containers(each)]
    if not pods:  # a release of Secrets alone
        return
    wanted = {each.requirement.secret for each in asked}
    named = {name for each in _read(objects.data, starts, wanted, ANY) for name in _named(each, wanted)}
    takers = [each for one in pods for each in _takers(objects, one) if each.secret not in others]
    yield from (_finding(objects, each, takers) for each in asked if each.requirement.secret not in named)


def _read(data: bytes, starts: list[int], names: Iterable[str], word: bytes) -> Iterator[Resource]:
    """All objects of the documents that hold a word and one of some names; what can't be read has a finding."""
    for document in stream.holding(data, starts, names, word):
        try:
            yield from manifest.read(data, document, None)
        except nodes.Unreadable:
            continue


def _finding(objects: Objects, found: Found, takers: Sequence[Taker]) -> Finding:
    requirement = found.requirement
    title, asker = requirement.title, requirement.asker
    message = f"nothing in this release takes {title} by its name, and {asker} says that it is needed"
    return Finding(_severity(found), RULE, requirement.place, message, EXPECTED, _fix(objects, requirement, takers))


def _severity(found: Found) -> str:
    """A note for a Secret that the chart makes for somebody, and for a contract that lists variables or is a file."""
    requirement = found.requirement
    is_made = requirement.approach == EXISTING and found.resource is not None
    is_of_stream = bool(requirement.terms.specs) and not requirement.place.file
    return WARNING if is_of_stream and not is_made else NOTE


def _read_containers(objects: Objects) -> Iterator[Container]:
    """The containers that are known already."""
    owners = (each for each in objects.resources if each.kind in POD_OWNERS and not _is_ours(each))
    return (one for each in owners for one in containers.containers(each))


def _is_ours(resource: Resource) -> bool:
    """Whether an object is about Secrets and takes none: the contract, the guard, the gate, the policy."""
    if manifest.contract_version(resource) is not None or manifest.is_guard(resource) or resource.kind in POLICIES:
        return True
    return resource.kind == "Job" and any(_is_gate(each) for each in containers.containers(resource))


def _is_gate(container: Container) -> bool:
    args = container.node.get("args")
    texts = [each.text for each in args.items if isinstance(each, Scalar)] if isinstance(args, nodes.Sequence) else []
    return {text.partition("=")[0] for text in texts} >= GATE


def _named(resource: Resource, wanted: Collection[str]) -> Iterator[str]:
    """The names, of those that are wanted, that an object has where it may name a Secret."""
    if resource.kind == SECRET or _is_ours(resource):
        return
    for text in _texts(resource.node):
        yield from (name for name in NAME.findall(text) if name in wanted)


def _texts(root: nodes.Mapping) -> Iterator[str]:
    """The texts of an object, but for labels, images and the names of what is no Secret."""
    waiting: list[tuple[str, nodes.Node]] = [("", root)]
    for field, node in waiting:  # which grows
        if isinstance(node, Scalar):
            yield node.text
        elif isinstance(node, nodes.Sequence):
            waiting += [(field, each) for each in node.items]
        else:
            entries = {name: value for name, (_, value) in node.entries.items() if name not in PASSED_OVER}
            if not _is_reference(field, node):
                entries.pop("name", None)
            waiting += entries.items()


def _is_reference(field: str, node: nodes.Mapping) -> bool:
    """Whether the `name` in a mapping may be a Secret's; `field` is where the mapping is."""
    if "configmap" in field.lower() or node.text("kind") not in ("", SECRET):
        return False
    return "secret" in field.lower() or field.endswith(("Ref", "Refs")) or "key" in node.entries


def _takers(objects: Objects, container: Container) -> Iterator[Taker]:
    """The Secrets that a container takes, with the keys and the variables, as far as the stream says them."""
    found: dict[str, set[str]] = {}
    for variable in container.node.items("env"):
        if source := variable.mapping("valueFrom", "secretKeyRef"):
            found.setdefault(source.text("name"), set()).update((source.text("key"), variable.text("name")))
    for kind, name, _, _ in containers.whole_sources(container):
        if kind == SECRET:
            found.setdefault(name, set()).update(objects.keys_of(container.resource.namespace, name))
    for mount in mounts.mounted(container):
        keys = mount.items.values() or objects.keys_of(container.resource.namespace, mount.secret)
        found.setdefault(mount.secret, set()).update(keys)
    return (Taker(name, container, frozenset(keys)) for name, keys in found.items() if name)


def _fix(objects: Objects, requirement: Requirement, takers: Sequence[Taker]) -> str:
    """The Secret that was meant: one of nearly the same name, or else the one from which most keys are taken."""
    keys = dict.fromkeys((*requirement.keys, *requirement.terms.specs))
    names = tuple(dict.fromkeys(each.secret for each in takers))
    near = None
    if len(requirement.secret) >= MEANT and objects.may_compare(len(names)):
        near = policy.closest(requirement.secret, names)
    likely = [each for each in takers if each.secret == near or (not near and each.keys.intersection(keys))]
    if not likely:
        taken = f", such as {contract_matches.shown(names)}" if names else ""
        return f"let the pods take {requirement.secret}, or name in the contract what they take{taken}; {BY_API}"
    best = max(likely, key=lambda each: len(each.keys.intersection(keys)))
    shown = ", ".join(key for key in keys if key in best.keys)
    return f"did you mean {best.secret}? {best.container.title} takes {shown or 'what it needs'} from it: use one name"
