"""The GitHub action: its steps are run by bash as a runner runs them, in a job's environment."""

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.helms import HELM_PR, run
from tests.support import CHART, ROOT, fresh, inline

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ ([a-z._-]+) \}\}")
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "env", "dist", "build", "tests")

HOSTILE = "$(touch ran); `touch ran` \"; touch ran; ' && touch ran || ${{ github.token }} *"


class Job(NamedTuple):
    """What a job leaves behind: the exit code of the last step that ran, what it printed, its files."""

    code: int
    printed: str
    path: str
    outputs: dict[str, str]
    summary: str


def job(folder: Path, env: Mapping[str, str], installed: Path | None = None, **inputs: str) -> Job:
    """Runs the action with `with: inputs` in a workspace, as the runner does; where it is installed, what follows."""
    given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
    context = {f"inputs.{name}": value for name, value in {**given, **inputs}.items()}
    context |= {"github.action_repository": env.get("REPOSITORY", ""), "github.action_ref": "v1"}
    files = {name: folder.with_name(name) for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    temp = folder.with_name("runner-temp")
    temp.mkdir(exist_ok=True)
    runner = {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(temp), "GITHUB_ACTION_PATH": str(folder.with_name("action"))}
    runner |= {"GITHUB_WORKSPACE": str(folder), **{name: str(file) for name, file in files.items()}}
    printed, code, outputs = "", 0, {}
    context["steps.install.outputs.executable"] = str(installed)
    for step in ACTION["runs"]["steps"][1 if installed else 0 :]:
        own = {name: context[EXPRESSION.findall(text)[0]] for name, text in step["env"].items()}
        script = folder.with_name("step.sh")
        script.write_text(step["run"])
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        done = run(command, env={**env, **runner, **own}, cwd=folder)
        printed, code = printed + done.stdout + done.stderr, done.returncode
        if code:
            break
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        context |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in outputs.items()}
    summary = files["GITHUB_STEP_SUMMARY"].read_text()
    return Job(code, printed, files["GITHUB_PATH"].read_text().strip(), outputs, summary)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout of a user's."""
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def test_no_input_is_in_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        for text in step["env"].values():
            assert EXPRESSION.fullmatch(text)
    texts = " ".join(text for step in ACTION["runs"]["steps"] for text in step["env"].values())
    used = set(EXPRESSION.findall(texts))
    assert {f"inputs.{name}" for name in ACTION["inputs"]} == {name for name in used if name.startswith("inputs.")}


def test_it_keeps_to_the_schema() -> None:
    checker = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    assert checker, "it is among the development dependencies"
    command = [checker, "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml")]
    assert run(command, env={"PATH": os.environ["PATH"]}).returncode == 0


@pytest.fixture
def fetched(tmp_path: Path) -> None:
    """The action, where the runner puts it."""
    shutil.copytree(ROOT, tmp_path / "action", ignore=LEFT_BEHIND)


@pytest.mark.slow
@pytest.mark.usefixtures("fetched")
def test_without_targets_it_only_installs(workspace: Path, env: dict[str, str]) -> None:
    for name in ("pip.py", "venv.py", "yaml.py", "post_renderer.py"):
        (workspace / name).write_text("raise SystemExit('from the workspace')")
    done = job(workspace, env)
    assert (done.code, "nothing was checked" in done.printed) == (0, True), done.printed
    assert sorted(os.listdir(done.path)) == ["heimdall-pr"]
    told = run(["heimdall-pr", "--version"], env={**env, "PATH": f"{done.path}:{env['PATH']}"}).stdout
    assert told == f"heimdall-pr {done.outputs['version']}\n"


@pytest.mark.slow
@pytest.mark.usefixtures("fetched")
def test_another_version_than_asked_for(workspace: Path, env: dict[str, str]) -> None:
    done = job(workspace, env, version=HOSTILE)
    assert (done.code, "::error::this is heimdall-pr 0." in done.printed) == (1, True), done.printed
    assert list(workspace.rglob("ran")) == []


