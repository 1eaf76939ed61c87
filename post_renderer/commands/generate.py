"""`heimdall-pr generate`: make the four secrets, in a file of the user's or on standard output."""

from enum import Enum
from typing import Annotated

import typer

from post_renderer.adapters import own_file, streams
from post_renderer.commands.messages import say
from post_renderer.model.errors import UsageError
from post_renderer.model.fix import command, operand
from post_renderer.rules import policy
from post_renderer.secrets import generator
from post_renderer.secrets.formats import FORMATS, k8s
from post_renderer.secrets.formats.shared import SECRET_NAME, Target

STDOUT = "-"
EXAMPLES = """Examples:

heimdall-pr generate env/heimdall-secrets.yaml

helm install heimdall charts/heimdall --post-renderer heimdall-pr \\
  --set 'heimdall.secretsFiles={env/heimdall-secrets.yaml}'

heimdall-pr generate env/heimdall-secrets.yaml JWT_SECRET API_KEY_SECRET ADMIN_PASSWORD

heimdall-pr generate --format k8s - | kubectl apply -f -
"""
FormatName = Enum("FormatName", {name: name for name in FORMATS}, type=str)  # type: ignore[misc]  # Typer reads an Enum
DEFAULT = FormatName("yaml")
KeyName = Enum("KeyName", {name: name for name in policy.KEYS}, type=str)  # type: ignore[misc]  # the same
FORM, RULES = "What is written", "Exceptions"  # the groups of options in --help


# The parameters, which `rotate` shares.
PathArgument = Annotated[
    str, typer.Argument(metavar="PATH", help="The file to write or to complete; - for standard output.")
]
KeysArgument = Annotated[
    list[KeyName] | None,
    typer.Argument(metavar="[KEY...]", help=f"Only these of {', '.join(policy.KEYS)}. Default: all of them."),
]
FormatOption = Annotated[
    FormatName,
    typer.Option(
        "--format",
        envvar="HEIMDALL_PR_GENERATE_FORMAT",
        help="yaml or json: a secrets file; env: for a shell; k8s: a manifest of kind Secret.",
        rich_help_panel=FORM,
    ),
]
NameOption = Annotated[
    str,
    typer.Option(
        "--name", metavar="NAME", help=f"The Secret's name (k8s). Default: {SECRET_NAME}.", rich_help_panel=FORM
    ),
]
NamespaceOption = Annotated[
    str,
    typer.Option(
        "--namespace",
        metavar="NAMESPACE",
        help="The Secret's namespace (k8s). Default: none.",
        rich_help_panel=FORM,
    ),
]
DocumentedOption = Annotated[
    bool,
    typer.Option(
        "--documented-admin-password",
        help="Make ADMIN_PASSWORD as the documentation says: Admin_ and 16 hexadecimal digits. The application's own"
        " rule for passwords refuses it.",
        rich_help_panel=RULES,
    ),
]
AllowOption = Annotated[
    bool,
    typer.Option(
        "--allow-commit",
        envvar="HEIMDALL_PR_ALLOW_COMMIT",
        help="Write the file even if git tracks it or `git add .` would add it.",
        rich_help_panel=RULES,
    ),
]


def generate(  # noqa: PLR0913, PLR0917  # options are arguments
    path: PathArgument,
    keys: KeysArgument = None,
    format_name: FormatOption = DEFAULT,
    name: NameOption = "",
    namespace: NamespaceOption = "",
    documented_admin_password: DocumentedOption = False,
    allow_commit: AllowOption = False,
) -> None:
    """Make Heimdall's four secrets: write a new file with mode 0600, or add the missing ones to a file.

    The present content of a file stays as it is, byte for byte. The command that uses the file is printed. Name the
    keys to leave one out, such as the password of a database that exists already.
    """
    target = Target(path, name, namespace)
    names = tuple(dict.fromkeys(key.value for key in keys or KeyName))
    if (name or namespace) and format_name.value != "k8s":
        message = "--name and --namespace need --format k8s: only a Secret has them"
        raise UsageError(message, "add --format k8s, or leave both out")
    k8s.check_names(target)
    if path == STDOUT:
        streams.write((generator.complete(target, None, documented_admin_password, format_name.value, names).content,))
        _say_use(format_name.value, target._replace(path="FILE"))
        return
    try:
        content, mode = own_file.read(path)
        generated = generator.complete(target, content, documented_admin_password, format_name.value, names)
        if not allow_commit and (warning := own_file.commit_warning(path, writes=bool(generated.made))):
            say(warning)
        if generated.made:
            own_file.write(path, generated.content, mode, new=content is None)
    except OSError as error:
        raise own_file.failed(path, error) from None
    _say_made(path, names, generated.made, mode)
    _say_use(
        format_name.value,
        target,
        "" if content is None else "repeat the command that was refused; in a first install: ",
    )


def _say_made(path: str, keys: tuple[str, ...], made: tuple[str, ...], mode: int) -> None:
    if not made:
        had = f"all {len(keys)} keys" if len(keys) == len(policy.KEYS) else ", ".join(keys)
        say(f"{path} has {had}; it was left as it is")
    else:
        say(f"{path} (mode {mode:04o}): made {', '.join(made)}")
    if "DATABASE_PASSWORD" in made:
        say("DATABASE_PASSWORD is a new one: if the database exists already, write the password that it has instead")
    if mode & 0o077:
        say(f"{path} can be read or written by others: {command('chmod', '600', operand(path))}")


def _say_use(format_name: str, target: Target, before: str = "") -> None:
    say(f"to use it: {before}{FORMATS[format_name].use(target)}")
