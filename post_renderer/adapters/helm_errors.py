"""Reads from helm's message why a chart did not render: its own refusals and its schema's, each a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import QUOTE, Fix, Ways, command, operand
from post_renderer.rules import policy

# Of our chart, and of any that uses our library.
HEAD = re.compile(r"^[A-Za-z0-9][-._A-Za-z0-9]{0,62}: nothing was rendered: \S+ errors?$", re.MULTILINE)
# `heimdall.secrets: API_KEY_SECRET is missing; expected: 66 characters, openssl rand -hex 33`
KEY = re.compile(
    r"(?P<path>[\w.-]+): (?P<what>(?:(?P<key>[-._A-Za-z0-9]+) (?=[a-z]+ ))?[^;]+)"
    r"(?:; expected: (?P<expected>[^,]+)(?:, (?P<fix>.+))?)?"
)
PATH = re.compile(r"[\w-]+(?:\.[\w-]+|\[\d+\])*")
OF_THE_CHART = "the chart"  # a refusal of what its author wrote: no value is wrong
SCHEMA = "values don't meet the specifications of the schema(s)"
SCHEMA_LINE = re.compile(r"^- (?:at '/?(?P<path>[^']*)'|(?P<old>[\w.()-]+)): (?P<what>.+)$")
UNKNOWN = re.compile(r"dditional propert(?:ies|y) '?(?P<name>[\w-]+)'?")  # the first, if there are several
# Of a schema, in the words of the two libraries that Helm has had for it; of a function of a template.
WANTS_TEXT = re.compile(
    r"got (?:number|boolean|integer), want string|Expected: string, given: (?:number|integer|boolean)"
)
WRONG_TYPE = "wrong type for value; expected string; got"
NO_STRING = "is not a string"  # our chart's words
SCHEMA_EXPECTED = "what the chart's values.schema.json says"
FROM_CHART = "the chart says: "  # any chart can print what looks like ours: its words are not our advice
LONGEST = 600  # characters of a message of helm's


def findings(output: str, chart: str) -> list[Finding]:
    """The findings in a message of helm, from which the user's values were taken; at least one."""
    if found := HEAD.search(output):
        return [_refused(entry, chart) for entry in _entries(output[found.end() :])]
    if SCHEMA in output:
        return list(_schema(output, chart))
    text = " ".join(output.split())
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    message = f"helm can't render the chart: {shown}"
    fix = command("helm", "template", operand(chart))
    return [Finding(ERROR, "render-failed", Place(chart), message, "a chart that renders", fix)]


def is_about_type(output: str) -> bool:
    """Whether a template wants a text and got something else."""
    return WRONG_TYPE in output


def _entries(text: str) -> Iterator[str]:
    """Each refusal with the lines that belong to it, which are indented."""
    found = re.split(r"\n(?=\S)", text.strip("\n"))
    return (entry.rstrip() for entry in found if entry.strip())


def _refused(entry: str, chart: str) -> Finding:
    """A refusal of our own chart."""
    first, _, rest = entry.partition("\n")
    if (found := KEY.fullmatch(first)) and found["expected"]:
        path = f"{found['path']}.{found['key']}" if found["key"] else found["path"]
        place = Place(values=path)
        key = found["key"] or ""
        return Finding(ERROR, "chart-refused", place, found["what"], found["expected"], _key_fix(found, key), key)
    path = None if first.startswith(OF_THE_CHART) else PATH.match(first)
    place = Place(values=path[0]) if path and ("." in path[0] or path[0] != path[0].capitalize()) else Place(chart)
    return Finding(ERROR, "chart-refused", place, first, fix=_fix(rest))


def _key_fix(found: re.Match[str], key: str) -> Fix:
    """The fix for a key: our own words, or the chart's, which are called so."""
    if NO_STRING in found["what"]:
        return QUOTE
    is_ours = key in policy.KEYS and found["fix"] == str(policy.recipe(key))
    return found["fix"] or "" if is_ours or not found["fix"] else f"{FROM_CHART}{found['fix']}"


def _fix(lines: str) -> Fix:
    """The ways below a refusal, each `name  command`; a line indented further is what is to be typed then."""
    ways = (part.strip() for part in re.split(r"\n(?= {2}\S)", lines))
    named = (re.sub(r"^(\S+(?: \S+)*?) {2,}", r"\1: ", way) for way in ways if way)
    found = [", then ".join(line.strip() for line in way.split("\n") if line.strip()) for way in named]
    return Ways((f"{FROM_CHART}{found[0]}", *found[1:])) if found else ""


def _schema(output: str, chart: str) -> Iterator[Finding]:
    """A finding for each value that a schema refuses; `NAME:` above them is the chart that it belongs to."""
    for line in output.splitlines():
        if found := SCHEMA_LINE.match(line):
            path = (found["path"] or "").replace("/", ".") or (found["old"] or "").removeprefix("(root)")
            name = UNKNOWN.search(found["what"])
            path = ".".join(filter(None, (path, name["name"]))) if name else path
            place = Place("" if path else chart, values=path)
            fix = QUOTE if path and WANTS_TEXT.search(found["what"]) else ""
            yield Finding(ERROR, "values-schema", place, found["what"], SCHEMA_EXPECTED, fix)
