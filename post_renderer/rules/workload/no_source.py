"""A required variable comes from nowhere: the container takes it from no Secret."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.kube.manifest import SECRET
from post_renderer.kube.workload import Workload
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.fix import Fix, Ways, command

ID = "no-source"
SEVERITY = ERROR
IGNORABLE = False


def check(workload: Workload) -> Iterator[Finding]:
    """Report each required variable that neither `env` nor `envFrom` of the container brings.

    The application starts without it all the same. With an envFrom the Secret may lack it: that is `missing-key`.

    Fix: set the value by which the chart takes it: `check` names it if the values show what the chart calls it. In a
    chart of your own, take it by `secretKeyRef`, or a Secret that has it by `envFrom`.

    Fails: a container without an entry for JWT_SECRET.
    Passes: `env: [{name: JWT_SECRET, valueFrom: {secretKeyRef: {name: app, key: jwt}}}]`.
    """
    brought = any(source.kind == SECRET for source in workload.environment.whole) or workload.environment.unseen
    for name in () if brought else workload.nowhere:
        message = f"{name} comes from nowhere: no env and no envFrom of the container brings it"
        yield Finding(
            SEVERITY,
            ID,
            workload.place,
            message,
            "a secretKeyRef, or an envFrom of a Secret",
            _fix(workload, name),
            name,
        )


def _fix(workload: Workload, name: str) -> Fix:
    """The entry of the template; for somebody else's chart the value comes first."""
    secret, _, key = workload.expected.get(name, f"SECRET/{name}").partition("/")
    entry = f"env: [{{name: {name}, valueFrom: {{secretKeyRef: {{name: {secret}, key: {key}}}}}}}]"
    if name in workload.expected:
        return entry
    values = command("helm", "show", "values", "CHART", note=f"and set the value for {name}")
    return Ways((values, f"in a chart of your own: {entry}"))
