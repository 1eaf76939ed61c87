"""What the chart renders and what it refuses, by the real Helm and without a cluster."""

import base64
import hashlib
import json
import subprocess

import pytest
import yaml

from post_renderer import pipeline
from post_renderer.model.settings import Settings
from post_renderer.requirements import unused
from post_renderer.rules import policy
from post_renderer.rules.digest import DIGEST
from tests.charts import CANARY, CI, INLINE, Document, Values, contract, inline, one, render, template
from tests.helms import Helm
from tests.support import CHART

RECIPES = {
    "JWT_SECRET": ("128", "openssl rand -hex 64"),
    "API_KEY_SECRET": ("66", "openssl rand -hex 33"),
    "DATABASE_PASSWORD": ("66", "openssl rand -hex 33"),
    "ADMIN_PASSWORD": ("22", "Admin_$(openssl rand -hex 8)"),
}
PLACEHOLDER = "<install with --post-renderer heimdall-pr>"
FILES = {"secretsFiles": ["env/heimdall-secrets.yaml"]}


def checksum(documents: list[Document]) -> str:
    """The digest of the secrets that the pod template carries."""
    return str(one(documents, "Deployment")["spec"]["template"]["metadata"]["annotations"]["checksum/secrets"])


def kinds(documents: list[Document]) -> list[str]:
    """The kinds, sorted."""
    return sorted(document["kind"] for document in documents)


# --- which approach, and what it renders -----------------------------------------------------------------------------

DATABASE = ["NetworkPolicy", "Service", "StatefulSet"]
STANDARD = sorted(["ConfigMap", "ConfigMap", "ConfigMap", "Deployment", "Pod", "Service", "ServiceAccount", *DATABASE])
WITH_SECRET = sorted([*STANDARD, "Secret"])
GUARDED = sorted([*WITH_SECRET, "NeedsPostRenderer"])
OWN = {"secret": "r-heimdall-secrets", "files": "", "ignored": ""}

APPROACHES: list[tuple[str, Values, dict[str, str], list[str]]] = [
    (
        "existing",
        {"heimdall": {"existingSecret": "live"}},
        {**OWN, "approach": "existing", "secret": "live"},
        STANDARD,
    ),
    ("inline", inline(), {**OWN, "approach": "inline"}, WITH_SECRET),
    ("inline from the environment", inline(JWT_SECRET="${JWT_SECRET}"), {**OWN, "approach": "inline"}, GUARDED),
    (
        "files",
        {"heimdall": {"secretsFiles": ["env/a.yaml", "env/b.yaml"]}},
        {**OWN, "approach": "files", "files": "env/a.yaml\nenv/b.yaml"},
        GUARDED,
    ),
    (
        "existing beats both",
        {"heimdall": {"existingSecret": "live", "secrets": {"x": 1}, "secretsFiles": ["f"]}},
        {"approach": "existing", "secret": "live", "ignored": "secrets,secretsFiles", "files": ""},
        STANDARD,
    ),
    (
        "existing beats files",
        {"heimdall": {"existingSecret": "live", "secretsFiles": ["f"]}},
        {"approach": "existing", "ignored": "secretsFiles", "files": ""},
        STANDARD,
    ),
    (
        "inline beats files",
        {"heimdall": {**inline()["heimdall"], "secretsFiles": ["f"]}},
        {"approach": "inline", "ignored": "secretsFiles", "files": ""},
        WITH_SECRET,
    ),
    (
        "an empty map and an empty list are not set",
        {"heimdall": {"existingSecret": "", "secrets": {}, "secretsFiles": ["f"]}},
        {"approach": "files", "ignored": ""},
        GUARDED,
    ),
    (
        "the post-renderer is asked for",
        {"heimdall": {"existingSecret": "live"}, "postRenderer": {"required": True}},
        {"approach": "existing"},
        sorted([*STANDARD, "NeedsPostRenderer"]),
    ),
]


@pytest.mark.parametrize(("name", "values", "expected", "rendered"), APPROACHES, ids=[row[0] for row in APPROACHES])
def test_approach(helm: Helm, name: str, values: Values, expected: dict[str, str], rendered: list[str]) -> None:
    """The first that is set wins as a whole; the contract says so; only standard kinds if they are enough."""
    documents = render(helm, values)
    assert contract(documents).items() >= expected.items(), name
    assert kinds(documents) == rendered


