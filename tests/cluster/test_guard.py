"""docs/guard.md on a real node: a PostgreSQL with its password in a file, guarded by extra objects and by a wrapper.

The same Secret, with keys that are no variables, is judged by the gate.
"""

import json

from tests.cluster.field import APP_IMAGE, DATABASE_IMAGE, Field
from tests.cluster.test_pages_data import environment
from tests.readme import runner
from tests.support import ROOT, accepted

PAGE = (ROOT / "docs" / "guard.md").read_text()
GATE = (ROOT / "hooks" / "gate.py").read_text()


def page(field: Field) -> list[runner.Step]:
    """Its blocks, with the image of the node and the namespace of the test."""
    text = PAGE.replace("docker.io/library/postgres:17", DATABASE_IMAGE)
    text = text.replace("namespace apps", f"namespace {field.cluster.namespace}")
    return runner.parse(text.replace("namespace: apps", f"namespace: {field.cluster.namespace}"))


def test_the_page(field: Field) -> None:
    assert field.helm.post_renderer  # the plugin of Helm 4
    where = {f"helm{field.helm.major}", "cluster"}
    assert runner.run(page(field), where, field.folder, environment(field)) == 17
    for name in ("db", "shop"):
        found = json.loads(field.kubectl("get", "statefulset", name, "--output=json"))
        assert found["status"]["readyReplicas"] == 1
        assert logged_in(field, f"{name}-0") == "1"
    assert "NeedsPostRenderer" not in accepted(field.helm.run("get", "manifest", "db", cwd=field.folder)).stdout
    judged_by_the_gate(field)


def logged_in(field: Field, pod: str) -> str:
    """What the database answers who has the file's password; without one it takes nobody from its own address."""
    script = (
        'PGPASSWORD="$(cat /run/secrets/pg/postgres-password)" psql --host="$(hostname -i)" -U postgres -tAc "SELECT 1"'
    )
    return field.kubectl("exec", pod, "--", "sh", "-c", script).strip()


def judged_by_the_gate(field: Field) -> None:
    """A key that is no variable is taken if it is there, and named if it is not, or is what it should not be."""
    cases = {
        "complete": ("--required=postgres-password,tls.key", "--kinds=tls.key=pem"),
        "missing": ("--required=postgres-password,tls.crt",),
        "wrong": ("--required=postgres-password", "--kinds=postgres-password=pem"),
    }
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsUser": 1000}
    containers = [
        {
            "name": name,
            "image": APP_IMAGE,
            "command": ["python3", "-c", GATE, "--dir=/secret", "--secret=pg", "--timeout=0", *words],
            "securityContext": security,
            "volumeMounts": [{"name": "secret", "mountPath": "/secret"}],
        }
        for name, words in cases.items()
    ]
    spec = {
        "restartPolicy": "Never",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": containers,
        "volumes": [{"name": "secret", "secret": {"secretName": "pg"}}],
    }
    made = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "gate"}, "spec": spec}
    field.kubectl("create", "--filename=-", typed=json.dumps(made))
    field.kubectl("wait", "pod/gate", "--for=jsonpath={.status.phase}=Failed", "--timeout=150s")
    found = json.loads(field.kubectl("get", "pod", "gate", "--output=json"))
    codes = {each["name"]: each["state"]["terminated"]["exitCode"] for each in found["status"]["containerStatuses"]}
    assert codes == {"complete": 0, "missing": 1, "wrong": 1}
    assert "tls.crt is missing" in field.kubectl("logs", "gate", "--container=missing")
    assert "postgres-password is no PEM" in field.kubectl("logs", "gate", "--container=wrong")
