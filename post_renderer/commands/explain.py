"""`heimdall-pr explain`: which approach won and why, and what is known of each key."""

import os
from typing import Any

from post_renderer import check
from post_renderer.commands import arguments
from post_renderer.filter import write
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.options import Option
from post_renderer.model.report import Judged, KeyState, Report
from post_renderer.report import console, formats, json, text
from post_renderer.sources import key_status

FORMATS = ("text", "json")
FORMAT = Option("--format", "text or json.", "NAME", scope="explain")
COLOURS = {key_status.OK: "green", key_status.WEAK: "yellow", key_status.MISSING: "red", key_status.NOT_CHECKED: "cyan"}
EXAMPLES = """Examples:

heimdall-pr explain charts/heimdall -f values-ci.yaml

helm template heimdall charts/heimdall -f values-ci.yaml | heimdall-pr explain -

heimdall-pr explain charts/heimdall -f values-ci.yaml --format json
"""


def explain(**options: Any) -> None:  # noqa: ANN401  # Typer takes them from the signature below
    """Say which way of giving the secrets won, why, what was ignored, and what is known of each key.

    No secret is shown. It exits with 0 whatever the state of the keys: `check` judges.
    """
    name = options["format"] or "text"
    if name not in FORMATS:
        raise UsageError(f"there is no format {name}{formats.meant(name, FORMATS)}", f"one of {', '.join(FORMATS)}")
    given = arguments.read(options, os.environ)
    report = check.judge(given).report
    if not report.judged:
        raise UserError(_nothing(report), "heimdall-pr check, with the same words, says more", _findings(report))
    if name == "json":
        found = {
            **json.head(tuple(map(mask.without_login, given.targets))),
            "secrets": [json.secret(judged) for judged in report.judged],
        }
        write((json.dump(found).encode(),))
        return
    write(_table(judged).encode("utf-8", "backslashreplace") for judged in report.judged)


arguments.described(explain, arguments.signature((*arguments.OPTIONS, FORMAT)))


def _nothing(report: Report) -> str:
    return "there is no decision to explain" if report.ok else "there is no decision to explain, for these errors"


def _findings(report: Report) -> str:
    return "".join(f"{block}\n" for block in text.findings(report.findings))


def _table(judged: Judged) -> str:
    """What was decided, then the keys; a terminal gets a table with lines and colours, all else plain columns."""
    lines = [("secret", judged.secret), ("approach", judged.approach), ("why", judged.why)]
    lines += [("ignored", path) for path in judged.ignored]
    lines += [("read", source) for source in judged.read]
    head = "".join(f"{name:<9} {text.plain(said)}\n" for name, said in lines)
    rows = [("key", "state", "length", "where"), *map(_row, judged.keys)]
    return f"{head}\n{_rich(rows) if console.is_seen() else _columns(rows)}"


def _columns(rows: list[tuple[str, str, str, str]]) -> str:
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    cells = ((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]) for row in rows)
    return "".join(f"{'  '.join(each)}\n" for each in cells) + "\n"


def _row(state: KeyState) -> tuple[str, str, str, str]:
    length = str(state.length) if state.length >= 0 else ""
    return state.key, state.state, length, text.plain(str(state.source))


def _rich(rows: list[tuple[str, str, str, str]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*rows[0])
    for key, state, length, where in rows[1:]:
        table.add_row(key, Text(state, COLOURS[state]), length, Text(where))
    screen = Console()
    with screen.capture() as captured:
        screen.print(table)
    return captured.get()
