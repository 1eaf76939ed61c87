"""The library chart: an author's list of keys becomes refusals, a contract, a gate and a policy."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer import pipeline
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_files, unused
from post_renderer.scaffold import policy
from tests import in_process, library
from tests.helms import HELM_PR, Helm
from tests.library import SOUND, shop
from tests.readme import runner
from tests.support import CHART, LIBRARY, ROOT, Done, accepted, documents, refused

NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")  # as Kubernetes has it
CANARY = "qL7-wX9~kP3.canary"
KEYS = """\
keys:
  postgres-password: {length: {recommended: 24, min: 12}}
  tls.key: {kind: pem, optional: true}
  pin: {length: {in: [4, 6]}, optional: true, kind: config}
  salt: {length: {exact: 32}, format: hex, rotation: never}
  token: {kind: token, forbidden: [shop-Kq7w2Zx9Rt4]}
  id: {kind: username}
  key: {kind: token, issuer: third-party}
  code: {optional: true, length: {min: 4}}
  site: {optional: true, format: url}
  logins: {optional: true, format: htpasswd}
  file: {optional: true, kind: config, forbidden: [shop-file]}
  again: {optional: true}
  hash: {kind: hash, format: bcrypt, filledBy: the shop}
oneOf: [[token, [id, key]]]
together: [[id, key]]
equal: {again: postgres-password}
"""
GOOD = {
    "postgres-password": "kP3-vQ8~wZ1.xR6_yT4.aBcD",
    "salt": "3f9a0c5be1d74826a0b1c2d3e4f50617",
    "token": "mN7_qW2.eR5~tY8-uI1.oP",
}
# The change to the good values, and what is said.
BAD: list[tuple[dict[str, str | None], str]] = [
    ({"postgres-password": None}, "postgres-password is missing; expected: 24 characters, openssl rand -hex 12"),
    ({"postgres-password": ""}, "postgres-password is empty"),
    ({"postgres-password": "kP3-vQ8~wZ1"}, "postgres-password has only 11 characters"),
    ({"postgres-password": "change-me-please"}, "postgres-password is a placeholder"),
    ({"salt": "3f9a0c5be1d74826"}, "salt has 16 characters; expected: 32 characters, hex, openssl rand -hex 16, never"),
    ({"pin": "123"}, "pin has 3 characters"),
    ({"code": "3333"}, "code has fewer than 2 different characters"),
    ({"code": "73"}, "code has only 2 characters"),
    ({"site": "kP3-vQ8~wZ1.xR6 "}, "site has invisible characters around it or in it"),
    ({"file": "shop-file\n"}, "file is a published default"),
    ({"token": "shop-Kq7w2Zx9Rt4"}, "token is a published default"),
    ({"token": None}, "it needs token, or id with key"),
    ({"token": None, "id": " ", "key": "kP3-vQ8~wZ1.xR6"}, "it needs token, or id with key"),
    ({"token": None, "id": "i", "key": "\n"}, "it needs token, or id with key"),
    ({"token": None, "id": "i"}, "id and key belong together: key is missing"),
    ({"again": "another-kP3-vQ8~wZ1.xR6"}, "again and postgres-password must have the same value"),
    (
        {"postgres_password": "kP3-vQ8~wZ1.xR6_yT4.aBcD"},
        "unknown key postgres_password: did you mean postgres-password?",
    ),
]
ACCEPTED: list[dict[str, str | None]] = [
    {},
    {"pin": "1234"},
    {"code": "7392", "site": "https://u:kP3-vQ8@shop.example/x", "logins": "a:kP3-vQ8~wZ1\n", "file": "a: {{ x }}\n"},
    # As placeholders in a file of values are: no value at all.
    {"pin": "", "code": " ", "site": "\n", "id": "", "key": "", "again": " "},
    {"token": None, "id": "i", "key": "kP3-vQ8~wZ1.xR6"},
    {"again": GOOD["postgres-password"], "tls.key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"},
]
AUTHOR = [
    ("kinds: {}", "the chart's list of secrets has a field kinds, which it does not know"),
    ("equals: {}", "the chart's list of secrets has a field equals, which it does not know: did you mean equal?"),
    ("keys: {a: {lenght: 12}}", "the chart's list of secrets: a has a field lenght, which it does not know"),
    ("keys: {a: {Kind: pem}}", "a has a field Kind, which it does not know: did you mean kind?"),
    ("keys: {a: {kind: passphrase}}", "the kind of a is none of password, token"),
    ("keys: {'a b': {}}", "a key is no name that a Secret's key can have"),
    ("keys: {a: {}}\noneOf: [[a, b]]", "a group names b, which is none of its keys"),
    ("keys: {a: {length: {mim: 40}}}", "a number, or {min: …}, {exact: …}, {in: […]} is expected as the length of a"),
    ("keys: {a: {length: {min: forty}}}", "is expected as the length of a"),
    ("keys: {a: {length: long}}", "is expected as the length of a"),
    ("keys: {a: {length: {in: []}}}", "is expected as the length of a"),
    ("keys: {a: {length: {in: 16}}}", "keys.a.length.in is not a list"),
    ("keys: {a: {length: {}}}", "there is no length in the length of a"),
    ("keys: {a: {length: 100000}}", "is expected as the length of a"),
    ("keys: {a: {length: {min: 40, exact: 32}}}", "the lengths contradict each other: those of a"),
    ("keys: {a: {length: {recommended: 64, in: [16, 24]}}}", "the lengths contradict each other: those of a"),
    (
        "keys: {a: {rotation: 'x; rm $HOME'}}",
        "letters, digits and punctuation, at most 200 characters, are expected as rotation",
    ),
    ("keys: {a: token}", "keys.a is not a mapping"),
    ("keys: {a: {}, b: {}}\noneOf: [[a]]", "a group of oneOf has one member"),
    ("keys: {a: {}, b: {}}\noneOf: [a, b]", "a group of oneOf is not a list"),
    ("keys: {a: {}, b: {}}\ntogether: [[a, a]]", "a group of together has one member"),
    ("keys: {a: {}, b: {}}\ntogether: a", "together is not a list"),
    ("keys: {a: {}}\nequal: {a: a}", "equal of a names neither another key nor SECRET/KEY"),
    ("keys: {a: {}}\nequal: {a: X/y}", "equal of a names neither another key nor SECRET/KEY"),
    ("keys: {a: {}}\nequal: [a]", "equal is not a mapping"),
    (f"keys: {{{', '.join(f'k{i}: {{}}' for i in range(101))}}}", "the chart's list of secrets has more than 100 keys"),
    ("keys: {a: {format: hexx}}", "there is no such format of a"),
    ("keys: {a: {format: 'hex:12'}}", "there is no such format of a"),
    ("keys: {a: {issuer: thirdparty}}", "there is no such issuer of a"),
    ("keys: {a: {optional: maybe}}", "there is no such optional of a"),
    ("keys: {a: {forbidden: [12345678]}}", "a text of one line, in quotes, is expected in forbidden of a"),
    ('keys: {a: {forbidden: ["x\\nb=y"]}}', "a text of one line, in quotes, is expected in forbidden of a"),
    ("keys: {a: {forbidden: shop-admin}}", "a list is expected as forbidden of a"),
    ('keys: {a: {filledBy: "x\\nb=y"}}', "a text of one line is expected as filledBy of a"),
    ("keys: {a: {}, b: {}}\nequal: {a: c}", "equal names c, which is none of its keys"),
    ("keys: {a: {}}\nfixed: [b]", "fixed names b, which is none of its keys"),
    ('keys: {a: {}}\norder: ["a\' in b"]', "order names a' in b, which is none of its keys"),
    ("keys: {'..': {}}", "a key is no name that a Secret's key can have"),
    ("keys: {}", "has no keys: docs/library.md has every field"),
    ("keys: [a]", "the chart's list of secrets (shop.secrets): keys is not a mapping"),
    ("keys: {a: password}", "keys.a is not a mapping"),
    ("fixed: a", "fixed is not a list"),
    ("oneOf: [a]", "a group of oneOf is not a list"),
    ("oneOf: [[a, [5]]]", "an entry of oneOf is not a text"),
    ("equal: {a: 5}", "an entry of equal is not a text"),
    ("title: 12\ngate: true\nvolumes: data", "volumes is not a list"),
    ("objects: [5]", "an entry of objects is not a mapping"),
    ("volumes: [data]", "an entry of volumes is not a mapping"),
    ("equal: {a: pg/}", "equal of a is no SECRET/KEY"),
    ("equal: {a: a/b/c}", "equal of a is no SECRET/KEY"),
    ("keys: {a: {variable: 1-A=b}}", "no variable can have the name in variable of a"),
    ("componentLabels: {gates: {b: c}}", "componentLabels has gates, which it does not know: did you mean gate?"),
    ("namespace: A_B", "namespace is no name of a namespace"),
    ("secret: Own_Secret", "secret is not a valid Secret name"),
]
# The first lines of the list: what is there, what is in its place, and what is reported.
HEAD = [
    ("application: shop", "application: 12", "application is not a text (in quotes)"),
    ("application: shop", "application: [a]", "application is not a text (in quotes)"),
    ("values: shop", "values: .Values.shop", "values is no path in the values, such as app.secrets (without .Values)"),
    ("name: {{ .Release.Name }}-{{ .Chart.Name }}", "name: 123", "name is not a text (in quotes)"),
    ("name: {{ .Release.Name }}-{{ .Chart.Name }}", "name: My_App", "name can't begin the name of an object"),
    ("name: {{ .Release.Name }}-{{ .Chart.Name }}", f"name: {'a' * 237}", "name can't begin the name of an object"),
]
HEAD_TAKEN = [
    ("name: {{ .Release.Name }}-{{ .Chart.Name }}", 'name: "123"'),
    ("name: {{ .Release.Name }}-{{ .Chart.Name }}", f"name: {'a' * 236}"),
    ("application: shop", "application: shop\nobjects:\norder:\nnamespace: ''"),
]
LONG = "a-release-with-a-name-of-fifty-three-characters-as-mu"


def with_keys(folder: Path, keys: str) -> Path:
    """The example with another list of keys."""
    chart = shop(folder)
    path = chart / "templates" / "_secrets.tpl"
    text = path.read_text()
    begin = text.index("keys:")
    path.write_text(text[:begin] + keys + text[text.index("{{- end -}}") :])
    pods = chart / "templates" / "shop.yaml"
    pods.write_text(pods.read_text().replace("$secrets.from.DATABASE_PASSWORD", "(first (values $secrets.from))"))
    return chart


def changed(changes: dict[str, str | None]) -> dict[str, Any]:
    values = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return {"shop": {"secrets": values}}


def contract(done: Done) -> dict[str, Any]:
    """The data of the only contract."""
    (found,) = (each for each in documents(done) if each["kind"] == "ConfigMap")
    return {**found["data"], "labels": found["metadata"]["labels"]}


def test_each_defect_is_refused_by_name(helm: Helm, tmp_path: Path) -> None:
    chart = with_keys(tmp_path, KEYS)
    for changes, said in BAD:
        done = refused(library.template(helm, chart, changed(changes)), said)
        assert not [value for value in GOOD.values() if value in done.stderr]
    for changes in ACCEPTED:
        documents(library.template(helm, chart, changed(changes)))


def test_the_tool_judges_the_contract_alike(helm: Helm, tmp_path: Path) -> None:
    """Where the chart itself does not look: at a Secret that an object of the release makes."""
    chart = with_keys(tmp_path, KEYS)
    stream = library.template(helm, chart, changed({})).stdout
    text = in_process.text(["check", "-"], cwd=tmp_path, env=helm.env, stdin=stream)
    assert text.returncode == 0, text.stdout
    for key in ("postgres-password", "salt", "token"):
        lines = [line for line in stream.splitlines() if not line.startswith(f'  "{key}": ')]
        text = in_process.text(["check", "-"], cwd=tmp_path, env=helm.env, stdin="\n".join(lines))
        assert (text.returncode, key in text.stdout) == (1, True), text.stdout
    stream = library.template(helm, chart, changed({"tls.key": "no PEM at all"})).stdout
    text = in_process.text(["check", "-"], cwd=tmp_path, env=helm.env, stdin=stream)
    assert "where     shop.secrets.tls.key, Secret" in text.stdout  # an optional key of the contract has its name


# name, the values of `shop`
WAYS = [
    ("existing", {"existingSecret": "web-own"}),
    (
        "a key of another Secret",
        {"existingSecret": "web-own", "keys": {"DATABASE_PASSWORD": {"secret": "pg-own", "key": "p"}}},
    ),
    ("inline", {"secrets": SOUND}),
    ("files", {"secretsFiles": ["env/s.yaml"]}),
]


@pytest.mark.parametrize("given", [row[1] for row in WAYS], ids=[row[0] for row in WAYS])
def test_the_pods_take_the_secret_that_the_contract_is_about(helm: Helm, tmp_path: Path, given: dict[str, Any]) -> None:
    """And the author who writes another name into a pod is asked whether that was meant."""
    block = {**given, "gate": {"enabled": True}, "policy": {"enabled": True}}
    stream = accepted(library.template(helm, shop(tmp_path), {"shop": block})).stdout
    assert unused.RULE not in rules(stream)
    start = stream.index("kind: Deployment")
    typo = stream[:start] + re.sub(r"\b(web-own|web-shop-secrets)\b", r"\1x", stream[start:])
    (found,) = (each for each in pipeline.plan(typo.encode(), Settings()).findings if each.rule == unused.RULE)
    assert re.search(r"did you mean (web-own|web-shop-secrets)x\?", f"{found.message} {found.fix}")


def rules(stream: str) -> list[str]:
    """Those that the stream alone breaks."""
    return [each.rule for each in pipeline.plan(stream.encode(), Settings()).findings]


def test_the_contract_says_what_the_author_said(helm: Helm, tmp_path: Path) -> None:
    chart = with_keys(tmp_path, KEYS)
    data = contract(library.template(helm, chart, changed({})))
    assert data["labels"]["secrets-contract.heimdall-pr/version"] == "v2"
    assert {field: data[field] for field in ("application", "approach", "secret", "valuesPath")} == {
        "application": "shop",
        "approach": "inline",
        "secret": "web-shop-secrets",
        "valuesPath": "shop",
    }
    assert data["required"] == "hash,postgres-password,salt"
    assert data["oneOf"] == "token|id+key"
    assert data["lengths"] == "postgres-password=24,postgres-password=min:12,salt=exact:32,code=min:4,pin=in:4|6"


def test_what_version_1_can_say_is_version_1(helm: Helm, tmp_path: Path) -> None:
    chart = with_keys(tmp_path, "keys:\n  SESSION_KEY: {length: 64}\n  MAIL_TOKEN: {optional: true}\n")
    data = contract(library.template(helm, chart, {"shop": {"existingSecret": "own"}}))
    assert data["labels"]["secrets-contract.heimdall-pr/version"] == "v1"
    assert (data["required"], data["optional"], data["lengths"]) == ("SESSION_KEY", "MAIL_TOKEN", "SESSION_KEY=64")


def test_keys_of_another_secret_have_a_contract_of_their_own(helm: Helm, tmp_path: Path) -> None:
    source = {"secret": "pg-app", "key": "password"}
    values = {"shop": {"existingSecret": "own", "keys": {"postgres-password": source}}}
    found = documents(library.template(helm, with_keys(tmp_path, KEYS), values))
    contracts = {each["data"]["secret"]: each["data"] for each in found if each["kind"] == "ConfigMap"}
    assert contracts["own"]["required"] == "hash,salt"
    assert (contracts["own"]["equal"], "equal" in contracts["pg-app"]) == ("again=pg-app/password", False)
    assert (contracts["pg-app"]["required"], contracts["pg-app"]["lengths"]) == (
        "password",
        "password=24,password=min:12",
    )


def test_a_key_under_another_name_in_the_same_secret(helm: Helm, tmp_path: Path) -> None:
    """It is in the contract and in the policy under that name."""
    block = {"existingSecret": "own", "keys": {"postgres-password": {"key": "password"}}, "policy": {"enabled": True}}
    found = documents(library.template(helm, with_keys(tmp_path, KEYS), {"shop": block}))
    (data,) = (each["data"] for each in found if each["kind"] == "ConfigMap")
    assert (data["required"], data["equal"]) == ("hash,password,salt", "again=password")
    assert "password=min:12" in data["lengths"]
    (made,) = (each for each in found if each["kind"] == "ValidatingAdmissionPolicy")
    assert "'password'" in made["spec"]["variables"][0]["expression"]
    refused(
        library.template(
            helm, with_keys(tmp_path / "two", KEYS), {"shop": {**block, "keys": {"salt": {"scret": "pg-app"}}}}
        ),
        "shop.keys.salt is not a mapping: {secret: NAME, key: KEY}",
    )


@pytest.mark.parametrize("release", ["1234", "1e3", "true"])
def test_a_release_that_yaml_takes_for_something_else(helm: Helm, tmp_path: Path, release: str) -> None:
    values = json.dumps({"shop": {"existingSecret": "own"}})
    found = documents(helm.run("template", release, str(shop(tmp_path)), "--values", "-", input=values))
    (labels,) = (each["metadata"]["labels"] for each in found if each["kind"] == "ConfigMap")
    assert labels["app.kubernetes.io/instance"] == release


@pytest.mark.parametrize(("timeout", "given"), [(None, "180"), (0, "0"), (30, "30")])
def test_how_long_the_gate_waits(helm: Helm, tmp_path: Path, timeout: int | None, given: str) -> None:
    """0 is a number: it looks once."""
    gate = {"enabled": True} if timeout is None else {"enabled": True, "timeout": timeout}
    found = documents(library.template(helm, shop(tmp_path), {"shop": {"existingSecret": "own", "gate": gate}}))
    (job,) = (each["spec"] for each in found if each["kind"] == "Job")
    assert f"--timeout={given}" in job["template"]["spec"]["containers"][0]["args"]
    assert job["activeDeadlineSeconds"] == int(given) + 60


def test_the_gates_security_context_can_be_empty(helm: Helm, tmp_path: Path) -> None:
    """As on OpenShift, which chooses the user; without a word it is that of `restricted`."""
    nothing = {"podSecurityContext": None, "securityContext": None, "timeout": None}
    for more, user in (({}, 65532), (nothing, 65532), ({"podSecurityContext": {}, "securityContext": {}}, None)):
        block = {"existingSecret": "own", "gate": {"enabled": True, **more}}
        found = documents(library.template(helm, shop(tmp_path / str(len(more))), {"shop": block}))
        (job,) = (each["spec"]["template"]["spec"] for each in found if each["kind"] == "Job")
        assert job["securityContext"].get("runAsUser") == user


def test_the_policy_is_that_of_the_contract(helm: Helm, tmp_path: Path) -> None:
    """The same expressions as `heimdall-pr contract policy` prints, which tests/cluster has tried."""
    values = {"shop": {"existingSecret": "own", "policy": {"enabled": True}}}
    found = documents(library.template(helm, with_keys(tmp_path, KEYS), values))
    (made,) = (each for each in found if each["kind"] == "ValidatingAdmissionPolicy")
    path = tmp_path / "contract.yaml"
    path.write_text(f"secret: own\n{KEYS}")
    (asked,) = contract_files.read(str(path), path.read_bytes())
    expected = [each.expression for each in policy.validations(asked, "own", {})]
    assert {each["expression"] for each in made["spec"]["validations"][1:]} == set(expected)
    assert len(expected) > 5


@pytest.mark.parametrize(("said", "message"), AUTHOR, ids=[row[1][:60] for row in AUTHOR])
def test_the_author_is_told_of_mistakes(helm: Helm, tmp_path: Path, said: str, message: str) -> None:
    keys = said if said.startswith("keys:") else f"keys: {{a: {{}}}}\n{said}"
    chart = with_keys(tmp_path, f"{keys}\n")
    refused(library.template(helm, chart, {"shop": {"secrets": {"a": "kP3-vQ8~wZ1.xR6_yT4.aBcD"}}}), message)


def test_the_head_of_the_list_is_read(helm: Helm, tmp_path: Path) -> None:
    chart = shop(tmp_path)
    path = chart / "templates" / "_secrets.tpl"
    text = path.read_text()
    for there, instead, message in HEAD:
        path.write_text(text.replace(there, instead))
        refused(library.template(helm, chart, {"shop": {"existingSecret": "own"}}), message)
    for there, instead in HEAD_TAKEN:
        path.write_text(text.replace(there, instead))
        documents(library.template(helm, chart, {"shop": {"existingSecret": "own"}}))


def test_each_name_is_one_that_an_api_server_takes(helm: Helm, tmp_path: Path) -> None:
    """With the longest name of a release, and an application that is called as no object can be."""
    chart = with_keys(tmp_path, "keys: {a: {}}\n")
    path = chart / "templates" / "_secrets.tpl"
    text = path.read_text().replace("application: shop", "application: My_App")
    block = {"existingSecret": "own", "gate": {"enabled": True}, "policy": {"enabled": True}}
    seen = []
    for suffix in ("", "-one"):
        path.write_text(text.replace("-{{ .Chart.Name }}", f"-shop{suffix}"))
        done = helm.run("template", LONG, str(chart), "--values", "-", input=json.dumps({"shop": block}))
        names = {each["kind"]: each["metadata"]["name"] for each in documents(done)}
        assert [name for name in names.values() if not NAME.fullmatch(name) or len(name) > 253] == []
        assert len(names["Job"]) <= 63
        assert names["Job"].endswith("-requires-secret")
        assert names["ValidatingAdmissionPolicy"] == names["ValidatingAdmissionPolicyBinding"]
        seen += [names["Job"], names["ValidatingAdmissionPolicy"]]
    assert len(set(seen)) == 4
    found = documents(library.template(helm, shop(tmp_path / "short"), {"shop": block}))
    names = {each["kind"]: each["metadata"]["name"] for each in found}
    assert names["Job"] == "web-shop-requires-secret"
    assert names["ValidatingAdmissionPolicy"] == "default.web-shop.shop-secrets"


def test_another_namespace(helm: Helm, tmp_path: Path) -> None:
    """Everything that has a namespace is in it, and the policy is about it."""
    chart = with_keys(tmp_path, "keys: {a: {}}\nnamespace: {{ .Values.namespaceOverride | quote }}\n")
    (chart / "values.schema.json").unlink()
    block = {"existingSecret": "own", "gate": {"enabled": True}, "policy": {"enabled": True}}
    for given, expected in (("apart", "apart"), ("", "default")):
        found = documents(library.template(helm, chart, {"shop": block, "namespaceOverride": given}))
        kinds = {each["kind"]: each for each in found}
        assert {kinds[kind]["metadata"]["namespace"] for kind in ("ConfigMap", "Job")} == {expected}
        assert f"--namespace={expected}" in kinds["Job"]["spec"]["template"]["spec"]["containers"][0]["args"]
        assert expected in json.dumps(kinds["ValidatingAdmissionPolicyBinding"]["spec"]["matchResources"])


def test_a_key_that_null_removes(helm: Helm, tmp_path: Path) -> None:
    """As Helm's users remove a value of an earlier file; a required one is then missing."""
    chart = with_keys(tmp_path, "keys: {a: {}, b: {optional: true}}\n")
    good = "kP3-vQ8~wZ1.xR6_yT4.aBcD"
    source = {"a": {"secret": "pg", "key": "password"}}
    for block in ({"secrets": {"a": good, "b": None}}, {"secrets": {"a": None, "b": good}, "keys": source}):
        documents(library.template(helm, chart, {"shop": block}))
    refused(library.template(helm, chart, {"shop": {"secrets": {"a": None, "b": good}}}), "a is missing")
    two = {"secrets": {"a": good}, "keys": source}
    refused(library.template(helm, chart, {"shop": two}), "shop.secrets has it too")


