"""The post-renderer on a real API server: what is live after each command, and that nothing is after a refusal."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import (
    CHART,
    KEYS,
    NO_TOOL,
    Desk,
    Done,
    Values,
    accepted,
    digest,
    existing,
    fresh,
    inline,
    leaks,
    merged,
    parent,
    refused,
    shipped,
)

OWN = "r-heimdall-secrets"
OUTSIDE = "live"
GUARD = "install-with---post-renderer-heimdall-pr"
# Stands in for the application: answers GET /server on port 3000, and ends when it is told to.
SERVER = """import http.server, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/server" else 404)
        self.end_headers()
http.server.HTTPServer(("", 3000), Handler).serve_forever()
"""
RUNNABLE: Values = {
    "image": {"registry": "localhost", "repository": "python", "tag": "3"},
    "command": ["python3", "-c", SERVER],
    "waitForDatabase": {"enabled": False},
}
# The embedded database has refusals of its own, which the tests of the chart see.
DATABASE: Values = {"externalDatabase": {"host": "nobody-asks-it.example.com"}}


# --- the ways to give the secrets ------------------------------------------------------------------------------------


class Given(NamedTuple):
    """What a command gets: the chart, its values, what the environment has besides."""

    values: Values
    env: Mapping[str, str] = {}
    chart: Path = CHART


def by_files(desk: Desk, _: Cluster, secrets: Mapping[str, str]) -> Given:
    return Given(desk.file(secrets))


def by_inline(_: Desk, __: Cluster, secrets: Mapping[str, str]) -> Given:
    return Given(inline(secrets))


def by_environment(_: Desk, __: Cluster, secrets: Mapping[str, str]) -> Given:
    names = [*KEYS, "LDAP_PASSWORD"] if "LDAP_PASSWORD" in secrets else KEYS
    return Given(inline({name: f"${{{name}}}" for name in names}), {**secrets, "HEIMDALL_PR_ENV": "LDAP_PASSWORD"})


def in_the_stream(desk: Desk, _: Cluster, secrets: Mapping[str, str]) -> Given:
    folder = desk.folder / "demo-parent"
    return Given(shipped(secrets), chart=folder if folder.exists() else parent(desk.folder))


def from_outside(_: Desk, cluster: Cluster, secrets: Mapping[str, str]) -> Given:
    """Somebody else makes the Secret before the command runs."""
    data = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": OUTSIDE}, "stringData": dict(secrets)}
    accepted(cluster.kubectl("delete", "secret", OUTSIDE, "--ignore-not-found"))
    accepted(cluster.kubectl("create", "--filename=-", input=json.dumps(data)))
    return Given(existing(OUTSIDE))


Give = Callable[[Desk, Cluster, Mapping[str, str]], Given]


class Way(NamedTuple):
    """A way to give the secrets, and the Secret that has them then."""

    name: str
    give: Give
    secret: str


FILES = Way("files", by_files, OWN)
INLINE = Way("inline", by_inline, OWN)
ENVIRONMENT = Way("environment", by_environment, OWN)
STREAM = Way("in the stream", in_the_stream, "heimdall-production-secrets")
LIVE = Way("from outside", from_outside, OUTSIDE)
WAYS = [FILES, INLINE, ENVIRONMENT, STREAM, LIVE]
NEED_THE_TOOL = [FILES, ENVIRONMENT]


def each_of(ways: list[Way]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("way", ways, ids=[way.name for way in ways])


class Stage:
    """A release `r` in a namespace of its own: each command gets the secrets of the desk, or others."""

    def __init__(self, helm: Helm, cluster: Cluster, folder: Path) -> None:
        self.helm, self.cluster, self.desk = helm, cluster, Desk(helm, folder / "desk")

    def run(self, way: Way, verb: str, *args: str, secrets: Mapping[str, str] | None = None, tool: bool = True) -> Done:
        """The command, with or without the tool."""
        given = way.give(self.desk, self.cluster, self.desk.secrets if secrets is None else secrets)
        return self.with_given(given, verb, *args, tool=tool)

    def with_given(self, given: Given, verb: str, *args: str, tool: bool = True) -> Done:
        renderer = None if tool else NO_TOOL
        values = {**DATABASE, **given.values} if given.chart == CHART else given.values
        return self.desk.run(verb, values, *args, env=given.env, chart=given.chart, renderer=renderer)

    def live(self, name: str) -> dict[str, str]:
        """What is in the live Secret; nothing where there is none."""
        done = accepted(self.cluster.kubectl("get", "secret", name, "--output=json", "--ignore-not-found"))
        data: dict[str, str] = json.loads(done.stdout).get("data", {}) if done.stdout else {}
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def checksum(self) -> str:
        """What makes the pods start anew."""
        path = "--output=jsonpath={.spec.template.metadata.annotations.checksum/secrets}"
        return accepted(self.cluster.kubectl("get", "deployment", "r-heimdall", path)).stdout

    def objects(self) -> set[str]:
        """All there is of the kinds that the chart makes; Helm's release records are Secrets too."""
        kinds = "deployment,service,serviceaccount,secret,configmap"
        return set(accepted(self.cluster.kubectl("get", kinds, "--output=name")).stdout.split())

    def revisions(self) -> list[str]:
        """The states of the release, the oldest first; nothing where there is no release."""
        done = self.helm.run("history", "r", "--output=json")
        return [each["status"] for each in json.loads(done.stdout)] if done.returncode == 0 else []


