"""Which texts Kubernetes takes for names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
INNER = LETTERS | {"-"}
NAME_LENGTH, LABEL_LENGTH = 253, 63


def is_label(text: str) -> bool:
    """Whether a text can name a namespace: lower-case letters, digits and `-`, at most 63."""
    return len(text) <= LABEL_LENGTH and _is_part(text)


def is_name(text: str) -> bool:
    """Whether a text can name a Secret: labels joined by dots, at most 253 characters."""
    return len(text) <= NAME_LENGTH and all(_is_part(part) for part in text.split("."))


def _is_part(text: str) -> bool:
    return bool(text) and INNER.issuperset(text) and LETTERS.issuperset((text[0], text[-1]))
