"""Reads what a contract says of keys from flat texts, as the ConfigMap and the gate's arguments have them.

`lengths: "a=66,b=min:12,c=exact:32,d=in:16|24|32"`, `oneOf: "token|app_id+app_key"`, `equal: "a=SECRET/KEY"`. Sentences
and published defaults may have commas: the fields of BY_LINE have a line for each `KEY=TEXT`.

The gate carries this file: standard library only, Python 3.9. requirements/terms.py says in words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from post_renderer.model.record import NamedTuple
from post_renderer.model.terms import ISSUERS, KINDS, PASSWORD, SELF, Spec, Terms
from post_renderer.rules import forms

LISTS = ("required", "optional", "oneOf", "together", "equal")
BY_COMMA = ("kinds", "lengths", "formats", "issuers")
BY_LINE = ("forbidden", "rotation", "filledBy")
LENGTHS = r"(?:min:|exact:)?[1-9][0-9]{0,4}|in:[1-9][0-9]{0,4}(?:\|[1-9][0-9]{0,4})*"


class Said(NamedTuple):
    """What a contract says of keys, as it is written.

    Attributes:
        required: The keys that must be there.
        optional: Those that may be.
        one_of: As in Terms.
        together: The same.
        equal: The same.
        keys: What is said of each key, by field.
    """

    required: Sequence[str]
    optional: Sequence[str]
    one_of: Sequence[Sequence[Sequence[str]]]
    together: Sequence[Sequence[str]]
    equal: Sequence[tuple[str, str]]
    keys: Mapping[str, Mapping[str, Sequence[str]]]

    @property
    def names(self) -> tuple[str, ...]:
        """All keys, in order."""
        grouped = (key for group in (*self.one_of, self.together) for keys in group for key in keys)
        return tuple(dict.fromkeys((*self.required, *self.optional, *grouped)))


class Asked(NamedTuple):
    """What a contract asks for: the keys that must be there, recommended lengths, and what else is asked of keys."""

    required: tuple[str, ...]
    lengths: Mapping[str, int]
    terms: Terms


def read(texts: Mapping[str, str]) -> Said:
    """What the fields say."""
    keys: dict[str, dict[str, list[str]]] = {}
    for field in (*BY_COMMA, *BY_LINE):
        for key, value in _pairs(texts.get(field, ""), "\n" if field in BY_LINE else ","):
            keys.setdefault(key, {}).setdefault(field, []).append(value)
    lists = {field: split(texts.get(field, "")) for field in LISTS}
    return Said(
        lists["required"],
        lists["optional"],
        [[split(alternative, "+") for alternative in group.split("|")] for group in lists["oneOf"]],
        [split(group, "+") for group in lists["together"]],
        list(_pairs(texts.get("equal", ""), ",")),
        keys,
    )


def asked(said: Said) -> Asked:
    """What is asked for. Raises ValueError if something makes no sense: it would be no condition at all."""
    specs = {key: spec(said.keys.get(key, {}))._replace(optional=key not in said.required) for key in said.names}
    numbers = {key: _numbers(said.keys.get(key, {}).get("lengths", ())) for key in specs}
    if unknown := said.keys.keys() - specs.keys():
        raise ValueError(f"{len(unknown)} keys are none of the contract's")
    if is_alone(said.one_of) or any(len({*keys}) < 2 for keys in said.together):
        raise ValueError("a group has one member")
    if not all(key in specs and (other in specs or re.fullmatch("[^/]+/[^/]+", other)) for key, other in said.equal):
        raise ValueError("what must be equal is no key")
    terms = Terms(
        specs,
        tuple(tuple(map(tuple, group)) for group in said.one_of),
        tuple(map(tuple, said.together)),
        tuple(said.equal),
    )
    there = tuple(key for key in dict.fromkeys(said.required) if not specs[key].filled_by)
    return Asked(there, {key: found[""][0] for key, found in numbers.items() if "" in found}, terms)


def is_alone(groups: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether one of some groups has no two alternatives, or an empty one."""
    return not all(len({*map(tuple, group)}) > 1 and all(group) for group in groups)


def spec(fields: Mapping[str, Sequence[str]]) -> Spec:
    """What is said of one key. Raises ValueError."""
    one = {field: values[-1] for field, values in fields.items() if values}
    numbers = _numbers(fields.get("lengths", ()))
    kind, form = one.get("kinds", PASSWORD), one.get("formats", "")
    issuer = one.get("issuers", SELF)
    if kind not in KINDS or issuer not in ISSUERS or (form and not forms.is_form(form)):
        raise ValueError("there is no such kind, format or issuer")
    return Spec(
        kind=kind,
        least=numbers.get("min", (0,))[0],
        lengths=(*numbers.get("exact", ()), *numbers.get("in", ())),
        form=form,
        forbidden=tuple(fields.get("forbidden", ())),
        issuer=issuer,
        rotation=one.get("rotation", ""),
        filled_by=one.get("filledBy", ""),
    )


def _numbers(lengths: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The numbers of lengths such as `66`, `min:12` and `in:16|24`, by how they are meant. Raises ValueError."""
    if not all(re.fullmatch(LENGTHS, text) for text in lengths):
        raise ValueError("there is no such length")
    parts = (text.rpartition(":") for text in lengths)
    return {how: tuple(map(int, numbers.split("|"))) for how, _, numbers in parts}


def split(text: str, by: str = ",") -> tuple[str, ...]:
    """The parts of a list."""
    return tuple(part.strip() for part in text.split(by) if part.strip())


def _pairs(text: str, by: str) -> Iterator[tuple[str, str]]:
    for part in split(text, by):
        key, _, value = part.partition("=")
        yield key.strip(), value.strip()
