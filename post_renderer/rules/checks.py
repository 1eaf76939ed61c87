"""ADAPTER, to be deleted: callers that still have a Contract and SecretData get the rules in their old form."""

from collections.abc import Iterator

from post_renderer import rules
from post_renderer.kube.secret import SecretData
from post_renderer.model.finding import Finding, Place
from post_renderer.model.requirement import Requirement, Values
from post_renderer.requirements.contract import Contract
from post_renderer.rules import key_name, near_miss, variable_name


def run(secret: SecretData, contract: Contract) -> list[Finding]:
    """All findings about a Secret's values."""
    return rules.run(_requirement(contract), Values(*secret))


def near_misses(secret: SecretData, contract: Contract) -> Iterator[Finding]:
    """Each key that was meant to be a known one."""
    return near_miss.check(_requirement(contract), Values(*secret))


def key_names(secret: SecretData, contract: Contract) -> Iterator[Finding]:
    """Each key that can't name an environment variable, or not even a Secret's key."""
    requirement, values = _requirement(contract), Values(*secret)
    yield from key_name.check(requirement, values)
    yield from variable_name.check(requirement, values)


def _requirement(contract: Contract) -> Requirement:
    return Requirement(
        asker=contract.resource.title,
        place=Place(),
        secret=contract.secret,
        namespace=contract.namespace,
        keys={key: key for key in contract.required},
        lengths=contract.lengths,
        approach=contract.approach,
        references=contract.is_inline,
    )
