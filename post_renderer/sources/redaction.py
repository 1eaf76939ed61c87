"""--redact: hides every judged value, so that nobody can install what comes out, and proves that none is left."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import quote, quote_plus

from post_renderer.document import stream
from post_renderer.document.nodes import Node, Scalar
from post_renderer.document.scalar import quoted
from post_renderer.kube import environment, expansion, secret
from post_renderer.kube.containers import Container
from post_renderer.kube.environment import LITERAL
from post_renderer.kube.manifest import CONFIG_MAP, SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.errors import UserError
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.report import Edit
from post_renderer.model.settings import Settings
from post_renderer.requirements import workloads
from post_renderer.rules import policy
from post_renderer.sources.resolution import Resolution

FEW = 200  # values that are looked for one by one; more of them all at once, byte by byte
MOST_ALIKE = 50  # values that begin with the same bytes
SHORTEST = 8  # bytes of a value that is looked for; a shorter one is an error of its own, and a part of many words


def edits(objects: Objects, resolutions: Sequence[Resolution], settings: Settings) -> Iterator[Edit]:
    """Hide the judged Secrets, and all that the applications' containers have of the known variables."""
    for resource in _secrets(resolutions):
        yield from secret.redact(objects.data, resource)
    for container, application in workloads.applications(objects, settings):
        yield from _in_container(objects, container, {*application.required, *policy.OPTIONAL})


def _secrets(resolutions: Sequence[Resolution]) -> Iterable[Resource]:
    """The judged Secrets of the stream, each once."""
    found = (each.found.resource for each in resolutions)
    return {resource.node.start: resource for resource in found if resource and resource.kind == SECRET}.values()


def _in_container(objects: Objects, container: Container, names: Collection[str]) -> Iterator[Edit]:
    """Hide some variables of a container: each literal, even one that does not count, and what other objects bring."""
    found = environment.environment(objects, container, policy.shown)
    sources = [source for name, source in found.variables.items() if name in names]
    entries = [entry for entry in container.node.items("env") if entry.text("name") in names]
    literals = [entry for entry in entries if not expansion.is_reference(entry.text("value"))]
    literals += [source.node for source in sources if source.kind == LITERAL and source.node]
    for entry in literals:
        yield from _spoiled(objects.data, entry.get("name"), entry.get("value"))
    for source in (*sources, *found.whole):
        if source.kind == SECRET and source.resource:
            yield from secret.redact(objects.data, source.resource)
        elif source.kind == CONFIG_MAP and source.field:
            yield from _spoiled(objects.data, source.field.key, source.field.value)


def left(objects: Objects, hidden: Sequence[Edit], resolutions: Sequence[Resolution]) -> Iterator[Finding]:
    """Report each judged value that is in the stream outside of what is hidden, once for an object.

    A Secret with values that another one overrides, or that come from somewhere else, is reported too: what does not
    count is not judged, but a dry run would print it.

    Args:
        objects: The objects of the stream.
        hidden: The edits of the stream, in order.
        resolutions: What the values are from.
    """
    starts, ends = [each.start for each in hidden], [each.end for each in hidden]
    found: dict[tuple[int, str], int] = {}
    cuts = stream.cut(objects.data)
    values = {(name, value) for each in resolutions for name, value in each.values.values.items()}
    names: dict[bytes, list[str]] = {}
    for name, value in sorted(values):
        for text in _spellings(value):
            names.setdefault(text, []).append(name)
    for at, text in _found(objects.data, names):
        index = bisect_right(starts, at) - 1
        if index < 0 or at >= ends[index]:
            for name in names[text]:
                found.setdefault((bisect_right(cuts, at), name), at)
    titles = {each.document.number: each.title for each in reversed(objects.resources)}
    for (number, name), at in sorted(found.items(), key=lambda item: item[1]):
        yield _left(objects, titles.get(number, f"document {number}"), name, at)
    yield from _tangled(objects, resolutions)


def _tangled(objects: Objects, resolutions: Sequence[Resolution]) -> Iterator[Finding]:
    """Report the judged Secrets of which not every written value is known to be hidden."""
    for resource in _secrets(resolutions):
        if node := secret.tangle(resource):
            message = (
                f"{resource.title} has an anchor, an alias, a merge key or a key that is there twice, so a value that"
                " does not count would be printed"
            )
            fix = "write each key once, with its own value; or leave --redact out"
            yield Finding(
                ERROR, "not-redacted", resource.place(objects.data, node), message, "values that can be hidden", fix
            )


def _found(data: bytes, texts: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each place at which one of some texts is; the data is read once for all of them. Raises UserError."""
    heads: dict[bytes, list[bytes]] = {}
    for text in texts:
        heads.setdefault(text[:SHORTEST], []).append(text)
    if len(heads) <= FEW:
        places = ((at, head) for head in heads for at in _places(data, head))
    else:
        windows = ((at, data[at : at + SHORTEST]) for at in range(len(data) - SHORTEST + 1))
        places = ((at, window) for at, window in windows if window in heads)
    for alike in heads.values():
        if len(alike) > MOST_ALIKE:
            message = f"more than {MOST_ALIKE} values begin alike: whether one is left can't be looked for"
            raise UserError(message, "leave --redact out")
    for at, head in places:
        yield from ((at, text) for text in heads[head] if data.startswith(text, at))


def _places(data: bytes, text: bytes) -> Iterator[int]:
    at = data.find(text)
    while at != -1:
        yield at
        at = data.find(text, at + 1)


def _left(objects: Objects, title: str, name: str, at: int) -> Finding:
    shown = policy.shown(name)
    message = f"{title} has the value of {shown} outside of what is redacted, so nothing is printed"
    place = Place(title, line=stream.line_of(objects.data, at))
    fix = "let the object refer to the Secret (secretKeyRef) instead of copying the value; or leave --redact out"
    return Finding(ERROR, "not-redacted", place, message, "the value in the Secret alone", fix, shown)


def _spellings(value: bytes) -> set[bytes]:
    """The ways in which a value may be in the stream: as it is, in quotes, as base64 at any offset, in a URL."""
    text = value.decode(errors="replace").strip()
    if len(value.strip()) < SHORTEST or policy.is_placeholder(text):
        return set()
    longest = max(text.splitlines(), key=len, default="")  # a block scalar has the lines apart
    found = {longest, quoted(longest)[1:-1], longest.replace("'", "''"), quote(text, safe=""), quote_plus(text)}
    raw = {each.encode() for each in found if len(each) >= SHORTEST}
    return raw | {_base64(value.strip(), offset) for offset in range(3)}


def _base64(value: bytes, offset: int) -> bytes:
    """The base64 of a value that begins at some byte of a longer text, without the digits that others share."""
    whole = b64encode(bytes(offset) + value)
    return whole[-(-offset * 8 // 6) : (offset + len(value)) * 8 // 6]


def _spoiled(data: bytes, key: Node | None, value: Node | None) -> Iterator[Edit]:
    """The edits that hide a value, and give its key a name that no API server takes: the same for all who share it."""
    if not isinstance(key, Scalar) or value is None or value.end == value.start:
        return
    yield secret.put(data, key, quoted(f"{key.text}=<redacted>"))
    yield secret.put(data, value, quoted(secret.REDACTED))
