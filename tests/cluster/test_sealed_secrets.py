"""Sealed Secrets for real: sealed by kubeseal, checked by the tool, opened by the controller, installed."""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests import helms, sealed
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import Desk, Values, accepted, existing, leaks, merged, refused

NAME = "heimdall-production-secrets"


class Vault(NamedTuple):
    """A namespace with a controller in it."""

    cluster: Cluster
    certificate: Path

    def seal(self, values: Mapping[str, str], namespace: str = "") -> str:
        """A SealedSecret with these values, as a user makes it from the Secret that `generate` printed."""
        metadata = {"name": NAME, "namespace": namespace or self.cluster.namespace}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": dict(values)}
        return sealed.seal(secret, self.certificate)

    def merge(self, text: str, values: Mapping[str, str], file: Path) -> str:
        """One key sealed anew, into the file with the others."""
        file.write_text(text)
        metadata = {"name": NAME, "namespace": self.cluster.namespace}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": dict(values)}
        words = [str(sealed.program("kubeseal")), "--format=yaml", f"--cert={self.certificate}", f"--merge-into={file}"]
        accepted(helms.run(words, env={"HOME": str(file.parent)}, input=json.dumps(secret)))
        return file.read_text()

    def live(self) -> dict[str, str]:
        """What is in the Secret; nothing where there is none."""
        done = accepted(self.cluster.kubectl("get", "secret", NAME, "--output=json", "--ignore-not-found"))
        data: dict[str, str] = json.loads(done.stdout).get("data", {}) if done.stdout else {}
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def becomes(self, values: Mapping[str, str]) -> bool:
        """Whether the controller makes the Secret hold these, within a minute."""
        for _ in range(300):
            if self.live() == values:
                return True
            time.sleep(0.2)
        return False

    def apply(self, text: str) -> None:
        """As the user does it."""
        accepted(self.cluster.kubectl("apply", "--validate=strict", "--filename=-", input=text))


@pytest.fixture
def vault(cluster: Cluster, tmp_path: Path) -> Iterator[Vault]:
    try:
        with sealed.controller(cluster, tmp_path) as certificate:
            yield Vault(cluster, certificate)
    except helms.Unavailable as error:
        pytest.skip(str(error))


def test_seal_apply_install_rotate(helm: Helm, vault: Vault, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    text = vault.seal(desk.secrets)
    assert not leaks(text, desk.canaries)
    vault.apply(text)
    assert vault.becomes(desk.secrets)
    live = {"HEIMDALL_PR_LIVE": "true", "HEIMDALL_PR_KUBECONFIG": str(vault.cluster.kubeconfig)}
    accepted(desk.run("install", existing(NAME), env=live))
    assert f"ok: Secret {vault.cluster.namespace}/{NAME} has its 4 required keys" in desk.report()
    changed = desk.renew("JWT_SECRET")
    vault.apply(vault.merge(text, {"JWT_SECRET": changed["JWT_SECRET"]}, tmp_path / "sealed.yaml"))
    assert vault.becomes(changed)
    accepted(desk.run("upgrade", existing(NAME), env=live))


def test_in_the_release(helm: Helm, vault: Vault, tmp_path: Path) -> None:
    """The SealedSecret is an object of the chart: its keys are checked before, its Secret comes with the release."""
    desk = Desk(helm, tmp_path / "desk")

    def given(**changes: str | None) -> Values:
        made = yaml.safe_load(vault.seal(merged(desk.secrets, **changes)))
        made["spec"]["template"]["metadata"]["name"] = "another"  # which the controller does not heed, nor may we
        return {**existing(NAME), "extraObjects": [made]}

    refused(desk.run("install", given(ADMIN_PASSWORD=None)), "missing-key", "ADMIN_PASSWORD is missing: SealedSecret")
    assert vault.live() == {}
    accepted(desk.run("install", given()))
    assert "values not checked here" in desk.report()
    assert vault.becomes(desk.secrets)


def test_sealed_for_another_namespace(helm: Helm, vault: Vault, tmp_path: Path) -> None:
    """The controller can't open it, so there is no Secret: --live says so, the keys alone could not."""
    desk = Desk(helm, tmp_path / "desk")
    text = vault.seal(desk.secrets, "elsewhere").replace(
        "namespace: elsewhere", f"namespace: {vault.cluster.namespace}"
    )
    vault.apply(text)
    live = {"HEIMDALL_PR_LIVE": "true", "HEIMDALL_PR_KUBECONFIG": str(vault.cluster.kubeconfig)}
    done = desk.run("template", existing(NAME), "--namespace", vault.cluster.namespace, env=live)
    refused(done, "live-absent", "the live Secret is not in the cluster")