@pytest.fixture
def stage(helm: Helm, cluster: Cluster, tmp_path: Path) -> Stage:
    return Stage(helm, cluster, tmp_path)


# --- a release's life ------------------------------------------------------------------------------------------------


@each_of(WAYS)
def test_a_life(stage: Stage, way: Way) -> None:
    """From install to uninstall, the live Secret holds exactly what was given, and its pods know of each change."""
    first = {**stage.desk.secrets, **stage.desk.keep_back({"LDAP_PASSWORD": fresh()["API_KEY_SECRET"]})}
    changed = {**first, **stage.desk.keep_back({"JWT_SECRET": fresh()["JWT_SECRET"]})}
    dropped = merged(changed, LDAP_PASSWORD=None)
    for verb, secrets in (("install", first), ("upgrade", first), ("upgrade", changed), ("upgrade", dropped)):
        accepted(stage.run(way, verb, secrets=secrets))
        assert stage.live(way.secret) == secrets
        # What is in no stream has no digest: a Secret that others change is theirs to restart pods for.
        assert stage.checksum() == ("" if way is LIVE else digest(secrets))
    assert set(stage.live(way.secret)) == set(KEYS)
    accepted(stage.helm.run("rollback", "r", "1"))
    assert stage.live(way.secret) == (dropped if way is LIVE else first)
    assert stage.checksum() == ("" if way is LIVE else digest(first))
    assert stage.revisions() == ["superseded"] * 4 + ["deployed"]
    accepted(stage.helm.run("uninstall", "r"))
    assert stage.live(way.secret) == (dropped if way is LIVE else {})
    assert "deployment.apps/r-heimdall" not in stage.objects()


@each_of([FILES, LIVE])
def test_the_pods_get_it(stage: Stage, way: Way) -> None:
    """The pod becomes ready with exactly these values; after an upgrade that changes one, a new pod has that."""
    given = way.give(stage.desk, stage.cluster, stage.desk.secrets)
    given = given._replace(values={**given.values, **RUNNABLE})
    accepted(stage.with_given(given, "install", "--wait", "--timeout=120s"))
    assert environment(stage) == stage.desk.secrets
    if way is FILES:
        stage.desk.file(stage.desk.renew("ADMIN_PASSWORD"))
        accepted(stage.with_given(given, "upgrade", "--wait", "--timeout=120s"))
        assert environment(stage) == stage.desk.secrets


def environment(stage: Stage) -> dict[str, str]:
    """The four variables, as the application's process has them."""
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    done = accepted(stage.cluster.kubectl("exec", "deployment/r-heimdall", "--", "python3", "-c", program))
    variables: dict[str, str] = json.loads(done.stdout)
    return {key: variables[key] for key in KEYS}


# --- refusals leave everything as it was -----------------------------------------------------------------------------


@each_of(WAYS)
def test_a_refused_install_leaves_nothing(stage: Stage, way: Way) -> None:
    """No release record, no object; the same command goes through once the key is there."""
    secrets = merged(stage.desk.secrets, API_KEY_SECRET=None)
    given = way.give(stage.desk, stage.cluster, secrets)
    before = stage.objects()
    refused(stage.with_given(given, "install"), "API_KEY_SECRET is missing")
    assert stage.objects() == before
    assert stage.revisions() == []
    accepted(stage.run(way, "install"))
    assert stage.live(way.secret) == stage.desk.secrets


