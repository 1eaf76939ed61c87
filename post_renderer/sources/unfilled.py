"""What --inject leaves: a `${NAME}` in a place where nothing replaces it, which would be installed as it is."""

from __future__ import annotations

from binascii import b2a_base64
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from post_renderer.document import nodes, stream
from post_renderer.kube import containers, environment, manifest, secret
from post_renderer.kube.containers import Container
from post_renderer.kube.manifest import POD_OWNERS, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.secret import Field
from post_renderer.model.finding import ERROR, WARNING, Finding, Place
from post_renderer.model.record import NamedTuple
from post_renderer.model.requirement import FILES, INLINE
from post_renderer.requirements.found import Asker
from post_renderer.rules import policy
from post_renderer.sources.resolution import Resolution

RULE = "not-filled"
IN_SECRET = "give the value to the chart in another way, or have this object refer to the Secret that is filled"
IN_POD = "take the variable by valueFrom.secretKeyRef from the Secret that is filled"
ELSEWHERE = (
    "have it refer to the Secret that is filled; if its own program expands the text: --ignore not-filled=REASON"
)
UNCOVERED = "describe its application in a contract file (--contract FILE), or give the chart the value directly"
Resolved = Sequence[tuple[Asker, list[Resolution]]]
Key = tuple[int, str]  # a Secret by its offset in the stream, and its key
Spellings = Mapping[str, Sequence[bytes]]  # the ways to write each name


class Left(NamedTuple):
    """A text `${NAME}` that is left in an object.

    Attributes:
        name: The environment variable.
        resource: The object.
        node: What holds it.
        label: How a report names that.
        is_pod: Whether a container takes it.
    """

    name: str
    resource: Resource
    node: nodes.Node
    label: str
    is_pod: bool = False


def check(objects: Objects, resolved: Resolved) -> list[Finding]:
    """Report what --inject does not cover, and each name that was filled and is left in another place."""
    covered, referred, filled = _covered(resolved)
    found = list(_uncovered(objects, covered))
    reported = {each.where for each in found}
    spellings = {name: tuple(_spellings(name)) for name in sorted(referred | filled)}
    more = _left(objects, covered, spellings, referred)
    return found + [each for each in more if each.where not in reported]


def _covered(resolved: Resolved) -> tuple[dict[Key, Field], set[str], set[str]]:
    """The keys that are filled or ask to be, the variables that filled some, and the keys that files filled."""
    covered: dict[Key, Field] = {}
    referred: set[str] = set()
    filled: set[str] = set()
    for asker, each in ((asker, each) for asker, asked in resolved for each in asked):
        resource = each.found.resource
        if resource is None or each.fills is None:
            continue
        wanted = _references(asker, each)
        fields = each.found.objects.fields(resource)
        keys = {*each.fills, *(each.found.sources[name].key for name in wanted if name in each.found.sources)}
        covered |= {(resource.node.start, key): fields[key] for key in keys if key in fields}
        referred |= {reference for name, reference in wanted.items() if name in each.values.values}
        filled |= {name for name in each.values.values if each.found.requirement.approach == FILES}
    return covered, referred, filled


def _references(asker: Asker, resolution: Resolution) -> Mapping[str, str]:
    """The environment variable that each variable of a filled Secret refers to."""
    if resolution.found.injected:
        from post_renderer.sources import injection

        return injection.references(resolution.found, asker)
    if resolution.found.requirement.approach == INLINE:
        from post_renderer.sources import inline

        return inline.references(resolution.found)
    return {}


def _uncovered(objects: Objects, covered: Mapping[Key, Field]) -> Iterator[Finding]:
    """The values of Secrets that are exactly `${NAME}`, and that nobody asks for."""
    for resource in objects.resources:
        for key, field in objects.fields(resource).items() if resource.kind == SECRET else ():
            text = secret.text(field)
            if policy.reference(text.strip()) and (resource.node.start, key) not in covered:
                message = f"{resource.title} has a ${{NAME}} that --inject does not fill: no known application takes it"
                shown = key if key in policy.KEYS or key in policy.OPTIONAL else "an unknown key"
                place = resource.place(objects.data, field.value)
                place = place._replace(what=f"{place.what}, {shown}")
                yield Finding(ERROR, RULE, place, message, "a Secret that is filled", UNCOVERED)


def _left(
    objects: Objects, covered: Mapping[Key, Field], spellings: Spellings, referred: Collection[str]
) -> Iterator[Finding]:
    """Report each name once for an object: an error in a Secret or a pod's environment, else a warning."""
    hits = list(_hits(objects, covered, spellings))
    resources = {each.node.start: each for each in (*objects.resources, *_read(objects, hits))}
    reported: set[tuple[int, str]] = set()
    for left in (left for each in resources.values() for left in _held(objects, each, covered, spellings)):
        if (left.resource.document.number, left.name) not in reported:
            reported.add((left.resource.document.number, left.name))
            yield _error(objects, left)
    titles = {each.document.number: each.title for each in reversed(list(resources.values()))}
    running = [each for one in resources.values() if one.kind in POD_OWNERS for each in containers.containers(one)]
    for at, number, name in hits:
        if name in referred and (number, name) not in reported and not _is_expanded(objects, running, at, name):
            reported.add((number, name))
            yield _warning(objects, titles.get(number, f"document {number}"), at, name)


