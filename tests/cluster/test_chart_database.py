"""The traps of the embedded database and the keys from other Secrets, on a real API server; no pod needs to run."""

import json
import time

import pytest

from tests.charts import INLINE, Values, inline, named, run
from tests.clusters import Cluster, checked
from tests.helms import Helm
from tests.support import Done, accepted

OWN = "r-heimdall-secrets"
CLAIM = "data-r-heimdall-postgresql-0"
OTHER = "another-password-0-another-password-1-another-password-2-another-x"
TRUST = {"postgresql": {"trustPassword": True}}
LEFT = (
    f"The volume {CLAIM} in the namespace",
    "--set postgresql.trustPassword=true",
    f"kubectl delete pvc {CLAIM} --namespace",
    "kubectl exec --stdin --tty statefulset/r-heimdall-postgresql",
)
CHANGED = (
    "DATABASE_PASSWORD is not the one that the database of r-heimdall-postgresql",
    "kubectl exec --stdin --tty statefulset/r-heimdall-postgresql",
    "--set postgresql.trustPassword=true",
)


def refused(done: Done, texts: tuple[str, ...]) -> None:
    """With all of this, and no value."""
    assert done.returncode != 0
    assert [text for text in texts if text not in done.stderr] == [], done.stderr
    assert not [value for value in (OTHER, *INLINE.values()) if value in done.stdout + done.stderr]


def secret(cluster: Cluster, name: str, **data: str) -> None:
    """A Secret of somebody else's, made anew."""
    cluster.kubectl("delete", "secret", name, "--ignore-not-found")
    checked(cluster.kubectl("create", "secret", "generic", name, *(f"--from-literal={k}={v}" for k, v in data.items())))


def uninstalled(helm: Helm, cluster: Cluster) -> None:
    """The release is gone, its volume is not; a Secret that is made now is younger, also in whole seconds."""
    for _ in range(100):
        if cluster.kubectl("get", "pvc", CLAIM).returncode == 0:
            break
        time.sleep(0.2)
    accepted(helm.run("uninstall", "r"))
    checked(cluster.kubectl("get", "pvc", CLAIM))
    time.sleep(1.1)


# --- a new install over a volume that an uninstall left --------------------------------------------------------------

OVER: list[tuple[str, Values, tuple[str, ...] | None]] = [
    ("inline", inline(), LEFT),
    ("inline, another password", inline(DATABASE_PASSWORD=OTHER), LEFT),
    ("inline, trusted", {**inline(), **TRUST}, None),
    ("a younger Secret", named("young"), LEFT),
    ("a younger Secret, trusted", {**named("young"), **TRUST}, None),
    ("an older Secret", named("old"), None),
    ("an older Secret, by keys", {"heimdall": {**inline(DATABASE_PASSWORD=None)["heimdall"],
     "keys": {"DATABASE_PASSWORD": {"secret": "old"}}}}, None),
    ("a younger Secret, by keys", {"heimdall": {**inline(DATABASE_PASSWORD=None)["heimdall"],
     "keys": {"DATABASE_PASSWORD": {"secret": "young"}}}}, LEFT),
    ("a Secret that may not be read", named("young", verifyExisting=False), None),
    ("somebody else's database", {**inline(), "externalDatabase": {"host": "h"}}, None),
    ("a volume of another name", {**inline(), "nameOverride": "other"}, ("--set fullnameOverride=r-heimdall",)),
    ("no volume", {**inline(), "postgresql": {"persistence": {"enabled": False}}}, None),
]  # fmt: skip


def test_install_over_a_volume(helm: Helm, cluster: Cluster) -> None:
    """If the Secret that made it is gone, or is younger than the volume: refused, with both ways out."""
    secret(cluster, "old", **INLINE)
    time.sleep(1.1)
    accepted(run(helm, "install", inline()))
    uninstalled(helm, cluster)
    secret(cluster, "young", **INLINE)
    for name, values, texts in OVER:
        done = run(helm, "install", values, "--dry-run=server")
        if texts:
            refused(done, texts)
        else:
            assert done.returncode == 0, f"{name}: {done.stderr}"


def test_ways_out(helm: Helm, cluster: Cluster) -> None:
    """What is printed works: with the volume gone there is nothing to refuse, and trust is asked for once."""
    accepted(run(helm, "install", inline()))
    uninstalled(helm, cluster)
    accepted(run(helm, "install", {**inline(), **TRUST}))
    accepted(run(helm, "upgrade", inline()))
    uninstalled(helm, cluster)
    refused(run(helm, "install", inline(DATABASE_PASSWORD=OTHER)), LEFT)
    assert helm.run("status", "r").returncode != 0
    checked(cluster.kubectl("delete", "pvc", CLAIM))
    accepted(run(helm, "install", inline(DATABASE_PASSWORD=OTHER)))


