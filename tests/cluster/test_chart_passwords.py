"""What PostgreSQL does not forgive: another password for its data; and the ways out, as they are printed."""

import os
import pty
import re
import subprocess
from contextlib import suppress
from functools import partial

from tests.cluster.field import Approach, Existing, Field, Inline, all_at_once, uid, values
from tests.support import Values, accepted, fresh, leaks


def refused(field: Field, verb: str, release: str, given: Values, *expected: str) -> str:
    """What Helm printed; no value of a secret is in it."""
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
    message = refused(
        field, "upgrade", release, given, f"DATABASE_PASSWORD is not the one that the database of {server}"
    )
    assert uid(field.runs(release, secrets)) == uid(first)
    at_a_terminal(field, line(message, "kubectl exec"), changed["DATABASE_PASSWORD"])
    field.up("upgrade", release, given, *line(message, "--set").split())
    assert uid(field.runs(release, changed)) != uid(first)
    field.up("upgrade", release, given)


def test_another_password_for_a_living_database(field: Field) -> None:
    """Seen if the chart can know both: inline, and an existing Secret of another name."""
    all_at_once([partial(changes, field, approach) for approach in (Inline, Existing)])


def test_a_password_that_changed_in_place(field: Field) -> None:
    """Nothing can see it before: the pod does not start, and its log says why; what it prints works."""
    old, new = fresh(), fresh()
    field.secrets |= {*old.values(), *new.values()}
    given = values({"heimdall": {"existingSecret": "live"}})
    field.secret("live", old)
    field.up("install", "r", given)
    field.runs("r", old)
    field.secret("live", new)
    accepted(field.run("upgrade", "r", values(given, {"podAnnotations": {"revision": "2"}})))
    said = field.logged("r", "kubectl exec")
    assert "password authentication failed" in said
    assert "(strategy: Recreate)" in said
    assert "the key DATABASE_PASSWORD of the Secret live" in said
    assert not leaks(said, field.secrets)
    at_a_terminal(field, line(said, "kubectl exec"), new["DATABASE_PASSWORD"])
    field.kubectl("rollout", "status", "deployment/r-heimdall", "--timeout=150s")
    field.runs("r", new)


def test_a_volume_that_an_uninstall_left(field: Field) -> None:
    """Its password has gone with the release: refused; the three ways out, as they are printed."""
    old, new = fresh(), fresh()
    field.secrets |= {*old.values(), *new.values()}
    field.up("install", "r", values(Inline.give(field, old)))
    accepted(field.helm.run("uninstall", "r", "--wait"))
    claim = "data-r-heimdall-postgresql-0"
    message = refused(field, "install", "r", values(Inline.give(field, new)), f"The volume {claim} in the namespace")
    assert field.helm.run("status", "r").returncode != 0
    field.up("install", "r", values(Inline.give(field, old)), *line(message, "--set").split())
    field.runs("r", old)
    accepted(field.helm.run("uninstall", "r", "--wait"))
    message = refused(field, "install", "r", values(Inline.give(field, new)), claim)
    accepted(field.run("install", "r", values(Inline.give(field, new)), *line(message, "--set").split()))
    field.kubectl("rollout", "status", "statefulset/r-heimdall-postgresql", "--timeout=60s")
    at_a_terminal(field, line(message, "kubectl exec"), new["DATABASE_PASSWORD"])
    field.up("upgrade", "r", values(Inline.give(field, new)))
    field.runs("r", new)
    accepted(field.helm.run("uninstall", "r", "--wait"))
    message = refused(field, "install", "r", values(Inline.give(field, old)), claim)
    field.kubectl(*line(message, "kubectl delete pvc").split()[1:])
    field.up("install", "r", values(Inline.give(field, old)))
    field.runs("r", old)
