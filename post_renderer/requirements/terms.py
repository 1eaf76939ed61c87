"""Says in words what is wrong with what a contract says of keys, whether it is in a ConfigMap or in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from post_renderer.kube import names as kube_names
from post_renderer.model.record import NamedTuple
from post_renderer.model.terms import ISSUERS, KINDS, Terms
from post_renderer.rules import flat, forms, policy
from post_renderer.rules.flat import Asked, Said

MOST_KEYS = 100  # a contract could else make the checks take for ever
LONGEST_TEXT = 200  # characters of a sentence or a forbidden value
SENTENCE = r"[A-Za-z0-9 .,:;()'/_-]+"  # nothing that a shell would obey: a report shows it beside commands
SHORTEST_NAME = 4  # characters; a shorter one is near everything
ONCE = frozenset(("kinds", "formats", "issuers", "rotation", "filledBy"))  # one of each for a key
PROSE = f"letters, digits and punctuation, at most {LONGEST_TEXT} characters"
EXPECTED = {
    "required": f"names of a Secret's keys, at most {MOST_KEYS}",
    "optional": "names of a Secret's keys",
    "oneOf": "KEY|KEY+KEY: at least two alternatives",
    "together": "KEY+KEY: at least two keys",
    "equal": "KEY=KEY or KEY=SECRET/KEY",
    "kinds": f"one of {', '.join(KINDS)}",
    "lengths": "NUMBER, min:NUMBER, exact:NUMBER or in:NUMBER|NUMBER, from 1 to 99999",
    "formats": f"one of {forms.EXPECTED}",
    "issuers": " or ".join(ISSUERS),
    "forbidden": f"a published value, at most {LONGEST_TEXT} characters",
    "rotation": f"a sentence: {PROSE}",
    "filledBy": f"a name: {PROSE}",
}


class Problem(NamedTuple):
    """What is wrong: the field and the key that it is about, if it is about one; the message; what was expected."""

    field: str
    key: str
    message: str
    expected: str


def read(said: Said) -> tuple[Asked, list[Problem]]:
    """What is asked for, and all that is wrong with it: if there is something, nothing is asked for."""
    problems = list(_of_names(said)) or [*_of_groups(said), *_of_keys(said)]
    return (Asked((), {}, Terms()) if problems else flat.asked(said)), problems


def unknown(name: str, names: Iterable[str], what: str = "key of the contract") -> str:
    """The message about a name that is none of some, with the one that was meant."""
    meant = policy.closest(name, tuple(names)) if len(name) >= SHORTEST_NAME else None
    shown = name if policy.is_data_key(name) and len(name) <= LONGEST_TEXT else "a name"
    return f"{shown} is no {what}" + (f": did you mean {meant}?" if meant else "")


def _of_names(said: Said) -> Iterator[Problem]:
    """What is wrong with the names of keys."""
    names, expected = said.names, EXPECTED["required"]
    if not names:
        yield Problem("required", "", "the contract names no key", expected)
    elif len(names) > MOST_KEYS:
        yield Problem("required", "", f"the contract has {len(names):,} keys", expected)
    else:
        message = "a key is no name that a Secret's key can have"
        yield from (Problem("required", name, message, expected) for name in names if not policy.is_data_key(name))


def _of_groups(said: Said) -> Iterator[Problem]:
    """What is wrong with keys that are named together."""
    grouped = {key for group in said.one_of for keys in group for key in keys}
    for field, others in (("optional", {*said.optional}), ("oneOf", grouped)):
        for key in sorted(others.intersection(said.required)):
            message = f"{key} is required, and named in {field} as well"
            yield Problem(field, key, message, "one of the two")
    alone = {
        "oneOf": flat.is_alone(said.one_of),
        "together": not all(len(set(keys)) > 1 for keys in said.together),
    }
    for field in (field for field, is_alone in alone.items() if is_alone):
        yield Problem(field, "", "a group has one member", EXPECTED[field])
    for key, other in said.equal:
        if problem := _unequal(key, other, said.names):
            yield Problem("equal", key, problem, EXPECTED["equal"])


def _unequal(key: str, other: str, names: Sequence[str]) -> str:
    """What is wrong with a pair of equal keys."""
    secret, slash, name = other.rpartition("/")
    if key not in names:
        return unknown(key, names)
    if slash:
        is_secret = kube_names.is_name(secret.replace("{release}", "r"))
        return "" if is_secret and policy.is_data_key(name) else "`equal` names no key of another Secret"
    return "" if other in {*names} - {key} else unknown(other, {*names} - {key})


def _of_keys(said: Said) -> Iterator[Problem]:
    """What is wrong with what is said of single keys."""
    for key, fields in said.keys.items():
        if key not in said.names:
            yield from (Problem(field, key, unknown(key, said.names), EXPECTED["required"]) for field in fields)
        else:
            yield from _of_key(key, fields)


def _of_key(key: str, fields: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """What is wrong with what is said of one key."""
    for field, values in fields.items():
        if not all(_is_value(field, value) for value in values) or (field in ONCE and len(values) > 1):
            yield Problem(field, key, f"`{field}` of {key} can't be understood", EXPECTED[field])
            return
    lengths = fields.get("lengths", ())
    ways = [text.rpartition(":")[0] for text in lengths]
    found = flat.spec(fields)
    recommended = int(next((text for text in lengths if text.isdecimal()), "0"))
    is_more = bool(found.lengths) and max(found.least, recommended) > max(found.lengths)
    if len(set(ways)) < len(ways) or is_more or {"exact", "in"} <= {*ways}:
        yield Problem("lengths", key, f"the lengths of {key} contradict each other", EXPECTED["lengths"])


def _is_value(field: str, text: str) -> bool:
    """Whether a text is what a field says of a key."""
    if field in {"kinds", "issuers"}:
        return text in (KINDS if field == "kinds" else ISSUERS)
    if field == "formats":
        return forms.is_form(text)
    if field == "lengths":
        return bool(re.fullmatch(flat.LENGTHS, text))
    return 0 < len(text) <= LONGEST_TEXT and (field == "forbidden" or bool(re.fullmatch(SENTENCE, text)))
