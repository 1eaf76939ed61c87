"""The API server decides: what the tool says of a Secret is what kubectl makes of it in a real Kubernetes."""

import json

from tests.clusters import Cluster
from tests.reader.test_judged import HAS, LACKS, hooked
from tests.unit.streams import SOUND, encoded

# Helm 4 opens the outer List itself; kubectl refuses a List in a List.
HELM_ONLY = ("a List in a List",)


def test_what_lacks_a_key_lacks_it_live(cluster: Cluster) -> None:
    for name, stream in LACKS:
        assert live(cluster, stream) != encoded(SOUND), name


def test_what_has_all_keys_has_them_live(cluster: Cluster) -> None:
    for name, stream in HAS:
        if name not in HELM_ONLY and not hooked(stream):
            held = live(cluster, stream)
            assert {key: held.get(key) for key in SOUND} == encoded(SOUND), name


def live(cluster: Cluster, stream: str) -> dict[str, str]:
    """The data of the Secret that a stream makes; fields that no API knows are left out, as Helm does it."""
    cluster.kubectl("delete", "secret", "h-secrets", "--ignore-not-found")
    given = stream.replace("namespace: ns", f"namespace: {cluster.namespace}")
    cluster.kubectl("create", "--validate=ignore", "-f", "-", input=given)
    done = cluster.kubectl("get", "secret", "h-secrets", "--ignore-not-found", "-o", "json")
    found: dict[str, str] = (json.loads(done.stdout) if done.stdout.strip() else {}).get("data") or {}
    return found
