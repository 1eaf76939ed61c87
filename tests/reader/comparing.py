"""Compares what the tool reads in a stream with what Kubernetes reads."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from post_renderer.document import stream as streams
from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.kube import manifest
from post_renderer.kube.manifest import CONFIG_MAP, CONTRACT_LABEL, KINDS, POD_OWNERS, SECRET
from post_renderer.model.settings import Settings
from post_renderer.producers import PRODUCERS
from post_renderer.requirements import gather

Json = Any
REFUSED, UNREAD, SAME = "Kubernetes refuses it", "the tool says that it does not read it", "read alike"
PODS = ("mitre/heimdall2", "heimdall-front")


def compare(stream: bytes, read: Iterable[Json]) -> tuple[str, list[str]]:
    """How a stream was compared, and each disagreement.

    Args:
        stream: The stream.
        read: What Kubernetes reads, a document each.
    """
    found = gather.gather(stream, streams.cut(stream), Settings())
    documents = list(read)
    if any("error" in document for document in documents):
        return REFUSED, []
    if any(finding.rule in ("unreadable", "read-in-two-ways", "contract-damaged") for finding in found.findings):
        return UNREAD, []
    theirs = [each for document in documents for each in document.get("objects", ()) if _matters(each)]
    return SAME, list(_disagreements(found.objects.resources, theirs))


def severities(stream: bytes) -> set[str]:
    """How the tool says of documents that it can't read them."""
    found = gather.gather(stream, streams.cut(stream), Settings())
    return {finding.severity for finding in found.findings}


def _disagreements(ours: Iterable[manifest.Resource], theirs: list[Json]) -> Iterator[str]:
    left = list(theirs)
    for resource in ours:
        version = resource.node.get("apiVersion")
        if resource.group == "?" or (isinstance(version, Scalar) and not version.is_string):
            continue  # no apiVersion, or a number: no API server takes it
        same = next((each for each in left if is_same(resource.node, each, _defaults(resource, each))), None)
        if same is None:
            yield f"only the tool reads {resource.title} so"
        else:
            left.remove(same)
    for each in left:
        if is_read(each):
            yield f"only Kubernetes reads {each['kind']} {name_of(each)} so"


def _matters(each: Json) -> bool:
    """Whether it is an object that the tool is about, and will be there."""
    kind, version = each.get("kind"), each.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str) or not version:
        return False
    group = version.rpartition("/")[0]
    is_known = group in KINDS[kind] if kind in KINDS else kind in PRODUCERS
    return is_known and (kind in POD_OWNERS or _lives(each))


def _lives(each: Json) -> bool:
    """Whether Helm has it there when pods start: by the words of Helm's documentation on hooks."""
    annotations = _at(each, "metadata", "annotations")
    if not isinstance(annotations, dict) or "helm.sh/hook" not in annotations:
        return True
    hooks, policies = (
        [word.strip().lower() for word in str(annotations.get(name) or "").split(",")]
        for name in ("helm.sh/hook", "helm.sh/hook-delete-policy")
    )
    return bool({"pre-install", "pre-upgrade", "pre-rollback"} & set(hooks)) and "hook-succeeded" not in policies


def is_read(each: Json) -> bool:
    """Whether the tool reads an object in any case; others only if one of those names them."""
    if each["kind"] in POD_OWNERS:
        return any(word in str(each.get("spec")) for word in PODS)
    if each["kind"] == CONFIG_MAP:
        labels = _at(each, "metadata", "labels")
        return isinstance(labels, dict) and CONTRACT_LABEL in labels
    return each["kind"] == SECRET or each["kind"] in PRODUCERS


def name_of(each: Json) -> str:
    """What an object is called."""
    return str(_at(each, "metadata", "name"))


def _at(each: Json, *path: str) -> Json:
    for key in path:
        each = each.get(key) if isinstance(each, dict) else None
    return each


def _defaults(resource: manifest.Resource, each: Json) -> frozenset[str]:
    """The fields that an item has from its List."""
    names = ("kind", "apiVersion")
    is_bare = resource.item and not any(resource.node.text(name) for name in names)
    return frozenset(names) if is_bare and each["kind"] == resource.kind else frozenset()


def is_same(node: Node, value: Json, without: frozenset[str] = frozenset()) -> bool:
    """Whether a tree is what a value of JSON is."""
    if isinstance(value, dict):
        if not isinstance(node, Mapping):
            return False
        ours = {_key(name): pair[1] for name, pair in node.entries.items() if name not in without}
        theirs = {_key(name): each for name, each in value.items() if name not in without}
        return ours.keys() == theirs.keys() and all(is_same(ours[name], theirs[name]) for name in ours)
    if isinstance(value, list):
        if not isinstance(node, Sequence) or len(node.items) != len(value):
            return False
        return all(is_same(item, each) for item, each in zip(node.items, value, strict=True))
    return isinstance(node, Scalar) and _is_same_scalar(node, value)


def _key(name: str) -> str:
    """A key; Kubernetes writes one that is a float anew, and the tool leaves it: none that is judged is one."""
    try:
        return f"{float(name):.5g}" if name.strip("+-.0123456789eE") == "" and not name.isdecimal() else name
    except ValueError:
        return name


def _is_same_scalar(node: Scalar, value: Json) -> bool:
    if value is None or node.is_null:
        return value is None and node.is_null
    if isinstance(value, bool) or node.truth is not None:
        return node.truth is value
    if isinstance(value, str):
        return node.text == value
    return not node.is_string


class Tally:
    """How many streams were compared in which way, and what disagreed."""

    def __init__(self) -> None:
        self.ways: Counter[str] = Counter()
        self.disagreements: list[tuple[bytes, str]] = []

    def add(self, stream: bytes, way: str, disagreements: Iterable[str]) -> None:
        """Count one."""
        self.ways[way] += 1
        self.disagreements += [(stream, each) for each in disagreements]

    def __str__(self) -> str:
        ways = ", ".join(f"{number:,} {way}" for way, number in self.ways.most_common())
        return f"{sum(self.ways.values()):,} streams ({ways}), {len(self.disagreements)} disagreements"
