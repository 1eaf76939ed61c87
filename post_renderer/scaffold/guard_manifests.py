"""Which keys of which Secrets a contract's names are, as the containers in rendered manifests take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from post_renderer.document import stream
from post_renderer.kube import needed
from post_renderer.kube.manifest import POD_OWNERS, SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.record import NamedTuple
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_images, contract_matches, gather
from post_renderer.requirements.contract_images import Instance
from post_renderer.scaffold.contract_map import Home


class Installed(NamedTuple):
    """One installation of the application.

    Attributes:
        secret: Its main Secret.
        homes: The home of each name that a container takes.
        others: Keys that pods can't do without, of these Secrets, and that are no name's.
    """

    secret: str
    homes: Mapping[str, Home]
    others: frozenset[Home] = frozenset()


def installed(data: bytes, contract: ContractFile, namespace: str) -> tuple[list[Installed], list[Finding]]:
    """What each installation in the manifests takes; what is wrong, if there is none."""
    settings = Settings(contracts=(contract,), namespace=namespace)
    objects, unread = gather.gather(data, stream.cut(data), settings)
    askers, findings = contract_matches.askers(objects, settings)
    errors = [each for each in (*unread, *findings) if each.severity == ERROR]
    if errors:
        return [], errors
    if contract.images and not contract.secret:
        return list(_of_images(objects, contract)), []
    names = dict.fromkeys(asker.own.requirement.secret for asker in askers)
    return [Installed(name, {key: Home(name, key) for key in contract.terms.specs}) for name in names], []


def _of_images(objects: Objects, contract: ContractFile) -> Iterator[Installed]:
    """The installations whose containers take a key from a Secret."""
    for instance in contract_images.instances(objects, contract):
        homes = {name: Home(each.name, each.key) for name, each in instance.taken.items() if each.kind == SECRET}
        secrets = [home.secret for home in homes.values()] or instance.whole
        if secrets:
            main = Counter(secrets).most_common(1)[0][0]
            homes = {**_whole(contract, instance), **homes}
            yield Installed(main, *_sure(objects, instance.namespace, {main, *secrets}, homes))


def _sure(
    objects: Objects, namespace: str, secrets: set[str], homes: dict[str, Home]
) -> tuple[dict[str, Home], frozenset[Home]]:
    """The homes, without those that pods name no key of, if they name keys that are no home: one may be the other."""
    pods = (each for each in objects.resources if each.kind in POD_OWNERS and each.namespace == namespace)
    named = {Home(each.secret, each.key) for pod in pods for each in needed.of(pod) if each.secret in secrets}
    others = frozenset(named.difference(homes.values()))
    return {name: home for name, home in homes.items() if not others or home in named}, others


def _whole(contract: ContractFile, instance: Instance) -> dict[str, Home]:
    """The names that no variable and no mount names: of a Secret that is taken whole they are its keys."""
    secrets = dict.fromkeys(instance.whole)
    names = [name for name in contract.terms.specs if name not in instance.taken]
    return {name: Home(secret, name) for secret in secrets for name in names if len(secrets) == 1}
