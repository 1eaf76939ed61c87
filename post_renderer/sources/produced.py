"""What a report says about a Secret that objects of the stream make or fill: its keys may be known, its values not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from post_renderer import producers
from post_renderer.kube import containers, names
from post_renderer.kube.manifest import POD_OWNERS, Resource
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.fix import command
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import Requirement, Values
from post_renderer.producers import filled
from post_renderer.producers.product import ANY, MAKES, Flaw, Product
from post_renderer.requirements.found import Found
from post_renderer.rules import key_name, near_miss, policy, reading, variable_name

NO_MAKER = "no-maker"
WORDS = re.compile(r"[-._]")
FIX = "give the object that name and namespace, or name its Secret in your values"
LIVE = "once it is applied: it looks at the values"


class Beside(NamedTuple):
    """What objects and annotations do to a Secret that is in the stream itself.

    Attributes:
        findings: What is wrong with that, or worth a note.
        brought: The variables that may be filled, or written over.
        lacking: Those of them that have no value in the stream.
        fillers: Who fills them.
    """

    findings: tuple[Finding, ...] = ()
    brought: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()
    fillers: str = ""


def judge(data: bytes, found: Found) -> tuple[tuple[Finding, ...], str]:
    """Check each required key against what is made.

    Returns:
        The findings, and who brings all keys; empty if that is not certain.
    """
    requirement, products = found.requirement, found.products
    findings = [finding for product in products for finding in _of_product(data, product, requirement)]
    ways = _ways(products)
    if not ways:
        return (*(_idle(data, each, requirement) for each in products), *findings), ""
    findings += _rivals(data, products)
    states = [{name: _state(key, way) for name, key in requirement.keys.items()} for way in ways]
    if all(False in state.values() for state in states):
        lacking = [name for name, state in states[0].items() if state is False]
        return (*(_missing(data, name, requirement, ways) for name in lacking), *findings), ""
    if unsure := [requirement.keys[name] for name in requirement.keys if any(not state[name] for state in states)]:
        return (*findings, _open(data, requirement, unsure, ways)), ""
    if any(finding.severity == ERROR for finding in findings):
        return tuple(findings), ""
    makers = " and ".join(dict.fromkeys(product.maker.title for way in ways for product in way))
    return (*findings, _unseen(data, requirement, makers, ways[0][0])), makers


def beside(data: bytes, found: Found) -> Beside:
    """Look at the makers and fillers of a Secret that is in the stream itself."""
    assert found.resource is not None
    findings: list[Finding] = []
    fillers: list[tuple[str, Product | filled.Filler]] = []
    for product in found.products:
        is_sealed = product.maker.kind == "SealedSecret" and filled.is_sealed(found.resource)
        if product.fills or product.over or is_sealed:
            fillers.append((product.maker.title, product))
            findings += _of_product(data, product, found.requirement)
            findings += _replaced(data, product, found)
        elif product.creates:
            findings.append(_two_makers(data, product, f"makes Secret {product.name}, which is in the stream too"))
    fillers += [(each.tool, each) for each in filled.by(found.resource)]
    return _filled(found, findings, fillers)


def near(found: Found) -> Iterator[Finding]:
    """Report an object that seems to be meant to make the Secret, and makes another one: of that name elsewhere."""
    if not found.objects.others:
        return
    requirement = found.requirement
    made = producers.every(found.objects)
    for product in made if found.objects.may_compare(len(made)) else ():
        if _is_meant(found, product):
            space = "" if product.namespace == ANY else product.namespace
            title = f"Secret {space}/{product.name}" if space else f"Secret {product.name}"
            message = f"{requirement.title} is not made here: {product.maker.title} makes {title}"
            place = product.maker.place(found.objects.data)
            is_known = bool(requirement.namespace and product.namespace)
            message += "" if is_known else ", and the namespace of the release is not known"
            fix = FIX if is_known else "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME), the release's"
            yield Finding(WARNING if is_known else NOTE, "near-secret", place, message, requirement.title, fix)


def _ways(products: Sequence[Product]) -> list[tuple[Product, ...]]:
    """How the Secret may come to be: by one of those that make it alone, else by all that make or fill it together.

    An operator refuses a Secret that another one owns, or writes its own content over it; so does the External Secrets
    Operator with two ExternalSecrets ("secret is owned by another ExternalSecret").
    """
    alone: list[tuple[Product, ...]] = [(product,) for product in products if product.role == MAKES]
    if alone:
        return alone
    together = tuple(product for product in products if product.fills)
    return [together] if any(product.creates for product in together) else []


def _state(key: str, way: Sequence[Product]) -> bool | None:
    """Whether a key comes; None if that can't be known."""
    bringing = [product for product in way if key in product.keys]
    if any(not product.unsure for product in bringing):
        return True
    return None if bringing or any(product.may_hold(key) for product in way) else False


