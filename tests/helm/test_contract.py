"""A contract of the user's own, or of the chart, under real Helms: a database that takes its password as a file."""

import json
from pathlib import Path

import pytest
import yaml

from tests import in_process
from tests.helms import Helm

GOOD = "kP3-vQ8~wZ1.xR6_yT4.aB"
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
    "values.yaml": "password: ''\ncontract: false\n",
    "templates/secret.yaml": (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-db\nstringData:\n"
        "  postgres-password: {{ .Values.password | quote }}\n"
    ),
    "templates/contract.yaml": (
        "{{ if .Values.contract }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-contract\n"
        "  namespace: {{ .Release.Namespace }}\n  labels:\n    secrets-contract.heimdall-pr/version: v2\ndata:\n"
        "  secret: {{ .Release.Name }}-db\n  required: postgres-password\n"
        "  lengths: postgres-password=min:12\n{{ end }}\n"
    ),
    "templates/pods.yaml": (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: db\n          image: docker.io/acme/postgres:17\n          env:\n"
        "            - {name: POSTGRES_PASSWORD_FILE, value: /run/secrets/postgres-password}\n"
        "          volumeMounts:\n            - {name: s, mountPath: /run/secrets}\n"
        "      volumes:\n        - name: s\n          secret: {secretName: '{{ .Release.Name }}-db'}\n"
    ),
}
BY_FILE = "image: acme/postgres\nkeys: {POSTGRES_PASSWORD: {length: {min: 12}}}\n"
REFUSED = [
    ("missing", "", "missing-key"),
    ("too short", "kP3-vQ8~wZ1", "wrong-length"),
    ("a placeholder", "change-me-please", "placeholder"),
]


def objects(stream: str) -> list[str]:
    """What is in a render, in any order: Helm 4 sorts and spaces it anew."""
    return sorted(json.dumps(each) for each in yaml.safe_load_all(stream) if each)


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    for name, text in CHART.items():
        path = tmp_path / "db" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "contract.yaml").write_text(BY_FILE)
    return tmp_path


@pytest.mark.parametrize("of_chart", [False, True], ids=["of the user", "of the chart"])
def test_the_post_renderer_judges_by_a_contract(helm: Helm, chart: Path, of_chart: bool) -> None:
    env = {} if of_chart else {"HEIMDALL_PR_CONTRACT": "contract.yaml"}

    def rendered(password: str, *more: str) -> tuple[int, str, str]:
        values = json.dumps({"password": password, "contract": of_chart})
        done = helm.run("template", "r", "db", "--values", "-", *more, cwd=chart, env=env, input=values)
        return done.returncode, done.stdout, done.stderr

    for _, password, rule in REFUSED:
        code, _, report = rendered(password, *helm.post_renderer)
        assert (code, rule in report) == (1, True), report
    plain, judged = rendered(GOOD), rendered(GOOD, *helm.post_renderer)
    assert judged[0] == 0, judged[2]
    assert objects(judged[1]) == objects(plain[1])


def test_check_judges_a_chart_by_a_contract(helm: Helm, chart: Path) -> None:
    env = {**helm.env, "PATH": f"{helm.path.parent}:{helm.env['PATH']}"}

    def checked(password: str) -> tuple[int, str]:
        said = ["check", "db", "--set-string", f"password={password}", "--contract", "contract.yaml"]
        done = in_process.text(said, cwd=chart, env=env)
        return done.returncode, done.stdout

    for _, password, rule in REFUSED:
        code, report = checked(password)
        assert (code, rule in report) == (1, True), report
    code, report = checked(GOOD)
    assert (code, "has its 1 required key (contract contract.yaml)" in report) == (0, True), report


def test_a_contract_that_is_not_about_what_the_pods_take(helm: Helm, chart: Path) -> None:
    """A misspelt key, and another namespace than Helm installs into: that is read from its command line."""
    contract, secret = (chart / "db" / "templates" / name for name in ("contract.yaml", "secret.yaml"))
    text = contract.read_text()
    for path in (contract, secret):
        path.write_text(path.read_text().replace("postgres-password", "pg-password"))
    set_ = ("--set", f"contract=true,password={GOOD}", "--namespace=other")
    done = helm.run("template", "r", "db", *set_, *helm.post_renderer, cwd=chart)
    assert (done.returncode, "postgres-password is missing" in done.stderr) == (1, True)
    assert GOOD not in done.stderr
    secret.unlink()
    contract.write_text(text)
    done = helm.run("template", "r", "db", *set_, *helm.post_renderer, cwd=chart)
    assert done.returncode == 0, done.stderr
    contract.write_text(text.replace("{{ .Release.Namespace }}", "apps"))
    done = helm.run("template", "r", "db", *set_, *helm.post_renderer, cwd=chart)
    assert (done.returncode, "pods take the Secret r-db of other, and the contract" in done.stderr) == (1, True)
