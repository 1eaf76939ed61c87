"""What was fetched from outside because a plan named it."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.finding import Finding
from post_renderer.model.record import NamedTuple


class FileFact(NamedTuple):
    """What reading a secrets file gave: its `path` as a person opens it, its bytes, or findings that say why not."""

    path: str
    content: bytes | None
    findings: tuple[Finding, ...] = ()
    encrypted: bool = False  # on disk; what is here is plaintext


class LiveFact(NamedTuple):
    """What asking a cluster for a Secret gave: its values by key, or findings that say why not."""

    values: Mapping[str, bytes] | None
    findings: tuple[Finding, ...] = ()
    absent: bool = False


class Facts(NamedTuple):
    """What the edge fetched because the plan named it: files by path, variables by name, live Secrets by both names.

    `setter` is where variables are set, if that is not a shell.
    """

    files: Mapping[str, FileFact] = {}
    environ: Mapping[str, bytes] = {}
    live: Mapping[tuple[str, str], LiveFact] = {}
    setter: str = ""
