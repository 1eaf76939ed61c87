"""Reads what Argo CD gives to a config management plugin: variables, and parameters of the application in JSON.

https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from typing import Any

from post_renderer.document.paths import is_path
from post_renderer.kube import names
from post_renderer.model.errors import UsageError
from post_renderer.model.record import NamedTuple

PREFIX = "ARGOCD_ENV_"  # what an application sets in `spec.source.plugin.env` gets it
PARAMETERS = "ARGOCD_APP_PARAMETERS"
STRING, ARRAY, MAP = "string", "array", "map"
# The parameters of an application, with the type of each.
TYPES = {
    "release-name": STRING,
    "values-files": ARRAY,
    "values": STRING,
    "set": MAP,
    "skip-crds": STRING,
    "helm": STRING,
    "strict": STRING,
}
HELMS = {"": "helm", "3": "helm3", "4": "helm4"}
WRITER = "Argo CD writes it: look at the versions of Argo CD and of the plugin"
TRUE, FALSE = "true", "false"


class Request(NamedTuple):
    """What an application asks for.

    Attributes:
        release: The release's name.
        namespace: The destination's namespace.
        kube_version: The cluster's version.
        api_versions: The APIs that the cluster has.
        files: The values files, in order, as real paths in the repository.
        values: Values in YAML, which win over the files.
        sets: `KEY=VALUE` texts, as `--set` has them, which win over both.
        crds: Whether the chart's `crds` folder is rendered too, as Argo CD's own Helm does.
        helm: The major of helm; empty for the one that is there.
        strict: Whether warnings refuse too.
        variables: What `${NAME}` may be.
    """

    release: str
    namespace: str
    kube_version: str
    api_versions: tuple[str, ...]
    files: tuple[str, ...]
    values: str
    sets: tuple[str, ...]
    crds: bool
    helm: str
    strict: bool
    variables: Mapping[str, str]


def request(environ: Mapping[str, str], folder: str) -> Request:
    """What Argo CD asks for in the folder of an application's source. Raises UsageError."""
    given = _parameters(environ.get(PARAMETERS, ""))
    return Request(
        release=_release(given.get("release-name", "")) or environ.get("ARGOCD_APP_NAME", ""),
        namespace=environ.get("ARGOCD_APP_NAMESPACE", ""),
        kube_version=environ.get("KUBE_VERSION", ""),
        api_versions=tuple(filter(None, environ.get("KUBE_API_VERSIONS", "").split(","))),
        files=tuple(_inside(path, folder, environ) for path in given.get("values-files", ())),
        values=given.get("values", ""),
        sets=tuple(f"{key}={text}" for key, text in given.get("set", {}).items()),
        crds=not _is_true("skip-crds", given),
        helm=_one_of("helm", given.get("helm", ""), HELMS),
        strict=_is_true("strict", given),
        variables={name[len(PREFIX) :]: text for name, text in environ.items() if name.startswith(PREFIX)},
    )


def program(major: str) -> str:
    """The helm of a major, or the one that is there. Raises UsageError."""
    path = shutil.which(HELMS[major])
    if not path:
        raise UsageError(f"{HELMS[major]} is not on PATH", "put it into the plugin's image")
    return path


def private(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that no other program gets: an application's own, and those that repeat its parameters."""
    return tuple(name for name in environ if name.startswith((PREFIX, PARAMETERS, "PARAM_")))


def _parameters(text: str) -> dict[str, Any]:
    """The parameters by name. Raises UsageError; nothing of a value is in its message."""
    try:
        listed = json.loads(text or "[]")
    except ValueError:
        raise UsageError(f"{PARAMETERS} is no JSON", WRITER) from None
    if not isinstance(listed or [], list):
        raise UsageError(f"{PARAMETERS} is no list", WRITER)
    return dict(_parameter(number, given) for number, given in enumerate(listed or [], 1))


def _parameter(number: int, given: object) -> tuple[str, Any]:
    """One parameter, in the type that it must have. Raises UsageError."""
    parameter: dict[str, Any] = given if isinstance(given, dict) else {}
    name = str(parameter.get("name"))
    if name not in TYPES:
        raise UsageError(f"parameter {number} has no name that the plugin knows", f"one of {' '.join(TYPES)}")
    found = parameter.get(TYPES[name])
    if not _is_of_type(TYPES[name], found):
        raise UsageError(f"the parameter {name} must be {TYPES[name]}, of texts", f"`{TYPES[name]}:` below its name")
    return name, found


def _is_of_type(kind: str, found: object) -> bool:
    """Whether it is a text, or has nothing but texts."""
    if kind == STRING:
        return isinstance(found, str)
    if kind == ARRAY:
        return isinstance(found, list) and all(isinstance(each, str) for each in found)
    return isinstance(found, dict) and all(isinstance(each, str) for each in found.values())


def _is_true(name: str, given: Mapping[str, Any]) -> bool:
    """Whether a parameter is set to true. Raises UsageError."""
    return _one_of(name, given.get(name, FALSE), (TRUE, FALSE)) == TRUE


def _release(name: str) -> str:
    """A release's name, if there is one. Raises UsageError."""
    if name and not names.is_name(name):
        raise UsageError("the parameter release-name is no name of a release", "lower-case letters, digits and '-'")
    return name


def _one_of(name: str, text: str, allowed: Collection[str]) -> str:
    """A text of a few. Raises UsageError."""
    if text not in allowed:
        raise UsageError(
            f"the parameter {name} has no value that it may have", f"one of {' '.join(filter(None, allowed))}"
        )
    return text


def _inside(path: str, folder: str, environ: Mapping[str, str]) -> str:
    """A values file as a real path. Raises UsageError if it is not in the repository."""
    here = os.path.realpath(folder)
    source = os.path.normpath(environ.get("ARGOCD_APP_SOURCE_PATH", "") or os.curdir)
    root = here[: -len(source)] if source != os.curdir and here.endswith(f"/{source}") else here
    real = os.path.realpath(os.path.join(here, path))
    if os.path.isabs(path) or os.path.commonpath((root, real)) != os.path.normpath(root):
        raise UsageError("a values file is outside the repository", "a path in it, relative to the application's path")
    if not os.path.isfile(real):
        shown = path if is_path(path) else "of that name"
        raise UsageError(f"there is no values file {shown}", "a path relative to the application's path")
    return real
