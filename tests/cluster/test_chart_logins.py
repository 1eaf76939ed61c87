"""A login that is switched on has its secret, also in a live existing Secret."""

import pytest

from tests.charts import CANARY, INLINE, Values, named, run
from tests.clusters import Cluster, checked
from tests.helms import Helm

LDAP: Values = {"ldap": {"enabled": True, "host": "h", "searchBase": "b"}}
GITLAB: Values = {"gitlab": {"enabled": True, "clientId": "i"}}
PLACEHOLDER = "LDAP_PASSWORD is a placeholder or a value printed in public documentation"

LDAP_TEXT = ", to be written there: heimdall.auth.ldap is enabled"
REFUSED: list[tuple[str, dict[str, str], Values, list[str]]] = [
    (
        "ldap, none",
        {},
        {"auth": LDAP},
        [
            f"LDAP_BINDDN is missing or empty: the name of the user that Heimdall searches with{LDAP_TEXT}",
            f"LDAP_PASSWORD is missing or empty: the password of the user that Heimdall searches with{LDAP_TEXT}",
        ],
    ),
    (
        "ldap, one empty",
        {"LDAP_BINDDN": CANARY, "LDAP_PASSWORD": " "},
        {"auth": LDAP},
        ["The Secret live (heimdall.existingSecret)", "LDAP_PASSWORD is missing or empty"],
    ),
    (
        "ldap, a placeholder",
        {"LDAP_BINDDN": CANARY, "LDAP_PASSWORD": f"CHANGE_ME {CANARY}"},
        {"auth": LDAP},
        [PLACEHOLDER],
    ),
    ("not enabled, and a placeholder", {"LDAP_PASSWORD": f"CHANGE_ME {CANARY}"}, {}, [PLACEHOLDER]),
    ("gitlab", {"OKTA_CLIENTSECRET": CANARY}, {"auth": GITLAB}, ["GITLAB_SECRET is missing or empty"]),
    (
        "by config",
        {},
        {"config": {"GITHUB_CLIENTID": "i"}},
        ["GITHUB_CLIENTSECRET is missing or empty: the client secret that GitHub gave", "GITHUB_CLIENTID is given"],
    ),
    (
        "from another key",
        {"mine": f"CHANGE_ME {CANARY}"},
        {"auth": GITLAB, "keys": {"GITLAB_SECRET": {"key": "mine"}}},
        ["heimdall.keys.GITLAB_SECRET names the key mine of the Secret live, whose value there is a placeholder"],
    ),
]
ACCEPTED: list[tuple[str, dict[str, str], Values]] = [
    ("ldap", {"LDAP_BINDDN": "x", "LDAP_PASSWORD": "y"}, {"auth": LDAP}),
    ("gitlab", {"GITLAB_SECRET": "x"}, {"auth": GITLAB}),
    ("gitlab, by its later name", {"GITLAB_CLIENTSECRET": "x"}, {"auth": GITLAB}),
    ("gitlab, from another key", {"mine": "x"}, {"auth": GITLAB, "keys": {"GITLAB_SECRET": {"key": "mine"}}}),
    ("gitlab, not to be read", {}, {"auth": GITLAB, "verifyExisting": False}),
    ("by config", {"GITHUB_CLIENTSECRET": "x"}, {"config": {"GITHUB_CLIENTID": "i"}}),
    ("switched off", {}, {"auth": {"gitlab": {"enabled": False, "clientId": "i"}}}),
]


def dry(helm: Helm, cluster: Cluster, data: dict[str, str], values: Values) -> tuple[int, str]:
    """What an install would say with the live Secret."""
    words = (f"--from-literal={key}={value}" for key, value in {**INLINE, **data}.items())
    checked(cluster.kubectl("create", "secret", "generic", "live", *words))
    done = run(helm, "install", named("live", externalUrl="https://h", **values), "--dry-run=server")
    return done.returncode, done.stderr


@pytest.mark.parametrize(("name", "data", "values", "texts"), REFUSED, ids=[row[0] for row in REFUSED])
def test_login_refused(
    helm: Helm, cluster: Cluster, name: str, data: dict[str, str], values: Values, texts: list[str]
) -> None:
    """As an inline one is, and with no value."""
    code, message = dry(helm, cluster, data, values)
    assert code == 1, name
    assert [text for text in texts if text not in message] == [], message
    assert "nothing was rendered: 1 error" in message
    assert CANARY not in message


@pytest.mark.parametrize(("name", "data", "values"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_login_accepted(helm: Helm, cluster: Cluster, name: str, data: dict[str, str], values: Values) -> None:
    """The twin table."""
    assert dry(helm, cluster, data, values) == (0, ""), name
