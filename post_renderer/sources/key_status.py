"""The status of each required key, as `explain` and the reports show it."""

from __future__ import annotations

from collections.abc import Iterable

from post_renderer.model.finding import ERROR, WARNING, Finding
from post_renderer.model.report import KeyState
from post_renderer.model.requirement import EXISTING, FILES, INLINE, Requirement, Values

OK, WEAK, MISSING, NOT_CHECKED = "ok", "weak", "missing", "not checked"
# Rules whose finding says that there is no value.
ABSENT = frozenset(("missing-key", "env-unset", "env-not-allowed", "no-source"))
WHY = {
    EXISTING: "{0}.existingSecret is set, and comes first",
    INLINE: "{0}.secrets is set, and {0}.existingSecret is not",
    FILES: "{0}.secretsFiles is set, and neither {0}.existingSecret nor {0}.secrets is",
}


def why(requirement: Requirement) -> str:
    """Say in a sentence why the approach was chosen."""
    if not requirement.values_path:
        application = f", for {requirement.application}" if requirement.application else ""
        return f"{requirement.asker} says what it must have{application}"
    return WHY[requirement.approach].format(requirement.values_path)


def of(requirement: Requirement, values: Values, findings: Iterable[Finding]) -> tuple[KeyState, ...]:
    """The status of the required keys, in their order."""
    serious = [finding for finding in findings if finding.severity in (ERROR, WARNING)]
    rules = {key: {each.rule for each in serious if each.key == key} for key in requirement.required}
    return tuple(_state(values, key, rules[key]) for key in requirement.required)


def _state(values: Values, key: str, rules: set[str]) -> KeyState:
    """The status of one key; `rules` are those of the errors and warnings about it."""
    source = values.where(key)
    if rules & ABSENT:
        return KeyState(key, source, MISSING)
    if key not in values.values:
        return KeyState(key, source, WEAK if rules else NOT_CHECKED)
    length = len(values.values[key].decode(errors="replace"))
    return KeyState(key, source, WEAK if rules else OK, length)
