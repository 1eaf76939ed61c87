"""Which chart, release and namespace a stream is of, by the labels that charts usually set and by what is judged."""

from __future__ import annotations

from collections.abc import Iterable

from post_renderer.kube import manifest, names
from post_renderer.kube.manifest import Resource
from post_renderer.requirements.found import Asker

CONTRACTS = tuple(label.encode() for label in manifest.CONTRACT_LABELS)
# https://helm.sh/docs/chart_best_practices/labels/#standard-labels
LABELS = {"chart": b"helm.sh/chart:", "release": b"app.kubernetes.io/instance:"}
ALLOWED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
LONGEST = 63  # characters of a label's value


def described(data: bytes, namespace: str = "") -> str:
    """`chart heimdall-0.2.0, release heimdall, namespace apps`: the contract's labels, or else the first ones."""
    contracts = [at for label in CONTRACTS if (at := data.find(label)) >= 0]
    start = max(data.rfind(b"\n---", 0, min(contracts)), 0) if contracts else 0
    found = {name: _value(data, label, start) for name, label in LABELS.items()}
    found["namespace"] = namespace if names.is_label(namespace) else ""
    return ", ".join(f"{name} {value}" for name, value in found.items() if value)


def namespace(resources: Iterable[Resource], askers: Iterable[Asker], given: str) -> str:
    """The release's namespace, or else the one of all that is judged; empty if it is not known."""
    judged = {asker.all.namespace for asker in askers}
    return manifest.release_namespace(resources, given) or (judged.pop() if len(judged) == 1 else "")


def _value(data: bytes, label: bytes, start: int) -> str:
    """The value of a label; empty if it is none that Kubernetes allows."""
    at = data.find(label, start)
    if at < 0:
        return ""
    line = data[at + len(label) : at + len(label) + LONGEST + 4].partition(b"\n")[0].strip().strip(b"\"'")
    return line.decode() if line and len(line) <= LONGEST and ALLOWED.issuperset(line) else ""
