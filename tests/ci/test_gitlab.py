"""The GitLab template: linted against GitLab's own schema, its scripts run by a POSIX shell in a job's environment."""

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.test_action import LEFT_BEHIND, chart, values
from tests.helms import HELM_PR, run
from tests.support import ROOT, fresh, inline

TEMPLATE = (ROOT / "templates" / "heimdall-pr.yml").read_text()
HEADER, BODY = TEMPLATE.split("\n---\n")
SPEC = yaml.safe_load(HEADER)["spec"]["inputs"]
BLOCK = re.compile(r"\$\[\[ inputs\.([a-z]+) \]\]")


def filled(**inputs: str) -> dict[str, Any]:
    """The configuration with its inputs, put in as text and as values: GitLab has done both."""
    given = {name: spec.get("default") for name, spec in SPEC.items()} | inputs
    assert None not in given.values(), "a mandatory input"
    texts = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in given.items()}
    as_text = yaml.safe_load(BLOCK.sub(lambda match: texts[match[1]], BODY))

    def put(node: Any) -> Any:  # noqa: ANN401  # any YAML
        if isinstance(node, str):
            return BLOCK.sub(lambda match: texts[match[1]], node)
        if isinstance(node, list):
            return [put(item) for item in node]
        return {put(key): put(value) for key, value in node.items()} if isinstance(node, dict) else node

    as_values = put(yaml.safe_load(BODY))
    assert as_text == as_values
    whole: dict[str, Any] = as_text
    return whole


def job(folder: Path, env: Mapping[str, str], install: bool = False, **inputs: str) -> tuple[int, str]:
    """Runs the job in a checkout, or only what follows where it is installed: its exit code, and what it printed."""
    (one,) = filled(package=str(folder.with_name("package")), **inputs).values()
    variables = {
        name: value["value"] if isinstance(value, dict) else str(value) for name, value in one["variables"].items()
    }
    before = one["before_script"] if install else [f"hpr={HELM_PR.parent.parent}"]
    script = "\n".join([*before, *one["script"]])
    gitlab = {"GITLAB_CI": "true", "CI": "true", "CI_PROJECT_DIR": str(folder)}
    done = run([SHELL, "-e", "-c", script], env={**env, **gitlab, **variables}, cwd=folder)
    return done.returncode, done.stdout + done.stderr


SHELL = shutil.which("dash") or "sh"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout of a user's."""
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_it_keeps_to_the_schema(tmp_path: Path) -> None:
    checker = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    assert checker, "it is among the development dependencies"
    (tmp_path / "header.yml").write_text(HEADER)
    (tmp_path / "body.yml").write_text(yaml.safe_dump(filled(package="x", targets="y")))
    lint = [checker, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    done = run([*lint, str(tmp_path / "header.yml"), str(tmp_path / "body.yml")], env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "body.yml").write_text(yaml.safe_dump({"x": {"script": "y", "stege": "z", "artifacts": 1}}))
    assert run([*lint, str(tmp_path / "body.yml")], env={"PATH": os.environ["PATH"]}).returncode == 1


def test_inputs_are_declared_and_used() -> None:
    assert set(BLOCK.findall(BODY)) == SPEC.keys()
    assert [name for name, spec in SPEC.items() if not spec.get("description")] == []
    (one,) = filled(package="x", targets="y").values()
    assert "inputs." not in json.dumps([one["script"], one["before_script"]])
    assert BLOCK.search("\n".join(yaml.safe_load(BODY).popitem()[1]["script"])) is None


def test_a_chart_that_is_right(project: Path, with_helm: dict[str, str]) -> None:
    chart(project)
    secrets = fresh()
    values(project, "values.yaml", inline(secrets))
    more = {"values": "values.yaml", "arguments": "--set nameOverride=h --release-name r"}
    code, printed = job(project, with_helm, False, targets="charts/heimdall", **more)
    assert code == 0, printed
    assert json.loads((project / "gl-code-quality-report.json").read_text()) == []
    assert "<testsuites" in (project / "heimdall-pr.junit.xml").read_text()
    assert not any(value in printed for value in secrets.values())


def test_a_chart_that_is_wrong(project: Path, with_helm: dict[str, str]) -> None:
    chart(project)
    values(project, "values.yaml", inline({**fresh(), "JWT_SECRET": "${HEIMDALL_NOT_SET}"}))
    code, printed = job(project, with_helm, targets="charts/heimdall", values="values.yaml")
    assert (code, "env-unset" in printed) == (1, True)
    reports = json.loads((project / "gl-code-quality-report.json").read_text())
    assert [report["check_name"] for report in reports] == ["heimdall-pr/env-unset"]


@pytest.mark.slow
def test_what_it_installs(project: Path, env: dict[str, str]) -> None:
    shutil.copytree(ROOT, project.with_name("package"), ignore=LEFT_BEHIND)
    for name in ("pip.py", "venv.py", "yaml.py", "post_renderer.py"):
        (project / name).write_text("raise SystemExit('from the workspace')")
    (project / "stream.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    code, printed = job(project, env, install=True, targets="stream.yaml")
    assert code == 0, printed


def test_words_are_words_alone(project: Path, env: dict[str, str]) -> None:
    (project / "stream.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    hostile = "$(touch${IFS}ran) `touch ran` ; touch ran && *"
    for name in ("targets", "values", "arguments"):
        code, _ = job(project, env, False, **{"targets": "stream.yaml", name: hostile})
        assert code != 0
    assert list(project.rglob("ran")) == []


def test_strict(project: Path, env: dict[str, str]) -> None:
    (project / "stream.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    assert job(project, env, targets="stream.yaml")[0] == 0
    assert job(project, env, targets="stream.yaml", strict="true")[0] == 1
