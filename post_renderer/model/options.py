"""The filter's options as data: flag, help and environment variable, since Helm passes arguments awkwardly."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from post_renderer.model.errors import UsageError
from post_renderer.model.fix import command
from post_renderer.model.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, NoReturn

PREFIX = "HEIMDALL_PR_"  # of the variables of all options
# What is left of the prefix after two typos. Few other variables have it, so few are compared.
LIKE = ("HEIM", "DALL", "_PR_")
HELM4 = "--helm4"  # only our Helm 4 plugin passes it
TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")
# The groups of options in --help.
CHECKS, VALUES, CLUSTER, OUTPUT = "What is checked", "Values and secrets", "Cluster", "Output"


class Option(NamedTuple):
    """An option.

    Attributes:
        flag: The long form: `--files-root`.
        help: One or two sentences for --help.
        group: The heading in --help.
        metavar: The name of its value in --help; empty if it is a switch.
        many: Whether it may be given several times.
        short: The short form, if there is one.
        scope: A part of its variable's name, if the flag alone is ambiguous: HEIMDALL_PR_CHART_VERSION.
    """

    flag: str
    help: str
    group: str = ""
    metavar: str = ""
    many: bool = False
    short: str = ""
    scope: str = ""

    @property
    def name(self) -> str:
        """The field of Options that it sets."""
        return self.flag[2:].replace("-", "_")

    @property
    def variable(self) -> str:
        """Its environment variable; the values of a list are separated as in PATH."""
        return PREFIX + "_".join((*filter(None, (self.scope.upper(),)), self.name.upper()))


class Options(NamedTuple):
    """The options of one run, from the command line or else from the environment."""

    strict: bool = False
    redact: bool = False
    files_root: str = ""
    env: tuple[str, ...] = ()
    report_file: str = ""
    debug: bool = False
    sops_allow: bool = False
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    live: bool = False
    namespace: str = ""
    context: str = ""
    kubeconfig: str = ""
    contract: tuple[str, ...] = ()
    inject: bool = False
    ignore: tuple[str, ...] = ()
    skip_workload: tuple[str, ...] = ()


OPTIONS = (
    Option("--strict", "Treat warnings as errors, and also what could not be checked.", CHECKS),
    Option(
        "--redact",
        "For dry runs: check everything, but replace each value of the Secret. The output can't be installed.",
        OUTPUT,
    ),
    Option(
        "--files-root",
        "The folder that contains the heimdall.secretsFiles. Default: the working directory.",
        VALUES,
        "DIR",
    ),
    Option(
        "--env",
        "An environment variable that an inline ${NAME} may read, besides the four keys and HEIMDALL_….",
        VALUES,
        "NAME",
        True,
    ),
    Option(
        "--sops-allow",
        "Let sops contact the key services that an encrypted secrets file names, with your rights.",
        VALUES,
    ),
    Option(
        "--report-file",
        "The file that keeps the last report. Default: $XDG_STATE_HOME/heimdall-pr/report.txt.",
        OUTPUT,
        "FILE",
    ),
    Option("--ignore", "A rule whose findings do not count, and the reason.", CHECKS, "RULE=REASON", True),
    Option(
        "--skip-workload",
        "A workload that is not judged: no Heimdall, whatever it looks like.",
        CHECKS,
        "KIND/NAME",
        True,
    ),
    Option("--contract", "A contract: a file, a folder of files, or a name of a shipped one.", CHECKS, "FILE", True),
    Option(
        "--inject",
        "Fill the Secret of a chart that does not know this tool. Use it in each install and upgrade.",
        CHECKS,
    ),
    Option("--debug", "Show where in the code an internal error occurred. It shows no value.", OUTPUT),
    Option(
        "--values",
        "A values file that you gave to Helm, for checks that need your values. Helm merges them.",
        VALUES,
        "FILE",
        True,
        "-f",
    ),
    Option("--set", "A value that you gave to Helm by --set.", VALUES, "KEY=VALUE", True),
    Option(
        "--live",
        "Ask the cluster, by kubectl, for the Secrets that are needed and not in the stream, and check them.",
        CLUSTER,
    ),
    Option(
        "--namespace", "The release's namespace, also for --live; default: that of helm's --namespace.", CLUSTER, "NAME"
    ),
    Option("--context", "With --live: the context of the kubeconfig.", CLUSTER, "NAME"),
    Option("--kubeconfig", "With --live: the kubeconfig file.", CLUSTER, "FILE"),
)


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options of a command line and an environment. Raises UsageError."""
    found = {option.name: _from_environ(option, environ) for option in OPTIONS}
    values: dict[str, Any] = {name: value for name, value in found.items() if value is not None}
    argv = [word for word in argv if word != HELM4]
    if argv:  # most runs have no arguments and need no argparse
        values |= _from_argv(argv)
    return Options(**values)


def unfamiliar(environ: Mapping[str, str]) -> list[str]:
    """The variables that could be meant for this tool, and are none of these options'."""
    like = [name for name in environ if any(part in name.upper() for part in LIKE)]
    ours = {option.variable for option in OPTIONS} if like else set()
    return [name for name in like if name not in ours]


def parts(option: Option, text: str) -> tuple[str, ...]:
    """The parts of a variable that is a list. Raises UsageError if a value was cut, which may be a secret."""
    found = tuple(part for part in text.split(os.pathsep) if part)
    if "=" in option.metavar.partition("[")[0] and not all("=" in part for part in found):
        message = f"{option.variable} has a part that is no {option.metavar}: parts are separated by '{os.pathsep}'"
        raise UsageError(message, f"use {option.flag} instead, whose value is not cut")
    return found


def _from_environ(option: Option, environ: Mapping[str, str]) -> bool | str | tuple[str, ...] | None:
    text = environ.get(option.variable)
    if text is None:
        return None
    if option.many:
        return parts(option, text)
    if option.metavar:
        return text
    if text.lower() not in TRUE + FALSE:
        raise UsageError(f"{option.variable} is neither true nor false", command("export", f"{option.variable}=true"))
    return text.lower() in TRUE


def _unknown(argv: Sequence[str], unknown: Sequence[str]) -> UsageError:
    """The error for words that are no options; it names no value, which may be a secret, but where it is."""
    flags = [word.partition("=")[0] for word in unknown if word.startswith("-")]
    if flags:
        return UsageError(f"there is no option {', '.join(flags)}")
    at = argv.index(unknown[0])
    before = argv[at - 1].partition("=")[0] if at else ""
    after = f", after {before}," if before.startswith("-") else ""
    message = f"argument {at + 1}{after} belongs to no option"
    return UsageError(message, "leave it out; a value with spaces needs quotes, and a switch takes no value")


def _from_argv(argv: Sequence[str]) -> dict[str, Any]:
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            about, is_switch, _ = message.partition(": ignored explicit argument")  # what follows may be a secret
            flag = about.rpartition("/")[2].removeprefix("argument ")
            raise UsageError(f"{flag} takes no value", f"{flag} alone") if is_switch else UsageError(message)

    parser = Parser(prog="heimdall-pr", add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for option in OPTIONS:
        action = ("append" if option.many else "store") if option.metavar else "store_true"
        parser.add_argument(*filter(None, (option.short, option.flag)), action=action)
    known, unknown = parser.parse_known_args(argv)
    if unknown:
        raise _unknown(argv, unknown)
    found = vars(known)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
