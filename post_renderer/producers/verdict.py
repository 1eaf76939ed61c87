"""What a report says of a Secret that objects in the stream make: the keys can be known, the values can't."""

from collections.abc import Iterator, Sequence

from post_renderer.kube.secret import SecretData
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.producers.product import Product
from post_renderer.requirements.contract import Contract
from post_renderer.rules import checks, policy

UNSEALED = "not-sealed"  # one such value, and no Secret is made, so it matters for every key
ERRORS = frozenset(("missing-key", UNSEALED))
LOOK = "kubectl describe {kind} {name}{namespace}, once it is applied"


def judge(data: bytes, contract: Contract, products: Sequence[Product]) -> tuple[tuple[Finding, ...], str]:
    """Each required key is provided, missing, or not to be known here; who provides all, where somebody does."""
    missing = [key for key in contract.required if _state(key, products) is False]
    open_keys = [key for key in contract.required if _state(key, products) is None]
    findings = [_missing(data, key, products) for key in missing]
    for product in products:
        findings += [*_flaws(data, product, contract), *_names(data, product, contract)]
    findings += _rivals(data, products)
    if open_keys:
        findings.append(_open(data, contract, open_keys, products))
    elif not missing and not any(finding.severity == ERROR for finding in findings):
        makers = " and ".join(dict.fromkeys(product.maker.title for product in products))
        return (*findings, _unseen(data, contract, makers, products)), makers
    return tuple(findings), ""


def _state(key: str, products: Sequence[Product]) -> bool | None:
    """Whether a key comes; None where that can't be known."""
    if any(key in product.keys for product in products):
        return True
    made = any(product.whole for product in products)
    return None if not made or any(product.may_hold(key) for product in products) else False


def _missing(data: bytes, key: str, products: Sequence[Product]) -> Finding:
    product = next((each for each in products if each.whole), products[0])
    message = f"{key} is missing: {product.maker.title} makes Secret {product.name} without it"
    place = product.maker.place(data, product.block)
    return Finding(
        ERROR, "missing-key", place, message, product.entry.format(key=key), f"add {key} to the manifest", key
    )


def _flaws(data: bytes, product: Product, contract: Contract) -> Iterator[Finding]:
    """What is wrong with known keys."""
    for key, (rule, text) in product.flaws.items():
        if key not in contract.required and rule != UNSEALED:
            continue
        shown = key if key in contract.required else policy.shown(key)
        place = product.maker.place(data, product.keys.get(key, product.block))
        severity = ERROR if rule in ERRORS else WARNING
        expected, known = product.entry.format(key=shown), key if key in contract.required else ""
        yield Finding(severity, rule, place, f"{shown} {text}", expected, "fix the manifest", known)
    if product.warning:
        place = product.maker.place(data)
        fix = "extraVolumes and extraVolumeMounts of the chart: heimdall-pr scaffold csi-aws --values shows them"
        yield Finding(WARNING, "not-mounted", place, product.warning, "a pod with its volume", fix)


def _names(data: bytes, product: Product, contract: Contract) -> list[Finding]:
    """Keys that were meant to be others, or can't be keys."""
    places = {key: product.maker.place(data, node) for key, node in product.keys.items()}
    found = SecretData(dict.fromkeys(product.keys, b""), places, product.maker.place(data, product.block))
    return [*checks.near_misses(found, contract), *checks.key_names(found, contract)]


def _rivals(data: bytes, products: Sequence[Product]) -> Iterator[Finding]:
    """Two that make one Secret: the operators undo or refuse each other's."""
    makers = [product for product in products if product.whole]
    for product in makers[1:]:
        message = f"{product.maker.title} makes the same Secret as {makers[0].maker.title}"
        yield Finding(WARNING, "two-makers", product.maker.place(data), message, "one maker", "leave one of them out")


def beside(data: bytes, products: Sequence[Product]) -> list[Finding]:
    """Makers of a Secret that is in the stream itself: the operators take it over, or refuse to."""
    fix = "leave one of them out"
    return [
        Finding(
            WARNING,
            "two-makers",
            product.maker.place(data),
            f"{product.maker.title} makes Secret {product.name}, which is in the stream too",
            "one maker",
            fix,
        )
        for product in products
        if product.whole
    ]


def _open(data: bytes, contract: Contract, keys: list[str], products: Sequence[Product]) -> Finding:
    reasons = dict.fromkeys(f"{each.maker.title}: {each.more}" for each in products if each.more)
    if not any(product.whole for product in products):
        reasons[f"{products[0].maker.title} makes no Secret, it fills one that is there"] = None
    message = f"{contract.title}: {', '.join(keys)} not checked here: {'; '.join(reasons)}"
    maker = products[0].maker
    namespace = f" --namespace {maker.namespace}" if maker.namespace else ""
    fix = LOOK.format(kind=maker.kind.lower(), name=maker.name, namespace=namespace)
    expected = "entries that name the keys"
    return Finding(NOTE, "not-checked", maker.place(data, products[0].block), message, expected, fix)


def _unseen(data: bytes, contract: Contract, makers: str, products: Sequence[Product]) -> Finding:
    count = f"{len(contract.required)} required keys" if len(contract.required) > 1 else contract.required[0]
    message = f"{contract.title}: {makers} brings the {count}; no value was seen"
    place = products[0].maker.place(data, products[0].block)
    fix = "heimdall-pr check TARGET --live --namespace NAME --context NAME, once it is applied, looks at them"
    return Finding(NOTE, "values-unseen", place, message, "values that only the secret manager has", fix)
