"""The gate and the policy as the chart renders them, and if it refuses to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from post_renderer.producers import PRODUCERS
from tests.charts import Document, Values, contract, existing, one, refused, refused_by_schema, render, some, template
from tests.helms import Helm
from tests.support import NO_TOOL, Desk, documents, files, parent
from tests.unit.streams import SOUND
from tests.unit.test_gate import OK, PROGRAM, mounted

ON: Values = {"enabled": True}
ELSEWHERE = {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}, "JWT_SECRET": {"key": "jwt"}}


def gate(helm: Helm, **more: object) -> Document:
    """The Job."""
    return one(render(helm, existing(**{"gate": ON, **more})), "Job")


def container(job: Document) -> Document:
    """Its only one."""
    (found,) = job["spec"]["template"]["spec"]["containers"]
    return dict(found)


def test_job(helm: Helm) -> None:
    """What keeps it short, quiet and harmless."""
    job = gate(helm, gate={"enabled": True, "timeout": 90, "resources": {"limits": {"memory": "1Gi"}}})
    assert job["metadata"]["name"] == "r-heimdall-requires-secret"
    assert job["metadata"]["annotations"] == {
        "helm.sh/hook": "pre-install,pre-upgrade,pre-rollback",
        "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
        "helm.sh/hook-output-log-policy": "hook-failed,hook-succeeded",
    }
    spec = job["spec"]
    limits = (spec["backoffLimit"], spec["activeDeadlineSeconds"], spec["ttlSecondsAfterFinished"])
    assert limits == (0, 150, 600)
    pod = spec["template"]["spec"]
    assert (pod["restartPolicy"], pod["automountServiceAccountToken"]) == ("Never", False)
    assert "serviceAccountName" not in pod  # the chart's own is not there yet
    assert pod["securityContext"]["runAsNonRoot"]
    only = container(job)
    assert only["securityContext"]["readOnlyRootFilesystem"]
    assert only["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert only["resources"] == {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "1Gi"}}
    assert "env" not in only and "envFrom" not in only
    assert "--report=/dev/termination-log" in only["args"]
    assert only.get("terminationMessagePath", "/dev/termination-log") == "/dev/termination-log"
    assert only["terminationMessagePolicy"] == "FallbackToLogsOnError"  # if it never got so far as to write
    assert [volume["secret"] for volume in pod["volumes"]] == [{"secretName": "live", "optional": True}]


def test_default_limit_is_below_helms(helm: Helm) -> None:
    """Past Helm's own 300 s only `timed out` would be read."""
    assert gate(helm)["spec"]["activeDeadlineSeconds"] < 300
    assert "--timeout=180" in container(gate(helm))["args"]


def test_it_is_told_what_the_contract_says(helm: Helm) -> None:
    """Nothing of the release is there when it runs."""
    rendered = render(helm, existing(gate=ON, heimdall={"existingSecret": "live", "keys": ELSEWHERE}), "--namespace=ns")
    arguments = dict(argument[2:].split("=", 1) for argument in container(one(rendered, "Job"))["args"])
    data = contract(rendered)
    assert data["policy"] in container(one(rendered, "Job"))["command"][-1]  # what it prints
    names = ("secret", "required", "lengths", "sources")
    assert {name: arguments[name] for name in names} == {name: data[name] for name in names}
    assert arguments["namespace"] == "ns"
    assert data["sources"] == "DATABASE_PASSWORD=pg-app/password,JWT_SECRET=live/jwt"
    pod = one(rendered, "Job")["spec"]["template"]["spec"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container(one(rendered, "Job"))["volumeMounts"]}
    found = {mounts[volume["name"]]: volume["secret"] for volume in pod["volumes"]}
    assert found == {
        arguments["dir"]: {"secretName": "live", "optional": True},
        f"{arguments['others']}/pg-app": {"secretName": "pg-app", "optional": True},
    }


def expanded(text: str) -> str:
    """What the kubelet makes of an argument: `$$` is `$`, `$(NAME)` is one (third_party/forked/golang/expansion)."""
    return re.sub(r"\$(?:\$|\(([^)]*)\))", lambda found: "A VARIABLE" if found[1] is not None else "$", text)


