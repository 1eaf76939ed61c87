"""`heimdall-pr argocd`: what Argo CD runs as a config management plugin."""

import os
from typing import Annotated

import typer

from post_renderer import argocd as edge
from post_renderer.adapters import streams
from post_renderer.commands import parameters
from post_renderer.commands.parameters import Command, Group
from post_renderer.report import text

EXAMPLES = """Examples:

In a plugin.yaml: command: [heimdall-pr, argocd, generate]

docs/argocd.md shows the whole of it.
"""
app = typer.Typer(
    name="argocd",
    cls=Group,
    help="Render a chart for Argo CD, as its config management plugin.",
    no_args_is_help=True,
    add_completion=False,
)
Fill = Annotated[
    bool,
    typer.Option(
        "--fill", help="Also render Secrets with values. Argo CD then keeps them in its cache.", show_default=False
    ),
]
HelmTimeout = Annotated[
    str,
    typer.Option(
        "--helm-timeout",
        metavar="SECONDS",
        help=f"The time limit for all runs of helm together. Default: {edge.LIMIT:g}.",
        show_default=False,
    ),
]


@app.callback()
def argocd() -> None:
    """Keep `generate` a command of its own."""


@app.command(cls=Command, epilog=EXAMPLES)
def generate(fill: Fill = False, helm_timeout: HelmTimeout = "") -> None:
    """Render the chart in the working directory with the application's parameters, and check it; or refuse it."""
    outcome = edge.generate(os.environ, fill, parameters.seconds(helm_timeout, edge.LIMIT))
    if outcome.report.ok:
        streams.write(outcome.pieces)
    typer.echo(text.render(outcome.report), err=True, nl=False)
    if not outcome.report.ok:
        raise typer.Exit(1)
