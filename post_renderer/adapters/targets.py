"""Finds out if a command's targets are a chart or rendered manifests, and reads those as one stream."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from post_renderer.adapters import streams
from post_renderer.document import stream
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.finding import Place
from post_renderer.model.fix import Ways, command, operand
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy

STDIN = "-"
NO_SOURCES = ("node_modules", "venv", "__pycache__")  # folders of other people's files
SUFFIXES = (".yaml", ".yml", ".json")
PACKAGES = (".tgz", ".tar.gz")
MOST_CHARTS = 20  # that a message names
MOST_FOLDERS = 10_000  # that are looked through for them
REFERENCE = re.compile(r"[\w.-]+/[\w.-]+")  # a chart of a repository that helm knows: REPO/CHART


class Manifests(NamedTuple):
    """Rendered manifests as one stream, and the line, from 1, and byte at which each of the `files` starts and ends."""

    data: bytes
    files: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def where(self, where: Place) -> Place:
        """Give the place by file and line instead of by a line of the stream."""
        if where.file or not where.line or not self.files:
            return where
        index = bisect_right(self.starts, where.line) - 1
        if index < 0 or self.files[index] == STDIN:
            return where
        return where._replace(file=self.files[index], line=where.line - self.starts[index] + 1)


def chart(targets: Sequence[str], repository: str = "") -> str:
    """The chart among the targets, with a repository the first of them; empty if all are manifests.

    Raises UsageError if there are two charts, or a typo.
    """
    for target in () if repository else targets:
        _refuse_typo(target)
        _refuse_folder_of_charts(target)
    charts = [target for target in targets if is_chart(target)]
    if repository and targets[0] not in charts:
        charts.insert(0, targets[0])
    if len(charts) > 1:
        first, second = map(shown, charts[:2])
        message = f"{first} and {second} are charts: one chart is checked at a time, with manifests beside it"
        raise UsageError(message, "heimdall-pr check, once for each of them")
    return charts[0] if charts else ""


def meant(path: str) -> str:
    """The file or folder beside a path that is not there which has nearly its name; empty if there is none."""
    folder, name = os.path.split(path.rstrip("/"))
    try:
        near = policy.closest(name, tuple(sorted(os.listdir(folder or os.curdir)))[:MOST_FOLDERS]) if name else None
    except (OSError, ValueError):
        return ""
    return os.path.join(folder, near) if near else ""


def charts_in(folder: str) -> list[str]:
    """The charts in the folders below a folder, without their subcharts, sorted; at most 20."""
    found: list[str] = []
    for number, (path, folders, files) in enumerate(os.walk(folder)):
        if number > MOST_FOLDERS or len(found) == MOST_CHARTS:
            break
        if "Chart.yaml" in files:
            found.append(os.path.normpath(path))
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NO_SOURCES)
    return sorted(found)


def is_chart(target: str) -> bool:
    """Whether a target is a chart: a folder with a Chart.yaml, a package, or a reference to a remote one."""
    if is_remote(target):
        return True
    return os.path.isfile(os.path.join(target, "Chart.yaml")) or target.endswith(PACKAGES)


def is_remote(target: str) -> bool:
    """Whether a target is no file, but looks like the address of a chart."""
    if "://" in target:
        return True
    is_reference = REFERENCE.fullmatch(target) and not target.endswith((*SUFFIXES, *PACKAGES))
    return bool(is_reference) and not target.startswith(".") and not os.path.lexists(target)


def shown(target: str) -> str:
    """A target as a report may show it: without a login, also if it is an address that has lost its scheme."""
    return mask.without_login(target) if os.path.lexists(target) else mask.target(target)


def read(targets: Sequence[str]) -> Manifests:
    """Read the manifests of files, folders and standard input. Raises UserError."""
    contents = contents_of(targets)
    if len(contents) == 1:
        path, data = contents[0]
        return Manifests(data, (path,), (1,), (len(data),))
    return _joined(contents)


def beside(rendered: bytes, contents: Sequence[tuple[str, bytes]]) -> Manifests:
    """The stream that a chart renders, and after it the manifests of other targets."""
    return _joined([(STDIN, rendered), *contents]) if contents else Manifests(rendered)


def contents_of(targets: Sequence[str]) -> list[tuple[str, bytes]]:
    """Each file of the targets with its bytes. Raises UserError."""
    return [(path, _read(path)) for target in targets for path in _paths(target)]


def _joined(contents: Sequence[tuple[str, bytes]]) -> Manifests:
    """One stream of several files."""
    pieces: list[bytes] = []
    starts, ends = [], [0]
    line = 1
    for _, content in contents:
        piece = content.removeprefix(stream.BOM)
        piece += b"" if piece.endswith(b"\n") else b"\n"
        starts.append(line + 1)
        pieces.append(b"---\n" + piece)
        line += pieces[-1].count(b"\n")
        ends.append(ends[-1] + len(pieces[-1]))
    return Manifests(b"".join(pieces), tuple(path for path, _ in contents), tuple(starts), tuple(ends[1:]))


def _refuse_typo(target: str) -> None:
    """Refuse a path that is not there and nearly one that is; `charts/heimdal` looks like a remote REPO/NAME, too."""
    if target == STDIN or "://" in target or "\0" in target or os.path.lexists(target):
        return
    near = meant(target)
    if near and (os.path.isdir(near) or near.endswith((*SUFFIXES, *PACKAGES))):
        name = shown(target)
        message = f"{name}: there is no such file or folder: did you mean {near}?"
        raise UsageError(message, f"write {near} instead of {name}")


def _refuse_folder_of_charts(target: str) -> None:
    """Refuse a folder that holds charts: their templates are no manifests."""
    if target == STDIN or not os.path.isdir(target) or is_chart(target):
        return
    if charts := charts_in(target):
        fix = Ways(tuple(command("heimdall-pr", "check", operand(chart)) for chart in charts))
        raise UsageError(f"{target} is no chart; it has {', '.join(charts)}", fix)


def _paths(target: str) -> Iterator[str]:
    """The file itself, or those in a folder and the folders below it."""
    if target == STDIN or not os.path.isdir(target):
        yield target
        return
    found = sorted(path for path in Path(target).rglob("*") if path.suffix in SUFFIXES and path.is_file())
    if not found:
        raise UserError(
            f"{target} has no Chart.yaml, and no manifests: {', '.join(SUFFIXES)}", command("ls", "-R", operand(target))
        )
    yield from map(str, found)


def _read(path: str) -> bytes:
    if path == STDIN:
        return streams.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except ValueError:
        raise UsageError("a target's name holds a NUL byte", "name it without that byte: no file has one") from None
    except OSError as error:
        fix = "a chart's folder, a package, a manifest, a folder of manifests, or - for standard input"
        raise UserError(f"{mask.target(path)}: {os.strerror(error.errno or 0)}", fix) from None
