"""The filter's options as data, each with its environment variable, since Helm passes arguments awkwardly."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from post_renderer.model.errors import UsageError

HELM4 = "--helm4"  # only our Helm 4 plugin passes it
HELP = "heimdall-pr --help"
TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")


class Option(NamedTuple):
    """An option: a flag where `metavar` is empty; may be given several times where `many`.

    `scope`: a part of its variable's name, where without it that would be taken for something else.
    """

    flag: str
    help: str
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
        """Its environment variable; lists are separated as PATH is."""
        return "_".join(("HEIMDALL_PR", *filter(None, (self.scope.upper(),)), self.name.upper()))


class Options(NamedTuple):
    """What was asked for, on the command line or else in the environment."""

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
    contract: str = ""
    inject: bool = False


OPTIONS = (
    Option("--strict", "Warnings are errors, and so is what could not be checked."),
    Option("--redact", "For dry runs: check everything, but let no value of the Secret out; nothing is filled."),
    Option("--files-root", "The folder that heimdall.secretsFiles are in. Default: the working directory.", "DIR"),
    Option(
        "--env",
        "An environment variable that an inline ${NAME} may read besides the four keys and HEIMDALL_….",
        "NAME",
        True,
    ),
    Option(
        "--sops-allow",
        "Let sops contact the key services that an encrypted secrets file names, with your rights.",
    ),
    Option("--report-file", "Where to keep the report. Default: $XDG_STATE_HOME/heimdall-pr/report.txt.", "FILE"),
    Option("--contract", "A file that says which other application's secrets are asked for.", "FILE"),
    Option("--inject", "Fill the Secret of a chart that knows nothing of this tool, in each install and upgrade."),
    Option("--debug", "Show where in the code an internal error arose; never a value."),
    Option(
        "--values",
        "A values file that Helm was given, for what only values tell. Helm itself merges them.",
        "FILE",
        True,
        "-f",
    ),
    Option("--set", "A value that Helm was given by --set.", "KEY=VALUE", True),
    Option(
        "--live",
        "Ask the cluster, by kubectl, for Secrets that keys come from and that are not in the stream, and check them.",
    ),
    Option("--namespace", "With --live: where the Secret is, if the contract has no namespace.", "NAME"),
    Option("--context", "With --live: the context of the kubeconfig to ask.", "NAME"),
    Option("--kubeconfig", "With --live: the kubeconfig to use.", "FILE"),
)


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options of a command line and an environment. Raises UsageError."""
    found = {option.name: _from_environ(option, environ) for option in OPTIONS}
    values: dict[str, Any] = {name: value for name, value in found.items() if value is not None}
    argv = [word for word in argv if word != HELM4]
    if argv:  # argparse is not imported for nothing: the filter runs in every install
        values |= _from_argv(argv)
    return Options(**values)


def _from_environ(option: Option, environ: Mapping[str, str]) -> bool | str | tuple[str, ...] | None:
    text = environ.get(option.variable)
    if text is None:
        return None
    if option.many:
        return parts(option, text)
    if option.metavar:
        return text
    if text.lower() not in TRUE + FALSE:
        raise UsageError(f"{option.variable} is neither true nor false", f"export {option.variable}=true")
    return text.lower() in TRUE


def parts(option: Option, text: str) -> tuple[str, ...]:
    """The parts of a variable that is a list. Raises UsageError where a value was cut, which may be a secret."""
    found = tuple(part for part in text.split(os.pathsep) if part)
    if "=" in option.metavar.partition("[")[0] and not all("=" in part for part in found):
        message = f"{option.variable} has a part that is no {option.metavar}: parts are separated by '{os.pathsep}'"
        raise UsageError(message, f"{option.flag}, which is not cut")
    return found


def _from_argv(argv: Sequence[str]) -> dict[str, Any]:
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(message.partition(" explicit argument")[0])  # which may be a secret

    parser = Parser(prog="heimdall-pr", add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for option in OPTIONS:
        action = ("append" if option.many else "store") if option.metavar else "store_true"
        parser.add_argument(*filter(None, (option.short, option.flag)), action=action)
    known, unknown = parser.parse_known_args(argv)
    if unknown:  # told without a value, which may be a secret
        flags = [word.partition("=")[0] for word in unknown if word.startswith("-")]
        raise UsageError(
            f"there is no option {', '.join(flags)}" if flags else "an argument belongs to no option", HELP
        )
    found = vars(known)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
