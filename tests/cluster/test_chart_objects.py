"""Every object of the chart, after the filter, is one that a real API server takes, where pods must be `restricted`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import clusters, crds, helms
from tests.charts import CI, Document
from tests.clusters import Cluster
from tests.crds import GATEWAY_API
from tests.helms import Helm
from tests.support import CHART, FILE, fresh, leaks, without_secrets

# Somebody else's kinds, which come by `extraObjects` as they are: this API server has no rules for them.
THEIRS = frozenset(("ExternalSecret",))
# The values of these files are printed in public: the tool refuses them, and a person may say that it does not matter.
IGNORE = {"HEIMDALL_PR_IGNORE": "placeholder=these are for tests alone"}


@pytest.fixture
def restricted(cluster: Cluster) -> Cluster:
    """The strictest level of pod security."""
    level = "pod-security.kubernetes.io/enforce=restricted"
    clusters.checked(cluster.kubectl("label", "namespace", cluster.namespace, level))
    return cluster


@contextmanager
def known(cluster: Cluster, documents: list[Document]) -> Iterator[None]:
    """The kind HTTPRoute, where one is among these, is one that the cluster knows."""
    if not any(document["kind"] == "HTTPRoute" for document in documents):
        yield
        return
    try:
        paths = crds.fetch(GATEWAY_API)
    except helms.Unavailable as error:
        pytest.skip(str(error))
    with clusters.defined(cluster, paths):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a secrets file."""
    path = tmp_path / "desk" / FILE
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(fresh()))
    path.chmod(0o600)
    return tmp_path / "desk"


def rendered(helm: Helm, desk: Path, values: Path, namespace: str) -> list[Document]:
    """The objects, filtered."""
    words = ["template", "r", str(CHART), "--namespace", namespace, "--values", str(values), *helm.post_renderer]
    done = helm.run(*words, cwd=desk, env={**fresh(), **IGNORE})
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def pods(documents: list[Document]) -> list[Document]:
    """The pods that the workloads would make: only of those does the API server ask whether they are restricted."""
    templates = [d for d in documents if d["kind"] in ("Deployment", "StatefulSet")]
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {**workload["spec"]["template"]["metadata"], "name": workload["metadata"]["name"]},
            # The chart's own account is not there in a dry run.
            "spec": workload["spec"]["template"]["spec"] | claims(workload) | {"serviceAccountName": "default"},
        }
        for workload in templates
    ]


def claims(workload: Document) -> dict[str, Any]:
    """The pod's volumes, with those that its StatefulSet would add."""
    spec = workload["spec"]
    made = [
        {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]}}
        for claim in spec.get("volumeClaimTemplates", [])
    ]
    return {"volumes": [*spec["template"]["spec"]["volumes"], *made]}


@pytest.mark.parametrize("name", CI)
def test_api_server_takes_every_object(helm: Helm, restricted: Cluster, desk: Path, name: str) -> None:
    """Strictly: an unknown field is an error, and so is a pod that is not restricted, or a warning of any kind."""
    documents = rendered(helm, desk, CI[name], restricted.namespace)
    assert "NeedsPostRenderer" not in {document["kind"] for document in documents}
    ours = [d for d in documents if d["kind"] not in THEIRS]
    stream = json.dumps({"apiVersion": "v1", "kind": "List", "items": [*ours, *pods(ours)]})
    with known(restricted, ours):
        done = restricted.kubectl("apply", "--dry-run=server", "--validate=strict", "--filename=-", input=stream)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr


def test_strict_means_strict(helm: Helm, restricted: Cluster, desk: Path) -> None:
    """The twin: an unknown field and a pod with rights are refused, so that the test above says something."""
    documents = rendered(helm, desk, CI["inline"], restricted.namespace)
    (server,) = (pod for pod in pods(documents) if pod["metadata"]["name"] == "r-heimdall")
    wrong = {
        'unknown field "spec.unknownField"': {**server["spec"], "unknownField": 1},
        "violates PodSecurity": {**server["spec"], "securityContext": {}},
    }
    for reason, spec in wrong.items():
        text = json.dumps({**server, "spec": spec})
        done = restricted.kubectl("apply", "--dry-run=server", "--validate=strict", "--filename=-", input=text)
        assert done.returncode != 0
        assert reason in done.stderr


def test_no_secret_outside_the_secret(helm: Helm, desk: Path, cluster: Cluster) -> None:
    """What the filter filled in is in one object."""
    words = ["template", "r", str(CHART), "--namespace", cluster.namespace]
    done = helm.run(*words, "--values", str(CI["files"]), *helm.post_renderer, cwd=desk)
    values = yaml.safe_load((desk / FILE).read_text()).values()
    assert done.returncode == 0, done.stderr
    assert leaks(without_secrets(done.stdout), values) == []
