"""Which texts Kubernetes takes for names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""

from __future__ import annotations

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
INNER = LETTERS | {"-"}
NAME_LENGTH, LABEL_LENGTH = 253, 63


def is_label(text: str) -> bool:
    """Whether a text can name a namespace: lower-case letters, digits and `-`, at most 63."""
    return len(text) <= LABEL_LENGTH and _is_part(text)


def is_name(text: str) -> bool:
    """Whether a text can name a Secret: labels joined by dots, at most 253 characters."""
    return len(text) <= NAME_LENGTH and all(_is_part(part) for part in text.split("."))


def operand(text: str) -> str:
    """A name of the stream as a word that no program takes for an option: no object has one that begins like one."""
    return "NAME" if text.startswith("-") else text


def namespace_flag(namespace: str) -> tuple[str, ...]:
    """What names a namespace to kubectl; one that is not known is left to the user's own context."""
    return ("--namespace", operand(namespace)) if namespace else ()


def _is_part(text: str) -> bool:
    return bool(text) and INNER.issuperset(text) and LETTERS.issuperset((text[0], text[-1]))