def test_a_further_object_as_a_text(helm: Helm, tmp_path: Path) -> None:
    """Many charts take texts too: one that makes the Secret comes too late for the gate, a broken one makes nothing."""
    made = "{apiVersion: v1, kind: Secret, metadata: {name: own}}"
    chart = with_keys(tmp_path, "keys: {a: {}}\nobjects: {{ toJson .Values.extra }}\n")
    (chart / "values.schema.json").unlink()
    block = {"existingSecret": "own", "gate": {"enabled": True}}
    refused(
        library.template(helm, chart, {"shop": block, "extra": [made]}), "makes the Secret own: the gate runs before"
    )
    documents(library.template(helm, chart, {"shop": block, "extra": [made.replace("own", "x"), "a: {{", "text"]}))


def test_groups_without_a_required_key(helm: Helm, tmp_path: Path) -> None:
    """The policy has no list that an API server does not take, and the gate no lengths of Heimdall's own keys."""
    chart = with_keys(tmp_path, "keys: {DATABASE_PASSWORD: {}, b: {}}\noneOf: [[DATABASE_PASSWORD, b]]\n")
    block = {"existingSecret": "own", "gate": {"enabled": True}, "policy": {"enabled": True}}
    kinds = {each["kind"]: each for each in documents(library.template(helm, chart, {"shop": block}))}
    variables = kinds["ValidatingAdmissionPolicy"]["spec"]["variables"]
    assert variables[0]["expression"] == "[''].filter(key, key != '')"
    assert "--lengths=" in kinds["Job"]["spec"]["template"]["spec"]["containers"][0]["args"]


