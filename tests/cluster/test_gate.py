"""The gate on a real node: which releases it lets through, what Helm's user reads, and that nothing is left or told.

What the process says of each kind of bad Secret is tested on the process itself, tests/unit/test_gate.py.
HEIMDALL_PR_TEST_APP_IMAGE names another image with Python 3 than that on the node.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.field import APP_IMAGE, image
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import CHART, KEYS, Done, Values, accepted, fresh, leaks, merged

JOB = "{}-heimdall-requires-secret"
CANARIES: set[str] = set()


def secrets(**changes: str | None) -> dict[str, str]:
    """Values for the four keys, never used before, with changes; from now on they must be nowhere."""
    made = merged(fresh(), **changes)
    CANARIES.update(value for key, value in made.items() if key in KEYS and len(value) > 8)
    return made


class Yard:
    """One Helm in one namespace that enforces `restricted`; each release has its Secret, of the release's name."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.folder = helm, cluster, folder
        accepted(self.kubectl("label", "namespace", cluster.namespace, "pod-security.kubernetes.io/enforce=restricted"))

    def kubectl(self, *args: str, typed: str = "") -> Done:
        """In the namespace."""
        return self.cluster.kubectl(*args, input=typed)

    def run(self, verb: str, release: str, timeout: int, *flags: str, **more: object) -> Done:
        """`helm VERB RELEASE`, with the gate; what Helm says has no value."""
        gate = {"enabled": True, "timeout": timeout, "image": image(APP_IMAGE)}
        given = {"heimdall": {"existingSecret": release}, "externalDatabase": {"host": "db"}, "gate": gate,
                 "image": image(APP_IMAGE), "command": ["sleep", "600"], **more}  # fmt: skip
        words = [verb, release, str(CHART), "--values", "-", "--timeout=90s", *flags]
        done = self.helm.run(*words, cwd=self.folder, input=json.dumps(given))
        assert not leaks(done.stdout + done.stderr, list(CANARIES))
        return done

    def put(self, name: str, data: dict[str, str], **fields: object) -> None:
        """Made or replaced."""
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded, **fields}
        accepted(self.kubectl("apply", "--server-side", "--force-conflicts", "--filename=-", typed=json.dumps(made)))

    def job(self, release: str) -> Values:
        """The gate of a release; empty where it is gone."""
        done = accepted(self.kubectl("get", "job", JOB.format(release), "--output=json", "--ignore-not-found"))
        return dict(json.loads(done.stdout)) if done.stdout else {}

    def waits(self, release: str) -> None:
        """Until its gate waits."""
        for _ in range(300):
            if "waiting" in self.kubectl("logs", f"job/{JOB.format(release)}").stdout:
                return
            time.sleep(0.1)
        raise AssertionError(f"the gate of {release} does not wait: {self.kubectl('get', 'pods').stdout}")

    def everything(self) -> str:
        """All logs, events and states that there are, save the Secrets themselves."""
        logs = self.kubectl("logs", "--selector=app.kubernetes.io/component=gate", "--tail=-1", "--prefix").stdout
        return logs + accepted(self.kubectl("get", "events,pods,jobs,configmaps,deployments", "--output=yaml")).stdout


@pytest.fixture
def yard(helm: Helm, cluster: Cluster, tmp_path: Path) -> Iterator[Yard]:
    """Fresh; at its end no value is in any log, event or state."""
    made = Yard(helm, cluster, tmp_path)
    yield made
    assert not leaks(made.everything(), CANARIES)


def all_at_once(jobs: list[Callable[[], None]]) -> None:
    """Most of the time is waiting."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()


def passes(yard: Yard, release: str, *, timeout: int = 60, then: Callable[[], object] = lambda: None) -> None:
    """Installed, where `then` happens while it waits; the gate is gone afterwards."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", release, timeout)
        then()
        accepted(running.result())
    assert not yard.job(release)


def fails(yard: Yard, release: str, *told: str, timeout: int = 4, then: Callable[[], object] = lambda: None) -> None:
    """Refused within its limit, where `then` happens while it waits; what was told is what Helm shows, and the pod."""
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", release, timeout)
        then()
        done = running.result()
    assert (done.returncode, JOB.format(release) in done.stderr) == (1, True), done.stderr
    assert time.monotonic() - began < timeout + 50
    assert [text for text in told if text not in done.stderr] == [], done.stderr
    pods = accepted(yard.kubectl("get", "pods", f"--selector=job-name={JOB.format(release)}", "--output=json"))
    (pod,) = json.loads(pods.stdout)["items"]
    message = pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"]
    assert [text for text in told if text not in message] == [], message
    assert ended(yard.job(release)) == "BackoffLimitExceeded"
    nothing_of(yard, release)


