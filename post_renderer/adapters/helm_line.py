"""The command line of the Helm that runs us: it passes a post-renderer none of its flags."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from post_renderer.adapters.helm4 import channel

GLUED = re.compile("(?:--namespace=|-n=?)(.+)", re.DOTALL)
# Flags whose value may look like a flag.
TEXTS = ("--post-renderer-args", "--description", "--set", "--set-string", "--set-json", "--set-literal", "--set-file")


def words() -> list[str]:
    """The words of the parent's command line, without its program; none if the parent is no Helm."""
    if not channel.parent_is_helm():
        return []
    try:
        with open(f"/proc/{os.getppid()}/cmdline", "rb") as file:
            return file.read().decode(errors="replace").split("\0")[1:]
    except OSError:
        return []


def namespace(line: Sequence[str], environ: Mapping[str, str]) -> str:
    """The namespace that a command line of Helm names, or its variable; empty if only Helm's kubeconfig knows it."""
    flags = [word for before, word in zip(("", *line), line, strict=False) if before not in TEXTS]
    found = [_value(*pair) for pair in zip(("", *flags), flags, strict=False)]
    named = [text for text in found if text]
    return named[-1] if named else environ.get("HELM_NAMESPACE", "") if line else ""


def _value(before: str, word: str) -> str:
    """The value of the flag, in the spellings of https://pkg.go.dev/github.com/spf13/pflag."""
    if before in ("--namespace", "-n"):
        return word
    found = GLUED.fullmatch(word)
    return found[1] if found else ""
