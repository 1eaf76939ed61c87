"""The chart without the post-renderer, by the real Helm on a real API server."""

import base64
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import helms
from tests.charts import CANARY, INLINE, Values, inline, named, run
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import Done, accepted

OWN = "r-heimdall-secrets"
# Stands in for the application: answers GET /server on port 3000 and nothing else.
SERVE = "mkdir /tmp/www && echo '{}' > /tmp/www/server && cd /tmp/www && exec python3 -m http.server 3000"
RUNNABLE: dict[str, Any] = {
    "image": {"registry": "localhost", "repository": "python", "tag": "3"},
    "command": ["sh", "-c", SERVE],
    "externalDatabase": {"host": "db.example.com"},
    "waitForDatabase": {"enabled": False},
}

FILES: Values = {"heimdall": {"secretsFiles": ["env/heimdall-secrets.yaml"]}}


def make_secret(cluster: Cluster, name: str, data: dict[str, str]) -> None:
    """A Secret of somebody else's."""
    accepted(
        cluster.kubectl("create", "secret", "generic", name, *(f"--from-literal={k}={v}" for k, v in data.items()))
    )


def live(cluster: Cluster, name: str) -> dict[str, str]:
    """What is in the live Secret; nothing if there is none."""
    done = cluster.kubectl("get", "secret", name, "--output=json", "--ignore-not-found")
    data: dict[str, str] = json.loads(done.stdout).get("data", {}) if done.stdout else {}
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def objects(cluster: Cluster) -> set[str]:
    """All there is of the kinds that the chart makes; Helm's release records are Secrets too."""
    done = accepted(cluster.kubectl("get", "deployment,service,serviceaccount,secret,configmap", "--output=name"))
    return set(done.stdout.split())


def contract(cluster: Cluster, release: str = "r-heimdall") -> dict[str, str]:
    """The live contract."""
    done = accepted(cluster.kubectl("get", "configmap", f"{release}-secrets-contract", "--output=json"))
    data: dict[str, str] = json.loads(done.stdout)["data"]
    return data


def shell(cluster: Cluster, command: str) -> None:
    """Run a command that the chart printed, as a user would."""
    kubectl = Path(shutil.which("kubectl") or helms.fetch("kubectl"))
    path = f"{kubectl.parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(cluster.kubeconfig.parent), "KUBECONFIG": str(cluster.kubeconfig)}
    accepted(helms.run(["sh", "-ec", command], env=env))


def printed(done: Done, start: str) -> str:
    """The command in a refusal that begins so, with its continued lines."""
    found = re.search(rf"{re.escape(start)}(?:.*\\\n)*.*", done.stderr)
    assert found, done.stderr
    return found.group()


# --- accepted --------------------------------------------------------------------------------------------------------

RUNS: list[tuple[str, Values, str]] = [
    ("inline", inline(LDAP_PASSWORD="x"), OWN),
    ("existing", named("live"), "live"),
]


@pytest.mark.parametrize(("name", "values", "secret"), RUNS, ids=[row[0] for row in RUNS])
def test_runs(helm: Helm, cluster: Cluster, name: str, values: Values, secret: str) -> None:
    """The pod becomes ready under the strictest pod security level, with the right values in its environment."""
    accepted(cluster.kubectl("label", "namespace", cluster.namespace, "pod-security.kubernetes.io/enforce=restricted"))
    if name == "existing":
        make_secret(cluster, "live", {**INLINE, "LDAP_PASSWORD": "x", "DATABASE_HOST": "evil", "LD_PRELOAD": "evil"})
    accepted(run(helm, "install", {**RUNNABLE, **values}, "--wait", "--timeout=120s"))
    env = accepted(cluster.kubectl("exec", "deployment/r-heimdall", "--", "env")).stdout.splitlines()
    assert {f"{key}={value}" for key, value in INLINE.items()} <= set(env)
    assert {"LDAP_PASSWORD=x", "DATABASE_HOST=db.example.com", "NODE_ENV=production"} <= set(env)
    assert "LD_PRELOAD" not in "".join(env)
    assert contract(cluster)["secret"] == secret
    assert contract(cluster)["verified"] == ("true" if name == "existing" else "false")


