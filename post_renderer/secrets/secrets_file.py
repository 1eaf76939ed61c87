"""A secrets file: a flat YAML mapping of strings, or the findings that say why it is none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from post_renderer.document import nodes, stream
from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import Command, Fix, command, operand
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy
from post_renderer.secrets import install, kinds

SOPS = "sops"  # the rule and the name of the block by which SOPS encrypted a file
DOTENV = re.compile(rb"(?:\s*#.*\n)*\s*(?:export )?[A-Z_][A-Z0-9_]*=")
DOTENV_OF_SOPS = re.compile(rb"^(?:export )?(?:sops_\w+=|\w+=[\"']?ENC\[)", re.MULTILINE)
OF_MORE = (SOPS, "<<")  # keys that say that the others are written in another way
EXPECTED = 'KEY: "value", a line each'
# How to correct what is wrong with a line.
WRITE = 'write that line as KEY: "value"'
PLAIN = "write the value itself there, without &, *, ! or <<"
UTF8 = "save the file as UTF-8: an editor's other encoding, or bytes that are no text"
NUL = "write the value again: a program that pads it, or that writes UTF-16, left a zero byte"
FIXES = {
    "not-a-string": 'put it in quotes: KEY: "value"',
    "not-plain": PLAIN,
    "duplicate-key": "remove one of the two lines",
    "nested": 'one line a key, without a mapping or a list: KEY: "value"',
}


class SecretsFile(NamedTuple):
    """What a file gives.

    Attributes:
        values: Each value of a sound pair, by its key.
        lines: The line of each, from 1.
        root: What was read; None if the file is empty.
        unread: The keys whose values could not be read; None if there may be any key.
    """

    values: dict[str, bytes]
    lines: dict[str, int]
    root: Mapping | None
    unread: frozenset[str] | None = frozenset()


def read(path: str, content: bytes, known: Collection[str] = ()) -> tuple[SecretsFile, list[Finding]]:
    """Read the values of a secrets file, and everything that is wrong with it, by line and never with a value.

    Args:
        path: How reports name the file.
        content: What is in it.
        known: Names of keys that reports may show besides Heimdall's: those that a contract asks for.
    """
    unread = SecretsFile({}, {}, None, unread=None)
    if found := _no_text(path, content):
        return unread, [found]
    return _read(path, content, unread, known)


def _no_text(path: str, content: bytes) -> Finding | None:
    """The finding for what is no text of YAML at all."""
    if kind := kinds.of(path, content):
        message = f"is {kind.name}, no plain YAML"
        return Finding(ERROR, "no-secrets-file", Place(file=path, line=1), message, EXPECTED, kind.fix)
    if b"\0" in content:
        line = stream.line_of(content, content.index(b"\0"))
        return _finding("nul-byte", path, line, "holds a NUL byte", "text", NUL)
    return None


def _read(path: str, content: bytes, unread: SecretsFile, known: Collection[str]) -> tuple[SecretsFile, list[Finding]]:
    """Read a text."""
    start = len(stream.BOM) if content.startswith(stream.BOM) else 0
    from post_renderer.document import parse  # with PyYAML, as in manifest.py

    try:
        root = parse.read(content[start:], start, whole=True)
    except nodes.Unreadable as error:
        rule, fix = ("not-utf8", UTF8) if "UTF-8" in error.problem else ("not-yaml", WRITE)
        return unread, [_finding(rule, path, error.line, error.problem, EXPECTED, fix)]
    if root is None or (isinstance(root, Scalar) and root.plain and not root.value):
        return SecretsFile({}, {}, None), []
    if found := _another(path, content, root):
        return unread, [found]
    if not isinstance(root, Mapping):
        return unread, [
            _finding("not-a-mapping", path, stream.line_of(content, root.start), "is no mapping", EXPECTED, WRITE)
        ]
    return _values(path, content, root, known)


def _another(path: str, content: bytes, root: Node) -> Finding | None:
    """The finding for a file of another kind, which people have at hand beside this one."""
    pairs = root.pairs if isinstance(root, Mapping) else ()
    names = {key.value: value for key, value in pairs if isinstance(key, Scalar)}
    encrypted = isinstance(names.get(SOPS), Mapping)
    found: tuple[str, Fix] | None = None
    if "apiVersion" in names and "kind" in names and encrypted:
        decrypted = (("sops", "decrypt", operand(path)), ("kubectl", "apply", "-f", "-"))
        found = "an encrypted manifest of Kubernetes", Command(decrypted, "and its name in heimdall.existingSecret")
    elif "apiVersion" in names and "kind" in names:
        applied = command("kubectl", "apply", "-f", operand(path), note="and its name in heimdall.existingSecret")
        found = "a manifest of Kubernetes", applied
    elif isinstance(names.get("heimdall"), Mapping) and encrypted:
        found = "an encrypted values file", install.with_encrypted_values(path)
    elif isinstance(names.get("heimdall"), Mapping):
        found = "a values file", install.with_values(path)
    elif not pairs and DOTENV.match(content) and DOTENV_OF_SOPS.search(content):
        found = "an encrypted dotenv file", install.with_encrypted_environment(path)
    elif not pairs and DOTENV.match(content):
        found = "a dotenv file", install.with_environment(path)
    if not found:
        return None
    kind, fix = found
    place = Place(file=path, line=stream.line_of(content, root.start))
    return Finding(ERROR, "no-secrets-file", place, f"is {kind}, no secrets file", EXPECTED, fix)


def _values(path: str, content: bytes, root: Mapping, known: Collection[str]) -> tuple[SecretsFile, list[Finding]]:
    """The values of a mapping's sound pairs, and the findings for the others."""
    file = SecretsFile({}, {}, root)
    start = stream.line_of(content, root.start)
    findings = [_finding("not-plain", path, start, problem, EXPECTED, PLAIN) for problem in _marked(root)]
    may_have_more = bool(findings)
    unread = []
    for key, value in root.pairs:
        line = stream.line_of(content, key.start)
        problems = list(_problems(key, value, file, known))
        findings += [
            _finding(rule, path, line, problem, expected, _fix(rule, path)) for rule, problem, expected in problems
        ]
        name = key.value if isinstance(key, Scalar) else ""
        if not problems and isinstance(value, Scalar):
            file.values[name] = value.value.encode()
            file.lines[name] = line
        elif problems:
            unread.append(name)
            may_have_more = may_have_more or name in OF_MORE
    return file._replace(unread=None if may_have_more else frozenset(unread)), findings


