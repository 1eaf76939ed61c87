"""Fetches environment variables as bytes: an environment need not be UTF-8."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping


def fetch(names: Iterable[str]) -> Mapping[str, bytes]:
    """Fetch those of the variables that are set."""
    return {name: os.environb[name.encode()] for name in names if name.encode() in os.environb}
