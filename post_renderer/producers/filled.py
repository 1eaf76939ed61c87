"""A Secret of the stream that a tool in the cluster fills, as an annotation of it says."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.manifest import Resource
from post_renderer.model.record import NamedTuple
from post_renderer.producers.product import texts

# https://github.com/bitnami-labs/sealed-secrets#managing-existing-secrets
MANAGED, PATCHED = "sealedsecrets.bitnami.com/managed", "sealedsecrets.bitnami.com/patch"
# Annotations whose value says where the Secret's content is copied from, with the tool that copies it.
COPIES = {
    # https://github.com/emberstack/kubernetes-reflector#readme
    "reflector.v1.k8s.emberstack.com/reflects": "Reflector",
    # https://github.com/mittwald/kubernetes-replicator#pull-based-replication
    "replicator.v1.mittwald.de/replicate-from": "Kubernetes Replicator",
    # https://pkg.go.dev/github.com/guided-traffic/internal-secrets-operator
    "iso.gtrfc.com/replicate-from": "Internal Secrets Operator",
}
# Annotations whose value lists the keys that get a random value, with the tool that makes it.
GENERATED = {
    # https://github.com/mittwald/kubernetes-secret-generator#annotation-based-generation
    "secret-generator.v1.mittwald.de/autogenerate": "Kubernetes Secret Generator",
    "iso.gtrfc.com/autogenerate": "Internal Secrets Operator",
}
GENERATED_TYPE = "secret-generator.v1.mittwald.de/type"
TYPES = {"ssh-keypair": ("ssh-publickey", "ssh-privatekey"), "basic-auth": ("username", "password", "auth")}
# https://carvel.dev/secretgen-controller/: the annotation itself says so, whatever its value.
PULL_SECRET, PULL_KEYS = "secretgen.carvel.dev/image-pull-secret", (".dockerconfigjson",)
# https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
TOKEN, TOKEN_KEYS = "kubernetes.io/service-account.name", ("token", "ca.crt", "namespace")


class Filler(NamedTuple):
    """A tool that fills a Secret; `keys` are those that it brings, None: it may bring any."""

    tool: str
    keys: frozenset[str] | None = None

    def may_bring(self, key: str) -> bool:
        """Whether it may bring a key."""
        return self.keys is None or key in self.keys


def by(resource: Resource) -> Iterator[Filler]:
    """The tools that the Secret's annotations name."""
    annotations = _annotations(resource)
    if is_sealed(resource):
        yield Filler("Sealed Secrets")
    yield from (Filler(tool) for name, tool in COPIES.items() if annotations.get(name, "").strip())
    for name, tool in GENERATED.items():
        if keys := annotations.get(name, ""):
            yield Filler(tool, frozenset(key.strip() for key in keys.split(",")))
    if made := TYPES.get(annotations.get(GENERATED_TYPE, "")):
        yield Filler("Kubernetes Secret Generator", frozenset(made))
    if PULL_SECRET in annotations:
        yield Filler("secretgen-controller", frozenset(PULL_KEYS))
    if TOKEN in annotations and resource.node.text("type") == "kubernetes.io/service-account-token":
        yield Filler("Kubernetes", frozenset(TOKEN_KEYS))


def is_sealed(resource: Resource) -> bool:
    """Whether the controller of Sealed Secrets may write into it."""
    annotations = _annotations(resource)
    return "true" in (annotations.get(MANAGED), annotations.get(PATCHED))


def is_patched(resource: Resource) -> bool:
    """Whether the controller of Sealed Secrets keeps its other keys."""
    return _annotations(resource).get(PATCHED) == "true"


def _annotations(resource: Resource) -> dict[str, str]:
    return {key: each.text for key, each in texts(resource.node.mapping("metadata", "annotations")).items()}
