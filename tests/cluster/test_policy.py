"""The policy on a real API server: nobody takes a key out of the Secret, and everything that has to go goes."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import CHART, KEYS, Done, Values, accepted, fresh, leaks, merged

Data = dict[str, str]


class Court:
    """One Helm in one namespace, with a release `r` that has the policy on the Secret `live`."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.folder = helm, cluster, folder
        self.secrets = fresh()
        self.name = f"{cluster.namespace}.r-heimdall.heimdall-secrets"

    def kubectl(self, *args: str, typed: str = "") -> Done:
        """In the namespace; no value is in what it says of a refusal."""
        done = self.cluster.kubectl(*args, input=typed)
        assert not leaks(done.stderr, self.secrets.values())
        return done

    def run(self, verb: str, **more: object) -> Done:
        """`helm VERB r`."""
        given = {"heimdall": {"existingSecret": "live"}, "externalDatabase": {"host": "db"}, **more}
        return self.helm.run(verb, "r", str(CHART), "--values", "-", cwd=self.folder, input=json.dumps(given))

    def put(self, data: Data, verb: str = "replace", name: str = "live", **fields: object) -> Done:
        """Written by somebody."""
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded, **fields}
        return self.kubectl(verb, "--filename=-", typed=json.dumps(made))

    def patch(self, patch: Values, *flags: str) -> Done:
        """A change of some fields."""
        return self.kubectl("patch", "secret", "live", "--type=merge", f"--patch={json.dumps(patch)}", *flags)

    def begin(self, **policy: object) -> None:
        """Installed, and in force."""
        accepted(self.put(self.secrets, "create"))
        accepted(self.run("install", policy={"enabled": True, **policy}))
        self.in_force()

    def in_force(self) -> None:
        """An API server takes a moment to learn of it."""
        for _ in range(200):
            if "Heimdall needs" in self.patch({"data": {"JWT_SECRET": None}}, "--dry-run=server").stderr:
                return
            time.sleep(0.1)
        raise AssertionError("the policy is not in force after 20 s")


@pytest.fixture
def court(helm: Helm, cluster: Cluster, tmp_path: Path) -> Iterator[Court]:
    """Fresh; what has no namespace is deleted too."""
    made = Court(helm, cluster, tmp_path)
    yield made
    kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings"
    cluster.kubectl("delete", kinds, made.name, "--ignore-not-found")


def denied(done: Done, *keys: str) -> None:
    """By a sentence that names these keys, in their order, and no other."""
    assert done.returncode == 1, done.stdout
    assert f"Heimdall needs {', '.join(keys)} in the Secret live, which would be without" in done.stderr, done.stderr


def soon(change: Callable[[], Done]) -> None:
    """Let through as soon as the API server has learned of it."""
    for _ in range(100):
        if change().returncode == 0:
            return
        time.sleep(0.1)
    accepted(change())


def test_deny(court: Court) -> None:
    """Each way to take a key out, and what is nobody's business."""
    court.begin()
    denied(court.patch({"data": {"JWT_SECRET": None}}), "JWT_SECRET")
    denied(court.patch({"data": {"API_KEY_SECRET": ""}}), "API_KEY_SECRET")
    denied(court.patch({"stringData": {"ADMIN_PASSWORD": ""}}), "ADMIN_PASSWORD")
    denied(court.patch({"data": None}), *KEYS)
    denied(court.put(merged(court.secrets, JWT_SECRET=None, ADMIN_PASSWORD="")), "JWT_SECRET", "ADMIN_PASSWORD")
    accepted(court.patch({"data": {"MORE": "eA=="}, "metadata": {"labels": {"a": "b"}}}))
    accepted(court.patch({"stringData": {"JWT_SECRET": fresh()["JWT_SECRET"]}}))
    accepted(court.put({"JWT_SECRET": "x"}, "create", name="others"))
    accepted(court.kubectl("delete", "secret", "live"))
    denied(court.put(merged(court.secrets, DATABASE_PASSWORD=None), "create"), "DATABASE_PASSWORD")
    accepted(court.put({}, "create", stringData=court.secrets))
    policy = accepted(court.kubectl("get", "validatingadmissionpolicy", court.name, "--output=json")).stdout
    assert json.loads(policy)["status"].get("typeChecking", {}).get("expressionWarnings", []) == []


def test_the_release_goes_on(court: Court) -> None:
    """Upgrades; a key that comes from elsewhere is not asked for any more; the end, with the policy."""
    court.begin()
    accepted(court.run("upgrade", policy={"enabled": True}))
    keys = {"existingSecret": "live", "keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}}
    accepted(court.put({"password": court.secrets["DATABASE_PASSWORD"]}, "create", name="pg-app"))
    accepted(court.run("upgrade", policy={"enabled": True}, heimdall=keys))
    soon(lambda: court.patch({"data": {"DATABASE_PASSWORD": None}}))
    denied(court.patch({"data": {"DATABASE_PASSWORD": None, "JWT_SECRET": None}}), "JWT_SECRET")
    accepted(court.helm.run("uninstall", "r", "--wait", "--timeout=60s"))
    assert court.kubectl("get", "validatingadmissionpolicy", court.name).returncode != 0
    soon(lambda: court.patch({"data": {"JWT_SECRET": None}}))


def test_audit(court: Court) -> None:
    """Let through, and the one who did it is warned."""
    court.begin(action="Audit")
    done = accepted(court.patch({"data": {"JWT_SECRET": None}}))
    assert "Warning" in done.stderr
    assert "Heimdall needs JWT_SECRET in the Secret live" in done.stderr


def test_what_has_to_go_goes(court: Court) -> None:
    """A Secret that was broken before, with a finalizer, loses it; the namespace goes while the policy is there."""
    accepted(court.put(merged(court.secrets, JWT_SECRET=None), "create"))
    accepted(court.patch({"metadata": {"finalizers": ["example.com/slow"]}}))
    accepted(
        court.run("install", policy={"enabled": True}, heimdall={"existingSecret": "live", "verifyExisting": False})
    )
    court.in_force()
    denied(court.patch({"metadata": {"labels": {"a": "b"}}}), "JWT_SECRET")
    accepted(court.kubectl("delete", "secret", "live", "--wait=false"))
    accepted(court.patch({"metadata": {"finalizers": None}}))
    assert court.kubectl("get", "secret", "live").returncode != 0
    accepted(court.kubectl("delete", "namespace", court.cluster.namespace, "--timeout=60s"))
    accepted(court.kubectl("get", "validatingadmissionpolicy", court.name))
