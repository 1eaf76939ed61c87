"""The address of a rule's page: of the documentation that belongs to this very installation."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from post_renderer.model.arguments import DOCS_URL
from post_renderer.model.errors import UsageError

PAGE = "rules.md"  # each rule has a heading of its name there
ADDRESS = re.compile(r"https?://[\w.:-]+(/[\w.~%+@-]+)*/?", re.ASCII)


def docs(given: str) -> str:
    """The address of the folder `docs`, as given or as pip knows it; empty if it is not known. Raises UsageError."""
    if given and not ADDRESS.fullmatch(given):
        raise UsageError(f"{DOCS_URL.flag} is no address", f"{DOCS_URL.flag} https://HOST/PATH/docs")
    return (given or _of_installation()).rstrip("/")


def of_rule(folder: str, rule: str) -> str:
    """The address of a rule's page; empty if that of the documentation is not known."""
    return f"{folder}/{PAGE}#{rule}" if folder else ""


def of_source(record: str) -> str:
    """The documentation at the commit that pip installed.

    Args:
        record: What pip writes down (https://packaging.python.org/en/latest/specifications/direct-url/), or nothing.

    Returns:
        Its address; empty if pip installed no commit of a repository that https reaches.
    """
    import json

    found = json.loads(record or "{}")
    commit = str(found.get("vcs_info", {}).get("commit_id", ""))
    source = urlsplit(str(found.get("url", "")))
    address = f"https://{source.hostname}{source.path.removesuffix('.git')}/blob/{commit}/docs"
    return address if commit and source.scheme == "https" and ADDRESS.fullmatch(address) else ""


def _of_installation() -> str:
    from importlib import metadata

    try:
        return of_source(metadata.distribution("heimdall-pr").read_text("direct_url.json") or "")
    except (metadata.PackageNotFoundError, ValueError):
        return ""
