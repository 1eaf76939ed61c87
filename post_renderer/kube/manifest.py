"""The Kubernetes objects of a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.document.stream import Document
from post_renderer.model.finding import Place
from post_renderer.model.record import NamedTuple

# The label of a contract: the one that any chart can carry, and the one of Heimdall's first charts.
NEUTRAL_LABEL = "secrets-contract.heimdall-pr/version"
CONTRACT_LABEL = "heimdall.mitre.org/secrets-contract"
CONTRACT_LABELS = (NEUTRAL_LABEL, CONTRACT_LABEL)
GUARD = "NeedsPostRenderer"
GUARD_GROUP = "heimdall-pr.mitre.org"
SECRET = "Secret"
CONFIG_MAP = "ConfigMap"
# The groups of each kind that matters; "" is the core group, whose apiVersion is `v1`. An object that is called as one
# of them in another group (Crossplane has a `Secret`) is something else.
POD_OWNERS = {
    "Deployment": ("apps", "extensions"),
    "StatefulSet": ("apps", "apps.kruise.io"),
    "DaemonSet": ("apps", "extensions", "apps.kruise.io"),
    "ReplicaSet": ("apps", "extensions"),
    "ReplicationController": ("",),
    "Job": ("batch",),
    "CronJob": ("batch",),
    "Pod": ("",),
    "Rollout": ("argoproj.io",),  # https://argo-rollouts.readthedocs.io
    "DeploymentConfig": ("apps.openshift.io", ""),  # OpenShift; its first versions had no group
    # https://openkruise.io, which has StatefulSets and DaemonSets of its own
    "CloneSet": ("apps.kruise.io",),
    "AdvancedCronJob": ("apps.kruise.io",),
    "BroadcastJob": ("apps.kruise.io",),
    "Service": ("serving.knative.dev",),  # Kubernetes' own has no pod template
    "ScaledJob": ("keda.sh",),  # https://keda.sh
}
KINDS = {**POD_OWNERS, CONFIG_MAP: ("",), SECRET: ("",), GUARD: (GUARD_GROUP,)}

LONGEST = 253  # characters of a name (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)
ITEMS = "items"
MAX_OBJECTS = 100_000  # of a document: with aliases, Lists of Lists can hold any number in a few lines
MARKER = b"---"
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
        group: Its API group; the core group's is empty.
    """

    document: Document
    kind: str
    namespace: str
    name: str
    node: Mapping
    item: bool = False
    group: str = ""

    @property
    def title(self) -> str:
        """`Kind namespace/name`, the namespace only if it is known; not more of a name than a name can have."""
        namespace, name = self.namespace[:LONGEST], self.name[:LONGEST]
        return f"{self.kind[:LONGEST]} {namespace}/{name}" if namespace else f"{self.kind[:LONGEST]} {name}"

    @property
    def hooks(self) -> frozenset[str]:
        """The phases of the release in which Helm makes it, if it is a hook; empty for what belongs to the release."""
        return frozenset(filter(None, self._annotated(HOOK) or ()))

    @property
    def lives(self) -> bool:
        """Whether it is there when the pods of the release start."""
        hooks = self._annotated(HOOK)
        if hooks is None:
            return True
        return bool(BEFORE_PODS.intersection(hooks)) and "hook-succeeded" not in (self._annotated(POLICY) or ())

    def _annotated(self, name: str) -> list[str] | None:
        """The words of an annotation that is a comma-separated list, as Helm reads them; None if there is none."""
        annotations = self.node.mapping("metadata", "annotations")
        if annotations is None or name not in annotations.entries:
            return None
        return [word.strip().lower() for word in annotations.text(name).split(",")]

    def place(self, data: bytes, node: Node | None = None) -> Place:
        """Where a person finds it, or one of its nodes: what it is called and its line in the stream."""
        return Place(self.title, line=stream.line_of(data, (node or self.node).start))


