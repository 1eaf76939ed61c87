"""`heimdall-pr contract`: the contracts that ship with this tool, and the schema of contract files."""

import json
from typing import Annotated

import typer

from post_renderer.adapters import contracts, streams
from post_renderer.commands.parameters import Command, Group
from post_renderer.requirements import contract_schema

EXAMPLES = """Examples:

heimdall-pr contract list

heimdall-pr contract show grafana > grafana-contract.yaml

helm template grafana grafana/grafana | heimdall-pr --contract grafana
"""
app = typer.Typer(
    name="contract",
    cls=Group,
    help="Show the contracts that ship with this tool, for --contract NAME, and the schema of contract files.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
)


def _complete(incomplete: str) -> list[str]:
    return [name for name in contracts.shipped() if name.startswith(incomplete)]


Name = Annotated[str, typer.Argument(metavar="NAME", help="A name that `list` prints.", autocompletion=_complete)]


@app.command("list", cls=Command)
def list_() -> None:
    """List the contracts that ship with this tool, each with what it is about."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in contracts.shipped().items()}
    rows = {name: text.partition("\n")[0].lstrip("# ") for name, text in texts.items()}
    width = max(map(len, rows))
    streams.write(("".join(f"{name:<{width}}  {about}\n" for name, about in rows.items()).encode(),))


@app.command("show", cls=Command)
def show(name: Name) -> None:
    """Print a contract, to copy and change it."""
    streams.write((contracts.named(name).read_bytes(),))


@app.command("schema", cls=Command)
def schema() -> None:
    """Print the JSON schema of a contract file, for an editor."""
    streams.write((f"{json.dumps(contract_schema.schema(), indent=2)}\n".encode(),))
