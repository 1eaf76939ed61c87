"""Reads what a chart holds besides its templates: subcharts' values, files that its templates may read."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from post_renderer.adapters.files import LIMIT, fetch_own
from post_renderer.model.errors import UserError

SUFFIXES = (".yaml", ".yml", ".json", ".env")
ABOUT = ("Chart.yaml", "values.schema.json")
OTHERS = {"templates", "ci"}  # folders; the second one's values are for tests of the chart


def contents(chart: str) -> Iterator[bytes]:
    """The contents of a folder's or a package's files, and of packages in a folder; what can't be read is left out."""
    paths = sorted(Path(chart).rglob("*")) if os.path.isdir(chart) else [Path(chart)]
    for path in paths:
        if path.suffix == ".tgz" and path.is_file():  # a pipe would be waited for
            yield from _packed(path)
        elif _is_data(path.relative_to(chart)):
            try:
                yield fetch_own(str(path))
            except UserError:
                continue


def _packed(package: Path) -> Iterator[bytes]:
    try:
        with tarfile.open(package) as files:
            for member in files:
                file = files.extractfile(member) if member.size <= LIMIT and _is_data(Path(member.name)) else None
                if file:
                    yield file.read()
    except (OSError, tarfile.TarError, EOFError, ValueError):
        return


def _is_data(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.name not in ABOUT and not OTHERS.intersection(path.parts)
