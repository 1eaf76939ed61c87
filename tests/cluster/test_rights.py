"""Users who may not read Secrets, or only some, by real RBAC. Helm keeps its record in ConfigMaps for them."""

import json
from collections.abc import Callable

import pytest

from tests.charts import INLINE, Values, inline, named
from tests.cluster.field import APP_IMAGE, image
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import CHART, Done, accepted

OWN = "r-heimdall-secrets"
# What a release has, without Secrets and without the logs of pods.
RESOURCES = {
    "": ["configmaps", "persistentvolumeclaims", "pods", "serviceaccounts", "services"],
    "apps": ["deployments", "statefulsets"],
    "batch": ["jobs"],
    "networking.k8s.io": ["networkpolicies"],
}
ELSEWHERE: Values = {"externalDatabase": {"host": "db.example.com"}}
GATE: Values = {"gate": {"enabled": True, "timeout": 30, "image": image(APP_IMAGE)}}
FROM_PG: Values = {"keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}}
UNREAD = f"Who made the Secret {OWN}, if it exists, was not checked: heimdall.verifyExisting is false."


class User:
    """Somebody with a role of their own in the namespace."""

    def __init__(self, helm: Helm, cluster: Cluster, *secrets: str) -> None:
        self.helm, self.cluster, self.name = helm, cluster, f"user-of-{cluster.namespace}"
        rules = [{"apiGroups": [group], "resources": names, "verbs": ["*"]} for group, names in RESOURCES.items()]
        if secrets:
            named = {"resources": ["secrets"], "resourceNames": list(secrets), "verbs": ["get"]}
            rules.append({"apiGroups": [""], **named})
        self.make({"kind": "Role", "metadata": {"name": "user"}, "rules": rules})
        words = ["rolebinding", "user", "--role=user", f"--user={self.name}"]
        accepted(cluster.kubectl("create", *words))
        assert self.may("configmaps")
        assert not self.may("secrets")
        assert not self.may("secrets/anything-else")
        assert all(self.may(f"secrets/{name}") for name in secrets)

    def make(self, role: Values) -> None:
        """The role."""
        made = {"apiVersion": "rbac.authorization.k8s.io/v1", **role}
        accepted(self.cluster.kubectl("create", "--filename=-", input=json.dumps(made)))

    def may(self, what: str) -> bool:
        """Whether they may read it."""
        return self.cluster.kubectl("auth", "can-i", "get", what, f"--as={self.name}").stdout.strip() == "yes"

    def helms(self, *words: str, typed: str = "") -> Done:
        """Helm as this user."""
        env = {"HELM_DRIVER": "configmap"}
        return self.helm.run(*words, f"--kube-as-user={self.name}", env=env, input=typed)

    def run(self, verb: str, values: Values, *more: str) -> Done:
        """`helm VERB r CHART`."""
        return self.helms(verb, "r", str(CHART), "--values", "-", *more, typed=json.dumps(values))


def secret(cluster: Cluster, name: str, **data: str) -> None:
    """Somebody else's."""
    words = (f"--from-literal={key}={value}" for key, value in data.items())
    accepted(cluster.kubectl("create", "secret", "generic", name, *words))


LIVES: list[tuple[str, tuple[str, ...], Values, list[str], str]] = [
    ("none", (), named("live", verifyExisting=False), [UNREAD], "false"),
    ("none, another database", (), {**named("live", verifyExisting=False), **ELSEWHERE}, [UNREAD], "false"),
    ("none, a gate", (), {**named("live", verifyExisting=False), **GATE}, [UNREAD], "false"),
    ("none, keys", (), named("live", verifyExisting=False, **FROM_PG), [UNREAD], "false"),
    ("one", ("live",), named("live"), [], "true"),
    ("one, another database", ("live",), {**named("live"), **ELSEWHERE}, [], "true"),
    ("one, a gate", ("live",), {**named("live"), **GATE}, ["looks at it first"], "false"),
    ("one, unread", ("live",), named("live", verifyExisting=False), [UNREAD], "false"),
    ("two, keys", ("live", "pg-app"), named("live", **FROM_PG), [], "true"),
]


@pytest.mark.parametrize(
    ("secrets", "values", "notes", "verified"), [row[1:] for row in LIVES], ids=[row[0] for row in LIVES]
)
def test_a_life(  # a row's columns
    helm: Helm, cluster: Cluster, secrets: tuple[str, ...], values: Values, notes: list[str], verified: str
) -> None:
    """Install, upgrade, rollback and uninstall, and a second install beside what stayed."""
    secret(cluster, "live", **INLINE)
    secret(cluster, "pg-app", password=INLINE["DATABASE_PASSWORD"])
    user = User(helm, cluster, *secrets)
    changed = {**values, "podAnnotations": {"revision": "2"}}
    for verb, given in (("install", values), ("upgrade", changed), ("upgrade", changed)):
        printed = accepted(user.run(verb, given)).stdout
        assert [text for text in notes if text not in printed] == [], printed
        assert (UNREAD in printed) == (UNREAD in notes)
        assert "deletes" not in printed
        assert seen(cluster) == verified
    accepted(user.helms("rollback", "r", "1"))
    accepted(user.run("upgrade", changed))
    accepted(user.helms("uninstall", "r"))
    accepted(user.run("install", values))
    assert cluster.kubectl("get", "secret", "live").returncode == 0


def seen(cluster: Cluster) -> str:
    """What the contract says: whether the chart saw all keys."""
    words = ("get", "configmap", "r-heimdall-secrets-contract", "--output=jsonpath={.data.verified}")
    return accepted(cluster.kubectl(*words)).stdout


FORBIDDEN: list[tuple[str, tuple[str, ...], Values, str]] = [
    ("none", (), named("live"), "live"),
    ("another", ("other",), named("live"), "live"),
    ("one of two", ("live",), named("live", **FROM_PG), "pg-app"),
]


@pytest.mark.parametrize(
    ("secrets", "values", "unread"), [row[1:] for row in FORBIDDEN], ids=[row[0] for row in FORBIDDEN]
)
def test_forbidden(helm: Helm, cluster: Cluster, secrets: tuple[str, ...], values: Values, unread: str) -> None:
    """The twin: what is looked up must be readable; Kubernetes names it, and nothing is installed."""
    secret(cluster, "live", **INLINE)
    secret(cluster, "pg-app", password=INLINE["DATABASE_PASSWORD"])
    done = User(helm, cluster, *secrets).run("install", values)
    assert done.returncode == 1
    assert f'secrets "{unread}" is forbidden' in done.stderr
    assert cluster.kubectl("get", "deployment", "r-heimdall").returncode != 0


# --- what heimdall.verifyExisting: false leaves out ------------------------------------------------------------------


def run(helm: Helm, verb: str, values: Values, *more: str) -> Done:
    """By a user with all rights."""
    return helm.run(verb, "r", str(CHART), "--values", "-", *more, input=json.dumps({**values, **ELSEWHERE}))


def off(values: Values) -> Values:
    """The same, with no Secret read."""
    return {**values, "heimdall": {**values["heimdall"], "verifyExisting": False}}


def test_ownership_is_not_checked(helm: Helm, cluster: Cluster) -> None:
    """The chart does not say whose a Secret of its name is; Helm still takes none that is not the release's."""
    secret(cluster, OWN, theirs="x")
    assert "is not this release's" in run(helm, "install", inline()).stderr
    done = run(helm, "install", off(inline()))
    assert done.returncode == 1
    assert "is not this release's" not in done.stderr
    assert "invalid ownership metadata" in done.stderr
    accepted(cluster.kubectl("delete", "secret", OWN))
    assert UNREAD in accepted(run(helm, "upgrade", off(inline()), "--install")).stdout


MAKES: list[tuple[str, Callable[[], Values], str]] = [
    ("read", lambda: named("live"), f"This upgrade deletes the Secret {OWN}, which the release made before.\n"),
    (
        "not read",
        lambda: named("live", verifyExisting=False),
        f"{OWN}, which the release made before, unless its annotation helm.sh/resource-policy is keep.\n",
    ),
]


@pytest.mark.parametrize(("values", "text"), [row[1:] for row in MAKES], ids=[row[0] for row in MAKES])
def test_notes_say_what_an_upgrade_deletes(
    helm: Helm, cluster: Cluster, values: Callable[[], Values], text: str
) -> None:
    """The contract of the revision before it is no Secret: from inline to another Secret, once."""
    secret(cluster, "live", **INLINE)
    accepted(run(helm, "install", inline()))
    assert text in accepted(run(helm, "upgrade", values())).stdout
    assert cluster.kubectl("get", "secret", OWN).returncode != 0
    assert "deletes" not in accepted(run(helm, "upgrade", values())).stdout


def test_own_secret_is_not_lost(helm: Helm, cluster: Cluster) -> None:
    """To the Secret that the release made, unread: refused, although the chart reads none; what it prints works."""
    accepted(run(helm, "install", inline()))
    done = run(helm, "upgrade", named(OWN, verifyExisting=False))
    assert done.returncode == 1
    assert f"existingSecret names {OWN}, which this release has made itself" in done.stderr
    assert f"kubectl annotate secret {OWN} --namespace {cluster.namespace} helm.sh/resource-policy=keep" in done.stderr
    accepted(cluster.kubectl("annotate", "secret", OWN, "helm.sh/resource-policy=keep"))
    assert "heimdall.verifyExisting=true" in done.stderr
    accepted(run(helm, "upgrade", named(OWN, verifyExisting=True)))
    for _ in range(2):
        accepted(run(helm, "upgrade", named(OWN, verifyExisting=False)))
    assert cluster.kubectl("get", "secret", OWN).returncode == 0


def test_volume_that_stayed_is_not_judged(helm: Helm, cluster: Cluster) -> None:
    """Without a look at the Secret nobody knows whose password the volume has: NOTES say so, and nothing is refused."""
    accepted(run_embedded(helm, "install", inline()))
    waits_for_claim(cluster)
    accepted(helm.run("uninstall", "r"))
    assert "has a database already" in run_embedded(helm, "install", inline()).stderr
    printed = accepted(run_embedded(helm, "install", off(inline()))).stdout
    assert "Whether DATABASE_PASSWORD fits the volume" in printed


def run_embedded(helm: Helm, verb: str, values: Values) -> Done:
    """With the chart's own database."""
    return helm.run(verb, "r", str(CHART), "--values", "-", input=json.dumps(values))


def waits_for_claim(cluster: Cluster) -> None:
    """Until it is bound: one that never was is empty."""
    claim = "pvc/data-r-heimdall-postgresql-0"
    accepted(cluster.kubectl("wait", "--for=create", claim, "--timeout=60s"))
    accepted(cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", claim, "--timeout=60s"))
