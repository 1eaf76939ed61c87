"""The scaffolds that a real API server can judge: each is accepted by their real CRDs, with strict validation.

The drift check is run, by its own script and with the rights of its own ServiceAccount.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from post_renderer.scaffold import scaffold
from post_renderer.scaffold.systems import MADE
from tests import clusters, crds, helms
from tests.charts import inline, named, run
from tests.clusters import Cluster
from tests.crds import ESO, SEALED_SECRETS, Module
from tests.helms import Helm
from tests.support import Done, accepted, fresh, leaks

CUSTOM = [(system, ESO) for system in MADE if system.startswith("eso-")] + [("sealed-secrets", SEALED_SECRETS)]


@pytest.fixture
def defined(cluster: Cluster, module: Module) -> Iterator[Cluster]:
    """A cluster that knows these kinds; those that it did not know before, it does not know afterwards."""
    try:
        with clusters.defined(cluster, crds.fetch(module)):
            yield cluster
    except helms.Unavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("system", "module"), CUSTOM)
def test_accepted_with_strict_validation(defined: Cluster, system: str) -> None:
    text = scaffold.render(scaffold.filled(system, {"namespace": defined.namespace}))
    apply = ("apply", "--server-side", "--validate=strict", "--filename=-")
    accepted(defined.kubectl(*apply, input=text))
    spoiled = defined.kubectl(*apply, input=text.replace("\nspec:\n", "\nspec:\n  spelled-wrongly: x\n"))
    assert spoiled.returncode != 0
    assert "spelled-wrongly" in spoiled.stderr


ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


class Drift:
    """The CronJob of the scaffold, without its image: what its container would do, here."""

    def __init__(self, cluster: Cluster, folder: Path, secret: str) -> None:
        given = {"namespace": cluster.namespace, "release": "r", "secret": secret}
        text = scaffold.render(scaffold.filled("drift", given))
        accepted(cluster.kubectl("apply", "--server-side", "--validate=strict", "--filename=-", input=text))
        (job,) = (each for each in yaml.safe_load_all(text) if each["kind"] == "CronJob")
        (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        self.env = {"HOME": str(folder)} | {each["name"]: each["value"] for each in container["env"]}
        script = container["args"][0].replace("/tmp/", f"{folder}/").replace(ACCOUNT, str(folder))  # noqa: S108  # its volume
        self.words = [*container["command"], script]
        self.account(cluster, folder)

    def account(self, cluster: Cluster, folder: Path) -> None:
        """What the kubelet mounts, and the address that it sets."""
        token = accepted(cluster.kubectl("create", "token", "heimdall-drift")).stdout
        (folder / "token").write_text(token)
        seen = json.loads(accepted(cluster.kubectl("config", "view", "--raw", "--minify", "--output=json")).stdout)
        (about,) = (each["cluster"] for each in seen["clusters"])
        (folder / "ca.crt").write_bytes(base64.b64decode(about["certificate-authority-data"]))
        host, _, port = about["server"].removeprefix("https://").partition(":")
        self.env |= {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port or "443"}

    def run(self, **env: str) -> Done:
        """Its Job."""
        kubectl = Path(shutil.which("kubectl") or helms.fetch("kubectl")).parent
        path = os.pathsep.join([str(helms.HELM_PR.parent), str(kubectl), os.environ["PATH"]])
        return helms.run(self.words, env={**self.env, **env, "PATH": path})


def test_drift(helm: Helm, cluster: Cluster, tmp_path: Path) -> None:
    """Whole; a key that went; a release that is not there; and rights for no other Secret."""
    values = fresh()
    literals = [f"--from-literal={key}={value}" for key, value in values.items()]
    accepted(cluster.kubectl("create", "secret", "generic", "live", *literals))
    accepted(run(helm, "install", {**named("live"), "externalDatabase": {"host": "db"}}))
    drift = Drift(cluster, tmp_path, "live")
    done = drift.run()
    assert (done.returncode, "ok: Secret" in done.stdout) == (0, True), done.stdout + done.stderr
    patch = '[{"op": "remove", "path": "/data/JWT_SECRET"}]'
    accepted(cluster.kubectl("patch", "secret", "live", "--type=json", f"--patch={patch}"))
    lacking = drift.run()
    assert (lacking.returncode, "JWT_SECRET is missing" in lacking.stdout) == (1, True)
    nothing = drift.run(RELEASE="other")
    assert (nothing.returncode, "no contract of the release other" in nothing.stderr) == (1, True)
    assert not leaks(done.stdout + lacking.stdout + lacking.stderr, values.values())
    accepted(run(helm, "upgrade", {**inline(), "externalDatabase": {"host": "db"}}))
    own = Drift(cluster, tmp_path, "r-heimdall-secrets").run()
    assert (own.returncode, "ok: Secret" in own.stdout) == (0, True), own.stdout + own.stderr
    user = f"--as=system:serviceaccount:{cluster.namespace}:heimdall-drift"
    assert cluster.kubectl("auth", "can-i", "get", "secrets/other", user).stdout.strip() == "no"
