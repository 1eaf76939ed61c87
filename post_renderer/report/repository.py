"""Paths as CI services want them: relative to the root of the checkout."""

from __future__ import annotations

import os
from collections.abc import Mapping

ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def root(environ: Mapping[str, str]) -> str:
    """The root of the checkout in a job of GitHub or GitLab; otherwise the working directory."""
    found = next((environ[name] for name in ROOTS if environ.get(name)), os.getcwd())
    return os.path.realpath(found)


def relative(path: str, folder: str) -> str:
    """A path relative to that folder; a path outside it is returned as given."""
    real = os.path.join(os.path.realpath(os.path.dirname(path) or os.curdir), os.path.basename(path))
    return os.path.relpath(real, folder) if real.startswith(folder.rstrip("/") + "/") else path
