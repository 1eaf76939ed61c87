"""What the commands report to a person, on standard error."""

import typer

from post_renderer.report.text import plain


def say(text: str) -> None:
    """Print one line with our name before it."""
    typer.echo(f"heimdall-pr: {plain(text)}", err=True)
