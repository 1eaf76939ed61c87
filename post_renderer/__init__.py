"""heimdall-pr: the Helm post-renderer that lets no Heimdall be installed without its secrets."""

from __future__ import annotations

__version__ = "0.3.0"
