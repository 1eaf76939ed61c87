"""A required variable does not come from the Secret that the contract names."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.environment import LITERAL, OTHER
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import ERROR, Finding

ID = "wrong-secret"
SEVERITY = ERROR
IGNORABLE = True
PLAIN = {LITERAL: "a literal value", OTHER: "a field of the pod"}


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable that the contract's Secret has, and that the container takes from elsewhere.

    The Secret is complete, and the application runs with another value all the same: the contract says nothing about
    what the pod really gets.

    Fix: take the variable from the Secret and key that the report names, once, without `optional`.

    Fails: `env: [{name: JWT_SECRET, valueFrom: {secretKeyRef: {name: other, key: JWT_SECRET}}}]`
    Passes: the same with the Secret of the contract.
    """
    for name, source in workload.sources.items():
        expected = workload.expected.get(name)
        if expected is None or expected == f"{source.name}/{source.key}":
            continue
        secret, _, key = expected.partition("/")
        taken = PLAIN.get(source.kind) or f"key {source.key} of {workload.title(source)}" if source.name else "the pod"
        message = f"{name} comes from {taken}, not from the Secret that the contract names"
        fix = f"take it by valueFrom.secretKeyRef: {{name: {secret}, key: {key}}}, and nowhere else"
        yield Finding(SEVERITY, ID, source.place, message, f"key {key} of Secret {secret}", fix, name)
