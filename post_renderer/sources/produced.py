"""What a report says about a Secret that objects in the stream make: the keys can be known, the values can't."""

from collections.abc import Iterator, Sequence

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.model.fix import command
from post_renderer.model.requirement import Requirement, Values
from post_renderer.producers.product import Product
from post_renderer.requirements.found import Found
from post_renderer.rules import key_name, near_miss, policy, variable_name

UNSEALED = "not-sealed"  # one such value, and no Secret is made, so it matters for every key
ERRORS = frozenset(("missing-key", UNSEALED))


def judge(data: bytes, found: Found) -> tuple[tuple[Finding, ...], str]:
    """Check each required key against what is made.

    Returns:
        The findings, and who brings all keys; empty if that is not certain.
    """
    requirement, products = found.requirement, found.products
    states = {name: _state(key, products) for name, key in requirement.keys.items()}
    findings = [_missing(data, name, requirement, products) for name, state in states.items() if state is False]
    for product in products:
        findings += [*_flaws(data, product, requirement), *_names(data, product, requirement)]
    findings += _rivals(data, products)
    if open_keys := [requirement.keys[name] for name, state in states.items() if state is None]:
        findings.append(_open(data, requirement, open_keys, products))
    elif not any(finding.severity == ERROR for finding in findings):
        makers = " and ".join(dict.fromkeys(product.maker.title for product in products))
        return (*findings, _unseen(data, requirement, makers, products)), makers
    return tuple(findings), ""


def beside(data: bytes, products: Sequence[Product]) -> list[Finding]:
    """Report makers of a Secret that is in the stream itself: the operators take it over, or refuse to."""
    return [
        _two_makers(data, product, f"makes Secret {product.name}, which is in the stream too")
        for product in products
        if product.whole
    ]


def _state(key: str, products: Sequence[Product]) -> bool | None:
    """Whether a key comes; None if that can't be known."""
    if any(key in product.keys for product in products):
        return True
    made = any(product.whole for product in products)
    return None if not made or any(product.may_hold(key) for product in products) else False


def _missing(data: bytes, name: str, requirement: Requirement, products: Sequence[Product]) -> Finding:
    key = requirement.keys[name]
    product = next((each for each in products if each.whole), products[0])
    message = f"{key} is missing: {product.maker.title} makes Secret {product.name} without it"
    place = product.maker.place(data, product.block)
    expected, fix = product.entry.format(key=key), f"add {key} to the manifest"
    return Finding(ERROR, "missing-key", place, message, expected, fix, name)


def _flaws(data: bytes, product: Product, requirement: Requirement) -> Iterator[Finding]:
    """Report what is wrong with known keys."""
    names = {key: name for name, key in requirement.keys.items()}
    for key, (rule, text) in product.flaws.items():
        if key not in names and rule != UNSEALED:
            continue
        shown = key if key in names else policy.shown(key)
        place = product.maker.place(data, product.keys.get(key, product.block))
        severity = ERROR if rule in ERRORS else WARNING
        expected = product.entry.format(key=shown)
        yield Finding(severity, rule, place, f"{shown} {text}", expected, "fix the manifest", names.get(key, ""))
    if product.warning:
        place = product.maker.place(data)
        fix = command("heimdall-pr", "scaffold", "csi-aws", "--values", note="which shows the volume and its mount")
        yield Finding(WARNING, "not-mounted", place, product.warning, "a pod with its volume", fix)


def _names(data: bytes, product: Product, requirement: Requirement) -> list[Finding]:
    """Report keys that were meant to be others, or can't be keys; not if the asker renames keys."""
    if any(name != key for name, key in requirement.keys.items()):
        return []
    places = {key: product.maker.place(data, node) for key, node in product.keys.items()}
    values = Values(dict.fromkeys(product.keys, b""), places, product.maker.place(data, product.block))
    rules = (near_miss, key_name, variable_name)
    return [finding for rule in rules for finding in rule.check(requirement, values)]


def _rivals(data: bytes, products: Sequence[Product]) -> Iterator[Finding]:
    """Report two that make one Secret: the operators undo or refuse each other's."""
    makers = [product for product in products if product.whole]
    for product in makers[1:]:
        yield _two_makers(data, product, f"makes the same Secret as {makers[0].maker.title}")


def _two_makers(data: bytes, product: Product, problem: str) -> Finding:
    message = f"{product.maker.title} {problem}"
    return Finding(WARNING, "two-makers", product.maker.place(data), message, "one maker", "leave one of them out")


def _open(data: bytes, requirement: Requirement, keys: list[str], products: Sequence[Product]) -> Finding:
    reasons = dict.fromkeys(f"{each.maker.title}: {each.more}" for each in products if each.more)
    if not any(product.whole for product in products):
        reasons[f"{products[0].maker.title} makes no Secret, it fills one that is there"] = None
    message = f"{requirement.title}: {', '.join(keys)} not checked here: {'; '.join(reasons)}"
    maker = products[0].maker
    flag = ("--namespace", maker.namespace) if maker.namespace else ()
    fix = command("kubectl", "describe", maker.kind.lower(), maker.name, *flag, note="once it is applied")
    expected = "entries that name the keys"
    return Finding(NOTE, "not-checked", maker.place(data, products[0].block), message, expected, fix)


def _unseen(data: bytes, requirement: Requirement, makers: str, products: Sequence[Product]) -> Finding:
    keys = tuple(requirement.keys.values())
    count = f"{len(keys)} required keys" if len(keys) != 1 else keys[0]
    message = f"{requirement.title}: {makers} brings the {count}; no value was seen"
    place = products[0].maker.place(data, products[0].block)
    note = "once it is applied: it looks at the values"
    fix = command("heimdall-pr", "check", "TARGET", "--live", "--namespace=NAME", "--context=NAME", note=note)
    return Finding(NOTE, "values-unseen", place, message, "values that only the secret manager has", fix)
