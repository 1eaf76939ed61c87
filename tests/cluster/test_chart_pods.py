"""The chart's pods on a real node: they start, log in to their database, follow a changed secret, and refuse the traps.

Images can't be pulled everywhere: HEIMDALL_PR_TEST_APP_IMAGE (any Python 3) and HEIMDALL_PR_TEST_DATABASE_IMAGE (a
PostgreSQL that heeds POSTGRES_*, such as docker.io/library/postgres:17) name others than those on the node.
"""

import base64
import hashlib
import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clusters import Cluster
from tests.helms import Helm
from tests.standin import app
from tests.support import CHART, FILE, KEYS, Done, Values, accepted, fresh, leaks

APP_IMAGE = os.environ.get("HEIMDALL_PR_TEST_APP_IMAGE", "localhost/python:3")
DATABASE_IMAGE = os.environ.get("HEIMDALL_PR_TEST_DATABASE_IMAGE", "localhost/postgres:15")
WAIT = ("--wait", "--timeout=150s")


def image(name: str) -> Values:
    """The values of an image."""
    rest, _, tag = name.rpartition(":")
    registry, _, repository = rest.partition("/")
    return {"registry": registry, "repository": repository, "tag": tag, "pullPolicy": "IfNotPresent"}


# The stand-in in place of the application; the database's image in place of PostgreSQL 17.
RUNNABLE: Values = {
    "image": image(APP_IMAGE),
    "command": ["python3", "-c", Path(app.__file__).read_text()],
    "postgresql": {"image": image(DATABASE_IMAGE)},
    "tests": {"image": image(APP_IMAGE)},
    # The stand-in needs no patience.
    "probes": {name: {"periodSeconds": 1} for name in ("startup", "readiness")},
}


def values(*parts: Values) -> Values:
    """Runnable values with others over them, mapping by mapping, as Helm merges them."""
    merged: Values = {}
    for part in (RUNNABLE, *parts):
        _merge(merged, part)
    return merged


def _merge(into: Values, part: Values) -> None:
    for key, value in part.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


class Field:
    """One Helm in one namespace that enforces `restricted`."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.folder = helm, cluster, folder
        self.secrets: set[str] = set()
        self.kubectl("label", "namespace", cluster.namespace, "pod-security.kubernetes.io/enforce=restricted")

    def kubectl(self, *args: str, typed: str = "") -> str:
        """What it printed, where it went well."""
        return accepted(self.cluster.kubectl(*args, input=typed)).stdout

    def run(self, verb: str, release: str, given: Values, *more: str, chart: Path = CHART) -> Done:
        """`helm VERB RELEASE CHART` with these values."""
        words = [verb, release, str(chart), "--values", "-", *more]
        return self.helm.run(*words, cwd=self.folder, input=json.dumps(given))

    def up(self, verb: str, release: str, given: Values, *more: str, chart: Path = CHART) -> None:
        """The same, until everything is ready; where it is not, what the pods say is in the failure."""
        done = self.run(verb, release, given, *WAIT, *more, chart=chart)
        assert done.returncode == 0, done.stderr + self.state(release)

    def state(self, release: str) -> str:
        """Why it is not ready."""
        chosen = f"--selector=app.kubernetes.io/instance={release}"
        pods = self.cluster.kubectl("describe", "pods", chosen).stdout
        return pods + self.cluster.kubectl("logs", chosen, "--all-containers", "--tail=20", "--prefix").stdout

    def secret(self, name: str, data: dict[str, str]) -> None:
        """Made or replaced."""
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded}
        self.kubectl("apply", "--filename=-", typed=json.dumps(made))

    def pod(self, release: str, fullname: str = "") -> Values:
        """The application's only pod that is not on its way out."""
        found = json.loads(
            self.kubectl("get", "pods", f"--selector={SERVER},app.kubernetes.io/instance={release}", JSON)
        )
        pods = [pod for pod in found["items"] if "deletionTimestamp" not in pod["metadata"]]
        (one,) = (pod for pod in pods if pod["metadata"]["name"].startswith(fullname))
        return dict(one)

    def ask(self, pod: Values, path: str) -> Any:  # noqa: ANN401 (JSON)
        """What the stand-in answers."""
        name = pod["metadata"]["name"]
        where = f"/api/v1/namespaces/{self.cluster.namespace}/pods/{name}:3000/proxy{path}"
        return json.loads(self.kubectl("get", "--raw", where))

    def runs(self, release: str, secrets: dict[str, str], fullname: str = "") -> Values:
        """The pod, where it is logged in and has exactly these values; under `facts` what it says of its database."""
        pod = self.pod(release, fullname)
        assert self.ask(pod, "/env-lengths") == told(secrets)
        return {**pod, "facts": self.ask(pod, "/server")}


