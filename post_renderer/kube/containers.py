"""The containers of a pod, and which of them run an application whose secrets are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube.manifest import LONGEST, Resource
from post_renderer.model.record import NamedTuple
from post_renderer.model.settings import Profile

# Where each kind of object has its pod (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/).
POD_PATHS = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "AdvancedCronJob": ("spec", "template", "jobTemplate", "spec", "template"),
    "ScaledJob": ("spec", "jobTargetRef", "template"),
}
TEMPLATE = ("spec", "template")
RUN_ONCE = ("Job", "CronJob", "AdvancedCronJob", "BroadcastJob", "ScaledJob")
CHECKSUM = ("metadata", "annotations", "checksum/secrets")
FEWEST = 2  # required names that look like an application: a lone DATABASE_PASSWORD is nobody's

# The keys of the Secret of that namespace and name in the stream.
KeysOf = Callable[[str, str], set[str]]


class Container(NamedTuple):
    """A container; `ends` where it runs to its end: a migration, which needs only what it takes."""

    resource: Resource
    name: str
    node: Mapping
    ends: bool

    @property
    def title(self) -> str:
        """What a person finds it by."""
        return f"{self.resource.title}, container {self.name[:LONGEST]}"


class Likeness(NamedTuple):
    """Why a container is taken for an application; `enough` if that is a reason to judge it."""

    why: str
    enough: bool


def pod(resource: Resource) -> Mapping | None:
    """The pod that an object makes: a mapping with `metadata` and `spec`."""
    return resource.node.mapping(*POD_PATHS.get(resource.kind, TEMPLATE))


def containers(resource: Resource) -> Iterator[Container]:
    """All containers of an object's pod, init containers first."""
    spec = (template := pod(resource)) and template.mapping("spec")
    if not spec:
        return
    for node in spec.items("initContainers"):
        yield Container(resource, node.text("name"), node, node.text("restartPolicy") != "Always")
    ends = _ends(resource, spec)
    for node in spec.items("containers"):
        yield Container(resource, node.text("name"), node, ends)


def likeness(container: Container, profile: Profile, keys_of: KeysOf) -> Likeness | None:
    """Why a container is, or looks like, one that a profile is about; None if nothing says so."""
    if image_path(container.node.text("image")).endswith(profile.image):
        return Likeness(f"its image ends in {profile.image}", True)
    if profile.container and container.name == profile.container:
        return Likeness(f"its name is {profile.container}", True)
    taken = _names(container, keys_of)
    found = [name for name in profile.required if name in taken]
    if len(found) < min(FEWEST, profile.enough):
        return None
    return Likeness(f"it takes {', '.join(found[:-1])} and {found[-1]}", len(found) >= profile.enough)


def image_path(image: str) -> str:
    """An image's name without its tag and digest."""
    path = image.partition("@")[0]
    registry, slash, name = path.rpartition("/")
    return registry + slash + name.partition(":")[0]


def is_of(container: Container, images: tuple[str, ...]) -> bool:
    """Whether a container's image ends in one of these paths, each with a slash before it."""
    return f"/{image_path(container.node.text('image'))}".endswith(images)


def whole_sources(container: Container) -> Iterator[tuple[str, str, str, bool]]:
    """Each envFrom: the kind and name of the object, the prefix, whether it is optional."""
    for block in container.node.items("envFrom"):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if source := block.mapping(field):
                yield kind, source.text("name"), block.text("prefix"), source.flag("optional")


def taken(resource: Resource) -> Iterator[str]:
    """The names of the Secrets that the containers of an object's pod take variables from."""
    for container in containers(resource):
        yield from _secrets(container)


def checksum(resource: Resource) -> Scalar | None:
    """The annotation of a pod that waits for the checksum of the Secrets."""
    template = pod(resource)
    annotations = template.mapping(*CHECKSUM[:-1]) if template else None
    node = annotations.get(CHECKSUM[-1]) if annotations else None
    return node if isinstance(node, Scalar) and not node.value and not node.plain else None


def checksum_tangle(resource: Resource) -> Node | None:
    """Why that annotation can't be edited in place: a node on the way to it that other places may share."""
    return resource.node.tangle(*POD_PATHS.get(resource.kind, TEMPLATE), *CHECKSUM)


def _secrets(container: Container) -> Iterator[str]:
    """The names of the Secrets that a container takes variables from."""
    for variable in container.node.items("env"):
        if source := variable.mapping("valueFrom", "secretKeyRef"):
            yield source.text("name")
    yield from (name for kind, name, _, _ in whole_sources(container) if kind == "Secret")


def _names(container: Container, keys_of: KeysOf) -> set[str]:
    """The names of the variables that a container takes, as far as the stream says so."""
    names = {variable.text("name") for variable in container.node.items("env")}
    for kind, name, prefix, _ in whole_sources(container):
        if kind == "Secret":
            names |= {prefix + key for key in keys_of(container.resource.namespace, name)}
    return names


def _ends(resource: Resource, spec: Mapping) -> bool:
    """Whether an object's pods run to their end: jobs, hooks, and pods that are not started again."""
    return resource.kind in RUN_ONCE or bool(resource.hooks) or spec.text("restartPolicy") in ("Never", "OnFailure")
