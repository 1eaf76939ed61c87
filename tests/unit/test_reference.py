"""The page of commands and the manual page: everything that a person can type is in them."""

import re
import subprocess

import pytest

from post_renderer.adapters import own_variables
from post_renderer.cli import COMMANDS
from post_renderer.model.options import OPTIONS
from tests.support import ROOT
from tools import generate_reference

PAGES = {page.name: page for page in generate_reference.pages()}


def test_every_command_is_there() -> None:
    assert {name.split()[0] for name in PAGES if name} == set(COMMANDS)
    text = generate_reference.markdown()
    assert all(f"\n## heimdall-pr {name}\n" in text for name in PAGES if name)


def test_every_option_and_variable_is_there() -> None:
    words = " ".join(row.words for row in PAGES[""].rows)
    assert all(option.flag in words for option in OPTIONS)
    for text in (generate_reference.markdown(), generate_reference.manual().replace("\\-", "-")):
        assert sorted(name for name in own_variables.known() if not re.search(rf"\b{name}\b", text)) == []


def test_no_cell_ends_early() -> None:
    """A choice such as `yaml|json` is no border of a table."""
    rows = [line for line in generate_reference.markdown().splitlines() if line.startswith("| `-")]
    assert rows and all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


@pytest.mark.needs("groff")
def test_the_manual_page_is_one() -> None:
    words = ["groff", "-man", "-ww", "-Tutf8", str(ROOT / "man/heimdall-pr.1")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    about_lines = ("can't break line", "cannot adjust line")  # a word is longer than a line
    assert not [line for line in done.stderr.splitlines() if not line.endswith(about_lines)]
    assert "HEIMDALL-PR(1)" in done.stdout


def test_the_manual_page_is_ascii_and_no_text_is_a_request() -> None:
    text = generate_reference.manual()
    assert text.isascii()
    requests = {line.split()[0] for line in text.splitlines() if line.startswith((".", "'"))}
    assert requests <= {'.\\"', ".TH", ".SH", ".SS", ".B", ".BR", ".RB", ".br", ".PP", ".TP", ".EX", ".EE"}
