"""What MkDocs calls while it builds the site: it adds the chart's page, and leads out of docs/ to the repository."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from tools import release

ROOT = Path(__file__).parents[1]
CHART, PAGE = "charts/heimdall/README.md", "chart.md"
OUT = re.compile(r"\]\(\.\./([^)#]+)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The address, which is in pyproject.toml alone."""
    config.repo_url = release.address()
    config.repo_name = config.repo_url.partition("//")[2].partition("/")[2]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The chart's README is a page too."""
    text = (ROOT / CHART).read_text(encoding="utf-8").replace("](../../docs/", "](")
    files.append(File.generated(config, PAGE, content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """A link to a file that is not in docs/ leads to the repository; one to nothing stays, and fails the build."""
    return OUT.sub(_in_repository, markdown)


def _in_repository(found: re.Match[str]) -> str:
    if found[1] == CHART:
        return f"]({PAGE}"
    return f"]({release.address()}/blob/main/{found[1]}" if (ROOT / found[1]).exists() else found[0]
