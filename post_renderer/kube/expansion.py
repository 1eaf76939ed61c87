"""Expands `$(NAME)` in a container's value as the kubelet does it (k8s.io/kubernetes, forked/golang/expansion)."""

from collections.abc import Iterator
from typing import NamedTuple


class Part(NamedTuple):
    """A part of a value: `text` as it is written, or the `name` of the variable that comes in its place."""

    text: str
    name: str = ""


def parts(value: str) -> Iterator[Part]:
    """The parts of a value; `$$` is a dollar sign, and one that begins no reference is itself."""
    at = 0
    while at < len(value):
        dollar = value.find("$", at)
        if dollar in (-1, len(value) - 1):
            yield Part(value[at:])
            return
        if dollar > at:
            yield Part(value[at:dollar])
        part, at = _part(value, dollar)
        yield part


def _part(value: str, dollar: int) -> tuple[Part, int]:
    """The part that begins with a dollar sign, and where the next one begins."""
    following = value[dollar + 1]
    close = value.find(")", dollar)
    if following == "(" and close >= 0:
        return Part(value[dollar : close + 1], value[dollar + 2 : close]), close + 1
    return Part("$" if following == "$" else f"${following}"), dollar + 2
