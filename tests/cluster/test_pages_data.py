"""The pages on data do what they say: run on a real node, with a database, and with the stand-in as Heimdall.

The chart of the pages' folder has the images of the node as its defaults, so that the commands are those of a reader.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.cluster.field import APP_IMAGE, DATABASE_IMAGE, RUNNABLE, Existing, Field, told, values
from tests.cluster.test_chart_external import somebody_elses_database
from tests.readme import runner
from tests.support import CHART, FIXTURES, ROOT, Values, fresh, leaks

SECRET = "heimdall-production-secrets"
PRODUCTION: Values = {"heimdall": {"existingSecret": SECRET}}
DATABASE = "statefulset/heimdall-postgresql"
ROWS = (
    'CREATE TABLE "Users" (id int, email text); '
    "INSERT INTO \"Users\" SELECT i, 'user' || i FROM generate_series(1, 7) i"
)
# The stand-in has no connections to end.
QUICK: Values = {"terminationGracePeriodSeconds": 1, "lifecycle": {"preStop": {"exec": {"command": ["true"]}}}}
MOVE = "\n## Move to another database\n"
COUNT = 'SELECT count(*) FROM "Users"'


def environment(field: Field) -> dict[str, str]:
    """This Helm is `helm` on PATH, and the cluster is the one that kubectl asks."""
    commands = Path(tempfile.mkdtemp(prefix="bin-", dir=field.folder.parent))
    (commands / "helm").symlink_to(field.helm.path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    path = os.pathsep.join([str(commands), str(helms.HELM_PR.parent), field.helm.env["PATH"]])
    return {**field.helm.env, "PATH": path, "KUBECONFIG": str(field.cluster.kubeconfig)}


def runnable(folder: Path) -> None:
    """The chart in the folder, with images that the node has."""
    chart = Path(shutil.copytree(CHART, folder / "charts" / "heimdall")) / "values.yaml"
    given = _over(_over(yaml.safe_load(chart.read_text()), RUNNABLE), QUICK)
    chart.write_text(yaml.safe_dump(given, sort_keys=False))


def _over(below: Values, above: Values) -> Values:
    """Mapping by mapping, as Helm merges them."""
    merged = {**below, **above}
    both = [key for key in above if isinstance(above[key], dict) and isinstance(below.get(key), dict)]
    return merged | {key: _over(below[key], above[key]) for key in both}


def sql(field: Field, statement: str, where: str = DATABASE, user: str = "heimdall", name: str = "heimdall") -> str:
    """What the database answers in its own pod."""
    words = ("psql", "--username", user, "--no-align", "--tuples-only", "--command", statement, name)
    return field.kubectl("exec", where, "--", *words).strip()


@pytest.fixture
def production(field: Field) -> Iterator[Field]:
    """A release with data, as the pages have it; no value is in what the pages leave."""
    runnable(field.folder)
    field.secrets = set((made := fresh()).values())
    field.secret(SECRET, made)
    (field.folder / "production.yaml").write_text(json.dumps(PRODUCTION))
    field.up("install", "heimdall", values(PRODUCTION))
    sql(field, ROWS)
    yield field
    assert not leaks(field.kubectl("get", "events,pods,statefulsets,deployments", "--output=yaml"), field.secrets)


def steps(page: str, since: str = "", until: str = "") -> list[runner.Step]:
    """What a page has, or a part of it between two headings."""
    text = (ROOT / "docs" / f"{page}.md").read_text()
    start = text.index(since)
    return runner.parse(text[start : text.index(until) if until else len(text)])


def walk(field: Field, blocks: list[runner.Step]) -> int:
    """All of it, in one folder; how many blocks there were."""
    return runner.run(blocks, {f"helm{field.helm.major}", "cluster"}, field.folder, environment(field))


def next_image(field: Field) -> str:
    """The database's image with the latest tag that the node has: the page's next major version, if it has one."""
    repository = DATABASE_IMAGE.rpartition(":")[0]
    names = field.kubectl("get", "nodes", "--output=jsonpath={.items[*].status.images[*].names[*]}").split()
    tagged = [name for name in names if re.fullmatch(rf"{re.escape(repository)}:[0-9.]+", name)]
    return max([DATABASE_IMAGE, *tagged], key=lambda name: [int(number) for number in re.findall("[0-9]+", name)])


def next_tag(field: Field) -> str:
    """Its tag."""
    return next_image(field).rpartition(":")[2]


def on_the_node(field: Field, blocks: list[runner.Step]) -> list[runner.Step]:
    """With the images and the database that are there, in place of those of the examples."""
    names = {"docker.io/library/postgres:17.7": next_image(field), "postgresql.example.com": "db", "database-ca": "ca"}
    names |= {'"18.1"': f'"{next_tag(field)}"', "port: 5432": "port: 6000", '"5432"': '"6000"'}

    def named(block: runner.Step) -> runner.Step:
        text = block.text
        for name, there in names.items():
            text = text.replace(name, there)
        return block._replace(text=text)

    return [named(block) for block in blocks]


def test_rotate_and_back_up(production: Field) -> None:
    """One release: the pod is logged in with other secrets than the first; the rows outlive a new volume and a move."""
    before = production.kubectl("get", "secret", SECRET, "--output=jsonpath={.data}")
    assert walk(production, steps("rotate")) > 8
    after = production.kubectl("get", "secret", SECRET, "--output=jsonpath={.data}")
    changed = {key for key, value in json.loads(after).items() if json.loads(before)[key] != value}
    assert changed == {"JWT_SECRET", "DATABASE_PASSWORD"}
    assert sql(production, COUNT) == "7"
    assert production.ask(production.pod("heimdall"), "/server")["user"] == "heimdall"
    backed_up(production)
    moved(production)


def backed_up(field: Field) -> None:
    """The page up to the move."""
    first = field.kubectl("get", "pvc", "data-heimdall-postgresql-0", "--output=jsonpath={.metadata.uid}")
    assert walk(field, on_the_node(field, steps("backup", until=MOVE))) > 12
    assert sql(field, COUNT) == "7"
    assert sql(field, "SHOW server_version").startswith(next_tag(field))
    last = field.kubectl("get", "pvc", "data-heimdall-postgresql-0", "--output=jsonpath={.metadata.uid}")
    assert first != last


def moved(field: Field) -> None:
    """The rest: the rows are in the other database, which Heimdall is logged in to; of the old one nothing is left."""
    password = fresh()["DATABASE_PASSWORD"]
    field.secrets.add(password)
    somebody_elses_database(field, password, next_image(field))
    field.secret("heimdall-database", {"password": password})
    assert walk(field, on_the_node(field, steps("backup", since=MOVE))) > 4
    assert sql(field, COUNT, "pod/db", "owner", "results") == "7"
    facts = field.ask(field.pod("heimdall"), "/server")
    assert (facts["host"], facts["user"], facts["tls"]) == ("db", "owner", True)
    left = field.kubectl("get", "pvc,statefulsets,configmaps", "--output=name")
    assert [name for name in left.split() if "postgresql" in name or "database" in name] == []


# --- from MITRE's charts ---------------------------------------------------------------------------------------------

OIDC = {"issuer": "https://login.example.com", "name": "Example"}
OIDC |= {name: f"https://login.example.com/{name}" for name in ("authorize", "token", "userinfo")}


def released(made: dict[str, str], login: str) -> Values:
    """Values of 3.x, with its flat names; the administrator's password is made by the application."""
    return {
        "nodeEnv": "production",
        "externalUrl": "https://heimdall.example.com",
        "localLoginDisabled": True,
        "jwtSecret": made["JWT_SECRET"],
        "apiKeySecret": made["API_KEY_SECRET"],
        "databaseName": "heimdall-database",
        "databaseUsername": "postgres",
        "databasePassword": made["DATABASE_PASSWORD"],
        "oidcName": OIDC["name"],
        "oidcIssuer": OIDC["issuer"],
        "oidcAuthorizationUrl": OIDC["authorize"],
        "oidcTokenUrl": OIDC["token"],
        "oidcUserInfoUrl": OIDC["userinfo"],
        "oidcClientId": "heimdall",
        "oidcClientSecret": login,
        "heimdall": {"image": {"tag": "release-latest"}, "ingress": {"enabled": True}},
        "certs": {"enabled": False},
        "sops": {"enabled": False},
    }


