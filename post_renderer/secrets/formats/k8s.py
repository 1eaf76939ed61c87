"""A manifest of kind Secret, for kubectl apply and heimdall.existingSecret."""

from __future__ import annotations

import re
from collections.abc import Mapping

from post_renderer.document import edit, nodes
from post_renderer.document.stream import Document
from post_renderer.kube import manifest, secret
from post_renderer.kube.manifest import Resource
from post_renderer.model.errors import UsageError
from post_renderer.model.fix import Command, command, operand, steps
from post_renderer.secrets import install
from post_renderer.secrets.formats import shared
from post_renderer.secrets.formats.shared import SECRET_NAME, Target

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
NAMESPACE = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
FIX = "name another file"


def values(content: bytes, target: Target) -> dict[str, bytes]:
    """What a manifest holds. Raises UserError if it is not one Secret with `data` alone, of that name."""
    resource = _resource(content, target)
    fields = secret.fields(resource)
    found = {key: value for key, field in fields.items() if (value := secret.decode(field)) is not None}
    block = resource.node.mapping("data")
    if resource.node.get("stringData") is not None or len(found) < len(block.pairs if block else ()):
        raise shared.refusal(target, "is a Secret with more than base64 in `data`, each key once", FIX)
    return found


def new(made: Mapping[str, str], target: Target) -> bytes:
    """A new manifest."""
    namespace = f"  namespace: {quoted_name(target.namespace)}\n" if target.namespace else ""
    data = "".join(f'  {key}: "{secret.encode(made[key].encode())}"\n' for key in sorted(made))
    name = quoted_name(target.name or SECRET_NAME)
    head = f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n{namespace}type: Opaque\ndata:\n"
    return (shared.HEADER + head + data).encode()


def completed(content: bytes, made: Mapping[str, str], target: Target) -> bytes:
    """A manifest with these values: in place of those that are there, else new keys; the rest stays byte for byte."""
    resource = _resource(content, target)
    block, fields = resource.node.mapping("data"), secret.fields(resource)
    if block is None or not (block.pairs or block.flow):
        raise shared.refusal(target, "is a Secret without `data`", FIX)
    edits = [secret.fill_one(content, fields[key], made[key].encode()) for key in fields.keys() & made.keys()]
    absent = [f'"{key}": "{secret.encode(made[key].encode())}"' for key in sorted(made) if key not in fields]
    if absent:
        edits.append(edit.before(content, block, absent))
    return edit.applied(content, edits)


def use(target: Target) -> Command:
    """The commands that use the file."""
    apply = command("kubectl", "apply", "-f", operand(target.path))
    return steps(apply, install.with_secret(target.name or SECRET_NAME, target.namespace))


def check_names(target: Target) -> None:
    """Check that Kubernetes takes the names. Raises UsageError."""
    if target.name and not NAME.match(target.name):
        message = "--name is no name for a Secret: small letters, digits, `-` and `.`"
        raise UsageError(message, f"--name {SECRET_NAME}, for example")
    if target.namespace and not NAMESPACE.match(target.namespace):
        message = "--namespace is no name for a namespace: small letters, digits and `-`"
        raise UsageError(message, "--namespace NAME, one of `kubectl get namespaces`")


def quoted_name(name: str) -> str:
    """A name as YAML: in quotes if it could be read as a number or a truth value."""
    return name if nodes.Scalar(0, 0, name, plain=True).is_string else f'"{name}"'


def _resource(content: bytes, target: Target) -> Resource:
    try:
        found = manifest.read(content, Document(1, 0, len(content)))
    except nodes.Unreadable as error:
        problem = f"{error.problem} (line {error.line})"
        raise shared.refusal(target, problem, FIX) from None
    if len(found) != 1 or found[0].kind != manifest.SECRET or found[0].item:
        raise shared.refusal(target, "is no manifest of one Secret", FIX)
    for option, wanted, is_there in (
        ("--name", target.name, found[0].name),
        ("--namespace", target.namespace, found[0].namespace),
    ):
        if wanted and wanted != is_there:
            raise shared.refusal(target, f"is a Secret with another name than {option} says", FIX)
    return found[0]
