"""docs/contract.md does what it says, and names every field."""

import os
from pathlib import Path

from post_renderer.model.terms import KINDS
from post_renderer.requirements import contract_schema, terms
from tests.corpus.applications import APPLICATIONS, table
from tests.helms import HELM_PR
from tests.readme import runner
from tests.support import ROOT

PAGE = (ROOT / "docs" / "contract.md").read_text()


def test_its_commands(tmp_path: Path) -> None:
    env = {"PATH": os.pathsep.join([str(HELM_PR.parent), os.environ["PATH"]]), "HOME": str(tmp_path)}
    assert runner.run(runner.parse(PAGE), {"helm4"}, tmp_path, env) == 5


def test_it_names_every_field() -> None:
    names = {*contract_schema.FIELDS, *contract_schema.KEY_FIELDS, *terms.EXPECTED, *KINDS}
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_its_table() -> None:
    assert APPLICATIONS
    assert table() in PAGE
