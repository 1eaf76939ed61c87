"""The database: embedded or external, its variables, and keys that come from other Secrets."""

import subprocess

import pytest

from tests.charts import (
    CANARY,
    INLINE,
    Document,
    Values,
    config,
    container,
    contract,
    existing,
    one,
    pod,
    refused,
    render,
    some,
    variables,
)
from tests.helms import Helm

OWN = "r-heimdall-secrets"
FILES: Values = {"heimdall": {"secretsFiles": ["env/heimdall-secrets.yaml"]}}
EXTERNAL = {"externalDatabase": {"host": "db.example.com"}}

WHICH: list[tuple[str, Values, bool, str]] = [
    ("by default", {}, True, "r-heimdall-postgresql"),
    ("auto", {"postgresql": {"enabled": "auto"}}, True, "r-heimdall-postgresql"),
    ("asked for", {"postgresql": {"enabled": True}}, True, "r-heimdall-postgresql"),
    ("null", {"postgresql": {"enabled": None}}, True, "r-heimdall-postgresql"),
    ("an external host", EXTERNAL, False, "db.example.com"),
    ("an address", {"externalDatabase": {"host": "fd00::1"}}, False, "fd00::1"),
    ("a socket", {"externalDatabase": {"host": "/cloudsql/a:b:c"}}, False, "/cloudsql/a:b:c"),
    ("an external host, null", {**EXTERNAL, "postgresql": {"enabled": None}}, False, "db.example.com"),
    ("an external host, and no other", {**EXTERNAL, "postgresql": {"enabled": False}}, False, "db.example.com"),
]


@pytest.mark.parametrize(("name", "values", "embedded", "host"), WHICH, ids=[row[0] for row in WHICH])
def test_which(helm: Helm, name: str, values: Values, embedded: bool, host: str) -> None:
    """Embedded unless a host is named; what belongs to it comes and goes with it."""
    documents = render(helm, {**values, **existing()})
    assert config(documents)["DATABASE_HOST"] == host, name
    for kind in ("StatefulSet", "Service", "NetworkPolicy"):
        assert bool(some(documents, kind, "-postgresql")) == embedded, kind
    (wait,) = pod(documents)["initContainers"]
    assert wait["name"] == "wait-for-database"
    unasked = render(helm, {**values, **existing(), "waitForDatabase": {"enabled": False}})
    assert "initContainers" not in pod(unasked)


