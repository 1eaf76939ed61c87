"""Reads what a chart holds: subcharts' values, files that its templates may read, and the words of its templates."""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

from post_renderer.adapters.files import LIMIT, fetch_own
from post_renderer.model.errors import UserError

SUFFIXES = (".yaml", ".yml", ".json", ".env")
ABOUT = ("Chart.yaml", "values.schema.json")
WORD = re.compile(rb"[A-Za-z0-9][-._A-Za-z0-9]*")
OTHERS = {"templates", "ci"}  # folders; the second one's values are for tests of the chart


def contents(chart: str) -> Iterator[bytes]:
    """The contents of a folder's or a package's files, and of packages in a folder; what can't be read is left out."""
    return _files(chart, _is_data)


def words(chart: str) -> frozenset[str]:
    """The words of the templates: what the chart's author wrote is no secret of the user's."""
    return frozenset(word.decode() for content in _files(chart, _is_template) for word in WORD.findall(content))


def _files(chart: str, is_wanted: Callable[[Path], bool]) -> Iterator[bytes]:
    paths = sorted(Path(chart).rglob("*")) if os.path.isdir(chart) else [Path(chart)]
    for path in paths:
        if path.suffix == ".tgz" and path.is_file():  # a pipe would be waited for
            yield from _packed(path, is_wanted)
        elif is_wanted(path.relative_to(chart)):
            try:
                yield fetch_own(str(path))
            except UserError:
                continue


def _packed(package: Path, is_wanted: Callable[[Path], bool]) -> Iterator[bytes]:
    try:
        with tarfile.open(package) as files:
            for member in files:
                file = files.extractfile(member) if member.size <= LIMIT and is_wanted(Path(member.name)) else None
                if file:
                    yield file.read()
    except (OSError, tarfile.TarError, EOFError, ValueError):
        return


def _is_data(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.name not in ABOUT and not OTHERS.intersection(path.parts)


def _is_template(path: Path) -> bool:
    return "templates" in path.parts and path.suffix in (*SUFFIXES, ".tpl") and ".generated." not in path.name
