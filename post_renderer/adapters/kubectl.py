"""Fetches live Secrets, by the user's own kubectl: their values reach memory and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from post_renderer.adapters import child, processes
from post_renderer.document.nodes import BREAKS
from post_renderer.kube import names
from post_renderer.kube.secret import is_base64
from post_renderer.model.errors import UsageError
from post_renderer.model.facts import LiveFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import Fix, command
from post_renderer.model.record import NamedTuple

LIMIT = 15  # seconds; kubectl itself tries for minutes, and a login helper may hang for ever
FEWER = 5  # seconds for the server's answer to one request, so that kubectl can say by itself that it is slow


class Target(NamedTuple):
    """The cluster to ask, as the user named it; `secrets` are more variables that kubectl does not get."""

    context: str = ""
    kubeconfig: str = ""
    secrets: tuple[str, ...] = ()

    @property
    def flags(self) -> list[str]:
        """The options of kubectl that name it."""
        given = (("--context", self.context), ("--kubeconfig", self.kubeconfig))
        return [f"{flag}={value}" for flag, value in given if value]


class Failure(NamedTuple):
    """Why a Secret could not be read."""

    rule: str
    message: str
    expected: str
    fix: Fix


def target(context: str, kubeconfig: str, secrets: tuple[str, ...] = ()) -> Target:
    """The cluster that the user named. Raises UsageError if they named none."""
    if not context and not kubeconfig:
        message = "--live needs --context NAME or --kubeconfig FILE: which cluster Helm uses is not known here"
        raise UsageError(message, '--context "$(kubectl config current-context)", if that is the one')
    return Target(context, kubeconfig, secrets)


def fetch_all(names: Iterable[tuple[str, str]], where: Target, limit: float = LIMIT) -> dict[tuple[str, str], LiveFact]:
    """Fetch each of the live Secrets; a cluster that did not answer in time is not asked again."""
    found: dict[tuple[str, str], LiveFact] = {}
    for namespace, name in names:
        is_slow = any(finding.rule == "live-slow" for fact in found.values() for finding in fact.findings)
        fact = _failed(namespace, name, _slow(limit)) if is_slow else fetch(namespace, name, where, limit)
        found[namespace, name] = fact
    return found


def fetch(namespace: str, name: str, where: Target, limit: float = LIMIT) -> LiveFact:
    """Fetch the values of a live Secret, or the finding that says why not."""
    # They come from a chart, and could be options of kubectl.
    if not names.is_name(name) or not names.is_label(namespace):
        return _failed(namespace, name, NO_NAME)
    words = ["get", "secret", name, f"--namespace={namespace}", "--output=json", f"--request-timeout={FEWER}s"]
    try:
        code, out, err = _run([*words, *where.flags], where.secrets, limit)
    except FileNotFoundError:
        return _failed(namespace, name, NO_KUBECTL)
    except OSError as error:
        return _failed(namespace, name, NO_KUBECTL._replace(message=f"can't be run: {os.strerror(error.errno or 0)}"))
    except processes.TooSlow:
        return _failed(namespace, name, _slow(limit))
    if code != 0:
        return _failed(namespace, name, _reason(err, namespace, where, limit))
    values = _values(out)
    return LiveFact(values) if values is not None else _failed(namespace, name, NO_ANSWER)


def _run(words: list[str], secrets: Iterable[str], limit: float) -> tuple[int, bytes, str]:
    """Run kubectl; a login helper that it started ends with it."""
    done = processes.run(["kubectl", *words], child.environment(os.environ, secrets), seconds=limit)
    return done.code, done.out, done.err.decode("utf-8", "replace")


def _values(out: bytes) -> Mapping[str, bytes] | None:
    """The decoded data; None if it is no Secret's."""
    import binascii
    import json

    try:
        answer = json.loads(out)
        if answer["kind"] != "Secret":
            return None
        data = answer.get("data") or {}
        texts = {str(key): str(value).translate(BREAKS) for key, value in data.items()}
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return None
    if not all(is_base64(text) for text in texts.values()):
        return None
    return {key: binascii.a2b_base64(text) for key, text in texts.items()}


# Parts of kubectl's messages. They never hold a value of a Secret, but may hold addresses, so they are not shown.
ABSENT = "(NotFound)"
FORBIDDEN = ("(Forbidden)",)
NOT_LOGGED_IN = ("(Unauthorized)", "You must be logged in", "getting credentials", "provide credentials", "error: EOF")
SLOW = ("Client.Timeout", "context deadline exceeded", "TLS handshake timeout", "i/o timeout", "(Timeout)")
UNUSABLE = ("does not exist", "error loading config", "no such file", "invalid configuration", "unable to load root")

# No command: only the user knows which secret manager makes it.
MAKE_IT = "let your secret manager make it in that namespace first (heimdall-pr scaffold), or let the chart wait for it"
NO_NAME = Failure("live-absent", "can't be: that is no name of one", "a name", "fix the name in the values")
NO_KUBECTL = Failure("live-no-kubectl", "there is no kubectl on PATH", "kubectl", "put kubectl on PATH")
NO_ANSWER = Failure("live-unusable", "kubectl's answer is no Secret", "a Secret", command("kubectl", "version"))


def _reason(err: str, namespace: str, where: Target, limit: float) -> Failure:
    """Read from kubectl's message why it failed."""
    if ABSENT in err:
        reason = f": there is no namespace {namespace}" if "namespaces " in err else ""
        return Failure("live-absent", f"is not in the cluster{reason}", "the Secret", MAKE_IT)
    if any(text in err for text in FORBIDDEN):
        can_i = command("kubectl", "auth", "can-i", "get", "secrets", f"--namespace={namespace}", *where.flags)
        return Failure("live-forbidden", "may not be read by you", "the right to get Secrets", can_i)
    if any(text in err for text in NOT_LOGGED_IN):
        whoami = command("kubectl", "auth", "whoami", *where.flags)
        return Failure("live-forbidden", "can't be read: you are not logged in", "a login", whoami)
    if any(text in err for text in SLOW):
        return _slow(limit)
    if any(text in err for text in UNUSABLE):
        message = "can't be looked for: the context or the kubeconfig can't be used"
        return Failure("live-unusable", message, "one that is there", command("kubectl", "config", "get-contexts"))
    version = command("kubectl", "version", *where.flags)
    return Failure("live-unreachable", "can't be read: the cluster is not reached", "an API server", version)


def _slow(limit: float) -> Failure:
    message = f"could not be read in time: the cluster or a login helper did not answer (limit {limit:g} s)"
    return Failure("live-slow", message, "an answer", "try again, or leave --live out")


def _failed(namespace: str, name: str, failure: Failure) -> LiveFact:
    # What is no name is not shown: a secret may have been given in its place.
    place = Place("a Secret" if failure is NO_NAME else f"Secret {namespace}/{name}")
    message = f"the live Secret {failure.message}" if failure is not NO_KUBECTL else failure.message
    finding = Finding(ERROR, failure.rule, place, message, failure.expected, failure.fix)
    return LiveFact(None, (finding,), failure.rule == "live-absent")
