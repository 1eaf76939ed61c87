"""Takes a user's values out of another program's message: helm quotes them if a schema or a parser refuses them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from post_renderer.document import nodes
from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence
from post_renderer.masking import name_paths, spellings
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy

GONE = "[hidden]"
MEANT = re.compile(r"did you mean ([-._A-Za-z0-9]+)\?")
# Beyond these a message is not shown at all: a text has forty spellings, and each is made and looked for.
MOST_TEXTS, MOST_LETTERS = 10_000, 1 << 18
UNSHOWN = "[hidden: the values are too many to take them out of helm's message]"
WINDOW = 6  # characters: so many of a secret in a row are hidden wherever they are
SECRET_PATH = re.compile(r"secret|pass|pwd|token|key|cred|auth|private|dsn|database_?url", re.IGNORECASE)
# Paths at which even a text that is shorter than the window is hidden: elsewhere it is a port, a number, a flag.
SHORT_PATH = re.compile(r"\.(?:secrets|data|stringData)\.|(?:passw\w*|pwd|token|secret)$", re.IGNORECASE)
KEYS_OF_SECRETS = (".secrets", ".data", ".stringData")
# What looks like a path of secrets but holds names alone: hidden only if it is there as a whole.
NAME_PATH = re.compile(r"(?:^|\.)(?:existing\w*|\w*Files?|\w*Names?|\w*Refs?|\w*Keys)(?:$|[.\[])")
SCHEMES = ("https://", "http://", "oci://", "ldaps://", "ldap://", "postgresql://", "postgres://")
NAMES = ("heimdall", "secrets", "existingSecret", "secretsFiles", "true", "false")
ADDRESSES = ("https://github.com/", "https://api.github.com/", "https://gitlab.com")  # of logins, as our chart has them
# No part of these is a secret.
WORDS = frozenset((*policy.KEYS, *policy.OPTIONAL, *policy.LEGACY, *SCHEMES, *NAMES, *ADDRESSES))
SEPARATORS = re.compile(r"[\s\"'{}\[\],:=]+")
PAIRS = re.compile(r",(?=[\w.\-\[\]\\]+=)")  # between two pairs of a --set
# An address as a whole, its digest apart.
ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*://)(?P<rest>.*?)(?P<digest>@sha\d+:[0-9a-f]+)?", re.DOTALL)
WORD = re.compile(r"[^\s\"'`(){}\[\],:;=<>/]+")


class Hidden(NamedTuple):
    """A text that no message may show.

    Attributes:
        text: The text.
        whole: Whether parts of it may be shown.
        sure: Whether it is where nothing but a secret can be.
        name: Whether it is where a key's name should be.
        known: Whether it is a name that may be shown, unless it is also hidden as what may be a secret.
        words: Of a key's name the words of the chart: one of them may be what it was meant to be.
    """

    text: str
    whole: bool = False
    sure: bool = False
    name: bool = False
    known: bool = False
    words: frozenset[str] = frozenset()


def masked(message: str, hidden: Iterable[Hidden]) -> str:
    """Take these texts out of a message, however they are spelt in it; all of it is hidden if they are too many."""
    texts = _counted(hidden)
    return UNSHOWN if texts is None else _without(message, _covered(_folded(message), _secrets(texts, message)))


def _secrets(texts: set[Hidden], message: str) -> set[Hidden]:
    """The texts without known names, and without a key's name of which the chart asks "did you mean"."""
    names = {each.text for each in texts if each.known}
    meant = set(MEANT.findall(message))
    hidden = (each for each in texts if not each.known and not (each.whole and each.text in names))
    return {each for each in hidden if not _is_near(each, meant)}


def _is_near(each: Hidden, meant: set[str]) -> bool:
    """Whether a key's name is nearly one of the chart's own that the message asks about."""
    near = tuple(meant & each.words) if len(each.text) >= WINDOW else ()
    return bool(near and policy.closest(each.text, near))