def ended(job: Values) -> str:
    """Why it failed; and that it goes by itself."""
    assert job["spec"]["ttlSecondsAfterFinished"] == 600
    (reason,) = {each["reason"] for each in job["status"]["conditions"] if each["type"] == "Failed"}
    return str(reason)


def nothing_of(yard: Yard, release: str) -> None:
    """The gate came first: nothing else of the release is there."""
    chosen = f"--selector=app.kubernetes.io/instance={release},app.kubernetes.io/component!=gate"
    assert accepted(yard.kubectl("get", "deployments,configmaps,services,pods", chosen, "--output=name")).stdout == ""


def after(seconds: float, *steps: Callable[[], object]) -> Callable[[], None]:
    """Each a while after what was before it."""

    def run() -> None:
        for step in steps:
            time.sleep(seconds)
            step()

    return run


# --- what it waits for -----------------------------------------------------------------------------------------------


def late(yard: Yard) -> None:
    """Ten seconds after the install began."""
    passes(yard, "late", then=after(10, lambda: yard.put("late", secrets())))


def late_by_one_key(yard: Yard) -> None:
    """There, and complete a little later."""
    whole = secrets()
    yard.put("one-key", merged(whole, API_KEY_SECRET=None))
    passes(yard, "one-key", then=after(0, lambda: yard.waits("one-key"), lambda: yard.put("one-key", whole)))


def there(yard: Yard) -> None:
    """Complete and immutable, with much and binary beside it; looked at once; then an upgrade."""
    yard.put("there", secrets(LARGE="x" * 900_000, CERTIFICATE="\xff\x00\xfe"), immutable=True)
    passes(yard, "there", timeout=0)
    accepted(yard.run("upgrade", "there", 0))


def from_elsewhere(yard: Yard) -> None:
    """One key of another Secret that comes last."""
    yard.put("elsewhere", secrets(DATABASE_PASSWORD=None))
    keys = {"existingSecret": "elsewhere", "keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", "elsewhere", 60, heimdall=keys)
        yard.waits("elsewhere")
        yard.put("pg-app", {"password": secrets()["DATABASE_PASSWORD"]})
        accepted(running.result())


def absent(yard: Yard) -> None:
    """For ever; then the fix as it is printed."""
    fails(
        yard,
        "absent",
        "error secret-absent: Secret",
        "has no key; expected: JWT_SECRET",
        "then: helm upgrade --install",
    )
    yard.put("absent", secrets())
    accepted(yard.run("upgrade", "absent", 30, "--install"))


def incomplete(yard: Yard) -> None:
    """Immutable without a key: it will never be complete."""
    yard.put("incomplete", secrets(API_KEY_SECRET=None, ADMIN_PASSWORD=""), immutable=True)
    fails(
        yard,
        "incomplete",
        "API_KEY_SECRET is missing; expected: 66 characters; fix: openssl",
        "ADMIN_PASSWORD is empty",
    )


def another_type(yard: Yard) -> None:
    """A Secret, but for something else: no keys of ours."""
    data = {"username": "somebody", "password": secrets()["DATABASE_PASSWORD"]}
    yard.put("type", data, type="kubernetes.io/basic-auth")
    fails(yard, "type", *(f"{key} is missing" for key in KEYS), timeout=0)


def bad_values(yard: Yard) -> None:
    """Complete, and wrong: no reason to wait."""
    made = secrets()
    yard.put(
        "bad",
        merged(
            made, JWT_SECRET="\xff\x00" * 80, API_KEY_SECRET="CHANGE_ME", ADMIN_PASSWORD=f"{fresh()['JWT_SECRET']}\n"
        ),
    )
    fails(
        yard, "bad", "JWT_SECRET holds a NUL", "API_KEY_SECRET is a placeholder", "ADMIN_PASSWORD ends in", timeout=60
    )


def deleted(yard: Yard) -> None:
    """It was there with some keys, and is not any more."""
    yard.put("deleted", secrets(JWT_SECRET=None))
    gone = after(0, lambda: yard.waits("deleted"), lambda: accepted(yard.kubectl("delete", "secret", "deleted")))
    fails(yard, "deleted", "waiting for Secret", "without JWT_SECRET", "error secret-absent", timeout=12, then=gone)


def stopped(yard: Yard) -> None:
    """Its pod is taken away while it waits: it says so, and ends at once."""
    heard: list[str] = []

    def take() -> None:
        yard.waits("stopped")
        follower = threading.Thread(
            target=lambda: heard.append(yard.kubectl("logs", f"job/{JOB.format('stopped')}", "--follow").stdout)
        )
        follower.start()
        time.sleep(1)
        began = time.monotonic()
        accepted(yard.kubectl("delete", "pods", f"--selector=job-name={JOB.format('stopped')}"))
        assert time.monotonic() - began < 9  # of the ten seconds until it would be killed
        follower.join()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", "stopped", 60)
        take()
        done = running.result()
    assert (done.returncode, JOB.format("stopped") in done.stderr) == (1, True), done.stderr
    assert "heimdall-gate: stopped after" in heard[0]
    assert "error secret-absent" in heard[0]
    assert ended(yard.job("stopped")) == "BackoffLimitExceeded"


