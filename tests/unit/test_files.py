"""Fetching secrets files: the jail, and what is no file to read."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from post_renderer.adapters import files
from post_renderer.model.errors import UserError

CONTENT = b"JWT_SECRET: hunter2\n"
SECRET = "0123456789abcdef" * 8


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with one good file and everything that is none, and a file beside the root."""
    root = tmp_path / "root"
    (root / "env").mkdir(parents=True)
    for path, mode in ((root / "env/good.yaml", 0o600), (root / "open.yaml", 0o644), (tmp_path / "out.yaml", 0o600)):
        path.write_bytes(CONTENT)
        path.chmod(mode)
    for name, mode in (("group.yaml", 0o640), ("written.yaml", 0o602)):
        (root / name).write_bytes(CONTENT)
        (root / name).chmod(mode)
    (root / "link.yaml").symlink_to("env/good.yaml")
    (root / "out.yaml").symlink_to("../out.yaml")
    (root / "outfolder").symlink_to("..")
    (root / "loop.yaml").symlink_to("loop.yaml")
    (root / "..2024").mkdir()  # as Kubernetes mounts a Secret
    (root / "..2024/mounted.yaml").write_bytes(CONTENT)
    (root / "..2024/mounted.yaml").chmod(0o600)
    (root / "..data").symlink_to("..2024")
    (root / "mounted.yaml").symlink_to("..data/mounted.yaml")
    (root / "up.yaml").symlink_to("env/../env/./good.yaml")
    (root / "absolute.yaml").symlink_to(root / "env/good.yaml")
    (root / "back.yaml").symlink_to(f"../{root.name}/env/good.yaml")
    (root / "device.yaml").symlink_to("/dev/zero")
    os.mkfifo(root / "fifo.yaml", 0o600)
    with (root / "large.yaml").open("wb") as large:
        large.truncate(2 << 30)
    (root / "limit.yaml").write_bytes(b"#" * files.LIMIT)
    (root / "limit.yaml").chmod(0o600)
    return root


READ = [
    ("env/good.yaml", ()),
    ("./env/good.yaml", ()),
    ("link.yaml", ()),
    ("mounted.yaml", ()),
    ("up.yaml", ()),
    ("absolute.yaml", ()),
    ("open.yaml", ("file-mode",)),
    ("group.yaml", ("file-mode",)),
    ("written.yaml", ("file-mode",)),
    ("limit.yaml", ()),
]
REFUSED = [
    ("absent.yaml", "no-file"),
    ("env/good.yaml/x", "no-file"),
    ("env", "not-a-file"),
    ("fifo.yaml", "not-a-file"),
    ("large.yaml", "too-large"),
    ("../out.yaml", "outside-root"),
    ("env/../../out.yaml", "outside-root"),
    ("env/../env/good.yaml", "outside-root"),
    ("out.yaml", "outside-root"),
    ("outfolder/out.yaml", "outside-root"),
    ("device.yaml", "outside-root"),
    ("back.yaml", "outside-root"),
    ("loop.yaml", "unreadable-file"),
    ("link.yaml/x", "no-file"),
    ("outfolder", "outside-root"),
    ("/etc/hostname", "outside-root"),
    ("a\0b", "no-path"),
    ("", "not-a-file"),
    ("x" * 5000, "no-path"),
    (f"JWT_SECRET: {SECRET}", "no-path"),
    (f"JWT_SECRET: {SECRET}\n", "no-path"),
    (SECRET, "no-path"),
]


