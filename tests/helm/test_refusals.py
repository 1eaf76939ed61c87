"""The refusals as one table: each key, missing, empty or a placeholder, by each approach, under both majors of Helm."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helms import Helm
from tests.support import (
    FILE,
    FROM_ENVIRONMENT,
    KEYS,
    RECIPES,
    Desk,
    Done,
    documents,
    held,
    inline,
    merged,
    parent,
    refused,
    shipped,
)

FAULTS: dict[str, str | None] = {"missing": None, "empty": "", "placeholder": "CHANGE_ME"}
LEFT_OUT = "API_KEY_SECRET"
GENERATE = f"heimdall-pr generate {FILE}"


def by_files(desk: Desk, key: str, value: str | None) -> Done:
    return desk.template(desk.file(merged(desk.secrets, **{key: value})))


def by_inline(desk: Desk, key: str, value: str | None) -> Done:
    return desk.template(inline(merged(desk.secrets, **{key: value})))


def by_environment(desk: Desk, key: str, value: str | None) -> Done:
    return desk.template(inline(FROM_ENVIRONMENT), env=merged(desk.secrets, **{key: value}))


def in_the_stream(desk: Desk, key: str, value: str | None) -> Done:
    return desk.template(shipped(merged(desk.secrets, **{key: value})), chart=parent(desk.folder))


Render = Callable[[Desk, str, str | None], Done]
SHIPPED = r"Secret default/heimdall-production-secrets, line \d+ of the stream"
IN_FILE = rf"{re.escape(FILE)}:<line>, heimdall\.secretsFiles\[0\]"
IN_ENVIRONMENT = r"heimdall\.secrets\.<key>, environment variable <key>"
EXPORT = r'export <key>="\$\(<recipe>\)", if this is the first install; else .+'
UNSET = "<key> is missing: the environment variable <key> is not set or empty"
# The chart itself refuses what is inline and known to it, in a line of its own style; all the others are the tool's.
CHART = r"heimdall\.secrets: <key> is <fault>; expected: \d+ characters, <recipe>"
CHART_PLACEHOLDER = CHART.replace("<fault>", "a placeholder or a value printed in public documentation")


class Row(NamedTuple):
    """A way to give the secrets with one fault in them, and what the report says of it: patterns, for any key."""

    approach: str
    render: Render
    fault: str
    what: str
    where: str
    fix: str


TABLE = [
    Row(
        "files",
        by_files,
        "missing",
        "<key> is missing",
        r"env/heimdall-secrets\.yaml, heimdall\.secretsFiles\[0\]",
        re.escape(GENERATE),
    ),
    Row("files", by_files, "empty", "<key> is empty", IN_FILE, re.escape(GENERATE)),
    Row("files", by_files, "placeholder", "<key> is a placeholder", IN_FILE, f"heimdall-pr rotate {FILE} <key>"),
    Row("inline", by_inline, "missing", CHART, "", ""),
    Row("inline", by_inline, "empty", CHART, "", ""),
    Row("inline", by_inline, "placeholder", CHART_PLACEHOLDER, "", ""),
    Row("environment", by_environment, "missing", UNSET, IN_ENVIRONMENT, EXPORT),
    Row("environment", by_environment, "empty", UNSET, IN_ENVIRONMENT, EXPORT),
    Row("environment", by_environment, "placeholder", "<key> is a placeholder", IN_ENVIRONMENT, "<recipe>"),
    Row("stream", in_the_stream, "missing", "<key> is missing", SHIPPED, "<recipe>"),
    Row("stream", in_the_stream, "empty", "<key> is empty", SHIPPED, "<recipe>"),
    Row("stream", in_the_stream, "placeholder", "<key> is a placeholder", SHIPPED, "<recipe>"),
]


def filled(pattern: str, key: str, fault: str) -> str:
    """An expected part for one key."""
    line = str(KEYS.index(key) + 1)
    parts = {"<key>": key, "<fault>": fault, "<recipe>": re.escape(RECIPES[key]), "<line>": line}
    for token, part in parts.items():
        pattern = pattern.replace(token, part)
    return pattern


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("row", TABLE, ids=[f"{row.approach}-{row.fault}" for row in TABLE])
def test_refused(helm: Helm, tmp_path: Path, row: Row, key: str) -> None:
    """Helm fails, and the message names the key, the place and the fix, each where it belongs."""
    done = refused(row.render(Desk(helm, tmp_path / "desk"), key, FAULTS[row.fault]))
    place = rf".*\n +where +{row.where}\n +expected +.+\n +fix +{row.fix}\n" if row.where else ""
    assert re.search(filled(row.what + place, key, row.fault), done.stderr), done.stderr
    assert [other for other in KEYS if other != key and f"{other} is" in done.stderr] == []


@pytest.mark.parametrize(
    ("name", "render", "fix"),
    [
        ("files", by_files, GENERATE),
        ("inline", by_inline, RECIPES[LEFT_OUT]),
        ("environment", by_environment, RECIPES[LEFT_OUT]),
        ("stream", in_the_stream, RECIPES[LEFT_OUT]),
    ],
    ids=["files", "inline", "environment", "stream"],
)
def test_every_helm(every_helm: Helm, tmp_path: Path, name: str, render: Render, fix: str) -> None:
    """Each pinned Helm refuses what lacks a key, and accepts what is whole."""
    refused(render(Desk(every_helm, tmp_path / "bad"), LEFT_OUT, None), f"{LEFT_OUT} is missing", fix)
    good = Desk(every_helm, tmp_path / "good")
    whole = documents(render(good, LEFT_OUT, good.secrets[LEFT_OUT]))
    assert held(whole, "heimdall-production-secrets" if name == "stream" else "r-heimdall-secrets") == good.secrets
    assert not [each for each in whole if each["kind"] == "NeedsPostRenderer"]
