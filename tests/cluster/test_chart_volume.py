"""The volume of the embedded database outlives renames, moves and changed values, on a real API server.

No pod needs to run.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from tests.charts import INLINE, Values, inline, run
from tests.clusters import Cluster, checked
from tests.helms import Helm
from tests.support import Done, accepted, parent

OWN, CLAIM = "r-heimdall-postgresql", "data-r-heimdall-postgresql-0"
RENAMED: Values = {"fullnameOverride": "viewer"}
ELSEWHERE: Values = {"externalDatabase": {"host": "db.example.com"}}
ANNOTATION = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}


def given(**postgresql: object) -> Values:
    """Good inline secrets, and these values of the database."""
    return {**inline(), "postgresql": postgresql}


def kept(**persistence: object) -> Values:
    """The same, and these values of its volume."""
    return given(persistence=persistence)


def refused(done: Done, *texts: str) -> None:
    """With all of this in one error, and no value."""
    assert done.returncode != 0
    assert "heimdall: nothing was rendered: 1 error" in done.stderr, done.stderr
    assert [text for text in texts if text not in done.stderr] == [], done.stderr
    assert not [value for value in INLINE.values() if value in done.stdout + done.stderr]


def tried(helm: Helm, values: Values, verb: str = "upgrade") -> Done:
    """What the API server says of it, and nothing is changed."""
    return run(helm, verb, values, "--dry-run=server")


def until(condition: Callable[[], bool]) -> None:
    """A controller needs a moment."""
    for _ in range(300):
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError(condition)


def read(cluster: Cluster, what: str, path: str) -> str:
    """A field of an object."""
    return checked(cluster.kubectl("get", what, f"--output=jsonpath={{{path}}}")).stdout


def bound(cluster: Cluster, claim: str = CLAIM) -> None:
    """The volume is there: a claim without one has no data."""
    until(lambda: cluster.kubectl("get", "pvc", claim, "--output=jsonpath={.status.phase}").stdout == "Bound")


# Values of an upgrade that is refused, and what the message has besides the name.
CHANGES: list[tuple[Values, list[str]]] = [
    (
        {**inline(), **RENAMED},
        [
            f"The release has a database already, the StatefulSet {OWN} with the volume {CLAIM}",
            "--set fullnameOverride=r-heimdall",
        ],
    ),
    ({**inline(), "nameOverride": "viewer"}, ["Under the new name, r-viewer-postgresql, Heimdall would start with an"]),
    (
        {**inline(), "nameOverride": "viewer", "fullnameOverride": "r-heimdall"},
        [f"The pods of the StatefulSet {OWN} are called heimdall", "leave nameOverride as it was"],
    ),
    (
        kept(size="16Gi"),
        ["postgresql.persistence.size changed", "was made with 8Gi", f"kubectl patch pvc {CLAIM}", "--cascade=orphan"],
    ),
    (
        kept(storageClass="fast"),
        ["postgresql.persistence.storageClass changed", "was made with no storageClass", "pg_dump"],
    ),
    (
        kept(accessModes=["ReadWriteMany"]),
        ["postgresql.persistence.accessModes changed", "was made with ReadWriteOnce"],
    ),
    (
        kept(enabled=False),
        ["postgresql.persistence.enabled and existingClaim changed", f"has a volume of its own, {CLAIM}"],
    ),
    (kept(existingClaim="mine"), ["postgresql.persistence.enabled and existingClaim changed"]),
    (given(database="results"), [f"postgresql.database is results, and the volume {CLAIM} was made with heimdall"]),
    (given(username="me"), [f"postgresql.username is me, and the volume {CLAIM} was made with heimdall"]),
]
# The twins: nothing is lost.
HARMLESS: list[Values] = [
    inline(),
    kept(size="8192Mi"),
    kept(annotations=None),
    kept(whenDeleted="Delete"),
    {**inline(), **ELSEWHERE},
    {**given(trustName=True), **RENAMED},
    given(trustPassword=True, database="results"),
    {**inline(), "fullnameOverride": "r-heimdall"},
]


def test_a_living_database(helm: Helm, cluster: Cluster) -> None:
    """A change of what Kubernetes or PostgreSQL never changes is refused, with the way; a rollback goes on working."""
    accepted(run(helm, "install", inline()))
    for values, texts in CHANGES:
        refused(tried(helm, values), *texts)
    refused(run(helm, "upgrade", {**inline(), **RENAMED}), OWN)
    for values in HARMLESS:
        accepted(tried(helm, values))
    notes = accepted(tried(helm, kept(annotations={"team": "blue"}))).stdout
    assert f"kubectl annotate pvc {CLAIM} --namespace {cluster.namespace} --overwrite team=blue" in notes
    assert f"The volume {CLAIM} stays" in accepted(tried(helm, {**inline(), **ELSEWHERE})).stdout
    assert "kubectl annotate" not in accepted(tried(helm, inline())).stdout
    accepted(run(helm, "upgrade", {**inline(), "podAnnotations": {"revision": "2"}}))
    accepted(helm.run("rollback", "r", "1"))
    accepted(run(helm, "upgrade", inline()))
    bound(cluster)
    assert json.loads(read(cluster, f"pvc/{CLAIM}", ".metadata.annotations")).items() >= ANNOTATION.items()


def test_the_ways_to_another_name_and_size(helm: Helm, cluster: Cluster) -> None:
    """As printed: the volume goes along with the name once its server is stopped; a size takes a new StatefulSet."""
    accepted(run(helm, "install", inline()))
    bound(cluster)
    patch = json.dumps({"spec": {"resources": {"requests": {"storage": "9Gi"}}}})
    cluster.kubectl("patch", "pvc", CLAIM, "--patch", patch)  # this class can't, and the way is the same
    checked(cluster.kubectl("delete", "statefulset", OWN, "--cascade=orphan"))
    accepted(run(helm, "upgrade", kept(size="9Gi")))
    moved = {**kept(size="9Gi", existingClaim=CLAIM), **RENAMED}
    refused(tried(helm, moved), "kubectl scale statefulset/r-heimdall-postgresql", "two never write to one volume")
    checked(cluster.kubectl("scale", f"statefulset/{OWN}", "--replicas", "0"))
    accepted(run(helm, "upgrade", moved))
    assert read(cluster, "statefulset/viewer-postgresql", ".spec.template.spec.volumes[*].persistentVolumeClaim") != ""
    refused(tried(helm, inline()), "The release has a database already, the StatefulSet viewer-postgresql")


def test_a_volume_under_another_name(helm: Helm, cluster: Cluster) -> None:
    """An uninstall leaves the volume and its name: an install by another name is refused."""
    accepted(run(helm, "install", {**inline(), **RENAMED}))
    bound(cluster, "data-viewer-postgresql-0")
    refused(tried(helm, inline()), "The release has a database already, the StatefulSet viewer-postgresql")
    accepted(helm.run("uninstall", "r"))
    texts = ("The volume data-viewer-postgresql-0 in the namespace", "--set fullnameOverride=viewer")
    refused(tried(helm, inline(), "install"), *texts)
    accepted(tried(helm, given(trustName=True), "install"))
    done = tried(helm, {**given(database="other"), **RENAMED}, "install")
    assert "postgresql.database is other, and the volume data-viewer-postgresql-0 was made with heimdall" in done.stderr
    checked(cluster.kubectl("delete", "pvc", "data-viewer-postgresql-0"))
    for values in (inline(), {**given(database="other"), **RENAMED}):
        accepted(tried(helm, values, "install"))


def test_without_the_right_to_list(helm: Helm, cluster: Cluster) -> None:
    """Everything is looked up by its name: a rename is refused as for others, and nothing else fails."""
    user = f"--kube-as-user=installer-of-{cluster.namespace}"
    kinds = ["configmaps", "services", "serviceaccounts", "persistentvolumeclaims", "deployments", "statefulsets"]
    groups = {"apiGroups": ["", "apps", "networking.k8s.io"], "resources": [*kinds, "networkpolicies"]}
    secrets = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]}  # Helm's own record
    rules = [{**groups, "verbs": ["get", "create", "update", "patch", "delete"]}, secrets]
    made = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "installer"}}
    role = {**made, "rules": rules}
    checked(cluster.kubectl("create", "--filename=-", input=json.dumps(role)))
    binding = ["rolebinding", "installer", "--role=installer", f"--user={user.partition('=')[2]}"]
    checked(cluster.kubectl("create", *binding))
    accepted(run(helm, "install", inline(), user))
    accepted(run(helm, "upgrade", inline(), user))
    refused(run(helm, "upgrade", {**inline(), **RENAMED}, user), f"the StatefulSet {OWN} with the volume {CLAIM}")


def test_two_of_an_umbrella(helm: Helm, cluster: Cluster, tmp_path: Path) -> None:
    """Neither is taken for the other, and another chart's database of such a name for none of them."""
    chart = parent(tmp_path, "chart-parent")
    own = {"heimdall": {**inline()["heimdall"], "existingSecret": "", "secretsFiles": []}}

    def umbrella(verb: str, *more: str) -> Done:
        words = [verb, "ab", str(chart), "--values", "-", *more]
        return helm.run(*words, input=json.dumps({"a": own, "b": own}))

    accepted(umbrella("install"))
    accepted(umbrella("upgrade", "--dry-run=server"))
    for alias in ("a", "b"):
        done = umbrella("upgrade", "--dry-run=server", "--set", f"{alias}.fullnameOverride=x")
        refused(done, f"the StatefulSet ab-{alias}-postgresql", f"    --set {alias}.fullnameOverride=ab-{alias}\n")
    labels = [f"app.kubernetes.io/{name}-" for name in ("component", "instance")]
    checked(cluster.kubectl("label", "statefulset", "ab-a-postgresql", *labels))
    accepted(umbrella("upgrade", "--dry-run=server", "--set", "a.fullnameOverride=x,a.postgresql.trustPassword=true"))