def test_inline_secret_holds_exactly_its_keys(helm: Helm, cluster: Cluster) -> None:
    """Also after an upgrade that drops an optional key and changes a value; the pod is restarted for it."""
    digest = "--output=jsonpath={.spec.template.metadata.annotations.checksum/secrets}"
    accepted(run(helm, "install", inline(LDAP_PASSWORD="x")))
    assert live(cluster, OWN) == {**INLINE, "LDAP_PASSWORD": "x"}
    before = cluster.kubectl("get", "deployment", "r-heimdall", digest).stdout
    accepted(run(helm, "upgrade", inline(ADMIN_PASSWORD="Ano7-Adm1-Pas5-Wor9-Xy")))
    assert live(cluster, OWN) == {**INLINE, "ADMIN_PASSWORD": "Ano7-Adm1-Pas5-Wor9-Xy"}
    after = cluster.kubectl("get", "deployment", "r-heimdall", digest).stdout
    assert (len(before), len(after)) == (64, 64)
    assert before != after


def test_two_releases(helm: Helm, cluster: Cluster) -> None:
    """Each has its Secret; one leaves without the other's."""
    accepted(run(helm, "install", inline(JWT_SECRET=f"one-{INLINE['JWT_SECRET']}"), release="one"))
    accepted(run(helm, "install", inline(JWT_SECRET=f"two-{INLINE['JWT_SECRET']}"), release="two"))
    assert live(cluster, "one-heimdall-secrets")["JWT_SECRET"].startswith("one-")
    accepted(helm.run("uninstall", "one"))
    assert live(cluster, "one-heimdall-secrets") == {}
    assert live(cluster, "two-heimdall-secrets")["JWT_SECRET"].startswith("two-")


def test_unverified(helm: Helm, cluster: Cluster) -> None:
    """`verifyExisting: false` asks nothing, and the contract says that nothing was seen."""
    accepted(run(helm, "install", named("later", verifyExisting=False)))
    assert contract(cluster)["verified"] == "false"


def test_edit_role_suffices(helm: Helm, cluster: Cluster) -> None:
    """The lookups need no more than the role `edit` in the namespace."""
    make_secret(cluster, "live", INLINE)
    user = f"--kube-as-user=editor-of-{cluster.namespace}"
    binding = ["rolebinding", "editor", "--clusterrole=edit", f"--user=editor-of-{cluster.namespace}"]
    accepted(cluster.kubectl("create", *binding))
    absent = run(helm, "install", named("absent"), user)
    assert "The Secret absent (heimdall.existingSecret) is not in the namespace" in absent.stderr
    assert "forbidden" not in absent.stderr
    accepted(run(helm, "install", named("live"), user))
    assert contract(cluster)["verified"] == "true"
    accepted(run(helm, "upgrade", inline(), user))


# --- refused ---------------------------------------------------------------------------------------------------------

GUARD = "install-with---post-renderer-heimdall-pr"
GAPS = {
    "JWT_SECRET": f"{CANARY}-{INLINE['JWT_SECRET']}",
    "API_KEY_SECRET": "",
    "DATABASE_PASSWORD": " \n",
    "LDAP_PASSWORD": CANARY,
}

REFUSED: list[tuple[str, dict[str, dict[str, str]], Values, list[str]]] = [
    ("inline without a key", {}, inline(API_KEY_SECRET=None), ["API_KEY_SECRET is missing", "openssl rand -hex 33"]),
    ("inline from the environment", {}, inline(JWT_SECRET="${JWT_SECRET}"), [GUARD]),
    ("files", {}, FILES, [GUARD]),
    ("the tool is required", {"live": INLINE}, {**named("live"), "postRenderer": {"required": True}}, [GUARD]),
    (
        "existing absent",
        {},
        named("live"),
        ["The Secret live (heimdall.existingSecret) is not in the namespace", *INLINE, "verifyExisting=false"],
    ),
    (
        "existing incomplete",
        {"live": GAPS},
        named("live"),
        [f"{key} is missing or empty" for key in ("API_KEY_SECRET", "DATABASE_PASSWORD", "ADMIN_PASSWORD")],
    ),
    ("existing without data", {"live": {}}, named("live"), [f"{key} is missing or empty" for key in INLINE]),
    (
        "a Secret of that name that is not ours",
        {OWN: {"theirs": CANARY}},
        inline(),
        [f"The Secret {OWN} is in the namespace", "is not this release's", f"--set heimdall.existingSecret={OWN}"],
    ),
    (
        "the same, files",
        {OWN: {"theirs": CANARY}},
        FILES,
        [f"The Secret {OWN} is in the namespace", "is not this release's"],
    ),
]


