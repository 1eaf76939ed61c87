"""A contract about a Secret that nothing in the release takes by its name: the note, and what was meant."""

import json

import pytest

from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_files, unused
from post_renderer.requirements.unused import BY_API
from tests.unit.streams import contract, encoded, heimdall, literal, rules_of, run, secret, unfilled, whole, workload
from tests.unit.test_contract_files import by_key, mounting
from tests.unit.test_contract_v2 import GOOD, app, version_2

SECRET = "app-secrets"
ASKED = version_2(secret=SECRET, required="password,token") + app({"password": GOOD, "token": GOOD[::-1]}, SECRET)
IMAGE = "docker.io/acme/app:1"


def made(kind: str, version: str = "acme.io/v1", **fields: object) -> str:
    """Any other object."""
    document = {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "namespace": "ns"}, **fields}
    return f"---\n{json.dumps(document)}\n"


def pod(*env: dict[str, object], **more: object) -> str:
    return heimdall(env, image=IMAGE, **more)  # type: ignore[arg-type]  # as in streams.py


def gate(secret: str) -> str:
    """The hook Job that the chart renders."""
    args = ["--dir=/secrets/own", "--others=/secrets/others", f"--secret={secret}", "--required=password,JWT_SECRET"]
    mount = {"name": "own", "mountPath": "/secrets/own"}
    one = {"name": "gate", "image": "python:3.13", "args": args, "volumeMounts": [mount]}
    spec = {"containers": [one], "volumes": [{"name": "own", "secret": {"secretName": secret, "optional": True}}]}
    return made("Job", "batch/v1", spec={"template": {"spec": spec}})


TAKES = "StatefulSet ns/w, container c takes"
EQUAL = {"serviceAccountName": SECRET, "labels": {"app": SECRET}, "image": f"acme/{SECRET}"}
# name, what is in the stream beside the contract and its Secret, the fix
FIRES = [
    ("no Secret is taken", pod(), BY_API),
    ("a letter is missing", pod(by_key("P", "app-secret", "password")), f"mean app-secret? {TAKES} password from"),
    ("another name", pod(by_key("P", "web", "password")), f"did you mean web? {TAKES} password from it"),
    ("the variable", pod(by_key("password", "web", "x")), f"did you mean web? {TAKES} password from it"),
    (
        "the one with most keys",
        pod(by_key("A", "pg", "password"), by_key("B", "web", "password"), by_key("C", "web", "token")),
        f"did you mean web? {TAKES} password, token from it",
    ),
    (
        "the nearest name before the most keys",
        pod(by_key("A", "web", "password"), by_key("B", "app-secret", "x")),
        f"did you mean app-secret? {TAKES} what it needs from it",
    ),
    ("envFrom", pod(envFrom=[whole("app-secret")]), f"did you mean app-secret? {TAKES} what it needs"),
    ("envFrom, and its Secret", app({"token": "x"}, "web") + pod(envFrom=[whole("web")]), "takes token from it"),
    ("a volume", mounting({"secret": {"secretName": "app-secret"}}), "did you mean app-secret? Deployment ns/w"),
    ("a key of no contract", pod(by_key("P", "web", "x")), BY_API),
    (
        "the Secret of another contract",
        version_2(name="b", secret="app-secret", required="password")
        + app({"password": GOOD[1:]}, "app-secret")
        + pod(by_key("P", "app-secret", "password")),
        BY_API,
    ),
    ("a container, a selector", pod(name=SECRET) + made("Service", "v1", spec={"selector": {"a": SECRET}}), BY_API),
    ("labels and images", made("Widget", spec=EQUAL) + pod(), BY_API),
    ("a ConfigMap", pod({"name": "A", "valueFrom": {"configMapKeyRef": {"name": SECRET, "key": "a"}}}), BY_API),
    ("a reference to another kind", pod() + made("Widget", spec={"aRef": {"kind": "Pool", "name": SECRET}}), BY_API),
    ("what restarts pods", pod() + made("X", metadata={"annotations": {unused.WATCHES: SECRET}}), BY_API),
    ("a longer name", pod() + made("Widget", spec={"secretName": f"{SECRET}-2", "b": f"x.{SECRET}"}), BY_API),
    ("the gate", pod() + gate(SECRET), BY_API),
    ("the policy", pod() + made("ValidatingAdmissionPolicy", spec={"expression": f"name == '{SECRET}'"}), BY_API),
    (
        "what fills it",
        pod() + made("ExternalSecret", "external-secrets.io/v1", spec={"target": {"name": SECRET}, "dataFrom": []}),
        BY_API,
    ),
]  # fmt: skip  # a row a case


