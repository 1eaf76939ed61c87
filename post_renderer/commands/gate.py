"""`heimdall-pr gate`: the cluster's gate by hand, by the code that runs there."""

import re
import runpy
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from post_renderer.model.options import CHECKS
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


SECRET, RUN = "The Secret", "The run"  # the groups of options in --help


def _option(name: str, metavar: str, group: str, about: str, least: int | None = None) -> Any:  # noqa: ANN401  # as typer.Option
    """An option; those about keys are named like the fields of a contract, and say what these say."""
    words = re.sub("(?=[A-Z])", "_", name).upper()
    variable = f"HEIMDALL_PR_GATE_{words}"
    return typer.Option(f"--{name}", envvar=variable, help=about, metavar=metavar, rich_help_panel=group, min=least)


def gate(  # noqa: PLR0913, PLR0917  # options are arguments
    folder: Annotated[str, _option("dir", "FOLDER", SECRET, "A folder with a file for each key.")],
    others: Annotated[str, _option("others", "FOLDER", SECRET, "The same for other Secrets: FOLDER/SECRET/KEY.")] = "",
    secret: Annotated[str, _option("secret", "NAME", SECRET, "The Secret's name, for messages.")] = "",
    namespace: Annotated[str, _option("namespace", "NAME", SECRET, "Its namespace.")] = "",
    required: Annotated[str, _option("required", "KEYS", CHECKS, "What must be there.")] = KEYS,
    lengths: Annotated[str, _option("lengths", "LENGTHS", CHECKS, "Lengths: KEY=NUMBER, KEY=min:NUMBER, …")] = LENGTHS,
    sources: Annotated[str, _option("sources", "SOURCES", CHECKS, "Keys of other Secrets: KEY=SECRET/KEY,…")] = "",
    kinds: Annotated[str, _option("kinds", "KINDS", CHECKS, "The kinds of keys: KEY=KIND,…")] = "",
    formats: Annotated[str, _option("formats", "FORMATS", CHECKS, "Their formats: KEY=FORMAT,…")] = "",
    optional: Annotated[str, _option("optional", "KEYS", CHECKS, "Keys that may be absent.")] = "",
    one_of: Annotated[str, _option("oneOf", "KEYS", CHECKS, "Alternatives: KEY|KEY+KEY.")] = "",
    together: Annotated[str, _option("together", "KEYS", CHECKS, "Keys that belong together: KEY+KEY.")] = "",
    equal: Annotated[str, _option("equal", "KEYS", CHECKS, "Keys with one value: KEY=KEY,…")] = "",
    issuers: Annotated[str, _option("issuers", "ISSUERS", CHECKS, "Who issues a value: KEY=third-party,…")] = "",
    forbidden: Annotated[str, _option("forbidden", "VALUES", CHECKS, "Published values: KEY=VALUE, a line each.")] = "",
    rotation: Annotated[
        str, _option("rotation", "SENTENCES", CHECKS, "How a value is renewed: KEY=SENTENCE, a line each.")
    ] = "",
    filled_by: Annotated[
        str, _option("filledBy", "NAMES", CHECKS, "Who fills a value later: KEY=NAME, a line each.")
    ] = "",
    timeout: Annotated[int, _option("timeout", "SECONDS", RUN, "Seconds to wait; 0: look once.", 0)] = 0,
    report: Annotated[
        str, _option("report", "FILE", RUN, "A file that takes the report too, at most 4096 bytes.")
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