def following(made: dict[str, str], login: str) -> Values:
    """Values of 1.0: settings in heimdall.config, the database's password with its own chart."""
    config = {"OIDC_NAME": OIDC["name"], "OIDC_ISSUER": OIDC["issuer"], "OIDC_CLIENTID": "heimdall"}
    config |= {"OIDC_AUTHORIZATION_URL": OIDC["authorize"], "OIDC_TOKEN_URL": OIDC["token"]}
    config |= {"OIDC_USER_INFO_URL": OIDC["userinfo"], "LOCAL_LOGIN_DISABLED": "true"}
    keys = ("JWT_SECRET", "API_KEY_SECRET")
    return {
        "nodeEnv": "production",
        "postgresql": {
            "enabled": True,
            "auth": {"database": "heimdall", "username": "postgres", "password": made["DATABASE_PASSWORD"]},
            "primary": {"persistence": {"enabled": True, "size": "1Gi"}},
        },
        "heimdall": {
            "secretsFiles": [],
            "secrets": {**{key: made[key] for key in keys}, "OIDC_CLIENT_SECRET": login},
            "config": config,
        },
    }


OLDER = {"released": "3.x", "next": "1.0"}  # as the page calls them
SHAPES = {"released": (released, "heimdall-database"), "next": (following, "heimdall")}