@each_of([FILES, ENVIRONMENT, STREAM])
def test_a_refused_upgrade_leaves_what_is_live(stage: Stage, way: Way) -> None:
    """The Secret, its pods and the release are as they were."""
    accepted(stage.run(way, "install"))
    before = (stage.live(way.secret), stage.checksum(), stage.objects(), stage.revisions())
    refused(stage.run(way, "upgrade", secrets=merged(stage.desk.secrets, JWT_SECRET="")), "JWT_SECRET is")
    assert (stage.live(way.secret), stage.checksum(), stage.objects(), stage.revisions()) == before


@each_of(NEED_THE_TOOL)
def test_an_upgrade_that_forgets_the_flag(stage: Stage, way: Way) -> None:
    """Refused by a name that says what to do, also with the values that are reused; nothing changes."""
    accepted(stage.run(way, "install"))
    before = (stage.live(OWN), stage.checksum(), stage.objects(), stage.revisions())
    refused(stage.run(way, "upgrade", tool=False), GUARD)
    refused(stage.with_given(Given({}), "upgrade", "--reuse-values", tool=False), GUARD)
    assert (stage.live(OWN), stage.checksum(), stage.objects(), stage.revisions()) == before
    assert before[0] == stage.desk.secrets


@each_of(NEED_THE_TOOL)
def test_an_install_that_forgets_the_flag(stage: Stage, way: Way) -> None:
    before = stage.objects()
    refused(stage.run(way, "install", tool=False), GUARD)
    assert stage.objects() == before
    assert stage.revisions() == []


APPLIES = ["--server-side=false", "--server-side=true --force-conflicts"]


@pytest.mark.parametrize("redact", [False, True], ids=["without the tool", "redacted"])
@each_of(NEED_THE_TOOL)
def test_a_template_that_is_applied(stage: Stage, way: Way, redact: bool) -> None:
    """Neither a render without the tool nor a redacted one touches the live Secret, whole or the Secret alone."""
    accepted(stage.run(way, "install"))
    given = way.give(stage.desk, stage.cluster, stage.desk.secrets)
    if redact:
        done = stage.desk.template(given.values, env=given.env, redact=True)
    else:
        done = stage.with_given(given, "template", tool=False)
    stream = stage.desk.look_through(accepted(done)).stdout
    secret = next(text for text in stream.split("\n---\n") if "\nkind: Secret\n" in text)
    for text, side in ((text, side) for text in (stream, secret) for side in APPLIES):
        applied = stage.cluster.kubectl("apply", *side.split(), "--filename=-", input=text)
        assert applied.returncode != 0
        assert OWN in applied.stderr
        assert stage.live(OWN) == stage.desk.secrets


# --- from one approach to another ------------------------------------------------------------------------------------

DIRECTIONS = [(old, new) for old in (FILES, ENVIRONMENT, LIVE) for new in (FILES, ENVIRONMENT, LIVE) if old is not new]


@pytest.mark.parametrize(("old", "new"), DIRECTIONS, ids=[f"{old.name} to {new.name}" for old, new in DIRECTIONS])
def test_switching(stage: Stage, old: Way, new: Way) -> None:
    """The new Secret is right, somebody else's stays, and that ours goes is said."""
    before = stage.desk.secrets
    accepted(stage.run(old, "install"))
    after = stage.desk.renew()
    told = accepted(stage.run(new, "upgrade")).stdout
    assert stage.live(new.secret) == after
    if new is LIVE:
        assert stage.live(OWN) == {}
        assert f"This upgrade deletes the Secret {OWN}" in told
    elif old is LIVE:
        assert stage.live(OUTSIDE) == before


