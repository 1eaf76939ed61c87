"""The Secrets of a contract file, with the keys that its names are; and what is wrong with that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from post_renderer.model.contract_file import ContractFile
from post_renderer.model.finding import Finding
from post_renderer.requirements import terms
from post_renderer.rules import policy
from post_renderer.rules.flat import Asked
from post_renderer.scaffold import contract_map, guard_manifests
from post_renderer.scaffold.contract_map import Home, Homes
from post_renderer.scaffold.guard_manifests import Installed
from post_renderer.scaffold.guard_options import RELEASE, One, Wanted, file_of, of_forbidden, wrong

Renames = Mapping[str, str]


def read(wanted: Wanted) -> tuple[list[One], list[Finding]]:
    """The Secrets, and what is wrong with what is asked of them."""
    renames = dict(each.partition("=")[::2] for each in wanted.keys)
    known = {name for each in wanted.contracts for name in each.terms.specs}
    found = [wrong("--key", problem, "--key NAME=KEY") for problem in _misnamed(renames, known)]
    one = "either --contract or the options about keys"
    found += [wrong(f"--{field}", "the contract says it already", one) for field in wanted.fields]
    if wanted.secret and len(wanted.contracts) > 1 and wanted.manifests is None:
        found.append(wrong("--secret", "the contract has several Secrets", "a file with one document, or no --secret"))
    found += [problem for each in wanted.contracts for problem in _of_contract(wanted, each)]
    if found:
        return [], found
    ones: list[One] = []
    for contract in wanted.contracts:
        homes, problems = _homes(wanted, contract, renames)
        found += problems
        made = (each for one in homes for each in _ones(wanted, contract, one))
        ones += (each for each in made if each not in ones)
    return ones, found


def unnamed(contract: ContractFile, homes: Collection[str]) -> list[str]:
    """The names of a contract that are variables of a container, and whose keys are not known.

    A contract that matches by image has variables or keys. In capitals it is a variable: charts name keys otherwise.
    """
    if not contract.images or contract.secret:
        return []
    return [name for name in contract.terms.specs if name not in homes and is_variable(name)]


def is_variable(name: str) -> bool:
    """Whether a name of a contract looks like a variable's."""
    return policy.is_variable_name(name) and name.isupper()


def _misnamed(renames: Renames, known: Collection[str]) -> Iterator[str]:
    """What is wrong with names of a contract that get keys."""
    for name, key in renames.items():
        if name not in known:
            yield terms.unknown(name, known)
        elif not policy.is_data_key(key):
            yield f"{name} gets no name that a Secret's key can have"


def _homes(wanted: Wanted, contract: ContractFile, renames: Renames) -> tuple[list[Homes], list[Finding]]:
    """Where the value of each name is, for each installation; what is wrong with it."""
    installed, found = _installed(wanted, contract)
    several = sorted({home.secret for each in installed for home in each.homes.values()})
    if wanted.secret and len(several) > 1 and wanted.secret not in several:
        message = f"the manifests take the contract's keys from several Secrets: {', '.join(several)}"
        return [], [wrong("--secret", message, "manifests with the chart's value for it set, or no --secret")]
    homes = [_of_installed(wanted, contract, each, renames) for each in installed]
    for one, its in zip(installed, homes, strict=True):
        found += [_unnamed(wanted, name) for name in unnamed(contract, {*one.homes, *renames})]
        found += _unsure(contract, one, renames)
        split = contract_map.apart(contract.terms, its)
        found += [wrong("--contract", text, "one Secret for a group", contract) for text in split]
        found += [wrong("--key", text, "--key NAME=KEY") for text in _twice(its)]
    return homes, list(dict.fromkeys(found))


