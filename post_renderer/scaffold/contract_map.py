"""A contract as its ConfigMap has it: the flat texts that `rules/flat.py` reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from post_renderer.model.terms import PASSWORD, SELF, Spec, Terms
from post_renderer.rules.flat import Asked


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


def renamed(asked: Asked, keys: Mapping[str, str]) -> Asked:
    """The same with the Secret's keys in place of a contract's names, which may be variables."""

    def new(name: str) -> str:
        return keys.get(name, name)

    terms = asked.terms
    return Asked(
        tuple(map(new, asked.required)),
        {new(name): length for name, length in asked.lengths.items()},
        Terms(
            {new(name): spec for name, spec in terms.specs.items()},
            tuple(tuple(tuple(map(new, names)) for names in group) for group in terms.one_of),
            tuple(tuple(map(new, names)) for names in terms.together),
            tuple((new(name), other if "/" in other else new(other)) for name, other in terms.equal),
        ),
    )


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