def test_a_near_miss_of_a_value_is_refused(helm: Helm, tmp_path: Path) -> None:
    done = library.template(helm, shop(tmp_path), {"shop": {"existingsecret": "own"}})
    refused(done, "shop.existingsecret: did you mean existingSecret?", "No secrets: set one of these three.")


def test_a_value_of_another_kind_is_refused(helm: Helm, tmp_path: Path) -> None:
    """All at once, and none is shown."""
    block = {"existingSecret": [CANARY], "secretsFiles": CANARY, "keys": {"SESSION_KEY": CANARY}, "gate": CANARY}
    texts = (
        "existingSecret is not a text",
        "secretsFiles is not a list",
        "keys.SESSION_KEY is not a mapping",
        "gate is",
    )
    chart = shop(tmp_path)
    (chart / "values.schema.json").unlink()
    done = refused(library.template(helm, chart, {"shop": block}), *texts)
    assert CANARY not in done.stderr


def test_no_value_in_the_place_of_a_name_is_shown(helm: Helm, tmp_path: Path) -> None:
    chart = shop(tmp_path)
    (chart / "values.schema.json").unlink()
    entry = {"secret": "pg"}
    for block, text in (
        ({"existingSecret": "own", "keys": {CANARY: entry}}, "shop.keys: a name is not a secret that the application"),
        ({"existingSecret": "own", "keys": {CANARY: "x"}}, "shop.keys: an entry is not a mapping"),
        ({"existingSecret": "own", "keys": {"SESSION_KEY": {"secret": [CANARY]}}}, "SESSION_KEY.secret is not a text"),
        ({"existingSecret": "own", "keys": {"SESSION_KEY": {"secret": "a", "key": {CANARY: 1}}}}, "key is not a text"),
        ({"existingSecret": "own", "keys": {"SESSION_KEY": {"secret": "a", "key": ".."}}}, "not valid in a Secret"),
        ({"existingSecret": "own", "keys": {"session-key": entry}}, "did you mean SESSION_KEY?"),
        ({"secretsFiles": [{"SESSION_KEY": CANARY}]}, "shop.secretsFiles[0] is no path of a file"),
        ({"secretsFiles": [[CANARY]]}, "shop.secretsFiles[0] is no path of a file"),
        ({"existingSecret": "own", "gate": {CANARY: True}}, "shop.gate has a field that is none of enabled, timeout"),
    ):
        done = refused(library.template(helm, chart, {"shop": block}), text)
        assert CANARY not in done.stdout + done.stderr


