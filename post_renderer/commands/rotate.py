"""`heimdall-pr rotate`: fresh values for some keys of a secrets file."""

from enum import Enum
from typing import Annotated

import typer

from post_renderer.adapters import own_file
from post_renderer.commands import generate
from post_renderer.model.errors import UserError
from post_renderer.model.fix import quoted
from post_renderer.rules import policy
from post_renderer.secrets import generator
from post_renderer.secrets.formats.shared import Target

EXAMPLES = """Examples:

heimdall-pr rotate env/heimdall-secrets.yaml JWT_SECRET

heimdall-pr rotate secrets.json JWT_SECRET API_KEY_SECRET --format json
"""
# What a fresh value means for a Heimdall that runs with the old one.
THEN = {
    "JWT_SECRET": "at the next upgrade the pod restarts, and everybody has to log in again",
    "API_KEY_SECRET": "at the next upgrade the pod restarts, and API keys made before are no longer taken",
    "DATABASE_PASSWORD": "the database keeps its old one: change it there too (ALTER ROLE … PASSWORD), then upgrade",
    "ADMIN_PASSWORD": "it is the first administrator's at the first start: an account that is there keeps its own",
}
KeyName = Enum("KeyName", {name: name for name in policy.KEYS}, type=str)  # type: ignore[misc]  # Typer reads an Enum

PathArgument = Annotated[str, typer.Argument(metavar="PATH", help="The secrets file.")]
KeysArgument = Annotated[list[KeyName], typer.Argument(metavar="KEY...", help=f"Of {', '.join(policy.KEYS)}.")]


def rotate(
    path: PathArgument,
    keys: KeysArgument,
    format_name: generate.FormatOption = generate.DEFAULT,
    documented_admin_password: generate.DocumentedOption = False,
    allow_commit: generate.AllowOption = False,
) -> None:
    """Replace the values of some keys in a secrets file by fresh ones.

    All else in it stays as it is, byte for byte. What else has to change for a Heimdall that runs is printed.
    """
    target = Target(path)
    names = tuple(dict.fromkeys(key.value for key in keys))
    try:
        content, mode = own_file.read(path)
        if content is None:
            raise UserError(
                f"{path}: there is no such file", f"for a first install: heimdall-pr generate {quoted(path)}"
            )
        rotated = generator.rotate(target, content, names, documented_admin_password, format_name.value)
        if not allow_commit:
            own_file.commit_warning(path, writes=True)
        own_file.write(path, rotated.content, mode, new=False)
    except OSError as error:
        raise own_file.failed(path, error) from None
    typer.echo(f"heimdall-pr: {path}: fresh {', '.join(names)}", err=True)
    for name in names:
        typer.echo(f"heimdall-pr: {name}: {THEN[name]}", err=True)
