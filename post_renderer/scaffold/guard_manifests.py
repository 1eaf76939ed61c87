"""Which keys of which Secrets a contract's names are, as the containers in rendered manifests take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from post_renderer.document import stream
from post_renderer.kube.manifest import SECRET
from post_renderer.kube.objects import Objects
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.record import NamedTuple
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_images, contract_matches, gather
from post_renderer.requirements.contract_images import Instance
from post_renderer.scaffold.contract_map import Home


class Installed(NamedTuple):
    """One installation of the application: its main Secret, and the home of each name that a container takes."""

    secret: str
    homes: Mapping[str, Home]


def installed(data: bytes, contract: ContractFile, namespace: str) -> tuple[list[Installed], list[Finding]]:
    """What each installation in the manifests takes; what is wrong, if there is none."""
    settings = Settings(contracts=(contract,), namespace=namespace)
    objects, unread = gather.gather(data, stream.cut(data), settings)
    askers, findings = contract_matches.askers(objects, settings)
    errors = [each for each in (*unread, *findings) if each.severity == ERROR]
    if errors:
        return [], errors
    if contract.image and not contract.secret:
        return list(_of_images(objects, contract)), []
    names = dict.fromkeys(asker.own.requirement.secret for asker in askers)
    return [Installed(name, {key: Home(name, key) for key in contract.terms.specs}) for name in names], []


def _of_images(objects: Objects, contract: ContractFile) -> Iterator[Installed]:
    """The installations whose containers take a key from a Secret."""
    for instance in contract_images.instances(objects, contract):
        homes = {name: Home(each.name, each.key) for name, each in instance.taken.items() if each.kind == SECRET}
        secrets = [home.secret for home in homes.values()] or instance.whole
        if secrets:
            yield Installed(Counter(secrets).most_common(1)[0][0], {**_whole(contract, instance), **homes})


def _whole(contract: ContractFile, instance: Instance) -> dict[str, Home]:
    """The names that no variable and no mount names: of a Secret that is taken whole they are its keys."""
    secrets = dict.fromkeys(instance.whole)
    names = [name for name in contract.terms.specs if name not in instance.taken]
    return {name: Home(secret, name) for secret in secrets for name in names if len(secrets) == 1}
