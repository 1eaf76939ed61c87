"""The arguments that say what to judge, as data: `check` and `explain` share them."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import typer

from post_renderer.model.errors import UsageError
from post_renderer.model.options import OPTIONS as FILTER
from post_renderer.model.options import Option, parts

TARGET = (
    "A chart (a folder, a package, oci://…, REPO/NAME), or rendered manifests: files, folders, - for standard input."
)
SHARED = {option.name: option for option in FILTER}
OPTIONS = (
    Option("--values", "A values file, as helm takes it; a later one wins.", "FILE", True, "-f"),
    Option("--set", "A value, as helm takes it.", "KEY=VALUE", True),
    Option("--set-string", "A value that is a string.", "KEY=VALUE", True),
    Option("--set-file", "A value that is what a file holds.", "KEY=FILE", True),
    Option("--set-json", "A value in JSON.", "KEY=JSON", True),
    Option("--set-literal", "A value that is taken as it stands.", "KEY=VALUE", True),
    SHARED["strict"],
    SHARED["files_root"],
    SHARED["env"],
    SHARED["sops_allow"],
    SHARED["contract"],
    Option("--release-name", "The release's name for the render. Default: helm's own.", "NAME"),
    Option("--namespace", "The release's namespace; with --live, where the Secret is.", "NAME", short="-n"),
    Option("--kube-version", "The Kubernetes version to render for.", "VERSION"),
    Option("--api-versions", "A Kubernetes API that the cluster is said to have.", "API", True, "-a"),
    Option("--version", "The version of a remote chart.", "VERSION", scope="chart"),
    Option("--repo", "The repository of a remote chart.", "URL", scope="chart"),
    SHARED["live"]._replace(help="Ask the cluster, by kubectl, for an existing Secret that is not in what is judged."),
    SHARED["context"],
    SHARED["kubeconfig"],
    Option("--helm-timeout", "How long one run of helm may take. Default: 120.", "SECONDS"),
)
CHART_ALONE = ("release_name", "kube_version", "api_versions", "version", "repo")
SETS = ("set", "set-string", "set-file", "set-json", "set-literal")


class Arguments(NamedTuple):
    """What to judge, and how."""

    targets: tuple[str, ...]
    values: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    strict: bool
    files_root: str
    env: tuple[str, ...]
    sops_allow: bool
    contract: str
    release_name: str
    namespace: str
    kube_version: str
    api_versions: tuple[str, ...]
    version: str
    repo: str
    live: bool
    context: str
    kubeconfig: str
    limit: float


def signature(options: Iterable[Option]) -> list[inspect.Parameter]:
    """The parameters of a command that takes targets and these options."""
    kind = inspect.Parameter.KEYWORD_ONLY
    target = typer.Argument(..., metavar="TARGET...", help=TARGET, show_default=False)
    return [inspect.Parameter("target", kind, default=target, annotation=list[str]), *map(parameter, options)]


def parameter(option: Option) -> inspect.Parameter:
    """An option as typer wants it."""
    kind: Any = list[str] if option.many else str if option.metavar else bool
    default: Any = [] if option.many else "" if option.metavar else False
    info = typer.Option(
        default,
        *filter(None, (option.flag, option.short)),
        # Typer would split a list at white space; `given` splits it as PATH is.
        envvar=None if option.many else option.variable,
        help=f"{option.help} (${option.variable}, separated as in PATH)" if option.many else option.help,
        metavar=option.metavar or None,
        show_default=False,
    )
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)


def described(command: Callable[..., None], parameters: list[inspect.Parameter]) -> Callable[..., None]:
    """The command with a signature that is made of data: typer reads it."""
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # functions take attributes
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def given(option: Option, options: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of an option that may be given several times."""
    return tuple(options[option.name]) or parts(option, environ.get(option.variable, ""))


def read(options: Mapping[str, Any], environ: Mapping[str, str]) -> Arguments:
    """What a command line and an environment ask for. Raises UsageError."""
    found: dict[str, Any] = {
        option.name: given(option, options, environ) if option.many else options[option.name] for option in OPTIONS
    }
    sets = tuple((kind, text) for kind in SETS for text in found.pop(kind.replace("-", "_")))
    limit = _seconds(found.pop("helm_timeout"))
    return Arguments(targets=tuple(options["target"]), sets=sets, limit=limit, **found)


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 120)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 86_400:
        raise UsageError("--helm-timeout is no number of seconds", "--helm-timeout 120")
    return seconds
