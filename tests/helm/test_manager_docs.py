"""The pages on secret managers do what they say, and name every system."""

import json
import os
import shutil
from pathlib import Path

import pytest

from post_renderer.model.options import OPTIONS
from post_renderer.producers import PRODUCERS
from post_renderer.scaffold.systems import SYSTEMS
from tests import helms
from tests.clusters import Cluster
from tests.helms import Helm, run
from tests.readme import runner
from tests.support import CHART, ROOT, accepted, fresh, leaks

NAMES = ("secret-managers", "monitoring", "eso", "vso", "csi", "sealed-secrets")
PAGES = {name: ROOT / "docs" / f"{name}.md" for name in NAMES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the chart in it."""
    shutil.copytree(CHART, tmp_path / "folder" / "charts" / "heimdall")
    return tmp_path / "folder"


def environment(helm: Helm, folder: Path) -> dict[str, str]:
    """This Helm is `helm` on PATH, and heimdall-pr is there, for Helm 4 as a plugin too."""
    commands = folder.with_name("bin")
    commands.mkdir()
    (commands / "helm").symlink_to(helm.path)
    if not shutil.which("kubectl"):
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    assert helm.post_renderer
    return {**helm.env, "PATH": os.pathsep.join([str(commands), str(helms.HELM_PR.parent), helm.env["PATH"]])}


@pytest.mark.parametrize("page", PAGES)
def test_page(helm: Helm, folder: Path, page: str) -> None:
    """What needs no cluster."""
    steps = runner.parse(PAGES[page].read_text())
    assert runner.run(steps, {f"helm{helm.major}"}, folder, environment(helm, folder)) > 0


@pytest.mark.parametrize("page", ["secret-managers", "monitoring"])
def test_page_with_a_cluster(helm: Helm, cluster: Cluster, folder: Path, page: str) -> None:
    steps = runner.parse(PAGES[page].read_text())
    assert any("cluster" in step.words for step in steps)
    env = {**environment(helm, folder), "KUBECONFIG": str(cluster.kubeconfig)}
    runner.run(steps, {f"helm{helm.major}", "cluster"}, folder, env)


# Stands in for the program of each manager: it answers with what is stored, and keeps what it is given.
PROGRAM = """#!/bin/sh
printf '%s\\n' "$@" >> {folder}/{name}.words
case " $* " in *" get-secret-value "*|*" access "*) echo '{stored}' ;; *) cat > {folder}/{name}.stdin ;; esac
"""


@pytest.mark.needs("bash", "jq", "openssl")
def test_a_rotation_replaces_one_key(tmp_path: Path) -> None:
    """The commands of the page for each manager: the other three keys stay, and the new value is on no command line."""
    stored = fresh()
    (block,) = (each for each in runner.fences(PAGES["eso"].read_text()) if "put-secret-value" in each.text)
    for name in ("aws", "gcloud", "az", "vault"):
        program = tmp_path / name
        program.write_text(PROGRAM.format(folder=tmp_path, name=name, stored=json.dumps(stored)))
        program.chmod(0o755)
    env = {"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    accepted(run(["bash", "-e", "-c", block.text], env=env))
    given = {name: (tmp_path / f"{name}.stdin").read_text() for name in ("aws", "gcloud", "az", "vault")}
    written = {name: json.loads(given[name]) for name in ("aws", "gcloud")}
    new = [each["JWT_SECRET"] for each in written.values()] + [given["az"], given["vault"]]
    assert [len(value) for value in new] == [128] * 4
    assert all(value.isalnum() and value != stored["JWT_SECRET"] for value in new)
    for each in written.values():
        assert {**each, "JWT_SECRET": ""} == {**stored, "JWT_SECRET": ""}
    assert not leaks("".join(path.read_text() for path in tmp_path.glob("*.words")), {*new, *stored.values()})


def test_every_system_kind_and_finding_is_named() -> None:
    text = PAGES["secret-managers"].read_text()
    assert [name for name in SYSTEMS if f"| `{name}` |" not in text] == []
    assert [name for name in PRODUCERS if f"`{name}`" not in text] == []
    live = {option.flag for option in OPTIONS if "--live" in option.help or option.flag == "--live"}
    assert live == {"--live", "--namespace", "--context", "--kubeconfig"}
    assert [flag for flag in live if f"`{flag}`" not in text] == []
    code = (ROOT / "post_renderer" / "adapters" / "kubectl.py").read_text()
    assert [rule for rule in ("absent", "forbidden", "unreachable", "slow", "unusable", "no-kubectl")
            if f'"live-{rule}"' not in code or f"`live-{rule}`" not in text] == []  # fmt: skip  # one thing