def test_the_program_arrives(every_helm: Helm, tmp_path: Path) -> None:
    """Byte for byte, also through the post-renderer; and it runs so."""
    desk = Desk(every_helm, tmp_path / "desk")
    renderers: list[list[str] | None] = [NO_TOOL, None]
    for renderer in renderers:
        only = container(one(documents(desk.template(existing(gate=ON), renderer=renderer)), "Job"))
        command, arguments = [expanded(text) for text in only["command"]], [expanded(text) for text in only["args"]]
        assert command == ["python3", "-I", "-c", PROGRAM.read_text()]
        own = mounted(tmp_path / f"own{renderer}", {key: value.encode() for key, value in SOUND.items()})
        message = tmp_path / "message"
        here = {"/secrets/own": str(own), "/dev/termination-log": str(message)}
        words = [_replaced(argument, here) for argument in (*command[1:], *arguments)]
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, OK.replace("ns/", "default/") + "\n")
        assert message.read_text() == done.stderr


def _replaced(text: str, pairs: dict[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


def test_the_hook_stays_one_in_the_stream(helm: Helm, tmp_path: Path) -> None:
    """The tool judges the rest as without it; Helm 4 shows it the hook, which leaves as it came."""
    desk = Desk(helm, tmp_path / "desk")
    without = documents(desk.template(existing()))
    found = documents(desk.template(existing(gate=ON)))
    assert [each for each in found if each["kind"] != "Job"] == without
    assert one(found, "Job")["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade,pre-rollback"


NO_GATE: list[tuple[str, Values]] = [
    ("off", existing()),
    ("inline", {"heimdall": {"secrets": SOUND}, "gate": ON}),
    ("files", {**files(), "gate": ON}),
]


@pytest.mark.parametrize("values", [row[1] for row in NO_GATE], ids=[row[0] for row in NO_GATE])
def test_no_gate(helm: Helm, values: Values) -> None:
    assert not some(render(helm, values), "Job")


GROUPS = {"Secret": "v1", **{kind: f"{group}/v1" for kind, (group, _) in PRODUCERS.items()}}


def produces(kind: str, name: str = "live", **spec: object) -> Document:
    """An entry of extraObjects."""
    return {"apiVersion": GROUPS[kind], "kind": kind, "metadata": {"name": name}, "spec": spec}


def volume(driver: str = "secrets-store.csi.k8s.io", provider: str = "heimdall") -> Document:
    """A volume of a CSI driver."""
    return {"name": "csi", "csi": {"driver": driver, "volumeAttributes": {"secretProviderClass": provider}}}


TOO_LATE = "extraObjects makes the Secret live: the gate runs before the release's objects"
LATE: list[tuple[str, Values, str]] = [
    ("a Secret", {"extraObjects": [produces("Secret")]}, TOO_LATE),
    ("ESO", {"extraObjects": [produces("ExternalSecret", "x", target={"name": "live"})]}, TOO_LATE),
    ("Sealed Secrets", {"extraObjects": [produces("SealedSecret")]}, TOO_LATE),
    (
        "VSO",
        {"extraObjects": [produces("VaultStaticSecret", "x", destination={"name": "live", "create": True})]},
        TOO_LATE,
    ),
    (
        "CSI, with its class",
        {"extraObjects": [produces("SecretProviderClass", "c", secretObjects=[{"secretName": "live"}])],
         "extraVolumes": [volume(provider="c")]},
        TOO_LATE,
    ),
    ("CSI, its class is not here", {"extraVolumes": [volume()]}, "extraVolumes has csi, a volume of the Secrets"),
    (
        "the Secret of another key",
        {"heimdall__keys": ELSEWHERE, "extraObjects": [produces("Cluster", "pg")]},
        "extraObjects makes the Secret pg-app: the gate runs before",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("more", "message"), [row[1:] for row in LATE], ids=[row[0] for row in LATE])
def test_comes_too_late(helm: Helm, more: Values, message: str) -> None:
    """A Secret that comes with the release; one sentence that says why and what to do."""
    refused(helm, existing(gate=ON, **more), message)
    assert "the pod waits for the Secret by itself" in template(helm, existing(gate=ON, **more)).stderr
    assert not some(render(helm, existing(**more)), "Job")


NOT_LATE: list[tuple[str, Values]] = [
    ("a Secret of another group", {"extraObjects": [{**produces("Secret"), "apiVersion": "example.com/v1"}]}),
    ("another Secret", {"extraObjects": [produces("ExternalSecret", "other")]}),
    ("what only adds to it", {"extraObjects": [produces("VaultStaticSecret", "x", destination={"name": "live"})]}),
    ("a CSI volume of another driver", {"extraVolumes": [volume("efs.csi.aws.com")]}),
    (
        "a class that makes another Secret",
        {"extraObjects": [produces("SecretProviderClass", "c", secretObjects=[{"secretName": "tls"}])],
         "extraVolumes": [volume(provider="c")]},
    ),
]  # fmt: skip


@pytest.mark.parametrize("more", [row[1] for row in NOT_LATE], ids=[row[0] for row in NOT_LATE])
def test_does_not_come_too_late(helm: Helm, more: Values) -> None:
    assert gate(helm, **more)


def test_aliases_have_each_their_own(helm: Helm, tmp_path: Path) -> None:
    """Jobs and policies of two Heimdalls in one release."""
    chart = parent(tmp_path, "chart-parent")
    flags = [f"--set={alias}.{name}" for alias in "ab" for name in
             ("heimdall.existingSecret=live", "gate.enabled=true", "policy.enabled=true")]  # fmt: skip
    done = helm.run("template", "ab", str(chart), *flags)
    assert done.returncode == 0, done.stderr
    found = [document for document in yaml.safe_load_all(done.stdout) if document]
    for kind in ("Job", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
        assert len({each["metadata"]["name"] for each in some(found, kind)}) == 2


# --- the policy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [existing(), {"heimdall": {"secrets": SOUND}}, files()])
def test_policy(helm: Helm, values: Values) -> None:
    """For every approach: the contract's Secret, its keys without those from other Secrets, this namespace."""
    given = {**values, "heimdall": {**values["heimdall"], "keys": {"LDAP_PASSWORD": {"secret": "l"}}}, "policy": ON}
    found = render(helm, given, "--namespace=ns")
    policy, binding = one(found, "ValidatingAdmissionPolicy"), one(found, "ValidatingAdmissionPolicyBinding")
    assert policy["metadata"]["name"] == binding["spec"]["policyName"] == "ns.r-heimdall.heimdall-secrets"
    (rule,) = policy["spec"]["matchConstraints"]["resourceRules"]
    assert (rule["operations"], rule["resources"]) == (["CREATE", "UPDATE"], ["secrets"])
    (variable,) = policy["spec"]["variables"]
    keys = ", ".join(f"'{key}'" for key in contract(found)["required"].split(","))
    assert variable["expression"].startswith(f"[{keys}].filter(key,")
    assert f"'{contract(found)['secret']}'" in policy["spec"]["matchConditions"][0]["expression"]
    assert binding["spec"]["validationActions"] == ["Deny"]
    selector = binding["spec"]["matchResources"]["namespaceSelector"]
    assert selector == {"matchLabels": {"kubernetes.io/metadata.name": "ns"}}


def test_policy_leaves_to_others_what_is_theirs(helm: Helm) -> None:
    """Keys of other Secrets are not required; one under another name is, by that. `Audit` denies nothing."""
    found = render(helm, existing(policy={"enabled": True, "action": "Audit"}, heimdall__keys=ELSEWHERE))
    (variable,) = one(found, "ValidatingAdmissionPolicy")["spec"]["variables"]
    assert variable["expression"].startswith("['jwt', 'API_KEY_SECRET', 'ADMIN_PASSWORD'].filter(key,")
    assert one(found, "ValidatingAdmissionPolicyBinding")["spec"]["validationActions"] == ["Audit", "Warn"]
    assert not some(render(helm, existing()), "ValidatingAdmissionPolicy")


BAD: list[tuple[str, Values, str]] = [
    ("time backwards", existing(gate__timeout=-1), "/gate/timeout"),
    ("no number", existing(gate__timeout="3m"), "/gate/timeout"),
    ("a third action", existing(policy__action="Warn"), "/policy/action"),
    ("no switch", existing(gate__enabled="yes"), "/gate/enabled"),
]


@pytest.mark.parametrize(("values", "place"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_schema(helm: Helm, values: Values, place: str) -> None:
    refused_by_schema(helm, values, place)
