"""Sealed Secrets for real: kubeseal and its controller, built from their Go module, the controller in a pod."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests import clusters, crds, helms
from tests.clusters import Cluster

# The newest release that `go install` takes: later ones call their module by another path.
PATH, VERSION = "github.com/bitnami-labs/sealed-secrets", "v0.27.1"
SUM = "h1:oSq/rCGYz0pk7RP4RacIorG/VCWA6c4D8wIEpRkZAUg="
IMAGE = "localhost/python:3"  # any with a shell: the controller comes by `kubectl exec`
RUN = "until [ -e /tmp/ready ]; do sleep 0.2; done; exec /tmp/controller --all-namespaces=false --key-size=2048"
TAKE = "cat > /tmp/controller && chmod +x /tmp/controller && touch /tmp/ready"
PROGRAMS = ("kubeseal", "controller")
KEY_LABEL = "sealedsecrets.bitnami.com/sealed-secrets-key"


def program(name: str) -> Path:
    """Where kubeseal or the controller is; built first where it is not there yet. Raises helms.Unavailable."""
    path = helms.cache() / f"sealed-secrets-{VERSION}" / name
    if not path.exists():
        helms.Bringing.ask(f"{name} {VERSION}")
        if not shutil.which("go"):
            raise helms.Unavailable(f"{name} is built by `go install`, and there is no go on PATH")
        path.parent.mkdir(parents=True, exist_ok=True)
        command = ["go", "install", "-trimpath", f"{PATH}/cmd/{name}@{VERSION}"]
        env = {**os.environ, "GOBIN": str(path.parent), "CGO_ENABLED": "0"}
        if subprocess.run(command, env=env, capture_output=True, check=False, cwd="/").returncode != 0:
            raise helms.Unavailable(f"{name}: `{' '.join(command)}` failed (no network?)")
    told = subprocess.run(["go", "version", "-m", str(path)], capture_output=True, text=True, check=False).stdout
    if f"mod\t{PATH}\t{VERSION}\t{SUM}" not in told:
        raise helms.Unavailable(f"{name}: what is at {path} is not the module that is pinned")
    return path


@contextmanager
def controller(cluster: Cluster, folder: Path) -> Iterator[Path]:
    """The controller for the cluster's namespace; gives its certificate."""
    binary = program("controller").read_bytes()
    with clusters.defined(cluster, crds.fetch(crds.SEALED_SECRETS)):
        clusters.checked(cluster.kubectl("apply", "--filename=-", input=json.dumps(_objects(cluster.namespace))))
        wait = ("wait", "--for=jsonpath={.status.phase}=Running", "--timeout=120s", "pod/sealed-secrets")
        clusters.checked(cluster.kubectl(*wait))
        take = ("exec", "--stdin", "sealed-secrets", "--", "sh", "-c", TAKE)
        clusters.checked(cluster.kubectl(*take, input=binary))
        certificate = folder / "certificate.pem"
        certificate.write_text(_certificate(cluster))
        yield certificate


def seal(secret: Mapping[str, object], certificate: Path) -> str:
    """What kubeseal makes of a Secret, as YAML."""
    command = [str(program("kubeseal")), "--format=yaml", f"--cert={certificate}"]
    done = helms.run(command, env={"PATH": os.defpath, "HOME": str(certificate.parent)}, input=json.dumps(secret))
    return clusters.checked(done).stdout


def _certificate(cluster: Cluster) -> str:
    """The one that the controller made for itself."""
    path = '--output=go-template={{range .items}}{{index .data "tls.crt" | base64decode}}{{end}}'
    for _ in range(300):
        told = cluster.kubectl("get", "secret", f"--selector={KEY_LABEL}", path).stdout
        if "END CERTIFICATE" in told:
            return told
        time.sleep(0.2)
    raise clusters.Unusable(f"no certificate: {cluster.kubectl('logs', 'sealed-secrets').stdout[-2000:]}")


def _objects(namespace: str) -> dict[str, object]:
    """The pod, who it is, and what it may do: no more than its namespace."""
    name = {"name": "sealed-secrets", "namespace": namespace}
    rules = [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]},
        {"apiGroups": ["", "events.k8s.io"], "resources": ["events"], "verbs": ["create", "patch"]},
        {"apiGroups": ["bitnami.com"], "resources": ["sealedsecrets", "sealedsecrets/status"], "verbs": ["*"]},
    ]
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "sealed-secrets"}
    container = {"name": "controller", "image": IMAGE, "command": ["sh", "-c", RUN]}
    items = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": name},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": name, "rules": rules},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": name,
            "roleRef": role,
            "subjects": [{"kind": "ServiceAccount", **name}],
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": name,
            "spec": {
                "serviceAccountName": "sealed-secrets",
                "terminationGracePeriodSeconds": 0,
                "containers": [container],
            },
        },
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}