@pytest.mark.parametrize(("helm", "shape"), [(3, "released"), (4, "next")], indirect=["helm"])
def test_migration(field: Field, shape: str) -> None:
    """The same secrets, the same rows and the same login after it; before it they were the older release's."""
    made, login = fresh(), fresh()["API_KEY_SECRET"]
    field.secrets = {*made.values(), login}
    given, database = SHAPES[shape][0](made, login), SHAPES[shape][1]
    runnable(field.folder)
    (field.folder / "older-values.yaml").write_text(json.dumps(given))
    model: Values = {"shape": shape, "images": {"app": APP_IMAGE, "database": DATABASE_IMAGE}}
    field.up("install", "heimdall", {**given, **model, "command": RUNNABLE["command"]}, chart=FIXTURES / "older-chart")
    script = 'read -r PGPASSWORD; export PGPASSWORD; exec psql --username=postgres --command="$1" "$2"'
    words = ("exec", "--stdin", DATABASE, "--", "sh", "-c", script, "sh", ROWS, database)
    field.kubectl(*words, typed=f"{made['DATABASE_PASSWORD']}\n")
    mine = f"cp older-{OLDER[shape]}.env"
    blocks = [each._replace(text=each.text.replace("cp older-3.x.env", mine)) for each in steps("chart-migration")]
    assert walk(field, blocks) > 12
    assert sql(field, COUNT, "statefulset/heimdall-next-postgresql") == "7"
    lengths = field.ask(field.pod("heimdall-next"), "/env-lengths")
    assert {key: lengths[key] for key in made if key != "ADMIN_PASSWORD"} == {
        key: each for key, each in told(made).items() if key != "ADMIN_PASSWORD"
    }
    assert walk(field, steps("move-to-existing")) > 8


# --- a full volume ---------------------------------------------------------------------------------------------------

# What the page says of a full volume: one in memory, for the node's own volumes have no limit.
SMALL = {"name": "data", "emptyDir": {"medium": "Memory", "sizeLimit": "120Mi"}}
FILL = "dd if=/dev/zero of=/var/lib/postgresql/data/ballast bs=1M; df /var/lib/postgresql/data | grep '100%'"


@pytest.mark.parametrize("helm", [4], indirect=True)
def test_a_full_volume(field: Field) -> None:
    """Reading and a dump work; with no space for its log the server stops, and does not start again."""
    field.secrets = set((made := fresh()).values())
    given = values(Existing.give(field, made), {"postgresql": {"persistence": {"enabled": False}}})
    assert field.run("install", "heimdall", given).returncode == 0
    patch = json.dumps({"spec": {"template": {"spec": {"volumes": [SMALL]}}}})
    field.kubectl("patch", DATABASE, f"--patch={patch}")
    field.kubectl("rollout", "status", DATABASE, "--timeout=150s")
    sql(field, ROWS)
    field.kubectl("exec", DATABASE, "--", "sh", "-c", FILL)
    assert sql(field, COUNT) == "7"
    dump = field.kubectl("exec", DATABASE, "--", "pg_dump", "--username=heimdall", "heimdall")
    assert "dump complete" in dump
    write = 'INSERT INTO "Users" SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 100000) i'
    for statement in (write, "SELECT pg_switch_wal()", "CHECKPOINT", write):
        field.cluster.kubectl("exec", DATABASE, "--", "psql", "--username=heimdall", "--command", statement, "heimdall")
    wait = ("wait", "--for=jsonpath={.status.containerStatuses[0].ready}=false", "pod/heimdall-postgresql-0")
    field.kubectl(*wait, "--timeout=150s")
    field.logged("heimdall", "No space left on device")