REFUSED: list[tuple[str, Values, str]] = [
    (
        "both",
        {**EXTERNAL, "postgresql": {"enabled": True}},
        "postgresql.enabled is true and externalDatabase.host is set: there can be one database.",
    ),
    (
        "neither",
        {"postgresql": {"enabled": False}},
        "postgresql.enabled is false and externalDatabase.host is empty: there is no database.",
    ),
    (
        "an authority, and no tls",
        {"externalDatabase": {"host": "h", "tls": {"ca": {"secret": "a"}}}},
        "externalDatabase.tls has settings and is not enabled, so the password would be sent in plaintext",
    ),
    (
        "an address",
        {"externalDatabase": {"host": f"postgres://u:{CANARY}@h"}},
        "externalDatabase.host is not just a host",
    ),
    ("a port", {"externalDatabase": {"host": "db:5432"}}, "externalDatabase.host is not just a host"),
    ("an authority, embedded", {"externalDatabase": {"tls": {"ca": {"secret": "a"}}}}, "name its host in"),
    ("no tag", {"postgresql": {"image": {"tag": None}}}, "postgresql.image has no tag and no digest."),
    ("tls, and no host", {"externalDatabase": {"tls": {"enabled": True}}}, "name its host in externalDatabase.host."),
    (
        "two authorities",
        {"externalDatabase": {"host": "h", "tls": {"enabled": True, "ca": {"secret": "a", "configMap": "b"}}}},
        "externalDatabase.tls.ca has a configMap and a secret: leave one of them out.",
    ),
]


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each."""
    refused(helm, {**values, **existing()}, message)


# Whatever the approach, the server and the application get the password from the same key of the same Secret.
PASSWORDS: list[tuple[str, Values, tuple[str, str]]] = [
    ("existing", existing(), ("live", "DATABASE_PASSWORD")),
    ("inline", {"heimdall": {"secrets": INLINE}}, (OWN, "DATABASE_PASSWORD")),
    ("files", FILES, (OWN, "DATABASE_PASSWORD")),
    (
        "another Secret",
        existing(heimdall__keys={"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}),
        ("pg-app", "password"),
    ),
]


@pytest.mark.parametrize(("name", "values", "source"), PASSWORDS, ids=[row[0] for row in PASSWORDS])
def test_password_is_one(helm: Helm, name: str, values: Values, source: tuple[str, str]) -> None:
    """The wire of the password."""
    documents = render(helm, values)
    assert variables(documents)["DATABASE_PASSWORD"] == source, name
    assert variables(documents, "StatefulSet")["POSTGRES_PASSWORD"] == source


def test_server_is_what_the_application_is_told(helm: Helm) -> None:
    """Name, user, port: one value each, for both sides."""
    documents = render(helm, existing(postgresql__database="d-b", postgresql__username="u-s"))
    settings, server = config(documents), variables(documents, "StatefulSet")
    assert (settings["DATABASE_NAME"], settings["DATABASE_USERNAME"], settings["DATABASE_PORT"]) == (
        "d-b",
        "u-s",
        "5432",
    )
    assert (server["POSTGRES_DB"], server["POSTGRES_USER"]) == ("d-b", "u-s")
    assert one(documents, "Service", "-postgresql")["spec"]["ports"][0]["port"] == 5432
    ready = container(documents, "StatefulSet")["readinessProbe"]["exec"]["command"]
    assert ready[:1] == ["pg_isready"]
    assert {"--username=u-s", "--dbname=d-b", "--host=127.0.0.1"} <= set(ready)


def test_server_writes_only_where_it_must(helm: Helm) -> None:
    """User 999, a read-only root, three folders; the data below the volume's root."""
    documents = render(helm, existing())
    assert pod(documents, "StatefulSet")["securityContext"]["runAsUser"] == 999
    assert pod(documents, "StatefulSet")["securityContext"]["fsGroup"] == 999
    server = container(documents, "StatefulSet")
    assert server["securityContext"]["readOnlyRootFilesystem"] is True
    mounts = {mount["mountPath"] for mount in server["volumeMounts"]}
    assert mounts == {"/var/lib/postgresql/data", "/var/run/postgresql", "/tmp"}  # noqa: S108 (the pod's own)
    assert variables(documents, "StatefulSet")["PGDATA"].startswith("/var/lib/postgresql/data/")
    assert server["image"].startswith("docker.io/library/postgres:17")


def test_password_does_not_restart_the_server(helm: Helm) -> None:
    """A changed JWT_SECRET restarts the application alone; the server would not take a new password anyway."""
    changed = {**INLINE, "JWT_SECRET": f"other-{INLINE['JWT_SECRET']}"}
    before, after = (one(render(helm, {"heimdall": {"secrets": s}}), "StatefulSet") for s in (INLINE, changed))
    assert before == after


