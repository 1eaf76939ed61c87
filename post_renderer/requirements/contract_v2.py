"""A contract of version 2: any keys that a Secret can have, and for each what its value must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from post_renderer.kube import names
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.requirements import contract, terms
from post_renderer.requirements.contract import FIELDS, REINSTALL, Contract
from post_renderer.rules import flat, policy

# What may be left out, and what it is then: a chart that only names an existing Secret writes two fields.
DEFAULTS = {
    "approach": "existing",
    "ignored": "",
    "secret": "",
    "sources": "",
    "files": "",
    "verified": "false",
    "valuesPath": "values",
}
KNOWN = (*dict.fromkeys((*FIELDS, *terms.EXPECTED)), "judged", "fixed", "policy", "application")
# What the checks of version 1 see in place of the fields about keys, which have checks of their own here.
STAND_INS = {"required": "KEY", "lengths": "", "optional": "", "fixed": ""}


def read(resource: Resource, texts: Mapping[str, str], place: Place) -> Contract | list[Finding]:
    """The contract, or everything that is wrong with it."""
    asked, problems = terms.read(flat.read(texts))
    given = {name: text for name, text in texts.items() if name not in contract.LATER}
    given = {**DEFAULTS, **given, **STAND_INS}
    found = [*_of_fields(texts), *contract.problems_of(given), *contract.misnamed(resource)]
    found += [(f"the contract's data.{problem.field}: {problem.message}", problem.expected) for problem in problems]
    if found:
        return [
            Finding(ERROR, "contract-damaged", place, problem, expected, REINSTALL)
            for problem, expected in dict.fromkeys(found)
        ]
    return contract.of_texts(resource, given)._replace(
        required=asked.required,
        lengths=asked.lengths,
        optional=(),
        fixed=contract.split(texts.get("fixed", "")),
        terms=asked.terms,
        application=texts.get("application", ""),
        values_path=texts.get("valuesPath", ""),
    )


def _of_fields(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the fields themselves."""
    for name in sorted(texts.keys() - set(KNOWN)):
        yield f"the contract's data: {terms.unknown(name, KNOWN, 'field')}", ", ".join(KNOWN)
    if texts.get("sources"):
        yield "the contract's data.sources is of version 1 alone", "a contract for each Secret"
    if not policy.DATA_KEY.issuperset("".join(contract.split(texts.get("fixed", "")))):
        yield "the contract's data.fixed has what is no key", "keys of the Secret, separated by commas"
    name = texts.get("application", "")
    if len(name) > names.LABEL_LENGTH or not policy.DATA_KEY.issuperset(name):
        yield "the contract's data.application is no name", "letters, digits, '-', '_' and '.', at most 63"
