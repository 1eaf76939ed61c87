"""What the formats share: what is asked for, and the refusal of a file."""

from __future__ import annotations

from collections.abc import Sequence

from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding
from post_renderer.model.fix import Fix
from post_renderer.model.record import NamedTuple

HEADER = "# Heimdall's secrets. Never commit this file; keep it readable by its owner alone (chmod 600).\n"
SECRET_NAME = "heimdall-production-secrets"


class Target(NamedTuple):
    """The file's path as it was given, and the Secret's name and namespace if they were."""

    path: str
    name: str = ""
    namespace: str = ""


def refusal(target: Target, problem: str, fix: Fix, details: Sequence[Finding] = ()) -> UserError:
    """The file is none that can be completed."""
    return UserError(f"{target.path} {problem}; it was left as it is", fix, details)
