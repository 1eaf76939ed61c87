"""SecretProviderClass, of the Secrets Store CSI driver (secrets-store.csi.x-k8s.io/v1 and v1alpha1).

How it makes Secrets of files: `ValidateSecretObject` and `GetSecretData` in
https://github.com/kubernetes-sigs/secrets-store-csi-driver/blob/main/pkg/util/secretutil/secret.go. One key without its
file, and no Secret is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.document.nodes import Mapping, Node
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import WARNING
from post_renderer.model.fix import command
from post_renderer.model.record import NamedTuple
from post_renderer.producers import mounted_files
from post_renderer.producers.pods import Pods
from post_renderer.producers.product import Flaw, Product, texts

ENTRY = "{{key: {key}, objectName: …}} in the data of this entry of spec.secretObjects"
UNMOUNTED = "is not mounted by the pod that needs its Secret: the driver makes the Secret for a pod that mounts it"
UNNAMED = "is taken from an object that spec.parameters don't name"
SAME_FILE = "is taken from the same file as {}: each gets all of it"
NO_FILE = "is taken from a file that spec.parameters do not make: objectName has to be the {}"
# What a file is called, in each provider's words.
FILE_NAMES = {"aws": "alias, else the name", "azure": "alias, else the name", "gcp": "path", "gke": "path"}
SCAFFOLD = ("heimdall-pr", "scaffold", "csi-aws", "--values")


def makes(resource: Resource, pods: Pods) -> Iterator[Product]:
    """A Secret for each of `secretObjects`."""
    spec = resource.node.mapping("spec")
    files = _files(spec) if spec else None
    for entry in spec.items("secretObjects") if spec else ():
        keys: dict[str, Node] = {item.text("key").strip(): item.get("key") or item for item in entry.items("data")}
        name = entry.text("secretName").strip()
        block = entry.get("data") or entry
        product = Product(resource, name, resource.namespace, keys, block, ENTRY, origins=_origins(entry))
        product = product.flawed(*_untyped(entry), *_fileless(spec, files, entry)) if spec and files else product
        is_needed = (resource.namespace, name) in pods.taken
        if is_needed and (resource.namespace, resource.name) not in pods.mounted:
            product = product.flawed(_unmounted(resource))
        yield product.typed(entry)


def _origins(entry: Mapping) -> dict[str, tuple[str, ...]]:
    """The file of each key."""
    names = {item.text("key").strip(): item.text("objectName").strip() for item in entry.items("data")}
    return {key: (SAME_FILE, name) for key, name in names.items() if name}


def _untyped(entry: Mapping) -> Iterator[Flaw]:
    if not entry.text("type").strip():
        text = "makes no Secret of an entry of spec.secretObjects that has no type, and only the driver's log says so"
        yield Flaw("makes-no-secret", text, node=entry, whole=True, fix="add `type: Opaque` to the entry")


class Files(NamedTuple):
    """What a class mounts: the names of its files, None if they are not known; or why its provider can't read it."""

    provider: str
    names: frozenset[str] | None
    parameters: str
    problem: str = ""


def _files(spec: Mapping) -> Files:
    provider = spec.text("provider").strip()
    parameters = {key: value.text for key, value in texts(spec.mapping("parameters")).items()}
    everything = " ".join(parameters.values())
    try:
        return Files(provider, mounted_files.names(provider, parameters), everything)
    except mounted_files.Unusable as error:
        return Files(provider, None, everything, str(error))


def _fileless(spec: Mapping, files: Files, entry: Mapping) -> Iterator[Flaw]:
    """The keys whose file is not there."""
    if files.problem:
        text = f"has parameters that the provider {files.provider} can't read: {files.problem}"
        yield Flaw("makes-no-secret", text, node=spec.get("parameters"), whole=True)
        return
    for item in entry.items("data"):
        key, wanted = item.text("key").strip(), item.text("objectName").strip()
        node = item.get("objectName") or item
        if files.names is not None and wanted not in files.names:
            named = NO_FILE.format(FILE_NAMES.get(files.provider, "name of an object"))
            yield Flaw("unknown-object", f"{named}: no Secret is made", key, node, whole=True)
        elif files.names is None and (not wanted or wanted not in files.parameters):
            yield Flaw("unknown-object", UNNAMED, key, node, WARNING)


def _unmounted(resource: Resource) -> Flaw:
    fix = command(*SCAFFOLD, note="which shows the volume and its mount")
    return Flaw("not-mounted", UNMOUNTED, node=resource.node, fix=fix)
