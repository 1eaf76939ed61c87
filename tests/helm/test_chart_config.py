"""The settings that are not secret, the logins, and that no secret gets into them."""

import json
from typing import Any

import pytest

from post_renderer.rules import settings
from tests.charts import (
    CANARY,
    CI,
    INLINE,
    Values,
    config,
    container,
    contract,
    existing,
    one,
    pod,
    read,
    refused,
    render,
    variables,
)
from tests.helms import Helm
from tests.support import CHART

LDAP_CONFIG: Values = {"LDAP_ENABLED": True, "LDAP_HOST": "h", "LDAP_SEARCHBASE": "b"}
# Every documented variable that is not secret, with the value it has by default and another one.
SETTINGS: list[tuple[str, str | None, str, Any, str]] = [
    ("NODE_ENV", "production", "heimdall__nodeEnv", "test", "test"),
    ("PORT", "3000", "heimdall__port", 8080, "8080"),
    ("EXTERNAL_URL", None, "heimdall__externalUrl", "https://h.example.com:8443", "https://h.example.com:8443"),
    ("MAX_FILE_UPLOAD_SIZE", "50", "heimdall__maxFileUploadSize", 100, "100"),
    ("UV_THREADPOOL_SIZE", "8", "heimdall__threadPoolSize", 16, "16"),
    ("HTTPS_PROXY", None, "heimdall__httpsProxy", "http://proxy:8080", "http://proxy:8080"),
    ("WARNING_BANNER", None, "heimdall__warningBanner", 'Mind: "this"\n', 'Mind: "this"\n'),
    ("JWT_EXPIRE_TIME", "25m", "heimdall__session__expireTime", "1d", "1d"),
    ("ONE_SESSION_PER_USER", "false", "heimdall__session__onePerUser", True, "true"),
    ("ADMIN_EMAIL", "admin@heimdall.local", "heimdall__admin__email", "a@b.c", "a@b.c"),
    ("ADMIN_USES_EXTERNAL_AUTH", "false", "heimdall__admin__usesExternalAuth", True, "true"),
    (
        "LOCAL_LOGIN_DISABLED",
        "false",
        "heimdall",
        {"existingSecret": "live", "login": {"localDisabled": True}, "config": {"GITHUB_CLIENTID": "i"}},
        "true",
    ),
    ("REGISTRATION_DISABLED", "false", "heimdall__login__registrationDisabled", "sso", "sso"),
    ("FIPS_MODE", None, "heimdall__passwords__fipsMode", True, "true"),
    ("PASSWORD_HASH_ALGORITHM", "sha512", "heimdall__passwords__hashAlgorithm", "sha256", "sha256"),
    ("PASSWORD_HASH_ITERATIONS", "600000", "heimdall__passwords__hashIterations", 10000000, "10000000"),
    ("PASSWORD_MAX_LENGTH", "128", "heimdall__passwords__maxLength", 64, "64"),
    ("PASSWORD_KDF_CONCURRENCY", "2", "heimdall__passwords__kdfConcurrency", 4, "4"),
    ("PASSWORD_HASH_WRITE_ENABLED", None, "heimdall__passwords__hashWriteEnabled", False, "false"),
    ("CLASSIFICATION_BANNER_TEXT", None, "heimdall__classificationBanner__text", "CUI", "CUI"),
    ("CLASSIFICATION_BANNER_TEXT_COLOR", "white", "heimdall__classificationBanner__textColor", "black", "black"),
    ("CLASSIFICATION_BANNER_COLOR", "red", "heimdall__classificationBanner__color", "#00ff00", "#00ff00"),
    ("SPLUNK_HOST_URL", None, "heimdall__integrations__splunkUrl", "https://s", "https://s"),
    ("TENABLE_HOST_URL", None, "heimdall__integrations__tenableUrl", "https://a\nhttps://b", "https://a\nhttps://b"),
    ("FORCE_TENABLE_FRONTEND", "false", "heimdall__integrations__forceTenableFrontend", True, "true"),
    ("DATABASE_SSL", "false", "externalDatabase__host", "h", "false"),
    ("LDAP_ENABLED", "false", "heimdall__config", LDAP_CONFIG, "true"),
]