@pytest.mark.parametrize(("path", "rules"), READ, ids=[row[0] for row in READ])
def test_read(root: Path, path: str, rules: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    fact = files.fetch(path, str(root))
    assert fact.content is not None
    assert tuple(finding.rule for finding in fact.findings) == rules
    assert fact.path == f"{root}/{path}"
    monkeypatch.chdir(root)
    assert files.fetch(path, "").content == fact.content
    assert files.fetch(path, "").path == path


@pytest.mark.parametrize(("path", "rule"), REFUSED, ids=[row[0][:30] for row in REFUSED])
def test_refused(root: Path, path: str, rule: str) -> None:
    fact = files.fetch(path, str(root))
    assert fact.content is None
    (finding,) = fact.findings
    assert (finding.severity, finding.rule) == ("error", rule)
    assert finding.fix
    assert SECRET not in repr(fact)


NEAR = [
    ("env/goood.yaml", "env/good.yaml"),
    ("env/GOOD.yaml", "env/good.yaml"),
    ("opne.yaml", "open.yaml"),
    ("env/goooood.yaml", ""),
    ("env/other.yaml", ""),
]


@pytest.mark.parametrize(("path", "meant"), NEAR)
def test_a_file_of_nearly_that_name(root: Path, path: str, meant: str) -> None:
    (finding,) = files.fetch(path, str(root)).findings
    expected = f"ls -l {root}/{meant}, " if meant else f"heimdall-pr generate {root}/{path}, "
    assert str(finding.fix).startswith(expected)


HOSTILE = "$(id); `id`\u202e'.yaml"
SHOWN = r"$'$(id); `id`\xe2\x80\xae\'.yaml'"


def test_a_hostile_name_is_quoted_in_each_fix(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    (root / HOSTILE).write_text("x")
    (root / HOSTILE).chmod(0o644)
    (root / "-x").mkdir()
    fixes = [str(files.fetch(name, "").findings[0].fix) for name in (HOSTILE, f"x{HOSTILE}", f"at {HOSTILE}", "-x")]
    assert fixes == [
        f"chmod 600 {SHOWN}",
        f"ls -l {SHOWN}, which has nearly this name: did you mean that?",
        f"heimdall-pr generate $'at {SHOWN[2:]}, if this is the first install; else go to the folder that it is in",
        "ls -l ./-x, and name one of its files",
    ]


def test_a_socket_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.yaml")
        assert files.fetch("socket.yaml", "").content is None


OWN = [
    ("fifo.yaml", "is no regular file"),
    ("device.yaml", "is no regular file"),
    ("large.yaml", "is larger than 1 MiB"),
    ("env", "Is a directory"),
    ("none.yaml", "No such file"),
]


@pytest.mark.parametrize(("path", "told"), OWN, ids=[row[0] for row in OWN])
def test_a_file_of_the_user_s_own(root: Path, path: str, told: str) -> None:
    """Wherever it is, also by a link; what is none is refused, and not waited for."""
    with pytest.raises(UserError, match=told):
        files.fetch_own(str(root / path))
    assert files.fetch_own(str(root / "out.yaml")) == CONTENT


READS = 5000


def test_a_folder_that_is_swapped_for_a_link_leads_nowhere(root: Path) -> None:
    """While another process swaps them as fast as it can: each read is the file's or a finding."""
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "good.yaml").write_text("JWT_SECRET: outside\n")
    (root / "link").symlink_to(outside)
    swap = f"""
import ctypes
libc = ctypes.CDLL(None)
while True:
    libc.renameat2(-100, {os.fsencode(root / "env")!r}, -100, {os.fsencode(root / "link")!r}, 2)  # RENAME_EXCHANGE
"""
    rules: set[str] = set()
    with subprocess.Popen([sys.executable, "-c", swap]) as process:
        try:
            for _ in range(READS):
                fact = files.fetch("env/good.yaml", str(root))
                assert fact.content in (None, CONTENT)
                rules.add(fact.findings[0].rule if fact.findings else "read")
        finally:
            process.kill()
    if rules == {"read"}:
        pytest.skip("this file system does not exchange two names at once")
    assert rules <= {"read", "outside-root", "unreadable-file", "no-file"}


def test_a_root_that_is_a_link_is_followed(root: Path) -> None:
    (root.parent / "alias").symlink_to(root)
    assert files.fetch("env/good.yaml", str(root.parent / "alias")).content == CONTENT


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(root: Path) -> None:
    (root / "env/good.yaml").chmod(0)
    (finding,) = files.fetch("env/good.yaml", str(root)).findings
    assert finding.rule == "unreadable-file"
