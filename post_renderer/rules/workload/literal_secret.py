"""A required variable is plaintext in the pod."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.environment import LITERAL
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import WARNING, Finding
from post_renderer.rules.workload.shared import to_a_secret

ID = "literal-secret"
SEVERITY = WARNING
IGNORABLE = True


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable that is a literal in the pod itself.

    Whoever may read pods, which is far more people than may read Secrets, has the secret.

    Fix: put the value into a Secret, and take it by `secretKeyRef`.

    Fails: `env: [{name: JWT_SECRET, value: 4f1c…}]`.
    Passes: a secretKeyRef.
    """
    for name, source in workload.sources.items():
        if source.kind == LITERAL and source.value != b"":
            message = f"{name} is a literal value: a plaintext secret in the pod"
            yield Finding(SEVERITY, ID, source.place, message, "valueFrom.secretKeyRef", to_a_secret(name), name)
