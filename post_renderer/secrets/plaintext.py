"""Finds Heimdall's secrets that a text holds as plaintext: values, manifests, scripts, pipelines, code."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import command, operand
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy

NAMES = (*policy.KEYS, *policy.OPTIONAL, *policy.LEGACY)
ALLOWED = re.compile(r"pragma: allowlist secret|gitleaks:allow")  # as detect-secrets and gitleaks have it
# Files in which a value is in quotes.
PROGRAMS = (".py", ".rb", ".js", ".ts", ".go", ".java", ".kt", ".kts", ".groovy", ".cs", ".tpl", ".gotmpl")
EXAMPLE = re.compile(r"^[^\"']*`\{?[A-Za-z_]+: ")  # in a program's documentation
AFTER = 6  # lines after a name in which its value may be
_NAME = rf"(?P<name>{'|'.join(NAMES)})"
_WRITTEN = r"[ \t]*(?P<value>.{0,4096})"
# KEY: value, "KEY": "value", KEY=value, KEY := value, "KEY" => "value", x["KEY"] = value, --set a.b.KEY=value
PAIR = re.compile(rf"(?<![A-Za-z0-9_])(?P<quote>[\"']?){_NAME}(?P=quote)\]?[ \t]*(?P<sign>=>|[:?+]?[:=]=?){_WRITTEN}")
# f("KEY", "value"): setdefault, putenv, setenv, SetEnvironmentVariable
CALL = re.compile(rf"\w[ \t]*\([ \t]*([\"']){_NAME}\1[ \t]*,(?=[ \t]*[\"']){_WRITTEN}")
# A word, a name and its value: Dockerfile, fish, csh, cmd, Apache, PowerShell, gh.
WORDS = re.compile(
    r"(?:^|[;&|({\s])(?:(?:ENV|SetEnv|setenv|setx)|set(?:[ \t]+(?:-[A-Za-z]+|--[a-z]+))+|(?:gh|glab)[ \t]+\w+[ \t]+set"
    r"|(?:Set|New)-Item(?:[ \t]+-Path)?[ \t]+[\"']?[Ee]nv:\\?)[ \t]*"
    rf"[\"']?{_NAME}[\"']?(?:[ \t]+(?:-Value|--body|-b|--value|-v))?[ \t=](?![ \t]*-){_WRITTEN}"
)
# name: a.b.KEY, then value: …, in either order: containers, Argo CD, Helmfile; `name =` in Terraform; variable "KEY".
_LABEL = r"[\"']?(?:[Nn]ame|[Kk]ey|[Vv]ariable)[\"']?[ \t]*[:=][ \t]*"
NAMED = re.compile(
    rf"(?:{_LABEL}|(?P<default>\bvariable[ \t]+))[\"']?(?:[\w.\\-]*\.)?{_NAME}[\"']?(?![\w.-])[ \t]*,?(?P<rest>.*)"
)
VALUE = re.compile(r"(?<![\w-])[\"']?[Vv]alue[\"']?[ \t]*[:=][ \t]*(?P<value>.*)")
DEFAULT = re.compile(r"default[ \t]*=[ \t]*(?P<value>.*)")
ITEM = re.compile(r"[ \t]*(?:[-{}\]]|\w+[ \t]*\{)")  # where another item begins or this one ends
BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?")  # the value comes in the lines after
QUOTED = re.compile(r"\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>(?:''|[^'])*)'")
COMMENT = re.compile(r"(?:^|\s)(?:(?:#|//)(?=\s|\w)|(?:--|;|/?\*|<!--)(?=\s))")
WORDS_ALONE = re.compile(r"[a-z]+(?:[-_][a-z]+){2,}")  # in a comment: what people write where a secret goes
# What only refers to a value: a name, as of a variable, a key or an output of another step.
REFERENCE = re.compile(r"[A-Z]+|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|\$(\w+|\{.*|\(.*)|.*\{\{.*")
# Ciphertext, and references that another program resolves: SOPS, Ansible Vault, vals, vault-env, AWS, 1Password, Azure.
RESOLVED = re.compile(
    r"ENC\[.*|\$ANSIBLE_VAULT;.*|ref\+[a-z0-9]+://.*|secretref\+.*|vault:.*[/#].*|op://.*|arn:aws[\w-]*:secretsmanager:.*"
    r"|@Microsoft\.KeyVault\(.*|#\{.*\}|<%.*%>|%\{.*\}",
    re.DOTALL,
)
# Without quotes: a variable, an anchor, an alias, a tag; a call or an item of a program; a reference of Terraform.
CODE = re.compile(
    r"[$&*!].*|[A-Za-z_]\w*(?:(?:\.|::|->)\w+)*[(\[].*[)\]][;,]?"
    r"|(?:var|local|data|module|each|self|process|config|[a-z]+_[a-z_]+)(?:\.[\w-]+|\[[^\]]*\])+;?"
)
PLAIN_LINE = re.compile(r"[^:#-][^:]*|\S+")  # one that can be a value, and no pair or item
SEALED = 300  # characters; a sealed value is longer, as it has a session key that RSA encrypted
RSA_LENGTHS = frozenset(range(128, 1025, 64))  # bytes of such a session key


class Written(NamedTuple):
    """What is written for a name.

    Attributes:
        name: The name.
        value: What follows it in its line.
        line: The index of the line that the value is in.
        comment: Whether it is in a comment.
    """

    name: str
    value: str
    line: int
    comment: bool = False


def findings(path: str, text: str) -> Iterator[Finding]:
    """A finding for each plaintext secret, by line, never with the value."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if not any(name in line for name in NAMES) or ALLOWED.search(line):
            continue
        is_program = path.endswith(PROGRAMS)
        if is_program and EXAMPLE.search(line):
            continue
        for found in _written(lines, at):
            is_allowed = found.line != at and ALLOWED.search(lines[found.line])
            if not is_allowed and _is_secret(found, lines, is_program):
                yield _finding(path, at + 1, found.name)


