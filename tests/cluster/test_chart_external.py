"""The chart's pods with an external database, over TLS, and with a key from another Secret."""

import subprocess
from functools import partial
from pathlib import Path

from tests.cluster.field import DATABASE_IMAGE, Approach, Existing, Field, Files, Inline, all_at_once, flags, values
from tests.support import FIXTURES, Values, fresh, leaks

OWNER = "owner"
# A PostgreSQL with TLS for the name `db`, and its service.
DATABASE = FIXTURES / "database.yaml"


def somebody_elses_database(field: Field, password: str, image: str = DATABASE_IMAGE) -> None:
    """A PostgreSQL with TLS for the name `db`; its authority is in the ConfigMap `ca` and in the Secret `ca`."""
    key, certificate = certified(field.folder)
    field.secret("db", {"password": password, "tls.key": key, "tls.crt": certificate})
    field.secret("ca", {"authority.pem": certificate})
    field.kubectl("create", "configmap", "ca", f"--from-literal=ca.crt={certificate}")
    field.kubectl("apply", "--filename=-", typed=DATABASE.read_text().replace("DATABASE_IMAGE", image))
    field.kubectl("wait", "--for=condition=Ready", "pod/db", "--timeout=90s")


def certified(folder: Path) -> tuple[str, str]:
    """A key and its own authority."""
    names = ["-subj", "/CN=db", "-addext", "subjectAltName=DNS:db"]
    where = ["-keyout", "db.key", "-out", "db.crt"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *where]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "db.key").read_text(), (folder / "db.crt").read_text()


ELSEWHERE: Values = {"externalDatabase": {"host": "db", "port": 6000, "name": "results", "username": OWNER}}
# As CloudNativePG provides it: another Secret, another name.
FROM_ELSEWHERE: Values = {"heimdall": {"keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}}}}


# And as RDS does: the user, too; the value of externalDatabase.username is then not used.
USER_ELSEWHERE: Values = {
    "externalDatabase": {"username": "nobody"},
    "heimdall": {"keys": {"DATABASE_USERNAME": {"secret": "pg-app", "key": "username"}}},
}


def several_authorities(field: Field) -> Values:
    """One in a ConfigMap, all of a Secret, and one inline."""
    inline = {"own": (field.folder / "db.crt").read_text()}
    return {"heimdall": {"extraCa": {"configMap": "ca", "more": [{"secret": "ca"}], "certificates": inline}}}


def tls(**authority: str) -> Values:
    """With the certificate's authority from a ConfigMap or a Secret."""
    return {"externalDatabase": {"tls": {"enabled": True, "ca": authority}}}


def without_password(secrets: dict[str, str]) -> dict[str, str]:
    """What is left to be given."""
    return {key: value for key, value in secrets.items() if key != "DATABASE_PASSWORD"}


def joins(field: Field, approach: Approach, given: Values, secrets: dict[str, str], expected: Values) -> None:
    """Installed with that approach for all but the database's password, and logged in to the right database."""
    rest = approach.give(field, without_password(secrets))
    field.up("install", approach.release, values(given, FROM_ELSEWHERE, rest), *flags(field, approach))
    facts = field.runs(approach.release, secrets)["facts"]
    assert {name: facts[name] for name in expected} == expected
    contract = f"configmap/{approach.release}-heimdall-secrets-contract"
    sources = field.kubectl("get", contract, "--output=jsonpath={.data.sources}")
    assert sources.split(",")[0] == "DATABASE_PASSWORD=pg-app/password"
    deployment = f"deployment/{approach.release}-heimdall"
    if "extraCa" in given.get("heimdall", {}):
        bundle = field.kubectl("exec", deployment, "--", "sh", "-c", 'cat "$NODE_EXTRA_CA_CERTS"')
        assert bundle.count("-----BEGIN CERTIFICATE-----\n") == 3


def plain(field: Field, secrets: dict[str, str]) -> None:
    """All four keys inline, no TLS; with another password it does not become ready, and its log says why."""
    field.up("install", "plain", values(ELSEWHERE, {"heimdall": {"secrets": secrets}}))
    facts = field.runs("plain", secrets)["facts"]
    assert facts == {"host": "db", "port": 6000, "name": "results", "user": OWNER, "tls": False}
    wrong = {**secrets, "DATABASE_PASSWORD": fresh()["DATABASE_PASSWORD"]}
    done = field.run("upgrade", "plain", values(ELSEWHERE, {"heimdall": {"secrets": wrong}}), "--wait", "--timeout=9s")
    assert done.returncode != 0
    logs = field.logged("plain", "password authentication failed")
    assert not leaks(logs + field.state("plain"), {*secrets.values(), *wrong.values()})


def test_somebody_elses_database(field: Field) -> None:
    """Four releases: one takes all keys inline; three get one by `heimdall.keys`, the rest by each approach."""
    secrets = fresh()
    somebody_elses_database(field, secrets["DATABASE_PASSWORD"])
    field.secret("pg-app", {"password": secrets["DATABASE_PASSWORD"], "username": OWNER})
    _ = field.helm.post_renderer
    there = {"host": "db", "port": 6000, "name": "results", "user": OWNER, "tls": True}
    jobs: list[tuple[Approach, Values, Values]] = [
        (Existing, values(ELSEWHERE, tls(configMap="ca"), several_authorities(field)), there),
        (Files, values(ELSEWHERE, tls(secret="ca", key="authority.pem"), USER_ELSEWHERE), there),
        (Inline, {}, {"host": "inline-heimdall-postgresql", "tls": False}),
    ]
    joining = [partial(joins, field, approach, given, secrets, facts) for approach, given, facts in jobs]
    all_at_once([partial(plain, field, secrets), *joining])