def test_secret_that_came_back_knows(helm: Helm, cluster: Cluster) -> None:
    """If the release's own Secret is there again, by a backup perhaps, its password is compared."""
    accepted(run(helm, "install", inline()))
    saved = json.loads(checked(cluster.kubectl("get", "secret", OWN, "--output=json")).stdout)
    uninstalled(helm, cluster)
    kept = {name: saved["metadata"][name] for name in ("name", "labels", "annotations")}
    checked(cluster.kubectl("create", "--filename=-", input=json.dumps({**saved, "metadata": kept})))
    refused(run(helm, "install", inline(DATABASE_PASSWORD=OTHER)), CHANGED)
    accepted(run(helm, "install", inline()))


def test_volume_that_never_was(helm: Helm, cluster: Cluster) -> None:
    """A claim that no volume was ever bound to, as when the cluster has no such class, holds no database."""
    unbound = {**inline(), "postgresql": {"persistence": {"storageClass": "no-such-class"}}}
    accepted(run(helm, "install", unbound))
    uninstalled(helm, cluster)
    accepted(run(helm, "install", inline(DATABASE_PASSWORD=OTHER)))


# --- another password for a live database ----------------------------------------------------------------------------

CHANGES: list[tuple[str, Values, tuple[str, ...] | None]] = [
    ("inline, the same", inline(), None),
    ("inline, another JWT_SECRET", inline(JWT_SECRET=f"other-{INLINE['JWT_SECRET']}"), None),
    ("inline, another password", inline(DATABASE_PASSWORD=OTHER), CHANGED),
    ("inline, another password, trusted", {**inline(DATABASE_PASSWORD=OTHER), **TRUST}, None),
    ("a Secret with the same", named("same"), None),
    ("a Secret with another", named("other"), CHANGED),
    ("a Secret with another, unread", named("other", verifyExisting=False), None),
    ("the same by keys", {"heimdall": {**inline(DATABASE_PASSWORD=None)["heimdall"],
     "keys": {"DATABASE_PASSWORD": {"secret": "same"}}}}, None),
    ("another by keys", {"heimdall": {**inline(DATABASE_PASSWORD=None)["heimdall"],
     "keys": {"DATABASE_PASSWORD": {"secret": "other"}}}}, CHANGED),
    ("somebody else's database", {**inline(DATABASE_PASSWORD=OTHER), "externalDatabase": {"host": "h"}}, None),
]  # fmt: skip


def test_upgrade_with_another_password(helm: Helm, cluster: Cluster) -> None:
    """Between inline and a Secret as well: the contract of the release says where the old one is."""
    secret(cluster, "same", **INLINE)
    secret(cluster, "other", **{**INLINE, "DATABASE_PASSWORD": OTHER})
    accepted(run(helm, "install", inline()))
    for name, values, texts in CHANGES:
        done = run(helm, "upgrade", values, "--dry-run=server")
        if texts:
            refused(done, texts)
        else:
            assert done.returncode == 0, f"{name}: {done.stderr}"


def test_from_one_secret_to_another(helm: Helm, cluster: Cluster) -> None:
    """From existing to inline, and by keys to another key."""
    secret(cluster, "one", **INLINE, old=INLINE["DATABASE_PASSWORD"], new=OTHER)
    accepted(run(helm, "install", named("one", keys={"DATABASE_PASSWORD": {"key": "old"}})))
    refused(run(helm, "upgrade", named("one", keys={"DATABASE_PASSWORD": {"key": "new"}})), CHANGED)
    refused(run(helm, "upgrade", inline(DATABASE_PASSWORD=OTHER)), CHANGED)
    accepted(run(helm, "upgrade", inline()))


def test_live_secret_stays_in_a_refused_upgrade(helm: Helm, cluster: Cluster) -> None:
    """Nothing was changed."""
    accepted(run(helm, "install", inline()))
    refused(run(helm, "upgrade", inline(DATABASE_PASSWORD=OTHER)), CHANGED)
    before = checked(cluster.kubectl("get", "secret", OWN, "--output=jsonpath={.data.DATABASE_PASSWORD}")).stdout
    accepted(run(helm, "upgrade", inline()))
    assert (
        before == checked(cluster.kubectl("get", "secret", OWN, "--output=jsonpath={.data.DATABASE_PASSWORD}")).stdout
    )


def test_edit_role_suffices(helm: Helm, cluster: Cluster) -> None:
    """The lookups of volume, server and contract need no more."""
    user = f"--kube-as-user=editor-of-{cluster.namespace}"
    binding = ["rolebinding", "editor", "--clusterrole=edit", f"--user=editor-of-{cluster.namespace}"]
    checked(cluster.kubectl("create", *binding))
    accepted(run(helm, "install", {**inline(), "postgresql": {"networkPolicy": {"enabled": True}}}, user))
    done = run(helm, "upgrade", inline(DATABASE_PASSWORD=OTHER), user)
    refused(done, CHANGED)
    assert "forbidden" not in done.stderr


MADE = {
    "": "secrets,configmaps,services,serviceaccounts",
    "apps": "deployments,statefulsets",
    "networking.k8s.io": "networkpolicies",
}