def _warning(objects: Objects, title: str, at: int, name: str) -> Finding:
    place = Place(title, line=stream.line_of(objects.data, at))
    message = f"{title} has the text ${{{name}}}, and nothing fills it there"
    return Finding(WARNING, RULE, place, message, "no ${NAME} that is filled elsewhere", ELSEWHERE)


def _error(objects: Objects, left: Left) -> Finding:
    place = left.resource.place(objects.data, left.node)
    what = f"the environment of {left.label}" if left.is_pod else left.resource.title
    message = f"{what} still has ${{{left.name}}}, which is filled elsewhere: the text itself would be installed"
    place = place._replace(what=left.label)
    return Finding(ERROR, RULE, place, message, "no ${NAME} that is left", IN_POD if left.is_pod else IN_SECRET)


def _held(objects: Objects, resource: Resource, covered: Mapping[Key, Field], spellings: Spellings) -> Iterator[Left]:
    """The names that a Secret's values, or the environment of an object's containers, still have."""
    if resource.kind == SECRET:
        for key, field in objects.fields(resource).items():
            if (resource.node.start, key) not in covered:
                for name in _names(secret.text(field).encode(), spellings):
                    yield Left(name, resource, field.value, f"{resource.title}, {_shown(key)}")
    for container in containers.containers(resource) if resource.kind in POD_OWNERS else ():
        for entry in container.node.items("env"):
            node = entry.get("value")
            for name in _names(entry.text("value").encode(), spellings) if node is not None else ():
                yield Left(name, resource, node or entry, container.title, is_pod=True)


def _hits(objects: Objects, covered: Mapping[Key, Field], spellings: Spellings) -> Iterator[tuple[int, int, str]]:
    """Each place of the stream in which a name is left: offset, document, name; not in comments."""
    data, starts = objects.data, stream.cut(objects.data)
    filled = sorted((field.value.start, field.value.end) for field in covered.values())
    for name, texts in spellings.items():
        for text in texts:
            at = data.find(text)
            while at != -1:
                if not any(start <= at < end for start, end in filled) and not _is_comment(data, at):
                    yield at, bisect_right(starts, at), name
                at = data.find(text, at + 1)


def _read(objects: Objects, hits: Iterable[tuple[int, int, str]]) -> Iterator[Resource]:
    """The objects of the documents with a hit that nobody has read yet."""
    known = {each.document.number for each in objects.resources}
    starts = stream.cut(objects.data)
    ends = [*starts[1:], len(objects.data)]
    for number in dict.fromkeys(number for _, number, _ in hits if number not in known):
        try:
            yield from manifest.read(objects.data, stream.Document(number, starts[number - 1], ends[number - 1]))
        except nodes.Unreadable:  # it is reported as a document alone
            continue


def _is_expanded(objects: Objects, running: Iterable[Container], at: int, name: str) -> bool:
    """Whether it is in the command of a container that has a variable of that name: a shell expands it."""
    return any(each.node.start <= at < each.node.end and _has(objects, each, name) for each in running)


def _has(objects: Objects, container: Container, name: str) -> bool:
    """Whether a container has a variable, as far as the stream says so."""
    return name in environment.environment(objects, container, policy.shown).variables


def _is_comment(data: bytes, at: int) -> bool:
    """Whether a place is in a line that is a comment, in YAML or in a script."""
    return data[data.rfind(b"\n", 0, at) + 1 : at].lstrip().startswith(b"#")


def _names(text: bytes, spellings: Spellings) -> Iterator[str]:
    """The names that a text has in some spelling."""
    return (name for name, texts in spellings.items() if any(each in text for each in texts))


def _spellings(name: str) -> Iterator[bytes]:
    """How `${NAME}` may be written: as it is, percent-encoded, and as base64 at any offset of a longer text."""
    text = f"${{{name}}}".encode()
    yield text
    yield from (f"%24{left}{name}{right}".encode() for left, right in (("%7B", "%7D"), ("%7b", "%7d"), ("{", "}")))
    for offset in range(3):
        whole = b2a_base64(bytes(offset) + text, newline=False)
        yield whole[-(-offset * 8 // 6) : (offset + len(text)) * 8 // 6]


def _shown(key: str) -> str:
    return f"key {key}" if key in policy.KEYS or key in policy.OPTIONAL else "an unknown key"
