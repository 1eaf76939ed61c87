"""--live on a real API server: what is there is checked, and what may not be read is told from what is not there."""

import json
import os
from pathlib import Path

import pytest

from tests import helms
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import CHART, KEYS, Desk, Done, accepted, existing, fresh, leaks, merged, refused
from tests.unit.streams import contract, heimdall, mapped, secret, whole


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with kubectl in it."""
    (tmp_path / "kubectl").symlink_to(helms.fetch("kubectl"))
    return tmp_path


def make(cluster: Cluster, values: dict[str, str], name: str = "live") -> None:
    """A Secret, as a secret manager would make it."""
    data = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values}
    accepted(cluster.kubectl("apply", "--filename=-", input=json.dumps(data)))


def ask(cluster: Cluster, folder: Path, kubeconfig: Path | None = None, stream: str = "") -> Done:
    """The filter with --live, on the contract of a chart in the test's namespace."""
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}
    stream = (stream or contract("existing", secret="live")).replace("namespace: ns", f"namespace: {cluster.namespace}")
    command = [str(helms.HELM_PR), "--live", f"--kubeconfig={kubeconfig or cluster.kubeconfig}"]
    return helms.run(command, env=env, input=stream)


def told(done: Done, rule: str, text: str) -> None:
    """The filter refused, and this is the one error."""
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing was installed: 1 error" in done.stderr
    assert f"error   {rule}" in done.stderr
    assert text in done.stderr


def test_what_is_there_is_checked(cluster: Cluster, folder: Path) -> None:
    values = fresh()
    make(cluster, values)
    done = accepted(ask(cluster, folder))
    assert f"ok: Secret {cluster.namespace}/live has its 4 required keys" in done.stderr
    assert "read: live Secret" in done.stderr
    assert "not checked" not in done.stderr
    for changes, rule in (
        ({"JWT_SECRET": None}, "missing-key   JWT_SECRET is missing"),
        ({"API_KEY_SECRET": " "}, "missing-key   API_KEY_SECRET is empty"),
        ({"ADMIN_PASSWORD": "changeme"}, "placeholder   ADMIN_PASSWORD"),
        ({"DATABASE_PASSWORD": values["DATABASE_PASSWORD"] + "\n"}, None),
    ):
        accepted(cluster.kubectl("delete", "secret", "live"))
        make(cluster, merged(values, **changes))
        done = ask(cluster, folder)
        assert not leaks(done.stdout.replace(contract("existing"), "") + done.stderr, values.values())
        if rule:
            assert (done.returncode, done.stdout) == (1, "")
            assert f"error   {rule}" in done.stderr
        else:
            assert "warning" in done.stderr or done.returncode == 1


def test_check_asks_too(cluster: Cluster, folder: Path) -> None:
    """Rendered manifests with --live; a chart only where it is told the namespace."""
    make(cluster, merged(fresh(), JWT_SECRET=None))
    (folder / "r.yaml").write_text(
        contract("existing", secret="live").replace("namespace: ns", f"namespace: {cluster.namespace}")
    )
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}
    command = [str(helms.HELM_PR), "check", "--live", f"--kubeconfig={cluster.kubeconfig}"]
    done = helms.run([*command, str(folder / "r.yaml")], env=env)
    assert done.returncode == 1
    assert "error   missing-key   JWT_SECRET is missing" in done.stdout
    make(cluster, fresh())
    assert "has its 4 required keys" in accepted(helms.run([*command, str(folder / "r.yaml")], env=env)).stdout
    done = helms.run([*command, str(CHART), "--set", "heimdall.existingSecret=live"], env=env)
    assert done.returncode == 2
    assert "--live of a chart needs --namespace" in done.stderr


def test_absent(cluster: Cluster, folder: Path) -> None:
    told(ask(cluster, folder), "live-absent", "the live Secret is not in the cluster")
    elsewhere = contract("existing", secret="live").replace("namespace: ns", "namespace: nowhere-at-all")
    told(ask(cluster, folder, stream=elsewhere), "live-absent", "there is no namespace nowhere-at-all")


def test_absent_but_made_by_the_stream(cluster: Cluster, folder: Path) -> None:
    """A first install: what is to come is not missing."""
    maker = (
        "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: live, namespace: ns}\n"
        "spec:\n  dataFrom: [{extract: {key: x}}]\n"
    )
    done = accepted(ask(cluster, folder, stream=contract("existing", secret="live") + maker))
    assert "not-checked" in done.stderr
    make(cluster, merged(fresh(), JWT_SECRET=None))
    told(ask(cluster, folder, stream=contract("existing", secret="live") + maker), "missing-key", "JWT_SECRET")


def test_forbidden(cluster: Cluster, folder: Path) -> None:
    """A service account that may do nothing, and a token that is none."""
    make(cluster, fresh())
    token = accepted(cluster.kubectl("create", "token", "default")).stdout.strip()
    config = json.loads(accepted(cluster.kubectl("config", "view", "--raw", "--output=json")).stdout)
    for given, text in ((token, "may not be read by you"), ("none", "you are not logged in")):
        config["users"][0]["user"] = {"token": given}
        path = folder / "other"
        path.write_text(json.dumps(config))
        done = ask(cluster, folder, path)
        told(done, "live-forbidden", text)
        assert given == "none" or given not in done.stderr


