"""The scaffolds: for each system, the manifests or the pipeline that bring Heimdall its secrets or check them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
import yaml

from post_renderer.document.nodes import Scalar
from post_renderer.model.errors import UsageError
from post_renderer.model.fix import command, quoted
from post_renderer.model.record import NamedTuple
from post_renderer.producers.pods import DRIVER
from post_renderer.rules import policy
from post_renderer.scaffold.systems import MADE, SYSTEMS, shape

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")


class Filled(NamedTuple):
    """A scaffold with a value for every option; `command` prints it again."""

    system: str
    options: Mapping[str, str]
    command: str


def filled(system: str, given: Mapping[str, str]) -> Filled:
    """The options of a system, with its defaults for those that were not given. Raises UsageError."""
    if system not in SYSTEMS:
        raise UsageError(f"there is no scaffold of that name{_meant(system)}", f"one of {' '.join(SYSTEMS)}")
    defaults = SYSTEMS[system]
    for name in (name for name in given if name not in defaults):
        flags = " ".join(flag(each) for each in defaults)
        raise UsageError(f"{system} has no {flag(name)}", f"it has {flags}")
    options = {**defaults, **given}
    for name, text in options.items():
        _check(system, name, text)
    words = (f"{flag(name)}={text}" for name, text in given.items())
    return Filled(system, options, str(command("heimdall-pr", "scaffold", system, *words)))


def render(scaffold: Filled, as_values: bool = False) -> str:
    """The manifests or the pipeline; the commands to run first are in comments at the top."""
    prefix = azure_name("", scaffold.options.get("remote", ""))
    context: dict[str, Any] = {**scaffold.options, "as_values": as_values}
    context |= {"command": scaffold.command, "keys": tuple(policy.KEYS), "prefix": prefix}
    return environment().get_template(f"{scaffold.system}.yaml.j2").render(context)


def values(scaffold: Filled) -> str:
    """Values for the chart: the objects in extraObjects, and the volumes of its pod. Raises UsageError."""
    if scaffold.system not in MADE:
        message = f"--values needs a system that makes a Secret, and {scaffold.system} makes none"
        raise UsageError(message, f"one of {' '.join(MADE)}")
    text = render(scaffold, as_values=True)
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    objects = list(yaml.safe_load_all(text))
    found = {"heimdall": {"existingSecret": scaffold.options["secret"]}, "reloader": {"enabled": True}}
    found |= {**_pod(scaffold), "extraObjects": objects}
    return comment + yaml.safe_dump(found, sort_keys=False, width=1000)


def flag(name: str) -> str:
    """An option on the command line."""
    return f"--{name.replace('_', '-')}"


def is_plain(text: str) -> bool:
    """Whether every reader of YAML reads a text without quotes as that text."""
    return bool(PLAIN.fullmatch(text)) and Scalar(0, 0, text, plain=True).is_string


def azure_name(key: str, remote: str) -> str:
    """A key's name in Azure Key Vault, which allows only letters, digits and `-`."""
    name = key.replace("_", "-")
    return f"{remote}-{name}" if remote else name


@cache
def environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("post_renderer.scaffold"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # YAML; each value passes the filter of its language
    )
    environment.filters |= {"yaml": _yaml, "quoted": _in_quotes, "sh": quoted, "regex": re.escape}
    environment.filters["azure_name"] = azure_name
    return environment


def _meant(system: str) -> str:
    """A question after an unknown name: those of which it is a part, the one that is near, or those of a near part."""
    near = [name for name in SYSTEMS if system.lower() in name.split("-")]
    if not near and (whole := policy.closest(system, tuple(SYSTEMS))):
        near = [whole]
    near = near or [name for name in SYSTEMS if policy.closest(system, tuple(name.split("-")))]
    return f": did you mean {' or '.join(near)}?" if near else ""


def _check(system: str, name: str, text: str) -> None:
    """Refuse a text that would end a line or be a template of Helm or GitHub; the templates quote any other."""
    if not text.isprintable() or "{{" in text or "}}" in text:
        message = f"{flag(name)} has line breaks, control characters, or braces that start or end a template"
        raise UsageError(message, f"{flag(name)} TEXT, one line without {{{{ and }}}}")
    found = shape(system, name)
    if found and not re.fullmatch(found[0], text):
        raise UsageError(f"{flag(name)} is no value that {system} takes", found[1])
    if not text and not found:
        raise UsageError(f"{flag(name)} is empty", f"leave {flag(name)} out for its default, or give it a value")


def _yaml(text: str) -> str:
    """A text as YAML: plain if every reader reads the same text."""
    return text if is_plain(text) else _in_quotes(text)


def _in_quotes(text: str) -> str:
    """A text in double quotes that JSON and YAML read alike; JSON's own escapes are not all in YAML."""
    return json.dumps(text, ensure_ascii=False)


def _pod(scaffold: Filled) -> dict[str, Any]:
    """The values of the pod for the CSI driver: the volume, and the identity in the cloud."""
    if not scaffold.system.startswith("csi-"):
        return {}
    options = scaffold.options
    source = {"driver": DRIVER, "readOnly": True, "volumeAttributes": {"secretProviderClass": options["store"]}}
    found: dict[str, Any] = {
        "extraVolumes": [{"name": "secrets-store", "csi": source}],
        "extraVolumeMounts": [{"name": "secrets-store", "mountPath": "/mnt/secrets-store", "readOnly": True}],
    }
    annotation = {"csi-aws": "eks.amazonaws.com/role-arn", "csi-gcp": "iam.gke.io/gcp-service-account"}
    if name := annotation.get(scaffold.system):
        found["serviceAccount"] = {"annotations": {name: options["role"]}}
    return found
