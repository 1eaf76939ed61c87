"""The chart judges the values of a live existing Secret as it judges inline ones, and shows none."""

import base64
import json

import pytest

from tests import clusters, crds
from tests.charts import CANARY, INLINE, Values, named, run
from tests.clusters import Cluster, checked
from tests.crds import ESO
from tests.helms import Helm

PLACEHOLDER = "is a placeholder or a value printed in public documentation"
REFUSED: list[tuple[str, dict[str, bytes], list[str]]] = [
    (
        "placeholders, and one character",
        {"JWT_SECRET": b"CHANGE_ME", "API_KEY_SECRET": b"CHANGE_ME", "ADMIN_PASSWORD": b"x"},
        [
            f"JWT_SECRET {PLACEHOLDER}; expected: 128 characters, openssl rand -hex 64",
            f"API_KEY_SECRET {PLACEHOLDER}; expected: 66 characters",
            "ADMIN_PASSWORD has only 1 character; expected: 22 characters",
        ],
    ),
    (
        "a reference, which no post-renderer replaces here",
        {"JWT_SECRET": b"${JWT_SECRET}"},
        ["JWT_SECRET holds a variable, command or template that nothing replaced"],
    ),
    (
        "ciphertext",
        {"JWT_SECRET": b"ENC[AES256_GCM,data:CANARY,iv:x,tag:y,type:str]"},
        ["JWT_SECRET is encrypted, or a reference that nothing replaced"],
    ),
    ("a line break", {"JWT_SECRET": f"{INLINE['JWT_SECRET']}\n".encode()}, ["JWT_SECRET ends in a line break"]),
    ("bytes", {"JWT_SECRET": b"\xff\xfe" * 40}, ["JWT_SECRET is not UTF-8"]),
    ("again and again", {"API_KEY_SECRET": b"abc1d" * 20}, ["API_KEY_SECRET repeats fewer than 8 characters"]),
    ("an optional one", {"DATABASE_URL": b"CHANGE_ME"}, [f"DATABASE_URL {PLACEHOLDER}"]),
    (
        "missing, and a placeholder",
        {"JWT_SECRET": b"", "ADMIN_PASSWORD": b"changeme"},
        ["JWT_SECRET is missing or empty:", f"ADMIN_PASSWORD {PLACEHOLDER}"],
    ),
]
ACCEPTED: list[tuple[str, dict[str, bytes], Values]] = [
    ("good", {}, {}),
    ("a short secret of a login", {"LDAP_PASSWORD": b"x"}, {}),
    ("an empty optional one", {"LDAP_PASSWORD": b""}, {}),
    ("what the application does not take", {"theirs": b"CHANGE_ME", "OTHER": b"\xff"}, {}),
    ("a key that comes from another", {"JWT_SECRET": b"CHANGE_ME"}, {"keys": {"JWT_SECRET": {"key": "jwt"}}}),
]


def dry(helm: Helm, cluster: Cluster, data: dict[str, bytes], **more: object) -> tuple[int, str, str]:
    """What an install would say with the live Secret."""
    values = {**{key: value.encode() for key, value in INLINE.items()}, "jwt": b"kP3-vQ8~wZ1.xR6_yT4.aB", **data}
    encoded = {key: base64.b64encode(value).decode() for key, value in values.items()}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "live"}, "data": encoded}
    checked(cluster.kubectl("create", "--filename=-", input=json.dumps(secret)))
    done = run(helm, "install", named("live", **more), "--dry-run=server")
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("data", "texts"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_live_value_refused(helm: Helm, cluster: Cluster, data: dict[str, bytes], texts: list[str]) -> None:
    """With the key and the reason, and no value."""
    code, _, message = dry(helm, cluster, data)
    assert code == 1
    assert "heimdall: nothing was rendered: 1 error" in message
    assert [text for text in texts if text not in message] == [], message
    assert "kubectl patch secret live" in message
    shown = [value for value in (*data.values(), *map(str.encode, INLINE.values())) if len(value) > 1]
    assert not [value for value in shown if value in message.encode() or base64.b64encode(value) in message.encode()]
    assert CANARY not in message


@pytest.mark.parametrize(("data", "more"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_live_value_accepted(helm: Helm, cluster: Cluster, data: dict[str, bytes], more: Values) -> None:
    """The twin table; the contract says that they were judged."""
    code, output, message = dry(helm, cluster, data, **more)
    assert (code, message) == (0, "")
    assert 'verified: "true"\n  judged: "true"' in output


UNSEEN: list[tuple[str, Values]] = [
    ("may not be read", {"heimdall": {"verifyExisting": False}}),
    ("the gate looks", {"gate": {"enabled": True}}),
]


@pytest.mark.parametrize("values", [row[1] for row in UNSEEN], ids=[row[0] for row in UNSEEN])
def test_what_was_not_looked_at_is_not_judged(helm: Helm, cluster: Cluster, values: Values) -> None:
    """And nobody says so: neither the contract nor the notes."""
    checked(cluster.kubectl("create", "secret", "generic", "live", "--from-literal=JWT_SECRET=CHANGE_ME"))
    given = {**values, "heimdall": {"existingSecret": "live", **values.get("heimdall", {})}}
    done = run(helm, "install", given, "--dry-run=server")
    assert done.returncode == 0, done.stderr
    assert 'verified: "false"\n  judged: "false"' in done.stdout
    assert "were judged" not in done.stdout


def test_another_secret_that_a_key_comes_from(helm: Helm, cluster: Cluster) -> None:
    """It is judged too."""
    checked(cluster.kubectl("create", "secret", "generic", "pg-app", f"--from-literal=password=changeme {CANARY}"))
    code, _, message = dry(helm, cluster, {}, keys={"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}})
    assert code == 1
    assert f"DATABASE_PASSWORD names the key password of the Secret pg-app, whose value there {PLACEHOLDER}." in message
    assert CANARY not in message


FILLED: list[tuple[str, str, str]] = [
    ("a key that is to come", "other=x", "false"),
    ("a bad value that is to be replaced", f"password=changeme {CANARY}", "false"),
    ("a good value", "password=kP3-vQ8~wZ1.xR6_yT4.aB", "true"),
]


@pytest.mark.parametrize(("literal", "judged"), [row[1:] for row in FILLED], ids=[row[0] for row in FILLED])
def test_another_secret_that_an_object_fills(helm: Helm, cluster: Cluster, literal: str, judged: str) -> None:
    """What it lacks now may come: it is not refused, and nobody says that it was judged."""
    checked(cluster.kubectl("create", "secret", "generic", "pg-app", f"--from-literal={literal}"))
    spec = {
        "secretStoreRef": {"name": "store"},
        "target": {"name": "pg-app", "creationPolicy": "Merge"},
        "data": [{"secretKey": "password", "remoteRef": {"key": "a"}}],
    }
    head = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "pg-app"}}
    values = named("live", keys={"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}})
    keys = [f"--from-literal={key}={value}" for key, value in INLINE.items()]
    checked(cluster.kubectl("create", "secret", "generic", "live", *keys))
    with clusters.defined(cluster, crds.fetch(ESO)):
        done = run(helm, "install", {**values, "extraObjects": [{**head, "spec": spec}]}, "--dry-run=server")
    assert (done.returncode, done.stderr) == (0, "")
    assert f'verified: "{judged}"\n  judged: "{judged}"' in done.stdout
    said = "comes from the key password of the Secret pg-app"
    assert f"{said}{'.' if judged == 'true' else ', which was not checked.'}" in done.stdout
    assert CANARY not in done.stdout