@each_of(NEED_THE_TOOL)
def test_switching_to_the_secret_that_the_release_made(stage: Stage, way: Way) -> None:
    """It would be deleted: refused with the way out, and after that it stays, whatever comes."""
    accepted(stage.run(way, "install"))
    given = Given(existing(OWN))
    annotate = f"kubectl annotate secret {OWN} --namespace {stage.cluster.namespace} helm.sh/resource-policy=keep"
    refused(stage.with_given(given, "upgrade"), "Helm would delete it now", annotate)
    assert stage.live(OWN) == stage.desk.secrets
    accepted(stage.cluster.kubectl("annotate", "secret", OWN, "helm.sh/resource-policy=keep"))
    accepted(stage.with_given(given, "upgrade"))
    assert stage.live(OWN) == stage.desk.secrets
    accepted(stage.run(way, "upgrade", secrets=stage.desk.renew("JWT_SECRET")))
    assert stage.live(OWN) == stage.desk.secrets


@each_of(NEED_THE_TOOL)
def test_a_foreign_secret_of_our_name(stage: Stage, way: Way) -> None:
    """It would be overwritten, and later deleted: refused, also where Helm would take it over."""
    theirs = {"theirs": fresh()["JWT_SECRET"]}
    stage.desk.keep_back(theirs)
    accepted(stage.cluster.kubectl("create", "secret", "generic", OWN, f"--from-literal=theirs={theirs['theirs']}"))
    for flags in ([], ["--take-ownership"]):
        refused(stage.run(way, "install", *flags), "is not this release's", f"--set heimdall.existingSecret={OWN}")
        assert stage.live(OWN) == theirs
        assert stage.revisions() == []


# --- dry runs --------------------------------------------------------------------------------------------------------

REDACT = "--post-renderer-args=--redact"
HIDINGS = [["--hide-secret"], [REDACT], ["--hide-secret", REDACT]]
DRY_RUNS = ["--dry-run=client", "--dry-run=server"]


@each_of([FILES, INLINE, ENVIRONMENT, STREAM])
def test_dry_runs(stage: Stage, way: Way) -> None:
    """With `--hide-secret` or `--redact` no secret is on any channel; without, it would be. Nothing is created."""
    given = way.give(stage.desk, stage.cluster, stage.desk.secrets)
    before = stage.objects()
    for dry_run, hiding in ((dry_run, hiding) for dry_run in DRY_RUNS for hiding in HIDINGS):
        done = accepted(stage.with_given(given, "install", dry_run, *hiding))
        assert "kind: Deployment" in done.stdout
        assert "NeedsPostRenderer" not in done.stdout
    words = ["install", "r", str(given.chart), "--values=-", DRY_RUNS[0], *stage.helm.post_renderer]
    open_run = stage.helm.run(*words, cwd=stage.desk.folder, env=given.env, input=json.dumps(given.values))
    assert leaks(accepted(open_run).stdout, stage.desk.canaries)
    assert not leaks(open_run.stderr + stage.desk.report(), stage.desk.canaries)
    assert stage.objects() == before
    assert stage.revisions() == []


@each_of(NEED_THE_TOOL)
def test_dry_runs_of_an_upgrade(stage: Stage, way: Way) -> None:
    """The same beside a live Secret, which stays; and what would be refused is, where it can be seen."""
    accepted(stage.run(way, "install"))
    before, renewed = stage.desk.secrets, stage.desk.renew()
    bad = merged(renewed, JWT_SECRET=None)
    for dry_run, flag in ((dry_run, flag) for dry_run in DRY_RUNS for flag in ("--hide-secret", REDACT)):
        accepted(stage.run(way, "upgrade", dry_run, flag, secrets=renewed))
        # Helm 3 hides the chart's Secret before the tool sees that it waits for a variable.
        if way is FILES or flag is REDACT or stage.helm.major == 4:
            refused(stage.run(way, "upgrade", dry_run, flag, secrets=bad), "JWT_SECRET is missing")
    assert stage.live(OWN) == before


def test_what_helm_hides(stage: Stage) -> None:
    """Helm 3 hides it before the tool runs: a note says so, which `--strict` makes an error. Helm 4 does it later."""
    flags = ["--dry-run=client", "--hide-secret"]
    accepted(stage.run(FILES, "install", *flags))
    hidden = f"/{OWN} is hidden, so it is not checked here and nothing is filled"
    assert (hidden in stage.desk.report(), "heimdall-pr: ok:" in stage.desk.report()) == (
        (True, False) if stage.helm.major == 3 else (False, True)
    )
    done = stage.run(FILES, "install", *flags, "--post-renderer-args=--strict")
    assert (done.returncode != 0) == (stage.helm.major == 3)
    assert (hidden in done.stderr) == (stage.helm.major == 3)
