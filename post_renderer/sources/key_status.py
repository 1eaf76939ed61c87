"""The status of each required key, as `explain` and the reports show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from post_renderer.model.finding import ERROR, WARNING, Finding
from post_renderer.model.report import KeyState
from post_renderer.model.requirement import EXISTING, FILES, INLINE, Requirement, Values
from post_renderer.model.settings import Settings

OK, WEAK, REFUSED, MISSING, NOT_CHECKED = "ok", "weak", "refused", "missing", "not checked"
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


def of(
    requirement: Requirement, values: Values, findings: Iterable[Finding], settings: Settings
) -> tuple[KeyState, ...]:
    """The status of the required keys, in their order."""
    about: dict[str, list[Finding]] = {key: [] for key in requirement.required}
    for finding in findings:
        if finding.severity in (ERROR, WARNING) and finding.key in about:
            about[finding.key].append(finding)
    return tuple(_state(values, key, about[key], settings) for key in requirement.required)


def _state(values: Values, key: str, found: Sequence[Finding], settings: Settings) -> KeyState:
    """The status of one key; `found` are the errors and warnings about it."""
    source = values.where(key)
    if any(each.rule in ABSENT for each in found):
        return KeyState(key, source, MISSING)
    bad = REFUSED if any(_refuses(each, settings) for each in found) else WEAK
    if key not in values.values:
        return KeyState(key, source, bad if found else NOT_CHECKED)
    length = len(values.values[key].decode(errors="replace"))
    return KeyState(key, source, bad if found else OK, length)


def _refuses(finding: Finding, settings: Settings) -> bool:
    """Whether nothing is installed because of a finding."""
    return finding.rule not in settings.ignore and (finding.severity == ERROR or settings.strict)
