"""Files: read without waiting, written whole with the permissions that were asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from post_renderer.adapters import disk
from post_renderer.adapters.disk import Content


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Whatever the user's umask is."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


READ = [
    ("shorter than the limit", 9, Content(b"text", 0o640, True)),
    ("as long as the limit", 4, Content(b"text", 0o640, True)),
    ("longer than the limit", 3, Content(b"tex", 0o640, False)),
]


@pytest.mark.parametrize(("most", "expected"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_read(tmp_path: Path, most: int, expected: Content) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    assert disk.read(str(tmp_path / "file"), most) == disk.read(str(tmp_path / "link"), most) == expected
    with pytest.raises(OSError, match="symbolic links"):
        disk.read(str(tmp_path / "link"), most, os.O_NOFOLLOW)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # nobody writes: not waited for
    assert [disk.read(path, 9) for path in (str(tmp_path / "pipe"), "/dev/zero")] == [None] * 2
    with pytest.raises(IsADirectoryError):
        disk.read(str(tmp_path), 9)
    with pytest.raises(FileNotFoundError):
        disk.read(str(tmp_path / "absent"), 9)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
@pytest.mark.usefixtures("umask")
def test_written_with_its_permissions(tmp_path: Path, mode: int) -> None:
    for content in (b"a longer text than the next", b"next"):
        disk.write(str(tmp_path / "file"), content, mode, sync=True)
        assert (tmp_path / "file").read_bytes() == content
    assert ((tmp_path / "file").stat().st_mode & 0o777, names(tmp_path)) == (mode, ["file"])


def test_without_a_mode_the_umask_decides(tmp_path: Path, umask: int) -> None:
    disk.place(disk.beside(str(tmp_path / "file"), b""))
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.usefixtures("umask")
def test_nobody_else_may_open_it_before_it_has_its_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opened it earlier could read what is written later."""
    seen = []
    change = os.fchmod

    def watched(descriptor: int, mode: int) -> None:
        seen.append(os.fstat(descriptor).st_mode & 0o077)
        change(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", watched)
    disk.write(str(tmp_path / "file"), b"text", 0o600)
    assert seen == [0]


def test_a_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("kept")
    (tmp_path / "file").symlink_to("other")
    disk.write(str(tmp_path / "file"), b"new", 0o600)
    assert ((tmp_path / "file").read_text(), (tmp_path / "other").read_text()) == ("new", "kept")
    assert not (tmp_path / "file").is_symlink()


def test_a_new_one_takes_no_other_s_place(tmp_path: Path) -> None:
    disk.write(str(tmp_path / "file"), b"first", 0o600, new=True)
    with pytest.raises(FileExistsError):
        disk.write(str(tmp_path / "file"), b"second", 0o600, new=True)
    assert ((tmp_path / "file").read_text(), names(tmp_path)) == ("first", ["file"])


def test_a_temporary_file_of_another_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("kept")
    (tmp_path / f"file.{os.getpid()}.tmp").symlink_to("other")
    with pytest.raises(FileExistsError):
        disk.write(str(tmp_path / "file"), b"new", 0o600)
    assert (tmp_path / "other").read_text() == "kept"


def test_what_can_not_take_its_place_is_removed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        disk.write(str(tmp_path / "folder"), b"new", 0o600)
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_folders(tmp_path: Path, umask: int, mode: int) -> None:
    disk.make_folder(str(tmp_path / "a/b/c"), mode)
    disk.make_folder(str(tmp_path / "a/b/c"), 0o777)
    made = [tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/c"]
    assert {path.stat().st_mode & 0o777 for path in made} == {mode & ~umask}


def test_a_folder_below_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in ("", "a", "b/c"):
        disk.make_folder(path, 0o700)
    assert (names(tmp_path), (tmp_path / "b/c").is_dir()) == (["a", "b"], True)


def test_a_pipe_that_is_full_is_waited_for_if_asked(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        disk.print_to(str(tmp_path / "pipe"), bytes(1 << 20))
    os.close(reader)


SPECIAL = [("/dev/null", True), ("/", False), ("/nonexistent", False), (__file__, False)]


@pytest.mark.parametrize(("path", "expected"), SPECIAL)
def test_is_special(path: str, expected: bool) -> None:
    assert disk.is_special(path) is expected
