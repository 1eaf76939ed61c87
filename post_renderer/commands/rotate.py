"""`heimdall-pr rotate`: new values for some keys of a secrets file."""

from typing import Annotated

import typer

from post_renderer.adapters import own_file
from post_renderer.commands import generate
from post_renderer.commands.messages import say
from post_renderer.model.errors import UserError
from post_renderer.model.fix import command, operand
from post_renderer.rules import policy
from post_renderer.secrets import generator
from post_renderer.secrets.formats.shared import Target

EXAMPLES = """Examples:

heimdall-pr rotate env/heimdall-secrets.yaml JWT_SECRET

heimdall-pr rotate secrets.json JWT_SECRET API_KEY_SECRET --format json
"""
# The effect of a new value on a Heimdall that runs with the old one.
THEN = {
    "JWT_SECRET": "at the next upgrade the pod restarts, and everybody has to log in again",
    "API_KEY_SECRET": "at the next upgrade the pod restarts, and API keys made before no longer work",
    "DATABASE_PASSWORD": "the database keeps the old one: change it there too (ALTER ROLE … PASSWORD), then upgrade",
    "ADMIN_PASSWORD": "only the first start uses it, for the first administrator: an account that exists keeps its own",
}

PathArgument = Annotated[str, typer.Argument(metavar="PATH", help="The secrets file.")]
KeysArgument = Annotated[
    list[generate.KeyName], typer.Argument(metavar="KEY...", help=f"One or more of {', '.join(policy.KEYS)}.")
]


def rotate(
    path: PathArgument,
    keys: KeysArgument,
    format_name: generate.FormatOption = generate.DEFAULT,
    documented_admin_password: generate.DocumentedOption = False,
    allow_commit: generate.AllowOption = False,
) -> None:
    """Replace the values of some keys in a secrets file by new ones.

    The rest of the file stays as it is, byte for byte. What you must change besides is printed.
    """
    target = Target(path)
    names = tuple(dict.fromkeys(key.value for key in keys))
    try:
        content, mode = own_file.read(path)
        if content is None:
            fix = command("heimdall-pr", "generate", operand(path), note="for a first install")
            raise UserError(f"{path}: there is no such file", fix)
        rotated = generator.rotate(target, content, names, documented_admin_password, format_name.value)
        if not allow_commit:
            own_file.commit_warning(path, writes=True)
        own_file.write(path, rotated.content, mode, new=False)
    except OSError as error:
        raise own_file.failed(path, error) from None
    say(f"{path}: new {', '.join(names)}")
    for name in names:
        say(f"{name}: {THEN[name]}")