def test_contract_is_whole(helm: Helm) -> None:
    """Every field is there, a flat string, and says what the tool expects of it."""
    document = one(render(helm, {"heimdall": FILES}, "--namespace", "team"), "ConfigMap", "-secrets-contract")
    assert document["metadata"]["labels"]["heimdall.mitre.org/secrets-contract"] == "v1"
    assert document["metadata"]["namespace"] == "team"
    assert document["data"] == {
        "approach": "files",
        "ignored": "",
        "secret": "r-heimdall-secrets",
        "required": "JWT_SECRET,API_KEY_SECRET,DATABASE_PASSWORD,ADMIN_PASSWORD",
        "optional": ",".join(policy.OPTIONAL),
        "lengths": "JWT_SECRET=128,API_KEY_SECRET=66,DATABASE_PASSWORD=66,ADMIN_PASSWORD=22",
        "sources": "",
        "fixed": "DATABASE_PASSWORD",
        "files": "env/heimdall-secrets.yaml",
        "verified": "false",
        "policy": DIGEST,
        "judged": "false",
        "valuesPath": "heimdall",
    }


def test_password_that_the_database_remembers(helm: Helm) -> None:
    """The chart's own one, unless it is trusted."""
    others: list[Values] = [{"externalDatabase": {"host": "h"}}, {"postgresql": {"trustPassword": True}}]
    assert [contract(render(helm, {"heimdall": FILES, **each}))["fixed"] for each in others] == ["", ""]


def test_secret_of_files_is_no_base64(helm: Helm) -> None:
    """No API server takes what only the tool can fill."""
    secret = one(render(helm, {"heimdall": FILES}), "Secret")
    assert secret["data"] == dict.fromkeys(RECIPES, PLACEHOLDER)
    assert "stringData" not in secret


def test_inline_secret(helm: Helm) -> None:
    """Literals as base64, optional ones too; a ${NAME} raw, for the tool."""
    secret = one(render(helm, inline(JWT_SECRET="${MY_TOKEN}", LDAP_PASSWORD="ünïcode")), "Secret")
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in INLINE.items()}
    ldap = base64.b64encode("ünïcode".encode()).decode()
    assert secret["data"] == {**encoded, "JWT_SECRET": "${MY_TOKEN}", "LDAP_PASSWORD": ldap}
    assert "stringData" not in secret


def test_guard_says_what_to_do_and_nothing_else(helm: Helm) -> None:
    """The user reads its name."""
    assert one(render(helm, {"heimdall": FILES}), "NeedsPostRenderer") == {
        "apiVersion": "heimdall-pr.mitre.org/v1",
        "kind": "NeedsPostRenderer",
        "metadata": {"name": "install-with---post-renderer-heimdall-pr"},
    }


SHORT = {"JWT_SECRET": "kP3-vQ8~" * 7 + "wZ1.xR6", "API_KEY_SECRET": "vQ8~wZ1.", "DATABASE_PASSWORD": "xR6_yT4.",
         "ADMIN_PASSWORD": "wZ1.xR6_"}  # fmt: skip
# A value of 64 characters or more is among them: no digest of short ones alone, they could be guessed.
CHECKSUMS: list[tuple[str, Values, bool]] = [
    ("inline", inline(), True),
    ("one long value", inline(**{**SHORT, "JWT_SECRET": "kP3-vQ8~" * 8}), True),
    ("short values alone", inline(**SHORT), False),
    ("one waits for the tool", inline(ADMIN_PASSWORD="${ADMIN_PASSWORD}"), False),
    ("files", {"heimdall": FILES}, False),
    ("existing", {"heimdall": {"existingSecret": "live"}}, False),
]


@pytest.mark.parametrize(("name", "values", "written"), CHECKSUMS, ids=[row[0] for row in CHECKSUMS])
def test_checksum(helm: Helm, name: str, values: Values, written: bool) -> None:
    """One digest over all values, the same that the tool writes; else it is left for the tool."""
    documents = render(helm, values)
    expected = ""
    if written:
        data = one(documents, "Secret")["data"]
        expected = hashlib.sha256("".join(f"{key}={data[key]}\n" for key in sorted(data)).encode()).hexdigest()
    assert checksum(documents) == expected, name


def test_checksum_follows_every_value(helm: Helm) -> None:
    """A changed secret restarts the pod, an optional one too."""
    digests = {checksum(render(helm, values)) for values in (inline(), inline(ADMIN_PASSWORD="Tes7-Onl9-Nev3"))}
    assert len(digests | {checksum(render(helm, inline(LDAP_PASSWORD="directory")))}) == 3


