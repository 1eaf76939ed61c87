"""`heimdall-pr version`: the version, and what a report of a problem needs besides."""

import platform

from post_renderer import __version__
from post_renderer.adapters import streams
from post_renderer.rules.digest import DIGEST

EXAMPLES = """Examples:

heimdall-pr version

heimdall-pr --version prints the first line alone.
"""


def version() -> None:
    """Print the version, the digest of its rules (as in a chart's contract), and the Python that runs it."""
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    streams.write((f"heimdall-pr {__version__}\nrules {DIGEST}\nPython {python}\n".encode(),))
