"""Makes the four secrets, and puts those that are missing into a file without touching the rest of it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence

from post_renderer.model.errors import UserError
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy
from post_renderer.secrets.formats import FORMATS
from post_renderer.secrets.formats.shared import Target

ADMIN_ALPHABET = string.ascii_letters + string.digits + "-._~"  # special ones that no shell, URL or YAML minds
HEX_BYTES = {"JWT_SECRET": 64, "API_KEY_SECRET": 33, "DATABASE_PASSWORD": 33}


class Generated(NamedTuple):
    """A file's new content, and the keys that were made for it."""

    content: bytes
    made: tuple[str, ...]


def complete(
    target: Target,
    content: bytes | None,
    documented_admin: bool = False,
    format_name: str = "yaml",
    keys: Sequence[str] = tuple(policy.KEYS),
) -> Generated:
    """Complete a file with each of these keys that is missing or empty; the rest stays byte for byte.

    Raises UserError if the content is none of that format.
    """
    form = FORMATS[format_name]
    held = {} if content is None else form.values(content, target)
    _refuse_near_misses(held, target)
    made = {key: make(key, documented_admin) for key in keys if not held.get(key, b"").strip()}
    if content is None:
        return Generated(form.new(made, target), tuple(made))
    return Generated(_completed(target, content, held, made, format_name) if made else content, tuple(made))


def rotate(
    target: Target, content: bytes, keys: tuple[str, ...], documented_admin: bool = False, format_name: str = "yaml"
) -> Generated:
    """Give some keys of a file fresh values; the rest stays byte for byte.

    Raises UserError if the content is none of that format.
    """
    held = FORMATS[format_name].values(content, target)
    _refuse_near_misses(held, target)
    made = {key: make(key, documented_admin) for key in keys}
    return Generated(_completed(target, content, held, made, format_name), keys)


def make(key: str, documented_admin: bool = False) -> str:
    """Make a fresh value by the operating system's generator, of the documented length and alphabet.

    ADMIN_PASSWORD passes the application's own rule, which its documented recipe never does.
    """
    if key in HEX_BYTES:
        return secrets.token_hex(HEX_BYTES[key])
    if documented_admin:
        return f"Admin_{secrets.token_hex(8)}"
    while not (policy.passes_admin_rule(value := _password()) and value[0].isalpha()):  # `~` first is a home to shells
        pass
    return value


def _refuse_near_misses(held: dict[str, bytes], target: Target) -> None:
    """Raise UserError if a missing key is there under a name like it: a fresh value would not be the one in use."""
    meant = {key: near for key in held if (near := policy.nearest(key)) and not held.get(near)}
    if meant:
        pairs = ", ".join(f"{key} is nearly {near}" for key, near in meant.items())
        raise UserError(f"{target.path} was left as it is: {pairs}", "rename the key, or remove it")


def _password() -> str:
    return "".join(secrets.choice(ADMIN_ALPHABET) for _ in range(22))


def _completed(target: Target, content: bytes, held: dict[str, bytes], made: dict[str, str], format_name: str) -> bytes:
    """The file with what was made; read again, it holds just what it held and that."""
    form = FORMATS[format_name]
    completed: bytes = form.completed(content, made, target)
    if form.values(completed, target) != {**held, **{key: value.encode() for key, value in made.items()}}:
        raise UserError(
            f"{target.path} can't be completed in its style; it was left as it is", "write one key in each line"
        )
    return completed