def _problems(key: Node, value: Node, file: SecretsFile, known: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a pair: rule, problem, what was expected."""
    if not isinstance(key, Scalar) or not key.value:
        yield "not-a-string", "has a key that is no string", EXPECTED
        return
    name = key.value if key.value in known else policy.shown(key.value)
    if key.value == SOPS and isinstance(value, Mapping):
        yield SOPS, "is encrypted with SOPS", "a plaintext file, or the program sops"
        return
    for node in (key, value):
        yield from (("not-plain", f"{name}: {problem}", EXPECTED) for problem in _marked(node))
    if key.value in file.values:
        yield "duplicate-key", f"{name} is there twice, first in line {file.lines[key.value]}", "each key once"
    if not isinstance(value, Scalar):
        yield "nested", f"{name} is no string but nested", EXPECTED
    elif value.value and not value.is_string:
        yield (
            "not-a-string",
            f"{name} is not a string in YAML",
            f'quotes: {name if name != "an unknown key" else "KEY"}: "…"',
        )
    if not key.is_string:
        yield "not-a-string", "has a key that is no string", EXPECTED


def _marked(node: Node) -> Iterator[str]:
    """What a secrets file has no use for, and other readers may take for something else."""
    if node.anchored:
        yield "has an anchor or an alias"
    if node.tag:
        yield "has a tag"


def _fix(rule: str, path: str) -> Fix:
    """How to correct what is wrong with a pair."""
    edit = command("sops", "edit", operand(path), note="or give this command the file in plaintext")
    return edit if rule == SOPS else FIXES[rule]


def _finding(rule: str, path: str, line: int, problem: str, expected: str, fix: Fix) -> Finding:
    return Finding(ERROR, rule, Place(file=path, line=line), problem, expected, fix)
