"""The scaffolds against the CRDs of those who read them, and in the chart's extraObjects."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer.scaffold import scaffold
from post_renderer.scaffold.systems import MADE
from tests import crds, helms
from tests.crds import ESO, SEALED_SECRETS, Module
from tests.helms import Helm
from tests.support import CHART, KEYS, ROOT, Desk, Values, accepted, documents, fresh, leaks, named, refused

CUSTOM = [(system, ESO) for system in MADE if system.startswith("eso-")] + [("sealed-secrets", SEALED_SECRETS)]


def schemas(module: Module) -> dict[tuple[str, str], Any]:
    try:
        return crds.schemas(module)
    except helms.Unavailable as error:
        pytest.skip(str(error))


def objects(system: str) -> list[Values]:
    """A scaffold's objects with all defaults."""
    return list(yaml.safe_load_all(scaffold.render(scaffold.filled(system, {}))))


@pytest.mark.parametrize(("system", "module"), CUSTOM)
def test_their_own_schema(system: str, module: Module) -> None:
    """The apiVersion is served, no field is unknown, none that is required is missing."""
    known = schemas(module)
    judged = [each for each in objects(system) if "/" in each["apiVersion"]]
    assert judged
    for each in judged:
        assert crds.problems(each, known[each["apiVersion"], each["kind"]]) == []


BROKEN = [
    ("an unknown field", {"spec": {"dataa": []}}, "spec.dataa: is unknown"),
    ("a wrong type", {"spec": {"data": {}}}, "spec.data: no array"),
    ("a field that is missing", {"spec": {"data": [{"secretKey": "x"}]}}, "spec.data[0].remoteRef: is missing"),
    ("a word that is none of those", {"spec": {"target": {"creationPolicy": "Own"}}}, "creationPolicy: not one of"),
]


