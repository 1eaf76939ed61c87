"""What the tests of the chart share: its values, rendered by a real Helm, and what is found in the objects."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.helms import Helm
from tests.support import CHART, ROOT, Done
from tests.unit.streams import SOUND


def _values(folder: Path) -> dict[str, Path]:
    return {path.stem.removesuffix("-values"): path for path in sorted(folder.glob("*-values.yaml"))}


INSTALLABLE = _values(CHART / "ci")  # in any cluster, without other objects: what `ct install` installs
CI = {**_values(ROOT / "examples" / "values"), **INSTALLABLE}
INLINE = SOUND
# Part of every bad value and of every name that may be a secret: it must be in no message.
CANARY = "CANARY"

Values = dict[str, Any]
Document = dict[str, Any]


def run(helm: Helm, verb: str, values: Values, *args: str, release: str = "r") -> Done:
    """`install`, `upgrade` or `template` with these values, and no post-renderer."""
    return helm.run(verb, release, str(CHART), "-f", "-", *args, input=json.dumps(values))


def template(helm: Helm, values: Values, *args: str, release: str = "r") -> Done:
    """What `helm template` says of these values."""
    return run(helm, "template", values, *args, release=release)


def render(helm: Helm, values: Values, *args: str, release: str = "r") -> list[Document]:
    """The documents, where nothing is refused."""
    done = template(helm, values, *args, release=release)
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def one(documents: list[Document], kind: str, suffix: str = "") -> Document:
    """The only one of its kind whose name ends so."""
    (found,) = (d for d in documents if d["kind"] == kind and d["metadata"]["name"].endswith(suffix))
    return found


def some(documents: list[Document], kind: str, suffix: str = "") -> list[Document]:
    """All of a kind whose names end so."""
    return [d for d in documents if d["kind"] == kind and d["metadata"]["name"].endswith(suffix)]


def contract(documents: list[Document]) -> dict[str, str]:
    """The contract's data."""
    data: dict[str, str] = one(documents, "ConfigMap", "-secrets-contract")["data"]
    return data


def config(documents: list[Document]) -> dict[str, str]:
    """The settings that are no secrets."""
    data: dict[str, str] = one(documents, "ConfigMap", "-config")["data"]
    return data


def pod(documents: list[Document], kind: str = "Deployment") -> Document:
    """The spec of the pod of the only one of that kind."""
    spec: Document = one(documents, kind)["spec"]["template"]["spec"]
    return spec


def container(documents: list[Document], kind: str = "Deployment") -> Document:
    """The first container of the pod of the only one of that kind."""
    first: Document = pod(documents, kind)["containers"][0]
    return first


def variables(documents: list[Document], kind: str = "Deployment") -> dict[str, Any]:
    """A container's variables: a text, or the Secret and the key that it comes from."""
    entries = container(documents, kind)["env"]
    assert len({entry["name"] for entry in entries}) == len(entries)
    return {entry["name"]: entry.get("value", _source(entry)) for entry in entries}


def _source(entry: Document) -> tuple[str, str] | None:
    reference = entry.get("valueFrom", {}).get("secretKeyRef")
    return (reference["name"], reference["key"]) if reference else None


def existing(**more: object) -> Values:
    """An existing Secret; more values by dotted path, with `__` for the dot."""
    values: Values = {"heimdall": {"existingSecret": "live"}}
    for path, value in more.items():
        *above, last = path.split("__")
        here = values
        for name in above:
            here = here.setdefault(name, {})
        here[last] = value
    return values


def inline(**changes: object) -> Values:
    """Good inline secrets, changed; None leaves a key out."""
    return {"heimdall": {"secrets": {key: value for key, value in {**INLINE, **changes}.items() if value is not None}}}


def named(name: str, **more: object) -> Values:
    """The existing Secret of that name, and more below heimdall."""
    return {"heimdall": {"existingSecret": name, **more}}


def refused(helm: Helm, values: Values, *told: str) -> None:
    """The chart renders nothing, says all of this in its own words, and shows no canary."""
    done = template(helm, values)
    assert (done.returncode, done.stdout) == (1, "")
    assert [text for text in told if text not in done.stderr] == [], done.stderr
    assert f"heimdall: nothing was rendered: {len(told)} error" in done.stderr
    assert CANARY not in done.stderr


def refused_by_schema(helm: Helm, values: Values, place: str) -> None:
    """The schema refuses, names the place, and shows no canary."""
    done = template(helm, values)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the schema(s)" in done.stderr, done.stderr
    assert place in done.stderr, done.stderr
    assert CANARY not in done.stderr


def read(path: Path) -> Values:
    """A file of values."""
    values: Values = yaml.safe_load(path.read_text())
    return values
