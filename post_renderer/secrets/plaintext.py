"""Finds Heimdall's secrets that a text holds as plaintext: in YAML, JSON, dotenv, a manifest or a script."""

import re
from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import command, operand
from post_renderer.rules import policy

NAMES = (*policy.KEYS, *policy.OPTIONAL, *policy.LEGACY)
_NAME = rf"(?P<name>{'|'.join(NAMES)})"
# KEY: value, "KEY": "value", KEY=value, --set a.b.KEY=value
PAIR = re.compile(rf"(?<![A-Za-z0-9_])(?P<quote>[\"']?){_NAME}(?P=quote)[ \t]*[:=][ \t]*(?P<value>.{{0,4096}})")
# - name: KEY, then value: …
NAMED = re.compile(rf"[\s{{-]*[\"']?name[\"']?[ \t]*:[ \t]*[\"']?{_NAME}[\"']?[ \t]*,?(?P<rest>.*)")
VALUE = re.compile(r"[\s{]*[\"']?value[\"']?[ \t]*:[ \t]*(?P<value>.*)")
BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?")  # the value comes in the lines after
QUOTED = re.compile(r"\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>(?:''|[^'])*)'")
ENCRYPTED = "ENC["
# What only refers to a value: a name, as of a variable, a key or an output of another step.
REFERENCE = re.compile(r"[A-Z]+|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|\$(\w+|\{.*|\(.*)|.*\{\{.*")
MARKED = re.compile(r"[$&*!].*")  # without quotes: a variable, an anchor, an alias, a tag
PLAIN_LINE = re.compile(r"[^:#-][^:]*|\S+")  # one that can be a value, and no pair or item


def findings(path: str, text: str) -> Iterator[Finding]:
    """A finding for each plaintext secret, by line, never with the value."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for name, value in _pairs(line, lines[number : number + 1]):
            if _is_secret(value, lines[number : number + 3]):
                yield _finding(path, number, name)


def _pairs(line: str, after: list[str]) -> Iterator[tuple[str, str]]:
    """The names in a line with what is written for them."""
    named = NAMED.match(line)
    value = named and (VALUE.match(named["rest"]) or (VALUE.match(after[0]) if after else None))
    if named and value:
        yield named["name"], value["value"]
    at = 0
    while match := PAIR.search(line, at):
        yield match["name"], match["value"]
        at = match.start("value")


def _is_secret(written: str, after: list[str]) -> bool:
    """Whether what is written for a name is a value, and does not only refer to one."""
    written = written.strip()
    below = next((line.strip() for line in after if line.strip()), "")
    if BLOCK.fullmatch(written) or (not written and PLAIN_LINE.fullmatch(below)):
        written = below
    if written.startswith(("{", "[")) and not written.startswith("{{"):
        return False  # a mapping or a list, whose own pairs are looked at by themselves
    value = _unquoted(written)
    if len(value) < policy.SHORTEST or value.startswith(ENCRYPTED) or REFERENCE.fullmatch(value):
        return False
    if MARKED.match(value) and not written.startswith(("'", '"')):
        return False
    return not policy.is_placeholder(value)


def _unquoted(written: str) -> str:
    """The value itself: within quotes, or up to a comment, a comma or a bracket."""
    if match := QUOTED.match(written):
        return match["double"] if match["double"] is not None else match["single"]
    return re.split(r"\s#|[,}\]]", written, maxsplit=1)[0].strip()


def _finding(path: str, line: int, name: str) -> Finding:
    message = f"{name} is plaintext in a file that git would commit"
    fix = command("sops", "encrypt", "--in-place", operand(path), note="or take it out of git's index and ignore it")
    place = Place(file=path, line=line)
    return Finding(ERROR, "secret-in-clear", place, message, "no secret, or an encrypted one", fix)
