"""Ways to a person past Helm 4, which drops a post-renderer's standard error."""

from __future__ import annotations

import os
import stat

# Helm 4 prints a block scalar that is in the place of a manifest; the document after it is no YAML, so that a Helm
# that puts up with the scalar still fails, and never applies an empty stream.
BROKEN = "---\n: [\n"


def refusal(report: str) -> bytes:
    """The output that makes Helm 4 fail and print the report, which must hold no control characters."""
    lines = (f"  {line}".rstrip() for line in report.rstrip("\n").split("\n"))
    return ("|\n" + "\n".join(lines) + "\n" + BROKEN).encode(errors="backslashreplace")


def parent_is_helm() -> bool:
    """Whether Helm itself started this process, as far as /proc tells."""
    try:
        return os.path.basename(os.readlink(f"/proc/{os.getppid()}/exe")).startswith("helm")
    except OSError:
        return False


def open_parent() -> int | None:
    """A descriptor for Helm's own standard error, if a terminal or a pipe; a plain file would be overwritten."""
    try:
        descriptor = os.open(f"/proc/{os.getppid()}/fd/2", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) or os.isatty(descriptor):
        return descriptor
    os.close(descriptor)
    return None