def _of_product(data: bytes, product: Product, requirement: Requirement) -> Iterator[Finding]:
    yield from dict.fromkeys(_flaws(data, product, requirement))
    yield from _same(data, product, requirement)
    yield from _names(data, product, requirement)


def _flaws(data: bytes, product: Product, requirement: Requirement) -> Iterator[Finding]:
    """Report what is wrong with the object, and with required keys."""
    variables = {key: name for name, key in requirement.keys.items()}
    for flaw in product.flaws:
        if flaw.key and flaw.key not in variables and not flaw.whole:
            continue
        shown = (flaw.key if flaw.key in variables else policy.shown(flaw.key)) if flaw.key else product.maker.title
        place = product.maker.place(data, flaw.node or product.keys.get(flaw.key, product.block))
        expected = product.entry.format(key=shown) if flaw.key else "an object that makes the Secret"
        name = variables.get(flaw.key, "")
        yield Finding(_severity(flaw), flaw.rule, place, f"{shown} {flaw.text}", expected, flaw.fix, name)


def _same(data: bytes, product: Product, requirement: Requirement) -> Iterator[Finding]:
    """Report the required keys that get the value of another one."""
    first: dict[tuple[str, ...], str] = {}
    for name, key in requirement.keys.items():
        origin = product.origins.get(key)
        if origin is not None and (other := first.setdefault(origin, key)) != key:
            message = f"{key} {origin[0].format(other)}"
            place = product.maker.place(data, product.keys.get(key, product.block))
            fix = "name the property, file or template of each value"
            yield Finding(WARNING, "same-source", place, message, "a source for each key", fix, name)


def _severity(flaw: Flaw) -> str:
    entry = reading.PRODUCERS.get(flaw.rule)
    return flaw.severity or (entry.severity if entry else ERROR)


def _names(data: bytes, product: Product, requirement: Requirement) -> list[Finding]:
    """Report keys that were meant to be others, or can't be keys; not if the asker renames keys."""
    if any(name != key for name, key in requirement.keys.items()):
        return []
    places = {key: product.maker.place(data, node) for key, node in product.keys.items()}
    values = Values(dict.fromkeys(product.keys, b""), places, product.maker.place(data, product.block))
    rules = (near_miss, key_name, variable_name)
    return [finding for rule in rules for finding in rule.check(requirement, values)]


def _idle(data: bytes, product: Product, requirement: Requirement) -> Finding:
    """Report an object that makes no Secret, and nobody else does."""
    message = f"nothing here makes {requirement.title}; {product.maker.title}: {product.idle}"
    fix = "let it make the Secret (creationPolicy Owner, create: true); if it is in the cluster already: --live"
    return Finding(ERROR, NO_MAKER, product.maker.place(data), message, "an object that makes the Secret", fix)


def _missing(data: bytes, name: str, requirement: Requirement, ways: Sequence[Sequence[Product]]) -> Finding:
    key, product = requirement.keys[name], ways[0][0]
    message = f"{key} is missing: {product.maker.title} makes Secret {product.name} without it"
    others = [other.maker.title for way in ways[1:] for other in way if _state(key, (other,)) is not False]
    if others:
        message += f"; {others[0]} has it, but only one of them makes the Secret"
    place = product.maker.place(data, product.block)
    expected, fix = product.entry.format(key=key), f"add {key} to the manifest"
    return Finding(ERROR, "missing-key", place, message, expected, fix, name)


def _rivals(data: bytes, products: Sequence[Product]) -> Iterator[Finding]:
    """Report two that make one Secret, or one that adds to what another owns: operators undo or refuse that."""
    makers = [product for product in products if product.role == MAKES]
    for product in makers[1:]:
        yield _two_makers(data, product, f"makes the same Secret as {makers[0].maker.title}: only one of them can")
    for product in products if makers else ():
        if product.fills:
            problem = f"adds to a Secret that {makers[0].maker.title} makes: that is refused, or undone"
            yield _two_makers(data, product, problem)


def _two_makers(data: bytes, product: Product, problem: str) -> Finding:
    message = f"{product.maker.title} {problem}"
    return Finding(WARNING, "two-makers", product.maker.place(data), message, "one maker", "leave one of them out")


