"""`heimdall-pr completion`: the script by which a shell completes our commands, options and their values."""

from enum import Enum
from typing import Annotated

import typer
from typer import completion as scripts

from post_renderer.adapters import streams

VARIABLE = "_HEIMDALL_PR_COMPLETE"  # by which the script asks us
EXAMPLES = """Examples:

source <(heimdall-pr completion bash)

heimdall-pr completion zsh > "${fpath[1]}/_heimdall-pr"

heimdall-pr completion fish > ~/.config/fish/completions/heimdall-pr.fish

heimdall-pr --install-completion does it for the shell that runs.
"""
Shell = Enum("Shell", {name: name for name in ("bash", "zsh", "fish")}, type=str)  # type: ignore[misc]  # Typer reads an Enum


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]) -> None:
    """Print the script that completes commands, options, formats and rules in a shell."""
    make = scripts.get_completion_script  # type: ignore[attr-defined]  # Typer imports it there, and exports none
    script = make(prog_name="heimdall-pr", complete_var=VARIABLE, shell=shell.value)
    streams.write((f"{script}\n".encode(),))
