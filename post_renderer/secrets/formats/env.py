"""A dotenv file, which a shell and many a tool can read: KEY=value, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from post_renderer.model.fix import Command
from post_renderer.rules import policy
from post_renderer.secrets import install
from post_renderer.secrets.formats import shared
from post_renderer.secrets.formats.shared import Target

# A line that shells and dotenv readers take for the same: nothing expanded, escaped or continued, no carriage return.
LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)=
    (?:'(?P<single>[^'\r\n]*)'|"(?P<double>[^"\\$`!\r\n]*)"|(?P<bare>[A-Za-z0-9_./:@%+,^=-]*|[A-Za-z0-9_./@%+,-][A-Za-z0-9_./@%+,~-]*))
    [ \t]*""",
    re.VERBOSE,
)
BLANK = re.compile(r"[ \t]*(?:#[^\r]*)?")
EXPECTED = "write it as KEY='value', a line each"


def values(content: bytes, target: Target) -> dict[str, bytes]:
    """What a file holds. Raises UserError, by line, if shells and dotenv readers may not agree on it."""
    found: dict[str, bytes] = {}
    for number, match in _lines(content, target):
        if match["key"] in found:
            problem = f"has {policy.shown(match['key'])} twice, again in line {number}"
            raise shared.refusal(target, problem, "leave one of them")
        found[match["key"]] = (match["single"] or match["double"] or match["bare"] or "").encode()
    return found


def new(made: Mapping[str, str], target: Target) -> bytes:
    """A new file."""
    return (shared.HEADER + "".join(f"{_line(key, value)}\n" for key, value in made.items())).encode()


def completed(content: bytes, made: Mapping[str, str], target: Target) -> bytes:
    """A file with these values: in place of those that are there, else as new keys; the rest stays byte for byte."""
    lines = content.decode().split("\n")
    absent = dict(made)
    for number, match in _lines(content, target):
        if match["key"] in absent:
            lines[number - 1] = match[0][: match.start("key")] + _line(match["key"], absent.pop(match["key"]))
    if not lines[-1]:
        lines.pop()
    return "\n".join([*lines, *(_line(key, value) for key, value in absent.items()), ""]).encode()


def use(target: Target) -> Command:
    """The command that uses the file."""
    return install.with_environment(target.path)


def _lines(content: bytes, target: Target) -> Iterator[tuple[int, re.Match[str]]]:
    """Each assignment with its line from 1."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise shared.refusal(target, f"is not UTF-8 in line {line}", EXPECTED) from None
    for number, written in enumerate(text.split("\n"), 1):
        if match := LINE.fullmatch(written):
            yield number, match
        elif not BLANK.fullmatch(written) or "\0" in written:
            problem = f"has in line {number} what shells and other readers may take differently"
            raise shared.refusal(target, problem, shared.meant(target, content, "env", EXPECTED))


def _line(key: str, value: str) -> str:
    """Bare, as `docker run --env-file` takes quotes for a part of the value."""
    return f"{key}={value}"
