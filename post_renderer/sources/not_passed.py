"""Finds keys that are stored in the Secret of a contract, and that the pods do not get."""

from collections.abc import Collection, Iterator

from post_renderer.model.finding import WARNING, Finding
from post_renderer.model.requirement import EXISTING, Requirement
from post_renderer.rules import policy, settings
from post_renderer.sources.resolution import Resolution

ID = "not-passed"
EXPECTED = "keys that the application's pod gets"
SHORTEST = 8  # characters of a setting's name; nearly everything is near a shorter one


def check(own: Resolution, taken: Collection[str]) -> Iterator[Finding]:
    """Report each key that the application knows, or that is near one that it knows; and how many others there are.

    Near misses of secrets and names of no variable have rules of their own. A live Secret may serve others, too.

    Args:
        own: The contract's own Secret, with its values.
        taken: All variables that the contract takes from any Secret.
    """
    requirement = own.found.requirement
    others = 0
    for key in _stored(own):
        meant = key if key in taken or key in policy.OPTIONAL else _setting(key)
        if meant:
            message = f"{key} is stored in {requirement.title} and not given to the pod"
            yield Finding(WARNING, ID, own.values.where(key), message, EXPECTED, _fix(requirement, key, meant, taken))
        elif policy.is_variable_name(key) and not policy.nearest(key, requirement.required):
            others += 1
    if others and not (requirement.approach == EXISTING and own.found.resource is None):
        yield _counted(own, others)


def _stored(own: Resolution) -> Iterator[str]:
    """The keys that are stored and not passed."""
    requirement = own.found.requirement
    passed = {*requirement.passed, *requirement.keys}
    return (key for key in own.values.values if key not in passed)


def _setting(key: str) -> str:
    """The setting that a key is, or was meant to be; empty if it is neither."""
    if key in settings.NAMES:
        return key
    return policy.closest(key, tuple(name for name in settings.NAMES if len(name) >= SHORTEST)) or ""


def _fix(requirement: Requirement, key: str, meant: str, taken: Collection[str]) -> str:
    path = requirement.values_path
    if key in taken or key in policy.OPTIONAL:
        return f"leave it out: {path}.keys.{key} takes it from another Secret"
    renamed = "" if key == meant else f"rename it to {meant}, and "
    return f"{renamed}name {meant} in {path}.extraSecretKeys; or leave it out"


def _counted(own: Resolution, others: int) -> Finding:
    requirement = own.found.requirement
    keys = "1 key that is not known is" if others == 1 else f"{others} keys that are not known are"
    message = f"{keys} stored in {requirement.title} and not given to the pod"
    fix = f"name what the application is to get in {requirement.values_path}.extraSecretKeys; or leave it out"
    return Finding(WARNING, ID, own.values.whole, message, EXPECTED, fix)