def test_a_switch_that_nobody_understands_is_refused(helm: Helm, tmp_path: Path) -> None:
    """It would be off, and nothing would say so."""
    chart = shop(tmp_path)
    for block, text in (
        ({"gate": {"enabled": "yes"}}, "shop.gate.enabled is neither true nor false"),
        ({"gate": {"enable": True}}, "shop.gate has a field that is none of enabled"),
        ({"policy": {"enabled": "on"}}, "shop.policy.enabled is neither true nor false"),
        ({"policy": {"enabled": True, "action": "deny"}}, "shop.policy.action is neither Deny nor Audit"),
        ({"postRenderer": {"require": True}}, "shop.postRenderer has a field that is none of required"),
        ({"gate": {"timeout": "5m"}}, "shop.gate.timeout is no number of seconds"),
        ({"gate": {"timeout": -5}}, "shop.gate.timeout is no number of seconds"),
        ({"gate": {"timeout": 1.5}}, "shop.gate.timeout is no number of seconds"),
        ({"gate": {"image": 5}}, "shop.gate.image is not a text or a mapping"),
        ({"gate": {"image": {"repository": "python"}}}, "shop.gate.image has neither a tag nor a digest"),
        ({"gate": {"resources": "small", "pod": 5}}, "shop.gate.pod is not a text or a mapping"),
        ({"gate": {"securityContext": [CANARY]}}, "shop.gate.securityContext is not a mapping"),
    ):
        refused(library.template(helm, chart, {"shop": {"existingSecret": "own", **block}}), text)
    fine = {"gate": {"enabled": "true", "timeout": 60}, "policy": {"enabled": False, "action": "Audit"}}
    documents(library.template(helm, chart, {"shop": {"existingSecret": "own", **fine}}))
    image = {"repository": "python", "tag": 3}
    gate = {"enabled": True, "timeout": "60", "image": image, "resources": {}, "pod": "hostNetwork: true"}
    found = documents(library.template(helm, chart, {"shop": {"existingSecret": "own", "gate": gate}}))
    assert [each["kind"] for each in found].count("Job") == 1


