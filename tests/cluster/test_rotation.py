"""How a changed Secret reaches the pod: what Kubernetes does by itself, what the Reloader's annotation is good for.

Stand-ins for what can't be run here: External Secrets Operator (a Secret with its labels, its owner, late, all keys at
once) and Stakater's Reloader (it changes a variable in the pod template of whoever's annotation names the Secret).
"""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cluster.field import APP_IMAGE, image
from tests.cluster.test_chart_alone import SERVE
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import CHART, KEYS, Done, Values, accepted, fresh, leaks

VALUES: Values = {
    "heimdall": {"existingSecret": "live"},
    "externalDatabase": {"host": "db"},
    "waitForDatabase": {"enabled": False},
    "image": image(APP_IMAGE),
    "command": ["sh", "-c", SERVE],
    "probes": {name: {"periodSeconds": 1} for name in ("startup", "readiness")},
    "gate": {"enabled": True, "timeout": 60, "image": image(APP_IMAGE)},
    "reloader": {"enabled": True},
    "terminationGracePeriodSeconds": 1,
    "lifecycle": None,
}


class Plant:
    """A release whose Secret somebody else makes and changes."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.folder = helm, cluster, folder
        self.canaries: set[str] = set()

    def kubectl(self, *args: str, typed: str = "") -> str:
        """What it printed, where it went well."""
        return accepted(self.cluster.kubectl(*args, input=typed)).stdout

    def run(self, verb: str, *flags: str) -> Done:
        """`helm VERB r`, until the pod is ready."""
        words = [verb, "r", str(CHART), "--values", "-", "--wait", "--timeout=120s", *flags]
        return self.helm.run(*words, cwd=self.folder, input=json.dumps(VALUES))

    def sync(self, owner: Values) -> dict[str, str]:
        """New values for all keys, as the operator writes them: in one go, as its own."""
        made = fresh()
        self.canaries |= set(made.values())
        reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "eso", "uid": owner["metadata"]["uid"]}
        labels = {"reconcile.external-secrets.io/managed": "true", "reconcile.external-secrets.io/created-by": "x"}
        about = {"name": "live", "labels": labels, "ownerReferences": [{**reference, "controller": True}]}
        data = {key: base64.b64encode(value.encode()).decode() for key, value in made.items()}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": about, "data": data}
        flags = ("--server-side", "--field-manager=externalsecrets.external-secrets.io/live", "--filename=-")
        self.kubectl("apply", *flags, typed=json.dumps(secret))
        return made

    def owner(self) -> Values:
        """What owns the Secret."""
        self.kubectl("create", "configmap", "eso")
        return dict(json.loads(self.kubectl("get", "configmap", "eso", "--output=json")))

    def reload(self) -> list[str]:
        """As the Reloader does it: a variable that changes with the Secret, in each Deployment that names it."""
        version = self.kubectl("get", "secret", "live", "--output=jsonpath={.metadata.resourceVersion}")
        reloaded = []
        for each in json.loads(self.kubectl("get", "deployments", "--output=json"))["items"]:
            named = each["metadata"].get("annotations", {}).get("secret.reloader.stakater.com/reload", "")
            if "live" in named.split(","):
                container = each["spec"]["template"]["spec"]["containers"][0]["name"]
                env = [{"name": "STAKATER_LIVE_SECRET", "value": version}]
                spec = {"containers": [{"name": container, "env": env}]}
                patch = json.dumps({"spec": {"template": {"spec": spec}}})
                self.kubectl("patch", "deployment", each["metadata"]["name"], f"--patch={patch}")
                reloaded.append(each["metadata"]["name"])
        return reloaded

    def settled(self) -> None:
        """The last change has its pod."""
        self.kubectl("rollout", "status", "deployment/r-heimdall", "--timeout=60s")

    def pods(self) -> list[str]:
        """Those that are not on their way out."""
        chosen = "--selector=app.kubernetes.io/component=server"
        items = json.loads(self.kubectl("get", "pods", chosen, "--output=json"))["items"]
        return [item["metadata"]["uid"] for item in items if "deletionTimestamp" not in item["metadata"]]

    def env(self) -> dict[str, str]:
        """The four keys as the application has them."""
        lines = self.kubectl("exec", "deployment/r-heimdall", "--", "env").splitlines()
        found = dict(line.partition("=")[::2] for line in lines)
        return {key: found[key] for key in KEYS}


@pytest.fixture
def plant(helm: Helm, cluster: Cluster, tmp_path: Path) -> Iterator[Plant]:
    """Fresh; at its end no value is in any log, event or state."""
    made = Plant(helm, cluster, tmp_path)
    yield made
    said = made.kubectl("get", "events,pods,deployments,jobs,configmaps", "--output=yaml")
    assert not leaks(said, made.canaries)


def installed_late(plant: Plant, owner: Values) -> dict[str, str]:
    """The operator is slower than Helm; what the pod has then."""
    with ThreadPoolExecutor(1) as pool:
        installing = pool.submit(plant.run, "install")
        time.sleep(3)
        made = plant.sync(owner)
        accepted(installing.result())
    assert plant.env() == made
    return made


def test_rotation(plant: Plant) -> None:
    """Late at first; changed: no restart by itself, one by the Reloader's way, one by hand; Helm goes on after both."""
    owner = plant.owner()
    first, before = installed_late(plant, owner), plant.pods()
    second = plant.sync(owner)
    time.sleep(5)
    assert (plant.pods(), plant.env()) == (before, first)  # a variable is read once, when the container starts
    assert plant.reload() == ["r-heimdall"]
    plant.settled()
    assert plant.env() == second
    accepted(plant.run("upgrade"))
    third = plant.sync(owner)
    plant.kubectl("rollout", "restart", "deployment/r-heimdall")
    plant.settled()
    assert plant.env() == third
    accepted(plant.run("upgrade"))


def test_its_end_is_the_secrets_end(plant: Plant) -> None:
    """Without the ExternalSecret no Secret; the pod runs on, and the next upgrade is refused by the gate."""
    owner = plant.owner()
    plant.sync(owner)
    accepted(plant.run("install"))
    before = plant.pods()
    plant.kubectl("delete", "configmap", "eso")
    plant.kubectl("wait", "--for=delete", "secret/live", "--timeout=60s")
    done = plant.run("upgrade", "--set=gate.timeout=0")
    assert (done.returncode, "r-heimdall-requires-secret" in done.stderr) == (1, True)
    assert "error secret-absent" in done.stderr
    assert plant.pods() == before
