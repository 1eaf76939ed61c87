"""Expands `$(NAME)` in a container's value as the kubelet does it (k8s.io/kubernetes, forked/golang/expansion)."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.record import NamedTuple


class Part(NamedTuple):
    """A part of a value: `text` as it is written, or the `name` of the variable that comes in its place."""

    text: str
    name: str = ""


def parts(value: str) -> Iterator[Part]:
    """The parts of a value; `$$` is a dollar sign, and one that begins no reference is itself."""
    at, last = 0, value.rfind(")")
    while at < len(value):
        dollar = value.find("$", at)
        if dollar in (-1, len(value) - 1):
            yield Part(value[at:])
            return
        if dollar > at:
            yield Part(value[at:dollar])
        part, at = _part(value, dollar, last)
        yield part


def is_reference(value: str) -> bool:
    """Whether a value is one reference, and nothing else."""
    found = list(parts(value))
    return len(found) == 1 and bool(found[0].name)


def _part(value: str, dollar: int, last: int) -> tuple[Part, int]:
    """The part that begins with a dollar sign, and where the next one begins; `last` is the last bracket."""
    following = value[dollar + 1]
    if following == "(" and dollar < last:
        close = value.index(")", dollar)
        return Part(value[dollar : close + 1], value[dollar + 2 : close]), close + 1
    return Part("$" if following == "$" else f"${following}"), dollar + 2