@pytest.mark.parametrize(("name", "default", "path", "value", "expected"), SETTINGS, ids=[row[0] for row in SETTINGS])
def test_setting(helm: Helm, name: str, default: str | None, path: str, value: object, expected: str) -> None:
    """It has a default, or is left to the application, and a value of its own."""
    assert config(render(helm, existing())).get(name) == default
    assert config(render(helm, existing(**{path: value}))).get(name) == expected


def test_port_is_one(helm: Helm) -> None:
    """What the application listens on is what is probed and served."""
    documents = render(helm, existing(heimdall__port=8080))
    assert pod(documents)["containers"][0]["ports"][0]["containerPort"] == 8080


def test_extra_ca(helm: Helm) -> None:
    """A file that Node reads."""
    documents = render(helm, existing(heimdall__extraCa={"configMap": "company", "key": "all.pem"}))
    assert config(documents)["NODE_EXTRA_CA_CERTS"] == "/etc/heimdall/extra-ca/all.pem"
    assert "NODE_EXTRA_CA_CERTS" not in config(render(helm, existing()))


PEM = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


def test_several_authorities(helm: Helm) -> None:
    """Inline ones are one file of a ConfigMap; several files are put together by an init container, from all places."""
    inline = {"b": PEM.format("bb"), "a": PEM.format("aa").rstrip()}
    documents = render(helm, existing(heimdall__extraCa={"certificates": inline}))
    assert config(documents)["NODE_EXTRA_CA_CERTS"] == "/etc/heimdall/extra-ca/inline.crt"
    text = one(documents, "ConfigMap", "r-heimdall-ca")["data"]["inline.crt"]
    assert text == PEM.format("aa") + PEM.format("bb")
    more = [{"secret": "two", "key": "x.pem"}, {"configMap": "three"}]
    documents = render(helm, existing(heimdall__extraCa={"configMap": "one", "more": more, "certificates": inline}))
    assert config(documents)["NODE_EXTRA_CA_CERTS"] == "/etc/heimdall/extra-ca/bundle.crt"
    bundle = pod(documents)["initContainers"][0]
    sources = [each for each in pod(documents)["volumes"] if each["name"].startswith("extra-ca-")]
    names = [each.get("configMap", {}).get("name", "two") for each in sources]
    assert names == ["one", "two", "three", "r-heimdall-ca"]
    assert "items" not in sources[2]["configMap"]
    mounts = {each["name"]: each["mountPath"] for each in bundle["volumeMounts"]}
    assert mounts == {"extra-ca": "/out", **{f"extra-ca-{n}": f"/in/{n}" for n in range(4)}}
    every = render(helm, existing(heimdall__extraCa={"configMap": "one", "key": "*"}))
    assert pod(every)["initContainers"][0]["name"] == "extra-ca"


