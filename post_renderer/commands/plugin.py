"""`heimdall-pr plugin`: install and remove the plugin by which Helm 4 runs the post-renderer."""

import os
from typing import Annotated

import typer

from post_renderer.adapters.helm4 import plugin
from post_renderer.commands.messages import say
from post_renderer.commands.parameters import Command, Group

app = typer.Typer(
    name="plugin",
    cls=Group,
    help="Install or remove the plugin by which Helm 4 runs the post-renderer.",
    no_args_is_help=True,
    add_completion=False,
)
PluginsDir = Annotated[
    str,
    typer.Option(
        "--plugins-dir",
        metavar="DIR",
        envvar="HEIMDALL_PR_PLUGINS_DIR",
        help="The plugins folder. Default: Helm's own, from HELM_PLUGINS, HELM_DATA_HOME or XDG_DATA_HOME.",
        show_default=False,
    ),
]


@app.command(cls=Command)
def install(plugins_dir: PluginsDir = "") -> None:
    """Install the plugin for this Python environment."""
    folder = plugins_dir or plugin.default_folder(os.environ)
    path = plugin.install(folder, os.environ)
    say(f"installed {path}")
    if os.path.realpath(folder) != os.path.realpath(plugin.default_folder(os.environ)):
        say(f"for Helm 4 to see it: {plugin.use(folder, os.environ)}")


@app.command(cls=Command)
def uninstall(plugins_dir: PluginsDir = "") -> None:
    """Remove the plugin and nothing else."""
    path = plugin.uninstall(plugins_dir or plugin.default_folder(os.environ))
    say(f"removed {path}")
