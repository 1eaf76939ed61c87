"""What a producer makes: a Secret with keys that are known, and perhaps others that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from functools import cached_property

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube import containers
from post_renderer.kube.manifest import POD_OWNERS, Resource
from post_renderer.model.finding import WARNING
from post_renderer.model.fix import Fix
from post_renderer.model.record import NamedTuple
from post_renderer.producers import templates

LITERAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
ANYTHING = ("", ".*", ".+")
ANY = "*"  # the namespace of a Secret that is made in namespaces which only the cluster knows
# The types whose Secrets an API server refuses without these keys: all of the first list, or one of the second.
# https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kubernetes.io/tls": (("tls.crt", "tls.key"), ()),
    "kubernetes.io/basic-auth": ((), ("username", "password")),
    "kubernetes.io/ssh-auth": (("ssh-privatekey",), ()),
    "kubernetes.io/dockerconfigjson": ((".dockerconfigjson",), ()),
    "kubernetes.io/dockercfg": ((".dockercfg",), ()),
}
SAME_TEMPLATE = "is made by the same template as {}: both get one value"
MAKES, FILLS, MAKES_OR_FILLS, NOTHING = "makes", "fills", "makes or fills", "nothing"


class Flaw(NamedTuple):
    """What is wrong with what a producer makes.

    Attributes:
        rule: The ID of the rule.
        text: What is wrong; it goes on after the key, or after the object if there is no key.
        key: The key that it is about.
        node: Where it is.
        severity: The severity, if it is not the rule's usual one.
        whole: It matters for every key: no Secret is made.
        fix: How to fix it.
    """

    rule: str
    text: str
    key: str = ""
    node: Node | None = None
    severity: str = ""
    whole: bool = False
    fix: Fix = "fix the manifest"


class Product(NamedTuple):
    """What an object of the stream puts into a Secret.

    Attributes:
        maker: The object.
        name: The Secret's name.
        namespace: The Secret's namespace; ANY if only the cluster knows it.
        keys: The keys that it surely has, with their nodes.
        block: Where a key that it lacks would be.
        entry: How that key would be written there.
        more: Why there may be other keys; empty: there are none.
        flaws: What is wrong with it.
        role: MAKES: the Secret is its own. FILLS: it adds to one that is there, and makes none. MAKES_OR_FILLS: both.
            NOTHING: it makes none and fills none.
        idle: Why it makes no Secret, if its role is FILLS or NOTHING.
        unsure: Why this Secret may not be made in this namespace.
        includes: Patterns of the further keys; none: all of them.
        excludes: Patterns of keys that are left out.
        over: It takes a Secret over that is there already.
        replaces: What it writes into a Secret that is there replaces all of its data.
        origins: What the value of a key is made of, in words first: two keys with the same get the same value.
    """

    maker: Resource
    name: str
    namespace: str
    keys: MappingOf[str, Node]
    block: Node
    entry: str
    more: str = ""
    flaws: tuple[Flaw, ...] = ()
    role: str = MAKES
    idle: str = ""
    unsure: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    over: bool = False
    replaces: bool = False
    origins: MappingOf[str, tuple[str, ...]] = {}

    @property
    def creates(self) -> bool:
        """Whether there is a Secret by it alone."""
        return self.role in (MAKES, MAKES_OR_FILLS)

    @property
    def fills(self) -> bool:
        """Whether it adds to what others put into the Secret."""
        return self.role in (FILLS, MAKES_OR_FILLS)

    def may_hold(self, key: str) -> bool:
        """Whether a key that is not among the known ones may come all the same."""
        if not self.more or any(matches(pattern, key) for pattern in self.excludes):
            return False
        return not self.includes or any(matches(pattern, key) is not False for pattern in self.includes)

    def typed(self, block: Mapping | None) -> Product:
        """The same, with a flaw if the API server refuses a Secret of the type that a block names."""
        name = block.text("type").strip() if block else ""
        every, one = TYPES.get(name, ((), ()))
        is_there = [key in self.keys or self.may_hold(key) for key in (*every, *one)]
        if not is_there or (all(is_there) if every else any(is_there)):
            return self
        node = block.get("type") if block else None
        keys = " and ".join(every) or " or ".join(one)
        text = f"makes a Secret of the type {name} without {keys}: the API server refuses it"
        return self.flawed(Flaw("wrong-type", text, node=node, whole=True, fix="leave the type out, for Opaque"))

    def flawed(self, *flaws: Flaw) -> Product:
        """The same, with further flaws."""
        return self._replace(flaws=(*self.flaws, *flaws))


class Pods:
    """The pods of the stream, for producers that depend on them; they are looked through once, if one asks."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = resources

    @cached_property
    def _owners(self) -> list[Resource]:
        return [each for each in self._resources if each.kind in POD_OWNERS]

    @cached_property
    def taken(self) -> frozenset[tuple[str, str]]:
        """The namespaces and names of the Secrets that they take variables from."""
        return frozenset((each.namespace, name) for each in self._owners for name in containers.taken(each))

    @cached_property
    def mounted(self) -> frozenset[tuple[str, str, str]]:
        """The volumes of drivers that they mount: the pod's namespace, the driver, and the class that they give it."""
        return frozenset((each.namespace, *pair) for each in self._owners for pair in _mounted(each))