def test_a_policy_without_a_condition(helm: Helm, tmp_path: Path) -> None:
    block = {"existingSecret": "own", "policy": {"enabled": True}}
    chart = with_keys(tmp_path / "none", "keys: {a: {optional: true}}\n")
    refused(library.template(helm, chart, {"shop": block}), "shop.policy.enabled is true, and there is nothing")


def test_groups_alone_need_values_too(helm: Helm, tmp_path: Path) -> None:
    """No key is required by itself: without values nothing is rendered, and files need the post-renderer."""
    chart = with_keys(tmp_path, "keys: {a.b: {}, c: {}}\noneOf: [[a.b, c]]\n")
    refused(library.template(helm, chart, {}), "No secrets: set one of these three.", r"shop.secrets.a\.b=…")
    refused(library.template(helm, chart, {"shop": {"secrets": {"a.b": ""}}}), "shop.secrets: it needs a.b, or c")
    found = documents(library.template(helm, chart, {"shop": {"secretsFiles": ["a.yaml"]}}))
    assert [each["kind"] for each in found].count("NeedsPostRenderer") == 1


@pytest.mark.parametrize("keys", ["keys: {A: {optional: true}}", "keys: {A: {}, B: {}}\noneOf: [[A, B]]"])
def test_a_file_without_a_required_key_is_read(helm: Helm, tmp_path: Path, keys: str) -> None:
    chart = with_keys(tmp_path, f"{keys}\n")
    stream = library.template(helm, chart, {"shop": {"secretsFiles": ["a.yaml"]}}).stdout
    assert "NeedsPostRenderer" in stream
    path = tmp_path / "a.yaml"
    path.write_text(f"A: {GOOD['token']}\n")
    path.chmod(0o600)
    text = in_process.text(["check", "-"], cwd=tmp_path, env=helm.env, stdin=stream)
    assert (text.returncode, "read: a.yaml" in text.stdout) == (0, True), text.stdout


