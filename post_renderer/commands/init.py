"""`heimdall-pr init`: the files and the command for a first install, after at most three questions."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Annotated

import typer

from post_renderer import check as judging
from post_renderer.adapters import git, helm, own_file, targets
from post_renderer.adapters.helm4 import plugin
from post_renderer.commands.messages import say
from post_renderer.kube import names
from post_renderer.model.arguments import Arguments
from post_renderer.model.errors import UsageError, UserError
from post_renderer.report import checked, console, repository
from post_renderer.rules import policy
from post_renderer.scaffold import start as starts
from post_renderer.scaffold.start import APPROACHES, EXISTING, FILES, INLINE, MANAGERS, Start
from post_renderer.secrets import generator
from post_renderer.secrets.formats.shared import SECRET_NAME, Target

EXAMPLES = """Examples:

heimdall-pr init

heimdall-pr init --approach files --chart charts/heimdall

heimdall-pr init --approach existing --manager eso-aws --namespace production

It asks only on a terminal, and writes over no file.
"""
BY_HAND = "nobody yet, I make it by hand"
ApproachName = Enum("ApproachName", {name: name for name in APPROACHES}, type=str)  # type: ignore[misc]  # Typer reads an Enum
ManagerName = Enum("ManagerName", {name: name for name in MANAGERS}, type=str)  # type: ignore[misc]  # the same
CHART, WRITTEN = "Chart and release", "Files"


def _option(flag: str, metavar: str, about: str, group: str = "") -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        flag, metavar=metavar, help=about, show_default=False, rich_help_panel=group or None
    )
    return found


ApproachOption = Annotated[
    ApproachName | None,
    typer.Option(
        "--approach", help="; ".join(f"{name}: for {each.purpose}" for name, each in APPROACHES.items()) + "."
    ),
]
ManagerOption = Annotated[
    ManagerName | None,
    typer.Option("--manager", help="For existing: write the objects of this secret manager into the values too."),
]
ChartOption = Annotated[str, _option("--chart", "CHART", "The chart. Default: the one below this folder.", CHART)]
ReleaseOption = Annotated[str, _option("--release-name", "NAME", "Default: heimdall.", CHART)]
NamespaceOption = Annotated[str, _option("--namespace", "NAME", "Default: heimdall.", CHART)]
SecretOption = Annotated[str, _option("--secret", "NAME", f"For existing: the Secret. Default: {SECRET_NAME}.", CHART)]
ValuesOption = Annotated[str, _option("--values", "FILE", "Default: heimdall-values.yaml.", WRITTEN)]
FileOption = Annotated[
    str, _option("--secrets-file", "FILE", "For files: the secrets file. Default: env/heimdall-secrets.yaml.", WRITTEN)
]


def init(  # noqa: PLR0913, PLR0917  # options are arguments
    approach: ApproachOption = None,
    manager: ManagerOption = None,
    chart: ChartOption = "",
    release_name: ReleaseOption = "heimdall",
    namespace: NamespaceOption = "heimdall",
    secret: SecretOption = "",
    values: ValuesOption = "heimdall-values.yaml",
    secrets_file: FileOption = "",
) -> None:
    """Start an installation: choose how the secrets are given, write the files, and print the command that installs.

    For development it makes a secrets file that git ignores. It never shows a secret. At the end it checks the result
    as the post-renderer will.
    """
    name = approach.value if approach else EXISTING if manager or secret else FILES if secrets_file else _approach()
    _refuse_useless(name, secret or (manager.value if manager else ""), secrets_file)
    _refuse_names(release_name, namespace, secret, values)
    start = Start(
        approach=name,
        chart=_chart(chart),
        release=release_name,
        namespace=namespace,
        values=values,
        secrets_file=_inside(secrets_file or "env/heimdall-secrets.yaml") if name == FILES else "",
        secret=(secret or SECRET_NAME) if name == EXISTING else "",
        manager=manager.value if manager else _manager() if name == EXISTING and not secret else "",
    )
    say(f"approach: {name}, for {APPROACHES[name].purpose}: {APPROACHES[name].why}")
    _write(start)
    found = _helm()
    needs_plugin = bool(found and found.major == 4 and not plugin.is_installed(plugin.default_folder(os.environ)))
    if first := starts.before(start):
        say(f"first: {first}")
    say(f"to install: {starts.install(start, needs_plugin)}")
    if found:
        _check(start)


# --- questions -------------------------------------------------------------------------------------------------------


def _asks() -> bool:
    """Whether there is a person to ask."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _approach() -> str:
    """The approach for what the user wants. Raises UsageError if there is nobody to ask."""
    if not _asks():
        ways = "; ".join(f"--approach {name}, for {each.purpose}" for name, each in APPROACHES.items())
        raise UsageError("there is no terminal to ask at, and --approach is not given", ways)
    names = list(APPROACHES)
    return names[_choice("What is this installation for?", [APPROACHES[name].purpose for name in names])]


def _manager() -> str:
    """The secret manager that the user chooses; empty if there is none, or nobody to ask."""
    choices = ("", *MANAGERS)
    return choices[_choice("Who makes the Secret?", (BY_HAND, *MANAGERS))] if _asks() else ""


