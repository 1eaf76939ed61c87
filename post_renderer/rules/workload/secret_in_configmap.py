"""A required variable comes from a ConfigMap, as plaintext."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.manifest import CONFIG_MAP
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import WARNING, Finding
from post_renderer.rules.workload.shared import to_a_secret

ID = "secret-in-configmap"
SEVERITY = WARNING
IGNORABLE = True


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable that comes from a ConfigMap.

    A ConfigMap is plaintext, and more people may read it.

    Fix: put the value into a Secret, and take it by `secretKeyRef`.

    Fails: `configMapKeyRef: {name: app, key: JWT_SECRET}`.
    Passes: a secretKeyRef.
    """
    for name, source in workload.sources.items():
        if source.kind == CONFIG_MAP:
            message = f"{name} comes from {workload.title(source)}: plaintext, which more people may read"
            yield Finding(SEVERITY, ID, source.place, message, "a Secret", to_a_secret(name), name)
