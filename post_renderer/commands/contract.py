"""`heimdall-pr contract`: the contracts that ship with this tool, and the schema of contract files."""

from typing import Annotated

import typer

from post_renderer.adapters import contracts, streams
from post_renderer.commands import parameters
from post_renderer.commands.parameters import Command, Group, Many
from post_renderer.kube import names
from post_renderer.model.errors import UsageError
from post_renderer.requirements import contract_schema
from post_renderer.rules import policy
from post_renderer.scaffold import guard_contracts
from post_renderer.scaffold import policy as policies

EXAMPLES = """Examples:

heimdall-pr contract list

heimdall-pr contract show grafana > grafana-contract.yaml

heimdall-pr contract policy postgresql --secret pg --namespace apps | kubectl apply -f -

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


Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A name that `list` prints.", autocompletion=parameters.contracts)
]


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


@app.command("policy", cls=Command)
def policy_(
    contract: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file with one contract, or a shipped one's name.",
            autocompletion=parameters.contracts,
        ),
    ],
    namespace: Annotated[str, typer.Option("--namespace", "-n", metavar="NAME", help="The Secret's namespace.")],
    secret: Annotated[
        str, typer.Option(metavar="NAME", help="The Secret's name, if the contract does not say it.")
    ] = "",
    key: Annotated[Many, typer.Option(metavar="NAME=KEY", help="The Secret's key of a variable.")] = None,
    action: Annotated[
        str,
        typer.Option(
            metavar="ACTION",
            help=f"{' or '.join(policies.ACTIONS)}.",
            autocompletion=parameters.beginning(policies.ACTIONS),
        ),
    ] = "Deny",
) -> None:
    """Print a policy by which the API server keeps a Secret as the contract says, as far as one object can tell it."""
    found = contracts.load([contract])
    name = secret or found[0].secret
    if len(found) != 1 or found[0].profile or action not in policies.ACTIONS:
        raise UsageError("a policy is of one contract, and either Deny or Audit", "a file with one document")
    if not names.is_label(namespace) or not names.is_name(policies.name_of(name, namespace)):
        raise UsageError("the Secret's name or namespace is none", "--secret NAME --namespace NAME")
    given = dict(each.partition("=")[::2] for each in key or ())
    if not all(name in found[0].terms.specs and policy.is_data_key(text) for name, text in given.items()):
        raise UsageError("--key takes NAME=KEY, a name of the contract and a key of the Secret")
    if unnamed := guard_contracts.unnamed(found[0], given):
        keys = " ".join(f"--key {name}=KEY" for name in unnamed)
        raise UsageError(f"{', '.join(unnamed)}: variables, and the policy needs the Secret's keys", keys)
    streams.write((policies.render(found[0], name, namespace, action, given).encode(),))


@app.command("schema", cls=Command)
def schema() -> None:
    """Print the JSON schema of a contract file, for an editor."""
    streams.write((contract_schema.text().encode(),))