# Values of postgresql.persistence; the claims that are made, and the volume that is mounted instead.
VOLUMES: list[tuple[str, Values, list[Document], Document | None]] = [
    (
        "default",
        {},
        [{"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "8Gi"}}}],
        None,
    ),
    (
        "another",
        {"size": "1Ti", "storageClass": "fast", "accessModes": ["ReadWriteOncePod"]},
        [
            {
                "accessModes": ["ReadWriteOncePod"],
                "storageClassName": "fast",
                "resources": {"requests": {"storage": "1Ti"}},
            }
        ],
        None,
    ),
    ("a claim", {"existingClaim": "mine"}, [], {"name": "data", "persistentVolumeClaim": {"claimName": "mine"}}),
    ("none", {"enabled": False}, [], {"name": "data", "emptyDir": {}}),
]


@pytest.mark.parametrize(("name", "values", "claims", "volume"), VOLUMES, ids=[row[0] for row in VOLUMES])
def test_volume(helm: Helm, name: str, values: Values, claims: list[Document], volume: Document | None) -> None:
    """A claim of the StatefulSet, one that is there, or nothing that lasts."""
    documents = render(helm, existing(postgresql__persistence=values))
    spec = one(documents, "StatefulSet")["spec"]
    assert [claim["spec"] for claim in spec.get("volumeClaimTemplates", [])] == claims, name
    mounted = [each for each in spec["template"]["spec"]["volumes"] if each["name"] == "data"]
    assert mounted == ([volume] if volume else [])


def test_volume_can_go_with_the_release(helm: Helm) -> None:
    """By default it stays, and older clusters are not asked for what they don't know."""
    policy = "persistentVolumeClaimRetentionPolicy"
    assert policy not in one(render(helm, existing()), "StatefulSet")["spec"]
    deleted = one(render(helm, existing(postgresql__persistence={"whenDeleted": "Delete"})), "StatefulSet")["spec"]
    assert deleted[policy] == {"whenDeleted": "Delete", "whenScaled": "Retain"}


def test_server_settings(helm: Helm) -> None:
    """As arguments, in the order of their names."""
    settings = {"max_connections": 50, "log_connections": True, "work_mem": "16MB"}
    args = container(render(helm, existing(postgresql__settings=settings)), "StatefulSet")["args"]
    assert args == ["-c", "log_connections=true", "-c", "max_connections=50", "-c", "work_mem=16MB"]


def test_policy_of_the_database(helm: Helm) -> None:
    """Only the application's pod, at one port; nothing out."""
    documents = render(helm, existing())
    spec = one(documents, "NetworkPolicy", "-postgresql")["spec"]
    ((peer,), ports) = spec["ingress"][0]["from"], spec["ingress"][0]["ports"]
    labels = one(documents, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels.items() >= peer["podSelector"]["matchLabels"].items()
    server = one(documents, "StatefulSet")["spec"]["template"]["metadata"]["labels"]
    assert server.items() >= spec["podSelector"]["matchLabels"].items()
    assert not labels.items() >= spec["podSelector"]["matchLabels"].items()
    assert (spec["policyTypes"], spec["egress"], ports) == (
        ["Ingress", "Egress"],
        [],
        [{"port": "postgresql", "protocol": "TCP"}],
    )
    off = render(helm, existing(postgresql__networkPolicy={"enabled": False}))
    assert not some(off, "NetworkPolicy")


AUTHORITIES: list[tuple[str, Values, str, Document]] = [
    (
        "ConfigMap",
        {"configMap": "rds-ca", "key": "bundle.pem"},
        "/etc/heimdall/database-ca/bundle.pem",
        {"configMap": {"name": "rds-ca", "items": [{"key": "bundle.pem", "path": "bundle.pem"}]}},
    ),
    (
        "Secret",
        {"secret": "pg-ca"},
        "/etc/heimdall/database-ca/ca.crt",
        {"secret": {"secretName": "pg-ca", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
    ),
]


@pytest.mark.parametrize(("name", "ca", "path", "volume"), AUTHORITIES, ids=[row[0] for row in AUTHORITIES])
def test_tls(helm: Helm, name: str, ca: Values, path: str, volume: Document) -> None:
    """The authority's certificate is a file, and the variable its path; no optional key competes with it."""
    values = {"externalDatabase": {"host": "h", "tls": {"enabled": True, "ca": ca}}}
    documents = render(helm, {**values, **existing()})
    settings = config(documents)
    assert (settings["DATABASE_SSL"], settings["DATABASE_SSL_INSECURE"]) == ("true", "false"), name
    assert variables(documents)["DATABASE_SSL_CA"] == path
    assert {"name": "database-ca", **volume} in pod(documents)["volumes"]
    (mount,) = (m for m in container(documents)["volumeMounts"] if m["name"] == "database-ca")
    assert path.startswith(mount["mountPath"])


def test_tls_without_an_authority(helm: Helm) -> None:
    """DATABASE_SSL_CA can then come from the Secret."""
    values = {"externalDatabase": {"host": "h", "tls": {"enabled": True}}}
    documents = render(helm, {**values, **existing()})
    assert variables(documents)["DATABASE_SSL_CA"] == ("live", "DATABASE_SSL_CA")


# --- the wait for it -------------------------------------------------------------------------------------------------

WAITS: list[tuple[str, Values, str]] = [
    ("embedded", {}, "kubectl exec --stdin --tty statefulset/r-heimdall-postgresql --namespace default -- psql"),
    ("external", EXTERNAL, "externalDatabase.username and externalDatabase.name."),
]


@pytest.mark.parametrize(("values", "advice"), [row[1:] for row in WAITS], ids=[row[0] for row in WAITS])
def test_wait_logs_in(helm: Helm, values: Values, advice: str) -> None:
    """By the application's own variables; a password is in no argument, and the shell reads the script."""
    documents = render(helm, {**values, **existing(waitForDatabase={"timeout": 7})})
    (wait,) = pod(documents)["initContainers"]
    assert wait["image"] == "docker.io/library/postgres:17.7"
    assert wait["envFrom"] == container(documents)["envFrom"]
    sources = {each["name"]: each["valueFrom"] for each in wait["env"] if "valueFrom" in each}
    ours = {each["name"]: each["valueFrom"] for each in container(documents)["env"] if "valueFrom" in each}
    assert sources == {name: source for name, source in ours.items() if name.startswith("DATABASE_")}
    assert "optional" not in sources["DATABASE_PASSWORD"]["secretKeyRef"]
    (said,) = (each["value"] for each in wait["env"] if each["name"] == "ADVICE")
    assert advice in said
    assert "the key DATABASE_PASSWORD of the Secret live" in said
    assert "(strategy: Recreate)" in said
    shell, flag, script = wait["command"]
    script = script.replace("$$", "$")  # as Kubernetes does
    assert (shell, flag, script.splitlines()[0]) == ("sh", "-c", "wait_seconds=7")
    named = [line for line in script.splitlines() if "PASSWORD" in line]
    assert all(line.lstrip().startswith(("export ", "unset ")) for line in named)
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)


def test_wait_trusts_the_same_authority(helm: Helm) -> None:
    """The mounted one, at the same path."""
    values = {"externalDatabase": {"host": "h", "tls": {"enabled": True, "ca": {"configMap": "rds", "key": "a.pem"}}}}
    (wait,) = pod(render(helm, {**values, **existing()}))["initContainers"]
    assert {"name": "DATABASE_SSL_CA", "value": "/etc/heimdall/database-ca/a.pem"} in wait["env"]
    assert {"name": "database-ca", "mountPath": "/etc/heimdall/database-ca", "readOnly": True} in wait["volumeMounts"]


# --- the record of its name ------------------------------------------------------------------------------------------

RECORDS: list[tuple[str, Values, Document, bool]] = [
    ("default", {}, {"statefulset": "r-heimdall-postgresql", "claim": "data-r-heimdall-postgresql-0"}, True),
    ("renamed", {"fullnameOverride": "x"}, {"statefulset": "x-postgresql", "claim": "data-x-postgresql-0"}, True),
    (
        "a claim",
        {"postgresql": {"persistence": {"existingClaim": "mine", "whenDeleted": "Delete"}}},
        {"claim": "mine"},
        True,
    ),
    ("deleted", {"postgresql": {"persistence": {"whenDeleted": "Delete"}}}, {"username": "heimdall"}, False),
    (
        "none",
        {"postgresql": {"persistence": {"enabled": False}, "database": "d"}},
        {"claim": "", "database": "d"},
        False,
    ),
]


@pytest.mark.parametrize(("values", "data", "stays"), [row[1:] for row in RECORDS], ids=[row[0] for row in RECORDS])
def test_record(helm: Helm, values: Values, data: Document, stays: bool) -> None:
    """Under a name that no override changes; it stays after an uninstall as the volume does."""
    record = one(render(helm, {**values, **existing()}), "ConfigMap", "r.heimdall.database")
    assert record["data"].items() >= data.items()
    assert record["metadata"].get("annotations", {}) == ({"helm.sh/resource-policy": "keep"} if stays else {})
    assert not some(render(helm, {**EXTERNAL, **existing()}), "ConfigMap", ".database")


def test_claim_is_kept_from_argo_cd(helm: Helm) -> None:
    """By an annotation of a new release's claim; a value takes it away for a release that was made without it."""
    (claim,) = one(render(helm, existing()), "StatefulSet")["spec"]["volumeClaimTemplates"]
    assert claim["metadata"]["annotations"] == {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
    (claim,) = one(render(helm, existing(), "--set", "postgresql.persistence.annotations=null"), "StatefulSet")["spec"][
        "volumeClaimTemplates"
    ]
    assert "annotations" not in claim["metadata"]


# --- heimdall.keys ---------------------------------------------------------------------------------------------------

PG = {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}
LDAP = {"secret": "l", "key": "p"}
WITHOUT_PASSWORD = {key: value for key, value in INLINE.items() if key != "DATABASE_PASSWORD"}

KEYS: list[tuple[str, Values, str, dict[str, tuple[str, str]]]] = [
    (
        "another Secret",
        existing(heimdall__keys=PG),
        "DATABASE_PASSWORD=pg-app/password",
        {"DATABASE_PASSWORD": ("pg-app", "password"), "JWT_SECRET": ("live", "JWT_SECRET")},
    ),
    (
        "another name in the same",
        existing(heimdall__keys={"JWT_SECRET": {"key": "jwt"}}),
        "JWT_SECRET=live/jwt",
        {"JWT_SECRET": ("live", "jwt")},
    ),
    (
        "another Secret, the same name",
        existing(heimdall__keys={"JWT_SECRET": {"secret": "s"}}),
        "JWT_SECRET=s/JWT_SECRET",
        {"JWT_SECRET": ("s", "JWT_SECRET")},
    ),
    (
        "two, and an optional one",
        existing(
            heimdall__keys={**PG, "ADMIN_PASSWORD": {"secret": "a"}, "LDAP_PASSWORD": {"secret": "l", "key": "p"}}
        ),
        "ADMIN_PASSWORD=a/ADMIN_PASSWORD,DATABASE_PASSWORD=pg-app/password,LDAP_PASSWORD=l/p",
        {"ADMIN_PASSWORD": ("a", "ADMIN_PASSWORD"), "LDAP_PASSWORD": ("l", "p")},
    ),
    (
        "beside inline secrets",
        {"heimdall": {"secrets": WITHOUT_PASSWORD, "keys": PG}},
        "DATABASE_PASSWORD=pg-app/password",
        {"DATABASE_PASSWORD": ("pg-app", "password"), "JWT_SECRET": (OWN, "JWT_SECRET")},
    ),
    (
        "beside files",
        {"heimdall": {**FILES["heimdall"], "keys": PG}},
        "DATABASE_PASSWORD=pg-app/password",
        {"DATABASE_PASSWORD": ("pg-app", "password"), "JWT_SECRET": (OWN, "JWT_SECRET")},
    ),
    ("none", existing(heimdall__keys={"JWT_SECRET": None}), "", {"JWT_SECRET": ("live", "JWT_SECRET")}),
]


@pytest.mark.parametrize(("name", "values", "sources", "wires"), KEYS, ids=[row[0] for row in KEYS])
def test_keys(helm: Helm, name: str, values: Values, sources: str, wires: dict[str, tuple[str, str]]) -> None:
    """Contract and workload follow; all four stay required, and what is named is not expected in the Secret."""
    documents = render(helm, values)
    assert contract(documents)["sources"] == sources, name
    assert contract(documents)["required"] == ",".join(INLINE)
    assert variables(documents).items() >= wires.items()
    for secret in some(documents, "Secret"):
        assert not [key for key in secret["data"] if f"{key}=" in sources]
    refs = {e["name"]: e["valueFrom"]["secretKeyRef"] for e in container(documents)["env"] if "valueFrom" in e}
    assert not [name for name in refs if f"{name}=" in f",{sources}" and refs[name].get("optional")]


# CloudNativePG's Secret, and one of RDS.
USER = {"DATABASE_USERNAME": {"secret": "pg-app", "key": "username"}}
ALL = {f"DATABASE_{name}": {"secret": "pg-app", "key": name.lower()} for name in ("HOST", "NAME", "PORT", "USERNAME")}
FROM: list[tuple[str, Values, dict[str, tuple[str, str]], str | None]] = [
    (
        "the user",
        {**EXTERNAL, **existing(heimdall__keys={**PG, **USER})},
        {"DATABASE_USERNAME": ("pg-app", "username")},
        None,
    ),
    (
        "everything",
        existing(heimdall__keys={**PG, **ALL}),
        {"DATABASE_HOST": ("pg-app", "host"), "DATABASE_PORT": ("pg-app", "port")},
        None,
    ),
    (
        "inline",
        {**EXTERNAL, "heimdall": {"secrets": {**INLINE, "DATABASE_USERNAME": "me"}}},
        {"DATABASE_USERNAME": (OWN, "DATABASE_USERNAME")},
        None,
    ),
    (
        "if it is there",
        {**EXTERNAL, **existing(heimdall__extraSecretKeys=["DATABASE_USERNAME"])},
        {"DATABASE_USERNAME": ("live", "DATABASE_USERNAME")},
        "heimdall",
    ),
]


@pytest.mark.parametrize(("values", "sources", "setting"), [row[1:] for row in FROM], ids=[row[0] for row in FROM])
def test_settings_of_the_database_from_a_secret(
    helm: Helm, values: Values, sources: dict[str, tuple[str, str]], setting: str | None
) -> None:
    """The application and the wait get it from there alone; a key that may be absent has the value as its default."""
    documents = render(helm, values)
    assert variables(documents).items() >= sources.items()
    assert config(documents).get("DATABASE_USERNAME") == setting
    (wait,) = pod(documents)["initContainers"]
    assert set(sources) <= {each["name"] for each in wait["env"]}
    assert not some(documents, "StatefulSet")


FROM_REFUSED: list[tuple[str, Values, str]] = [
    ("embedded", existing(heimdall__keys=USER), "DATABASE_USERNAME comes from a Secret, which is for an"),
    (
        "a variable",
        {**EXTERNAL, **existing(extraEnv=[{"name": "DATABASE_USERNAME", "value": "u"}])},
        "write externalDatabase.username (or postgresql.username), or from a Secret heimdall.keys.DATABASE_USERNAME",
    ),
    (
        "a key, embedded",
        existing(heimdall__extraSecretKeys=["DATABASE_USERNAME"]),
        "DATABASE_USERNAME is made of another value",
    ),
]


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in FROM_REFUSED], ids=[row[0] for row in FROM_REFUSED])
def test_settings_of_the_database_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each."""
    refused(helm, values, message)


KEYS_REFUSED: list[tuple[str, Values, str]] = [
    (
        "all four, and no Secret for the others",
        {"heimdall": {"keys": {key: {"secret": f"one-{key.lower()[:3]}", "key": "k"} for key in INLINE}}},
        "name one of these Secrets there, which the optional keys come from: --set heimdall.existingSecret=one-jwt",
    ),
    (
        "unknown",
        existing(heimdall__keys={"MINE": {"secret": "s"}}),
        "heimdall.keys: a name is not a secret that the application knows; name it in heimdall.extraSecretKeys too.",
    ),
    (
        "no name",
        existing(heimdall__keys={"JWT_SECRET": {"secret": "CANARY_1"}}),
        "heimdall.keys.JWT_SECRET has a secret that is not a valid Secret name",
    ),
    (
        "no key",
        existing(heimdall__keys={"JWT_SECRET": {"secret": "s", "key": "CANARY 1"}}),
        "heimdall.keys.JWT_SECRET has a key that is not valid in a Secret",
    ),
    (
        "no Secret, inline",
        {"heimdall": {"secrets": WITHOUT_PASSWORD, "keys": {"DATABASE_PASSWORD": {"key": "x"}}}},
        "heimdall.keys.DATABASE_PASSWORD needs the name of another Secret",
    ),
    (
        "our own Secret, inline",
        {"heimdall": {"secrets": WITHOUT_PASSWORD, "keys": {"DATABASE_PASSWORD": {"secret": OWN}}}},
        "heimdall.keys.DATABASE_PASSWORD needs the name of another Secret",
    ),
    (
        "both",
        {"heimdall": {"secrets": INLINE, "keys": PG}},
        "heimdall.keys.DATABASE_PASSWORD takes it from the Secret pg-app, and heimdall.secrets has it too",
    ),
]


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in KEYS_REFUSED], ids=[row[0] for row in KEYS_REFUSED])
def test_keys_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each."""
    refused(helm, values, message)


def test_listed_key_may_come_from_elsewhere(helm: Helm) -> None:
    """One that the application does not know, but the user."""
    documents = render(helm, existing(heimdall__extraSecretKeys=["MINE"], heimdall__keys={"MINE": {"secret": "s"}}))
    assert variables(documents)["MINE"] == ("s", "MINE")
