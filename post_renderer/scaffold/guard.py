"""The contract and the guard for a chart of somebody else, with the Secret if this tool is to fill it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from post_renderer.kube import manifest
from post_renderer.model.errors import UserError
from post_renderer.model.fix import command
from post_renderer.model.requirement import EXISTING, FILES, INLINE
from post_renderer.scaffold import contract_map, guard_contracts, guard_options, scaffold
from post_renderer.scaffold.guard_options import One, Wanted, problems, variable

GUARD = {
    "apiVersion": f"{manifest.GUARD_GROUP}/v1",
    "kind": manifest.GUARD,
    "metadata": {"name": "install-with---post-renderer-heimdall-pr"},
}
UNFILLED = "<install with --post-renderer heimdall-pr>"  # no base64: no API server takes it
HELP = command("heimdall-pr", "scaffold", "--help")


def render(wanted: Wanted) -> str:
    """Manifests, or values for the chart, below comments that say how to use them.

    Raises UserError with all that is wrong.
    """
    found, wrong = (guard_contracts if wanted.contracts else guard_options).read(wanted)
    wrong += problems(wanted, found)
    if wrong:
        raise UserError("these options make no contract", HELP, wrong, code=2)
    objects = [each for one in found for each in _objects(wanted, one)]
    if not wanted.gitops:
        objects.append(GUARD)
    if not wanted.extra:
        return _head(wanted, found) + "---\n".join(map(_dumped, objects))
    values: dict[str, Any] = {}
    if wanted.value:
        _put(values, wanted.value, wanted.secret or found[0].secret)
    _put(values, wanted.extra, objects)
    return _head(wanted, found) + _dumped(values)


def _objects(wanted: Wanted, one: One) -> Iterator[dict[str, Any]]:
    """The Secret, if this tool fills it, and the contract."""
    if wanted.approach != EXISTING:
        metadata = _metadata(wanted, one.secret)
        data = {key: f"${{{variable(one, key)}}}" if wanted.approach == INLINE else UNFILLED for key in one.filled}
        yield {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data}
    texts = {"application": one.application, "secret": one.secret}
    if wanted.approach != EXISTING:
        texts["approach"] = wanted.approach
    if wanted.approach == FILES:
        texts["files"] = one.file
    texts |= contract_map.texts(one.asked)
    # Version 1 needs the place of the approaches in the values, which a chart of somebody else does not have.
    metadata = {**_metadata(wanted, one.contract), "labels": {manifest.NEUTRAL_LABEL: "v2"}}
    data = {name: text for name, text in texts.items() if text}
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _metadata(wanted: Wanted, name: str) -> dict[str, Any]:
    return {"name": name, **({"namespace": wanted.namespace} if wanted.namespace else {})}


def _head(wanted: Wanted, found: list[One]) -> str:
    """The comments."""
    template = scaffold.environment().get_template("_guard.j2")
    variables = {variable(one, key): key for one in found for key in one.filled}
    files = {one.file: one.filled for one in found}
    return template.render(wanted=wanted, secrets=[one.secret for one in found], variables=variables, files=files)


def _put(values: dict[str, Any], path: str, value: object) -> None:
    """Set a value at a path."""
    *parents, last = path.split(".")
    for name in parents:
        values = values.setdefault(name, {})
    values[last] = value


class _Dumper(yaml.SafeDumper):
    """Writes texts that every reader of YAML reads as texts, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # the base's parameter
        """Write an object twice if it is there twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if scaffold.is_plain(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)
