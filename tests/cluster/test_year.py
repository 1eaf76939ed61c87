"""A year with one release, on a real node: each step says what happened, and the rows and the login are there after it.

`pytest -s tests/cluster/test_year.py` shows the year. A step is a method of Year, and YEAR is their order.
"""

import json

from tests.cluster.field import APP_IMAGE, WAIT, Approach, Existing, Field, Files, Inline, flags, image, uid, values
from tests.cluster.test_chart_external import ELSEWHERE, OWNER, somebody_elses_database
from tests.cluster.test_rights import User
from tests.support import CHART, Done, Values, accepted, fresh, leaks

RELEASE, SECRET = "year", "live"
SERVER, DATABASE = f"deployment/{RELEASE}-heimdall", f"statefulset/{RELEASE}-heimdall-postgresql"
CLAIM = f"data-{RELEASE}-heimdall-postgresql-0"
TABLE = 'CREATE TABLE "Users" (id int)'
ROWS = 'INSERT INTO "Users" SELECT generate_series(1, 7)'
COUNT = 'SELECT count(*) FROM "Users"'
# A user without rights on Secrets can have no record of Helm's in one.
DRIVER = {"HELM_DRIVER": "configmap"}
# The stand-in has no connections to end.
QUICK: Values = {"lifecycle": {"preStop": {"exec": {"command": ["true"]}}}, "terminationGracePeriodSeconds": 1}
GATE: Values = {"gate": {"enabled": True, "timeout": 0, "image": image(APP_IMAGE)}}
# From an existing Secret to it again: each of the three approaches to each other one.
SWITCHES: tuple[Approach, ...] = (Files, Inline, Existing, Inline, Files, Existing)


