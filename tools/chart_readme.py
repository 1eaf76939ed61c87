"""Makes the chart's README from Chart.yaml, values.yaml and the template next to this file.

    python -m tools.chart_readme [--check]

The comments in values.yaml are those of helm-docs: above a key `# -- what it is`, which may go on in further lines;
`# @default -- text` for a default that says more than the value; `# @section -- Title`, for the keys below the key and
those after it until the next. The description of a mapping is also that of the keys in it that have none of their own.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import yaml

ROOT = Path(__file__).parents[1]
CHART = ROOT / "charts" / "heimdall"
TEMPLATE = Path(__file__).with_name("chart_readme.md.j2")
COMPARISON = Path(__file__).with_name("chart_comparison.md")
FIRST = "Values"


class Undescribed(Exception):
    """Values without a description; the message names them all."""


class Comment(NamedTuple):
    """The comment above a key."""

    text: str = ""
    default: str = ""
    section: str = ""


class Row(NamedTuple):
    """One line of the table."""

    key: str
    kind: str
    default: str
    text: str
    section: str


class Place(NamedTuple):
    """Where we are in the values: the path, the section, and whether a mapping above is described."""

    path: str = ""
    section: str = FIRST
    described: bool = False


def sections(values: str) -> dict[str, list[Row]]:
    """The rows of a values.yaml by section, in its order; raises Undescribed where a leaf has no description."""
    root = yaml.compose(values, Loader=yaml.SafeLoader)
    found = list(_rows(root, values.split("\n"), Place())) if isinstance(root, yaml.MappingNode) else []
    if silent := [row.key for row in found if not row.text]:
        raise Undescribed("no description (`# -- …` above the key): " + ", ".join(silent))
    return {section: [row for row in found if row.section == section] for section in _unique(found)}


def _unique(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(row.section for row in rows))


def _rows(mapping: yaml.MappingNode, lines: list[str], place: Place) -> Iterator[Row]:
    section = place.section
    for key, value in mapping.value:
        comment = _comment(lines, key.start_mark)
        section = comment.section or section
        path = f"{place.path}.{_quoted(key.value)}".lstrip(".")
        inner = isinstance(value, yaml.MappingNode) and value.value
        if comment.text or not (inner or place.described):
            yield Row(path, _kind(value), comment.default or _default(value), comment.text, section)
        if isinstance(value, yaml.MappingNode):
            yield from _rows(value, lines, Place(path, section, place.described or bool(comment.text)))


def _quoted(key: str) -> str:
    return f'"{key}"' if "." in key else key


def _comment(lines: list[str], mark: yaml.Mark) -> Comment:
    """The comment lines right above the key, at its own indent."""
    above = mark.line
    start = re.compile(rf" {{{mark.column}}}#")
    while above > 0 and start.match(lines[above - 1]):
        above -= 1
    texts = [line.strip().lstrip("#").removeprefix(" ") for line in lines[above : mark.line]]
    tags = {name: text for text in texts for name, text in re.findall(r"^@(\w+) -- (.*)$", text)}
    return Comment(_text(texts), tags.get("default", "").strip(), tags.get("section", "").strip())


def _text(lines: list[str]) -> str:
    """From the last `-- ` on, as one line; what comes before it is only for readers of values.yaml."""
    starts = [number for number, line in enumerate(lines) if line.startswith("-- ")]
    if not starts:
        return ""
    first, *more = (line for line in lines[starts[-1] :] if not line.startswith("@"))
    return " ".join(part.strip() for part in (first.removeprefix("-- "), *more) if part.strip())


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "object"
    if isinstance(node, yaml.SequenceNode):
        return "list"
    kind = node.tag.rpartition(":")[2]
    return {"str": "string", "null": "any"}.get(kind, kind)


def _default(node: yaml.Node) -> str:
    """The value as JSON on one line."""
    return f"`{json.dumps(yaml.SafeLoader('').construct_document(node), ensure_ascii=False)}`"


def _cell(text: str) -> str:
    """A bar would end the cell."""
    return text.replace("|", "\\|")


def render(template: str, chart: Mapping[str, Any], values: str, comparison: str) -> str:
    """The README."""
    environment = jinja2.Environment(  # noqa: S701 (Markdown, made from our own files)
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["cell"] = _cell
    return environment.from_string(template).render(chart=chart, sections=sections(values), comparison=comparison)


def current() -> str:
    """What the README has to be."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    return render(TEMPLATE.read_text(), chart, (CHART / "values.yaml").read_text(), COMPARISON.read_text())


def main(arguments: list[str]) -> int:
    """0 if it was written, or is what it has to be."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    target = CHART / "README.md"
    try:
        wanted = current()
    except Undescribed as error:
        sys.stderr.write(f"chart_readme: values.yaml: {error}\n")
        return 1
    if not arguments:
        target.write_text(wanted)
    elif not target.exists() or target.read_text() != wanted:
        sys.stderr.write(f"chart_readme: {target} is not what it is made from: python -m tools.chart_readme\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
