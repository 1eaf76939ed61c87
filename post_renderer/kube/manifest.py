"""The Kubernetes objects of a document."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.document.stream import Document
from post_renderer.model.finding import Place

CONTRACT_LABEL = "heimdall.mitre.org/secrets-contract"
GUARD = "NeedsPostRenderer"
GUARD_GROUP = "heimdall-pr.mitre.org/"
SECRET = "Secret"
CONFIG_MAP = "ConfigMap"
POD_OWNERS = frozenset(
    (
        *("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "ReplicationController"),
        "Rollout",  # https://argo-rollouts.readthedocs.io
        "DeploymentConfig",  # OpenShift
        *("CloneSet", "AdvancedCronJob", "BroadcastJob"),  # https://openkruise.io
        "Service",  # Knative's; Kubernetes' own has no pod template
        "ScaledJob",  # https://keda.sh
    )
)
KINDS = POD_OWNERS | {CONFIG_MAP, SECRET, GUARD}


LONGEST = 253  # characters of a name (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)
HOOK = "helm.sh/hook"
POLICY = "helm.sh/hook-delete-policy"
# The hooks that Helm runs before it starts pods (https://helm.sh/docs/topics/charts_hooks/).
BEFORE_PODS = frozenset(("pre-install", "pre-upgrade", "pre-rollback"))


class Resource(NamedTuple):
    """An object of the stream.

    Attributes:
        document: The document that it is in.
        kind: Its kind.
        namespace: Its namespace; if none is written, that of the release, or empty if that is not known either.
        name: Its name.
        node: Its tree.
        item: Whether it is one of a List's items.
    """

    document: Document
    kind: str
    namespace: str
    name: str
    node: Mapping
    item: bool = False

    @property
    def title(self) -> str:
        """`Kind namespace/name`, the namespace only if it is known; not more of a name than a name can have."""
        namespace, name = self.namespace[:LONGEST], self.name[:LONGEST]
        return f"{self.kind[:LONGEST]} {namespace}/{name}" if namespace else f"{self.kind[:LONGEST]} {name}"

    @property
    def hooks(self) -> frozenset[str]:
        """The phases of the release in which Helm makes it, if it is a hook; empty for what belongs to the release."""
        return frozenset(self._annotated(HOOK))

    @property
    def lives(self) -> bool:
        """Whether it is there when the pods of the release start."""
        if not self.hooks:
            return True
        return bool(self.hooks & BEFORE_PODS) and "hook-succeeded" not in self._annotated(POLICY)

    def _annotated(self, name: str) -> Iterator[str]:
        """The words of an annotation that is a comma-separated list."""
        annotations = self.node.mapping("metadata", "annotations")
        text = annotations.text(name) if annotations else ""
        return (word.strip() for word in text.split(",") if word.strip())

    def place(self, data: bytes, node: Node | None = None) -> Place:
        """Where a person finds it, or one of its nodes: what it is called and its line in the stream."""
        return Place(self.title, line=stream.line_of(data, (node or self.node).start))


def read(data: bytes, document: Document, further: Collection[str] = ()) -> list[Resource]:
    """The objects of a document that can matter: of KINDS, and of further kinds.

    Raises:
        Unreadable: The document is no YAML, or too deep; its line counts in the stream.
    """

    def matters(kind: str) -> bool:
        return kind in KINDS or kind in further

    def is_wanted(kind: str) -> bool:
        return matters(kind) or kind.endswith("List")

    start = document.start
    if data.startswith(stream.BOM, start):
        start += len(stream.BOM)
    # With it comes PyYAML, half the cost of starting, which a stream without candidates is spared.
    from post_renderer.document import parse

    try:
        root = parse.read(data[start : document.end], start, is_wanted, whole=True)
    except nodes.Unreadable as error:
        raise nodes.Unreadable(stream.line_of(data, start) + error.line - 1, error.problem) from None
    if not isinstance(root, Mapping):
        return []
    return [
        _resource(document, node, kind, item) for node, kind, item in _objects(root) if kind in KINDS or kind in further
    ]


def _objects(root: Mapping) -> Iterator[tuple[Mapping, str, bool]]:
    """The object itself, or the items of a List (https://kubernetes.io/docs/reference/using-api/api-concepts/)."""
    kind = root.text("kind")
    if not kind.endswith("List"):
        yield root, kind, False
        return
    for item in root.items("items"):
        yield item, item.text("kind") or kind.removesuffix("List"), True


def _resource(document: Document, node: Mapping, kind: str, item: bool) -> Resource:
    metadata = node.mapping("metadata")
    namespace, name = (metadata.text("namespace"), metadata.text("name")) if metadata else ("", "")
    return Resource(document, kind, namespace, name, node, item)


def contract_version(resource: Resource) -> str | None:
    """The version that a contract's label names; None where the object is no contract."""
    labels = resource.node.mapping("metadata", "labels")
    label = labels.get(CONTRACT_LABEL) if labels and resource.kind == "ConfigMap" else None
    return label.text if isinstance(label, Scalar) else None


def is_guard(resource: Resource) -> bool:
    """Whether it is the document that only tells API servers to refuse."""
    is_ours = resource.node.text("apiVersion").startswith(GUARD_GROUP)
    return resource.kind == GUARD and is_ours and not resource.item


def in_release(resources: Iterable[Resource], release: str) -> list[Resource]:
    """The objects, with the release's namespace for those that have none written.

    This is the one place that says what an unwritten namespace is. Afterwards namespaces are compared as texts: an
    unknown release's namespace (an empty text) equals itself alone.
    """
    return [each if each.namespace else each._replace(namespace=release) for each in resources]


def release_namespace(resources: Iterable[Resource], given: str) -> str:
    """The release's namespace: what the user gave, else what all contracts have written, else empty: not known."""
    written = {each.namespace for each in resources if contract_version(each) is not None} - {""}
    return given or (written.pop() if len(written) == 1 else "")
