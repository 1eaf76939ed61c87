"""Running a program: its input and output whole, its limits, and nothing left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from post_renderer.adapters import processes
from post_renderer.adapters.processes import Done, TooMuch, TooSlow

ENV = {"PATH": os.environ["PATH"]}
LARGE = b"0123456789abcdef" * (1 << 16)  # 1 MiB: more than pipes hold

RUNS = [
    ("both outputs and a code", "cat; echo e >&2; exit 3", b"in", Done(3, b"in", b"e\n")),
    ("no input", "cat", b"", Done(0, b"", b"")),
    ("large both ways", "cat", LARGE, Done(0, LARGE, b"")),
    ("large on standard error", "cat >&2", LARGE, Done(0, b"", LARGE)),
    ("input that nobody reads", "exit 0", LARGE, Done(0, b"", b"")),
    ("input of which a part is read", "head -c 3", LARGE, Done(0, LARGE[:3], b"")),
    ("standard output closed early", "exec >&-; cat >/dev/null; exit 1", LARGE, Done(1, b"", b"")),
    ("ended by a signal", "kill -SEGV $$", b"", Done(-signal.SIGSEGV, b"", b"")),
    ("no variable but those given", "echo ${HOME-none}", b"", Done(0, b"none\n", b"")),
]


def sh(script: str) -> list[str]:
    return ["bash", "--norc", "-c", script]


@pytest.mark.parametrize(("script", "stdin", "expected"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS])
def test_run(script: str, stdin: bytes, expected: Done) -> None:
    assert processes.run(sh(script), ENV, stdin, seconds=60) == expected


LIMITS: list[tuple[str, str, int | None, type[Exception]]] = [
    ("hangs", "sleep 60", None, TooSlow),
    ("hangs with its outputs closed", "exec >&- 2>&-; sleep 60", None, TooSlow),
    ("a child holds the output", "sleep 60 &", None, TooSlow),
    ("prints for ever", "exec yes", None, TooSlow),
    ("prints too much", "exec yes", 1000, TooMuch),
    ("prints too much on standard error", "exec yes >&2", 1000, TooMuch),
]


@pytest.mark.parametrize(("script", "most", "error"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_limits(tmp_path: Path, script: str, most: int | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        processes.run(sh(f"echo $$ >{tmp_path}/pid; {script}"), ENV, seconds=0.5, most=most)
    assert is_over(tmp_path / "pid")


def test_what_is_below_the_limit_is_not_too_much() -> None:
    assert processes.run(sh("echo x; echo y >&2"), ENV, seconds=60, most=4) == Done(0, b"x\n", b"y\n")


def test_what_a_program_leaves_behind_is_ended(tmp_path: Path) -> None:
    script = f"sleep 60 >/dev/null 2>&1 </dev/null & echo $! >{tmp_path}/pid"
    assert processes.run(sh(script), ENV, seconds=60).code == 0
    assert is_over(tmp_path / "pid")


def test_one_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        processes.run(["/nonexistent"], ENV, seconds=60)


def test_a_descriptor_is_inherited() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"x")
    os.close(writer)
    script = f"cat /dev/fd/{reader}"
    assert processes.run(sh(script), ENV, seconds=60, keep=[reader]).out == b"x"
    assert processes.run(sh(script), ENV, seconds=60).code != 0
    os.close(reader)


RUNNER = """
import os, signal, sys
from post_renderer.adapters import processes
before = signal.getsignal(signal.SIGTERM)
try:
    processes.run(["bash", "--norc", "-c", sys.argv[1]], os.environ, seconds=60)
except KeyboardInterrupt:
    print("interrupted", signal.getsignal(signal.SIGTERM) == before)
"""
SCRIPT = "sleep 60 & echo $! >child; echo $$ >pid; wait"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_DFL)  # a background job ignores SIGINT, and so do its children
    try:
        process = started(tmp_path, SCRIPT)
    finally:
        signal.signal(number, before)
    process.send_signal(number)
    assert process.communicate(timeout=60)[0] == b"interrupted True\n"
    assert is_over(tmp_path / "pid") and is_over(tmp_path / "child")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        process = started(tmp_path, "echo $$ >pid; read -r -t 60 <pipe")
    finally:
        signal.signal(number, before)
    process.send_signal(number)
    (tmp_path / "pipe").write_text("go on\n")
    assert (process.communicate(timeout=60)[0], process.returncode) == (b"", 0)


def started(folder: Path, script: str) -> "subprocess.Popen[bytes]":
    """This module's own run() in another process, at a point where the program runs."""
    os.mkfifo(folder / "pipe")
    env = {**ENV, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, script], cwd=folder, env=env, stdout=subprocess.PIPE, start_new_session=True
    )
    while not (folder / "pid").exists() or not (folder / "pid").read_text():
        time.sleep(0.02)
    return process


def is_over(noted: Path) -> bool:
    """Whether the process with the noted number ends; nobody may have waited for it yet."""
    stat = Path(f"/proc/{noted.read_text().strip()}/stat")
    for _ in range(500):
        if not stat.exists() or " Z " in stat.read_text():
            return True
        time.sleep(0.02)
    return False
