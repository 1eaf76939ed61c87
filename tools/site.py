"""What MkDocs calls while it builds the site: it adds pages from outside of docs/, and leads to the repository."""

import os
import re
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from tools import release

ROOT = Path(__file__).parents[1]
PAGES = {"charts/heimdall/README.md": "chart.md", "ARCHITECTURE.md": "architecture.md"}
OUT = re.compile(r"\]\(\.\./([^)#]+)")
LINK = re.compile(r"\]\((?!\w+:|#)([^)#]+)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The address, which is in pyproject.toml alone."""
    config.repo_url = release.address()
    config.repo_name = config.repo_url.partition("//")[2].partition("/")[2]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The chart's README and the architecture are pages too; their links are written as from docs/."""
    for source, page in PAGES.items():
        text = LINK.sub(partial(_from_docs, source), (ROOT / source).read_text(encoding="utf-8"))
        files.append(File.generated(config, page, content=text))
    return files


def _from_docs(source: str, found: re.Match[str]) -> str:
    """A relative link of a file of the repository, as a page of docs/ writes it."""
    target = (ROOT / source).parent / found[1]
    return f"]({os.path.relpath(target, ROOT / 'docs')}"


def on_page_markdown(markdown: str, **_: object) -> str:
    """A link to a file that is not in docs/ leads to the repository; one to nothing stays, and fails the build."""
    return OUT.sub(_in_repository, markdown)


def _in_repository(found: re.Match[str]) -> str:
    if found[1] in PAGES:
        return f"]({PAGES[found[1]]}"
    return f"]({release.address()}/blob/main/{found[1]}" if (ROOT / found[1]).exists() else found[0]