def _covered(folded: str, texts: set[Hidden]) -> bytearray:
    """For each character of a message whether it is to be hidden: 1, else 0."""
    whole, parts = _split(texts, folded)
    covered = bytearray(len(folded))
    for at in range(len(folded) - WINDOW + 1):
        if folded[at : at + WINDOW] in parts:
            covered[at : at + WINDOW] = b"\1" * WINDOW
    for word in WORD.finditer(folded):  # what is left of a word may be a part that was changed
        if any(covered[word.start() : word.end()]):
            covered[word.start() : word.end()] = b"\1" * len(word[0])
    for pattern in whole:
        for found in re.finditer(pattern, folded):
            covered[found.start() : found.end()] = b"\1" * len(found[0])
    return covered


def _without(message: str, covered: bytearray) -> str:
    """The message without what is covered."""
    pieces, at = [], 0
    for run in re.finditer(rb"\x01+", covered):
        pieces += [message[at : run.start()], GONE]
        at = run.end()
    return "".join((*pieces, message[at:]))


def without_login(text: str) -> str:
    """Take users' names, passwords and what follows a `?` out of the addresses in a text.

    In a text that is one address, a login may hold anything, as people forget to encode it: it ends at the last `@`
    that does not begin a digest. What follows a `?` or `#` may hold anything too.
    """
    if (found := ADDRESS.fullmatch(text)) and "://" not in found["rest"]:
        return found["scheme"] + _without_login(found["rest"], found["digest"] or "")
    text = re.sub(r"(?<=://)[^/\s?#]*@", "", text)
    # What has no query is matched too: its end is not looked for again from each `://` in it.
    return re.sub(r"(\w://[^\s?]*)(\?[^\s\"']+)?", lambda found: found[1] + "?…" * bool(found[2]), text)


def target(text: str) -> str:
    """The same of a target that is no file: it may be an address without its scheme, or with half of it."""
    text = without_login(text)
    login, _, rest = text.rpartition("@")
    return f"…@{rest}" if "://" not in text and ":" in login else text


def in_address(address: str) -> Iterator[Hidden]:
    """What no message may show of a chart's or repository's address: its password, and what follows a `?` or `#`."""
    found = ADDRESS.fullmatch(address)
    login = found["rest"].rpartition("@")[0] if found else ""
    secret = login.partition(":")[2] or login
    more = re.split(r"[?#]", address, maxsplit=1)[1:]
    # Go quotes the part that it could not read: up to a separator, or from a percent sign.
    parts = [*re.split(r"[/?#\s]", secret), *re.findall(r"%..?", secret), *more]
    parts += [part for text in more for part in re.split(r"[&=#\s\"'@]", text)]
    yield from (Hidden(text) for text in {secret, unquote(secret), *parts} if len(text) > 1)


def _without_login(rest: str, digest: str) -> str:
    """What may be shown of an address, from its host on."""
    before, _, host = rest.rpartition("@")
    if re.match(r"[\w.-]+(?::\d+)?(?:/[^?#]*)?[?#]", before):  # is it a host before a query, or a login?
        return "…"
    path, *more = re.split(r"(?<=[?#])", host, maxsplit=1)
    return f"{path}…" if more else host + digest


def in_values(values: object, path: str = "", seen: set[int] | None = None) -> Iterator[Hidden]:
    """What no message may show of a tree of values: its scalars, and the names of unknown keys among secrets.

    What aliases share is looked at once: aliases of aliases would make an endless tree of it.
    """
    seen = set() if seen is None else seen
    if isinstance(values, (dict, list)):
        if id(values) not in seen:
            seen.add(id(values))
            yield from _in_collection(values, path, seen)
    elif values is not None:
        yield from _scalar(path, values if isinstance(values, str) else json.dumps(values))


def in_file(content: bytes) -> Iterator[Hidden]:
    """The same of a values file; of every word in it if it is no YAML."""
    from post_renderer.document import parse

    try:
        root = parse.read(content)
    except nodes.Unreadable:
        words = SEPARATORS.split(content.decode(errors="replace"))
        yield from (Hidden(word) for word in words if len(word) >= WINDOW and word not in WORDS)
        return
    yield from in_values(_plain(root, {}))