SERVER = "app.kubernetes.io/component=server"
JSON = "--output=json"


def told(secrets: dict[str, str]) -> dict[str, list[Any]]:
    """As the stand-in tells them."""
    return {key: [len(secrets[key]), hashlib.sha256(secrets[key].encode()).hexdigest()] for key in KEYS}


def uid(pod: Values) -> str:
    """Another pod has another one."""
    return str(pod["metadata"]["uid"])


@pytest.fixture
def field(helm: Helm, cluster: Cluster, tmp_path: Path) -> Field:
    """Fresh."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Field(helm, cluster, folder)


def all_at_once(jobs: list[Callable[[], None]]) -> None:
    """Most of the time is waiting."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()


# --- each approach, with the embedded database -----------------------------------------------------------------------


class Existing:
    """Somebody else's Secret."""

    release = "existing"

    @staticmethod
    def give(field: Field, secrets: dict[str, str]) -> Values:
        """Each value of the Secret under a new name: a rotation that Helm sees."""
        name = f"live-{secrets['JWT_SECRET'][:8]}"
        field.secret(name, {**secrets, "LD_PRELOAD": "/x.so", "DATABASE_HOST": "elsewhere"})
        return {"heimdall": {"existingSecret": name}}


class Inline:
    """In the values."""

    release = "inline"

    @staticmethod
    def give(field: Field, secrets: dict[str, str]) -> Values:  # noqa: ARG004 (twins)
        """As they are."""
        return {"heimdall": {"secrets": secrets}}


class Files:
    """In a file that the post-renderer reads."""

    release = "files"

    @staticmethod
    def give(field: Field, secrets: dict[str, str]) -> Values:
        """Written anew."""
        path = field.folder / FILE
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{key}: {value}\n" for key, value in secrets.items()))
        path.chmod(0o600)
        return {"heimdall": {"secretsFiles": [FILE]}}


Approach = type[Existing] | type[Inline] | type[Files]
APPROACHES: tuple[Approach, ...] = (Existing, Inline, Files)


def lives(field: Field, approach: Approach) -> None:
    """Installed, tested, upgraded with another JWT_SECRET, uninstalled."""
    release, secrets = approach.release, fresh()
    flags = field.helm.post_renderer if approach is Files else []
    field.up("install", release, values(approach.give(field, secrets)), *flags)
    first = field.runs(release, secrets)
    assert first["facts"]["host"] == f"{release}-heimdall-postgresql"
    accepted(field.helm.run("test", release, "--timeout=60s"))
    changed = {**secrets, "JWT_SECRET": fresh()["JWT_SECRET"]}
    field.up("upgrade", release, values(approach.give(field, changed)), *flags)
    assert uid(field.runs(release, changed)) != uid(first)
    accepted(field.helm.run("uninstall", release, "--wait", "--timeout=60s"))


def test_each_approach_lives(field: Field) -> None:
    """Three releases in one namespace: ready with the embedded database, `helm test`, a rotation, the end."""
    _ = field.helm.post_renderer  # the plugin is installed once, before three threads want it
    all_at_once([partial(lives, field, approach) for approach in APPROACHES])
    kinds = "deployment,statefulset,service,configmap,networkpolicy,serviceaccount,secret,pvc"
    left = re.findall(r".*/.*-heimdall.*", field.kubectl("get", kinds, "--output=name"))
    claims = (f"data-{approach.release}-heimdall-postgresql-0" for approach in APPROACHES)
    assert sorted(left) == sorted(f"persistentvolumeclaim/{claim}" for claim in claims)


# --- somebody else's database ----------------------------------------------------------------------------------------

OWNER = "owner"


def somebody_elses_database(field: Field, password: str) -> None:
    """A PostgreSQL with TLS for the name `db`; its authority is in the ConfigMap `ca` and in the Secret `ca`."""
    key, certificate = certified(field.folder)
    field.secret("db", {"password": password, "tls.key": key, "tls.crt": certificate})
    field.secret("ca", {"authority.pem": certificate})
    field.kubectl("create", "configmap", "ca", f"--from-literal=ca.crt={certificate}")
    field.kubectl("apply", "--filename=-", typed=json.dumps(database_objects()))
    field.kubectl("wait", "--for=condition=Ready", "pod/db", "--timeout=90s")


def certified(folder: Path) -> tuple[str, str]:
    """A key and its own authority."""
    names = ["-subj", "/CN=db", "-addext", "subjectAltName=DNS:db"]
    where = ["-keyout", "db.key", "-out", "db.crt"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *where]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "db.key").read_text(), (folder / "db.crt").read_text()