def values(workspace: Path, name: str, content: Mapping[str, Any]) -> None:
    (workspace / name).write_text(json.dumps(content))


def chart(workspace: Path) -> None:
    shutil.copytree(CHART, workspace / "charts/heimdall")


@pytest.mark.parametrize("repository", ["octo/heimdall-pr", ""], ids=["of a repository", "of the checkout"])
def test_findings_link_to_the_rules_of_the_version_that_runs(
    workspace: Path, with_helm: dict[str, str], repository: str
) -> None:
    chart(workspace)
    values(workspace, "values.yaml", inline({}))
    given = {**with_helm, "REPOSITORY": repository, "GITHUB_SERVER_URL": "https://git.example.com"}
    done = job(workspace, given, HELM_PR, targets="charts/heimdall", values="values.yaml", format="sarif=found.sarif")
    assert done.code == 1, done.printed
    (run_of,) = json.loads((workspace / "found.sarif").read_text())["runs"]
    links = {rule.get("helpUri", "").partition("#")[0] for rule in run_of["tool"]["driver"]["rules"]}
    assert links == {f"https://git.example.com/{repository}/blob/v1/docs/rules.md" if repository else ""}


def test_a_chart_that_is_right(workspace: Path, with_helm: dict[str, str]) -> None:
    chart(workspace)
    secrets = fresh()
    values(workspace, "values.yaml", inline(secrets))
    done = job(
        workspace, with_helm, HELM_PR, targets="charts/heimdall\n", values="values.yaml\n", set="nameOverride=h\n"
    )
    assert done.code == 0, done.printed
    assert "Secret default/release-name-h-secrets has its 4 required keys" in done.printed
    assert "release-name-h-secrets" in done.summary
    assert not any(value in done.printed + done.summary for value in secrets.values())


def test_a_chart_that_is_wrong(workspace: Path, with_helm: dict[str, str]) -> None:
    chart(workspace)
    secrets = {**fresh(), "JWT_SECRET": "${HEIMDALL_NOT_SET}"}
    values(workspace, "values.yaml", inline(secrets))
    formats = "github\nsarif=heimdall.sarif\n"
    done = job(workspace, with_helm, HELM_PR, targets="charts/heimdall", values="values.yaml", format=formats)
    assert done.code == 1
    assert "::error" in done.printed
    assert "env-unset" in done.printed
    assert json.loads((workspace / "heimdall.sarif").read_text())["version"] == "2.1.0"
    assert "env-unset" in done.summary
    assert not any(value in done.printed + done.summary for key, value in secrets.items() if key != "JWT_SECRET")


@pytest.mark.parametrize("name", [name for name in ACTION["inputs"] if name not in ("python", "version")])
def test_no_input_is_run(workspace: Path, env: dict[str, str], name: str) -> None:
    (workspace / "stream.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    done = job(workspace, env, HELM_PR, **{"targets": "stream.yaml", name: HOSTILE})
    assert done.code != 0
    assert list(workspace.rglob("ran")) == []


def test_an_argument_like_an_option_is_a_target(workspace: Path, env: dict[str, str]) -> None:
    done = job(workspace, env, HELM_PR, targets="--help\n")
    assert done.code != 0
    assert "Usage" not in done.printed


def test_strict(workspace: Path, env: dict[str, str]) -> None:
    (workspace / "stream.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    assert job(workspace, env, HELM_PR, targets="stream.yaml").code == 0
    assert job(workspace, env, HELM_PR, targets="stream.yaml", strict="true").code == 1
    ignored = "no-contract=nothing of Heimdall is in it"
    assert job(workspace, env, HELM_PR, targets="stream.yaml", strict="true", ignore=ignored).code == 0
    assert job(workspace, env, HELM_PR, targets="stream.yaml", strict="yes please").code == 2


def test_the_working_directory(workspace: Path, env: dict[str, str]) -> None:
    (workspace / "in ner").mkdir()
    (workspace / "in ner/a stream.yaml").write_text("kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n")
    assert job(workspace, env, HELM_PR, **{"targets": "a stream.yaml", "working-directory": "in ner"}).code == 0
