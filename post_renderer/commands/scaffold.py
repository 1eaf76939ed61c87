"""`heimdall-pr scaffold`: ready manifests for each secret manager, and pipelines."""

import inspect
from typing import Any

import typer

from post_renderer.filter import write
from post_renderer.scaffold import scaffold as scaffolds
from post_renderer.scaffold.systems import OPTIONS, SYSTEMS

EXAMPLES = """Examples:

heimdall-pr scaffold eso-aws --region us-east-1 --remote prod/heimdall | kubectl apply --server-side -f -

heimdall-pr scaffold csi-vault --values > values-csi.yaml

heimdall-pr scaffold github > .github/workflows/heimdall.yaml
"""


def scaffold(system: str, as_values: bool, **given: str | None) -> None:
    """Print what brings Heimdall its four secrets from SYSTEM, with the commands that put them there as comments.

    Every option has a default, and not every system has every option.
    """
    filled = scaffolds.filled(system, {name: text for name, text in given.items() if text is not None})
    text = scaffolds.values(filled) if as_values else scaffolds.render(filled)
    write((text.encode(),))


def _complete(incomplete: str) -> list[str]:
    return [name for name in SYSTEMS if name.startswith(incomplete)]


def _signature() -> list[inspect.Parameter]:
    systems = typer.Argument(..., metavar="SYSTEM", help=", ".join(SYSTEMS), autocompletion=_complete)
    as_values = typer.Option(False, "--values", help="Print values of the chart, with the objects in extraObjects.")
    found = [_parameter("system", str, systems), _parameter("as_values", bool, as_values)]
    for name, (metavar, about) in OPTIONS.items():
        defaults = dict.fromkeys(each[name] for each in SYSTEMS.values() if name in each)
        shown = f"{about} Default: {' or '.join(defaults)}."
        info = typer.Option(None, scaffolds.flag(name), metavar=metavar, help=shown, show_default=False)
        found.append(_parameter(name, str, info))
    return found


def _parameter(name: str, kind: type, info: Any) -> inspect.Parameter:  # noqa: ANN401  # Typer's own types are so
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)


# Typer reads a signature: ours comes from the data that the scaffolds are made of.
scaffold.__signature__ = inspect.Signature(_signature())  # type: ignore[attr-defined]  # functions take attributes
scaffold.__annotations__ = {parameter.name: parameter.annotation for parameter in _signature()}