def _mounted(owner: Resource) -> Iterator[tuple[str, str]]:
    spec = (template := containers.pod(owner)) and template.mapping("spec")
    for volume in spec.items("volumes") if spec else ():
        if csi := volume.mapping("csi"):
            attributes = csi.mapping("volumeAttributes")
            yield csi.text("driver"), attributes.text("secretProviderClass") if attributes else ""


def matches(pattern: str, key: str) -> bool | None:
    """Whether a regular expression finds something in a key; None where it is more than a name or `.*`.

    It comes from a chart, so none is ever run: one can be made that takes for ever.
    """
    start, end = pattern.startswith("^"), pattern.endswith("$")
    text = pattern[start : len(pattern) - end]
    if text in ANYTHING:
        return True
    if not LITERAL.issuperset(text):
        return None
    if start and end:
        return key == text
    return key.startswith(text) if start else key.endswith(text) if end else text in key


def texts(block: Mapping | None) -> dict[str, Scalar]:
    """The scalars of a mapping, by key."""
    return block.texts() if block else {}


def written(found: MappingOf[str, Scalar]) -> Iterator[Flaw]:
    """The flaws of values that are written in the object, or made by a template in it."""
    for key, value in found.items():
        text = value.text.strip()
        if not text:
            yield Flaw("missing-key", "is empty", key, value)
        elif "{{" not in text:
            yield Flaw("clear-value", "is plaintext in this object, not a template", key, value)
        else:
            yield from (Flaw(rule, words, key, value, WARNING) for rule, words in templates.flaws(value.text))


def templated(found: MappingOf[str, Scalar]) -> dict[str, tuple[str, ...]]:
    """The origins of values that templates make; those of plaintext are no matter of where they come from."""
    return {key: (SAME_TEMPLATE, text) for key, value in found.items() if "{{" in (text := value.text.strip())}


def unfetched(found: MappingOf[str, Scalar], known: Iterable[str], source: str, outcome: str) -> Iterator[Flaw]:
    """The flaws of templates that take what is not fetched.

    Args:
        found: The templates by key.
        known: What is fetched.
        source: Where that is named: `spec.data`.
        outcome: What becomes of a name that is not there, in the words of the message.
    """
    known = frozenset(known)
    text = f"is made from something that {source} does not fetch"
    for key, value in found.items():
        template = templates.parse(value.text)
        severity = WARNING if template.is_conditional else ""
        if not known.issuperset(template.fields()):
            yield Flaw("unfetched", f"{text}: {outcome}", key, value, severity, whole=not severity)
        elif not known.issuperset(template.indexed()):
            yield Flaw("unfetched", f"{text}: it is empty", key, value, severity)