def _chart(given: str) -> str:
    """The chart: the given one, the only one below this folder, or the one that the user chooses. Raises UsageError."""
    if given:
        if not targets.chart((given,)):
            raise UsageError(f"{given} is no chart", "--chart CHART: a folder with Chart.yaml, a package, oci://…")
        return given
    found = ["."] if targets.is_chart(".") else targets.charts_in(".")
    named = [path for path in found if os.path.basename(path) == "heimdall"]
    if len(found) == 1 or len(named) == 1:
        return (named or found)[0]
    if not found:
        raise UsageError("there is no chart below this folder", "--chart CHART: a folder, a package, oci://…")
    if not _asks():
        raise UsageError(f"there are several charts: {', '.join(found)}", "--chart CHART names one")
    return found[_choice("Which chart?", found)]


def _choice(question: str, choices: Sequence[str]) -> int:
    """The index of the choice that the user types the number of."""
    say(question)
    for number, text in enumerate(choices, 1):
        say(f"  {number}  {text}")
    while True:
        answer = typer.prompt("heimdall-pr: number", default="1", err=True).strip()
        if answer.isdecimal() and 0 < int(answer) <= len(choices):
            return int(answer) - 1
        say(f"one of 1 to {len(choices)}")


def _inside(path: str) -> str:
    """The path of a secrets file; it must be below this folder, where helm is run. Raises UsageError."""
    normal = os.path.normpath(path)
    if os.path.isabs(path) or normal.split(os.sep)[0] == os.pardir:
        raise UsageError(f"--secrets-file {path} is not below this folder", "run heimdall-pr init in a folder above it")
    return normal


def _refuse_useless(name: str, of_existing: str, secrets_file: str) -> None:
    """Raise UsageError for options of another approach."""
    if of_existing and name != EXISTING:
        raise UsageError(
            f"--secret and --manager are of the approach {EXISTING}, not of {name}", f"--approach {EXISTING}"
        )
    if secrets_file and name != FILES:
        raise UsageError(f"--secrets-file is of the approach {FILES}, not of {name}", f"--approach {FILES}")


def _refuse_names(release: str, namespace: str, secret: str, values: str) -> None:
    """Raise UsageError for what no cluster, or no option of helm, takes; none is shown, for a secret may be one."""
    name = "lower-case letters, digits, '-' and '.'"
    if not names.is_name(release):
        raise UsageError("--release-name is no name of a release", name)
    if not names.is_label(namespace):
        raise UsageError("--namespace is no name of a namespace", "lower-case letters, digits and '-'")
    if secret and not names.is_name(secret):
        raise UsageError("--secret is no name of a Secret", name)
    if not values.isprintable() or "," in values or '"' in values:
        raise UsageError("--values has what helm takes for several files", "--values FILE, without a comma")


# --- files -----------------------------------------------------------------------------------------------------------


def _write(start: Start) -> None:
    """Write what is not there yet; a file that says something else stops everything before. Raises UserError."""
    content = starts.values(start).encode()
    try:
        there, _ = own_file.read(start.values)
        if there not in (None, content):
            raise UserError(
                f"{start.values} is there already; it was left as it is", "--values FILE, with another name"
            )
        if start.approach == FILES:
            _write_secrets(start.secrets_file)
        if there is None:
            own_file.write(start.values, content, 0o644, new=True)
        say(f"{start.values}: {'written' if there is None else 'left as it is'}")
    except OSError as error:
        raise own_file.failed(start.values, error) from None


def _write_secrets(path: str) -> None:
    """Have git ignore the secrets file, then complete it. Raises UserError, OSError."""
    ignored = git.ignore(path)
    if ignored:
        say(f"{ignored}: git ignores {path}")
    own_file.commit_warning(path, writes=True)
    content, mode = own_file.read(path)
    generated = generator.complete(Target(path), content)
    if generated.made:
        own_file.write(path, generated.content, mode, new=content is None)
    made = f"made {', '.join(generated.made)}" if generated.made else "has all keys; left as it is"
    say(f"{path} (mode {mode:04o}): {made}")


# --- check -----------------------------------------------------------------------------------------------------------


def _helm() -> helm.Helm | None:
    """The user's helm; without one the install command is printed all the same."""
    try:
        return helm.find(os.environ)
    except UserError as error:
        say(f"{error.message}, so nothing was checked: {error.fix}")
        say("with Helm 4, run `heimdall-pr plugin install` once before the install")
        return None


def _check(start: Start) -> None:
    """Judge what the chart renders with the new values, and exit with 1 if there is an error."""
    given = Arguments(
        targets=(start.chart,),
        values=(start.values,),
        release_name=start.release,
        namespace=start.namespace,
    )
    with _values_for(start.approach):
        judgement = judging.judge(given)
    found = checked.of(judgement.report, (start.chart,), judgement.fallback, {}, repository.root(os.environ))
    typer.echo(console.render(found), err=True, nl=False)
    if not found.ok:
        raise typer.Exit(1)


@contextmanager
def _values_for(approach: str) -> Iterator[None]:
    """Values for the variables that only the pipeline has, while the check runs."""
    absent = [key for key in policy.KEYS if approach == INLINE and not os.environ.get(key)]
    if absent:
        say("checked with values that were made for this check alone")
    before = {key: os.environ.get(key) for key in absent}
    os.environ.update({key: generator.make(key) for key in absent})
    try:
        yield
    finally:
        for key, text in before.items():
            os.environ.pop(key)
            if text is not None:
                os.environ[key] = text
