"""The hooks, installed by the real pre-commit from a repository and run by it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.ci.test_action import LEFT_BEHIND, chart, values
from tests.helms import run
from tests.support import ROOT, encoded, fresh, inline

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
pytestmark = pytest.mark.needs("git")
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
GIT = ("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the hooks, and beside it the folder where pre-commit keeps what it installed."""
    folder = tmp_path_factory.mktemp("hooks") / "heimdall-pr"
    shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "m"]):
        subprocess.run([*GIT, *command], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def project(tmp_path: Path, hooks: Path) -> Path:
    """A user's repository, with both hooks."""
    folder = tmp_path / "project"
    folder.mkdir()
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=hooks, check=True, capture_output=True, text=True
    ).stdout
    check = {"id": "heimdall-pr-check", "args": ["charts/heimdall", "--values", "values.yaml"]}
    entry = {"repo": str(hooks), "rev": revision.strip(), "hooks": [{"id": "heimdall-pr-no-secrets"}, check]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [entry]}))
    (folder / ".gitignore").write_text("/env/\n")
    subprocess.run([*GIT, "init", "--quiet"], cwd=folder, check=True)
    return folder


def commit(project: Path, env: Mapping[str, str], hooks: Path, hook: str) -> "subprocess.CompletedProcess[str]":
    """What pre-commit says when all that is there is to be committed."""
    subprocess.run([*GIT, "add", "."], cwd=project, check=True)
    env = {**env, "PRE_COMMIT_HOME": str(hooks.parent / "cache"), "TMPDIR": str(hooks.parent)}
    return run([str(PRE_COMMIT), "run", "--verbose", hook], env=env, cwd=project)


def test_each_hook_runs_a_command_of_ours() -> None:
    assert {name: hook["entry"] for name, hook in HOOKS.items()} == {
        "heimdall-pr-no-secrets": "heimdall-pr pre-commit",
        "heimdall-pr-check": "heimdall-pr check",
    }
    done = run(
        [str(PRE_COMMIT), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_secrets_in_clear(project: Path, env: dict[str, str], hooks: Path) -> None:
    chart(project)
    for path in (project / "charts/heimdall/ci").iterdir():
        path.unlink()  # they hold values that are made for tests
    (project / "env").mkdir()
    (project / "env/secrets.yaml").write_text("JWT_SECRET: hunter2-ignored\n")
    (project / "values.yaml").write_text("heimdall: {secrets: {JWT_SECRET: '${JWT_SECRET}'}}\n")
    done = commit(project, env, hooks, "heimdall-pr-no-secrets")
    assert done.returncode == 0, done.stdout
    (project / ".env").write_text("JWT_SECRET=hunter2-canary\n")
    (project / "secret.yaml").write_text(f"kind: Secret\ndata: {{JWT_SECRET: {encoded('hunter2-canary')}}}\n")
    (project / "notes.md").write_text("JWT_SECRET: hunter2-in-prose\n")
    done = commit(project, env, hooks, "heimdall-pr-no-secrets")
    assert done.returncode == 1
    assert ".env:1" in done.stdout
    assert "secret.yaml:2" in done.stdout
    assert "notes.md" not in done.stdout
    assert "hunter2" not in done.stdout


def test_check(project: Path, with_helm: dict[str, str], hooks: Path) -> None:
    chart(project)
    values(project, "values.yaml", inline({key: f"${{{key}}}" for key in fresh()}))
    done = commit(project, {**with_helm, **fresh()}, hooks, "heimdall-pr-check")
    assert done.returncode == 0, done.stdout
    done = commit(project, {**with_helm, **fresh(), "JWT_SECRET": ""}, hooks, "heimdall-pr-check")
    assert (done.returncode, "env-unset" in done.stdout) == (1, True), done.stdout
