"""A flat JSON object, which is a secrets file too, and what `vault kv put` and jq read."""

from __future__ import annotations

import json
from collections.abc import Mapping

from post_renderer.document import edit, nodes
from post_renderer.document.nodes import Scalar
from post_renderer.kube import secret
from post_renderer.model.fix import Command
from post_renderer.secrets import install, secrets_file
from post_renderer.secrets.formats import shared
from post_renderer.secrets.formats.shared import Target

OBJECT = 'one object of texts: {"KEY": "value"}'


def values(content: bytes, target: Target) -> dict[str, bytes]:
    """What a file holds. Raises UserError if it is no flat JSON object of strings, each key once."""
    try:
        pairs = json.loads(content, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        raise shared.refusal(target, "is no JSON", shared.meant(target, content, "json", OBJECT)) from None
    strings = isinstance(pairs, list) and all(isinstance(pair, tuple) and isinstance(pair[1], str) for pair in pairs)
    if not strings or len(dict(pairs)) < len(pairs) or not content.lstrip().startswith(b"{"):
        raise shared.refusal(target, "is no JSON object of strings, each key once", OBJECT)
    return {key: value.encode("utf-8", "surrogatepass") for key, value in pairs}


def new(made: Mapping[str, str], target: Target) -> bytes:
    """A new file."""
    return (json.dumps(made, indent=2) + "\n").encode()


def completed(content: bytes, made: Mapping[str, str], target: Target) -> bytes:
    """A file with these values: in place of those that are there, else as new keys; the rest stays byte for byte."""
    root = _root(content, target)
    held = {key.value: value for key, value in root.pairs if isinstance(key, Scalar)}
    edits = [secret.put(content, held[key], f'"{made[key]}"') for key in held.keys() & made.keys()]
    if absent := [f'"{key}": "{value}"' for key, value in made.items() if key not in held]:
        edits.append(edit.before(content, root, absent))
    return edit.applied(content, edits)


def use(target: Target) -> Command:
    """The command that uses the file."""
    return install.with_file(target.path)


def _root(content: bytes, target: Target) -> nodes.Mapping:
    """JSON is YAML, all but some odd spellings."""
    file, findings = secrets_file.read(target.path, content)
    if findings or file.root is None:
        raise shared.refusal(target, "is JSON that YAML readers may not take", OBJECT)
    return file.root