AUTHORITIES_REFUSED: list[tuple[str, Values, str]] = [
    ("no certificate", {"certificates": {"a": CANARY}}, "heimdall.extraCa.certificates.a is no certificate: write"),
    ("a key", {"certificates": {"a": f"-----BEGIN PRIVATE KEY-----\n{CANARY}"}}, "certificates.a has a private key"),
    ("a strange name", {"certificates": {f"{CANARY} 1": "x"}}, "an entry of heimdall.extraCa.certificates is no cert"),
    ("two places", {"more": [{"configMap": "a", "secret": "b"}]}, "heimdall.extraCa.more[0] has a configMap and a"),
    ("no place", {"more": [{"key": "b"}]}, "heimdall.extraCa.more[0] names no configMap and no secret."),
    ("no name", {"more": [{"configMap": "A"}]}, "heimdall.extraCa.more[0].configMap is not a valid object name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "message"), [row[1:] for row in AUTHORITIES_REFUSED], ids=[row[0] for row in AUTHORITIES_REFUSED]
)
def test_authorities_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each, and nothing of a certificate."""
    refused(helm, existing(heimdall__extraCa=values), message)


LOGINS: list[tuple[str, Values, dict[str, str]]] = [
    (
        "github",
        {"clientId": "i"},
        {
            "GITHUB_CLIENTID": "i",
            "GITHUB_ENTERPRISE_INSTANCE_BASE_URL": "https://github.com/",
            "GITHUB_ENTERPRISE_INSTANCE_API_URL": "https://api.github.com/",
        },
    ),
    ("gitlab", {"clientId": "i"}, {"GITLAB_CLIENTID": "i", "GITLAB_BASEURL": "https://gitlab.com"}),
    ("google", {"clientId": "i"}, {"GOOGLE_CLIENTID": "i"}),
    (
        "okta",
        {
            "clientId": "i",
            "domain": "x.okta.com",
            "issuerUrl": "https://x",
            "authorizationUrl": "https://a",
            "tokenUrl": "https://t",
            "userInfoUrl": "https://u",
            "useHttpsProxy": True,
        },
        {
            "OKTA_CLIENTID": "i",
            "OKTA_DOMAIN": "x.okta.com",
            "OKTA_ISSUER_URL": "https://x",
            "OKTA_AUTHORIZATION_URL": "https://a",
            "OKTA_TOKEN_URL": "https://t",
            "OKTA_USER_INFO_URL": "https://u",
            "OKTA_USE_HTTPS_PROXY": "true",
        },
    ),
    (
        "oidc",
        {
            "name": "n",
            "clientId": "i",
            "issuer": "https://x",
            "authorizationUrl": "https://a",
            "tokenUrl": "https://t",
            "userInfoUrl": "https://u",
            "pkceS256": True,
        },
        {
            "OIDC_NAME": "n",
            "OIDC_CLIENTID": "i",
            "OIDC_ISSUER": "https://x",
            "OIDC_AUTHORIZATION_URL": "https://a",
            "OIDC_TOKEN_URL": "https://t",
            "OIDC_USER_INFO_URL": "https://u",
            "OIDC_EXTERNAL_GROUPS": "false",
            "OIDC_USES_PKCE_S256": "true",
            "OIDC_USES_PKCE_PLAIN": "false",
            "OIDC_USES_VERIFIED_EMAIL": "true",
            "OIDC_USE_HTTPS_PROXY": "false",
        },
    ),
    (
        "ldap",
        {"host": "h", "searchBase": "ou=u", "ssl": True, "port": 636},
        {
            "LDAP_ENABLED": "true",
            "LDAP_HOST": "h",
            "LDAP_PORT": "636",
            "LDAP_SEARCHBASE": "ou=u",
            "LDAP_SEARCHFILTER": "(sAMAccountName={{username}})",
            "LDAP_NAMEFIELD": "name",
            "LDAP_MAILFIELD": "mail",
            "LDAP_SSL": "true",
            "LDAP_SSL_INSECURE": "false",
        },
    ),
]


@pytest.mark.parametrize(("name", "block", "expected"), LOGINS, ids=[row[0] for row in LOGINS])
def test_login(helm: Helm, name: str, block: Values, expected: dict[str, str]) -> None:
    """One block switches it on, with exactly these variables; written and off, it has none."""
    on, off = (
        config(render(helm, existing(heimdall__externalUrl="https://h", heimdall__auth={name: {**block, **state}})))
        for state in ({"enabled": True}, {"enabled": False})
    )
    none = config(render(helm, existing(heimdall__externalUrl="https://h")))
    assert {key: value for key, value in on.items() if none.get(key) != value} == expected
    assert off == none


def test_ldap_authority(helm: Helm) -> None:
    """A file, as the database's."""
    block = {"enabled": True, "host": "h", "searchBase": "b", "ssl": True, "ca": {"secret": "ldap-ca"}}
    documents = render(helm, existing(heimdall__auth={"ldap": block}))
    assert variables(documents)["LDAP_SSL_CA"] == "/etc/heimdall/ldap-ca/ca.crt"


def inline(**more: object) -> Values:
    """Good inline secrets, and more below heimdall."""
    return {"heimdall": {"secrets": INLINE, "externalUrl": "https://h", **more}}


OIDC = {**next(block for name, block, _ in LOGINS if name == "oidc"), "enabled": True}

HALF: list[tuple[str, Values]] = [
    ("github", {"clientId": "i"}),
    ("gitlab", {"clientId": "i"}),
    ("google", {"clientId": "i"}),
    ("okta", {"domain": "x.okta.com", "issuerUrl": "https://x"}),
    ("oidc", {"issuer": "https://x"}),
    ("ldap", {"host": "h"}),
]
OKTA_URLS = {f"OKTA_{name}_URL": "https://x" for name in ("ISSUER", "AUTHORIZATION", "TOKEN", "USER_INFO")}
OIDC_URLS = {
    "OIDC_ISSUER": "https://x",
    **{f"OIDC_{name}_URL": "https://x" for name in ("AUTHORIZATION", "TOKEN", "USER_INFO")},
}
BY_CONFIG: list[tuple[str, str, Values]] = [
    ("GITHUB", "GITHUB_CLIENTSECRET", {}),
    ("GITLAB", "GITLAB_SECRET", {"GITLAB_BASEURL": "https://g"}),
    ("GOOGLE", "GOOGLE_CLIENTSECRET", {}),
    ("OKTA", "OKTA_CLIENTSECRET", {"OKTA_DOMAIN": "x.okta.com"}),
    ("OKTA", "OKTA_CLIENTSECRET", OKTA_URLS),
    ("OIDC", "OIDC_CLIENT_SECRET", OIDC_URLS),
]
LOGINS_REFUSED: list[tuple[str, Values, list[str]]] = [
    (
        "an authority, and no ssl",
        existing(heimdall__auth={"ldap": {"enabled": True, "host": "h", "searchBase": "b", "ca": {"secret": "a"}}}),
        ["heimdall.auth.ldap has a ca, but does not use TLS"],
    ),
    (
        "nothing but enabled",
        existing(heimdall__externalUrl="https://h", heimdall__auth={"oidc": {"enabled": True}}),
        ["heimdall.auth.oidc is enabled and has no name, no clientId, no issuer, no authorizationUrl, no tokenUrl"],
    ),
    (
        "no address to come back to",
        existing(heimdall__auth={"google": {"enabled": True, "clientId": "i"}}),
        ["heimdall.auth.google is enabled, and users come back from it to heimdall.externalUrl, which is empty"],
    ),
    (
        "two ways of PKCE",
        existing(
            heimdall__externalUrl="https://h",
            heimdall__auth={"oidc": {**LOGINS[4][1], "enabled": True, "pkcePlain": True}},
        ),
        ["heimdall.auth.oidc has pkceS256 and pkcePlain"],
    ),
    (
        "inline without its secret",
        inline(auth={"github": {"enabled": True, "clientId": "i"}}),
        ["heimdall.secrets: GITHUB_CLIENTSECRET is missing; expected: the client secret that GitHub gave, to be"],
    ),
    (
        "ldap inline without its secrets",
        inline(auth={"ldap": {"enabled": True, "host": "h", "searchBase": "b"}}),
        [f"heimdall.secrets: {key} is missing; expected: " for key in ("LDAP_BINDDN", "LDAP_PASSWORD")],
    ),
    (
        "inline, a placeholder",
        inline(
            secrets={**INLINE, "GITHUB_CLIENTSECRET": "CHANGE_ME"}, auth={"github": {"enabled": True, "clientId": "i"}}
        ),
        ["heimdall.secrets: GITHUB_CLIENTSECRET is a placeholder"],
    ),
    *(
        (
            f"{name} is written and not enabled",
            existing(heimdall__auth={name: block}),
            [f"heimdall.auth.{name} has {', '.join(block)} and is not enabled: write heimdall.auth.{name}.enabled"],
        )
        for name, block in HALF
    ),
    (
        "null is not enabled",
        existing(heimdall__auth={"google": {"enabled": "", "clientId": "i"}}),
        ["is not enabled: write"],
    ),
    *(
        (
            f"{name} by heimdall.config, inline without its secret",
            inline(config={f"{name}_CLIENTID": CANARY, **more}),
            [f"heimdall.secrets: {key} is missing; expected: "],
        )
        for name, key, more in BY_CONFIG
    ),
    (
        "by extraEnv, without its secret",
        {
            **inline(),
            "extraEnv": [{"name": "GITHUB_CLIENTID", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}],
        },
        ["heimdall.secrets: GITHUB_CLIENTSECRET is missing; expected: "],
    ),
    (
        "ldap by heimdall.config, without its secrets",
        inline(config=LDAP_CONFIG),
        [f"heimdall.secrets: {key} is missing; expected: " for key in ("LDAP_BINDDN", "LDAP_PASSWORD")],
    ),
    (
        "half of ldap by heimdall.config",
        existing(heimdall__config={"LDAP_ENABLED": "True", "LDAP_HOST": CANARY}),
        ["LDAP_ENABLED (of heimdall.config or extraEnv) is given, and there is no LDAP_SEARCHBASE: a login by ldap"],
    ),
    (
        "ldap that is not switched on",
        existing(heimdall__config={"LDAP_HOST": "h", "LDAP_SEARCHBASE": "b"}),
        ["LDAP_HOST (of heimdall.config or extraEnv) is given, and there is no LDAP_ENABLED: a login by ldap"],
    ),
    (
        "oidc with half its addresses",
        existing(heimdall__config={"OIDC_CLIENTID": "i", "OIDC_ISSUER": "https://x", "OIDC_TOKEN_URL": "https://x"}),
        ["OIDC_CLIENTID (of heimdall.config or extraEnv) is given, and there is no OIDC_AUTHORIZATION_URL, no OIDC_U"],
    ),
    (
        "okta with half its addresses",
        existing(heimdall__config={"OKTA_CLIENTID": "i", "OKTA_ISSUER_URL": "https://x"}),
        ["OKTA_CLIENTID (of heimdall.config or extraEnv) is given, and there is no OKTA_DOMAIN:"],
    ),
    (
        "gitlab's address with a final slash",
        existing(
            heimdall__externalUrl="https://h",
            heimdall__auth={"gitlab": {"enabled": True, "clientId": "i", "baseUrl": "https://g/"}},
        ),
        ["heimdall.auth.gitlab.baseUrl ends with a slash"],
    ),
    (
        "the same by heimdall.config",
        existing(heimdall__config={"GITLAB_BASEURL": "https://g/"}),
        ["heimdall.config.GITLAB_BASEURL ends with a slash"],
    ),
    (
        "the same by extraEnv",
        {**existing(), "extraEnv": [{"name": "GITLAB_BASEURL", "value": "https://g/"}]},
        ["extraEnv: GITLAB_BASEURL ends with a slash"],
    ),
    (
        "by a client id in the Secret, without its secret",
        inline(secrets={**INLINE, "GITHUB_CLIENTID": CANARY}, extraSecretKeys=["GITHUB_CLIENTID"]),
        ["heimdall.secrets: GITHUB_CLIENTSECRET is missing; expected: the client secret that GitHub gave"],
    ),
    (
        "ldap, switched on in the Secret, without its secrets",
        inline(secrets={**INLINE, "LDAP_ENABLED": "True"}, extraSecretKeys=["LDAP_ENABLED"]),
        [f"heimdall.secrets: {key} is missing; expected: " for key in ("LDAP_BINDDN", "LDAP_PASSWORD")],
    ),
    (
        "github's addresses without one",
        existing(
            heimdall__externalUrl="https://h",
            heimdall__auth={
                "github": {"enabled": True, "clientId": "i", "baseUrl": "https://g", "apiUrl": "https://g/v3"}
            },
        ),
        ["heimdall.auth.github.baseUrl has no slash at its end", "heimdall.auth.github.apiUrl has no slash at its end"],
    ),
    (
        "no login at all",
        existing(heimdall__login={"localDisabled": True}),
        ["heimdall.login.localDisabled is true (LOCAL_LOGIN_DISABLED), and no login of heimdall.auth is enabled"],
    ),
    (
        "no login at all, by heimdall.config",
        existing(heimdall__config={"LOCAL_LOGIN_DISABLED": "TRUE"}, heimdall__auth={"google": {"enabled": False}}),
        ["nobody could log in"],
    ),
]


@pytest.mark.parametrize(
    ("values", "message"), [row[1:] for row in LOGINS_REFUSED], ids=[row[0] for row in LOGINS_REFUSED]
)
def test_login_refused(helm: Helm, values: Values, message: list[str]) -> None:
    """What is missing, by name."""
    refused(helm, values, *message)


LOGIN_SECRETS: list[tuple[str, Values]] = [
    ("in the Secret", {"secrets": {**INLINE, "GITLAB_SECRET": "x"}}),
    ("by its later name", {"secrets": {**INLINE, "GITLAB_CLIENTSECRET": "x"}}),
    ("from another Secret", {"secrets": INLINE, "keys": {"GITLAB_SECRET": {"secret": "s"}}}),
]


@pytest.mark.parametrize(("name", "values"), LOGIN_SECRETS, ids=[row[0] for row in LOGIN_SECRETS])
def test_login_secret_is_there(helm: Helm, name: str, values: Values) -> None:
    """The twin table: where a login's secret may come from."""
    assert render(helm, inline(**values, auth={"gitlab": {"enabled": True, "clientId": "i"}})), name


LOGINS_ACCEPTED: list[tuple[str, Values]] = [
    *(
        (f"{name} by heimdall.config", inline(secrets={**INLINE, key: "x"}, config={f"{name}_CLIENTID": "i", **more}))
        for name, key, more in BY_CONFIG
    ),
    ("ldap by heimdall.config, switched off", existing(heimdall__config={**LDAP_CONFIG, "LDAP_ENABLED": False})),
    ("an empty client id", existing(heimdall__config={"GITHUB_CLIENTID": ""})),
    *(
        (f"{name} is switched off", existing(heimdall__auth={name: {**block, "enabled": False}}))
        for name, block in HALF
    ),
    (
        "addresses of a login that is off",
        existing(heimdall__auth={"gitlab": {"baseUrl": "https://g/"}, "github": {"baseUrl": "https://g"}}),
    ),
    (
        "no local login, and one of the Secret",
        existing(heimdall__login={"localDisabled": True}, heimdall__extraSecretKeys=["GITHUB_CLIENTID"]),
    ),
    (
        "no local login, and one of heimdall.config",
        existing(heimdall__login={"localDisabled": True}, heimdall__config={"GITHUB_CLIENTID": "i"}),
    ),
    (
        "addresses that extraEnv takes from elsewhere",
        {
            **existing(),
            "extraEnv": [
                {"name": name, "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}
                for name in ("GITLAB_BASEURL", "GITHUB_ENTERPRISE_INSTANCE_BASE_URL")
            ],
        },
    ),
    (
        "a client id in the Secret, and its secret",
        inline(
            secrets={**INLINE, "GITHUB_CLIENTID": "i", "GITHUB_CLIENTSECRET": "x"}, extraSecretKeys=["GITHUB_CLIENTID"]
        ),
    ),
    (
        "ldap, switched off in the Secret",
        inline(secrets={**INLINE, "LDAP_ENABLED": "false"}, extraSecretKeys=["LDAP_ENABLED"]),
    ),
    ("a client id that the Secret may have", inline(extraSecretKeys=["GITHUB_CLIENTID"])),
    (
        "an address that comes from the Secret",
        existing(
            heimdall__config={
                "OIDC_CLIENTID": "i",
                **{key: url for key, url in OIDC_URLS.items() if key != "OIDC_ISSUER"},
            },
            heimdall__extraSecretKeys=["OIDC_ISSUER"],
        ),
    ),
]


@pytest.mark.parametrize("values", [row[1] for row in LOGINS_ACCEPTED], ids=[row[0] for row in LOGINS_ACCEPTED])
def test_login_accepted(helm: Helm, values: Values) -> None:
    """The twin table."""
    assert render(helm, values)


REQUIRED_BY: list[tuple[str, Values, list[str]]] = [
    ("github", {"auth": {"github": {"enabled": True, "clientId": "i"}}}, ["GITHUB_CLIENTSECRET"]),
    ("gitlab", {"auth": {"gitlab": {"enabled": True, "clientId": "i"}}}, ["GITLAB_SECRET"]),
    ("ldap", {"auth": {"ldap": {"enabled": True, "host": "h", "searchBase": "b"}}}, ["LDAP_BINDDN", "LDAP_PASSWORD"]),
    ("by heimdall.config", {"config": {"GOOGLE_CLIENTID": "i"}}, ["GOOGLE_CLIENTSECRET"]),
    (
        "by heimdall.keys",
        {"extraSecretKeys": ["GOOGLE_CLIENTID"], "keys": {"GOOGLE_CLIENTID": {"secret": "s"}}},
        ["GOOGLE_CLIENTSECRET"],
    ),
    ("none", {}, []),
]
WAYS: list[tuple[str, Values]] = [("existing", {"existingSecret": "live"}), ("files", {"secretsFiles": ["env/a.yaml"]})]


@pytest.mark.parametrize("way", [row[1] for row in WAYS], ids=[row[0] for row in WAYS])
@pytest.mark.parametrize(("values", "keys"), [row[1:] for row in REQUIRED_BY], ids=[row[0] for row in REQUIRED_BY])
def test_a_login_requires_its_keys(helm: Helm, way: Values, values: Values, keys: list[str]) -> None:
    """What the chart can't see: the contract, the pod and the Secret say it, so that the tool and the kubelet look."""
    documents = render(helm, {"heimdall": {"externalUrl": "https://h", **way, **values}})
    says = contract(documents)
    assert says["required"].split(",") == [*INLINE, *keys]
    assert not {*keys} & {*says["optional"].split(",")}
    assert [key for key in keys if key in says["lengths"]] == []
    entries = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container(documents)["env"]}
    assert [entries[key].get("optional") for key in [*INLINE, *keys]] == [None] * (4 + len(keys))
    secrets = [each for each in documents if each["kind"] == "Secret"]
    assert [sorted(each["data"]) for each in secrets] == ([sorted([*INLINE, *keys])] if "secretsFiles" in way else [])


def test_the_gate_and_the_policy_look_for_a_logins_keys(helm: Helm) -> None:
    documents = render(
        helm,
        existing(heimdall__config={"GOOGLE_CLIENTID": "i"}, gate={"enabled": True}, policy={"enabled": True}),
    )
    (job,) = (each for each in documents if each["kind"] == "Job")
    assert (
        f"--required={','.join(INLINE)},GOOGLE_CLIENTSECRET" in job["spec"]["template"]["spec"]["containers"][0]["args"]
    )
    (policy,) = (each for each in documents if each["kind"] == "ValidatingAdmissionPolicy")
    assert "'GOOGLE_CLIENTSECRET'" in policy["spec"]["variables"][0]["expression"]


def test_the_policy_knows_every_setting(helm: Helm) -> None:
    """Each one that the chart renders: a key of the Secret that is named so is not passed to the pod."""
    on = {name: {**block, "enabled": True} for name, block, _ in LOGINS}
    rendered = config(render(helm, existing(heimdall__externalUrl="https://h", heimdall__auth=on)))
    assert {*rendered} - {*settings.NAMES} == {"YARN_CACHE_FOLDER"}
    assert {row[0] for row in SETTINGS} <= {*settings.NAMES}


# --- no secret among the settings ------------------------------------------------------------------------------------

KNOWN = [
    *INLINE,
    "DATABASE_URL", "DATABASE_SSL_KEY", "DATABASE_SSL_CERT", "DATABASE_SSL_CA", "LDAP_BINDDN", "LDAP_PASSWORD",
    "LDAP_SSL_CA", "GITHUB_CLIENTSECRET", "GOOGLE_CLIENTSECRET", "OKTA_CLIENTSECRET", "OIDC_CLIENT_SECRET",
    "GITLAB_SECRET", "GITLAB_CLIENTSECRET",
]  # fmt: skip


@pytest.mark.parametrize("key", KNOWN)
def test_secret_in_no_setting(helm: Helm, key: str) -> None:
    """Not in config, not as a literal variable, and there is no place for it but the Secret."""
    refused(helm, existing(heimdall__config={key: CANARY}), f"heimdall.config.{key} is a secret, and config is not")
    refused(helm, existing(extraEnv=[{"name": key, "value": CANARY}]), f"extraEnv[0]: {key} is a secret: put it into")
    refused(
        helm,
        existing(**{f"heimdall__{key}": CANARY, key: CANARY}),
        f"\nheimdall.{key} is at the wrong place. Write now: heimdall.secrets.{key}.",
        f"\n{key} is at the wrong place. Write now: heimdall.secrets.{key}.",
    )


CONFIG_REFUSED: list[tuple[str, Values, str]] = [
    ("close to one", {"JWT_SECRT": CANARY}, "heimdall.config.JWT_SECRT is close to JWT_SECRET, which is a secret"),
    ("its older name", {"ldapPassword": CANARY}, "heimdall.config.ldapPassword is close to LDAP_PASSWORD"),
    ("an unknown variable", {"CANARY_PASSWORD": CANARY}, "heimdall.config has a key that names a secret"),
    ("a key", {"AWS_SECRET_ACCESS_KEY": CANARY}, "heimdall.config has a key that names a secret"),
    ("an address", {"CACHE": f"redis://user:{CANARY}@h"}, "heimdall.config has an address with a password in it"),
    ("a short word", {"SMTP_PASS": CANARY}, "heimdall.config has a key that names a secret"),
    ("a token", {"CANARY_TOKEN": CANARY}, "heimdall.config has a key that names a secret"),
    ("made of another value", {"EXTERNAL_URL": CANARY}, "EXTERNAL_URL is made of another value: write heimdall.ex"),
    ("the port", {"PORT": 80}, "heimdall.config.PORT is made of another value: write heimdall.port."),
    ("the database", {"DATABASE_HOST": CANARY}, "write externalDatabase.host."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "message"), [row[1:] for row in CONFIG_REFUSED], ids=[row[0] for row in CONFIG_REFUSED]
)
def test_config_refused(helm: Helm, values: Values, message: str) -> None:
    """What looks like a secret, and what another value makes."""
    refused(helm, existing(heimdall__config=values), message)


def test_listed_secret_in_no_setting(helm: Helm) -> None:
    """What the user calls a secret is one."""
    values = existing(heimdall__extraSecretKeys=["MINE"], heimdall__config={"MINE": CANARY})
    refused(helm, values, "heimdall.config.MINE is a secret")


def test_proxy_with_a_password(helm: Helm) -> None:
    """It is a secret then; and so is every other address."""
    values = existing(
        heimdall__httpsProxy=f"http://user:{CANARY}@proxy:8080",
        heimdall__integrations__splunkUrl=f"https://{CANARY}@splunk",
    )
    message = [f"The setting {name} is an address with a user in it" for name in ("HTTPS_PROXY", "SPLUNK_HOST_URL")]
    refused(helm, values, *message)
    refused(helm, existing(heimdall__extraSecretKeys=["PORT"]), "extraSecretKeys[0]: PORT is made of another value")


CONFIG_ACCEPTED: list[tuple[str, Values]] = [
    ("a further setting", {"MAX_FILES_PER_UPLOAD": 10}),
    ("over a typed value", {"ADMIN_EMAIL": "x@y.z"}),
    (
        "a word in the middle",
        {"PASSWORD_MIN_LENGTH": 8, "SECRETARY": "x", "BYPASS": "y", "LOOK": "https://h/@a:b@c", "TOKENS": "3"},
    ),
]


@pytest.mark.parametrize(("name", "values"), CONFIG_ACCEPTED, ids=[row[0] for row in CONFIG_ACCEPTED])
def test_config_accepted(helm: Helm, name: str, values: Values) -> None:
    """The twin table."""
    settings = config(render(helm, existing(heimdall__config=values)))
    assert {key: settings[key] for key in values} == {key: str(value) for key, value in values.items()}, name


@pytest.mark.parametrize("name", CI)
def test_no_secret_in_any_config_map(helm: Helm, name: str) -> None:
    """Whatever is switched on: no known key in a ConfigMap, and no value of the inline secrets outside the Secret."""
    values = read(CI[name])
    secrets = values["heimdall"].get("secrets", {}).values()
    documents = render(helm, values)
    for document in documents:
        assert document["kind"] != "ConfigMap" or not set(document.get("data", {})) & set(KNOWN)
        if document["kind"] != "Secret":
            text = json.dumps(document)
            assert not [value for value in secrets if value in text and not value.startswith("${")]


def test_the_documented_variables_are_all_there() -> None:
    """Each has a value of its own, by name in values.yaml, or is a key of the Secret."""
    text = (CHART / "values.yaml").read_text()
    block = {name for _, _, expected in LOGINS for name in expected}
    assert [name for name in {row[0] for row in SETTINGS} | block if f"`{name}`" not in text] == []
