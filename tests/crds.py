"""CRDs that tests need, each from its Go module: pinned, cached, never committed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests import helms


class Module(NamedTuple):
    """A Go module at a version, by its checksum, and the files in it that hold CRDs."""

    name: str
    path: str
    version: str
    sum: str
    files: tuple[str, ...]


ESO = Module(
    "external-secrets",
    "github.com/external-secrets/external-secrets",
    "v1.3.2",
    "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
    tuple(
        f"config/crds/bases/external-secrets.io_{name}.yaml"
        for name in ("externalsecrets", "clusterexternalsecrets", "secretstores", "clustersecretstores")
    ),
)
SEALED_SECRETS = Module(
    "sealed-secrets",
    "github.com/bitnami-labs/sealed-secrets",
    "v0.40.0",
    "h1:rvCP35JL8ZV5LNA2SrwNR6iLyoM3ulrSFWN0lBtYEYI=",
    ("helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml",),
)
GATEWAY_API = Module(
    "gateway-api",
    "sigs.k8s.io/gateway-api",
    "v1.4.0",
    "h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=",
    ("config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",),
)
MODULES = (ESO, SEALED_SECRETS, GATEWAY_API)
KINDS: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": float,
}


def fetch(module: Module) -> list[Path]:
    """Where its CRDs are; brought first where they are not there yet. Raises helms.Unavailable."""
    folder = helms.cache() / f"crds-{module.name}-{module.version}"
    paths = [folder / Path(name).name for name in module.files]
    if not all(path.exists() for path in paths):
        source = _download(module)
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in zip(module.files, paths, strict=True):
            new = path.with_suffix(".new")
            shutil.copyfile(source / name, new)
            new.replace(path)
    return paths


def _download(module: Module) -> Path:
    """The module's folder in Go's own cache, where its checksum is the one that is pinned."""
    helms.Bringing.ask(f"the CRDs of {module.name}")
    if not shutil.which("go"):
        raise helms.Unavailable(f"the CRDs of {module.name} come from its Go module, and there is no go on PATH")
    command = ["go", "mod", "download", "-json", f"{module.path}@{module.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    if "Dir" not in told:
        raise helms.Unavailable(f"the CRDs of {module.name}: `{' '.join(command)}` failed (no network?)")
    if told["Sum"] != module.sum:
        raise helms.Unavailable(f"the CRDs of {module.name}: what Go brought is not the module that is pinned")
    return Path(told["Dir"])


def schemas(module: Module) -> dict[tuple[str, str], Any]:
    """The schema of each apiVersion that is served, by it and kind."""
    return {key: schema for path in fetch(module) for key, schema in _served(yaml.safe_load(path.read_text()))}


def _served(crd: Any) -> Iterator[tuple[tuple[str, str], Any]]:  # noqa: ANN401  # whatever YAML holds
    for version in crd["spec"]["versions"]:
        if version["served"]:
            key = (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"])
            yield key, version["schema"]["openAPIV3Schema"]


def problems(value: Any, schema: Any, path: str = "") -> list[str]:  # noqa: ANN401  # whatever YAML holds
    """Where a value is not what a structural schema says, unknown fields included."""
    if schema.get("x-kubernetes-preserve-unknown-fields") and "properties" not in schema:
        return []
    kind = schema.get("type")
    if kind and not isinstance(value, KINDS[kind]):
        return [f"{path}: no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: not one of {schema['enum']}"]
    if isinstance(value, list):
        return [
            told for index, each in enumerate(value) for told in problems(each, schema["items"], f"{path}[{index}]")
        ]
    return _fields(value, schema, path) if isinstance(value, dict) else []


def _fields(value: dict[str, Any], schema: Any, path: str) -> list[str]:  # noqa: ANN401  # whatever YAML holds
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    if not path:
        known = {**known, "apiVersion": {}, "kind": {}, "metadata": {}}
    told = [f"{path}.{name}: is missing" for name in schema.get("required", ()) if name not in value]
    if len(value) > schema.get("maxProperties", len(value)) or len(value) < schema.get("minProperties", 0):
        told.append(f"{path}: {len(value)} fields")
    for name, each in value.items():
        below = known.get(name, others)
        if below is None and schema.get("type") == "object" and (known or not path):
            told.append(f"{path}.{name}: is unknown")
        elif isinstance(below, dict):
            told += problems(each, below, f"{path}.{name}")
    return told
