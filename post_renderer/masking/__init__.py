"""Hides secrets in other programs' messages."""
