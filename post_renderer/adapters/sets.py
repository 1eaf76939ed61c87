"""Takes texts out of `--set` and its kin, so that they are not in helm's command line, which everybody can read.

A text goes by a pipe instead: `--set-file KEY=/dev/fd/N`, which sets a text too. Helm applies the kinds in the order of
KINDS, so a text that a later flag overrides is left out. What is no text (numbers, true, null) stays where it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from post_renderer.masking import mask
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.record import NamedTuple

# In the order in which helm applies them (pkg/cli/values/options.go).
KINDS = ("set-json", "set", "set-string", "set-file", "set-literal")
GONE = "_"  # in the place of an item of a list
# What --set takes for something else than a text (pkg/strvals, typedVal).
TYPED = re.compile(r"true|false|null|0|[+-]?[1-9][0-9]{0,18}|[+-]0[0-9]{0,18}", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?[0-9]+")
PART = re.compile(r"((?:\\.|[^\\.\[])*)(\[[^\]]*\])?(?:\.|(?=\[)|$)", re.DOTALL)
SPECIAL = re.compile(r"[\\.,=\[\]{}]")
ODD = "the value of a secret is a number, and helm would take it for one"

# How each kind is written, for a text that helm can't read.
PAIR = "write it as --{0} KEY=VALUE; a comma in a value is \\, and a list {{a,b}}"
WRITTEN = {
    **{kind: PAIR.format(kind) for kind in ("set", "set-string")},
    "set-file": "write it as --set-file KEY=FILE",
    "set-json": 'write it as --set-json \'KEY={"a": "b"}\', with texts in double quotes',
    "set-literal": "write it as --set-literal KEY=VALUE",
}


class Flag(NamedTuple):
    """A flag that stays in the command line, and the paths that it sets."""

    kind: str
    text: str
    paths: tuple[str, ...]


class Text(NamedTuple):
    """A text, and its key as `--set-file` takes it."""

    key: str
    text: str


def split(sets: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[Flag | Text]]:
    """The flags, as (kind, text), that may be seen by everybody, and what goes by --set-file, in order.

    Raises:
        UserError: Helm would refuse a text of `--set`, and quote it.
        UsageError: A secret is a number.
    """
    ordered = sorted(sets, key=lambda each: KINDS.index(each[0]))
    steps = [step for kind, text in ordered for step in _steps(kind, text)]
    flags = [(step.kind, step.text) for step in steps if isinstance(step, Flag) and step.kind != "set-file"]
    files = [
        step
        for at, step in enumerate(steps)
        if (isinstance(step, Text) and not _overridden(step.key, steps[at + 1 :]))
        or (isinstance(step, Flag) and step.kind == "set-file")
    ]
    return flags, files


def _overridden(key: str, later: Sequence[Flag | Text]) -> bool:
    """Whether a flag that stays sets the path afterwards, a part of it, or what it is in."""
    parts = _parts(key)
    paths = (path for step in later if isinstance(step, Flag) and step.kind != "set-file" for path in step.paths)
    return any(parts[: len(other)] == other[: len(parts)] for other in map(_parts, paths))


def _parts(key: str) -> tuple[str, ...]:
    """The names and indices of a key."""
    found: list[str] = []
    for name, index in PART.findall(key):
        found += [re.sub(r"\\(.)", r"\1", name)] if name else []
        found += [index] if index else []
    return tuple(found)


def _steps(kind: str, text: str) -> Iterator[Flag | Text]:
    if kind == "set-file":
        yield Flag(kind, text, ())
    elif kind == "set-json":
        yield from _json(text)
    elif kind == "set-literal":
        key, separator, value = text.partition("=")
        if not separator:
            raise _unreadable(kind, "a key has no value")
        yield Text(re.sub(r"[\\,]", r"\\\g<0>", key), value)
    else:
        for key, written in _pairs(kind, text):
            yield from _pair(kind, key, written)


def _pair(kind: str, key: str, value: str | list[str]) -> Iterator[Flag | Text]:
    """The steps of one KEY=VALUE."""
    is_typed = kind == "set"
    if isinstance(value, str):
        yield _typed(kind, key, value) if is_typed and TYPED.fullmatch(value) else Text(key, value)
        return
    texts = {at: item for at, item in enumerate(value) if item and not (is_typed and TYPED.fullmatch(item))}
    items = ",".join(GONE if at in texts else item for at, item in enumerate(value))
    yield Flag(kind, f"{key}={{{items}}}", (key,))
    yield from (Text(f"{key}[{at}]", item) for at, item in texts.items())


def _typed(kind: str, key: str, value: str) -> Flag:
    if NUMBER.fullmatch(value) and _is_secret(key):
        raise UsageError(f"--{kind} {key}: {ODD}", f"--set-string {key}=…, for helm too")
    return Flag(kind, f"{key}={value}", (key,))


def _is_secret(key: str) -> bool:
    return bool(mask.SHORT_PATH.search(f".{key}"))


def _pairs(kind: str, text: str) -> Iterator[tuple[str, str | list[str]]]:
    """Each key, as it was written, with its value or the items of its list, as pkg/strvals reads them."""
    at = 0
    while at < len(text):
        key, at, end = _until(text, at, "=,")
        if end != "=":
            raise _unreadable(kind, "a key has no value")
        if text[at : at + 1] == "{":
            items, at = _list(kind, text, at + 1)
            yield key, items
        else:
            written, at, _ = _until(text, at, ",")
            yield key, _unescaped(written)


def _list(kind: str, text: str, at: int) -> tuple[list[str], int]:
    items, end = [], ","
    while end == ",":
        written, at, end = _until(text, at, ",}")
        items.append(_unescaped(written))
    if not end:
        raise _unreadable(kind, "a list must end with }")
    return items, at + (text[at : at + 1] == ",")


def _until(text: str, at: int, stops: str) -> tuple[str, int, str]:
    """What is before one of the stops, the offset after it, and which one it is: none at the end."""
    start = at
    while at < len(text):
        if text[at] in stops:
            return text[start:at], at + 1, text[at]
        at += 2 if text[at] == "\\" else 1
    return text[start:], len(text), ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.?)", r"\1", text, flags=re.DOTALL)


# --- JSON ------------------------------------------------------------------------------------------------------------


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


_DECODER = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_Number)


def _json(text: str) -> Iterator[Flag | Text]:
    """The steps of a `--set-json`: pairs, or a whole object, which helm merges."""
    if text.lstrip().startswith("{"):
        value, _ = _decoded(text, 0)
        found: list[Text] = []
        shown = _shown(value, "", found)
        yield Flag("set-json", shown, tuple(_leaves(value, "")))
        yield from found
        return
    at = 0
    while at < len(text):
        key, at, end = _until(text, at, "=,")
        if end != "=":
            raise _unreadable("set-json", "a key has no value")
        value, at = _decoded(text, at)
        found = []
        yield Flag("set-json", f"{key}={_shown(value, key, found)}", (key,))
        yield from found
        at += text[at : at + 1] == ","


def _decoded(text: str, at: int) -> tuple[object, int]:
    at = re.compile(r"\s*").match(text, at).end()  # type: ignore[union-attr]  # it matches everywhere
    try:
        value, at = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        raise _unreadable("set-json", "a value is no JSON") from None
    return value, re.compile(r"\s*").match(text, at).end()  # type: ignore[union-attr]  # the same


def _shown(value: object, key: str, found: list[Text]) -> str:
    """A value as JSON without its texts, which are added to what was found."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)}:{_shown(inner, _below(key, name), found)}" for name, inner in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(_shown(item, f'{key}[{at}]', found) for at, item in enumerate(value))}]"
    if isinstance(value, _Number):
        if _is_secret(key):
            raise UsageError(f"--set-json {key}: {ODD}", "a text, in double quotes, for helm too")
        return str(value)
    if isinstance(value, str):
        found.append(Text(key, value))
        return f'"{GONE}"'
    return json.dumps(value)


def _leaves(value: object, key: str) -> Iterator[str]:
    """The paths that a whole object sets."""
    if not isinstance(value, dict):
        yield key
        return
    for name, inner in value.items():
        yield from _leaves(inner, _below(key, name))


def _below(key: str, name: str) -> str:
    """The path of a name in what a key holds, as helm takes it."""
    name = SPECIAL.sub(r"\\\g<0>", name)
    return f"{key}.{name}" if key else name


def _unreadable(kind: str, reason: str) -> UserError:
    return UserError(f"helm can't take these values: failed parsing --{kind} data: {reason}", WRITTEN[kind])