def _open(data: bytes, requirement: Requirement, keys: list[str], ways: Sequence[Sequence[Product]]) -> Finding:
    products = [product for way in ways for product in way]
    reasons = [f"{each.maker.title}: {why}" for each in products for why in (each.more, each.unsure) if why]
    if len(ways) > 1:
        reasons.append("which of the objects makes the Secret is not known")
    message = f"{requirement.title}: {', '.join(keys)} not checked here: {'; '.join(dict.fromkeys(reasons))}"
    maker = products[0].maker
    named = (names.operand(maker.name), *names.namespace_flag(maker.namespace))
    fix = command("kubectl", "describe", maker.kind.lower(), *named, note="once it is applied")
    expected = "entries that name the keys"
    return Finding(NOTE, "not-checked", maker.place(data, products[0].block), message, expected, fix)


def _unseen(data: bytes, requirement: Requirement, makers: str, product: Product) -> Finding:
    keys = tuple(requirement.keys.values())
    count = f"{len(keys)} required keys" if len(keys) != 1 else keys[0]
    message = f"{requirement.title}: {makers} brings the {count}; no value was seen"
    place = product.maker.place(data, product.block)
    fix = command("heimdall-pr", "check", "TARGET", "--live", "--namespace=NAME", "--context=NAME", note=LIVE)
    return Finding(NOTE, "values-unseen", place, message, "values that only the secret manager has", fix)


def _replaced(data: bytes, product: Product, found: Found) -> Iterator[Finding]:
    """Report the keys of a Secret of the stream that a filler removes: what it writes replaces all."""
    if not product.replaces or (product.maker.kind == "SealedSecret" and filled.is_patched(_secret(found))):
        return
    place = product.maker.place(data, product.block)
    for name, key in found.requirement.keys.items():
        if _state(key, (product,)) is False:
            message = f"{key} is missing: {product.maker.title} replaces all that Secret {product.name} has, without it"
            expected = product.entry.format(key=key)
            yield Finding(ERROR, "missing-key", place, message, expected, f"add {key} to the manifest", name)


def _filled(found: Found, findings: list[Finding], fillers: Sequence[tuple[str, Product | filled.Filler]]) -> Beside:
    """What the fillers bring, with a note that says so; what the stream has of it is judged all the same."""
    requirement = found.requirement
    brought: dict[str, str] = {}
    lacking: set[str] = set()
    for name, key in requirement.keys.items():
        source = found.sources.get(name)
        lacks = source is None or source.is_missing or source.value == b""
        title = next((each for each, filler in fillers if _may_bring(filler, key, lacks)), "")
        brought |= {name: title} if title else {}
        lacking |= {name} if title and lacks else set()
    if not brought:
        return Beside(tuple(findings))
    titles = " and ".join(dict.fromkeys(brought.values()))
    keys = ", ".join(dict.fromkeys(requirement.keys[name] for name in brought))
    message = f"{requirement.title}: {keys} filled by {titles}; values not seen"
    fix = command("heimdall-pr", "check", "TARGET", "--live", "--namespace=NAME", "--context=NAME", note=LIVE)
    place = _secret(found).place(found.objects.data)
    note = Finding(NOTE, "filled", place, message, "values that only the cluster has", fix)
    return Beside((*findings, note), frozenset(brought), frozenset(lacking), titles)


def _secret(found: Found) -> Resource:
    """The Secret of the stream."""
    assert found.resource is not None
    return found.resource


def _may_bring(filler: Product | filled.Filler, key: str, lacks: bool) -> bool:
    """Whether a filler may bring a key that the stream lacks, or surely writes over what it has."""
    if isinstance(filler, Product):
        return key in filler.keys or (filler.may_hold(key) and (lacks or filler.replaces))
    return lacks and filler.may_bring(key)


def _is_meant(found: Found, product: Product) -> bool:
    """Whether a product looks like the Secret that is asked for."""
    requirement = found.requirement
    if not product.creates:
        return False
    if product.name == requirement.secret:
        return True  # those of its own namespace are not asked about here
    if not requirement.namespace or product.namespace not in (requirement.namespace, ANY):
        return False
    is_alike = any(key in product.keys for key in requirement.keys.values())
    return _is_near(requirement.secret, product.name, is_alike) and not _is_taken(found, product)


def _is_taken(found: Found, product: Product) -> bool:
    """Whether a pod in the stream takes something from it: then it is meant for that."""
    pods = (each for each in found.objects.resources if each.kind in POD_OWNERS)
    return any(product.name in containers.taken(pod) for pod in pods)


def _is_near(name: str, other: str, is_alike: bool) -> bool:
    """Whether a name is at most two edits or one word off; `is_alike`: the keys are, so less of the name has to be."""
    if policy.closest(name, (other,)):
        return True
    short, long = sorted((WORDS.split(name), WORDS.split(other)), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((at for at, word in enumerate(short) if word != long[at]), len(short))
    rest = short[start + (len(short) == len(long)) :]
    is_one_off = long[start + 1 :] == rest
    return is_one_off and len(long) - 1 >= (1 if is_alike else 2)
