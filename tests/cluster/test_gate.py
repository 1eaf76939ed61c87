"""The gate on a real node: which releases it lets through, what Helm's user reads, and that nothing is left or told.

What the process says of each kind of bad Secret is tested on the process itself, tests/unit/test_gate.py.
HEIMDALL_PR_TEST_APP_IMAGE names another image with Python 3 than that on the node.
"""

import base64
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from post_renderer.rules.digest import DIGEST
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

    def run(self, verb: str, release: str, timeout: int, *flags: str, chart: Path = CHART, **more: object) -> Done:
        """`helm VERB RELEASE`, with the gate; what Helm says has no value."""
        gate = {"enabled": True, "timeout": timeout, "image": image(APP_IMAGE)}
        given = {"heimdall": {"existingSecret": release}, "externalDatabase": {"host": "db"}, "gate": gate,
                 "image": image(APP_IMAGE), "command": ["sleep", "600"], "waitForDatabase": {"enabled": False},
                 **more}  # fmt: skip
        words = [verb, release, str(chart), "--values", "-", "--timeout=90s", *flags]
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


def fails(
    yard: Yard,
    release: str,
    *told: str,
    logged: str = "",
    timeout: int = 4,
    then: Callable[[], object] = lambda: None,
) -> None:
    """Refused within its limit, where `then` happens while it waits; what was told is what Helm shows, and the pod.

    What was logged while it waited is in the log alone.
    """
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(yard.run, "install", release, timeout)
        then()
        done = running.result()
    assert (done.returncode, JOB.format(release) in done.stderr) == (1, True), done.stderr
    assert [text for text in (*told, logged) if text not in done.stderr] == [], done.stderr
    pods = accepted(yard.kubectl("get", "pods", f"--selector=job-name={JOB.format(release)}", "--output=json"))
    (pod,) = json.loads(pods.stdout)["items"]
    message = pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"]
    assert [text for text in told if text not in message] == [], message
    assert message.startswith("heimdall-gate: refused after"), message
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
        f"why it was not made: kubectl get events --namespace {yard.cluster.namespace} --field-selector type=Warning",
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


def many_keys(yard: Yard) -> None:
    """More findings than a termination message has room for: the pod has the first of them, and what to do."""
    names = [f"KEY_{number:02}_{'X' * 60}" for number in range(60)]
    keys = {"existingSecret": "many", "keys": {name: {"key": name} for name in names}, "extraSecretKeys": names}
    yard.put("many", secrets())
    done = yard.run("install", "many", 0, heimdall=keys)
    assert (done.returncode, done.stderr.count(" is missing (key")) == (1, len(names)), done.stderr
    pods = accepted(yard.kubectl("get", "pods", f"--selector=job-name={JOB.format('many')}", "--output=json"))
    (pod,) = json.loads(pods.stdout)["items"]
    message = pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"].splitlines()
    assert message[0].endswith(f": 60 errors (rules {DIGEST})")
    assert message[1].startswith("error missing-key: KEY_00_")
    assert message[-3].startswith("heimdall-gate: lines that are only in the log: ")
    assert "then: helm upgrade --install" in message[-1]


def warned(yard: Yard) -> None:
    """Let through with a warning: Helm's user reads it, beside an output for programs."""
    yard.put("warned", merged(secrets(), JWT_SECRET=fresh()["JWT_SECRET"][:100]))
    for verb in ("install", "upgrade"):
        done = accepted(yard.run(verb, "warned", 0, "--output=json"))
        assert "warning short-value: JWT_SECRET has only 100 characters" in done.stderr
        assert json.loads(done.stdout)["name"] == "warned"
    assert not yard.job("warned")


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
    fails(yard, "deleted", "error secret-absent", logged="without JWT_SECRET", timeout=12, then=gone)


def stopped(yard: Yard) -> None:
    """Its pod is taken away while it waits: it says so, which one that is killed can't."""
    heard: list[str] = []

    def take() -> None:
        yard.waits("stopped")
        follower = threading.Thread(
            target=lambda: heard.append(yard.kubectl("logs", f"job/{JOB.format('stopped')}", "--follow").stdout)
        )
        follower.start()
        time.sleep(1)
        accepted(yard.kubectl("delete", "pods", f"--selector=job-name={JOB.format('stopped')}"))
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


CASES = (late, late_by_one_key, there, from_elsewhere, absent, incomplete, another_type, many_keys, warned, bad_values,
         deleted, stopped, upgraded_meanwhile)  # fmt: skip


def test_every_secret(yard: Yard) -> None:
    """A release for each, all at once: thirteen gates in one namespace."""
    all_at_once([partial(case, yard) for case in CASES])


# --- a rollback ------------------------------------------------------------------------------------------------------


def older(folder: Path) -> Path:
    """The chart as it was when its gate ran before installs and upgrades alone."""
    chart = folder / "older"
    shutil.copytree(CHART, chart)
    path = chart / "charts" / "secrets-contract" / "templates" / "_gate.tpl"
    text = path.read_text()
    assert ",pre-rollback" in text
    path.write_text(text.replace(",pre-rollback", ""))
    return chart