@pytest.mark.parametrize(("value", "told"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_schema_refuses(value: Values, told: str) -> None:
    """Else the test above would say nothing."""
    (problem,) = crds.problems(value, schemas(ESO)["external-secrets.io/v1", "ExternalSecret"])
    assert told in problem


# What VSO and the CSI driver publish about their resources: their CRDs come with no module that can be had, so the
# shape is checked against this, and nothing was run. A leaf is the type; `*` is any key; `!` marks what is required.
TEXT, FLAG, WHOLE = str, bool, int
VSO = "secrets.hashicorp.com/v1beta1"
PUBLISHED: dict[tuple[str, str], Any] = {
    (VSO, "VaultConnection"): {
        "address!": TEXT,
        "skipTLSVerify!": FLAG,
        "headers": {"*": TEXT},
        "tlsServerName": TEXT,
        "caCertSecretRef": TEXT,
        "timeout": TEXT,
    },
    (VSO, "VaultAuth"): {
        "vaultConnectionRef": TEXT,
        "method": ("kubernetes", "jwt", "appRole", "aws", "gcp"),
        "mount": TEXT,
        "namespace": TEXT,
        "params": {"*": TEXT},
        "headers": {"*": TEXT},
        "allowedNamespaces": [TEXT],
        "kubernetes": {
            "role": TEXT,
            "serviceAccount": TEXT,
            "audiences": [TEXT],
            "tokenExpirationSeconds": WHOLE,
        },
    },
    (VSO, "VaultStaticSecret"): {
        "vaultAuthRef": TEXT,
        "namespace": TEXT,
        "mount!": TEXT,
        "path!": TEXT,
        "version": WHOLE,
        "type!": ("kv-v1", "kv-v2"),
        "refreshAfter": TEXT,
        "hmacSecretData": FLAG,
        "rolloutRestartTargets": [{"kind!": ("Deployment", "DaemonSet", "StatefulSet", "argo.Rollout"), "name!": TEXT}],
        "syncConfig": {"instantUpdates": FLAG},
        "destination!": {
            "name!": TEXT,
            "create": FLAG,
            "overwrite": FLAG,
            "labels": {"*": TEXT},
            "annotations": {"*": TEXT},
            "type": TEXT,
            "transformation": {
                "templates": {"*": {"name": TEXT, "text!": TEXT}},
                "transformationRefs": [
                    {"namespace": TEXT, "name": TEXT, "ignoreIncludes": FLAG, "ignoreExcludes": FLAG}
                ],
                "includes": [TEXT],
                "excludes": [TEXT],
                "excludeRaw": FLAG,
            },
        },
    },
    ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass"): {
        "provider": ("aws", "azure", "gcp", "vault"),
        "parameters": {"*": TEXT},
        "secretObjects": [
            {
                "secretName": TEXT,
                "type": TEXT,
                "labels": {"*": TEXT},
                "annotations": {"*": TEXT},
                "data": [{"key": TEXT, "objectName": TEXT}],
            }
        ],
    },
}
PARAMETERS = {
    "csi-aws": {"objects", "region", "usePodIdentity", "pathTranslation", "failoverRegion", "preferredAddressType"},
    "csi-gcp": {"secrets", "auth"},
    "csi-azure": {"usePodIdentity", "useVMManagedIdentity", "userAssignedIdentityID", "clientID", "keyvaultName",
                  "tenantID", "objects", "cloudName"},
    "csi-vault": {"vaultAddress", "roleName", "objects", "vaultNamespace", "vaultAuthMountPath", "audience",
                  "vaultSkipTLSVerify"},
}  # fmt: skip  # a table to read
# The one that lists the objects is YAML in a text, which each provider reads in its own way, and no API server does.
LISTED: dict[str, tuple[str, Any]] = {
    "csi-aws": ("objects", {
        "objectName!": TEXT, "objectType!": ("secretsmanager", "ssmparameter"), "objectAlias": TEXT,
        "objectVersion": TEXT, "objectVersionLabel": TEXT, "filePermission": TEXT,
        "jmesPath": [{"path!": TEXT, "objectAlias!": TEXT, "filePermission": TEXT}],
    }),
    "csi-gcp": ("secrets", {"resourceName!": TEXT, "path!": TEXT, "mode": WHOLE, "extractJsonKey": TEXT}),
    "csi-azure": ("objects", {
        "objectName!": TEXT, "objectType!": ("secret", "key", "cert"), "objectAlias": TEXT, "objectVersion": TEXT,
        "objectVersionHistory": WHOLE, "objectFormat": ("pem", "pfx"), "objectEncoding": TEXT, "filePermission": TEXT,
    }),
    "csi-vault": ("objects", {
        "objectName!": TEXT, "secretPath!": TEXT, "secretKey": TEXT, "method": TEXT, "secretArgs": {"*": TEXT},
        "encoding": TEXT, "filePermission": WHOLE,
    }),
}  # fmt: skip  # a table to read


def strays(value: Any, shape: Any, path: str = "spec") -> list[str]:  # noqa: ANN401  # whatever YAML holds
    """Where a value is not of a published shape."""
    if isinstance(shape, dict):
        plain = {name.rstrip("!"): below for name, below in shape.items()}
        missing = [f"{path}.{name[:-1]}: is missing" for name in shape if name.endswith("!") and name[:-1] not in value]
        unknown = [f"{path}.{name}: is unknown" for name in value if name not in plain and "*" not in plain]
        known = ((name, each) for name, each in value.items() if name in plain or "*" in plain)
        below = [s for name, each in known for s in strays(each, plain.get(name, plain.get("*")), f"{path}.{name}")]
        return missing + unknown + below
    if isinstance(shape, list):
        return [s for index, each in enumerate(value) for s in strays(each, shape[0], f"{path}[{index}]")]
    fits = value in shape if isinstance(shape, tuple) else type(value) is shape
    return [] if fits else [f"{path}: {value!r}"]


@pytest.mark.parametrize("system", ["vso", *PARAMETERS])
def test_the_published_shape(system: str) -> None:
    judged = [each for each in objects(system) if "/" in each["apiVersion"]]
    assert judged
    for each in judged:
        assert strays(each["spec"], PUBLISHED[each["apiVersion"], each["kind"]]) == []
        if system in PARAMETERS:
            assert set(each["spec"]["parameters"]) <= PARAMETERS[system]


@pytest.mark.parametrize("system", LISTED)
def test_the_objects_of_a_provider(system: str) -> None:
    """What its provider reads, and the name that it gives to each file, which `secretObjects` takes."""
    (found,) = objects(system)
    name, shape = LISTED[system]
    listed = yaml.safe_load(found["spec"]["parameters"][name])
    if system == "csi-azure":  # a list of texts, each YAML once more
        listed = [yaml.safe_load(each) for each in listed["array"]]
    assert [stray for each in listed for stray in strays(each, shape)] == []
    if system == "csi-gcp":
        assert all(re.fullmatch("projects/[^/]+/secrets/[^/]+/versions/[^/]+", each["resourceName"]) for each in listed)
    entries = listed[0]["jmesPath"] if system == "csi-aws" else listed
    files = [each.get("objectAlias") or each.get("path") or each["objectName"] for each in entries]
    (made,) = found["spec"]["secretObjects"]
    assert [each["objectName"] for each in made["data"]] == files
    assert [each["key"] for each in made["data"]] == list(KEYS)


def test_the_published_shape_refuses() -> None:
    assert strays({"address": 1, "x": 2}, PUBLISHED[VSO, "VaultConnection"]) == [
        "spec.skipTLSVerify: is missing",
        "spec.x: is unknown",
        "spec.address: 1",
    ]


# --- in the chart ----------------------------------------------------------------------------------------------------

OUTSIDE = {"externalDatabase": {"host": "postgresql.example.com"}}


def values(system: str) -> Values:
    """What `scaffold --values` prints, with a database."""
    found: Values = yaml.safe_load(scaffold.values(scaffold.filled(system, {"namespace": "default"})))
    return {**found, **OUTSIDE}


@pytest.mark.parametrize("system", [name for name in MADE if name != "sealed-secrets"])
def test_in_extra_objects(helm: Helm, tmp_path: Path, system: str) -> None:
    """The objects leave the chart as the scaffold has them; the report says whose keys they are, never ok."""
    desk = Desk(helm, tmp_path / "desk")
    done = accepted(desk.template(values(system), "--namespace", "default", env={"HEIMDALL_PR_STRICT": "true"}))
    rendered = documents(done)
    for each in yaml.safe_load_all(scaffold.render(scaffold.filled(system, {"namespace": "default"}))):
        found = named(rendered, each["kind"], each["metadata"]["name"])
        assert {name: found[name] for name in each if name != "metadata"} == {
            k: v for k, v in each.items() if k != "metadata"
        }
    assert "values not checked here: Secret default/heimdall-production-secrets" in desk.report()
    assert "ok:" not in desk.report()


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_the_producer_lacks(helm: Helm, tmp_path: Path, key: str) -> None:
    """Helm is refused, with the producer, its line and what to add."""
    desk = Desk(helm, tmp_path / "desk")
    given = values("eso-vault")
    (external,) = (each for each in given["extraObjects"] if each["kind"] == "ExternalSecret")
    external["spec"]["data"] = [each for each in external["spec"]["data"] if each["secretKey"] != key]
    done = desk.template(given, "--namespace", "default")
    what = (
        f"{key} is missing: ExternalSecret default/heimdall-production-secrets makes Secret heimdall-production-secrets"
    )
    refused(done, "missing-key", what, "of the stream", f"secretKey: {key}")


def test_a_sealed_secret_that_was_not_sealed(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    refused(
        desk.template(values("sealed-secrets"), "--namespace", "default"),
        *(f"{key} is not what kubeseal" for key in KEYS),
    )


def test_keys_that_are_not_known(helm: Helm, tmp_path: Path) -> None:
    """Not checked here, never ok."""
    desk = Desk(helm, tmp_path / "desk")
    given = values("eso-vault")
    (external,) = (each for each in given["extraObjects"] if each["kind"] == "ExternalSecret")
    external["spec"] = {"secretStoreRef": {"name": "x"}, "dataFrom": [{"extract": {"key": "heimdall"}}]}
    accepted(desk.template(given, "--namespace", "default"))
    assert "not checked here: Secret default/heimdall-production-secrets" in desk.report()
    assert "ok:" not in desk.report()
    refused(desk.template(given, "--namespace", "default", env={"HEIMDALL_PR_STRICT": "true"}), "spec.dataFrom")


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_the_render_of_a_pipeline(helm: Helm, tmp_path: Path, system: str) -> None:
    """The step before the install, as it stands: with the secrets it passes and tells none, without one it fails."""
    shutil.copytree(CHART, tmp_path / "charts" / "heimdall")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "helm").symlink_to(helm.path)
    assert helm.post_renderer
    text = json.dumps(yaml.safe_load(scaffold.render(scaffold.filled(system, {}))))
    (script,) = re.findall(r"HEIMDALL_PR_REDACT=true helm template.*?--post-renderer heimdall-pr(?= >/dev/null)", text)
    script = json.loads(f'"{script}"')
    secrets = fresh()
    path = os.pathsep.join([str(tmp_path / "bin"), str(helms.HELM_PR.parent), helm.env["PATH"]])
    done = helms.run(["bash", "-c", script], env={**helm.env, "PATH": path, **secrets}, cwd=tmp_path)
    assert not leaks(accepted(done).stdout + done.stderr, secrets.values())
    assert done.stdout.count("redacted by heimdall-pr") == len(KEYS)
    del secrets["API_KEY_SECRET"]
    refused(helms.run(["bash", "-c", script], env={**helm.env, "PATH": path, **secrets}, cwd=tmp_path), "env-unset")


def test_the_charts_own_example(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    given: Values = yaml.safe_load((ROOT / "examples" / "values" / "existing-external-secret-values.yaml").read_text())
    accepted(desk.template(given))
    assert "come from ExternalSecret default/heimdall-production-secrets" in desk.report()
