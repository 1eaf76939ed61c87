"""A required variable is optional in the pod, which would start without it."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.workload import Workload
from post_renderer.model.finding import WARNING, Finding

ID = "optional-key"
SEVERITY = WARNING
IGNORABLE = True


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable whose reference is optional.

    Kubernetes starts the pod without an optional key, and the application runs without its secret.

    Fix: remove `optional: true`.

    Fails: `secretKeyRef: {name: app, key: JWT_SECRET, optional: true}`.
    Passes: the same without `optional`.
    """
    for name, source in workload.sources.items():
        if source.optional:
            message = f"{name} is optional in the pod: without it, the application starts all the same"
            fix = "remove `optional: true`"
            yield Finding(SEVERITY, ID, workload.place, message, "no `optional: true`", fix, name)
