"""What several rules ask about a value or a key."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator

from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy

BASE64 = policy.LETTERS_DIGITS | frozenset("+/")


def known(requirement: Requirement) -> tuple[str, ...]:
    """The keys whose values matter: the required ones, then what else the application reads as a secret."""
    return tuple(dict.fromkeys((*requirement.required, *policy.OPTIONAL)))


def texts(values: Values, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The keys that have a text, each with it."""
    for key in dict.fromkeys(keys):
        value = values.values.get(key, b"")
        if value.strip() and is_utf8(value) and b"\0" not in value:
            yield key, value.decode()


def sound(requirement: Requirement, values: Values) -> Iterator[tuple[str, str]]:
    """The required keys with a text that is no placeholder: the others have a finding already."""
    return ((key, text) for key, text in texts(values, requirement.required) if not policy.is_placeholder(text))


def meant(key: str, requirement: Requirement) -> str | None:
    """The known key that an unknown one was meant to be."""
    return policy.nearest(key, requirement.required)


def is_utf8(value: bytes) -> bool:
    """Whether a value is a text in UTF-8."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_base64(text: str) -> bool:
    """Whether Kubernetes takes a text for base64: standard alphabet, padded."""
    digits = text.rstrip("=")
    return len(text) % 4 == 0 and len(text) - len(digits) <= 2 and BASE64.issuperset(digits)


def is_base64_of_text(text: str) -> bool:
    """Whether a text is base64 of printable text: random hexadecimal digits are base64 too, but of noise."""
    text = text.strip()
    if not is_base64(text):
        return False
    decoded = binascii.a2b_base64(text)
    return is_utf8(decoded) and decoded.decode().rstrip("\r\n").isprintable()
