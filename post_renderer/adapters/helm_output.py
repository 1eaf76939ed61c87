"""Looks at the command line of the Helm that runs us: some options make Helm itself print the user's values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from post_renderer.adapters import helm_line
from post_renderer.model.finding import WARNING, Finding, Place
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy

RULE = "helm-prints-values"
VERBS = ("install", "upgrade", "template")
TEMPLATE = "template"  # it prints no values, whatever its options
# What Go reads as true (https://pkg.go.dev/strconv#ParseBool).
TRUE = ("1", "t", "T", "true", "TRUE", "True")
DEBUG = re.compile(r"--debug(?:=(.*))?", re.DOTALL)
OUTPUT = re.compile(r"(?:--output|-o)(?:=|\0)?(json|yaml)")


def findings(askers: Iterable[Asker], environ: Mapping[str, str]) -> list[Finding]:
    """The warning that `--redact` can't redact what Helm prints by itself: literal values, by an option."""
    option = printing(helm_line.words(), environ)
    literal = option and any(_is_literal(found) for asker in askers for found in asker.found)
    return [_finding(option)] if literal else []


def printing(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """The option with which a command line of Helm prints the user's values; empty if it prints none."""
    verb = next((word for word in words if word in VERBS), "")
    if not verb or verb == TEMPLATE:
        return ""
    if found := OUTPUT.search("\0".join(words)):
        return f"--output {found[1]}"
    given = [found[1] for word in words if (found := DEBUG.fullmatch(word))]
    if given:
        return "--debug" if given[-1] is None or given[-1] in TRUE else ""
    return "HELM_DEBUG" if environ.get("HELM_DEBUG") in TRUE else ""


def _is_literal(found: Found) -> bool:
    """Whether the stream has a value for one of its keys that is neither a reference nor another placeholder."""
    values = (source.value for source in found.sources.values() if found.resource is not None)
    return any(value and not policy.is_placeholder(value.decode(errors="replace")) for value in values)


def _finding(option: str) -> Finding:
    message = f"Helm itself prints your values because of {option}, those of secrets too: --redact can't change that"
    fix = f"leave {option} out, or give each secret as ${{NAME}}, from the environment"
    return Finding(WARNING, RULE, Place(f"{option} of helm"), message, "values that hold no secret", fix)
