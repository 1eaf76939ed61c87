"""How git treats a file: real repositories, those with traps too."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from post_renderer.adapters import git

pytestmark = pytest.mark.needs("git")
FILE = "env/secrets.yaml"
NOBODY = 65534


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a secrets file, in a home without settings."""
    folder = tmp_path / "repository"
    (folder / "env").mkdir(parents=True)
    (folder / FILE).write_text("JWT_SECRET: x\n")
    run(folder, "init", "--quiet")
    return folder


def run(folder: Path, *command: str) -> None:
    """The user's own git."""
    identity = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, "-C", folder, *command], env=environ(folder), check=True, capture_output=True)


def environ(folder: Path, **more: str) -> dict[str, str]:
    """With a home beside the repository."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder.parent), **more}


def state(folder: Path, path: str = FILE, **more: str) -> str:
    return git.state(str(folder / path), environ(folder, **more))


def add(folder: Path) -> None:
    run(folder, "add", FILE)


def commit(folder: Path) -> None:
    run(folder, "add", FILE)
    run(folder, "commit", "--quiet", "--message", "m")


def ignore(folder: Path) -> None:
    (folder / ".gitignore").write_text("/env/\n")


def ignore_for_the_user(folder: Path) -> None:
    (folder.parent / ".config/git").mkdir(parents=True)
    (folder.parent / ".config/git/ignore").write_text("secrets.yaml\n")


def ignore_and_commit(folder: Path) -> None:
    commit(folder)
    ignore(folder)


def no_repository(folder: Path) -> None:
    shutil.rmtree(folder / ".git")


def remove_the_file(folder: Path) -> None:
    shutil.rmtree(folder / "env")


def remove_what_is_tracked(folder: Path) -> None:
    commit(folder)
    shutil.rmtree(folder / "env")


def damage(folder: Path) -> None:
    (folder / ".git/config").write_text("[core\n")


def of_another(folder: Path) -> None:
    for path in (folder, folder / ".git"):
        os.chown(path, NOBODY, NOBODY)


STATES: list[tuple[str, Callable[[Path], object], str]] = [
    ("new", os.fspath, "untracked"),
    ("staged", add, "tracked"),
    ("committed", commit, "tracked"),
    ("ignored", ignore, "ignored"),
    ("ignored by the user's own settings", ignore_for_the_user, "ignored"),
    ("ignored, yet committed", ignore_and_commit, "tracked"),
    ("no repository", no_repository, "none"),
    ("no file and no folder yet", remove_the_file, "untracked"),
    ("tracked, and gone", remove_what_is_tracked, "tracked"),
    ("damaged configuration", damage, "unknown"),
]


@pytest.mark.parametrize(("prepare", "expected"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_state(repository: Path, prepare: Callable[[Path], object], expected: str) -> None:
    prepare(repository)
    assert state(repository) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_a_repository_of_another_user_is_not_believed(repository: Path) -> None:
    ignore(repository)
    of_another(repository)
    assert state(repository) == "unknown"
    subprocess.run(
        ["git", "config", "--global", "safe.directory", str(repository)], env=environ(repository), check=True
    )
    assert state(repository) == "ignored"


NAMES = ["*.yaml", ":(top)x", "-x", "a b'c", "ü\n.yaml"]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_taken_as_they_are(repository: Path, name: str) -> None:
    commit(repository)
    assert state(repository, name) == "untracked"
    (repository / name).write_text("x")
    run(repository, "--literal-pathspecs", "add", "--", name)
    assert state(repository, name) == "tracked"


def test_no_git(repository: Path) -> None:
    assert git.state(str(repository / FILE), {"PATH": str(repository)}) == "none"


def test_variables_of_git_do_not_lead_elsewhere(repository: Path) -> None:
    commit(repository)
    other = repository.parent / "other"
    other.mkdir()
    run(other, "init", "--quiet")
    lead = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_INDEX_FILE": str(other / ".git/index")}
    assert state(repository, **lead) == "tracked"


def traps(folder: Path, script: Path) -> None:
    """All the settings by which a repository may have a program run; includes bring them too."""
    included = folder / "traps"
    keys = ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "credential.helper")
    for key in (*keys, "filter.f.clean", "filter.f.smudge", "filter.f.process", "core.askPass", "gpg.program"):
        run(folder, "config", "--file", str(included), key, str(script))
    for key in ("alias.ls-files", "alias.check-ignore", "pager.ls-files"):
        run(folder, "config", "--file", str(included), key, f"!{script}")
    run(folder, "config", "include.path", str(included))
    run(folder, "config", "core.hooksPath", str(script.parent))
    run(folder, "config", "extensions.partialClone", "origin")
    run(folder, "config", "core.repositoryFormatVersion", "1")
    run(folder, "config", "remote.origin.url", f"ext::{script}")
    run(folder, "config", "remote.origin.promisor", "true")
    (folder / ".gitattributes").write_text("* filter=f\n")


def test_the_repository_s_settings_run_no_program(repository: Path) -> None:
    commit(repository)
    script = repository.parent / "hooks" / "post-index-change"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\ntouch {repository.parent}/ran\n")
    script.chmod(0o755)
    traps(repository, script)
    (repository / FILE).write_text("JWT_SECRET: changed\n")
    # That the trap works: git itself falls into it.
    subprocess.run(["git", "status"], cwd=repository, env=environ(repository), capture_output=True, check=False)
    ran = repository.parent / "ran"
    assert ran.exists()
    ran.unlink()
    assert [state(repository), state(repository, "env/other.yaml")] == ["tracked", "untracked"]
    assert not ran.exists()


def test_a_folder_that_looks_like_a_repository_is_none(repository: Path) -> None:
    run(repository, "init", "--quiet", "--bare", "env/bare")
    script = repository.parent / "trap"
    script.write_text(f"#!/bin/sh\ntouch {repository.parent}/ran\n")
    script.chmod(0o755)
    run(repository, "config", "--file", "env/bare/config", "core.fsmonitor", str(script))
    run(repository, "config", "--file", "env/bare/config", "core.worktree", str(repository))
    assert state(repository, "env/bare/secrets.yaml") in ("none", "untracked")
    assert not (repository.parent / "ran").exists()


FINDINGS = [
    ("tracked", False, ("error", "git-tracked")),
    ("untracked", False, ("warning", "git-untracked")),
    ("unknown", False, ("warning", "git-unknown")),
    ("ignored", False, None),
    ("none", False, None),
    ("tracked", True, None),
    ("untracked", True, None),
]


@pytest.mark.parametrize(("found", "encrypted", "expected"), FINDINGS)
def test_finding(found: str, encrypted: bool, expected: tuple[str, str] | None) -> None:
    finding = git.finding(FILE, found, encrypted)
    assert (finding and (finding.severity, finding.rule)) == expected
    assert finding is None or (finding.where.file == FILE and finding.expected and finding.fix)


@pytest.mark.parametrize(
    "path", [FILE, "secrets.yaml", "a b/it's.yaml", "x*y.yaml", "a\\nb", ":(top)x", "-x", "-d/$(id)"]
)
def test_the_command_that_fixes_does(repository: Path, path: str) -> None:
    (repository / path).parent.mkdir(exist_ok=True)
    (repository / path).write_text("x")
    for found in (git.UNTRACKED, git.TRACKED):
        command = str(git.fix(path, found)._replace(note=""))
        if found == git.TRACKED:
            (repository / path).parent.joinpath(".gitignore").unlink()
            run(repository, "--literal-pathspecs", "add", "--", path)
        assert state(repository, path) == found
        subprocess.run(["sh", "-ec", command], cwd=repository, env=environ(repository), check=True, capture_output=True)
        assert state(repository, path) == "ignored"


def test_the_fix_for_a_file_in_a_new_folder(repository: Path) -> None:
    """`generate` refuses before it makes the folder."""
    command = str(git.fix("new/a b/s.yaml", git.UNTRACKED))
    subprocess.run(["sh", "-ec", command], cwd=repository, env=environ(repository), check=True, capture_output=True)
    assert state(repository, "new/a b/s.yaml") == "ignored"


IGNORE_FILES = [
    ("none", None, "/s.yaml\n"),
    ("empty", "", "/s.yaml\n"),
    ("lines", "*.log\n", "*.log\n/s.yaml\n"),
    ("no line break at the end", "*.log", "*.log\n/s.yaml\n"),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in IGNORE_FILES], ids=[row[0] for row in IGNORE_FILES])
def test_ignore(repository: Path, monkeypatch: pytest.MonkeyPatch, before: str | None, after: str) -> None:
    monkeypatch.chdir(repository)
    if before is not None:
        (repository / ".gitignore").write_text(before)
    assert git.ignore("s.yaml") == ".gitignore"
    assert (repository / ".gitignore").read_text() == after
    assert git.ignore("s.yaml") == "", "it is ignored now"
    assert (repository / ".gitignore").read_text() == after
    run(repository, "add", "--force", ".gitignore")
    assert git.ignore(".gitignore") == "", "git tracks it"


TRANSPORTS = {
    "its own": ("remote.origin.url", "ext::{script}"),
    "ssh's": ("core.sshCommand", "{script}"),
    "a helper's": ("remote.origin.url", "x::y"),
}


def partial_clone(folder: Path, script: Path, transport: str) -> None:
    """One whose sparse index names a tree that is not there: git asks the remote for it, by a program that is named."""
    (folder / "rest").mkdir()
    (folder / "rest/file").write_text("x")
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "--message", "m")
    run(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "env")
    command = ["git", "-C", str(folder), "rev-parse", "HEAD:rest"]
    tree = subprocess.run(command, env=environ(folder), check=True, capture_output=True, text=True).stdout.strip()
    (folder / ".git/objects" / tree[:2] / tree[2:]).unlink()
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\ntouch {folder.parent}/ran\n")
    script.chmod(0o755)
    run(folder, "config", "core.repositoryFormatVersion", "1")
    run(folder, "config", "extensions.partialClone", "origin")
    run(folder, "config", "remote.origin.promisor", "true")
    run(folder, "config", "remote.origin.url", "ssh://example.invalid/x")
    run(folder, "config", "protocol.ext.allow", "always")
    key, value = TRANSPORTS[transport]
    run(folder, "config", key, value.format(script=script))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_partial_clone_fetches_nothing(repository: Path, transport: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script, ran = repository.parent / "bin" / "git-remote-x", repository.parent / "ran"
    partial_clone(repository, script, transport)
    path = {"PATH": f"{script.parent}:{os.environ['PATH']}"}
    # That the trap works: git itself falls into it.
    plain = ["git", "ls-files", "--error-unmatch", "rest/file"]
    subprocess.run(plain, cwd=repository, env=environ(repository, **path), capture_output=True, check=False)
    assert ran.exists()
    ran.unlink()
    assert state(repository, "rest/file", **path) in {"unknown", "untracked"}  # never "ignored"
    assert not ran.exists()
    # Nor does an older git, which does not know the variable that forbids it.
    monkeypatch.setattr(git, "SET", {name: text for name, text in git.SET.items() if name != "GIT_NO_LAZY_FETCH"})
    state(repository, "rest/file", **path)
    assert not ran.exists()
