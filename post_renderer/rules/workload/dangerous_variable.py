"""An envFrom brings a variable that changes how programs start or whom they trust."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.manifest import SECRET
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import WARNING, Finding
from post_renderer.rules import policy

ID = "dangerous-variable"
SEVERITY = WARNING
IGNORABLE = True


def check(workload: Workload) -> Iterator[Finding]:
    """Report each variable of an envFrom that changes how programs start, or whom they trust.

    Whoever may write the Secret then runs code in the pod.

    Fix: remove it from the Secret, or take each key by `secretKeyRef` instead of `envFrom`.

    Fails: a Secret with the key NODE_OPTIONS, taken by envFrom.
    Passes: the same Secret, each key taken by secretKeyRef.
    """
    for name, source in workload.environment.variables.items():
        if source.kind == SECRET and source.node is None and policy.is_dangerous(name):
            shown = name if not name.startswith("LD_") else "LD_…"
            message = f"{shown} comes with the Secret: whoever may write it commands the application"
            fix = "remove it from the Secret, or take each key by secretKeyRef instead of envFrom"
            yield Finding(SEVERITY, ID, source.place, message, "secrets alone", fix)