def _installed(wanted: Wanted, contract: ContractFile) -> tuple[list[Installed], list[Finding]]:
    """What the manifests say; without them, the one Secret that the options or the contract name."""
    if wanted.manifests is None or (wanted.secret and contract.secret):
        secret = wanted.secret or contract.secret.replace(RELEASE, wanted.release)
        return [Installed(secret, {})], []
    found, errors = guard_manifests.installed(wanted.manifests, contract, wanted.namespace)
    if not found and not errors and not contract.present:
        message = "no container in the manifests takes the contract's keys from a Secret"
        return [], [wrong("--manifests", message, "what helm template renders, with your values", contract)]
    expected = "manifests that the contract is about, or --secret NAME"
    return found, [wrong("--manifests", each.message, expected) for each in errors if not contract.present]


def _of_installed(wanted: Wanted, contract: ContractFile, one: Installed, renames: Renames) -> Homes:
    """The home of each name. What the user says wins over the manifests; a name that nobody takes is a key."""
    is_alone = len({home.secret for home in one.homes.values()} | {one.secret}) == 1

    def home(name: str) -> Home:
        found = one.homes.get(name, Home(one.secret, name))
        secret = wanted.secret if wanted.secret and is_alone else found.secret
        return Home(secret, renames.get(name, found.key))

    return {name: home(name) for name in contract.terms.specs}


def _unnamed(wanted: Wanted, name: str) -> Finding:
    """The error that nobody says which key a variable is."""
    if wanted.manifests is not None:
        message = f"no container in the manifests takes {name} from a Secret: which key is it?"
        return wrong("--key", message, f"--key {name}=KEY")
    message = f"{name} is a variable of the application: which key of the Secret is it?"
    return wrong("--key", message, f"--key {name}=KEY, or --manifests FILE with what helm template renders")


def _unsure(contract: ContractFile, one: Installed, renames: Renames) -> Iterator[Finding]:
    """Names that must be there and no pod names, though pods name keys that are no name's: they may be the same."""
    grouped = [name for group in contract.terms.one_of for names in group for name in names]
    others = sorted({home.key for home in one.others}.difference(renames.values()))
    for name in (*contract.required, *grouped) if others else ():
        if name not in one.homes and name not in renames and not is_variable(name):
            message = (
                f"pods take {', '.join(others)}, which the contract does not name, and not {name}: which key is it?"
            )
            yield wrong("--key", message, f"--key {name}=KEY; --key {name}={name} if it is its own")


def _twice(homes: Homes) -> Iterator[str]:
    """Keys that two names of the contract are."""
    counts = Counter(homes.values())
    twice = (home.key for home, count in counts.items() if count > 1 and policy.is_data_key(home.key))
    yield from (f"two names of the contract are the key {key}" for key in twice)


def _ones(wanted: Wanted, contract: ContractFile, homes: Homes) -> Iterator[One]:
    """Each Secret of an installation, with what is asked of it."""
    whole = Asked(contract.required, contract.lengths, contract.terms)
    for secret in dict.fromkeys(home.secret for home in homes.values()):
        asked = contract_map.of_secret(whole, homes, secret)
        equal = tuple((key, other.replace(RELEASE, wanted.release)) for key, other in asked.terms.equal)
        asked = asked._replace(terms=asked.terms._replace(equal=equal))
        yield One(secret, contract.application or secret, asked, file_of(wanted, secret))


def _of_contract(wanted: Wanted, contract: ContractFile) -> Iterator[Finding]:
    """What a contract of a file says that a ConfigMap can't, or does not say."""
    if contract.profile is not None:
        message = "the contract is of the first form, which has no Secret"
        yield wrong("--contract", message, "a contract with `keys`", contract)
        return
    if wanted.manifests is None and not wanted.secret and (not contract.secret or "*" in contract.secret):
        alone = "--secret NAME" if len(wanted.contracts) == 1 else "`secret: NAME` in each document, or --manifests"
        yield wrong("--secret", "the contract names no single Secret", alone, contract)
    named = [contract.secret] if not wanted.secret and wanted.manifests is None else []
    named += [other for _, other in contract.terms.equal]
    if not wanted.release and any(RELEASE in text for text in named):
        yield wrong("--release", f"the contract has {RELEASE} in a name", "--release NAME", contract)
    for message, expected in of_forbidden(contract.terms):
        yield wrong("--contract", message, expected, contract)
