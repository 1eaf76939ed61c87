"""What is known of each required key, as `explain` and the reports tell it."""

from collections.abc import Iterable

from post_renderer.kube.secret import SecretData
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.report import KeyState
from post_renderer.requirements.contract import Contract

OK, WEAK, MISSING, NOT_CHECKED = "ok", "weak", "missing", "not checked"
ABSENT = frozenset(
    ("missing-key", "env-unset", "env-not-allowed", "no-source")
)  # rules whose finding says that there is no value
WHY = {
    "existing": "{0}.existingSecret is set, and comes first",
    "inline": "{0}.secrets is set, and {0}.existingSecret is not",
    "files": "{0}.secretsFiles is set, and neither {0}.existingSecret nor {0}.secrets is",
}


def why(contract: Contract) -> str:
    """Why this approach, in a sentence."""
    return WHY[contract.approach].format(contract.values_path)


def of(
    contract: Contract, secret: SecretData | None, findings: Iterable[Finding], others: SecretData | None = None
) -> tuple[KeyState, ...]:
    """The required keys in order, then those that come from other Secrets: `others` is what these hold."""
    serious = [finding for finding in findings if finding.severity in (ERROR, WARNING)]
    wanted = [*((key, secret) for key in contract.required), *((key, others) for key in contract.elsewhere)]
    return tuple(
        _state(contract, held, key, {each.rule for each in serious if each.key == key}) for key, held in wanted
    )


def _state(contract: Contract, secret: SecretData | None, key: str, rules: set[str]) -> KeyState:
    """One key's; `rules` are those of the errors and warnings about it."""
    source = secret.where(key) if secret else Place(contract.title, values=contract.value())
    if rules & ABSENT:
        return KeyState(key, source, MISSING)
    if secret is None or key not in secret.values:
        return KeyState(key, source, WEAK if rules else NOT_CHECKED)
    length = len(secret.values[key].decode(errors="replace"))
    return KeyState(key, source, WEAK if rules else OK, length)
