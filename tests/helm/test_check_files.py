"""`check` on secrets files: those that SOPS encrypted are read, and git is asked about those in clear."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import in_process
from tests.helms import Helm
from tests.sopses import Sops
from tests.support import CHART, FILE, Done, fresh, leaks

COMMAND = ["check", str(CHART), "--set", f"heimdall.secretsFiles={{{FILE}}}", "--format", "json"]


def check(helm: Helm, folder: Path, *args: str, **env: str) -> tuple[Done, list[tuple[str, str]]]:
    """What it says of the secrets file in a folder: the exit code and the findings."""
    path = os.pathsep.join([str(helm.path.parent), env.pop("PATH", os.environ["PATH"])])
    done = in_process.text([*COMMAND, *args], env={**helm.env, **env, "PATH": path}, cwd=folder)
    return done, [(each["severity"], each["rule"]) for each in json.loads(done.stdout)["findings"]]


def written(folder: Path, text: str) -> None:
    (folder / FILE).parent.mkdir(exist_ok=True)
    (folder / FILE).write_text(text)
    (folder / FILE).chmod(0o600)


def in_clear(secrets: dict[str, str]) -> str:
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in secrets.items())


GIT = [
    ("no repository", "true", 0, []),
    ("ignored", "git init -q && echo /env/ >.gitignore", 0, []),
    ("not ignored", "git init -q", 0, [("warning", "git-untracked")]),
    ("tracked", "git init -q && git add env", 1, [("error", "git-tracked")]),
]


@pytest.mark.needs("git")
@pytest.mark.parametrize(("prepare", "code", "expected"), [row[1:] for row in GIT], ids=[row[0] for row in GIT])
def test_git_is_asked(helm: Helm, tmp_path: Path, prepare: str, code: int, expected: list[tuple[str, str]]) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    written(folder, in_clear(fresh()))
    subprocess.run(["sh", "-ec", prepare], cwd=folder, check=True)
    done, found = check(helm, folder)
    assert (done.returncode, found) == (code, expected)


@pytest.mark.needs("git")
def test_a_person_may_decide(helm: Helm, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    written(folder, in_clear(fresh()))
    subprocess.run(["sh", "-ec", "git init -q && git add env"], cwd=folder, check=True)
    assert check(helm, folder, "--ignore", "git-tracked=made for tests")[0].returncode == 0


@pytest.mark.needs("git")
def test_an_encrypted_file(helm: Helm, sops: Sops, tmp_path: Path) -> None:
    """It may be tracked, and be read by others."""
    folder, secrets = tmp_path / "work", fresh()
    folder.mkdir()
    written(folder, sops.encrypt(in_clear(secrets)))
    (folder / FILE).chmod(0o644)
    subprocess.run(["sh", "-ec", "git init -q && git add env"], cwd=folder, check=True)
    done, found = check(helm, folder, **sops.env)
    assert (done.returncode, found) == (0, [])
    done, found = check(helm, folder, **{**sops.env, "SOPS_AGE_KEY_FILE": "/nonexistent"})
    assert (done.returncode, found) == (1, [("error", "sops-key")])
    assert leaks(done.stdout + done.stderr, secrets.values()) == []


def test_a_finding_has_the_line_of_the_encrypted_file(helm: Helm, sops: Sops, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    written(folder, "# mine\n" + sops.encrypt("# c\n\n" + in_clear({**fresh(), "API_KEY_SECRET": "CHANGE_ME"})))
    text = (folder / FILE).read_text()
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("API_KEY_SECRET"))
    done, found = check(helm, folder, **sops.env)
    assert found == [("error", "placeholder")]
    assert f'"line": {line}' in done.stdout
    assert line > 2


def test_a_foreign_service(helm: Helm, sops: Sops, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    written(folder, sops.encrypt(in_clear(fresh())).replace("sops:", "sops:\n    kms: [{arn: a}]"))
    assert check(helm, folder, **sops.env)[1] == [("error", "sops-keys")]
    assert check(helm, folder, "--sops-allow", **sops.env)[1] != [("error", "sops-keys")]
