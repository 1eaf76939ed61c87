"""A contract of keys beside pods: what they take and it does not list, and whether they take its Secret at all."""

from typing import Any

import pytest
import yaml

from post_renderer.model.settings import Settings
from tests.unit.streams import encoded, rules_of, run, secret
from tests.unit.test_contract_v2 import version_2

GOOD = "kP3-vQ8~wZ1.xR6_yT4.aB"
PASSWORD = {"secretName": "app", "items": [{"key": "pg-pass", "path": "password"}]}


def pod(
    env: list[Any] | None = None,
    volume: dict[str, Any] | None = None,
    mount: dict[str, Any] | None = None,
    kind: str = "Deployment",
    namespace: str = "ns",
    hook: str = "",
    **more: Any,  # noqa: ANN401  # any field of a container
) -> str:
    """An object with a pod, and a volume in it."""
    container = {"name": "c", "image": "acme/app", "env": env or [], **more}
    container["volumeMounts"] = [{"name": "v", "mountPath": "/s", **(mount or {})}]
    spec = {"containers": [container], "volumes": [{"name": "v", **(volume or {"emptyDir": {}})}]}
    metadata: dict[str, Any] = {"name": "w", "annotations": {"helm.sh/hook": hook} if hook else {}}
    metadata |= {"namespace": namespace} if namespace else {}
    whole = {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"template": {"spec": spec}}}
    whole |= {"apiVersion": "batch/v1"} if kind == "Job" else {}
    return f"---\n{yaml.safe_dump(whole)}"


def taken(key: str, name: str = "app", **more: object) -> dict[str, object]:
    return {"name": "X", "valueFrom": {"secretKeyRef": {"name": name, "key": key, **more}}}


def file(path: str, name: str = "X_FILE") -> dict[str, str]:
    return {"name": name, "value": path}


MOUNTED = {"secret": {"secretName": "app"}}
PROJECTED = {"name": "app", "items": PASSWORD["items"]}
TWO = {"projected": {"sources": [{"secret": {"name": "app"}}, {"secret": {"name": "other"}}]}}
# The contract lists `password` alone, and the Secret has it. What pods take besides, and the key that is missed.
TAKEN = [
    ("a variable", pod([taken("pg-pass")]), "pg-pass"),
    ("an init container", pod([taken("k")]).replace("containers:", "initContainers:"), "k"),
    ("a file that a variable names", pod([file("/s/pg-pass")], MOUNTED), "pg-pass"),
    ("one file of the volume", pod([file("/x")], MOUNTED, {"mountPath": "/x", "subPath": "pg-pass"}), "pg-pass"),
    ("a volume's items", pod(volume={"secret": PASSWORD}), "pg-pass"),
    ("a projection's items", pod(volume={"projected": {"sources": [{"secret": PROJECTED}]}}), "pg-pass"),
    ("a hook of the install", pod([taken("pg-pass")], kind="Job", hook="pre-install,pre-upgrade"), "pg-pass"),
]  # fmt: skip  # a row a line
LEFT_ALONE = [
    ("a listed key", pod([taken("password")])),
    ("an optional variable", pod([taken("pg-pass", optional=True)], MOUNTED)),
    ("an optional volume", pod([file("/s/pg-pass"), taken("password")], {"secret": {**PASSWORD, "optional": True}})),
    ("another Secret", pod([taken("pg-pass", "other"), taken("password")])),
    ("another namespace's", pod([taken("pg-pass")], namespace="b") + pod([taken("password")])),
    ("a file beside the mount", pod([file("/other/pg-pass")], MOUNTED)),
    ("no file", pod([file("/s/pg-pass", "X_FOLDER")], MOUNTED)),
    ("a folder", pod([file("/s/a/b")], MOUNTED)),
    ("one of two Secrets", pod([file("/s/pg-pass")], TWO)),
    ("taken whole", pod(envFrom=[{"secretRef": {"name": "app"}}])),
    ("a test's pod", pod([taken("pg-pass")], hook="test") + pod([taken("password")])),
    ("no name of a key", pod([taken("a/b"), taken("password")])),
]


def contract(**more: str) -> str:
    return version_2(**{"required": "password", **more})


