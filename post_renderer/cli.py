"""The command line for people: help, completion and the commands. The filter never imports it."""

import errno
import importlib
import io
import re
import sys
from typing import Annotated, Any

import typer

from post_renderer.adapters import streams
from post_renderer.commands import parameters
from post_renderer.commands.parameters import Command, Group, Many
from post_renderer.model.errors import UsageError
from post_renderer.model.fix import command
from post_renderer.model.options import OPTIONS

HELP = """Let no Heimdall be installed without its secrets.

Without a command it is the post-renderer. It reads what Helm rendered on standard input and finds how the values \
give the secrets: existingSecret, secrets or secretsFiles. It fills or checks the Secret and writes the stream to \
standard output. If anything is wrong, it writes nothing, reports everything that is wrong, and exits with 1.
"""
EXAMPLES = """Examples:

Helm 3:  helm install heimdall charts/heimdall --post-renderer heimdall-pr -f values.yaml

Helm 4:  heimdall-pr plugin install, then the same

By hand: helm template heimdall charts/heimdall -f values.yaml | heimdall-pr --redact

Exit codes: 0 ok; 1 refused; 2 usage; 3 internal error; 130 interrupted.
"""
# Each command with its module. The module has a function of its name and EXAMPLES, or an `app` with its own commands.
COMMANDS = (
    *("argocd", "check", "completion", "contract", "explain", "gate", "generate", "init", "plugin"),
    *("pre-commit", "rotate", "rules", "scaffold", "version", "why"),
)


class Commands(Group):
    """The commands; each one's module is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401  # as in parameters.Group
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401  # as in parameters.Group
        """One command; None, after loading all for a suggestion, if there is none of that name."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = _load(name)
        return self.commands.get(cmd_name)


def _load(name: str) -> Any:  # noqa: ANN401  # a command of Click's
    """A command, from its module."""
    function = name.replace("-", "_")
    module = importlib.import_module(f"post_renderer.commands.{function}")
    app = getattr(module, "app", None) or typer.Typer(add_completion=False)
    if not hasattr(module, "app"):
        app.command(name, cls=Command, epilog=getattr(module, "EXAMPLES", None))(getattr(module, function))
    return typer.main.get_command(app)


USAGE = 2  # the exit code

app = typer.Typer(
    name="heimdall-pr",
    cls=Commands,
    help=HELP,
    epilog=EXAMPLES,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
FILTER = {each.name: parameters.option(each) for each in OPTIONS}


@app.callback(invoke_without_command=True)
def post_render(  # noqa: PLR0913, PLR0917  # options are arguments
    strict: Annotated[bool, FILTER["strict"]] = False,
    redact: Annotated[bool, FILTER["redact"]] = False,
    files_root: Annotated[str, FILTER["files_root"]] = "",
    env: Annotated[Many, FILTER["env"]] = None,
    sops_allow: Annotated[bool, FILTER["sops_allow"]] = False,
    report_file: Annotated[str, FILTER["report_file"]] = "",
    ignore: Annotated[Many, FILTER["ignore"]] = None,
    skip_workload: Annotated[Many, FILTER["skip_workload"]] = None,
    contract: Annotated[Many, FILTER["contract"]] = None,
    inject: Annotated[bool, FILTER["inject"]] = False,
    debug: Annotated[bool, FILTER["debug"]] = False,
    values: Annotated[Many, FILTER["values"]] = None,
    set_values: Annotated[Many, FILTER["set"]] = None,
    live: Annotated[bool, FILTER["live"]] = False,
    namespace: Annotated[str, FILTER["namespace"]] = "",
    context: Annotated[str, FILTER["context"]] = "",
    kubeconfig: Annotated[str, FILTER["kubeconfig"]] = "",
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", show_default=False)] = False,
) -> None:
    """Describe the filter's options for --help and completion: `main` parses them itself, without this module."""


def run() -> int:
    """Run a command; returns its exit code. Raises UserError."""
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
        _drop()
        raise streams.lost(error) from None
    return code


def _run() -> int:
    try:
        code = app(prog_name="heimdall-pr", standalone_mode=False)
    except SystemExit as end:
        code = end.code
    except Exception as error:  # noqa: BLE001  # all of ours go on; Click's types have no one place to import from
        if type(error).__name__ != "NoArgsIsHelpError":
            raise _in_our_voice(error) from None
        error.show()  # type: ignore[attr-defined]  # the help, of Click 8.2 and later
        return USAGE
    return code if isinstance(code, int) else 0


def _in_our_voice(error: Exception) -> BaseException:
    """An error of Click's as one of ours; any other as it is. Typer took over Click's types, so names tell them."""
    name, context = type(error).__name__, getattr(error, "ctx", None)
    if name == "Abort":  # the user ended a question
        return KeyboardInterrupt()
    if not hasattr(error, "format_message"):
        return error
    message = _without_words(error.format_message().rstrip("."))
    words = context.command_path.split() if context else ["heimdall-pr"]
    return UsageError(f"{message[:1].lower()}{message[1:]}", command(*words, "--help"))


def _without_words(message: str) -> str:
    """What Click says, without the arguments that it does not take: one may be a new value for `rotate`."""
    message = re.sub(
        r"""(?s)(value for '[^-'][^']*'): (?:'.*'|".*") is not (?=one of|a valid)""", r"\1: it is not ", message
    )
    return re.sub(r"(?s)(unexpected extra argument)(?:s|\(s\))? \(.*\)", r"\1", message)


def _drop() -> None:
    """Redirect the streams that take nothing."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            streams.drop(stream.fileno())
