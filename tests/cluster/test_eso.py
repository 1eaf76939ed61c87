"""A scaffold of External Secrets on a real API server, where a stand-in makes the Secret as the operator does.

It is no operator: it reads the ExternalSecret, and makes the Secret of its target whole or not at all, with the
operator's labels and owned by the ExternalSecret.
"""

import base64
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer.scaffold import scaffold
from tests import clusters, crds, helms
from tests.charts import named, run
from tests.cluster.field import APP_IMAGE, image
from tests.clusters import Cluster
from tests.crds import ESO
from tests.helms import Helm
from tests.support import KEYS, Desk, Values, accepted, existing, merged, refused

NAME = "heimdall-production-secrets"
LABELS = {"reconcile.external-secrets.io/managed": "true", "reconcile.external-secrets.io/created-by": "stand-in"}


class StandIn:
    """Looks four times a second whether there is an ExternalSecret that it can serve from `manager`."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.manager = cluster, dict[str, str]()
        self.end = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.end.wait(0.25):
            done = self.cluster.kubectl("get", "externalsecret", NAME, "--output=json", "--ignore-not-found")
            if done.returncode == 0 and done.stdout:
                self.serve(json.loads(done.stdout))

    def serve(self, external: Any) -> None:  # noqa: ANN401  # whatever the API server says
        wanted = {each["secretKey"]: each["remoteRef"]["property"] for each in external["spec"]["data"]}
        if any(name not in self.manager for name in wanted.values()):
            return
        data = {key: base64.b64encode(self.manager[name].encode()).decode() for key, name in wanted.items()}
        owner = {"apiVersion": external["apiVersion"], "kind": external["kind"], "controller": True}
        owner |= {name: external["metadata"][name] for name in ("name", "uid")}
        metadata = {"name": external["spec"]["target"]["name"], "labels": LABELS, "ownerReferences": [owner]}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}
        apply = ("apply", "--server-side", "--field-manager=externalsecrets", "--filename=-")
        self.cluster.kubectl(*apply, input=json.dumps(secret))


@pytest.fixture
def operator(cluster: Cluster) -> Iterator[StandIn]:
    try:
        with clusters.defined(cluster, crds.fetch(ESO)):
            stand_in = StandIn(cluster)
            stand_in.thread.start()
            try:
                yield stand_in
            finally:
                stand_in.end.set()
                stand_in.thread.join()
    except helms.Unavailable as error:
        pytest.skip(str(error))


def filled(cluster: Cluster) -> scaffold.Filled:
    return scaffold.filled("eso-vault", {"namespace": cluster.namespace})


def live(cluster: Cluster) -> Mapping[str, str]:
    """What makes the tool look at the live Secret."""
    return {"HEIMDALL_PR_LIVE": "true", "HEIMDALL_PR_KUBECONFIG": str(cluster.kubeconfig)}


def waited(cluster: Cluster, condition: str) -> bool:
    """Whether the Secret comes or goes within 20 seconds, as the docs let a person wait for it."""
    return cluster.kubectl("wait", f"--for={condition}", "--timeout=20s", f"secret/{NAME}").returncode == 0


def test_applied_before(helm: Helm, operator: StandIn, tmp_path: Path) -> None:
    """All or nothing: no Secret while the manager lacks a key; then it comes, and the install goes through."""
    cluster, desk = operator.cluster, Desk(helm, tmp_path / "desk")
    operator.manager = merged(desk.secrets, ADMIN_PASSWORD=None)
    accepted(
        cluster.kubectl(
            "apply", "--server-side", "--validate=strict", "--filename=-", input=scaffold.render(filled(cluster))
        )
    )
    args = ("--namespace", cluster.namespace)
    refused(desk.run("template", existing(NAME), *args, env=live(cluster)), "live-absent")
    operator.manager = dict(desk.secrets)
    assert waited(cluster, "create")
    accepted(desk.run("install", existing(NAME), env=live(cluster)))
    assert f"ok: Secret {cluster.namespace}/{NAME} has its {len(KEYS)} required keys" in desk.report()


def test_with_the_release(helm: Helm, operator: StandIn, tmp_path: Path) -> None:
    """The objects come and go with the release, and the Secret with them."""
    cluster, desk = operator.cluster, Desk(helm, tmp_path / "desk")
    operator.manager = dict(desk.secrets)
    values: Values = yaml.safe_load(scaffold.values(filled(cluster)))
    accepted(desk.run("install", values))
    assert "values not checked here" in desk.report()
    assert waited(cluster, "create")
    accepted(desk.run("upgrade", values))
    accepted(desk.helm.run("uninstall", "r"))
    assert waited(cluster, "delete")


# --- what the gate says if the operator fails -----------------------------------------------------------------------

CAUSES = {"ExternalSecret": "could not get secret data from provider", "SecretStore": "unable to log in with auth"}


def fails_as_the_operator_does(cluster: Cluster) -> None:
    """Its warnings, at the objects that it could not serve (pkg/controllers of the operator: `recorder.Event`)."""
    for kind, message in CAUSES.items():
        found = json.loads(accepted(cluster.kubectl("get", kind, "--output=json")).stdout)["items"]
        assert found, kind
        for each in found:
            its = {name: each["metadata"][name] for name in ("name", "namespace", "uid")}
            event = {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"generateName": "stand-in-"},
                "involvedObject": {"apiVersion": each["apiVersion"], "kind": kind, **its},
                "type": "Warning",
                "reason": "UpdateFailed",
                "message": message,
                "source": {"component": "external-secrets"},
            }
            accepted(cluster.kubectl("create", "--filename=-", input=json.dumps(event)))


def test_the_gates_commands_show_the_cause(helm: Helm, operator: StandIn) -> None:
    """The Secret never comes; each command of the report, run as it is printed, shows what the operator wrote."""
    cluster = operator.cluster
    made = scaffold.render(filled(cluster))
    accepted(cluster.kubectl("apply", "--server-side", "--validate=strict", "--filename=-", input=made))
    fails_as_the_operator_does(cluster)
    gate = {"enabled": True, "timeout": 2, "image": image(APP_IMAGE)}
    done = run(helm, "install", {**named(NAME), "gate": gate}, "--timeout=120s")
    assert done.returncode != 0
    found = re.search(r"why it was not made: (.+?); if External Secrets makes it: (.+?)(?:\n|\\n)", done.stderr)
    assert found, done.stderr
    events, stores = (shell(cluster, command) for command in found.groups())
    for message in CAUSES.values():
        assert message in events
        assert message in stores


def shell(cluster: Cluster, command: str) -> str:
    """What a printed command prints."""
    kubectl = Path(shutil.which("kubectl") or helms.fetch("kubectl"))
    path = f"{kubectl.parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(cluster.kubeconfig.parent), "KUBECONFIG": str(cluster.kubeconfig)}
    return accepted(helms.run(["sh", "-ec", command], env=env)).stdout