def pod(yard: Yard, release: str) -> tuple[str, str]:
    """The application's only pod: its UID and which revision's it is."""
    chosen = f"--selector=app.kubernetes.io/instance={release},app.kubernetes.io/component=server"
    for _ in range(600):
        found = json.loads(accepted(yard.kubectl("get", "pods", chosen, "--output=json")).stdout)["items"]
        pods = [each for each in found if "deletionTimestamp" not in each["metadata"]]
        if len(pods) == 1 and pods[0]["status"]["phase"] == "Running":
            (one,) = pods
            return one["metadata"]["uid"], one["metadata"]["annotations"]["revision"]
        time.sleep(0.1)
    raise AssertionError(f"no pod of {release} runs")


def two_revisions(yard: Yard, release: str, first: Path = CHART, **more: object) -> tuple[str, str]:
    """Both with the gate, and with other pods; then the Secret loses a key. The pod of the second."""
    yard.put(release, secrets())
    accepted(yard.run("install", release, 4, chart=first, podAnnotations={"revision": "1"}, **more))
    accepted(yard.run("upgrade", release, 4, podAnnotations={"revision": "2"}))
    running = pod(yard, release)
    lose_a_key(yard, release)
    return running


def lose_a_key(yard: Yard, release: str) -> None:
    patch = '[{"op": "remove", "path": "/data/API_KEY_SECRET"}]'
    accepted(yard.kubectl("patch", "secret", release, "--type=json", f"--patch={patch}"))


def back(yard: Yard, release: str, *flags: str) -> Done:
    """`helm rollback` to the first revision."""
    done = yard.helm.run("rollback", release, "1", "--timeout=90s", *flags, cwd=yard.folder)
    assert not leaks(done.stdout + done.stderr, list(CANARIES))
    return done


def rollback(yard: Yard) -> None:
    """Stopped, and the running pod stays; with the key again it goes back."""
    running = two_revisions(yard, "back")
    done = back(yard, "back")
    assert (done.returncode, JOB.format("back") in done.stderr) == (1, True), done.stderr
    assert "error missing-key: API_KEY_SECRET is missing" in done.stderr
    assert pod(yard, "back") == running
    assert running[1] == "2"
    yard.put("back", secrets())
    is_locked(yard, "back")
    accepted(back(yard, "back"))
    assert pod(yard, "back")[1] == "1"
    assert not yard.job("back")


def is_locked(yard: Yard, release: str) -> None:
    """Helm records no failure of a hook before a rollback: to it the rollback is still going on."""
    done = yard.run("upgrade", release, 4)
    assert (done.returncode, "another operation" in done.stderr) == (1, True), done.stderr
    status = json.loads(accepted(yard.helm.run("status", release, "--output=json")).stdout)["info"]["status"]
    assert status == "pending-rollback"


def rollback_without_hooks(yard: Yard) -> None:
    """The way past the gate, for a user who wants it."""
    two_revisions(yard, "no-hooks")
    accepted(back(yard, "no-hooks", "--no-hooks"))
    assert not yard.job("no-hooks")


def rollback_to_an_older_gate(yard: Yard) -> None:
    """A rollback runs the hooks of the revision that it goes back to: this one has none for it."""
    two_revisions(yard, "old-gate", older(yard.folder))
    accepted(back(yard, "old-gate"))
    assert not yard.job("old-gate")


def rollback_to_no_gate(yard: Yard) -> None:
    """The same, if the gate was enabled later."""
    two_revisions(yard, "no-gate", gate={"enabled": False})
    accepted(back(yard, "no-gate"))
    assert not yard.job("no-gate")


def rollback_by_helm(yard: Yard) -> None:
    """An upgrade that the gate refuses, and that Helm then rolls back: refused a second time; the running pod stays.

    To go back to what runs, without the gate, makes the release usable again and changes nothing.
    """
    yard.put("by-helm", secrets())
    accepted(yard.run("install", "by-helm", 4, podAnnotations={"revision": "1"}))
    running = pod(yard, "by-helm")
    lose_a_key(yard, "by-helm")
    flag = "--atomic" if yard.helm.major == 3 else "--rollback-on-failure"
    done = yard.run("upgrade", "by-helm", 4, flag, podAnnotations={"revision": "2"})
    assert done.returncode == 1
    assert done.stderr.count("error missing-key: API_KEY_SECRET is missing") == 2, done.stderr
    is_locked(yard, "by-helm")
    accepted(back(yard, "by-helm", "--no-hooks"))
    assert pod(yard, "by-helm") == running
    yard.put("by-helm", secrets())
    accepted(yard.run("upgrade", "by-helm", 4, podAnnotations={"revision": "2"}))
    assert pod(yard, "by-helm")[1] == "2"


ROLLBACKS = (rollback, rollback_without_hooks, rollback_to_an_older_gate, rollback_to_no_gate, rollback_by_helm)


def test_every_rollback(yard: Yard) -> None:
    all_at_once([partial(case, yard) for case in ROLLBACKS])


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