def test_optional_keys_alone_need_nothing(helm: Helm, tmp_path: Path) -> None:
    chart = with_keys(tmp_path, "keys: {A: {optional: true}}\n")
    done = library.template(helm, chart, {})
    assert {each["kind"] for each in documents(done)} == {"ConfigMap", "Deployment"}
    text = in_process.text(["check", "-"], cwd=tmp_path, env=helm.env, stdin=done.stdout)
    assert text.returncode == 0, text.stdout


PAIRS = "keys: {A: {}, B: {kind: token}}\nequal: {A: B}\n"
HALVES = "keys: {A: {}, B: {}, C: {}}\noneOf: [[A, B]]\n"


@pytest.mark.parametrize(
    ("keys", "block"),
    [
        (PAIRS, {"secrets": {"A": GOOD["token"]}, "keys": {"B": {"secret": "other", "key": "b"}}}),
        (HALVES, {"secrets": {"A": GOOD["token"], "C": GOOD["token"]}, "keys": {"B": {"secret": "other"}}}),
        (PAIRS, {"existingSecret": "own", "keys": {"A": {"secret": "other"}, "B": {"secret": "other", "key": "b"}}}),
    ],
    ids=["a pair in two Secrets", "a group in two Secrets", "nothing of its own"],
)
def test_contracts_for_two_secrets_are_read(helm: Helm, tmp_path: Path, keys: str, block: dict[str, Any]) -> None:
    """With the values, which contradict neither; and the other Secret is never ok."""
    chart = with_keys(tmp_path, keys)
    path = tmp_path / "values.yaml"
    path.write_text(json.dumps({"shop": block}))
    env = {**helm.env, "HELM_BIN": str(helm.path)}
    text = in_process.text(["check", str(chart), "--values", str(path)], cwd=tmp_path, env=env)
    assert text.returncode == 0, text.stdout
    assert "Secret default/other: not checked here" in text.stdout
    if keys is PAIRS and "secrets" in block:
        data = [each["data"] for each in documents(library.template(helm, chart, {"shop": block})) if "data" in each]
        assert [each["equal"] for each in data if "equal" in each] == ["A=other/b"]


