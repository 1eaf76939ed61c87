"""The values that the user set, merged by the real helm; they are in memory alone, never on a disk."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from post_renderer.adapters import disk, pipes
from post_renderer.adapters.helm import Helm, Values
from post_renderer.document.paths import is_path
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError, UserError

STDIN = "-"
DEEPEST = 100  # mappings and lists in each other
SIZE = 1 << 20  # bytes of a values file that are looked through for what no message may show


def merged(helm: Helm, values: Values, defaults: bytes = b"") -> Mapping[str, object]:
    """What was set, over a chart's own values.yaml if that is given. Raises UserError."""
    with (
        tempfile.TemporaryDirectory(prefix="heimdall-pr-") as folder,
        pipes.piped([defaults] if defaults else []) as below,
        values.passed() as (given, keep),
    ):
        lowest = [word for each in below for word in ("--values", pipes.path(each))]
        argv = ["template", "values", _throwaway(Path(folder)), *lowest, *given]
        out = helm.run(argv, values.stdin, "helm can't take these values", raw(values), [*below, *keep])
    line = next((line for line in out.split(b"\n") if line.startswith(b'{"values":')), b'{"values":{}}')
    found = _parsed(line)
    return found if isinstance(found, dict) else {}


def _parsed(line: bytes) -> object:
    with suppress(RecursionError):
        found = json.loads(line)["values"]
        if not _is_deep(found):
            return found
    raise UserError(f"the values are nested deeper than {DEEPEST} levels", "flatter values")


def _is_deep(values: object) -> bool:
    """Whether it is nested too deeply for what walks through it."""
    level = [values]
    for _ in range(DEEPEST):
        inner = ((one.values() if isinstance(one, dict) else one) for one in level if isinstance(one, (dict, list)))
        level = [each for one in inner for each in one]
    return bool(level)


def usable(values: Values) -> Values:
    """The values, if helm can read each file as often as it is run. Raises UsageError."""
    given = [("--values", file, "COMMAND | heimdall-pr … --values -") for file in values.files if file != STDIN]
    sets = (
        pair.partition("=")[2] for kind, text in values.sets if kind == "set-file" for pair in mask.PAIRS.split(text)
    )
    given += [("--set-file", file, "a file") for file in sets]
    for flag, file, fix in given:
        if os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file):
            raise UsageError(f"{flag} {file} is no file but a pipe or a device, which can be read once", fix)
    return values


def hidden(
    values: Values, merged: Mapping[str, object], chart: str, contracts: Sequence[str] = ()
) -> Iterator[mask.Hidden]:
    """What helm's messages about a chart with these values may not show; read only if there is a message.

    Names that contract files have are known; a file that can't be read is reported later.
    """
    from post_renderer.adapters import chart_files

    asked = _names(contracts)
    named = chart_files.words(chart) | asked
    users = (*mask.in_values(merged), *raw(values))
    yield from (_beside(each, named) for each in users if not (each.name and each.text in named))
    yield from (mask.Hidden(name, known=True) for name in asked)
    for content in chart_files.contents(chart):
        yield from (each for each in mask.in_file(content) if each.sure)  # a chart's own words stay


def _beside(each: mask.Hidden, named: frozenset[str]) -> mask.Hidden:
    """A key's name with those that the chart has."""
    return each._replace(words=named) if each.name else each


def _names(wanted: Sequence[str]) -> frozenset[str]:
    """The names of Secrets and of keys in contract files."""
    from post_renderer.adapters import contracts

    with suppress(UserError):
        found = contracts.load(wanted) if wanted else ()
        return frozenset(name for each in found for name in (each.secret, *each.required, *each.terms.specs) if name)
    return frozenset()


def raw(values: Values) -> Iterator[mask.Hidden]:
    """What no message may show of the files and --set's as they were given."""
    for file, content in contents(values).items():
        yield from mask.in_file(content)
        yield from _misplaced(file)
    for kind, text in values.sets:
        yield from mask.in_set(kind, text)
        if kind == "set-file":
            yield from _set_file(text)


def contents(values: Values) -> dict[str, bytes]:
    """What is in the values files that can be read; helm itself says what is wrong with the others."""
    return {file: values.stdin if file == STDIN else _read(file) for file in values.files}


def _set_file(text: str) -> Iterator[mask.Hidden]:
    for pair in mask.PAIRS.split(text):
        file = pair.partition("=")[2]
        yield mask.Hidden(_read(file).decode(errors="replace"))
        yield from _misplaced(file)


def _misplaced(text: str) -> Iterator[mask.Hidden]:
    """What no message may show of a text in the place of a path: helm repeats a path that it can't open."""
    if not is_path(text):
        yield from mask.in_file(text.encode(errors="replace"))
        yield mask.Hidden(text, whole=True)


def _read(path: str) -> bytes:
    """The start of a file; empty if it can't be read, as helm itself says why."""
    try:
        found = disk.read(path, SIZE)
    except (OSError, ValueError):
        return b""
    return found.data if found else b""


def _throwaway(folder: Path) -> str:
    """A chart that renders nothing but the values it is given, as JSON in one line."""
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: values\nversion: 0.0.0\n")
    (folder / "templates" / "values.yaml").write_text('{"values":{{ toJson .Values }}}\n')
    return str(folder)
