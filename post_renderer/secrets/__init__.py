"""Secrets files: reading, SOPS, generation, output formats."""