def test_a_title_is_no_expression(helm: Helm, tmp_path: Path) -> None:
    chart = with_keys(tmp_path, 'keys: {a: {}}\ntitle: "Bob\'s shop\\n  x: {y"\n')
    values = {"shop": {"existingSecret": "own", "policy": {"enabled": True}}}
    found = documents(library.template(helm, chart, values))
    (made,) = (each for each in found if each["kind"] == "ValidatingAdmissionPolicy")
    assert made["spec"]["validations"][0]["messageExpression"].startswith("'Bobs shop")
    assert made["spec"]["validations"][0]["messageExpression"].count("'") % 2 == 0


def test_the_charts_own_refusals_join(helm: Helm, tmp_path: Path) -> None:
    chart = shop(tmp_path)
    path = chart / "templates" / "secrets.yaml"
    own = '{{- $_ := set $secrets "found" (list "image has no tag") -}}\n'
    path.write_text(path.read_text().replace("{{- include", f"{own}{{{{- include", 1))
    refused(library.template(helm, chart, {}), "2 errors", "image has no tag", "No secrets: set one of these three.")


def test_two_of_them_in_an_umbrella(helm: Helm, tmp_path: Path) -> None:
    """Each under its alias, beside charts/heimdall, which has the same library."""
    chart = tmp_path / "umbrella"
    (chart / "charts").mkdir(parents=True)
    shop(chart / "charts")
    shutil.copytree(CHART, chart / "charts" / "heimdall")
    wanted = [{"name": "shop", "version": "0.1.0", "alias": name} for name in ("one", "two")]
    wanted.append({"name": "heimdall", "version": "*"})
    meta = {"apiVersion": "v2", "name": "umbrella", "version": "1.0.0", "dependencies": wanted}
    (chart / "Chart.yaml").write_text(json.dumps(meta))
    path = chart / "charts" / "shop" / "templates" / "_secrets.tpl"
    path.write_text(path.read_text().replace("{{ .Release.Name }}-shop", "{{ .Release.Name }}-{{ .Chart.Name }}"))
    values = {"one": {"shop": {"existingSecret": "a"}}, "two": {"shop": {"secrets": {"SESSION_KEY": "x"}}}}
    values["heimdall"] = {"heimdall": {"existingSecret": "h"}}
    done = library.template(helm, chart, values)
    refused(
        done, "two.shop.secrets: DATABASE_PASSWORD is missing", "two.shop.secrets: SESSION_KEY has only 1 character"
    )
    values["two"] = {"shop": {"secrets": SOUND}}
    found = documents(library.template(helm, chart, values))
    contracts = [each["data"] for each in found if each["metadata"]["name"].endswith("-secrets-contract")]
    secrets = {each["valuesPath"]: each["secret"] for each in contracts}
    assert secrets == {"heimdall.heimdall": "h", "one.shop": "a", "two.shop": "web-two-secrets"}