# --- the workload ----------------------------------------------------------------------------------------------------


def test_workload_takes_keys_not_the_whole_secret(helm: Helm) -> None:
    """Required keys are not optional; the others are; whoever writes the Secret can't set any other variable."""
    values = {"heimdall": {"existingSecret": "live", "extraSecretKeys": ["MY_TOKEN", "JWT_SECRET", "LDAP_PASSWORD"]}}
    (container,) = one(render(helm, values), "Deployment")["spec"]["template"]["spec"]["containers"]
    refs = {entry["name"]: entry["valueFrom"]["secretKeyRef"] for entry in container["env"]}
    assert len(refs) == len(container["env"])
    assert {(ref["name"], ref["key"] == name) for name, ref in refs.items()} == {("live", True)}
    assert [name for name, ref in refs.items() if not ref.get("optional")] == list(RECIPES)
    assert {"MY_TOKEN", "LDAP_PASSWORD", "DATABASE_URL", "OIDC_CLIENT_SECRET", "GITLAB_CLIENTSECRET"} <= set(refs)
    assert container["envFrom"] == [{"configMapRef": {"name": "r-heimdall-config"}}]


def test_workload_is_what_the_application_needs(helm: Helm) -> None:
    """One replica, port 3000, probes on /server, user 1001, two writable folders, no token."""
    deployment = one(render(helm, {"heimdall": FILES}), "Deployment")["spec"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    assert container["ports"] == [{"name": "http", "containerPort": 3000, "protocol": "TCP"}]
    probes = [container[f"{when}Probe"]["httpGet"] for when in ("startup", "readiness", "liveness")]
    assert probes == [{"path": "/server", "port": "http"}] * 3
    assert pod["securityContext"]["runAsUser"] == 1001
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts == {"tmp": "/tmp", "cache": "/var/cache/heimdall"}  # noqa: S108 (the pod's own)
    assert pod["volumes"] == [{"name": name, "emptyDir": {}} for name in mounts]
    assert pod["automountServiceAccountToken"] is False


CONFIGS: list[tuple[str, Values, dict[str, str]]] = [
    (
        "defaults",
        {},
        {
            "NODE_ENV": "production",
            "DATABASE_HOST": "r-heimdall-postgresql",
            "DATABASE_PORT": "5432",
            "DATABASE_NAME": "heimdall",
            "DATABASE_USERNAME": "heimdall",
        },
    ),
    (
        "another database",
        {"externalDatabase": {"host": "db.example.com", "port": 6543, "name": "n", "username": "u"}},
        {
            "DATABASE_HOST": "db.example.com",
            "DATABASE_PORT": "6543",
            "DATABASE_NAME": "n",
            "DATABASE_USERNAME": "u",
        },
    ),
    (
        "further settings",
        {"heimdall": {"externalUrl": "https://h.example.com", "config": {"A": "x: y", "B": True, "C": 12345678}}},
        {"EXTERNAL_URL": "https://h.example.com", "A": "x: y", "B": "true", "C": "12345678"},
    ),
    (
        "the embedded database",
        {"postgresql": {"enabled": True, "database": "d", "username": "u"}},
        {"DATABASE_PORT": "5432", "DATABASE_NAME": "d", "DATABASE_USERNAME": "u"},
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), CONFIGS, ids=[row[0] for row in CONFIGS])
def test_config(helm: Helm, name: str, values: Values, expected: dict[str, str]) -> None:
    """What is not secret is in the ConfigMap, as strings."""
    merged = {**values, "heimdall": {**FILES, **values.get("heimdall", {})}}
    data = one(render(helm, merged), "ConfigMap", "-config")["data"]
    assert data.items() >= expected.items(), name
    assert ("EXTERNAL_URL" in data) == ("EXTERNAL_URL" in expected)


# --- refusals --------------------------------------------------------------------------------------------------------

INLINE_REFUSED: list[tuple[str, Values, list[str]]] = [
    *((f"{key} missing", inline(**{key: None}), [f"{key} is missing"]) for key in RECIPES),
    *((f"{key} empty", inline(**{key: ""}), [f"{key} is empty"]) for key in RECIPES),
    *((f"{key} white space", inline(**{key: " \t\n "}), [f"{key} is empty"]) for key in RECIPES),
    *((f"{key} a number", inline(**{key: 12345678901234}), [f"{key} is not a string"]) for key in RECIPES),
    ("a map", inline(JWT_SECRET={CANARY: CANARY}), ["JWT_SECRET is not a string"]),
    ("a list", inline(JWT_SECRET=[CANARY]), ["JWT_SECRET is not a string"]),
    ("a boolean", inline(JWT_SECRET=False), ["JWT_SECRET is not a string"]),
    ("short", inline(ADMIN_PASSWORD="CANARY7"), ["ADMIN_PASSWORD has only 7 characters"]),
    ("short though many bytes", inline(ADMIN_PASSWORD="CANARYü"), ["ADMIN_PASSWORD has only 7 characters"]),
    ("final newline", inline(ADMIN_PASSWORD="CANARY-CANARY\n"), ["ADMIN_PASSWORD ends in a line break"]),
    ("final CR", inline(ADMIN_PASSWORD="CANARY-CANARY\r"), ["ADMIN_PASSWORD ends in a line break"]),
    ("${…} with more is not a reference", inline(JWT_SECRET="${A}\n"), ["JWT_SECRET holds a variable, command or"]),
    ("more than one reference", inline(JWT_SECRET="${A}${B}cde"), ["JWT_SECRET holds a variable, command or"]),
    ("the old key", inline(jwtSecret=CANARY), ["unknown key jwtSecret: did you mean JWT_SECRET?"]),
    ("the old key alone", inline(JWT_SECRET=None, jwtSecret=CANARY), ["JWT_SECRET is missing", "mean JWT_SECRET?"]),
    ("another old key", inline(apiKeySecret=CANARY), ["unknown key apiKeySecret: did you mean API_KEY_SECRET?"]),
    ("another old key", inline(databasePassword=CANARY), ["did you mean DATABASE_PASSWORD?"]),
    ("another old key", inline(adminPassword=CANARY), ["did you mean ADMIN_PASSWORD?"]),
    ("case", inline(Jwt_Secret=CANARY), ["unknown key Jwt_Secret: did you mean JWT_SECRET?"]),
    ("a letter too few", inline(JWT_SECRT=CANARY), ["unknown key JWT_SECRT: did you mean JWT_SECRET?"]),
    ("a letter too many", inline(LDAP_PASSSWORD=CANARY), ["did you mean LDAP_PASSWORD?"]),
    ("another letter", inline(LDAP_PASSW0RD=CANARY), ["did you mean LDAP_PASSWORD?"]),
    ("an underscore", inline(OIDC_CLIENTSECRET=CANARY), ["did you mean OIDC_CLIENT_SECRET?"]),
    ("dashes", inline(**{"DATABASE-SSL-CERT": CANARY}), ["did you mean DATABASE_SSL_CERT?"]),
    ("dots", inline(**{"api.key.secret": CANARY}), ["did you mean API_KEY_SECRET?"]),
    ("an optional one is not a string", inline(LDAP_PASSWORD=5), ["LDAP_PASSWORD is not a string"]),
    ("an optional one ends in a newline", inline(LDAP_PASSWORD="CANARY\n"), ["LDAP_PASSWORD ends in a line break"]),
    ("an unknown one is not a string", inline(CANARY_NAME=5), ["an unknown key is not a string"]),
    ("an unknown one ends in a newline", inline(CANARY_NAME="CANARY\n"), ["an unknown key ends in a line break"]),
    ("no key of a Secret", inline(**{"CANARY CANARY": CANARY}), ["a key is no name that a Secret's key can have"]),
    ("an empty key", inline(**{"": CANARY}), ["a key is no name that a Secret's key can have"]),
]


@pytest.mark.parametrize(("name", "values", "expected"), INLINE_REFUSED, ids=[row[0] for row in INLINE_REFUSED])
def test_inline_refused(helm: Helm, name: str, values: Values, expected: list[str]) -> None:
    """Each names the place and the key, a required one with its recipe, and never a value."""
    done = template(helm, values)
    assert (done.returncode, done.stdout) == (1, ""), name
    lines = [line for line in done.stderr.splitlines() if line.startswith("heimdall.secrets: ")]
    assert len(lines) == len(expected)
    for line, fragment in zip(lines, expected, strict=True):
        assert fragment in line
        length, recipe = RECIPES.get(line.split()[1], ("", ""))
        assert length in line
        assert (
            recipe if "nothing replaced" not in line else "write exactly ${JWT_SECRET}, with nothing around it"
        ) in line
    assert_silent(done, values)


def test_password_of_a_database_that_is_there(helm: Helm) -> None:
    """The message has no recipe: the database has one already."""
    done = template(helm, {**inline(DATABASE_PASSWORD=None), "externalDatabase": {"host": "db.example.com"}})
    message = (
        "DATABASE_PASSWORD is missing; expected: the password that externalDatabase.username has in that database\n"
    )
    assert f"heimdall.secrets: {message}" in done.stderr


def assert_silent(done: subprocess.CompletedProcess[str], values: Values) -> None:
    """No value of the user's on any channel."""
    output = done.stdout + done.stderr
    secrets = values["heimdall"]["secrets"].values()
    shown = [value for value in secrets if isinstance(value, str) and value.strip() and value.strip() in output]
    assert not shown
    assert CANARY not in output


def test_everything_wrong_is_told_at_once(helm: Helm) -> None:
    """Four bad keys, a typo, a bad further key and a secret among the settings: seven lines in one refusal."""
    values = inline(JWT_SECRET=None, API_KEY_SECRET="", DATABASE_PASSWORD=7, ADMIN_PASSWORD="x", jwtSecret=CANARY)
    values["heimdall"] |= {"extraSecretKeys": ["NOT A NAME"], "config": {"LDAP_PASSWORD": CANARY}}
    done = template(helm, values)
    assert done.returncode == 1
    assert "7 errors" in done.stderr
    assert all(recipe in done.stderr for _, recipe in RECIPES.values())
    assert "heimdall.extraSecretKeys[0] is not a valid environment variable name" in done.stderr
    assert "heimdall.config.LDAP_PASSWORD is a secret" in done.stderr
    assert CANARY not in done.stderr


INLINE_ACCEPTED: list[tuple[str, Values, dict[str, str]]] = [
    ("eight characters", inline(ADMIN_PASSWORD="kP3-vQ8~"), {"ADMIN_PASSWORD": "kP3-vQ8~"}),
    ("a certificate", inline(LDAP_SSL_CA="-----BEGIN\nx\n"), {"LDAP_SSL_CA": "-----BEGIN\nx\n"}),
    ("an optional one, empty", inline(LDAP_PASSWORD=""), {"LDAP_PASSWORD": ""}),
    ("an unknown key", inline(OTHER="x"), {"OTHER": "x"}),
    ("names that YAML takes for something else", inline(**{"1e3": "x", "null": "y", "on": "z"}), {"on": "z"}),
    ("quotes and line breaks", inline(JWT_SECRET="\"'\\{ x }}\n: #é"), {"JWT_SECRET": "\"'\\{ x }}\n: #é"}),
]


@pytest.mark.parametrize(("name", "values", "expected"), INLINE_ACCEPTED, ids=[row[0] for row in INLINE_ACCEPTED])
def test_inline_accepted(helm: Helm, name: str, values: Values, expected: dict[str, str]) -> None:
    """The twin table: what looks odd and is right."""
    data = one(render(helm, values), "Secret")["data"]
    assert {key: base64.b64decode(data[key]).decode() for key in expected} == expected, name


def test_listed_key_is_no_typo(helm: Helm) -> None:
    """Who lists a key that is close to a known one means it."""
    values = inline(JWT_SECRETS="x")
    values["heimdall"]["extraSecretKeys"] = ["JWT_SECRETS"]
    assert "JWT_SECRETS" in one(render(helm, values), "Secret")["data"]


def test_nothing_set_shows_the_three_ways(helm: Helm) -> None:
    """Each is one that can be copied."""
    done = template(helm, {})
    assert (done.returncode, done.stdout) == (1, "")
    assert "--set heimdall.existingSecret=NAME" in done.stderr
    assert "heimdall.secrets.JWT_SECRET" in done.stderr
    assert "heimdall-pr generate env/heimdall-secrets.yaml" in done.stderr
    assert "--set 'heimdall.secretsFiles={env/heimdall-secrets.yaml}'" in done.stderr


def test_what_nothing_set_shows_works(helm: Helm) -> None:
    """The fix of the files approach, as it is printed."""
    done = helm.run("template", "r", str(CHART), "--set", "heimdall.secretsFiles={env/heimdall-secrets.yaml}")
    assert done.returncode == 0
    assert "NeedsPostRenderer" in done.stdout


OTHERS_REFUSED: list[tuple[str, Values, str]] = [
    ("no name", {"heimdall": {"existingSecret": "CANARY name"}}, "heimdall.existingSecret is not a valid Secret name"),
    ("an empty path", {"heimdall": {"secretsFiles": ["a", " "]}}, "heimdall.secretsFiles[1] is no path of a file"),
    ("two lines", {"heimdall": {"secretsFiles": ["a\nCANARY"]}}, "heimdall.secretsFiles[0] is no path of a file"),
    (
        "no name of a variable",
        {"heimdall": {**FILES, "extraSecretKeys": ["CANARY-1"]}},
        "heimdall.extraSecretKeys[0] is not a valid environment variable name",
    ),
    ("a bad setting", {"heimdall": {**FILES, "config": {"CANARY-1": "x"}}}, "heimdall.config has a key"),
    ("a secret setting", {"heimdall": {**FILES, "config": {"JWT_SECRET": "CANARY"}}}, "config.JWT_SECRET is a secret"),
    # The schema: without the value, and before any template runs.
    ("secrets a text", {"heimdall": {"secrets": "CANARY"}}, "secrets"),
    ("secrets a list", {"heimdall": {"secrets": ["CANARY"]}}, "secrets"),
    ("files a text", {"heimdall": {"secretsFiles": "CANARY"}}, "secretsFiles"),
    ("existingSecret a map", {"heimdall": {"existingSecret": {"x": "CANARY"}}}, "existingSecret"),
    ("a typo", {"heimdall": {**FILES, "existingSecrets": "CANARY"}}, "existingSecrets"),
    ("a typo at the root", {"heimdal": {"secrets": "CANARY"}, "heimdall": FILES}, "heimdal"),
    ("a typo in the image", {"heimdall": FILES, "image": {"tags": "CANARY"}}, "tags"),
    ("a secret outside secrets", {"heimdall": {"JWT_SECRET": "CANARY"}}, "JWT_SECRET"),
]


@pytest.mark.parametrize(("name", "values", "expected"), OTHERS_REFUSED, ids=[row[0] for row in OTHERS_REFUSED])
def test_other_values_refused(helm: Helm, name: str, values: Values, expected: str) -> None:
    """Typos and wrong types, without the value."""
    done = template(helm, values)
    assert (done.returncode, done.stdout) == (1, ""), name
    assert expected in done.stderr
    assert CANARY not in done.stderr


def test_no_value_in_an_error_without_the_schema(helm: Helm) -> None:
    """If the schema is skipped, or `lint` goes on after a refusal, no error of the template engine shows one."""
    for secrets in ("CANARY", ["CANARY"], {"JWT_SECRET": ["CANARY"]}, {"JWT_SECRET": {"x": "CANARY"}}):
        values = json.dumps({"heimdall": {"secrets": secrets}})
        rendered = template(helm, {"heimdall": {"secrets": secrets}}, "--skip-schema-validation")
        linted = helm.run("lint", "--strict", str(CHART), "-f", "-", "--skip-schema-validation", input=values)
        assert rendered.returncode == 1
        assert CANARY not in rendered.stdout + rendered.stderr + linted.stdout + linted.stderr


def test_losers_are_not_judged(helm: Helm) -> None:
    """Lower-precedence values are ignored, whatever they are."""
    losers = {"secrets": {"JWT_SECRET": 5, "jwtSecret": "x"}, "secretsFiles": [""]}
    assert contract(render(helm, {"heimdall": {"existingSecret": "live", **losers}}))["approach"] == "existing"


def test_null_unsets(helm: Helm) -> None:
    """`--set heimdall.secrets=null` is how Helm's users drop a value."""
    values = {"heimdall": {**inline()["heimdall"], **FILES}}
    assert contract(render(helm, values, "--set", "heimdall.secrets=null"))["approach"] == "files"


@pytest.mark.parametrize("values", CI)
def test_every_helm_renders(every_helm: Helm, values: str) -> None:
    """Each pinned Helm renders each approach, and the pods take the Secrets that the contract is about."""
    done = every_helm.run("template", "r", str(CHART), "-f", str(CI[values]))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    assert contract(documents)["approach"] == values.partition("-")[0]
    assert unused.RULE not in [each.rule for each in pipeline.plan(done.stdout.encode(), Settings()).findings]


def test_every_helm_refuses(every_helm: Helm) -> None:
    """Each pinned Helm prints the chart's own refusal, whole, and no value."""
    values = inline(JWT_SECRET=None, ADMIN_PASSWORD=CANARY)
    done = template(every_helm, values)
    assert done.returncode == 1
    assert "2 errors" in done.stderr
    assert "heimdall.secrets: JWT_SECRET is missing; expected: 128 characters, openssl rand -hex 64\n" in done.stderr
    assert_silent(done, values)
