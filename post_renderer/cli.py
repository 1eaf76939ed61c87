"""The command line for people: help, completion and the commands; the filter never imports it."""

import errno
import inspect
import io
import os
import sys

import typer

from post_renderer import __version__
from post_renderer.commands import arguments, check, explain, gate, generate, plugin, pre_commit, rotate, scaffold, why
from post_renderer.model.errors import OutputLost
from post_renderer.model.options import OPTIONS

HELP = """Lets no Heimdall be installed without its secrets.

Without a command it is the post-renderer: it reads what Helm rendered on standard input, finds which approach the
values chose (existingSecret, secrets or secretsFiles), fills or checks the Secret, and writes the stream to standard
output; or it writes nothing, reports everything that is wrong, and exits with 1.
"""
EXAMPLES = """Examples:

Helm 3:  helm install heimdall charts/heimdall --post-renderer heimdall-pr -f values.yaml

Helm 4:  heimdall-pr plugin install, then the same

By hand: helm template heimdall charts/heimdall -f values.yaml | heimdall-pr --redact

Exit codes: 0 ok; 1 refused; 2 usage; 3 internal error; 130 interrupted.
"""

app = typer.Typer(
    name="heimdall-pr",
    help=HELP,
    epilog=EXAMPLES,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("explain", epilog=explain.EXAMPLES)(explain.explain)
app.command("gate", epilog=gate.EXAMPLES)(gate.gate)
app.command("generate", epilog=generate.EXAMPLES)(generate.generate)
app.add_typer(plugin.app, name="plugin")
app.command("pre-commit", epilog=pre_commit.EXAMPLES)(pre_commit.pre_commit)
app.command("rotate", epilog=rotate.EXAMPLES)(rotate.rotate)
app.command("scaffold", epilog=scaffold.EXAMPLES)(scaffold.scaffold)
app.command("why")(why.why)


def run() -> int:
    """Runs a command; returns its exit code. Raises UserError."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name need not be one that the locale can write
    try:
        code = _run()
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EPIPE, errno.EIO):
            raise
        _let_go()
        raise OutputLost(f"the output was not taken whole: {os.strerror(error.errno)}", "run it again") from None
    return code


def _let_go() -> None:
    """Sends to nowhere what a stream can't take: the interpreter's own last flush would fail again."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run() -> int:
    try:
        app(prog_name="heimdall-pr")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"heimdall-pr {__version__}")
        raise typer.Exit()


def _filter(**options: object) -> None:  # Typer takes their names from the signature below
    """Only describes the filter's options: main() runs the filter itself, without this module."""


def _signature() -> list[inspect.Parameter]:
    version = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit.")
    shown = inspect.Parameter("version", inspect.Parameter.KEYWORD_ONLY, default=version, annotation=bool)
    return [*map(arguments.parameter, OPTIONS), shown]


# Typer reads a signature: ours comes from the same data that the filter parses.
_filter.__signature__ = inspect.Signature(_signature())  # type: ignore[attr-defined]  # functions take attributes
_filter.__annotations__ = {parameter.name: parameter.annotation for parameter in _signature()}
_filter.__doc__ = HELP
app.callback(invoke_without_command=True)(_filter)