def in_set(kind: str, text: str) -> Iterator[Hidden]:
    """The same of the text of a --set, which may hold several pairs, and which helm repeats if it is wrong."""
    if kind == "set-literal":
        path, _, value = text.partition("=")
        yield from _scalar(f".{path}", value)
        return
    first, *others = (text,) if "=" not in text or text.startswith(("{", "[")) else PAIRS.split(text)
    # What is no PATH=VALUE may be a part of a value, and so may what is before a later `=`.
    odd = [first] if "=" not in first or text.startswith(("{", "[")) else []
    odd += [part for part in others if part.partition("=")[0].rpartition(".")[2] not in WORDS]
    yield from (Hidden(w) for part in odd for w in SEPARATORS.split(part) if len(w) >= WINDOW and w not in WORDS)
    for pair in (first, *others):
        path, _, value = pair.partition("=")
        yield from _scalar(f".{path}", value)
        words = (word for word in SEPARATORS.split(value) if word and word not in WORDS)
        yield from (each for word in words for each in _scalar(f".{path}", word))


def _in_collection(values: dict[str, object] | list[object], path: str, seen: set[int]) -> Iterator[Hidden]:
    if isinstance(values, list):
        for value in values:
            yield from in_values(value, f"{path}[]", seen)
        return
    names = name_paths.of_keys(path, values)
    yield from (Hidden(name, known=True) for name in names)
    for key, value in values.items():
        if path.endswith(KEYS_OF_SECRETS) and policy.shown(str(key)) != key:
            yield Hidden(str(key), name=True)
        found = in_values(value, f"{path}.{key}", seen)
        yield from (each for each in found if key != name_paths.MAPPED or each.text not in names)


def _plain(node: Node | None, known: dict[int, object]) -> object:
    """A tree of nodes as dicts, lists and texts; what aliases share is shared here too."""
    if isinstance(node, Mapping):
        if id(node.pairs) not in known:
            pairs = {key.text if isinstance(key, Scalar) else "": value for key, value in node.pairs}
            known[id(node.pairs)] = {key: _plain(value, known) for key, value in pairs.items()}
        return known[id(node.pairs)]
    if isinstance(node, Sequence):
        if id(node.items) not in known:
            known[id(node.items)] = [_plain(item, known) for item in node.items]
        return known[id(node.items)]
    return node.text if node else None


def _scalar(path: str, text: str) -> Iterator[Hidden]:
    if not text or text in WORDS or policy.reference(text):
        return
    if name_paths.is_name(path, text):
        yield Hidden(text, known=True)
        return
    if SECRET_PATH.search(path) and not NAME_PATH.search(path.rpartition(".")[2]):
        is_sure = bool(SHORT_PATH.search(path))
        if len(text) >= WINDOW or is_sure:
            yield Hidden(text, sure=is_sure)
    elif len(text) >= WINDOW:
        yield Hidden(text, whole=True)


def _counted(hidden: Iterable[Hidden]) -> set[Hidden] | None:
    """The texts; None if they are too many, or too long, to look for all their spellings."""
    found: set[Hidden] = set()
    letters = 0
    for each in hidden:
        if each not in found:  # of what is hidden as a whole, no parts are looked for
            letters += len(each.text) // 16 if each.whole or each.known else len(each.text)
        found.add(each)
        if len(found) > MOST_TEXTS or letters > MOST_LETTERS:
            return None
    return found


def _split(hidden: set[Hidden], folded: str) -> tuple[set[str], set[str]]:
    """Patterns of what is hidden as a whole, and the windows of the rest that a message shows."""
    shown = _windows(folded)
    whole: set[str] = set()
    parts: set[str] = set()
    for each in hidden:
        for spelling in map(_folded, spellings.of(each.text, WINDOW)):
            if len(spelling) < WINDOW:
                whole |= {rf"(?<!\w){re.escape(spelling)}(?!\w)"} if spelling in folded else set()
            elif each.whole:
                whole |= {re.escape(spelling)} if spelling[:WINDOW] in shown and spelling in folded else set()
            else:
                parts |= _windows(spelling) & shown
    return whole, parts.difference(*(_windows(_folded(word)) for word in WORDS))


def _windows(text: str) -> set[str]:
    return {text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)}


def _folded(text: str) -> str:
    """In lower case, character by character: positions stay."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)
