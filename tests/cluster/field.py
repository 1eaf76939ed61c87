"""One Helm in one namespace on a real node: what the tests with running pods share.

Images can't be pulled everywhere: HEIMDALL_PR_TEST_APP_IMAGE (any Python 3) and HEIMDALL_PR_TEST_DATABASE_IMAGE (a
PostgreSQL that heeds POSTGRES_*, such as docker.io/library/postgres:17) name others than those on the node.
"""

import base64
import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.clusters import Cluster
from tests.helms import Helm
from tests.standin import app
from tests.support import CHART, FILE, KEYS, Done, Values, accepted

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

    def logged(self, release: str, text: str) -> str:
        """The logs of its pods, once they have this: a container starts when it can, whatever Helm waited for."""
        chosen = f"--selector=app.kubernetes.io/instance={release}"
        for _ in range(300):
            logs = self.cluster.kubectl("logs", chosen, "--all-containers", "--ignore-errors", "--tail=-1").stdout
            if text in logs:
                return logs
            time.sleep(0.5)
        raise AssertionError(self.state(release))

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


def all_at_once(jobs: list[Callable[[], None]]) -> None:
    """Most of the time is waiting."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()


# --- the approaches --------------------------------------------------------------------------------------------------


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


def flags(field: Field, approach: Approach) -> list[str]:
    """The post-renderer's, where it is needed."""
    return field.helm.post_renderer if approach is Files else []
