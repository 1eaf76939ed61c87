"""`heimdall-pr rules`: the rules by ID."""

from post_renderer.adapters import streams

EXAMPLES = """Examples:

heimdall-pr rules

heimdall-pr explain missing-key
"""


def rules() -> None:
    """List the rules: the ID, the severity, whether it can be ignored, and what it reports."""
    from post_renderer.rules import pages  # it reads the text of each rule

    streams.write((pages.listing().encode(),))