def test_keys_of_other_secrets(helm: Helm, cluster: Cluster, folder: Path) -> None:
    """`check` of the chart, the database's password from another Secret: absent, without the key, bad, good."""
    values = fresh()
    env = {"PATH": f"{helm.path.parent}:{folder}:{os.environ['PATH']}", "HOME": str(folder)}
    key = 'heimdall.keys.DATABASE_PASSWORD={"secret": "pg-app", "key": "password"}'
    command = [str(helms.HELM_PR), "check", str(CHART), "--live", f"--kubeconfig={cluster.kubeconfig}"]
    command += [f"--namespace={cluster.namespace}", "--set=heimdall.existingSecret=live,externalDatabase.host=db"]
    command += ["--set-json", key]
    make(cluster, merged(values, DATABASE_PASSWORD=None))

    def asked(code: int, *expected: str) -> None:
        done = helms.run(command, env=env)
        assert done.returncode == code, done.stdout + done.stderr
        assert [text for text in expected if text not in done.stdout] == [], done.stdout
        assert not leaks(done.stdout + done.stderr, values.values())

    asked(1, "error   live-absent", f"Secret {cluster.namespace}/pg-app", "heimdall.keys", "password (as DATABASE_PASS")
    make(cluster, {"username": "heimdall"}, "pg-app")
    asked(1, "missing-key   DATABASE_PASSWORD is missing", f"live Secret {cluster.namespace}/pg-app, key password")
    make(cluster, {"password": "CHANGE_ME"}, "pg-app")
    asked(1, "placeholder   DATABASE_PASSWORD")
    make(cluster, {"password": values["DATABASE_PASSWORD"]}, "pg-app")
    asked(0, f"ok: Secret {cluster.namespace}/live has its 3 required keys")


def test_a_chart_without_a_contract(cluster: Cluster, folder: Path) -> None:
    """Whose pod says itself which Secrets it takes from: one by its keys, one whole."""
    values = fresh()
    for container in (heimdall(mapped(source="live")), heimdall(env_from=[whole("live")])):
        stream = container.replace('"namespace": "ns"', f'"namespace": "{cluster.namespace}"')
        cluster.kubectl("delete", "secret", "live", "--ignore-not-found")
        told(ask(cluster, folder, stream=stream), "live-absent", f"Secret {cluster.namespace}/live")
        make(cluster, merged(values, ADMIN_PASSWORD=None))
        told(ask(cluster, folder, stream=stream), "missing-key", "ADMIN_PASSWORD is missing")
        make(cluster, values)
        done = accepted(ask(cluster, folder, stream=stream))
        assert f"read: live Secret {cluster.namespace}/live" in done.stderr
        assert "not checked" not in done.stderr
        assert (done.stdout, leaks(done.stderr, values.values())) == (stream, [])


def test_one_of_two_is_forbidden(cluster: Cluster, folder: Path) -> None:
    """Who may read Heimdall's Secret need not be allowed to read the database's."""
    make(cluster, merged(fresh(), DATABASE_PASSWORD=None))
    make(cluster, {"password": fresh()["DATABASE_PASSWORD"]}, "pg-app")
    accepted(cluster.kubectl("create", "role", "one", "--verb=get", "--resource=secrets", "--resource-name=live"))
    account = f"--serviceaccount={cluster.namespace}:default"
    accepted(cluster.kubectl("create", "rolebinding", "one", "--role=one", account))
    config = json.loads(accepted(cluster.kubectl("config", "view", "--raw", "--output=json")).stdout)
    config["users"][0]["user"] = {"token": accepted(cluster.kubectl("create", "token", "default")).stdout.strip()}
    (folder / "other").write_text(json.dumps(config))
    stream = contract("existing", secret="live", sources="DATABASE_PASSWORD=pg-app/password")
    done = ask(cluster, folder, folder / "other", stream)
    told(done, "live-forbidden", "may not be read by you")
    assert f"Secret {cluster.namespace}/pg-app" in done.stderr
    accepted(ask(cluster, folder, stream=stream))


def test_under_helm(helm: Helm, cluster: Cluster, folder: Path) -> None:
    """The whole way: a template asks the cluster, and the user reads which key is missing."""
    desk = Desk(helm, folder / "desk")
    env = {
        "PATH": f"{folder}:{helm.env['PATH']}",
        "HEIMDALL_PR_LIVE": "true",
        "HEIMDALL_PR_KUBECONFIG": str(cluster.kubeconfig),
    }
    values = existing("live", verifyExisting=False)
    args = ("--namespace", cluster.namespace)
    refused(desk.run("template", values, *args, env=env), "live-absent")
    make(cluster, merged(desk.secrets, JWT_SECRET=None))
    refused(desk.run("template", values, *args, env=env), "JWT_SECRET is missing")
    make(cluster, desk.secrets)
    done = accepted(desk.run("template", values, *args, env=env))
    assert not leaks(done.stdout, desk.secrets.values())
    assert all(key in done.stdout for key in KEYS)


def test_password_that_the_database_remembers(cluster: Cluster, folder: Path) -> None:
    """A file has another one than the release in the cluster: refused, and not if it is the same."""
    values = fresh()
    path = folder / "env" / "secrets.yaml"
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text("".join(f"{key}: {value}\n" for key, value in values.items()))
    stream = contract("files", fixed="DATABASE_PASSWORD") + secret(dict.fromkeys(KEYS, "<fill>"))
    stream = stream.replace("namespace: ns", f"namespace: {cluster.namespace}")
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}
    command = [str(helms.HELM_PR), "--live", f"--kubeconfig={cluster.kubeconfig}", f"--files-root={folder}"]
    accepted(helms.run(command, env=env, input=stream))
    for name, code in (("DATABASE_PASSWORD", 1), ("JWT_SECRET", 0)):
        make(cluster, {**values, name: fresh()[name]}, "h-secrets")
        done = helms.run(command, env=env, input=stream)
        assert (done.returncode, "fixed-key" in done.stderr) == (code, code == 1), done.stderr