@pytest.mark.parametrize(("name", "secrets", "values", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(
    helm: Helm,
    cluster: Cluster,
    name: str,
    secrets: dict[str, dict[str, str]],
    values: Values,
    expected: list[str],
) -> None:
    """Nothing is created, no release is recorded, what was there stays, and no value is shown."""
    for secret, data in secrets.items():
        make_secret(cluster, secret, data)
    before = objects(cluster)
    done = run(helm, "install", values)
    assert done.returncode != 0, name
    assert all(part in done.stderr for part in expected), done.stderr
    assert objects(cluster) == before
    assert helm.run("status", "r").returncode != 0
    assert {secret: live(cluster, secret) for secret in secrets} == secrets
    output = done.stdout + done.stderr
    assert not [value for value in (CANARY, *INLINE.values()) if value in output]


def test_taking_ownership_takes_no_secret(helm: Helm, cluster: Cluster) -> None:
    """With `--take-ownership` Helm itself would overwrite it, and `uninstall` delete it."""
    make_secret(cluster, OWN, INLINE)
    done = run(helm, "install", inline(JWT_SECRET=f"new-{INLINE['JWT_SECRET']}"), "--take-ownership")
    assert done.returncode != 0
    assert "is not this release's" in done.stderr
    assert live(cluster, OWN) == INLINE


def test_incomplete_names_only_what_is_missing(helm: Helm, cluster: Cluster) -> None:
    """A key that is there is not asked for."""
    make_secret(cluster, "live", GAPS)
    assert "JWT_SECRET" not in run(helm, "install", named("live")).stderr


def test_dry_run_against_the_server_checks_too(helm: Helm, cluster: Cluster) -> None:
    """`--dry-run=server` sees the cluster; `template` and `--dry-run=client` don't, and refuse nothing."""
    assert "is not in the namespace" in run(helm, "install", named("live"), "--dry-run=server").stderr
    assert 'verified: "false"' in accepted(run(helm, "install", named("live"), "--dry-run=client")).stdout
    assert 'verified: "false"' in accepted(run(helm, "template", named("live"))).stdout
    assert cluster.kubectl("get", "configmap", "r-heimdall-secrets-contract").returncode != 0


FORGETS: list[tuple[str, Values]] = [("files", FILES), ("environment", inline(JWT_SECRET="${JWT_SECRET}"))]


@pytest.mark.parametrize(("name", "values"), FORGETS, ids=[row[0] for row in FORGETS])
def test_upgrade_that_forgets_the_flag(helm: Helm, cluster: Cluster, name: str, values: Values) -> None:
    """Refused by the guard's name; the live Secret and the release stay as they were."""
    accepted(run(helm, "install", inline()))
    done = run(helm, "upgrade", values)
    assert done.returncode != 0, name
    assert GUARD in done.stderr
    assert live(cluster, OWN) == INLINE
    assert json.loads(helm.run("status", "r", "--output=json").stdout)["info"]["status"] == "deployed"
    assert len(json.loads(helm.run("history", "r", "--output=json").stdout)) == 1


@pytest.mark.parametrize(("name", "values"), FORGETS, ids=[row[0] for row in FORGETS])
@pytest.mark.parametrize("side", ["--server-side=false", "--server-side=true"])
def test_template_apply(helm: Helm, cluster: Cluster, name: str, values: Values, side: str) -> None:
    """`helm template | kubectl apply` without the tool: the API server refuses the Secret; the live one stays."""
    good = accepted(run(helm, "template", inline())).stdout
    accepted(cluster.kubectl("apply", side, "--filename=-", input=good))
    bad = accepted(run(helm, "template", values)).stdout
    done = cluster.kubectl("apply", side, "--force-conflicts=" + side.rpartition("=")[2], "--filename=-", input=bad)
    assert done.returncode != 0, name
    assert "NeedsPostRenderer" in done.stderr
    assert live(cluster, OWN) == INLINE
    secret = next(text for text in bad.split("\n---\n") if "\nkind: Secret\n" in text)
    assert cluster.kubectl("apply", side, "--filename=-", input=secret).returncode != 0
    assert live(cluster, OWN) == INLINE


def test_release_with_the_same_fullname(helm: Helm, cluster: Cluster) -> None:
    """Releases `r` and `r-heimdall` would share one name: the second is refused, and the first keeps its Secret."""
    accepted(run(helm, "install", inline()))
    done = run(helm, "install", inline(JWT_SECRET=f"other-{INLINE['JWT_SECRET']}"), release="r-heimdall")
    assert done.returncode != 0
    assert "is not this release's" in done.stderr
    assert live(cluster, OWN) == INLINE
    assert helm.run("status", "r-heimdall").returncode != 0


def test_existing_secret_that_the_release_made(helm: Helm, cluster: Cluster) -> None:
    """Switching to it would delete it; the printed command keeps it, also in later upgrades and when uninstalled."""
    accepted(run(helm, "install", inline()))
    done = run(helm, "upgrade", named(OWN))
    assert done.returncode != 0
    assert "which this release has made itself" in done.stderr
    assert live(cluster, OWN) == INLINE
    shell(cluster, printed(done, "kubectl annotate"))
    for _ in range(2):
        accepted(run(helm, "upgrade", named(OWN)))
        assert live(cluster, OWN) == INLINE
    accepted(run(helm, "upgrade", inline(LDAP_PASSWORD="x")))
    assert live(cluster, OWN) == {**INLINE, "LDAP_PASSWORD": "x"}
    accepted(run(helm, "upgrade", named(OWN)))
    accepted(helm.run("uninstall", "r"))
    assert live(cluster, OWN) == {**INLINE, "LDAP_PASSWORD": "x"}


MENDS: list[tuple[str, dict[str, str] | None, str]] = [
    ("absent", None, "kubectl create secret"),
    ("incomplete", GAPS, "kubectl patch secret"),
]


@pytest.mark.parametrize(("name", "data", "start"), MENDS, ids=[row[0] for row in MENDS])
def test_printed_command_mends(
    helm: Helm, cluster: Cluster, name: str, data: dict[str, str] | None, start: str
) -> None:
    """What a refusal prints can be pasted into a shell; then the same install goes through."""
    if data is not None:
        make_secret(cluster, "live", data)
    done = run(helm, "install", named("live"))
    assert done.returncode != 0, name
    shell(cluster, printed(done, start))
    lengths = {key: len(value) for key, value in live(cluster, "live").items()}
    kept = {key: len(value) for key, value in (data or {}).items() if value.strip()}
    wanted = {"JWT_SECRET": 128, "API_KEY_SECRET": 66, "DATABASE_PASSWORD": 66, "ADMIN_PASSWORD": 22}
    assert lengths == {**wanted, **kept}
    accepted(run(helm, "install", named("live")))
    assert contract(cluster)["verified"] == "true"


def test_a_secret_with_older_names(helm: Helm, cluster: Cluster) -> None:
    """Its values are taken under their own names; what it really lacks is all that the printed patch makes."""
    make_secret(cluster, "live", {"jwtSecret": INLINE["JWT_SECRET"], "API_KEY_SECRET": INLINE["API_KEY_SECRET"],
                                  "databasePassword": INLINE["DATABASE_PASSWORD"]})  # fmt: skip  # two lines
    done = run(helm, "install", named("live"), "--dry-run=server")
    assert "JWT_SECRET is missing: the Secret has jwtSecret" in done.stderr
    patch = printed(done, "kubectl patch secret")
    assert [key for key in INLINE if key in patch] == ["ADMIN_PASSWORD"]
    shell(cluster, patch)
    done = run(helm, "install", named("live"), "--dry-run=server")
    keys = "heimdall.keys.JWT_SECRET.key=jwtSecret,heimdall.keys.DATABASE_PASSWORD.key=databasePassword"
    assert f"--set {keys}" in done.stderr
    assert "kubectl patch" not in done.stderr
    accepted(run(helm, "install", named("live"), "--dry-run=server", "--set", keys))


@pytest.mark.parametrize(("name", "data", "start"), MENDS, ids=[row[0] for row in MENDS])
def test_password_of_a_database_that_is_there(
    helm: Helm, cluster: Cluster, name: str, data: dict[str, str] | None, start: str
) -> None:
    """The printed command makes none: it stops until it is given the one that the database knows."""
    values = {**named("live"), "externalDatabase": {"host": "db.example.com"}}
    if data is not None:
        make_secret(cluster, "live", data)
    command = printed(run(helm, "install", values), start)
    with pytest.raises(AssertionError, match="DATABASE_PASSWORD: is the one that the database knows"):
        shell(cluster, command)
    shell(cluster, f"DATABASE_PASSWORD='its-own-password'; {command}")
    assert live(cluster, "live")["DATABASE_PASSWORD"] == "its-own-password", name
    accepted(run(helm, "install", values))
