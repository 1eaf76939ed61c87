"""Small streams, as a chart would render them, and sound values for them."""

import base64
import json
from collections.abc import Iterable

from post_renderer import pipeline
from post_renderer.model.errors import UserError
from post_renderer.model.facts import Facts, FileFact, LiveFact
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.report import text

Entry = dict[str, object]
FILE = "env/secrets.yaml"
SOUND = {
    "JWT_SECRET": "3f" + "a1b2c3d4e5f60718" * 7 + "0123456789abcd",
    "API_KEY_SECRET": "a0" + "9182736455463728" * 4,
    "DATABASE_PASSWORD": "b1" + "0f1e2d3c4b5a6978" * 4,
    "ADMIN_PASSWORD": "kP3-vQ8~wZ1.xR6_yT4.aB",
}
PLACEHOLDER = "<install with --post-renderer heimdall-pr>"
GUARD = """---
apiVersion: heimdall-pr.mitre.org/v1
kind: NeedsPostRenderer
metadata:
  name: install-with---post-renderer-heimdall-pr
"""
OTHERS = """---
# somebody else's
apiVersion: v1
kind: ConfigMap
metadata: {name: other}   # kept
data:
  script: |
    ---
    echo "é\\u2028"
"""


def contract(approach: str, name: str = "h", label: str = "v1", **data: str) -> str:
    """A contract in the namespace `ns`; `data` replaces fields, None-like empty texts included."""
    fields = {
        "approach": approach,
        "ignored": "",
        "secret": f"{name}-secrets",
        "required": ",".join(SOUND),
        "lengths": "JWT_SECRET=128,API_KEY_SECRET=66,DATABASE_PASSWORD=66,ADMIN_PASSWORD=22",
        "sources": "",
        "files": FILE if approach == "files" else "",
        "verified": "false",
        "judged": "false",
        "optional": "",
        "valuesPath": "heimdall",
    } | data
    lines = "".join(f'  {key}: "{value}"\n' for key, value in fields.items())
    return (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n"
        f"  name: {name}-secrets-contract\n  namespace: ns\n"
        f"  labels:\n    heimdall.mitre.org/secrets-contract: {label}\ndata:\n{lines}"
    )


def secret(values: dict[str, str], name: str = "h-secrets", field: str = "data", namespace: str = "ns") -> str:
    """A Secret whose values are written as they are given."""
    lines = "".join(f'  {key}: "{value}"\n' for key, value in values.items())
    where = f"  namespace: {namespace}\n" if namespace else ""
    return f"---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n{where}{field}:\n{lines}"


def workload(source: str = "h-secrets", checksum: str = '""', kind: str = "Deployment") -> str:
    """A workload that takes JWT_SECRET from a Secret and waits for its checksum."""
    return (
        f"---\napiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: w\n  namespace: ns\nspec:\n  template:\n"
        f"    metadata:\n      annotations:\n        checksum/secrets: {checksum}\n    spec:\n      containers:\n"
        f"      - name: c\n        env:\n        - name: JWT_SECRET\n          valueFrom:\n            secretKeyRef:\n"
        f"              name: {source}\n              key: JWT_SECRET\n"
    )


def encoded(values: dict[str, str]) -> dict[str, str]:
    """The values as base64."""
    return {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}


def unfilled() -> dict[str, str]:
    """What the chart renders where files won."""
    return dict.fromkeys(SOUND, PLACEHOLDER)


def file(values: dict[str, str]) -> bytes:
    """A secrets file."""
    return "".join(f'"{key}": "{value}"\n' for key, value in values.items()).encode()


def run(stream: str | bytes, settings: Settings | None = None, files: dict[str, bytes] | None = None,
        environ: dict[str, str] | None = None,
        live: dict[str, LiveFact] | None = None) -> Outcome:  # fmt: skip  # one line more reads worse
    """plan() and apply() with the facts given; a file or live Secret that is wanted but not given is a KeyError."""
    data = stream if isinstance(stream, bytes) else stream.encode()
    plan = pipeline.plan(data, settings or Settings())
    facts = {path: FileFact(path, (files or {})[path]) for path in plan.files}
    found = {(namespace, name): (live or {})[name] for namespace, name in plan.secrets}
    given = {name: value.encode() for name, value in (environ or {}).items()}
    outcome = pipeline.apply(plan, Facts(facts, given, found))
    assert not [finding for finding in outcome.report.findings if not str(finding.where)], "a finding about nothing"
    return outcome


def output(outcome: Outcome) -> str:
    """What would be written."""
    return b"".join(outcome.pieces).decode()


def details(error: UserError) -> str:
    """What is shown below an error's message."""
    return error.details if isinstance(error.details, str) else "\n".join(text.findings(error.details))


def rules_of(outcome: Outcome, severity: str = "error") -> list[str]:
    """The rules of the findings of one severity."""
    return [finding.rule for finding in outcome.report.findings if finding.severity == severity]


def mapped(names: Iterable[str] = SOUND, source: str = "h-secrets", **ref: object) -> list[Entry]:
    """An entry of `env` for each name, from the Secret's key of that name."""
    return [{"name": name, "valueFrom": {"secretKeyRef": {"name": source, "key": name, **ref}}} for name in names]


def whole(name: str = "h-secrets", kind: str = "secretRef", prefix: str = "", **ref: object) -> Entry:
    """An entry of envFrom."""
    return {kind: {"name": name, **ref}, **({"prefix": prefix} if prefix else {})}


def literal(name: str, value: str) -> Entry:
    """An entry of `env` with its value."""
    return {"name": name, "value": value}


def heimdall(
    env: Iterable[Entry] = (),
    env_from: Iterable[Entry] = (),
    kind: str = "StatefulSet",
    image: str = "mitre/heimdall2:2.10",
    role: str = "containers",
    **container: object,
) -> str:
    """Somebody's workload `w` with one container `c`, in the namespace `ns`."""
    one = {"name": "c", "image": image, "env": list(env), "envFrom": list(env_from), **container}
    spec: Entry = {role: [one]}
    if kind != "Pod":
        spec = {"template": {"spec": spec}}
    if kind == "CronJob":
        spec = {"jobTemplate": {"spec": spec}}
    document = {"kind": kind, "metadata": {"name": "w", "namespace": "ns"}, "spec": spec}
    return f"---\n{json.dumps(document)}\n"
