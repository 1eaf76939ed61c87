"""Other people's charts of Heimdall: their shapes, and how each is given its secrets."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import FILE, FIXTURES, KEYS, Values

OLD = dict(zip(KEYS, ("jwtSecret", "apiKeySecret", "databasePassword", "adminPassword"), strict=True))
EXTERNAL: Values = {"postgresql": {"enabled": False}, "externalDatabase": {"host": "db"}}


class Given(NamedTuple):
    """A chart in a folder, and the values that give it some secrets."""

    chart: Path
    values: Values


def released(folder: Path, secrets: Mapping[str, Any]) -> Given:
    """Flat values of their own names."""
    return Given(copied(folder, "foreign-released"), {OLD.get(key, key): value for key, value in secrets.items()})


def next_inline(folder: Path, secrets: Mapping[str, Any]) -> Given:
    return Given(
        copied(folder, "upstream-model"), {**EXTERNAL, "heimdall": {"secretsFiles": [], "secrets": dict(secrets)}}
    )


def next_files(folder: Path, secrets: Mapping[str, Any]) -> Given:
    """A file inside the chart, which it reads by lines."""
    chart = copied(folder, "upstream-model")
    in_chart(chart, secrets)
    return Given(chart, EXTERNAL)


def umbrella_inline(folder: Path, secrets: Mapping[str, Any]) -> Given:
    return Given(umbrella(folder), {"heimdall": next_inline(folder / "unused", secrets).values})


def umbrella_files(folder: Path, secrets: Mapping[str, Any]) -> Given:
    chart = umbrella(folder)
    in_chart(chart / "charts" / "heimdall", secrets)
    return Given(chart, {"heimdall": EXTERNAL})


def umbrella_existing(folder: Path, secrets: Mapping[str, Any]) -> Given:
    """The parent brings the Secret."""
    inner = {**EXTERNAL, "heimdall": {"existingSecret": "production"}}
    return Given(umbrella(folder), {"production": dict(secrets), "heimdall": inner})


def copied(folder: Path, fixture: str) -> Path:
    """A copy of a fixture."""
    return Path(shutil.copytree(FIXTURES / fixture, folder / fixture))


def in_chart(chart: Path, secrets: Mapping[str, Any]) -> None:
    """The secrets file in the chart, as its own line-by-line reader understands it."""
    path = chart / FILE
    path.parent.mkdir()
    path.write_text("".join(f"{key}: {value}\n" for key, value in secrets.items()))


def umbrella(folder: Path, inner: str = "upstream-model") -> Path:
    """The parent chart with somebody's Heimdall in it."""
    chart = copied(folder, "foreign-umbrella")
    shutil.copytree(FIXTURES / inner, chart / "charts" / "heimdall")
    return chart


SHAPES: dict[str, Callable[[Path, Mapping[str, Any]], Given]] = {
    "released, inline": released,
    "next, inline": next_inline,
    "next, files": next_files,
    "umbrella, inline": umbrella_inline,
    "umbrella, files": umbrella_files,
    "umbrella, existing in the stream": umbrella_existing,
}
