"""The pages on pipelines and on SOPS do what they say; every example for a CI redacts."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import helms
from tests.ci import test_action as action
from tests.ci import test_gitlab as gitlab
from tests.clusters import Cluster
from tests.helms import HELM_PR, Helm, run
from tests.readme import runner
from tests.sopses import Sops
from tests.support import ROOT, fresh, leaks

PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text()
    for name in ("ci", "sops", "github-actions", "gitlab", "pre-commit")
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the pages' commands find in the working directory."""
    for name in ("charts", "examples"):
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name)
    return tmp_path / "checkout"


def environment(helm: Helm, checkout: Path) -> dict[str, str]:
    """This Helm is `helm` on PATH, and heimdall-pr is there as pip puts it there."""
    commands = checkout.with_name("bin")
    commands.mkdir()
    for name, path in {"helm": helm.path, "heimdall-pr": HELM_PR}.items():
        (commands / name).symlink_to(path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    return {**helm.env, "PATH": os.pathsep.join([str(commands), helm.env["PATH"]])}


def with_sops(env: dict[str, str], sops: Sops) -> dict[str, str]:
    """And sops with age-keygen, but no key."""
    tools = sops.home / "tools"
    tools.mkdir()
    for name, path in {"sops": sops.path, "age-keygen": sops.keygen}.items():
        (tools / name).symlink_to(path)
    return {**env, "PATH": os.pathsep.join([str(tools), env["PATH"]])}


@pytest.mark.parametrize(("page", "blocks"), [("ci", 2), ("pre-commit", 1)])
def test_ci(helm: Helm, checkout: Path, page: str, blocks: int) -> None:
    where = {f"helm{helm.major}"}
    assert runner.run(runner.parse(PAGES[page]), where, checkout, environment(helm, checkout)) == blocks


def test_sops(helm: Helm, sops: Sops, checkout: Path) -> None:
    env = with_sops(environment(helm, checkout), sops)
    assert runner.run(runner.parse(PAGES["sops"]), {f"helm{helm.major}"}, checkout, env) >= 5
    written = [path.read_text() for path in checkout.rglob("*.yaml") if path.name != "installed.yaml"]
    secrets = {key: value for key, value in _decrypted(sops, checkout).items() if key != "sops"}
    assert len(secrets) == 4
    assert not any(leaks(text, secrets.values()) for text in written)


def test_sops_with_a_cluster(helm: Helm, sops: Sops, cluster: Cluster, checkout: Path) -> None:
    env = {**with_sops(environment(helm, checkout), sops), "KUBECONFIG": str(cluster.kubeconfig)}
    assert runner.run(runner.parse(PAGES["sops"]), {f"helm{helm.major}", "cluster"}, checkout, env) >= 6


def _decrypted(sops: Sops, checkout: Path) -> dict[str, str]:
    key = {"SOPS_AGE_KEY_FILE": str(checkout / "keys/heimdall.txt")}
    return dict(yaml.safe_load(sops.run("decrypt", str(checkout / "heimdall.sops.yaml"), env=key)))


def examples(page: str, kind: str) -> Iterator[Any]:
    """The YAML fences below a comment of that word."""
    lines = PAGES[page].splitlines()
    for fence in runner.fences(PAGES[page]):
        if lines[fence.line - 2] == f"<!-- {kind} -->":
            yield yaml.safe_load(fence.text)


def lint(schema: str, document: Any, folder: Path) -> None:  # noqa: ANN401  # any YAML
    checker = Path(sys.executable).with_name("check-jsonschema")
    (folder / "document.yaml").write_text(yaml.safe_dump(document))
    done = run([str(checker), "--builtin-schema", schema, str(folder / "document.yaml")], env={"PATH": os.defpath})
    assert done.returncode == 0, done.stdout


def values(page: str, folder: Path) -> None:
    """What the page has written by then, and a chart."""
    (step,) = (step for step in runner.parse(PAGES[page]) if step.file == "values-ci.yaml")
    (folder / "values-ci.yaml").write_text(step.text)
    action.chart(folder)


def test_the_workflow(helm: Helm, with_helm: dict[str, str], tmp_path: Path) -> None:
    (workflow,) = examples("github-actions", "workflow")
    workflow["on"] = workflow.pop(True)  # YAML 1.1
    lint("vendor.github-workflows", workflow, tmp_path)
    (tmp_path / "workspace").mkdir()
    values("github-actions", tmp_path / "workspace")
    (job,) = workflow["jobs"].values()
    secrets = fresh()
    own = {name: secrets.get(name, text) for name, text in job["env"].items()}
    assert own["HEIMDALL_PR_REDACT"] == "true"
    assert all(text == f"${{{{ secrets.{name} }}}}" for name, text in job["env"].items() if name in secrets)
    _, ours, render = job["steps"]
    inputs = {name: str(value).lower() if value is True else value for name, value in ours["with"].items()}
    done = action.job(tmp_path / "workspace", {**with_helm, **own}, HELM_PR, **inputs)
    assert done.code == 0, done.printed
    env = {**with_helm, **own, "PATH": f"{HELM_PR.parent}:{with_helm['PATH']}"}
    if helm.major == 3:  # a name, which Helm 3 looks for on PATH
        assert helm.version.startswith("3.")
    rendered = run(["bash", "-e", "-c", render["run"]], env=env, cwd=tmp_path / "workspace")
    assert rendered.returncode == 0, rendered.stderr
    assert rendered.stdout.count("redacted by heimdall-pr") == 4
    assert leaks(rendered.stdout + rendered.stderr + done.printed, secrets.values()) == []


def test_the_gitlab_pipeline(with_helm: dict[str, str], tmp_path: Path) -> None:
    (pipeline,) = examples("gitlab", "gitlab")
    lint("vendor.gitlab-ci", pipeline, tmp_path)
    assert pipeline["variables"]["HEIMDALL_PR_REDACT"] == "true"
    (include,) = pipeline["include"]
    assert (ROOT / include["file"]).exists()
    (tmp_path / "project").mkdir()
    values("gitlab", tmp_path / "project")
    inputs = {name: value for name, value in include["inputs"].items() if name != "package"}
    secrets = fresh()
    code, printed = gitlab.job(tmp_path / "project", {**with_helm, **secrets, **pipeline["variables"]}, False, **inputs)
    assert (code, leaks(printed, secrets.values())) == (0, []), printed


def test_the_pre_commit_configuration(tmp_path: Path) -> None:
    (config,) = examples("pre-commit", "pre-commit")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    pre_commit = Path(sys.executable).with_name("pre-commit")
    done = run([str(pre_commit), "validate-config", str(tmp_path / "config.yaml")], env={"PATH": os.defpath})
    assert done.returncode == 0, done.stdout
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} == known


def test_every_input_is_in_the_page() -> None:
    assert [name for name in action.ACTION["inputs"] if f"`{name}`" not in PAGES["github-actions"]] == []
