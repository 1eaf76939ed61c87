"""What Helm prints after an install or upgrade: which approach won, what was ignored, what nobody checked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.charts import INLINE, Values, inline, named, run
from tests.clusters import Cluster, checked
from tests.helms import Helm
from tests.support import CHART, FILE, accepted

OWN = "r-heimdall-secrets"
FILES: Values = {"heimdall": {"secretsFiles": [FILE]}}
ELSEWHERE: Values = {"externalDatabase": {"host": "db.example.com"}}
CLAIM = "data-r-heimdall-postgresql-0"


def secret(cluster: Cluster, name: str) -> None:
    """Somebody else's, complete."""
    words = (f"--from-literal={key}={value}" for key, value in INLINE.items())
    checked(cluster.kubectl("create", "secret", "generic", name, *words))


NOTES: list[tuple[str, Values, list[str], list[str]]] = [
    (
        "existing",
        {"heimdall": {"existingSecret": "live", **inline()["heimdall"], **FILES["heimdall"]}},
        [
            "the Secret live, from heimdall.existingSecret",
            "because existingSecret wins: secrets, secretsFiles.",
            "It has the 4 keys that it needs; their values in the cluster were judged by the chart's rules.",
        ],
        ["It was not checked", "Warning"],
    ),
    (
        "existing, one key of another that may not be looked at",
        {
            **named("live", keys={"JWT_SECRET": {"secret": "made"}}),
            "extraObjects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "made"}}],
        },
        [
            "It has the 3 keys that it needs; their values",
            "JWT_SECRET comes from the key JWT_SECRET of the Secret made, which was not checked.",
        ],
        [],
    ),
    (
        "inline, with keys that the pod does not get",
        inline(HTTPS_PROXY="http://p", TENABLE_API_TOKEN="kP3-vQ8~wZ1", A_B="kP3-vQ8~wZ2"),
        [
            "this Secret has keys that Heimdall's pod does not get: HTTPS_PROXY, 2 that the chart does not know.",
            "name them in heimdall.extraSecretKeys.",
        ],
        ["TENABLE", "A_B", "kP3-vQ8~wZ"],
    ),
    (
        "inline, and they are named",
        inline(HTTPS_PROXY="http://p", A_B="kP3-vQ8~wZ2")
        | {
            "heimdall": {
                **inline(HTTPS_PROXY="http://p", A_B="kP3-vQ8~wZ2")["heimdall"],
                "extraSecretKeys": ["HTTPS_PROXY", "A_B"],
            }
        },
        ["the Secret r-heimdall-secrets, from heimdall.secrets."],
        ["Warning"],
    ),
    (
        "inline",
        {"heimdall": {**inline()["heimdall"], **FILES["heimdall"]}, "externalDatabase": {"host": "db.example.com"}},
        [f"the Secret {OWN}, from heimdall.secrets", "because secrets wins: secretsFiles.", "which must be there"],
        ["checked", "gate"],
    ),
    (
        "inline, with a gate",
        {**inline(), "gate": {"enabled": True}},
        ["There is no gate, although gate.enabled is true: it checks only heimdall.existingSecret."],
        [],
    ),
    (
        "existing, unread",
        named("live", verifyExisting=False),
        ["It was not checked: heimdall.verifyExisting is false."],
        ["keys that it needs"],
    ),
    (
        "existing, made by the release",
        {**named("made"), "extraObjects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "made"}}]},
        ["It was not checked: an entry of extraObjects makes it."],
        ["keys that it needs"],
    ),
    (
        "existing, with a gate",
        {
            **named("live"),
            "gate": {"enabled": True, "image": {"registry": "localhost", "repository": "python", "tag": "3"}},
        },
        ["The gate (the Job r-heimdall-requires-secret) looks at it first: nothing is installed without its keys."],
        ["keys that it needs", "It was not checked"],
    ),
]


@pytest.mark.parametrize(("name", "values", "there", "not_there"), NOTES, ids=[row[0] for row in NOTES])
def test_notes(helm: Helm, cluster: Cluster, name: str, values: Values, there: list[str], not_there: list[str]) -> None:
    """They say which approach won and what was ignored, and no secret."""
    secret(cluster, "live")
    printed = accepted(run(helm, "install", values)).stdout
    assert all(part in printed for part in there), name
    assert not any(part in printed for part in [*not_there, *INLINE.values()])


def test_notes_name_what_a_live_secret_does_not_give(helm: Helm, cluster: Cluster) -> None:
    """Settings and near misses; what is unknown may be for others."""
    more = {"HTTPS_PROXY": "x", "LDAP_PASSWORT": "y", "TENABLE_API_TOKEN": "z"}
    words = (f"--from-literal={key}={value}" for key, value in {**INLINE, **more}.items())
    checked(cluster.kubectl("create", "secret", "generic", "live", *words))
    printed = accepted(run(helm, "install", named("live"))).stdout
    assert "keys that Heimdall's pod does not get: HTTPS_PROXY, LDAP_PASSWORT.\n" in printed
    assert "TENABLE" not in printed


def test_notes_say_what_an_upgrade_deletes(helm: Helm, cluster: Cluster) -> None:
    """From inline to another Secret: Helm deletes ours, and the user reads it."""
    secret(cluster, "live")
    accepted(run(helm, "install", inline()))
    printed = accepted(run(helm, "upgrade", named("live"))).stdout
    assert f"This upgrade deletes the Secret {OWN}" in printed
    assert cluster.kubectl("get", "secret", OWN).returncode != 0
    assert "deletes" not in accepted(run(helm, "upgrade", named("live"))).stdout


def test_new_namespace_is_not_checked(helm: Helm, cluster: Cluster) -> None:
    """Helm makes the namespace after it rendered: an absent Secret is then "not checked", never "missing"."""
    new = f"{cluster.namespace}-new"
    try:
        done = accepted(run(helm, "install", named("live"), f"--namespace={new}", "--create-namespace"))
        assert "It was not checked: no cluster was asked, or the namespace is new." in done.stdout
    finally:
        cluster.kubectl("delete", "namespace", new, "--wait=false", "--ignore-not-found")


UNSEEN: list[tuple[str, Callable[[], Values], bool]] = [
    ("inline", inline, False),
    ("a Secret that may not be read", lambda: named("other", verifyExisting=False), True),
    ("somebody else's database", lambda: {**inline(), "externalDatabase": {"host": "h"}}, False),
]


@pytest.mark.parametrize(("name", "values", "unseen"), UNSEEN, ids=[row[0] for row in UNSEEN])
def test_notes_say_what_was_not_seen(
    helm: Helm, cluster: Cluster, name: str, values: Callable[[], Values], unseen: bool
) -> None:
    """If the chart can't compare, the user reads why that matters."""
    secret(cluster, "other")
    accepted(run(helm, "install", inline()))
    printed = accepted(run(helm, "upgrade", values(), "--dry-run=server")).stdout
    assert (f"Whether DATABASE_PASSWORD fits the volume {CLAIM} can't be seen" in printed) == unseen, name


@pytest.mark.usefixtures("cluster")
def test_notes_for_files(helm: Helm, tmp_path: Path) -> None:
    """The chart alone never knows what is in a file."""
    folder = tmp_path / "env"
    folder.mkdir()
    (folder / "heimdall-secrets.yaml").write_text("".join(f"{key}: {value}\n" for key, value in INLINE.items()))
    (folder / "heimdall-secrets.yaml").chmod(0o600)
    values = json.dumps({"heimdall": {"secretsFiles": [FILE]}})
    words = ["r", str(CHART), "-f", "-", *helm.post_renderer]
    accepted(helm.run("install", *words, cwd=tmp_path, input=values))
    printed = accepted(helm.run("upgrade", *words, cwd=tmp_path, input=values)).stdout
    assert "Whether DATABASE_PASSWORD fits the volume" in printed
