"""A contract as its ConfigMap has it: the flat texts that `rules/flat.py` reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from post_renderer.model.record import NamedTuple
from post_renderer.model.terms import PASSWORD, SELF, Spec, Terms
from post_renderer.rules.flat import Asked


class Home(NamedTuple):
    """Where the value of a contract's name is: the Secret, and the key in it."""

    secret: str
    key: str


Homes = Mapping[str, Home]  # by the contract's name


def texts(asked: Asked) -> dict[str, str]:
    """The fields about keys; none that would be empty."""
    specs, terms = asked.terms.specs, asked.terms
    optional = [key for key, spec in specs.items() if spec.optional and key not in grouped(terms)]
    found = {
        "required": _listed(key for key, spec in specs.items() if not spec.optional),
        "optional": _listed(optional),
        "kinds": _listed(f"{key}={spec.kind}" for key, spec in specs.items() if spec.kind != PASSWORD),
        "lengths": _listed(f"{key}={text}" for key, spec in specs.items() for text in _lengths(asked, key, spec)),
        "formats": _listed(f"{key}={spec.form}" for key, spec in specs.items() if spec.form),
        "issuers": _listed(f"{key}={spec.issuer}" for key, spec in specs.items() if spec.issuer != SELF),
        "oneOf": _listed("|".join("+".join(keys) for keys in group) for group in terms.one_of),
        "together": _listed("+".join(keys) for keys in terms.together),
        "equal": _listed(f"{key}={other}" for key, other in terms.equal),
        "forbidden": _lines((key, text) for key, spec in specs.items() for text in spec.forbidden),
        "rotation": _lines((key, spec.rotation) for key, spec in specs.items()),
        "filledBy": _lines((key, spec.filled_by) for key, spec in specs.items()),
    }
    return {field: text for field, text in found.items() if text}


def grouped(terms: Terms) -> set[str]:
    """The keys that are named in groups."""
    return {key for group in (*terms.one_of, terms.together) for keys in group for key in keys}


def of_secret(asked: Asked, homes: Homes, secret: str) -> Asked:
    """The part that is about one Secret, with its keys in place of a contract's names, which may be variables."""
    terms = asked.terms

    def keys(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(homes[name].key for name in names if homes[name].secret == secret)

    def other(name: str) -> str:
        there = homes.get(name)
        return name if there is None else there.key if there.secret == secret else "/".join(there)

    return Asked(
        keys(asked.required),
        {homes[name].key: length for name, length in asked.lengths.items() if homes[name].secret == secret},
        Terms(
            {homes[name].key: spec for name, spec in terms.specs.items() if homes[name].secret == secret},
            tuple(tuple(map(keys, group)) for group in terms.one_of if any(map(keys, group))),
            tuple(filter(None, map(keys, terms.together))),
            tuple((homes[name].key, other(each)) for name, each in terms.equal if homes[name].secret == secret),
        ),
    )


def apart(terms: Terms, homes: Homes) -> Iterator[str]:
    """The groups whose keys are in several Secrets, which no ConfigMap can say."""
    groups = (*({name for names in group for name in names} for group in terms.one_of), *map(set, terms.together))
    for group in groups:
        secrets = sorted({homes[name].secret for name in group})
        if len(secrets) > 1:
            yield f"{', '.join(sorted(group))} are a group, and in several Secrets: {', '.join(secrets)}"


def _lengths(asked: Asked, key: str, spec: Spec) -> Iterator[str]:
    """The lengths of a key, as `lengths` has them."""
    if key in asked.lengths:
        yield str(asked.lengths[key])
    if spec.least:
        yield f"min:{spec.least}"
    if spec.lengths:
        yield "exact:" * (len(spec.lengths) == 1) + "in:" * (len(spec.lengths) > 1) + "|".join(map(str, spec.lengths))


def _listed(parts: Iterable[str]) -> str:
    return ",".join(parts)


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{key}={text}\n" for key, text in pairs if text)