def test_role_without_claims(helm: Helm, cluster: Cluster) -> None:
    """Who may touch only what Helm itself makes installs with the password trusted, and upgrades without a word."""
    user = f"--kube-as-user=installer-of-{cluster.namespace}"
    rules = [{"apiGroups": [group], "resources": kinds.split(","), "verbs": ["*"]} for group, kinds in MADE.items()]
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "installer"},
        "rules": rules,
    }
    checked(cluster.kubectl("create", "--filename=-", input=json.dumps(role)))
    checked(
        cluster.kubectl("create", "rolebinding", "installer", "--role=installer", f"--user={user.partition('=')[2]}")
    )
    assert 'cannot get resource "persistentvolumeclaims"' in run(helm, "install", inline(), user).stderr
    accepted(run(helm, "install", {**inline(), **TRUST}, user))
    accepted(run(helm, "upgrade", inline(), user))
    refused(run(helm, "upgrade", inline(DATABASE_PASSWORD=OTHER), user), CHANGED)


# --- heimdall.keys, live ---------------------------------------------------------------------------------------------

PG = {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}
THREE = {key: value for key, value in INLINE.items() if key != "DATABASE_PASSWORD"}
ABSENT = ("heimdall.keys.DATABASE_PASSWORD names the Secret pg-app, which is not in the namespace",)
EMPTY = (
    "heimdall.keys.DATABASE_PASSWORD names the key password of the Secret pg-app, which is missing or empty there.",
)

KEYS: list[tuple[str, dict[str, str] | None, Values, tuple[str, ...]]] = [
    ("absent", None, named("live", keys=PG), ABSENT),
    ("without the key", {"other": "x"}, named("live", keys=PG), EMPTY),
    ("empty", {"password": " \n"}, named("live", keys=PG), EMPTY),
    ("absent, inline", None, {"heimdall": {"secrets": THREE, "keys": PG}}, ABSENT),
]


@pytest.mark.parametrize(("data", "values", "texts"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_keys_refused(
    helm: Helm, cluster: Cluster, data: dict[str, str] | None, values: Values, texts: tuple[str, ...]
) -> None:
    """The chart looks for the key in the Secret that it comes from."""
    secret(cluster, "live", **THREE)
    if data is not None:
        secret(cluster, "pg-app", **data)
    refused(run(helm, "install", {**values, "externalDatabase": {"host": "h"}}, "--dry-run=server"), texts)


def test_keys(helm: Helm, cluster: Cluster) -> None:
    """The twin: it is not looked for in the one Secret, and the contract says what was seen."""
    secret(cluster, "live", **THREE)
    values = {**named("live", keys=PG), "externalDatabase": {"host": "h"}}
    unread = {**named("live", keys=PG, verifyExisting=False), "externalDatabase": {"host": "h"}}
    assert 'verified: "false"' in accepted(run(helm, "install", unread, "--dry-run=server")).stdout
    secret(cluster, "pg-app", password=INLINE["DATABASE_PASSWORD"])
    assert 'verified: "true"' in accepted(run(helm, "install", values, "--dry-run=server")).stdout


MAKES: list[tuple[str, str, Values]] = [
    ("ExternalSecret", "external-secrets.io/v1", {"target": {"name": "live"}}),
    ("ExternalSecret", "external-secrets.io/v1beta1", {"target": {"name": "live"}}),
    ("SealedSecret", "bitnami.com/v1alpha1", {"template": {"metadata": {"name": "whatever"}}}),
    ("VaultStaticSecret", "secrets.hashicorp.com/v1beta1", {"destination": {"name": "live", "create": True}}),
    ("SecretProviderClass", "secrets-store.csi.x-k8s.io/v1", {"secretObjects": [{"secretName": "live"}]}),
]


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(("kind", "version", "spec"), MAKES, ids=[f"{row[0]} {row[1]}" for row in MAKES])
def test_what_the_release_makes_is_not_looked_for(helm: Helm, kind: str, version: str, spec: Values) -> None:
    """Its producer comes with it: not a word of an absent Secret; without the producer it is refused."""
    own = "live" if kind == "SealedSecret" else "x"
    entry = {"apiVersion": version, "kind": kind, "metadata": {"name": own}, "spec": spec}
    values = {**named("live"), "externalDatabase": {"host": "h"}}
    refused(run(helm, "install", values, "--dry-run=server"), ("The Secret live (heimdall.existingSecret) is not in",))
    other = json.loads(json.dumps(entry).replace("live", "another"))
    done = run(helm, "install", {**values, "extraObjects": [other]}, "--dry-run=server")
    assert "is not in the namespace" in done.stderr
    done = run(helm, "install", {**values, "extraObjects": [entry]}, "--dry-run=server")
    assert "is not in the namespace" not in done.stderr
    # If the cluster has no such kind, that is the only error.
    assert done.returncode == 0 or f'no matches for kind "{kind}"' in done.stderr
