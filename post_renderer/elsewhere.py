"""Keys that a contract takes from other Secrets: checked where those are in the stream."""

from collections.abc import Iterable, Iterator

from post_renderer import checks, secret
from post_renderer.approaches import existing
from post_renderer.contract import Contract
from post_renderer.manifest import SECRET, Resource
from post_renderer.model import Finding, Place


def judge(data: bytes, contract: Contract, resources: Iterable[Resource]) -> Iterator[Finding]:
    """The findings about each such key; a Secret that is not in the stream is not checked here."""
    found = {resource.name: resource for resource in sources(contract, resources)}
    unseen: dict[str, list[str]] = {}
    for key, source in contract.elsewhere.items():
        name, _, entry = source.partition("/")
        if name in found:
            yield from _checked(data, contract, key, entry, found[name])
        else:
            unseen.setdefault(name, []).append(f"{entry} (as {key})")
    for name, entries in unseen.items():
        yield existing.unseen(contract, name, Place(values=f"{contract.values_path}.keys"), ", ".join(entries))


def sources(contract: Contract, resources: Iterable[Resource]) -> list[Resource]:
    """The Secrets in the stream that these keys come from."""
    names = {source.partition("/")[0] for source in contract.elsewhere.values()}
    of_kind = (each for each in resources if each.kind == SECRET and each.name in names)
    return [each for each in of_kind if each.same(contract.namespace, each.name)]


def _checked(data: bytes, contract: Contract, key: str, entry: str, resource: Resource) -> Iterator[Finding]:
    fields = secret.fields(resource)
    written = {key: fields[entry]} if entry in fields else {}
    values, findings = secret.read(data, resource, written)
    yield from findings
    yield from checks.run(values, contract._replace(required=(key,)))
