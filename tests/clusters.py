"""A namespace of a test's own in the Kubernetes that KUBECONFIG names."""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import helms


class Unusable(Exception):
    """The cluster does not do what is asked of it; the message says what it answered."""


class Cluster:
    """What a test sees: its namespace is the default in `kubeconfig`, for Helm and kubectl alike."""

    def __init__(self, kubeconfig: Path, namespace: str) -> None:
        self.kubeconfig, self.namespace = kubeconfig, namespace

    def kubectl(self, *args: str, input: str | bytes | None = None) -> subprocess.CompletedProcess[str]:  # noqa: A002 (as subprocess.run has it)
        """Run kubectl in the namespace, whatever its exit code."""
        return kubectl(self.kubeconfig, "--namespace", self.namespace, *args, input=input)


@contextmanager
def namespace(folder: Path, prefix: str) -> Iterator[Cluster]:
    """A fresh namespace, deleted at the end without waiting for it; `folder` takes the kubeconfig."""
    name = f"{prefix}-{secrets.token_hex(4)}"
    cluster = Cluster(_own_kubeconfig(folder, name), name)
    checked(cluster.kubectl("create", "namespace", name))
    try:
        _await_service_account(cluster)
        yield cluster
    finally:
        cluster.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


def kubectl(
    kubeconfig: Path,
    *args: str,
    input: str | bytes | None = None,  # noqa: A002 (as subprocess.run has it)
) -> subprocess.CompletedProcess[str]:
    """The one on PATH, else the pinned one."""
    program = shutil.which("kubectl") or str(helms.fetch("kubectl"))
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(kubeconfig.parent), "KUBECONFIG": str(kubeconfig)}
    return helms.run([program, *args], env=env, input=input)


def _own_kubeconfig(folder: Path, name: str) -> Path:
    """A copy of the user's: what they use stays as it is."""
    path = folder / "kubeconfig"
    flat = checked(kubectl(Path(os.environ["KUBECONFIG"]), "config", "view", "--raw", "--flatten"))
    path.touch(mode=0o600)
    path.write_text(flat.stdout)
    checked(kubectl(path, "config", "set-context", "--current", f"--namespace={name}"))
    return path


def _await_service_account(cluster: Cluster) -> None:
    """A moment later than the namespace; before it no pod starts, and a chart's lookups see no cluster."""
    for _ in range(300):
        if cluster.kubectl("get", "serviceaccount", "default").returncode == 0:
            return
        time.sleep(0.1)
    raise Unusable(f"namespace {cluster.namespace} has no service account after 30 s")


def checked(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """What was run, where it succeeded."""
    if done.returncode != 0:
        raise Unusable(f"{' '.join(done.args)}: {done.stderr.strip()}")
    return done


@contextmanager
def defined(cluster: Cluster, paths: list[Path]) -> Iterator[None]:
    """Custom kinds; those that were not there before are removed at the end, and only one test has any at a time."""
    with open(Path(tempfile.gettempdir()) / "heimdall-pr-test-kinds.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield from _defined(cluster, [path for path in paths if _is_absent(cluster, path)])


def _is_absent(cluster: Cluster, path: Path) -> bool:
    return cluster.kubectl("get", f"--filename={path}").returncode != 0


def _defined(cluster: Cluster, made: list[Path]) -> Iterator[None]:
    try:
        for path in made:
            checked(cluster.kubectl("apply", "--server-side", f"--filename={path}"))
        for path in made:
            _await_established(cluster, path)
        yield
    finally:
        for path in made:
            cluster.kubectl("delete", "--ignore-not-found", "--timeout=60s", f"--filename={path}")


def _await_established(cluster: Cluster, path: Path) -> None:
    """`kubectl wait` gives up at once on a kind that has no conditions yet."""
    told = ""
    for _ in range(300):
        done = cluster.kubectl("wait", "--for=condition=Established", "--timeout=30s", f"--filename={path}")
        if done.returncode == 0:
            return
        told = done.stderr.strip()
        time.sleep(0.1)
    raise Unusable(f"{path.name} is not established: {told}")