@pytest.mark.parametrize(("pods", "key"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_a_key_that_pods_take_must_be_there(pods: str, key: str) -> None:
    """Whatever the contract lists: the pod would not start, or its program would not find the file."""
    there = secret(encoded({"password": GOOD}), "app")
    done = run(contract() + there + pods)
    assert [(each.rule, each.key) for each in done.report.findings] == [("unlisted-key", ""), ("missing-key", key)]
    assert f"takes {key} of the Secret app" in done.report.findings[0].message
    complete = run(contract() + secret(encoded({"password": GOOD, key: "changeme"}), "app") + pods)
    assert (rules_of(complete), complete.report.ok) == ([], True)
    assert rules_of(run(contract(optional=key) + there + pods)) == []
    listed = run(contract() + version_2(name="more", required=key) + there + pods)
    assert [(each.rule, each.key) for each in listed.report.findings] == [("missing-key", key)]


@pytest.mark.parametrize("pods", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_other_keys_are_left_alone(pods: str) -> None:
    done = run(contract() + secret(encoded({"password": GOOD}), "app") + pods)
    assert done.report.findings == ()


def test_a_misspelt_key_of_the_contract_is_named() -> None:
    done = run(contract(required="pg-pas") + secret(encoded({"pg-pas": GOOD}), "app") + pod([taken("pg-pass")]))
    assert "is pg-pas meant to be it?" in done.report.findings[0].message


def test_an_unknown_secret_is_not_checked_with_the_keys_of_the_pods() -> None:
    done = run(contract() + pod([taken("pg-pass")]))
    assert [each.expected for each in done.report.findings if each.rule == "not-checked"] == ["keys password, pg-pass"]


def test_many_keys_are_no_more_than_a_contract_may_have() -> None:
    env = [{**taken(f"k{number}"), "name": f"X{number}"} for number in range(1000)]
    done = run(contract() + secret(encoded({"password": GOOD}), "app") + pod(env))
    assert sum(each.times for each in done.report.findings if each.rule == "missing-key") == 100


def test_version_1_lists_variables_alone() -> None:
    """It is of a chart that renders its pods from the same list; its own rules judge them."""
    first = contract(
        approach="existing", ignored="", lengths="", sources="", files="", verified="false", valuesPath="a"
    )
    text = first.replace('"v2"', '"v1"') + secret(encoded({"password": GOOD}), "app") + pod([taken("pg-pass")])
    assert rules_of(run(text)) == []


# --- whether anybody takes the Secret

OTHERS = pod([taken("password", "other")])
CUSTOM = "---\napiVersion: a.io/v1\nkind: Runner\nmetadata: {name: r}\nspec: {login: app}\n"
MAKER = (
    "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: ns}\nspec:\n"
    "  secretStoreRef: {name: s}\n  target: {name: app}\n  data: [{secretKey: password, remoteRef: {key: a}}]\n"
)
LABELLED = """---
apiVersion: v1
kind: Service
metadata:
  name: app
spec:
  selector:
    app.kubernetes.io/name: app
    app: app
"""
LET = "let the pods take app, or name in the contract what they take"
UNUSED = [
    ("another Secret is taken", OTHERS, "did you mean other? "),
    ("what makes it is no use of it", OTHERS + MAKER, "did you mean other? "),
    ("another key of another Secret", pod([taken("x", "other")]), f"{LET}, such as other; nothing, if"),
    (
        "labels and names of it",
        pod().replace("name: w", "name: app\n  labels: {app: app}") + LABELLED,
        f"{LET}; nothing, ",
    ),
    ("none is", pod(), f"{LET}; nothing, if the application reads it by the API"),
]
ROLE = "---\nkind: Role\nmetadata:\n  name: r\nrules:\n  - resourceNames: [app]\n    resources: [secrets]\n"
USED = [
    ("a pod takes it", pod([taken("password")])),
    ("a volume has it", pod(volume=MOUNTED)),
    ("an optional volume", pod(volume={"secret": {"secretName": "app", "optional": True}})),
    ("taken whole", pod(envFrom=[{"secretRef": {"name": "app"}}])),
    ("a custom resource names it", OTHERS + CUSTOM),
    ("an argument names it", pod(args=["--secret=app"])),
    ("an argument of its own", pod(args=["--secret", "app"])),
    ("a role names it", pod() + ROLE),
    ("there are no pods", ""),
    ("no pods, and who makes it", MAKER),
]


@pytest.mark.parametrize(("rest", "fix"), [row[1:] for row in UNUSED], ids=[row[0] for row in UNUSED])
def test_a_contract_of_a_secret_that_nothing_takes(rest: str, fix: str) -> None:
    done = run(contract() + rest)
    (found,) = [each for each in done.report.findings if each.rule == "unused-contract"]
    assert (found.severity, fix in str(found.fix)) == ("warning", True), found.fix
    assert done.report.ok
    assert not run(contract() + rest, Settings(strict=True)).report.ok


@pytest.mark.parametrize("rest", [row[1] for row in USED], ids=[row[0] for row in USED])
def test_a_contract_of_a_secret_that_something_takes(rest: str) -> None:
    rules = [each.rule for each in run(contract() + rest).report.findings]
    assert rules in ([], ["not-checked"], ["values-unseen"])


def test_a_secret_that_a_program_may_read_by_the_api() -> None:
    """The chart makes it, and no pod names it: a note, not a warning."""
    done = run(contract() + OTHERS + secret(encoded({"password": GOOD}), "app"))
    assert [(each.rule, each.severity) for each in done.report.findings] == [("unused-contract", "note")]


def test_a_secret_that_is_filled_for_nobody() -> None:
    filled = secret({"password": "${HEIMDALL_X}"}, "app", "data")
    done = run(contract(approach="inline") + filled + OTHERS, environ={"HEIMDALL_X": GOOD})
    assert [each.rule for each in done.report.findings] == ["unused-contract"]


def test_a_misspelt_name_of_the_secret() -> None:
    done = run(contract(secret="web-logni") + pod([taken("password", "web-login")]))  # a name
    (found,) = [each for each in done.report.findings if each.rule == "unused-contract"]
    assert "did you mean web-login?" in str(found.fix)


ELSEWHERE = pod([taken("password")], namespace="b")


@pytest.mark.parametrize(
    ("rest", "settings", "expected"),
    [
        (ELSEWHERE, Settings(), ["other-namespace"]),
        (pod([taken("password")], namespace=""), Settings(namespace="b"), ["other-namespace"]),
        (pod([taken("password")], namespace=""), Settings(), []),
        (ELSEWHERE + pod([taken("password")]), Settings(), []),
        (pod([taken("password", "other")], namespace="b") + CUSTOM, Settings(), []),
    ],
)
def test_pods_of_another_namespace(rest: str, settings: Settings, expected: list[str]) -> None:
    done = run(contract() + rest, settings)
    assert rules_of(done) == expected


def test_a_contract_without_a_namespace_is_about_the_one_of_the_pods() -> None:
    text = contract().replace("  namespace: ns\n", "")
    done = run(text + pod([taken("pg-pass")], namespace="b"))
    assert [each.rule for each in done.report.findings] == ["unlisted-key", "not-checked"]
