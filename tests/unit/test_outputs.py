"""Reports to files: all or none, and never over what is no plain file."""

import os
from pathlib import Path

import pytest

from post_renderer.adapters import outputs
from post_renderer.model.errors import UserError


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_written_whole(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("a longer text than the new one")
    (tmp_path / "link").symlink_to("old")
    outputs.write([(str(tmp_path / "link"), "new\udcff\n"), (str(tmp_path / "other"), "é\n")])
    assert (tmp_path / "old").read_text() == "new\\udcff\n"
    assert (tmp_path / "other").read_text() == "é\n"
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == {"old", "link", "other"}


REFUSED = [
    ("a folder that is not there", "no/report", 2),
    ("a folder", "folder", 2),
    ("below a file", "file/report", 2),
    ("a full disk", "/dev/full", 1),
]


@pytest.mark.parametrize(("path", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_one_that_can_not_be_written_leaves_the_others_alone(tmp_path: Path, path: str, code: int) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    (tmp_path / "first").write_text("kept")
    with pytest.raises(UserError) as caught:
        outputs.write([(str(tmp_path / "first"), "new"), (os.path.join(tmp_path, path), "new")])
    assert path in caught.value.message
    assert caught.value.code == code
    assert (tmp_path / "first").read_text() == "kept"
    assert names(tmp_path) == {"folder", "file", "first"}


def test_a_device_stays_one() -> None:
    outputs.write([("/dev/null", "gone")])
    assert not Path("/dev/null").is_file()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    outputs.write([(str(tmp_path / "pipe"), "text")])
    assert os.read(reader, 9) == b"text"
    os.close(reader)


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="pipe can't be written"):
        outputs.write([(str(tmp_path / "pipe"), "text")])
