"""A login that is switched on has its secret, also in a live existing Secret."""

import pytest

from tests.charts import CANARY, INLINE, Values, named, run
from tests.clusters import Cluster, checked
from tests.helms import Helm

LDAP: Values = {"ldap": {"enabled": True, "host": "h", "searchBase": "b"}}
GITLAB: Values = {"gitlab": {"enabled": True, "clientId": "i"}}
MISSING = "is missing or empty; add it where the Secret is made."

REFUSED: list[tuple[str, dict[str, str], Values, list[str]]] = [
    (
        "ldap, none",
        {},
        LDAP,
        [
            f"heimdall.auth.ldap is enabled: the key {key} of the Secret live {MISSING}"
            for key in ("LDAP_BINDDN", "LDAP_PASSWORD")
        ],
    ),
    (
        "ldap, one empty",
        {"LDAP_BINDDN": CANARY, "LDAP_PASSWORD": " "},
        LDAP,
        [f"heimdall.auth.ldap is enabled: the key LDAP_PASSWORD of the Secret live {MISSING}"],
    ),
    (
        "gitlab",
        {"OKTA_CLIENTSECRET": CANARY},
        GITLAB,
        [f"heimdall.auth.gitlab is enabled: the key GITLAB_SECRET of the Secret live {MISSING}"],
    ),
]
ACCEPTED: list[tuple[str, dict[str, str], Values]] = [
    ("ldap", {"LDAP_BINDDN": "x", "LDAP_PASSWORD": "y"}, {"auth": LDAP}),
    ("gitlab", {"GITLAB_SECRET": "x"}, {"auth": GITLAB}),
    ("gitlab, by its later name", {"GITLAB_CLIENTSECRET": "x"}, {"auth": GITLAB}),
    ("gitlab, from another key", {"mine": "x"}, {"auth": GITLAB, "keys": {"GITLAB_SECRET": {"key": "mine"}}}),
    ("gitlab, not to be read", {}, {"auth": GITLAB, "verifyExisting": False}),
    ("switched off", {}, {"auth": {"gitlab": {"enabled": False, "clientId": "i"}}}),
]


def dry(helm: Helm, cluster: Cluster, data: dict[str, str], values: Values) -> tuple[int, str]:
    """What an install would say with the live Secret."""
    words = (f"--from-literal={key}={value}" for key, value in {**INLINE, **data}.items())
    checked(cluster.kubectl("create", "secret", "generic", "live", *words))
    done = run(helm, "install", named("live", externalUrl="https://h", **values), "--dry-run=server")
    return done.returncode, done.stderr


@pytest.mark.parametrize(("name", "data", "auth", "texts"), REFUSED, ids=[row[0] for row in REFUSED])
def test_login_refused(
    helm: Helm, cluster: Cluster, name: str, data: dict[str, str], auth: Values, texts: list[str]
) -> None:
    """As an inline one is, and with no value."""
    code, message = dry(helm, cluster, data, {"auth": auth})
    assert code == 1, name
    assert [text for text in texts if text not in message] == [], message
    assert f"nothing was rendered: {len(texts)} error" in message
    assert CANARY not in message


@pytest.mark.parametrize(("name", "data", "values"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_login_accepted(helm: Helm, cluster: Cluster, name: str, data: dict[str, str], values: Values) -> None:
    """The twin table."""
    assert dry(helm, cluster, data, values) == (0, ""), name
