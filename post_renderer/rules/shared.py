"""What several rules ask about a value or a key."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from functools import lru_cache

from post_renderer.model.requirement import EXISTING, Requirement, Values
from post_renderer.rules import policy, words

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
    """The required keys with a text that can be a secret: the others have a finding already.

    What a login's provider gave is not measured: nobody can make another one.
    """
    measured = (key for key in requirement.required if key not in policy.OPTIONAL)
    return ((key, text) for key, text in texts(values, measured) if is_sound(key, text))


def passwords(requirement: Requirement, values: Values) -> Iterator[tuple[str, str]]:
    """The known keys of passwords that have a text, each with it."""
    return texts(values, filter(policy.is_password, known(requirement)))


def is_sound(key: str, text: str) -> bool:
    """Whether a text can be the secret of a key: no placeholder, and nothing of another kind."""
    return not is_of_another_kind(key, text) and not is_placeholder(key, text)


@lru_cache(maxsize=64)  # several rules ask the same, and so do all workloads that take a Secret
def is_of_another_kind(key: str, text: str) -> bool:
    """Whether a text is ciphertext, a reference or a document, which have rules of their own."""
    found = policy.is_ciphertext(text) or policy.is_for_webhook(text) or policy.is_reference(text)
    return found or (policy.is_password(key) and policy.is_document(text))


@lru_cache(maxsize=64)
def is_placeholder(key: str, text: str) -> bool:
    """Whether a text only takes the place of a key's secret; one that is base64 is decoded, too."""
    if policy.is_placeholder(text) or policy.is_published(text):
        return True
    if not policy.is_password(key):
        return False
    decoded = binascii.a2b_base64(text.strip()).decode() if is_base64_of_text(text) else ""
    return words.is_made_of_words(text) or (len(decoded) >= policy.SHORTEST and words.is_made_of_words(decoded))


def meant(key: str, requirement: Requirement) -> str | None:
    """The known key that an unknown one was meant to be."""
    return policy.nearest(key, requirement.required)


def renamed(requirement: Requirement, name: str, key: str) -> str:
    """The fix for a key under another name; a chart with our contract can take it by that name, if it is right."""
    if requirement.approach != EXISTING or not requirement.place.values:
        return f"rename {name} to {key}"
    return f"{requirement.values_path}.keys.{key}.key={name} in the values, or rename {name} to {key} in the Secret"


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
