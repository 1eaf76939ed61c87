"""A policy that is rendered from a contract, on a real API server: what one Secret in base64 tells is enforced."""

import base64
import json
import time
from pathlib import Path

import pytest

from tests import in_process
from tests.clusters import Cluster
from tests.support import Done, accepted

CONTRACT = """\
secret: pg
keys:
  postgres-password: {length: {min: 12}}
  tls.key: {kind: pem, optional: true}
  pin: {length: {in: [4, 6]}, optional: true}
  token: {kind: token}
  id: {kind: username}
  key: {kind: token}
  again: {optional: true}
oneOf: [[token, [id, key]]]
together: [[id, key]]
equal: {again: postgres-password}
"""
GOOD = {"postgres-password": "kP3-vQ8~wZ1.", "token": "x"}
NULL = "null"  # in place of a value: the API server takes it for an empty one
REFUSED: list[tuple[dict[str, str | None], str]] = [
    ({"postgres-password": None}, "the Secret pg needs postgres-password"),
    ({"postgres-password": ""}, "the Secret pg needs postgres-password"),
    ({"postgres-password": NULL}, "the Secret pg needs postgres-password"),
    ({"postgres-password": "kP3-vQ8~wZ1"}, "postgres-password must have at least 12 characters"),
    ({"pin": "123"}, "pin must have 4 or 6 characters"),
    ({"pin": "12345"}, "pin must have 4 or 6 characters"),
    ({"token": None}, "token or id with key must be there"),
    ({"id": "1"}, "id and key belong together"),
    ({"again": "mN7_qW2.eR5~"}, "again and postgres-password must have the same value"),
]
GROUP = "secret: group\nkeys: {a: {}, b: {}}\noneOf: [[a, b]]\n"  # nothing is required by itself
TAKEN: list[dict[str, str | None]] = [
    {},
    {"pin": "1234"},
    {"pin": "123456"},
    {"pin": NULL, "tls.key": NULL},
    {"token": None, "id": "1", "key": "2"},
    {"again": GOOD["postgres-password"], "tls.key": "x", "else": ""},
]


def put(cluster: Cluster, changes: dict[str, str | None], name: str = "pg") -> Done:
    """The API server's answer to a Secret; nothing is written."""
    values = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    data = {key: None if value == NULL else base64.b64encode(value.encode()).decode() for key, value in values.items()}
    made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": data}
    return cluster.kubectl("create", "--dry-run=server", "--filename=-", input=json.dumps(made))


@pytest.mark.cluster
def test_it_enforces_what_one_secret_tells(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "pg.yaml").write_text(CONTRACT)
    env = {"PATH": "/usr/bin", "HOME": str(tmp_path)}
    (tmp_path / "group.yaml").write_text(GROUP)
    policy = ""
    for name in ("group.yaml", "pg.yaml"):
        made = in_process.run(["contract", "policy", name, "-n", cluster.namespace], env=env, cwd=tmp_path)
        assert made.returncode == 0, made.stderr
        policy += f"---\n{made.stdout.decode()}"
    accepted(cluster.kubectl("create", "--filename=-", input=policy))
    try:
        until = time.monotonic() + 60
        while put(cluster, {"token": None}).returncode == 0:
            assert time.monotonic() < until, "the policy is not in force"
            time.sleep(0.2)
        for changes, message in REFUSED:
            done = put(cluster, changes)
            assert (done.returncode, message in done.stderr) == (1, True), (changes, done.stderr)
        for changes in TAKEN:
            accepted(put(cluster, changes))
        accepted(put(cluster, {"postgres-password": None}, "another"))
        assert "a or b must be there" in put(cluster, {}, "group").stderr
        accepted(put(cluster, {"a": "1"}, "group"))
    finally:
        cluster.kubectl("delete", "--filename=-", input=policy)


@pytest.mark.cluster
def test_a_policy_of_groups_alone_is_taken(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "pg.yaml").write_text("secret: pg\nkeys: {a: {}, b: {}}\noneOf: [[a, b]]\n")
    env = {"PATH": "/usr/bin", "HOME": str(tmp_path)}
    made = in_process.run(["contract", "policy", "pg.yaml", "-n", cluster.namespace], env=env, cwd=tmp_path)
    accepted(cluster.kubectl("create", "--dry-run=server", "--filename=-", input=made.stdout.decode()))
