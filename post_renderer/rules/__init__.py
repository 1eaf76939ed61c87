"""The rules about a Secret's values, a file for each, in the order of the report.

To add one, write its file and add it to RULES; then `make generate`. Rules about another subject have a table of their
own, in a package beside these files, so that nothing but values is imported here: the gate is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import Finding
from post_renderer.model.record import Protocol
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import (
    admin_rule,
    bcrypt_limit,
    ciphertext,
    double_base64,
    forbidden_value,
    group_incomplete,
    invisible_character,
    key_name,
    missing_key,
    near_miss,
    not_a_password,
    not_equal,
    not_utf8,
    nul_byte,
    placeholder,
    shared,
    shared_value,
    short_value,
    trailing_newline,
    uniform_value,
    unresolved_reference,
    variable_name,
    wrapped_value,
    wrong_format,
    wrong_length,
)


class Rule(Protocol):
    """A rule's module.

    Its docstring is the sentence of what it found. It may also have PATTERN, if a pattern of the whole value says the
    same: then the chart refuses such a value, too.

    Attributes:
        ID: What reports, `--ignore` and `explain` call it.
        SEVERITY: The usual severity of its findings.
        IGNORABLE: Whether a person may decide that it does not matter: the installation can work all the same.
    """

    ID: str
    SEVERITY: str
    IGNORABLE: bool

    def check(self, requirement: Requirement, values: Values) -> Iterator[Finding]:
        """Report what is wrong with the values.

        A finding that names a key and has no `expected` or `fix` gets the usual one. The docstring says what and why,
        then `Fix:`, `Fails:` and `Passes:`; documentation and `heimdall-pr explain` print it.
        """


RULES: tuple[Rule, ...] = (
    missing_key,
    group_incomplete,
    placeholder,
    forbidden_value,
    ciphertext,
    unresolved_reference,
    not_a_password,
    nul_byte,
    not_utf8,
    trailing_newline,
    invisible_character,
    wrapped_value,
    double_base64,
    wrong_format,
    wrong_length,
    short_value,
    uniform_value,
    shared_value,
    not_equal,
    admin_rule,
    bcrypt_limit,
    near_miss,
    key_name,
    variable_name,
)


def run(requirement: Requirement, values: Values, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    """All findings about the values that a requirement asks for."""
    return [_completed(finding, requirement, values) for rule in rules for finding in rule.check(requirement, values)]


def _completed(finding: Finding, requirement: Requirement, values: Values) -> Finding:
    """The finding with its usual fix: the command that renews the value where it is, or the one that makes a value."""
    key = finding.key
    if not key:
        return finding
    fix = finding.fix or values.renewers.get(key) or shared.made(requirement, key)
    return finding._replace(expected=finding.expected or requirement.expected(key), fix=fix)
