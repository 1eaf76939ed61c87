"""`heimdall-pr plugin`: installs and removes the plugin through which Helm 4 runs the post-renderer."""

import os
from typing import Annotated

import typer

from post_renderer.adapters.helm4 import plugin

app = typer.Typer(help="The plugin through which Helm 4 runs the post-renderer.", no_args_is_help=True)
PluginsDir = Annotated[
    str,
    typer.Option(
        "--plugins-dir",
        metavar="DIR",
        envvar="HEIMDALL_PR_PLUGINS_DIR",
        help="The plugins folder. Default: Helm's own, as HELM_PLUGINS, HELM_DATA_HOME or XDG_DATA_HOME say.",
        show_default=False,
    ),
]


@app.command()
def install(plugins_dir: PluginsDir = "") -> None:
    """Install the plugin, for the interpreter that runs this."""
    folder = plugins_dir or plugin.default_folder(os.environ)
    path = plugin.install(folder, os.environ)
    typer.echo(f"heimdall-pr: installed {path}", err=True)
    if os.path.realpath(folder) != os.path.realpath(plugin.default_folder(os.environ)):
        typer.echo(f"heimdall-pr: for Helm 4 to see it: {plugin.use(folder, os.environ)}", err=True)


@app.command()
def uninstall(plugins_dir: PluginsDir = "") -> None:
    """Remove the plugin, and nothing else."""
    path = plugin.uninstall(plugins_dir or plugin.default_folder(os.environ))
    typer.echo(f"heimdall-pr: removed {path}", err=True)
