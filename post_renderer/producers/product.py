"""What a producer makes: a Secret with keys that are known, and perhaps others that are not."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from functools import cached_property
from typing import NamedTuple

from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.kube import containers
from post_renderer.kube.manifest import POD_OWNERS, Resource

LITERAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
ANYTHING = ("", ".*", ".+")
ANY = "*"  # the namespace of a Secret that is made in namespaces which only the cluster knows


class Product(NamedTuple):
    """A Secret that `maker` makes, or adds to where `whole` is false.

    `keys` are those it surely has, with their nodes; a key that lacks would stand in `block`, written as `entry` says.
    `more` says why there may be other keys; empty: there are none. `flaws` are keys with a rule and what is wrong:
    the text goes on after the key.
    """

    maker: Resource
    name: str
    namespace: str
    keys: MappingOf[str, Node]
    block: Node
    entry: str
    more: str = ""
    whole: bool = True
    flaws: MappingOf[str, tuple[str, str]] = {}
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    warning: str = ""

    def may_hold(self, key: str) -> bool:
        """Whether a key that is not among the known ones may come all the same."""
        if not self.more or any(matches(pattern, key) for pattern in self.excludes):
            return False
        return not self.includes or any(matches(pattern, key) is not False for pattern in self.includes)


class Pods:
    """The pods of the stream, for producers that depend on them; they are looked through once, if one asks."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = resources

    @cached_property
    def _owners(self) -> list[Resource]:
        return [each for each in self._resources if each.kind in POD_OWNERS]

    @cached_property
    def taken(self) -> frozenset[str]:
        """The names of the Secrets that they take variables from."""
        return frozenset(name for each in self._owners for name in containers.taken(each))

    @cached_property
    def mounted(self) -> frozenset[tuple[str, str]]:
        """The volumes of drivers that they mount: the driver, and the class that they give it."""
        return frozenset(pair for each in self._owners for pair in _mounted(each))


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
    pairs = block.pairs if block else ()
    return {key.text: value for key, value in pairs if isinstance(key, Scalar) and isinstance(value, Scalar)}


def is_null(value: Scalar) -> bool:
    """Whether YAML reads nothing there."""
    return value.plain and value.value.lower() in ("", "~", "null")


def written(found: MappingOf[str, Scalar]) -> dict[str, tuple[str, str]]:
    """The flaws of values that stand there themselves, or as templates."""
    flaws = {}
    for key, value in found.items():
        text = value.text.strip()
        if not text:
            flaws[key] = ("missing-key", "is empty")
        elif "{{" not in text:
            flaws[key] = ("clear-value", "stands here in clear, not as a template")
    return flaws
