"""The example chart of the library lives its life: refused, installed, rotated, gated, uninstalled."""

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import library
from tests.cluster.field import APP_IMAGE, DATABASE_IMAGE
from tests.clusters import Cluster
from tests.helms import Helm
from tests.library import SOUND
from tests.support import Done, accepted

WAIT = ("--wait", "--timeout=180s")
SHORT = "kP3-vQ8~wZ1"
ROTATED = "b7e1" * 3 + "90aa5c7712de84f3b7c6519a0de2f4c81b3a7d5e60f192834756"


class Shop:
    """The example as a release in a namespace of its own."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.folder = helm, cluster, folder
        self.chart = library.shop(folder)

    def run(self, verb: str, given: Mapping[str, Any], *more: str, release: str = "web") -> Done:
        values = {"shop": given, "image": APP_IMAGE, "database": {"image": DATABASE_IMAGE}}
        words = (verb, release, str(self.chart), "--values", "-", *more)
        return self.helm.run(*words, cwd=self.folder, input=json.dumps(values))

    def secret(self, values: Mapping[str, str], name: str = "web-own") -> Done:
        """Make or change a Secret, as a secret manager does."""
        data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
        made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": data}
        return self.cluster.kubectl("apply", "--filename=-", input=json.dumps(made))

    def file(self, values: Mapping[str, str]) -> dict[str, Any]:
        path = self.folder / "shop-secrets.yaml"
        path.write_text(json.dumps(values))
        path.chmod(0o600)
        return {"secretsFiles": [path.name]}

    def seen(self) -> tuple[str, str]:
        """A key as the application has it: as a variable and as a file."""
        code = "import os; print(os.environ['SESSION_KEY'], open('/run/secrets/shop/SESSION_KEY').read())"
        command = ("exec", "deployment/web-shop", "--container=shop", "--", "python3", "-c", code)
        variable, file = accepted(self.cluster.kubectl(*command)).stdout.split()
        return variable, file


def without(key: str) -> dict[str, str]:
    return {name: value for name, value in SOUND.items() if name != key}


@pytest.mark.cluster
def test_the_life_of_the_example(helm: Helm, cluster: Cluster, tmp_path: Path) -> None:
    shop = Shop(helm, cluster, tmp_path)
    refusals(shop)
    accepted(shop.run("install", shop.file(SOUND), *helm.post_renderer, *WAIT))
    assert shop.seen() == (SOUND["SESSION_KEY"], SOUND["SESSION_KEY"])
    rotated = shop.file({**SOUND, "SESSION_KEY": ROTATED})
    forgotten = shop.run("upgrade", rotated)
    assert (forgotten.returncode, "NeedsPostRenderer" in forgotten.stderr) == (1, True), forgotten.stderr
    accepted(shop.run("upgrade", rotated, *helm.post_renderer, *WAIT))
    assert shop.seen() == (ROTATED, ROTATED)
    gated(shop)
    names(shop)
    accepted(helm.run("uninstall", "web", "--wait", "--timeout=120s"))
    left = accepted(cluster.kubectl("get", "secrets,configmaps,deployments,jobs", "--output=name")).stdout.split()
    assert left == ["secret/web-own", "configmap/kube-root-ca.crt"]


def refusals(shop: Shop) -> None:
    """Each key missing, in each way, before anything is installed."""
    for key in SOUND:
        done = shop.run("install", {"secrets": without(key)})
        assert f"shop.secrets: {key} is missing" in done.stderr, done.stderr
        done = shop.run("install", shop.file(without(key)), *shop.helm.post_renderer)
        assert (done.returncode, key in done.stderr) == (1, True), done.stderr
        accepted(shop.secret(without(key)))
        done = shop.run("install", {"existingSecret": "web-own"})
        assert f"  {key} is missing or empty" in done.stderr, done.stderr
        accepted(shop.cluster.kubectl("delete", "secret", "web-own"))
    done = shop.run("install", {"existingSecret": "web-own"})
    assert "The Secret web-own (shop.existingSecret) is not in the namespace" in done.stderr
    assert accepted(shop.helm.run("list", "--short")).stdout == ""


def names(shop: Shop) -> None:
    """The longest release, an application that is called as no object can be, and no key but in a group."""
    path = shop.chart / "templates" / "_secrets.tpl"
    text = path.read_text().replace("application: shop", "application: My_App")
    begin = text.index("keys:")
    path.write_text(text[:begin] + "keys: {a: {}, b: {}}\noneOf: [[a, b]]\n{{- end -}}\n")
    pods = shop.chart / "templates" / "shop.yaml"
    pods.write_text(pods.read_text().replace("$secrets.from.DATABASE_PASSWORD", "$secrets.from.a"))
    given: dict[str, Any] = {"existingSecret": "own"}
    done = shop.run("upgrade", given)
    assert "  It must have a, or b. Let your secret manager create it, or:" in done.stderr, done.stderr
    given |= {"gate": {"enabled": True}, "policy": {"enabled": True}}
    stream = shop.run("template", given, release="a" * 53)
    accepted(shop.cluster.kubectl("apply", "--dry-run=server", "--filename=-", input=accepted(stream).stdout))


def gated(shop: Shop) -> None:
    """To an existing Secret, with the gate and the policy."""
    given = {
        "existingSecret": "web-own",
        "gate": {"enabled": True, "timeout": 0, "image": APP_IMAGE},
        "policy": {"enabled": True},
    }
    accepted(shop.secret({**SOUND, "DATABASE_PASSWORD": SHORT}))
    done = shop.run("upgrade", given, *WAIT)
    assert (done.returncode, "web-shop-requires-secret" in done.stderr) == (1, True), done.stderr
    accepted(shop.secret({**SOUND, "SESSION_KEY": ROTATED}))
    accepted(shop.run("upgrade", given, *WAIT))
    until = time.monotonic() + 60
    while (done := shop.secret({**SOUND, "DATABASE_PASSWORD": SHORT})).returncode == 0:
        assert time.monotonic() < until, "the policy is not in force"
        time.sleep(0.2)
    assert "DATABASE_PASSWORD must have at least 12 characters in the Secret web-own" in done.stderr
    done = shop.secret({"SESSION_KEY": ROTATED})
    assert "shop needs DATABASE_PASSWORD in the Secret web-own" in done.stderr
