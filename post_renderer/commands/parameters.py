"""The parameters of the commands as Typer takes them, made from the data in `model`."""

import copy
import csv
import os
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from post_renderer.model.arguments import OPTIONS
from post_renderer.model.errors import UsageError
from post_renderer.model.options import Option, parts

TARGET = (
    "A chart (a folder, a package, oci://…, REPO/NAME), rendered manifests (files, folders, - for standard input), "
    "or a chart and the manifests that come with it."
)
Many = list[str] | None  # the values of an option that may be given several times


class Command(TyperCommand):
    """A command whose --help shows a type only if it says more than the parameter's name."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # Click's own types, which Typer took over in 0.26
        """Its parameters, with --help."""
        return without_type(super().get_params(ctx))


class Group(TyperGroup):
    """The same for commands that have commands."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # the same
        """Its parameters, with --help."""
        return without_type(super().get_params(ctx))


def without_type(parameters: list[Any]) -> list[Any]:
    """The parameters of a command, without `<bool>` beside a switch and `<str>` beside an argument."""
    for each in parameters:
        if getattr(each, "is_flag", False):
            each.metavar = ""
        elif each.param_type_name == "argument":
            each.type = copy.copy(each.type)
            each.type.get_metavar = lambda *_, **__: ""
    return parameters


def option(option: Option, is_read: bool = False, choices: Iterable[str] = ()) -> Any:  # noqa: ANN401  # as typer.Option
    """An option as Typer takes it.

    Args:
        option: The option as data.
        is_read: Whether a list is also read from its variable. Typer would split it at white space, so we do it.
        choices: What a shell offers for it; without them what CHOICES has for its name.
    """
    several = f"{option.help} (${option.variable}, separated as in PATH)"
    return typer.Option(
        *filter(None, (option.flag, option.short)),
        envvar=None if option.many else option.variable,
        help=several if option.many else option.help,
        metavar=option.metavar,
        show_default=False,
        callback=_from_variable(option) if option.many and is_read else None,
        rich_help_panel=option.group,
        autocompletion=beginning(choices) if choices else CHOICES.get(option.name),
    )


def _from_variable(option: Option) -> Callable[[Many], list[str]]:
    def given(value: Many) -> list[str]:
        return value or list(parts(option, os.environ.get(option.variable, "")))

    return given


def beginning(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """A function that completes a word to those of the choices that begin with it."""
    return lambda incomplete: [each for each in choices if each.startswith(incomplete)]


def contracts(incomplete: str) -> list[str]:
    """The shipped contracts that begin with a word; a shell offers files if there are none."""
    from post_renderer.adapters import contracts  # only a shell's question needs them

    return beginning(contracts.shipped())(incomplete)


def rules(incomplete: str) -> list[str]:
    """The rules that may be ignored and begin with a word, as --ignore takes them."""
    from post_renderer.rules import catalog  # as above

    return beginning(f"{name}=" for name, rule in catalog.RULES.items() if rule.ignorable)(incomplete)


CHOICES = {"contract": contracts, "ignore": rules}  # what a shell offers for an option's value


def targets(about: str, choices: Iterable[str] = ()) -> Any:  # noqa: ANN401  # typer.Argument itself returns Any
    """The argument of `check` and `explain`; a shell also offers the choices."""
    complete = beginning(choices) if choices else None
    return typer.Argument(metavar="TARGET...", help=about, show_default=False, autocompletion=complete)


def sets(
    plain: list[str] | None,
    strings: list[str] | None,
    files: list[str] | None,
    json: list[str] | None,
    literals: list[str] | None,
) -> tuple[tuple[str, str], ...]:
    """The values of `--set` and its kin, each with its kind."""
    kinds = {"set": plain, "set-string": strings, "set-file": files, "set-json": json, "set-literal": literals}
    return tuple((kind, text) for kind, texts in kinds.items() for text in texts or ())


def paths(given: Many) -> tuple[str, ...]:
    """The files of `--values`, several in one text as helm takes them: it reads a line of CSV."""
    return tuple(path for text in given or () for path in _of_list(text))


def _of_list(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return [text]


def seconds(text: str, default: float = 120) -> float:
    """A time limit; the default if none was given. Raises UsageError."""
    try:
        found = float(text or default)
    except ValueError:
        found = 0
    if not 0 < found < 86_400:
        raise UsageError("--helm-timeout is no number of seconds", f"--helm-timeout {default:g}")
    return found


_OPTIONS = {each.name: option(each, is_read=True) for each in OPTIONS}
Targets = Annotated[list[str], targets(TARGET)]
ValuesFiles = Annotated[Many, _OPTIONS["values"]]
Set = Annotated[Many, _OPTIONS["set"]]
SetString = Annotated[Many, _OPTIONS["set_string"]]
SetFile = Annotated[Many, _OPTIONS["set_file"]]
SetJson = Annotated[Many, _OPTIONS["set_json"]]
SetLiteral = Annotated[Many, _OPTIONS["set_literal"]]
Strict = Annotated[bool, _OPTIONS["strict"]]
FilesRoot = Annotated[str, _OPTIONS["files_root"]]
Env = Annotated[Many, _OPTIONS["env"]]
SopsAllow = Annotated[bool, _OPTIONS["sops_allow"]]
Contract = Annotated[Many, _OPTIONS["contract"]]
SkipWorkload = Annotated[Many, _OPTIONS["skip_workload"]]
Inject = Annotated[bool, _OPTIONS["inject"]]
ReleaseName = Annotated[str, _OPTIONS["release_name"]]
Namespace = Annotated[str, _OPTIONS["namespace"]]
KubeVersion = Annotated[str, _OPTIONS["kube_version"]]
ApiVersions = Annotated[Many, _OPTIONS["api_versions"]]
ChartVersion = Annotated[str, _OPTIONS["version"]]
ChartRepo = Annotated[str, _OPTIONS["repo"]]
Live = Annotated[bool, _OPTIONS["live"]]
KubeContext = Annotated[str, _OPTIONS["context"]]
Kubeconfig = Annotated[str, _OPTIONS["kubeconfig"]]
HelmTimeout = Annotated[str, _OPTIONS["helm_timeout"]]