def test_an_upgrade_never_deletes_the_volume(helm: Helm, cluster: Cluster) -> None:
    """By whenDeleted: a rename and a move are refused, whatever is trusted; in two upgrades they work."""
    deletes = {"trustName": True, "persistence": {"whenDeleted": "Delete"}}
    accepted(run(helm, "install", given(**deletes)))
    bound(cluster)
    moves: list[Values] = [{**given(**deletes), **RENAMED}, {**inline(), **ELSEWHERE}]
    for values in moves:
        refused(
            run(helm, "upgrade", values),
            f"This upgrade would delete the volume {CLAIM} with the database in it",
            f"kubectl exec statefulset/{OWN} --namespace {cluster.namespace} -- pg_dump --username heimdall --format",
            "two upgrades: the one before, with --set postgresql.persistence.whenDeleted=Retain; and then",
        )
    accepted(run(helm, "upgrade", given(**deletes), "--set", "postgresql.persistence.whenDeleted=Retain"))
    until(lambda: not read(cluster, f"pvc/{CLAIM}", ".metadata.ownerReferences"))
    accepted(run(helm, "upgrade", {**inline(), **ELSEWHERE}))
    until(lambda: cluster.kubectl("get", "statefulset", OWN).returncode != 0)
    checked(cluster.kubectl("get", "pvc", CLAIM))
    refused(tried(helm, {**inline(), **RENAMED}), f"The volume {CLAIM} in the namespace")
