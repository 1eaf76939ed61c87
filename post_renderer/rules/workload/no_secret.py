"""A required variable comes from a field that is no secret."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.environment import OTHER
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import WARNING, Finding
from post_renderer.rules.workload.shared import to_a_secret

ID = "no-secret"
SEVERITY = WARNING
IGNORABLE = True


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable that comes from a field of the pod or the like.

    The pod's name or address is no secret.

    Fix: put a value into a Secret, and take it by `secretKeyRef`.

    Fails: `valueFrom: {fieldRef: {fieldPath: metadata.name}}`.
    Passes: a secretKeyRef.
    """
    for name, source in workload.sources.items():
        if source.kind == OTHER:
            message = f"{name} comes from a field that is no secret"
            yield Finding(SEVERITY, ID, source.place, message, "valueFrom.secretKeyRef", to_a_secret(name), name)
