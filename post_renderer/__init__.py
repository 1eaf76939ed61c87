"""heimdall-pr: the Helm post-renderer that lets no Heimdall be installed without its secrets."""

__version__ = "0.1.0"
