"""`heimdall-pr explain`: which approach, why, what was ignored, each key; and values told to the filter."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.checking import VALUES, Checker
from tests.helms import HELM_PR, Helm
from tests.support import CHART, FILE, FROM_ENVIRONMENT, KEYS, accepted, existing, files, inline, merged

WHYS = {
    "existing": "heimdall.existingSecret is set, and comes first",
    "inline": "heimdall.secrets is set, and heimdall.existingSecret is not",
    "files": "heimdall.secretsFiles is set, and neither heimdall.existingSecret nor heimdall.secrets is",
}


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


def test_text(desk: Checker) -> None:
    """The table, byte for byte: a weak key, a missing one, one from elsewhere."""
    desk.keep_back({"a": "kP3-vQ8~wZ"})
    desk.write(
        {
            "heimdall": {
                "secrets": {
                    "JWT_SECRET": "kP3-vQ8~wZ",
                    "API_KEY_SECRET": "${HEIMDALL_API}",
                    "ADMIN_PASSWORD": desk.secrets["ADMIN_PASSWORD"],
                },
                "secretsFiles": [FILE],
                "keys": {"DATABASE_PASSWORD": {"secret": "pg-app", "key": "password"}},
            }
        }
    )
    done = accepted(desk.cli("explain", str(CHART), "-f", VALUES))
    secret = "Secret default/release-name-heimdall-secrets"
    assert done.stdout == (
        f"""secret    {secret}
approach  heimdall.secrets
why       heimdall.secrets is set, and heimdall.existingSecret is not
ignored   heimdall.secretsFiles

key                state        length  where
JWT_SECRET         weak         10      {VALUES}:3, heimdall.secrets.JWT_SECRET, {secret}
API_KEY_SECRET     missing              {VALUES}:4, heimdall.secrets.API_KEY_SECRET, environment variable HEIMDALL_API
ADMIN_PASSWORD     ok           23      {VALUES}:5, heimdall.secrets.ADMIN_PASSWORD, {secret}
DATABASE_PASSWORD  not checked          values-ci.yaml:8, heimdall.keys.DATABASE_PASSWORD, Secret default/pg-app, key password

"""  # noqa: E501  # a line of the table
    )


def test_each_approach_and_why(desk: Checker) -> None:
    rows = {
        "existing": existing("live", secrets=desk.secrets, secretsFiles=["x"]),
        "inline": inline(desk.secrets),
        "files": desk.file(),
    }
    for name, values in rows.items():
        done = accepted(desk.cli("explain", str(CHART), "-f", desk.write(values), "--format", "json"))
        (found,) = json.loads(done.stdout)["secrets"]
        assert found["why"] == WHYS[name]
        assert found["ignored"] == (["heimdall.secrets", "heimdall.secretsFiles"] if name == "existing" else [])
        state = "not checked" if name == "existing" else "ok"
        assert [(key["key"], key["state"]) for key in found["keys"]] == [(key, state) for key in KEYS]
        lengths = [None if name == "existing" else len(desk.secrets[key]) for key in KEYS]
        assert [key["length"] for key in found["keys"]] == lengths


def test_nothing_to_explain(desk: Checker) -> None:
    (desk.folder / "x.yaml").write_text("kind: ConfigMap\n")
    done = desk.cli("explain", "x.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no decision to explain" in done.stderr
    desk.write(inline(merged(desk.secrets, JWT_SECRET=None)))
    done = desk.cli("explain", str(CHART), "-f", VALUES)
    assert (done.returncode, "JWT_SECRET is missing" in done.stderr) == (1, True)
    assert desk.cli("explain", "x.yaml", "--format", "sarif").returncode == 2


@pytest.mark.parametrize("plain", [False, True], ids=["terminal", "NO_COLOR"])
def test_a_terminal_gets_a_table(desk: Checker, plain: bool) -> None:
    """With lines and colours; with NO_COLOR without."""
    desk.write(inline(desk.secrets))
    main, end = pty.openpty()
    env = {**desk.helm.env, "HELM_BIN": str(desk.helm.path), "TERM": "xterm", "COLUMNS": "200"}
    words = [str(HELM_PR), "explain", str(CHART), "-f", VALUES]
    more = {"NO_COLOR": "1"} if plain else {}
    done = subprocess.run(words, cwd=desk.folder, env={**env, **more}, stdout=end, stderr=end, check=False, timeout=60)
    os.close(end)
    seen = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the terminal's other end is closed
            break
        seen += part
    os.close(main)
    assert done.returncode == 0, seen
    assert (b"\x1b[32mok" in seen, "│".encode() in seen) == (not plain, not plain)
    assert all(value.encode() not in seen for value in desk.secrets.values())


def test_a_variable_of_one_command_does_not_stop_another(desk: Checker) -> None:
    """A job sets them for all its steps: check's formats are not explain's, nor a chart's options of manifests."""
    desk.write(inline(desk.secrets))
    (desk.folder / "x.yaml").write_text("kind: ConfigMap\n")
    job = {"HEIMDALL_PR_FORMAT": "json:sarif=out.sarif", "HEIMDALL_PR_KUBE_VERSION": "1.30.0"}
    job |= {"HEIMDALL_PR_VERSION": "0.1.0", "HEIMDALL_PR_EXPLAIN_FORMAT": "json"}
    assert json.loads(accepted(desk.check("-f", VALUES, env=job)).stdout)["ok"]
    assert json.loads((desk.folder / "out.sarif").read_text())["version"] == "2.1.0"
    found = json.loads(accepted(desk.cli("explain", str(CHART), "-f", VALUES, env=job)).stdout)
    assert found["secrets"][0]["approach"] == "heimdall.secrets"
    accepted(desk.cli("check", "x.yaml", env=job))
    assert desk.cli("check", "x.yaml", "--kube-version", "1.30.0").returncode == 2
    done = desk.cli("explain", str(CHART), "--format", "jsn")
    assert (done.returncode, "did you mean json?" in done.stderr) == (2, True)


