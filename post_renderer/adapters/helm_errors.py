"""Reads why helm did not render a chart: the chart's own refusals and its schema's, each a finding."""

import re
from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import Ways

HEAD = re.compile(r"^heimdall: nothing was rendered: \S+ errors?$", re.MULTILINE)
# `heimdall.secrets: API_KEY_SECRET is missing; expected: 66 characters, openssl rand -hex 33`
KEY = re.compile(
    r"(?P<path>[\w.-]+): (?P<what>(?:(?P<key>[A-Z]+_[A-Z_]+) )?[^;]+)(?:; expected: (?P<expected>[^,]+), (?P<fix>.+))?"
)
PATH = re.compile(r"[\w-]+(?:\.[\w-]+|\[\d+\])*")
SCHEMA = "values don't meet the specifications of the schema(s)"
SCHEMA_LINE = re.compile(r"^- (?:at '/?(?P<path>[^']*)'|(?P<old>[\w.()-]+)): (?P<what>.+)$")
UNKNOWN = re.compile(r"dditional propert(?:ies|y) '?(?P<name>[\w-]+)'?")  # the first, where there are several
SCHEMA_EXPECTED = "what the chart's values.schema.json says"
LONGEST = 600  # characters of a message of helm's


def findings(told: str, chart: str) -> list[Finding]:
    """What stands against rendering; at least one."""
    if found := HEAD.search(told):
        return [_refused(entry, chart) for entry in _entries(told[found.end() :])]
    if SCHEMA in told:
        return list(_schema(told, chart))
    text = " ".join(told.split())
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    message = f"helm can't render the chart: {shown}"
    return [Finding(ERROR, "render-failed", Place(chart), message, "a chart that renders", f"helm template {chart}")]


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
        return Finding(
            ERROR, "chart-refused", place, found["what"], found["expected"], found["fix"], found["key"] or ""
        )
    path = PATH.match(first)
    place = Place(values=path[0]) if path and ("." in path[0] or path[0] != path[0].capitalize()) else Place(chart)
    return Finding(ERROR, "chart-refused", place, first, fix=_fix(rest))


def _fix(lines: str) -> Ways:
    """The ways below a refusal, each `name  command`; a line indented further is what is to be typed then."""
    ways = (part.strip() for part in re.split(r"\n(?= {2}\S)", lines))
    named = (re.sub(r"^(\S+(?: \S+)*?) {2,}", r"\1: ", way) for way in ways if way)
    return Ways(tuple(re.sub(r"\s*\n\s*", ", then ", way) for way in named))


def _schema(told: str, chart: str) -> Iterator[Finding]:
    """A line for each value that a schema refuses; `NAME:` above them is the chart that it belongs to."""
    for line in told.splitlines():
        if found := SCHEMA_LINE.match(line):
            path = (found["path"] or "").replace("/", ".") or (found["old"] or "").removeprefix("(root)")
            name = UNKNOWN.search(found["what"])
            path = ".".join(filter(None, (path, name["name"]))) if name else path
            place = Place("" if path else chart, values=path)
            yield Finding(ERROR, "values-schema", place, found["what"], SCHEMA_EXPECTED)
