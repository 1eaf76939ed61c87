"""The documentation as a site: every link leads somewhere, and what is generated is complete."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer import __version__
from tests.support import ROOT
from tools import release

pytestmark = pytest.mark.xdist_group("dist")

SOURCES = ("mkdocs.yml", "docs", "tools/site.py", "tools/site.css", "charts/heimdall/README.md", "ARCHITECTURE.md")


def build(source: Path, target: Path) -> "subprocess.CompletedProcess[str]":
    """Run what `make site` runs, on another tree."""
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(source / "mkdocs.yml")]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [*command, "--site-dir", str(target)], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built site."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page(site: Path) -> None:
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"README"} | {"chart", "architecture"}
    assert [name for name in sorted(pages) if not (site / name / "index.html").is_file()] == []
    assert (site / "search").is_dir()
    assert "heimdall.existingSecret" in (site / "chart" / "index.html").read_text()


def test_what_is_not_a_page_is_in_the_repository(site: Path) -> None:
    found = set(re.findall(rf'href="{release.address()}/blob/main/([^"#]+)', (site / "index.html").read_text()))
    assert {"README.md", "SECURITY.md"} <= found
    assert [name for name in found if not (ROOT / name).is_file()] == []
    assert all(f'href="{page}/"' in (site / "index.html").read_text() for page in ("chart", "architecture"))


def test_the_menu_is_by_what_a_reader_wants(site: Path) -> None:
    """As docs/README.md: each page in the same part of both."""
    index = (ROOT / "docs/README.md").read_text().replace("../charts/heimdall/README", "chart")
    parts = re.split(r"^## (.+): .+$", index.replace("../ARCHITECTURE", "architecture"), flags=re.MULTILINE)[1:]
    shown = {part: set(re.findall(r"\]\(([\w-]+\.md)", text)) for part, text in zip(parts[::2], parts[1::2], strict=True)}
    nav = yaml.load((ROOT / "mkdocs.yml").read_text(), Loader=yaml.BaseLoader)["nav"]  # noqa: S506  # strings alone
    menu = {name: set(_pages(below)) for each in nav for name, below in each.items() if name != "Start"}
    assert menu == shown
    assert list(menu) == ["Tutorial", "How-to", "Reference", "Explanation"]


def _pages(below: Any) -> Iterator[str]:  # noqa: ANN401  # any YAML
    """The pages of a menu at any depth."""
    if isinstance(below, str):
        yield below
    for each in below.values() if isinstance(below, dict) else below if isinstance(below, list) else ():
        yield from _pages(each)


def test_nothing_is_loaded_from_other_sites(site: Path) -> None:
    loaded = r'<(?:script|img|iframe)[^>]* src="(?!data:)([^"]+)"|<link[^>]* rel="stylesheet"[^>]* href="([^"]+)"'
    found = {"".join(each) for path in site.rglob("*.html") for each in re.findall(loaded, path.read_text())}
    assert found
    assert [address for address in found if "//" in address] == []


def test_the_repository(site: Path) -> None:
    assert f'href="{release.address()}"' in (site / "index.html").read_text()


def test_the_version(site: Path) -> None:
    """In the header, and where the others are."""
    page = (site / "gate" / "index.html").read_text()
    assert f"heimdall-pr {__version__}" in re.sub(r"<[^>]*>", "", page.partition("</header>")[0].partition("<header")[2])
    assert f'<a href="{release.address()}/tags">Other versions</a>' in page


def test_pages_are_called_by_their_titles(site: Path) -> None:
    """Not by their files."""
    named = re.findall(r">([a-z-]+\.md)</a>", "".join(path.read_text() for path in site.rglob("*.html")))
    assert named == []


BROKEN = [
    ("a page", "[x](nowhere.md)", "nowhere.md"),
    ("a file of the repository", "[x](../nowhere.md)", "nowhere.md"),
    ("a heading", "[x](gate.md#nowhere)", "does not contain an anchor '#nowhere'"),
    ("a page that is in no menu", "", "lonely.md"),
]


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_link(tmp_path: Path, text: str, message: str) -> None:
    for name in SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    if text:
        with (tmp_path / "docs" / "glossary.md").open("a") as page:
            page.write(f"\n{text}\n")
    else:
        (tmp_path / "docs" / "lonely.md").write_text("# Lonely\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