def read(data: bytes, document: Document, further: Collection[str] | None = ()) -> list[Resource]:
    """The objects of a document that can matter: of KINDS, and of further kinds; all of them if that is None.

    Raises:
        Unreadable: The document can't be read; its line counts in the stream.
    """

    def matters(kind: str) -> bool:
        return further is None or kind in KINDS or kind in further

    def is_wanted(kind: str, version: str | None) -> bool:
        if further is not None and kind in KINDS and version is not None:
            return _group(version) in (*KINDS[kind], "?")
        return matters(kind) or kind.endswith("List")

    start = _begin(data, document)
    # With it comes PyYAML, half the cost of starting, which a stream without candidates is spared.
    from post_renderer.document import parse

    text = data[start : document.end]
    try:
        parse.check(text)
        root = parse.read(text if text.endswith(b"\n") else text + b"\n", start, is_wanted, whole=True)
        objects = list(_objects(root)) if isinstance(root, Mapping) else []
    except nodes.Unreadable as error:
        line = stream.line_of(data, start) + error.line - 1
        raise nodes.Unreadable(line, error.problem, error.differs) from None
    found = (_resource(document, *each) for each in objects if matters(each[1]))
    return [each for each in found if further is None or each.kind not in KINDS or _is_of_kinds(each)]


def _is_of_kinds(resource: Resource) -> bool:
    return resource.group in (*KINDS[resource.kind], "?")


def _begin(data: bytes, document: Document) -> int:
    """Where Kubernetes begins to read a document: it takes the line that separates it away, and then a BOM."""
    start = document.start
    line = data.find(b"\n", start, document.end) + 1
    if line and data.startswith(MARKER, start):
        # A marker at the stream's start, and one of two in a row, may be no separator: it stays.
        is_separator = start > 0 and not data.startswith(MARKER, data.rfind(b"\n", 0, start - 1) + 1)
        is_text = data[start + 3 : start + 4] not in stream.AFTER_MARKER  # `---#`, for a YAML parser
        if is_text or (is_separator and data.startswith(stream.BOM, line)):
            start = line
    return start + len(stream.BOM) if data.startswith(stream.BOM, start) else start


def _objects(root: Mapping) -> Iterator[tuple[Mapping, str, str, bool]]:
    """The object itself, or the items of a List and of the Lists in it, each with its kind and apiVersion.

    As kubectl and Helm do it (k8s.io/apimachinery, UnstructuredJSONScheme): what has `items` is a List, whatever its
    kind; an item without kind and apiVersion has those of its List. Helm 4 opens a List itself, and so one in a List.
    """
    waiting = [(root, root.text("kind"), root.text("apiVersion"), False)]
    for node, kind, version, is_item in waiting:  # which grows
        if len(waiting) > MAX_OBJECTS:
            raise nodes.Unreadable(1, "has too many objects")
        items = node.get(ITEMS)
        if items is None or (is_item and not isinstance(items, Sequence)):
            yield node, kind, version, is_item
        for item in node.items(ITEMS):
            its_kind, its_version = item.text("kind"), item.text("apiVersion")
            if not its_kind and not its_version:
                its_kind, its_version = kind.removesuffix("List"), version
            waiting.append((item, its_kind, its_version, True))


def _resource(document: Document, node: Mapping, kind: str, version: str, item: bool) -> Resource:
    metadata = node.mapping("metadata")
    namespace, name = (metadata.text("namespace"), metadata.text("name")) if metadata else ("", "")
    return Resource(document, kind, namespace, name, node, item, _group(version))


def _group(version: str) -> str:
    """The group of an apiVersion; `?` if none is written, which no API server takes: it may be of any."""
    return version.rpartition("/")[0] if version else "?"


def contract_version(resource: Resource) -> str | None:
    """The version that a contract's label names; None where the object is no contract, empty if two labels differ."""
    labels = resource.node.mapping("metadata", "labels") if resource.kind == CONFIG_MAP else None
    found = [labels.get(name) for name in CONTRACT_LABELS] if labels else []
    versions = {label.text for label in found if isinstance(label, Scalar)}
    return None if not versions else versions.pop() if len(versions) == 1 else ""


def is_guard(resource: Resource) -> bool:
    """Whether it is the document that only tells API servers to refuse."""
    return resource.kind == GUARD and resource.group == GUARD_GROUP and not resource.item


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