def _written(lines: list[str], at: int) -> Iterator[Written]:
    """The names in a line with what is written for them."""
    line = lines[at]
    if (named := NAMED.search(line)) and (labelled := _labelled(lines, at, named)):
        yield labelled
        return
    found = {match.start("name"): match for pattern in (WORDS, CALL, PAIR) for match in _matches(pattern, line)}
    comment = COMMENT.search(line)
    for start, match in sorted(found.items()):
        is_comment = comment is not None and comment.start() < start
        sign = match.groupdict().get("sign") or ""
        value = match["value"]
        if (sign.endswith("=") and not value.strip()) or (value[:1] == "?" and line[:start].endswith("${")):
            continue  # nothing, which no line below completes; a message of a shell
        if is_comment and sign.endswith("="):
            value = (value.split(maxsplit=1) or [""])[0] if value[:1] not in {"'", '"'} else value
        yield _nested(lines, Written(match["name"], value, at, is_comment))


def _matches(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    at = 0
    while match := pattern.search(line, at):
        yield match
        at = match.start("value")


def _labelled(lines: list[str], at: int, named: re.Match[str]) -> Written | None:
    """The value of a name that has a label: in its line, or else in the same item."""
    label = DEFAULT if named["default"] else VALUE
    beside = (named["rest"], lines[at][: named.start()].rpartition("{")[2])
    if match := next(filter(None, map(label.search, beside)), None):
        return Written(named["name"], match["value"], at)
    for line in (*_after(lines, at), *_before(lines, at)):
        if match := label.match(lines[line].lstrip(" \t-{#")):
            return Written(named["name"], match["value"], line)
    return None


def _after(lines: list[str], at: int) -> Iterator[int]:
    """The lines after one, up to the end of its item."""
    for line in range(at + 1, min(len(lines), at + 1 + AFTER)):
        if ITEM.match(lines[line]):
            return
        yield line


def _before(lines: list[str], at: int) -> Iterator[int]:
    """The lines before one, back to the start of its item."""
    for line in range(at - 1, max(-1, at - 1 - AFTER), -1):
        if ITEM.match(lines[line + 1]):
            return
        yield line


def _nested(lines: list[str], found: Written) -> Written:
    """What is written for a name that has a mapping, as a variable of GitLab has: its `value`."""
    value = found.value.strip()
    if value.startswith("{") and not value.startswith("{{") and (match := VALUE.search(value)):
        return found._replace(value=match["value"].rstrip(" }"))
    if value:
        return found
    for line in range(found.line + 1, min(len(lines), found.line + 1 + AFTER)):
        if lines[line].strip() and _indent(lines[line]) <= _indent(lines[found.line]):
            break
        if match := VALUE.match(lines[line].strip()):
            return found._replace(value=match["value"], line=line)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_secret(found: Written, lines: list[str], is_program: bool) -> bool:
    """Whether what is written for a name is a value, and does not only refer to one."""
    written = found.value.strip()
    below = next((line.strip() for line in lines[found.line + 1 : found.line + 4] if line.strip()), "")
    if BLOCK.fullmatch(written) or (not written and PLAIN_LINE.fullmatch(below)):
        written = below
    if written.startswith(("{", "[")) and not written.startswith("{{"):
        return False  # a mapping or a list, whose own pairs are looked at by themselves
    value = _unquoted(written)
    if is_program and (not written.startswith(("'", '"', "`")) or re.search(r"\s", value)):
        return False  # an expression, or a text for people
    if len(value) < policy.SHORTEST or policy.is_placeholder(value) or (found.comment and _is_prose(value)):
        return False
    return not _is_reference(value, written)


def _is_reference(value: str, written: str) -> bool:
    """Whether a value is ciphertext, or names what another program puts there."""
    if REFERENCE.fullmatch(value) or RESOLVED.fullmatch(value) or _is_sealed(value):
        return True
    return not written.startswith(("'", '"')) and bool(CODE.fullmatch(value) or CODE.fullmatch(written))


def _is_prose(value: str) -> bool:
    """Whether a value in a comment is words about a secret, and none."""
    return bool(re.search(r"\s", value) or WORDS_ALONE.fullmatch(value))


def _is_sealed(value: str) -> bool:
    """Whether kubeseal encrypted it: two bytes say how long the session key is that follows."""
    if len(value) < SEALED:
        return False
    try:
        data = binascii.a2b_base64(value)
    except ValueError:
        return False
    length = int.from_bytes(data[:2], "big")
    return length in RSA_LENGTHS and len(data) > 2 + length


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
