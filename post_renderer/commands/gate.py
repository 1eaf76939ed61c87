"""`heimdall-pr gate`: the cluster's gate by hand, by the code that runs there."""

import runpy
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, cast

import typer

from post_renderer.rules import policy

INSTALLED = "post_renderer.gate"  # where a wheel and the single-file program have it
CHECKOUT = Path(__file__).parents[2] / "hooks" / "gate.py"
RUN_NAME = "heimdall_gate"
KEYS = ",".join(policy.KEYS)
LENGTHS = ",".join(f"{name}={key.length}" for name, key in policy.KEYS.items())
EXAMPLES = """Examples:

heimdall-pr gate --dir /run/secrets/heimdall --timeout 60

In the cluster it is a hook of the chart: helm upgrade --install … --set gate.enabled=true
"""


def gate(  # noqa: PLR0913, PLR0917  # options are arguments
    folder: Annotated[
        str, typer.Option("--dir", envvar="HEIMDALL_PR_GATE_DIR", help="A folder with a file for each key.")
    ],
    others: Annotated[
        str, typer.Option(envvar="HEIMDALL_PR_GATE_OTHERS", help="The same for other Secrets: FOLDER/SECRET/KEY.")
    ] = "",
    secret: Annotated[
        str, typer.Option(envvar="HEIMDALL_PR_GATE_SECRET", help="The Secret's name, for messages.")
    ] = "",
    namespace: Annotated[str, typer.Option(envvar="HEIMDALL_PR_GATE_NAMESPACE", help="Its namespace.")] = "",
    required: Annotated[str, typer.Option(envvar="HEIMDALL_PR_GATE_REQUIRED", help="What must be there.")] = KEYS,
    lengths: Annotated[str, typer.Option(envvar="HEIMDALL_PR_GATE_LENGTHS", help="Recommended lengths.")] = LENGTHS,
    sources: Annotated[
        str, typer.Option(envvar="HEIMDALL_PR_GATE_SOURCES", help="Keys of other Secrets: KEY=SECRET/KEY,…")
    ] = "",
    timeout: Annotated[
        int, typer.Option(envvar="HEIMDALL_PR_GATE_TIMEOUT", min=0, help="Seconds to wait; 0: look once.")
    ] = 0,
    report: Annotated[
        str,
        typer.Option(envvar="HEIMDALL_PR_GATE_REPORT", help="A file that takes the report too, at most 4096 bytes."),
    ] = "",
) -> None:
    """Wait for a Secret that somebody else makes, and fail if it lacks what Heimdall needs."""
    given = {
        "dir": folder,
        "others": others,
        "secret": secret,
        "namespace": namespace,
        "required": required,
        "lengths": lengths,
        "sources": sources,
        "timeout": str(timeout),
        "report": report,
    }
    raise typer.Exit(program()([f"--{name}={value}" for name, value in given.items()], "heimdall-pr gate"))


def program() -> Callable[[Sequence[str], str], int]:
    """The gate's own entry; loaded as a file, since the cluster gets it as one."""
    if find_spec(INSTALLED):
        found = runpy.run_module(INSTALLED, None, RUN_NAME)
    else:
        found = runpy.run_path(str(CHECKOUT), None, RUN_NAME)
    return cast(Callable[[Sequence[str], str], int], found["guarded"])