@pytest.mark.parametrize(("beside", "fix"), [row[1:] for row in FIRES], ids=[row[0] for row in FIRES])
def test_a_secret_that_nothing_takes(beside: str, fix: str) -> None:
    outcome = run(ASKED + beside, Settings(strict=True))
    (found,) = (each for each in outcome.report.findings if each.rule == unused.RULE)
    assert found.severity == "note", "some applications read it by the API"
    assert found.message == (
        f"nothing in this release takes Secret ns/{SECRET} by its name, and ConfigMap ns/app-contract says that it is"
        " needed"
    )
    assert fix in str(found.fix)


CONFIG = "auth:\n  secret: app-secrets\n"
QUIET = [
    ("env", pod(by_key("P", SECRET, "password"))),
    ("optional", pod({"name": "P", "valueFrom": {"secretKeyRef": {"name": SECRET, "key": "x", "optional": True}}})),
    ("envFrom", pod(envFrom=[whole(SECRET)])),
    ("an init container", pod(by_key("P", SECRET, "password"), role="initContainers")),
    ("a volume", mounting({"secret": {"secretName": SECRET}})),
    ("a projection", mounting({"projected": {"sources": [{"secret": {"name": SECRET}}]}})),
    ("an argument", pod(args=[f"--auth-secret={SECRET}"])),
    ("a text of the environment", pod(literal("SECRET_NAME", f"ns/{SECRET}"))),
    ("a configuration", pod() + made("ConfigMap", "v1", data={"config.yaml": CONFIG})),
    ("a role", pod() + made("Role", "rbac.authorization.k8s.io/v1", rules=[{"resourceNames": [SECRET]}])),
    ("pulls images", pod() + made("ServiceAccount", "v1", imagePullSecrets=[{"name": SECRET}])),
    ("a field", pod() + made("Cluster", spec={"auth": {"existingSecret": SECRET}})),
    ("a reference", pod() + made("Cluster", spec={"superuserSecret": {"name": SECRET}})),
    ("a reference of a key", pod() + made("Cluster", spec={"password": {"name": SECRET, "key": "password"}})),
    ("a reference without its kind", pod() + made("Cluster", spec={"credentialsRef": {"name": SECRET}})),
    ("a list of references", pod() + made("ScaledObject", spec={"secretTargetRef": [{"name": SECRET}]})),
    ("an annotation", pod() + made("Ingress", "networking.k8s.io/v1", metadata={"annotations": {"auth": SECRET}})),
    ("in a List", pod() + f"---\n{json.dumps({'kind': 'List', 'items': [{'kind': 'X', 'secretName': SECRET}]})}\n"),
    ("a document beside one that is no YAML", pod(by_key("P", SECRET, "password")) + f"---\nkind: X\na: [{SECRET}\n"),
    ("no pods at all", made("Service", "v1", spec={})),
    ("the gate alone", gate(SECRET)),
]


@pytest.mark.parametrize("beside", [row[1] for row in QUIET], ids=[row[0] for row in QUIET])
def test_a_secret_that_something_takes(beside: str) -> None:
    assert unused.RULE not in rules_of(run(ASKED + beside), "note")


OF_APP = encoded({"password": GOOD})
# name, the stream, the contract file, the severity
ASKERS = [
    ("all keys are optional", version_2(secret=SECRET, optional="password") + app({}, SECRET) + pod(), "", ""),
    (
        "the application fills it",
        version_2(secret=SECRET, required="password", filledBy="password=server") + app({}, SECRET) + pod(),
        "",
        "",
    ),
    ("one of several keys", version_2(secret=SECRET, oneOf="a|b") + app({"a": GOOD}, SECRET) + pod(), "", "note"),
    ("not in the stream", version_2(secret=SECRET, required="password") + pod(), "", "warning"),
    ("that, but for the gate", version_2(secret=SECRET, required="password") + pod() + gate(SECRET), "", "warning"),
    ("version 1", contract("existing") + secret(unfilled()) + workload("h-secret"), "", "note"),
    ("version 1, taken", contract("existing") + secret(unfilled()) + workload(), "", ""),
    ("the keys of another Secret", contract("existing", sources="A=b-secrets/c") + workload(), "", "note"),
    ("a contract file", secret(OF_APP, SECRET) + pod(), f"secret: {SECRET}\n", "note"),
    ("a contract file with an image", secret(OF_APP, SECRET) + pod(), f"secret: {SECRET}\nimage: acme/app\n", ""),
    ("two contracts, one note", ASKED + ASKED.replace("app-contract", "b-contract", 1) + pod(), "", "note"),
]


@pytest.mark.parametrize(("stream", "file", "severity"), [row[1:] for row in ASKERS], ids=[row[0] for row in ASKERS])
def test_who_asks(stream: str, file: str, severity: str) -> None:
    files = contract_files.read("c.yaml", f"{file}keys: {{password: {{}}}}\n".encode()) if file else ()
    found = run(stream, Settings(contracts=tuple(files))).report.findings
    assert [each.severity for each in found if each.rule == unused.RULE] == [severity] * bool(severity)