def test_an_older_library_that_wins_is_refused(helm: Helm, tmp_path: Path) -> None:
    """Helm takes one of the templates of a name, whichever chart asks."""
    chart = shop(tmp_path)
    path = chart / "charts" / library.NAME / "Chart.yaml"
    path.write_text(path.read_text().replace("version: 1.0.0", "version: 1.1.0"))
    values = {"shop": {"existingSecret": "own"}}
    refused(library.template(helm, chart, values), "secrets-contract 1.1.0, and another chart of the release has 1.0.0")


def test_each_name_has_the_librarys_name_and_major() -> None:
    """Templates are global: two majors in one umbrella would override each other in silence."""
    version = yaml.safe_load((LIBRARY.parent / "Chart.yaml").read_text())["version"]
    assert f'v1.release" -}}}}\n{version}\n' in (LIBRARY / "_facts.tpl").read_text()
    major = version.split(".")[0]
    names = [
        name for path in LIBRARY.rglob("*.tpl") for name in re.findall(r'\{\{-? define "([^"]+)"', path.read_text())
    ]
    assert len(names) > 60
    assert [name for name in names if not name.startswith(f"{library.NAME}.v{major}.")] == []
    assert len(names) == len(set(names))


def test_the_chart_has_no_copy(helm: Helm) -> None:
    """Nothing of charts/heimdall renders a contract, a gate, a guard or a policy by itself."""
    own = "".join(path.read_text() for path in (CHART / "templates").rglob("*") if path.is_file())
    for word in (
        "NeedsPostRenderer",
        "kind: Job",
        "ValidatingAdmissionPolicy\n",
        "helm.sh/hook: pre-install",
        "b64dec",
    ):
        assert word not in own, word
    assert helm.run("lint", str(CHART), "--set", "heimdall.existingSecret=own").returncode == 0


def test_check_reads_its_refusals(helm: Helm, tmp_path: Path) -> None:
    """Each is a finding of its own, with the key's name, which the chart has; a name that it has not is not shown."""
    chart = shop(tmp_path)
    env = {**helm.env, "PATH": f"{helm.path.parent}:{helm.env['PATH']}"}
    sets = ("SESSION_KEY=short", f"{CANARY}=x", "MAIL_TOKENS=x")
    said = ["check", str(chart), *(word for text in sets for word in ("--set-string", f"shop.secrets.{text}"))]
    report = in_process.text(said, cwd=tmp_path, env=env).stdout
    assert "error   chart-refused   DATABASE_PASSWORD is missing" in report
    assert "error   chart-refused   SESSION_KEY has only 5 characters" in report
    assert "shop.secrets: unknown key MAIL_TOKENS: did you mean mail.token?" in report, (
        "it is nearly a name of the chart"
    )
    assert "canary" not in report
    assert "render-failed" not in report


def test_the_page(helm: Helm, tmp_path: Path) -> None:
    """Its commands, in a copy; and its files are those of the example."""
    page = (ROOT / "docs" / "library.md").read_text()
    for name in ("templates/_secrets.tpl", "templates/secrets.yaml"):
        assert (library.EXAMPLE / name).read_text() in page, name
    commands, folder = tmp_path / "bin", tmp_path / "copy"
    for part in ("charts", "examples"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.tgz", "Chart.lock"))
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    env = {**helm.env, "PATH": os.pathsep.join([str(commands), str(HELM_PR.parent), helm.env["PATH"]])}
    assert runner.run(runner.parse(page), {f"helm{helm.major}"}, folder, env) == 3
