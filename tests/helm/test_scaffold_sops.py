"""The scaffold for SOPS, followed to the letter in a git repository: a key, the file, the render."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.helms import Helm
from tests.sopses import Sops
from tests.support import CHART, KEYS, accepted, leaks

pytestmark = pytest.mark.needs("git")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the chart."""
    made = tmp_path / "repository"
    shutil.copytree(CHART, made / "charts" / "heimdall")
    subprocess.run(["git", "init", "--quiet", str(made)], check=True)
    return made


def environment(helm: Helm, sops: Sops) -> dict[str, str]:
    """All that the commands need on PATH, and a home without a key."""
    (sops.home / "tools").mkdir()
    for name, program in {"sops": sops.path, "age-keygen": sops.keygen, "helm": helm.path}.items():
        (sops.home / "tools" / name).symlink_to(program)
    assert helm.post_renderer
    path = os.pathsep.join([str(sops.home / "tools"), str(helms.HELM_PR.parent), helm.env["PATH"]])
    return {**helm.env, "PATH": path, "HOME": str(sops.home), "XDG_CONFIG_HOME": str(sops.home / ".config")}


def commands(scaffold: str, *starts: str) -> str:
    """The lines of the comments that begin so, as a script."""
    lines = re.findall(r"^#   (.*)$", scaffold, re.MULTILINE)
    found = [line for line in lines if line.startswith(starts)]
    assert found
    return "\n".join(found)


def test_followed_to_the_letter(helm: Helm, sops: Sops, folder: Path) -> None:
    env = environment(helm, sops)

    def shell(script: str) -> str:
        return accepted(helms.run(["bash", "-euo", "pipefail", "-c", script], env=env, cwd=folder)).stdout

    shell(commands(shell("heimdall-pr scaffold sops"), "mkdir -p ~"))
    key = sops.home / ".config/sops/age/keys.txt"
    shell(f'heimdall-pr scaffold sops --recipient "$(age-keygen -y {key})" > .sops.yaml')
    scaffold = (folder / ".sops.yaml").read_text()
    shell(commands(scaffold, 'mkdir -p "$', "heimdall-pr generate"))
    file = folder / "env" / "heimdall-secrets.yaml"
    held = yaml.safe_load(sops.run("decrypt", str(file), env={"SOPS_AGE_KEY_FILE": str(key)}))
    assert set(held) == set(KEYS)
    assert not leaks(file.read_text(), held.values())
    (setting,) = re.findall(r"--set ('[^']+')", scaffold)
    render = f"helm template heimdall charts/heimdall --set {setting} --post-renderer heimdall-pr"
    found = [each for each in yaml.safe_load_all(shell(render)) if each and each["kind"] == "Secret"]
    (secret,) = (each for each in found if each["metadata"]["name"] == "heimdall-secrets")
    assert set(secret["data"]) == set(KEYS)
