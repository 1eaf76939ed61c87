"""What the approaches work on: one contract and the Secret it names, and what judging it gave."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from post_renderer.document.nodes import Mapping
from post_renderer.kube.manifest import PRODUCERS, Resource
from post_renderer.kube.secret import SecretData
from post_renderer.model.finding import ERROR, NOTE, Finding
from post_renderer.requirements.contract import Contract

if TYPE_CHECKING:  # most streams have no producer: those modules are imported where one is there
    from post_renderer.producers.product import Product


class Case(NamedTuple):
    """One contract, with the Secret it names where that is in the stream, or what makes it there.

    `hidden`: Helm left Secrets out.
    """

    data: bytes
    contract: Contract
    resource: Resource | None
    hidden: bool
    products: tuple["Product", ...] = ()  # quoted whole, it would be compiled, the dearest line of the start

    @classmethod
    def of(cls, data: bytes, contract: Contract, resources: Sequence[Resource], hidden: bool) -> "Case":
        """The case of a contract among the objects of the stream."""
        found = cls(data, contract, next(contract.secrets_in(resources), None), hidden)
        if not any(resource.kind in PRODUCERS for resource in resources):
            return found
        from post_renderer import producers

        return found._replace(products=producers.of(contract.namespace, contract.secret, resources))


class Needs(NamedTuple):
    """What an approach has to know from outside, and what it may not; `secrets` are live ones: namespace and name."""

    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()


class Verdict(NamedTuple):
    """What a Secret holds or will hold (None: not known here), what is wrong, what was read.

    `provider` is who brings all required keys, where the values are not known; `live`: it was read from a cluster.
    """

    secret: SecretData | None
    findings: tuple[Finding, ...] = ()
    read: tuple[str, ...] = ()
    provider: str = ""
    live: bool = False


def unfillable(case: Case) -> tuple[Finding, ...]:
    """Why the Secret that the contract has filled can't be: it is not in the stream, or has no data."""
    place = case.contract.resource.place(case.data)
    fix = "render it again; where another post-renderer runs before this one, keep its hands off the Secret"
    if case.resource is None and case.hidden:
        message = f"{case.contract.title} is hidden, so it is not checked here and nothing is filled"
        return (Finding(NOTE, "hidden", place, message, "a render without --hide-secret", "leave --hide-secret out"),)
    if case.resource is None:
        message = f"{case.contract.title}, which this contract fills, is not in the stream"
        return (Finding(ERROR, "secret-absent", place, message, "the Secret that the chart rendered", fix),)
    block = case.resource.node.get("data")
    if not isinstance(block, Mapping) or not block.pairs or block.anchored or case.resource.item:
        where = case.resource.place(case.data)
        return (Finding(ERROR, "secret-damaged", where, "the Secret has no data that can be filled", "`data`", fix),)
    return ()