class Year:
    """The release, with what it should have."""

    def __init__(self, field: Field) -> None:
        self.field, self.secrets = field, fresh()
        self.approach: Approach = Existing
        self.database = EMBEDDED
        field.secrets |= set(self.secrets.values())

    # --- the steps ---------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """An existing Secret, the gate, the chart's own database; then the data of a year."""
        done = self.run("install", self.given(), *WAIT)
        assert done.returncode == 0, done.stderr + self.field.state(RELEASE)
        self.sql(TABLE)
        self.sql(ROWS)
        self.lives()
        self.say("installed with an existing Secret, which the gate let pass; 7 rows written")

    def rotate_each_key(self) -> None:
        """As docs/rotate.md has it: one key at a time, the database before its password."""
        for key in self.secrets:
            value = fresh()[key]
            if key == "DATABASE_PASSWORD":
                typed = f"\\password heimdall\n{value}\n{value}\n"
                self.field.kubectl("exec", "--stdin", DATABASE, "--", *PSQL, typed=typed)
            self.patch({key: value})
            self.secrets[key] = value
            self.restart()
            self.say(f"{key} rotated: the new pod has it, and is logged in")

    def forget_the_flag(self) -> None:
        """Files need the post-renderer. Without it the upgrade fails, and the Secret stays."""
        before = uid(self.lives())
        self.approach = Files
        self.refuses(self.run("upgrade", self.given()), "--post-renderer")
        assert uid(self.lives()) == before
        self.approach = Existing
        self.say("an upgrade to files without the flag: refused, the old pod runs on")

    def roll_back(self) -> None:
        """A revision back; then with a Secret that lost a key, where the gate stops it."""
        revision = self.revision()
        self.up({"podAnnotations": {"revision": "next"}})
        accepted(self.helm("rollback", RELEASE, revision, *WAIT))
        self.lives()
        self.say(f"rolled back to revision {revision}: the same secrets, the same rows")
        before = uid(self.lives())
        self.field.kubectl("patch", "secret", SECRET, "--type=json", "--patch", REMOVED)
        done = self.helm("rollback", RELEASE, revision, *WAIT)
        assert done.returncode == 1
        assert uid(self.field.pod(RELEASE)) == before
        self.patch({"JWT_SECRET": self.secrets["JWT_SECRET"]})
        accepted(self.helm("rollback", RELEASE, revision, *WAIT))
        self.lives()
        self.say("a rollback while the Secret lacked JWT_SECRET: the gate refused it; with the key it went through")

    def switch_approaches(self) -> None:
        """All six switches, with the same four values."""
        for approach in SWITCHES:
            before, self.approach = self.approach.release, approach
            self.up()
            self.say(f"{before} -> {approach.release}: the same secrets, the same rows")

    def lose_rights(self) -> None:
        """A user who may read no Secret: refused with Kubernetes' own words, and upgraded in the mode for them."""
        user = User(self.field.helm, self.field.cluster)
        asks = f"--kube-as-user={user.name}"
        unread = {"heimdall": {"verifyExisting": False}, "podAnnotations": {"by": "somebody"}}
        self.refuses(self.run("upgrade", self.given(), asks), f'secrets "{SECRET}" is forbidden')
        accepted(self.run("upgrade", self.given(unread), asks))
        self.settled()
        self.say("a user without rights on Secrets: refused; with verifyExisting=false upgraded, judged by the gate")

    def rename(self) -> None:
        """Another name would start with an empty database: refused, naming the one that there is."""
        done = self.run("upgrade", self.given({"fullnameOverride": "another"}))
        self.refuses(done, f"the StatefulSet {DATABASE.partition('/')[2]} with the volume {CLAIM}")
        self.say("renamed: refused, the old pod runs on")

    def move_the_database(self) -> None:
        """As docs/backup.md has it: `Retain` if the volume would go; a dump and its restore; then the upgrade."""
        self.up(DELETES)
        self.refuses(
            self.run("upgrade", self.given(DELETES, ELSEWHERE)), f"This upgrade would delete the volume {CLAIM}"
        )
        self.up()
        self.field.kubectl("scale", SERVER, "--replicas=0")
        dump = self.field.kubectl("exec", DATABASE, "--", "pg_dump", "--username=heimdall", "--no-owner", "heimdall")
        somebody_elses_database(self.field, self.secrets["DATABASE_PASSWORD"])
        self.field.kubectl("exec", "--stdin", OTHER[0], "--", *OTHER[1:], typed=dump)
        embedded, self.database = self.database, OTHER
        self.up(ELSEWHERE)
        assert self.field.runs(RELEASE, self.secrets)["facts"]["host"] == "db"
        self.say(
            "moved to another database: refused with whenDeleted=Delete; with Retain and a dump, the rows are there"
        )
        self.database = embedded
        self.up()
        self.say("moved back: the volume had stayed, with its rows")

    def uninstall(self) -> None:
        """The volume and somebody else's Secret stay."""
        accepted(self.helm("uninstall", RELEASE, "--wait", "--timeout=60s"))
        kept = self.field.kubectl("get", f"secret/{SECRET}", f"pvc/{CLAIM}", "--output=name").split()
        assert len(kept) == 2
        self.say("uninstalled: the Secret and the volume stay")

    def reinstall(self) -> None:
        """New secrets do not fit the volume; the Secret that was there all the year does."""
        secrets, self.secrets = self.secrets, fresh()
        self.field.secrets |= set(self.secrets.values())
        self.approach = Inline
        done = self.run("install", self.given())
        assert (done.returncode, f"The volume {CLAIM}" in done.stderr) == (1, True), done.stderr
        self.secrets, self.approach = secrets, Existing
        done = self.run("install", self.given(), *WAIT)
        assert done.returncode == 0, done.stderr + self.field.state(RELEASE)
        self.lives()
        self.say("installed again: refused with new secrets, and with the year's Secret the rows are there")

    # --- what they share ---------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """One line of the year."""
        print(f"Helm {self.field.helm.version}: {text}")  # noqa: T201  # what `pytest -s` shows

    def given(self, *more: Values) -> Values:
        """The values of the approach in use; the existing Secret is always the same."""
        if self.approach is not Existing:
            return values(self.approach.give(self.field, self.secrets), QUICK, *more)
        self.field.secret(SECRET, self.secrets)
        return values({"heimdall": {"existingSecret": SECRET}}, QUICK, GATE, *more)

    def run(self, verb: str, given: Values, *more: str) -> Done:
        """`helm VERB year CHART`; no value of a secret is in what it prints."""
        words = (verb, RELEASE, str(CHART), "--values", "-", *more)
        done = self.field.helm.run(*words, cwd=self.field.folder, env=DRIVER, input=json.dumps(given))
        assert not leaks(done.stdout + done.stderr, self.field.secrets)
        return done

    def helm(self, *words: str) -> Done:
        """A command without values."""
        return self.field.helm.run(*words, env=DRIVER)

    def up(self, *more: Values) -> None:
        """An upgrade, until the pod lives."""
        done = self.run("upgrade", self.given(*more), *WAIT, *flags(self.field, self.approach))
        assert done.returncode == 0, done.stderr + self.field.state(RELEASE)
        self.lives()

    def lives(self) -> Values:
        """The pod: it is logged in to the database with the rows, and has these secrets."""
        pod = self.field.runs(RELEASE, self.secrets)
        assert self.sql(COUNT) == "7"
        return pod

    def refuses(self, done: Done, text: str) -> None:
        """It failed with this, and the pod is as it was."""
        assert (done.returncode, text in done.stderr) == (1, True), done.stderr
        self.lives()

    def sql(self, statement: str) -> str:
        """What the database answers in its own pod."""
        pod, *psql = self.database
        return self.field.kubectl(
            "exec", pod, "--", *psql, "--no-align", "--tuples-only", "--command", statement
        ).strip()

    def patch(self, data: dict[str, str]) -> None:
        """Some keys of the existing Secret."""
        self.field.secrets |= set(data.values())
        typed = json.dumps({"stringData": data})
        self.field.kubectl("patch", "secret", SECRET, "--patch-file=/dev/stdin", typed=typed)

    def restart(self) -> None:
        """As the last step of a rotation."""
        self.field.kubectl("rollout", "restart", SERVER)
        self.settled()

    def settled(self) -> None:
        """The last change has its pod."""
        self.field.kubectl("rollout", "status", SERVER, "--timeout=150s")
        self.lives()

    def revision(self) -> str:
        """The one that is deployed."""
        return str(json.loads(accepted(self.helm("status", RELEASE, "--output=json")).stdout)["version"])


PSQL = ("psql", "--username=heimdall", "--set=ON_ERROR_STOP=1", "heimdall")
EMBEDDED = (DATABASE, *PSQL)
OTHER = ("pod/db", "psql", f"--username={OWNER}", "--set=ON_ERROR_STOP=1", "results")
DELETES: Values = {"postgresql": {"persistence": {"whenDeleted": "Delete"}}}
REMOVED = '[{"op": "remove", "path": "/data/JWT_SECRET"}]'
YEAR = (
    Year.install,
    Year.rotate_each_key,
    Year.forget_the_flag,
    Year.roll_back,
    Year.switch_approaches,
    Year.rename,
    Year.move_the_database,
    Year.lose_rights,
    Year.uninstall,
    Year.reinstall,
)


def test_year(field: Field) -> None:
    """The same data at its end as at its beginning."""
    year = Year(field)
    for step in YEAR:
        step(year)