# --- values told to the filter ---------------------------------------------------------------------------------------


def test_the_filter_takes_values(desk: Checker) -> None:
    """-f, --set and their variables: helm merges them, and the stream is what it was without them."""
    desk.write(inline(FROM_ENVIRONMENT))
    rendered = accepted(desk.helm.run("template", "r", str(CHART), "-f", VALUES, cwd=desk.folder)).stdout
    plain = accepted(desk.cli("--redact", env=desk.secrets, input=rendered)).stdout
    for words in (["-f", VALUES], ["--values", VALUES, "--set", "a=b"]):
        assert accepted(desk.cli("--redact", *words, env=desk.secrets, input=rendered)).stdout == plain
    variables = {"HEIMDALL_PR_VALUES": f"{VALUES}:{VALUES}", "HEIMDALL_PR_SET": "a=b:c=d"}
    assert accepted(desk.cli("--redact", env={**desk.secrets, **variables}, input=rendered)).stdout == plain


def test_the_filter_refuses_values_that_helm_can_not_take(desk: Checker) -> None:
    desk.write(files(FILE))
    (desk.folder / "bad.yaml").write_text(f'a: "{desk.secrets["JWT_SECRET"]}\n')
    for words, told in (
        (["-f", "bad.yaml"], "found unexpected end of stream"),
        (["-f", "nothing.yaml"], "no such file"),
        (["-f", "-"], "standard input is what Helm rendered"),
        (["--set", f"x={desk.secrets['JWT_SECRET']},y"], "has no value"),
    ):
        done = desk.cli(*words, input="kind: ConfigMap\n")
        assert (done.returncode in (1, 2), done.stdout, told in done.stderr) == (True, "", True), done.stderr


def test_without_values_no_helm_is_asked(desk: Checker) -> None:
    accepted(desk.cli(env={"HELM_BIN": "/nowhere/helm"}, input="kind: ConfigMap\n"))
    done = desk.cli("--set", "a=b", env={"HELM_BIN": "/nowhere/helm"}, input="kind: ConfigMap\n")
    assert (done.returncode, "HELM_BIN is /nowhere/helm" in done.stderr) == (1, True)
