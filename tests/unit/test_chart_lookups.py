"""What the chart's templates ask of a cluster: each question needs a right of the user."""

import re

from tests.support import CHART

COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", re.DOTALL)
LOOKUP = re.compile(r"(?<!\w)lookup\s+(\S+)\s+(\S+)")
# README.md of the chart, "Rights", names what goes beyond what Helm reads anyway.
KINDS = {'"ConfigMap"', '"PersistentVolumeClaim"', '"Secret"', '"ServiceAccount"', '"StatefulSet"'}


def lookups() -> list[tuple[str, str]]:
    """Each call in a template: the file's name and the kind."""
    paths = [path for path in CHART.rglob("templates/**/*") if path.is_file()]
    texts = {path.name: COMMENT.sub("", path.read_text()) for path in paths}
    return [(name, kind) for name, text in texts.items() for _, kind in LOOKUP.findall(text)]


def test_one_template_looks_up_secrets() -> None:
    """It honours heimdall.verifyExisting. A user who may not read Secrets must be able to use the chart."""
    assert [name for name, kind in lookups() if kind == '"Secret"'] == ["_lookup.tpl"]


def test_kinds_are_written_out() -> None:
    """A kind in a variable could be Secret."""
    assert {kind for _, kind in lookups()} == KINDS
