"""The fix that several rules about workloads share."""

from __future__ import annotations


def to_a_secret(name: str) -> str:
    """Say how a variable is taken from a Secret."""
    return f"put it into a Secret, and take it by valueFrom.secretKeyRef: {{name: SECRET, key: {name}}}"