def database_objects() -> Values:
    """A pod and its service."""
    container = {
        "name": "db",
        "image": DATABASE_IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "args": ["-c", "ssl=on", "-c", "ssl_key_file=/tls/tls.key", "-c", "ssl_cert_file=/tls/tls.crt"],
        "env": [
            {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
            {"name": "POSTGRES_USER", "value": OWNER},
            {"name": "POSTGRES_DB", "value": "results"},
            {"name": "PGDATA", "value": "/data/pg"},
        ],
        "readinessProbe": {"exec": {"command": ["pg_isready", "-h", "127.0.0.1"]}, "periodSeconds": 1},
        "volumeMounts": [
            {"name": "data", "mountPath": "/data"},
            {"name": "socket", "mountPath": "/var/run/postgresql"},
            {"name": "tls", "mountPath": "/tls"},
        ],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod = {
        "securityContext": {
            "runAsUser": 999,
            "runAsGroup": 999,
            "fsGroup": 999,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "data", "emptyDir": {}},
            {"name": "socket", "emptyDir": {}},
            {"name": "tls", "secret": {"secretName": "db", "defaultMode": 0o640}},
        ],
    }
    labels = {"app": "db"}
    return {
        "apiVersion": "v1",
        "kind": "List",
        "items": [
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "db", "labels": labels}, "spec": pod},
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "db"},
                "spec": {"selector": labels, "ports": [{"port": 6000, "targetPort": 5432}]},
            },
        ],
    }


