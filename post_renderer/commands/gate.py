"""`heimdall-pr gate`: the cluster's gate by hand, by the code that runs there."""

import re
import runpy
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, cast

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


def _said(name: str, about: str) -> Any:  # noqa: ANN401  # typer.Option itself returns Any
    """An option that says of keys what the field of that name in a contract says."""
    words = re.sub("(?=[A-Z])", "_", name).upper()
    return typer.Option(f"--{name}", envvar=f"HEIMDALL_PR_GATE_{words}", help=about)


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
    lengths: Annotated[
        str, typer.Option(envvar="HEIMDALL_PR_GATE_LENGTHS", help="Lengths: KEY=NUMBER, KEY=min:NUMBER, …")
    ] = LENGTHS,
    sources: Annotated[
        str, typer.Option(envvar="HEIMDALL_PR_GATE_SOURCES", help="Keys of other Secrets: KEY=SECRET/KEY,…")
    ] = "",
    kinds: Annotated[
        str, typer.Option("--kinds", envvar="HEIMDALL_PR_GATE_KINDS", help="The kinds of keys: KEY=KIND,…")
    ] = "",
    formats: Annotated[
        str, typer.Option("--formats", envvar="HEIMDALL_PR_GATE_FORMATS", help="Their formats: KEY=FORMAT,…")
    ] = "",
    optional: Annotated[
        str, typer.Option("--optional", envvar="HEIMDALL_PR_GATE_OPTIONAL", help="Keys that may be absent.")
    ] = "",
    one_of: Annotated[
        str, typer.Option("--oneOf", envvar="HEIMDALL_PR_GATE_ONE_OF", help="Alternatives: KEY|KEY+KEY.")
    ] = "",
    together: Annotated[
        str, typer.Option("--together", envvar="HEIMDALL_PR_GATE_TOGETHER", help="Keys that belong together: KEY+KEY.")
    ] = "",
    equal: Annotated[
        str, typer.Option("--equal", envvar="HEIMDALL_PR_GATE_EQUAL", help="Keys with one value: KEY=KEY,…")
    ] = "",
    issuers: Annotated[
        str, typer.Option("--issuers", envvar="HEIMDALL_PR_GATE_ISSUERS", help="Who issues a value: KEY=third-party,…")
    ] = "",
    forbidden: Annotated[
        str,
        typer.Option(
            "--forbidden", envvar="HEIMDALL_PR_GATE_FORBIDDEN", help="Published values: KEY=VALUE, a line each."
        ),
    ] = "",
    rotation: Annotated[
        str,
        typer.Option(
            "--rotation", envvar="HEIMDALL_PR_GATE_ROTATION", help="How a value is renewed: KEY=SENTENCE, a line each."
        ),
    ] = "",
    filled_by: Annotated[
        str,
        typer.Option(
            "--filledBy", envvar="HEIMDALL_PR_GATE_FILLED_BY", help="Who fills a value later: KEY=NAME, a line each."
        ),
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
        "kinds": kinds,
        "formats": formats,
        "optional": optional,
        "oneOf": one_of,
        "together": together,
        "equal": equal,
        "issuers": issuers,
        "forbidden": forbidden,
        "rotation": rotation,
        "filledBy": filled_by,
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
