"""What a Go template of a producer takes, and what it adds to the value: found in its text, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from post_renderer.model.record import NamedTuple

OPEN, CLOSE = "{{", "}}"
# https://pkg.go.dev/text/template: the strings of an action, in which no bracket closes it.
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}')
FIELD = re.compile(r"(?<![\w)\].\"`$])\.([A-Za-z_]\w*)")  # `.NAME` of the template's own data
ROOT_FIELD = re.compile(r"\$\.([A-Za-z_]\w*)")  # the same, inside `range` and `with`
INDEX = re.compile(r'\bindex\s+[.$]\s+["`]([^"`\\]*)["`]')
SCOPES = frozenset(("range", "with", "define", "block", "template"))
CONDITIONS = SCOPES | {"if", "else", "end"}
EITHER = re.compile(r"\b(?:or|and)\b")
FALLBACK = re.compile(r"\b(?:default|coalesce|ternary|or|required|fail)\b")
# http://masterminds.github.io/sprig/: functions whose result is written in quotes, or encoded.
QUOTING = re.compile(r"\b(?:quote|squote|toJson|toRawJson|toPrettyJson)\b")
ENCODING, DECODING = re.compile(r"\bb64enc\b"), re.compile(r"\bb64dec\b")


class Action(NamedTuple):
    """`{{ … }}`: its text as written, and without strings, comments and the marks that trim white space."""

    raw: str
    code: str
    trims_before: bool
    trims_after: bool

    @property
    def word(self) -> str:
        """The first word, which may be a keyword."""
        return self.code.partition(" ")[0].rstrip(")")


class Template(NamedTuple):
    """A template: its actions, and the text before, between and after them as it is rendered."""

    actions: tuple[Action, ...]
    texts: tuple[str, ...]

    @property
    def lone(self) -> Action | None:
        """The action, if the whole value is what one action gives."""
        return self.actions[0] if len(self.actions) == 1 and not "".join(self.texts).strip() else None

    @property
    def is_conditional(self) -> bool:
        """Whether a part of it may not be run."""
        return any(each.word in CONDITIONS or EITHER.search(each.code) for each in self.actions)

    def fields(self) -> Iterator[str]:
        """The names that it takes as `.NAME`: with one that is not there it fails."""
        pattern = ROOT_FIELD if any(each.word in SCOPES for each in self.actions) else FIELD
        for action in self.actions:
            yield from pattern.findall(action.code)
            if pattern is FIELD:
                yield from ROOT_FIELD.findall(action.code)

    def indexed(self) -> Iterator[str]:
        """The names that it takes as `index . "NAME"`: one that is not there is empty."""
        for action in self.actions:
            if not FALLBACK.search(action.code):
                yield from INDEX.findall(action.raw)


def parse(text: str) -> Template:
    """Cut a template into actions and texts; one that is not closed ends it."""
    actions, texts, at = [], [], 0
    while (start := text.find(OPEN, at)) >= 0:
        end = _end(text, start + len(OPEN))
        if end < 0:
            break
        actions.append(_action(text[start + len(OPEN) : end]))
        texts.append(text[at:start])
        at = end + len(CLOSE)
    texts.append(text[at:])
    return Template(tuple(actions), tuple(_trimmed(texts, actions)))


def flaws(text: str) -> Iterator[tuple[str, str]]:
    """What a template does to the value that it passes on: a rule, and a text that goes on after the key."""
    template = parse(text)
    if template.actions and template.texts[-1].endswith("\n"):
        yield "trailing-newline", "is followed by a line break in its template, which becomes part of the value"
    action = template.lone
    if action is not None and ENCODING.search(action.code) and not DECODING.search(action.code):
        yield "double-base64", "is encoded by its template, and a second time in the Secret: the pod gets base64"
    elif _is_quoted(template):
        yield "template-quotes", "is put in quotes by its template: they become part of the value"


def _is_quoted(template: Template) -> bool:
    if template.lone is not None:
        return bool(QUOTING.search(template.lone.code))
    marks = {template.texts[0].strip(), template.texts[-1].strip()}
    return len(template.actions) == 1 and marks in ({'"'}, {"'"})


def _end(text: str, at: int) -> int:
    """Where an action is closed; negative if it never is."""
    if text.startswith(("/*", "- /*"), at):
        at = text.find("*/", at)
        if at < 0:
            return -1
    while match := TOKEN.search(text, at):
        if match[0] == CLOSE:
            return match.start()
        at = match.end()
    return -1


def _action(inner: str) -> Action:
    before, after = inner.startswith("- "), inner.endswith((" -", "\n-", "\t-"))
    raw = inner[before : len(inner) - after].strip()
    code = "" if raw.startswith("/*") else TOKEN.sub('""', raw)
    return Action(raw, code, before, after)


def _trimmed(texts: list[str], actions: list[Action]) -> Iterator[str]:
    """The texts as they are rendered: `{{- ` and ` -}}` take the white space beside them away."""
    for index, text in enumerate(texts):
        trimmed = text.lstrip() if index and actions[index - 1].trims_after else text
        yield trimmed.rstrip() if index < len(actions) and actions[index].trims_before else trimmed
