"""The pictures of the README: of a real run, and still what the tool says."""

import html
import re

import pytest

from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.report import Judged, Report
from post_renderer.report import text
from tests.support import ROOT
from tools import pictures

FILE = "env/heimdall-secrets.yaml"


def lines(theme: str) -> list[str]:
    svg = (ROOT / f"docs/pictures/install-{theme}.svg").read_text()
    rows: dict[str, str] = {}
    for at, part in re.findall(r'<text class="heimdall-pr-r\d+" x="[\d.]+" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        rows[at] = rows.get(at, "") + html.unescape(part).replace("\xa0", " ")
    return [row.rstrip() for row in rows.values()]


@pytest.mark.parametrize("theme", pictures.THEMES)
def test_it_shows_a_refusal_as_the_tool_makes_it_and_an_install(theme: str) -> None:
    place = Place(file=FILE, values="heimdall.secretsFiles[0]")
    found = Finding(
        ERROR, "missing-key", place, "API_KEY_SECRET is missing", "66 characters", f"heimdall-pr generate {FILE}"
    )
    judged = Judged("Secret x", "heimdall.secretsFiles", True, 4, (FILE,))
    report = text.render(Report((found,), (judged,), documents=10))
    shown = lines(theme)
    assert [line for line in report.splitlines() if line and line not in shown] == []
    assert "STATUS: deployed" in shown
    assert [line for line in shown if line.startswith("$ ")] == [f"$ {command}" for command, _ in pictures.SHOWN]


@pytest.mark.parametrize("theme", pictures.THEMES)
def test_it_loads_nothing_and_names_no_machine(theme: str) -> None:
    svg = (ROOT / f"docs/pictures/install-{theme}.svg").read_text()
    assert "url(http" not in svg and "@import" not in svg and "href=" not in svg
    assert not re.search(r"/(?:home|root|tmp)/", html.unescape(svg))