ELSEWHERE: Values = {"externalDatabase": {"host": "db", "port": 6000, "name": "results", "username": OWNER}}
# As CloudNativePG provides it: another Secret, another name.
FROM_ELSEWHERE: Values = {"heimdall": {"keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}}}


def tls(**authority: str) -> Values:
    """With the certificate's authority from a ConfigMap or a Secret."""
    return {"externalDatabase": {"tls": {"enabled": True, "ca": authority}}}


def without_password(secrets: dict[str, str]) -> dict[str, str]:
    """What is left to be given."""
    return {key: value for key, value in secrets.items() if key != "DATABASE_PASSWORD"}


def joins(field: Field, approach: Approach, given: Values, secrets: dict[str, str], expected: Values) -> None:
    """Installed with that approach for all but the database's password, and logged in where it should be."""
    flags = field.helm.post_renderer if approach is Files else []
    rest = approach.give(field, without_password(secrets))
    field.up("install", approach.release, values(given, FROM_ELSEWHERE, rest), *flags)
    facts = field.runs(approach.release, secrets)["facts"]
    assert {name: facts[name] for name in expected} == expected
    contract = f"configmap/{approach.release}-heimdall-secrets-contract"
    assert field.kubectl("get", contract, "--output=jsonpath={.data.sources}") == "DATABASE_PASSWORD=pg-app/password"


def plain(field: Field, secrets: dict[str, str]) -> None:
    """All four keys inline, no TLS; with another password it does not become ready, and its log says why."""
    field.up("install", "plain", values(ELSEWHERE, {"heimdall": {"secrets": secrets}}))
    facts = field.runs("plain", secrets)["facts"]
    assert facts == {"host": "db", "port": 6000, "name": "results", "user": OWNER, "tls": False}
    wrong = {**secrets, "DATABASE_PASSWORD": fresh()["DATABASE_PASSWORD"]}
    done = field.run("upgrade", "plain", values(ELSEWHERE, {"heimdall": {"secrets": wrong}}), "--wait", "--timeout=9s")
    assert done.returncode != 0
    assert "password authentication failed" in field.state("plain")


def test_somebody_elses_database(field: Field) -> None:
    """Four releases: one takes all keys inline; three get one by `heimdall.keys`, the rest by each approach."""
    secrets = fresh()
    somebody_elses_database(field, secrets["DATABASE_PASSWORD"])
    field.secret("pg-app", {"password": secrets["DATABASE_PASSWORD"], "username": OWNER})
    _ = field.helm.post_renderer
    there = {"host": "db", "port": 6000, "name": "results", "user": OWNER, "tls": True}
    jobs: list[tuple[Approach, Values, Values]] = [
        (Existing, values(ELSEWHERE, tls(configMap="ca")), there),
        (Files, values(ELSEWHERE, tls(secret="ca", key="authority.pem")), there),
        (Inline, {}, {"host": "inline-heimdall-postgresql", "tls": False}),
    ]
    joining = [partial(joins, field, approach, given, secrets, facts) for approach, given, facts in jobs]
    all_at_once([partial(plain, field, secrets), *joining])


# --- two in one release ----------------------------------------------------------------------------------------------


def test_two_aliases_in_one_release(field: Field) -> None:
    """Release `ab` with the aliases `a` and `b`: each has its secrets and its database."""
    parent = field.folder / "parent"
    shutil.copytree(CHART, parent / "charts" / "heimdall")
    dependencies = [{"name": "heimdall", "version": ">=0-0", "alias": alias} for alias in ("a", "b")]
    about = {"apiVersion": "v2", "name": "parent", "version": "0.1.0", "dependencies": dependencies}
    (parent / "Chart.yaml").write_text(yaml.safe_dump(about))
    one, other = fresh(), fresh()
    given = {"a": values(Inline.give(field, one)), "b": values(Existing.give(field, other))}
    field.up("install", "ab", given, chart=parent)
    assert field.runs("ab", one, "ab-a")["facts"]["host"] == "ab-a-postgresql"
    assert field.runs("ab", other, "ab-b")["facts"]["host"] == "ab-b-postgresql"
    accepted(field.helm.run("test", "ab", "--timeout=60s"))


# --- what PostgreSQL does not forgive --------------------------------------------------------------------------------


def refused(field: Field, verb: str, release: str, given: Values, *expected: str) -> str:
    """What Helm said; no value of a secret is in it."""
    done = field.run(verb, release, given)
    assert done.returncode != 0
    assert not [part for part in expected if part not in done.stderr], done.stderr
    assert not leaks(done.stdout + done.stderr, field.secrets)
    return done.stderr


def line(text: str, start: str) -> str:
    """The line of a refusal that has this, from there on."""
    found = re.search(rf"{re.escape(start)}.*", text)
    assert found, text
    return found.group().strip()


def at_a_terminal(field: Field, command: str, typed: str) -> None:
    """A command as a person pastes it into a shell, answering each of its questions alike."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "KUBECONFIG": str(field.cluster.kubeconfig)}
    with subprocess.Popen(["sh", "-ec", command], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        seen = b""
        with suppress(OSError), os.fdopen(ours, "r+b", buffering=0) as screen:
            while part := screen.read(1024):
                seen += part
                if re.search(rb"[Pp]assword[^\n]*: ?$|again: ?$", seen):
                    screen.write(f"{typed}\n".encode())
                    seen = b""
    assert process.returncode == 0, seen


def changes(field: Field, approach: Approach) -> None:
    """Refused, and nothing changed; then the way out as it is printed, once; later upgrades need it no more."""
    release, secrets = approach.release, fresh()
    server = f"{release}-heimdall-postgresql"
    field.up("install", release, values(approach.give(field, secrets)))
    first = field.runs(release, secrets)
    changed = {**secrets, "JWT_SECRET": fresh()["JWT_SECRET"], "DATABASE_PASSWORD": fresh()["DATABASE_PASSWORD"]}
    field.secrets |= {*secrets.values(), *changed.values()}
    given = values(approach.give(field, changed))
    said = refused(field, "upgrade", release, given, f"DATABASE_PASSWORD is another one than the database of {server}")
    assert uid(field.runs(release, secrets)) == uid(first)
    at_a_terminal(field, line(said, "kubectl exec"), changed["DATABASE_PASSWORD"])
    field.up("upgrade", release, given, *line(said, "--set").split())
    assert uid(field.runs(release, changed)) != uid(first)
    field.up("upgrade", release, given)


def test_another_password_for_a_living_database(field: Field) -> None:
    """Seen where the chart can know both: inline, and an existing Secret of another name."""
    all_at_once([partial(changes, field, approach) for approach in (Inline, Existing)])


def test_a_volume_that_an_uninstall_left(field: Field) -> None:
    """Its password has gone with the release: refused; the three ways out, as they are printed."""
    old, new = fresh(), fresh()
    field.secrets |= {*old.values(), *new.values()}
    field.up("install", "r", values(Inline.give(field, old)))
    accepted(field.helm.run("uninstall", "r", "--wait"))
    claim = "data-r-heimdall-postgresql-0"
    said = refused(field, "install", "r", values(Inline.give(field, new)), f"The volume {claim} in the namespace")
    assert field.helm.run("status", "r").returncode != 0
    field.up("install", "r", values(Inline.give(field, old)), *line(said, "--set").split())
    field.runs("r", old)
    accepted(field.helm.run("uninstall", "r", "--wait"))
    said = refused(field, "install", "r", values(Inline.give(field, new)), claim)
    accepted(field.run("install", "r", values(Inline.give(field, new)), *line(said, "--set").split()))
    field.kubectl("rollout", "status", "statefulset/r-heimdall-postgresql", "--timeout=60s")
    at_a_terminal(field, line(said, "kubectl exec"), new["DATABASE_PASSWORD"])
    field.up("upgrade", "r", values(Inline.give(field, new)))
    field.runs("r", new)
    accepted(field.helm.run("uninstall", "r", "--wait"))
    said = refused(field, "install", "r", values(Inline.give(field, old)), claim)
    field.kubectl(*line(said, "kubectl delete pvc").split()[1:])
    field.up("install", "r", values(Inline.give(field, old)))
    field.runs("r", old)
