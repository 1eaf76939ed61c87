"""What MkDocs calls while it builds the site: it adds pages from outside of docs/, and leads to the repository."""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from post_renderer import __version__
from tools import release

ROOT = Path(__file__).parents[1]
PAGES = {"charts/heimdall/README.md": "chart.md", "ARCHITECTURE.md": "architecture.md"}
STYLE = "site.css"
OUT = re.compile(r"\]\(\.\./([^)#]+)")
LINK = re.compile(r"\]\((?!\w+:|#)([^)#]+)")
NAMED = re.compile(r"\[([a-z-]+\.md)(?=\]\(\1[)#])")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The address, which is in pyproject.toml alone, and the version.

    The site has one version, the newest release's. A menu of versions needs a second tool (mike), and a branch with all
    that was ever built; the repository has the pages of each version at its tag.
    """
    config.repo_url = release.address()
    config.repo_name = config.repo_url.partition("//")[2].partition("/")[2]
    config.site_name = f"{config.site_name} {__version__}"
    config.copyright = f'heimdall-pr {__version__}. <a href="{config.repo_url}/tags">Other versions</a>'
    config.extra_css.append(STYLE)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The chart's README and the architecture are pages too; their links are written as from docs/."""
    for source, page in PAGES.items():
        text = LINK.sub(partial(_from_docs, source), (ROOT / source).read_text(encoding="utf-8"))
        files.append(File.generated(config, page, content=text))
    style = (ROOT / "tools" / STYLE).read_text(encoding="utf-8")
    files.append(File.generated(config, STYLE, content=style))
    return files


def _from_docs(source: str, found: re.Match[str]) -> str:
    """A relative link of a file of the repository, as a page of docs/ writes it."""
    target = (ROOT / source).parent / found[1]
    return f"]({os.path.relpath(target, ROOT / 'docs')}"


def on_page_markdown(markdown: str, config: MkDocsConfig, **_: object) -> str:
    """A link to a file that is not in docs/ leads to the repository; one to nothing stays, and fails the build.

    A link that is called like its file, which helps in a clone, is called like its page.
    """
    titles = dict(_titles(config.nav))
    named = NAMED.sub(lambda found: f"[{titles.get(found[1], found[1])}", markdown)
    return OUT.sub(_in_repository, named)


def _titles(nav: object) -> Iterator[tuple[str, str]]:
    """Each page of the menu with its title."""
    if isinstance(nav, list):
        for each in nav:
            yield from _titles(each)
    elif isinstance(nav, dict):
        for title, below in nav.items():
            if isinstance(below, str):
                yield below, title
            else:
                yield from _titles(below)


def _in_repository(found: re.Match[str]) -> str:
    if found[1] in PAGES:
        return f"]({PAGES[found[1]]}"
    return f"]({release.address()}/blob/main/{found[1]}" if (ROOT / found[1]).exists() else found[0]
