"""Where the last report is kept: whole, one's own, and never in the place of what is no plain file."""

import os
from pathlib import Path

import pytest

from post_renderer.adapters import report_store


def test_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "report.txt"
    for text in ("a longer text than the next", "short\udcff\n"):
        report_store.write(str(target), text)
    assert target.read_text() == "short\\udcff\n"
    assert (target.stat().st_mode & 0o777, os.listdir(target.parent)) == (0o600, ["report.txt"])


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """As /dev/null stays a device, in whose place root could put a file."""
    target = tmp_path / "pipe"
    os.mkfifo(target)
    with pytest.raises(OSError, match="No such device"):  # nobody reads: not waited for
        report_store.write(str(target), "text")
    reader = os.open(target, os.O_RDONLY | os.O_NONBLOCK)
    report_store.write(str(target), "text")
    assert (os.read(reader, 9), target.is_fifo(), os.listdir(tmp_path)) == (b"text", True, ["pipe"])
    os.close(reader)
