"""What several rules ask about a value or a key."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from functools import lru_cache

from post_renderer.model.fix import Command, Fix, command
from post_renderer.model.requirement import EXISTING, Requirement, Values
from post_renderer.model.terms import BINARY, HASH, KINDS, PASSWORD, PEM, TEXT, THIRD_PARTY, TOKEN, Spec
from post_renderer.rules import forms, policy, words

BASE64 = policy.LETTERS_DIGITS | frozenset("+/")
NONE = Spec()
# The kinds whose values several rules look at: what is text; what can be a placeholder, a reference or ciphertext;
# what a person may copy wrongly; what is measured, if nobody else issued it.
OF_TEXT = frozenset((*KINDS, TEXT)) - {BINARY}
OF_SECRETS = frozenset((PASSWORD, TOKEN, HASH, PEM, TEXT))
OF_ONE_LINE = frozenset((PASSWORD, TOKEN, HASH))
MEASURED = frozenset((PASSWORD, TOKEN, TEXT))
MEANT = 6  # characters of a name; a shorter one is near too many others
REWRITTEN = "store the same value without them"  # a new one would not be the one that is in use
BY_HAND = "write the value that the application expects"


def kind(requirement: Requirement, key: str) -> str:
    """The kind of a key's value: a contract that says no more than version 1 can leaves it to the name."""
    spec = requirement.terms.specs.get(key)
    return spec.kind if spec else PASSWORD if policy.is_password(key) else TEXT


def spec(requirement: Requirement, key: str) -> Spec:
    """What a contract says of a key's value."""
    return requirement.terms.specs.get(key, NONE)


def known(requirement: Requirement, kinds: frozenset[str] = OF_SECRETS) -> tuple[str, ...]:
    """The keys of some kinds whose values matter: the required ones, then what else the application reads."""
    keys = dict.fromkeys((*requirement.required, *(requirement.terms.specs or policy.OPTIONAL)))
    return tuple(key for key in keys if kind(requirement, key) in kinds)


def texts(values: Values, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The keys that have a text, each with it."""
    for key in dict.fromkeys(keys):
        value = values.values.get(key, b"")
        if not is_blank(value) and is_utf8(value) and b"\0" not in value:
            yield key, value.decode()


def sound(requirement: Requirement, values: Values) -> Iterator[tuple[str, str]]:
    """The required keys with a text that can be a secret: the others have a finding already.

    What a login's provider gave is not measured: nobody can make another one.
    """
    specs = requirement.terms.specs
    given = {key for key, each in specs.items() if each.issuer == THIRD_PARTY} if specs else policy.OPTIONAL
    measured = (key for key in known(requirement, MEASURED) if key not in given)
    return ((key, text) for key, text in texts(values, measured) if is_sound(requirement, key, text))


def passwords(requirement: Requirement, values: Values) -> Iterator[tuple[str, str]]:
    """The known keys of passwords, tokens and hashes that have a text, each with it."""
    keys = (key for key in known(requirement, OF_ONE_LINE) if spec(requirement, key).form != "htpasswd")
    return texts(values, keys)


def is_sound(requirement: Requirement, key: str, text: str) -> bool:
    """Whether a text can be the secret of a key: no placeholder, and nothing of another kind."""
    is_password = kind(requirement, key) in OF_ONE_LINE
    return not is_of_another_kind(text, is_password) and not is_placeholder(text, is_password)


@lru_cache(maxsize=64)  # several rules ask the same, and so do all workloads that take a Secret
def is_of_another_kind(text: str, is_password: bool) -> bool:
    """Whether a text is ciphertext, a reference or a document, which have rules of their own."""
    found = policy.is_ciphertext(text) or policy.is_for_webhook(text) or policy.is_reference(text)
    return found or (is_password and policy.is_document(text))


@lru_cache(maxsize=64)
def is_placeholder(text: str, is_password: bool) -> bool:
    """Whether a text only takes the place of a secret; one of a password that is base64 is decoded, too."""
    if policy.is_placeholder(text) or policy.is_published(text):
        return True
    if not is_password:
        return False
    decoded = binascii.a2b_base64(text.strip()).decode() if is_base64_of_text(text) else ""
    return words.is_made_of_words(text) or (len(decoded) >= policy.SHORTEST and words.is_made_of_words(decoded))


def meant(key: str, requirement: Requirement) -> str | None:
    """The known key that an unknown one was meant to be."""
    specs = requirement.terms.specs
    if not specs:
        return policy.nearest(key, requirement.required)
    return policy.closest(key, tuple(specs)) if key not in specs and len(key) >= MEANT else None


def made(requirement: Requirement, key: str) -> Fix:
    """How to make a value for a key, or who has it."""
    terms, length = spec(requirement, key), requirement.lengths.get(key, 0)
    if is_given(requirement, key):
        fix: Fix = policy.GIVEN
    elif key not in requirement.terms.specs:
        fix = policy.recipe(key, length)
    else:
        fix = _recipe(terms, length) if terms.kind in MEASURED else BY_HAND
    if not terms.rotation:
        return fix
    return fix._replace(note=terms.rotation) if isinstance(fix, Command) else f"{fix}; {terms.rotation}"


def _recipe(terms: Spec, length: int) -> Fix:
    """The command that makes a value of some lengths and a format."""
    size = next(iter(terms.lengths), length or terms.least)
    found = forms.recipe(terms.form, size)
    if not found:
        return BY_HAND
    cut = (("cut", "-c", f"1-{size}"),) if size % 2 and terms.lengths and terms.form in {"", "hex"} else ()
    return Command((found, *cut)) if cut else command(*found)


def is_given(requirement: Requirement, key: str) -> bool:
    """Whether somebody else issues the value, so that nobody here can make another one.

    A contract of version 1 has a length for each key that is made here: charts/heimdall has none for the password of a
    database that it does not bring.
    """
    specs = requirement.terms.specs
    if key in specs:
        return specs[key].issuer == THIRD_PARTY
    return policy.is_given(key) or (key in policy.KEYS and bool(requirement.lengths) and key not in requirement.lengths)


def renamed(requirement: Requirement, name: str, key: str) -> str:
    """The fix for a key under another name; a chart with our contract can take it by that name, if it is right."""
    if requirement.approach != EXISTING or not requirement.place.values:
        return f"rename {name} to {key}"
    return f"{requirement.values_path}.keys.{key}.key={name} in the values, or rename {name} to {key} in the Secret"


def is_reported(kind: str, text: str) -> bool:
    """Whether the rules about placeholders, references and ciphertext report a text: they look at some kinds alone."""
    if kind not in OF_SECRETS:
        return False
    is_password = kind in OF_ONE_LINE
    return is_of_another_kind(text, False) or (
        not is_of_another_kind(text, is_password) and is_placeholder(text, is_password)
    )


def is_blank(value: bytes) -> bool:
    """Whether a value is empty or only white space, also what is none in ASCII, as a copied no-break space."""
    return not value.decode(errors="replace").strip()


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
