"""What an approach needs from outside, and what resolving a requirement gives."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.finding import Finding
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import Requirement, Values
from post_renderer.requirements.found import Found
from post_renderer.rules import policy


class Needs(NamedTuple):
    """What has to be known from outside.

    Attributes:
        files: Secrets files.
        variables: Environment variables.
        findings: What is asked for and may not be read.
        secrets: Live Secrets: namespace and name.
    """

    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()


class Resolution(NamedTuple):
    """What is known of a requirement's Secret.

    Attributes:
        found: The requirement, and what the stream has for it.
        values: What the Secret has, or will have.
        findings: What is wrong with where the values come from.
        read: What was read for it, as reports name it.
        provider: Who brings all required keys, if their values are not known.
        seen: The values were seen, not only promised.
        fills: What is written into the Secret of the stream, by key; None: it stays as it is.
    """

    found: Found
    values: Values
    findings: tuple[Finding, ...] = ()
    read: tuple[str, ...] = ()
    provider: str = ""
    seen: bool = True
    fills: Mapping[str, bytes] | None = None


def wanted(requirement: Requirement) -> tuple[str, ...]:
    """The keys that must be there, and the first alternative of each group."""
    return (*requirement.required, *(key for group in requirement.terms.one_of for key in group[0]))


def is_ours(requirement: Requirement, key: str) -> bool:
    """Whether a key is Heimdall's: a contract of keys says by itself what each is."""
    return key in policy.KEYS and key not in requirement.terms.specs