def upgraded_meanwhile(yard: Yard) -> None:
    """Helm itself lets no second operation begin; the first gate is not disturbed."""

    def second() -> None:
        yard.waits("twice")
        done = yard.run("upgrade", "twice", 60, "--install")
        assert (done.returncode, "another operation" in done.stderr) == (1, True), done.stderr
        yard.put("twice", secrets())

    passes(yard, "twice", then=second)


CASES = (late, late_by_one_key, there, from_elsewhere, absent, incomplete, another_type, bad_values, deleted, stopped,
         upgraded_meanwhile)  # fmt: skip


def test_every_secret(yard: Yard) -> None:
    """A release for each, all at once: eleven gates in one namespace."""
    all_at_once([partial(case, yard) for case in CASES])


# --- where its process never runs ------------------------------------------------------------------------------------


def never_starts(yard: Yard, release: str, told: str, **more: Any) -> None:  # noqa: ANN401 (values)
    """The Job ends by its own limit (shortened here, once it is there), and its name is what Helm's user reads."""
    yard.put(release, secrets())
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", release, 0, **more)
        while not (job := yard.job(release)):
            time.sleep(0.1)
        assert job["spec"]["activeDeadlineSeconds"] == 60
        accepted(yard.kubectl("patch", "job", JOB.format(release), "--patch", '{"spec":{"activeDeadlineSeconds":6}}'))
        done = running.result()
    assert (done.returncode, JOB.format(release) in done.stderr) == (1, True), done.stderr
    assert ended(yard.job(release)) == "DeadlineExceeded"
    events = accepted(yard.kubectl("get", "events", "--output=jsonpath={.items[*].message}")).stdout
    assert told in events, events
    pods = f"--selector=job-name={JOB.format(release)}"
    accepted(yard.kubectl("wait", "--for=delete", "pods", pods, "--timeout=30s"))
    nothing_of(yard, release)


def no_image(yard: Yard) -> None:
    """None of that name can be pulled."""
    gate = {"enabled": True, "timeout": 0, "image": image("localhost/no-such-image:1")}
    never_starts(yard, "no-image", "no-such-image", gate=gate)


def no_place(yard: Yard) -> None:
    """No node takes it."""
    never_starts(yard, "no-place", "didn't match Pod's node", nodeSelector={"heimdall-pr-test/none": "yes"})


def test_never_starts(yard: Yard) -> None:
    all_at_once([lambda: no_image(yard), lambda: no_place(yard)])


def quota(yard: Yard, **hard: str) -> None:
    """What all pods of the namespace have together."""
    made = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}, "spec": {"hard": hard}}
    accepted(yard.kubectl("apply", "--filename=-", typed=json.dumps(made)))


def test_quota(yard: Yard) -> None:
    """One that asks for what the gate says of itself lets it run; another not, until `gate.resources` says it too."""
    quota(yard, **{"requests.cpu": "1", "requests.memory": "2Gi", "limits.memory": "4Gi", "pods": "5"})
    yard.put("within", secrets())
    passes(yard, "within")
    quota(yard, **{"limits.cpu": "1"})
    never_starts(yard, "beyond", "must specify limits.cpu")
    resources = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}
    gate = {"enabled": True, "timeout": 20, "image": image(APP_IMAGE), "resources": resources}
    accepted(yard.run("upgrade", "beyond", 20, "--install", gate=gate))


def test_slow_node(yard: Yard) -> None:
    """The pod finds its place only later."""
    label = f"heimdall-pr-test/{yard.cluster.namespace}"
    (node, *_) = accepted(yard.kubectl("get", "nodes", "--output=jsonpath={.items[*].metadata.name}")).stdout.split()
    yard.put("slow", secrets())
    try:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(yard.run, "install", "slow", 0, nodeSelector={label: "yes"})
            time.sleep(5)
            accepted(yard.kubectl("label", "node", node, f"{label}=yes"))
            accepted(running.result())
    finally:
        yard.kubectl("label", "node", node, f"{label}-")


def test_without_the_gate(yard: Yard) -> None:
    """An absent Secret fails at once, and the message offers the gate."""
    done = yard.run("install", "r", 0, gate={"enabled": False})
    assert done.returncode == 1
    assert "If it is created a little later, wait for it: --set gate.enabled=true" in done.stderr
