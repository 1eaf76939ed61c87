"""The gate as a process: what it waits for, what it says, how it ends."""

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from post_renderer.rules import policy
from tests import gate_rules
from tests.support import KEYS, Done, leaks
from tests.unit.streams import SOUND

TEXT = gate_rules.GATE.read_text()
GATE = [sys.executable, "-I", str(gate_rules.GATE)]
AS_IN_THE_POD = [sys.executable, "-I", "-c", TEXT]
GOOD = {key: value.encode() for key, value in SOUND.items()}
JWT = GOOD["JWT_SECRET"]
Data = dict[str, bytes]


def mounted(folder: Path, values: Mapping[str, bytes]) -> Path:
    """A folder as the kubelet makes one, or swaps one."""
    folder.mkdir(parents=True, exist_ok=True)
    side = folder / f"..{time.monotonic_ns()}"
    side.mkdir()
    for key, value in values.items():
        (side / key).write_bytes(value)
        if not (folder / key).is_symlink():
            (folder / key).symlink_to(f"..data/{key}")
    link = folder / "..data_tmp"
    link.symlink_to(side.name)
    current = folder / "..data"
    old = current.resolve() if current.is_symlink() else None
    link.replace(current)
    for key in os.listdir(folder):
        if not key.startswith("..") and key not in values:
            (folder / key).unlink()
    if old:
        shutil.rmtree(old)
    return folder


def changed(**changes: bytes | None) -> Data:
    """Good values with changes; None leaves a key out."""
    return {key: value for key, value in {**GOOD, **changes}.items() if value is not None}


def gate(folder: Path, *more: str, start: list[str] = GATE) -> Done:
    """Run to its end; no value is in what it says."""
    done = subprocess.run([*start, f"--dir={folder}", "--secret=live", "--namespace=ns", *more],
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert done.stdout == ""
    assert not leaks(done.stderr, SOUND.values())
    return done


def test_the_text_survives_kubernetes() -> None:
    """It replaces these in a container's arguments; the chart's copy and the data are those that they are made from."""
    assert not re.findall(r"\$\(|\$\$", TEXT)
    assert "------" not in TEXT  # Helm 4.1 with a post-renderer takes the second half for the start of a document
    assert TEXT.isascii()
    assert len(TEXT) < 128 * 1024  # the longest single argument that Linux takes
    assert gate_rules.main(["--check"]) == 0


def test_drift_of_the_data_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed rule, a changed copy; writing fixes both."""
    for name in ("GATE", "COPY"):
        path = tmp_path / name
        path.write_text(TEXT)
        monkeypatch.setattr(gate_rules, name, path)
    assert gate_rules.main(["--check"]) == 0
    monkeypatch.setattr(policy, "SHORTEST", 9)
    assert gate_rules.main(["--check"]) == 1
    assert (gate_rules.main([]), gate_rules.main(["--check"])) == (0, 0)
    assert "\nSHORTEST = 9\n" in gate_rules.COPY.read_text()
    gate_rules.COPY.write_text(TEXT)
    assert gate_rules.main(["--check"]) == 1


def test_every_rule_is_shared_or_left_out_by_name() -> None:
    """A new one in rules.py is thought of here too. Those left out are for the stream alone."""
    left_out = {
        "KEYS",
        "BUILT_IN_VARIABLES",
        "BUILT_IN_PREFIX",
        "DANGEROUS",
        "DIGEST_LENGTH",
        "LETTERS_DIGITS",
        "DATA_KEY",
    }
    assert {name for name in vars(policy) if name.isupper()} == left_out | set(gate_rules.SHARED)


def test_standard_library_alone_and_old_pythons() -> None:
    """One file: every import is of the standard library; nothing in it is newer than Python 3.9."""
    tree = ast.parse(TEXT, feature_version=(3, 9))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def old_python() -> str:
    """The oldest that it has to run on, where this machine has one."""
    found = [shutil.which("python3.9"), *map(str, Path.home().glob(".pyenv/versions/3.9.*/bin/python3.9"))]
    for path in filter(None, found):
        if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    pytest.skip("no Python 3.9")


def test_as_the_pod_gets_it(tmp_path: Path) -> None:
    """By `python -c`."""
    assert gate(mounted(tmp_path / "good", GOOD), start=AS_IN_THE_POD).returncode == 0
    assert gate(mounted(tmp_path / "bad", changed(JWT_SECRET=b"CHANGE_ME")), start=AS_IN_THE_POD).returncode == 1


def test_runs_on_the_oldest_python(tmp_path: Path) -> None:
    start = [old_python(), "-I", "-c", TEXT]
    assert gate(mounted(tmp_path / "good", GOOD), start=start).returncode == 0
    assert gate(mounted(tmp_path / "bad", changed(JWT_SECRET=b"CHANGE_ME")), start=start).returncode == 1


REFUSED: list[tuple[str, Data, list[str]]] = [
    ("absent", {}, [": 1 error\n", "error secret-absent: Secret ns/live is not there, or has no key", *KEYS]),
    ("one key missing", changed(API_KEY_SECRET=None), ["error missing-key: API_KEY_SECRET is missing"]),
    ("one key empty", changed(API_KEY_SECRET=b""), ["error missing-key: API_KEY_SECRET is empty; expected: 66 cha"]),
    ("white space", changed(JWT_SECRET=b" \n"), ["error missing-key: JWT_SECRET is empty"]),
    ("two at once", changed(JWT_SECRET=None, ADMIN_PASSWORD=b"x"), ["JWT_SECRET is missing", "ADMIN_PASSWORD has"]),
    ("keys of another type", {"tls.crt": b"x", "tls.key": b"y"}, [f"{key} is missing" for key in KEYS]),
    ("placeholder", changed(JWT_SECRET=b"CHANGE_ME"), ["error placeholder: JWT_SECRET"]),
    ("optional placeholder", changed(LDAP_PASSWORD=b"CHANGE_ME"), ["error placeholder: LDAP_PASSWORD"]),
    ("binary", changed(JWT_SECRET=b"\xff\xfe" * 70), ["error not-utf8: JWT_SECRET"]),
    ("NUL", changed(JWT_SECRET=JWT + b"\0"), ["error nul-byte: JWT_SECRET"]),
    ("line break", changed(JWT_SECRET=JWT + b"\n"), ["error trailing-newline: JWT_SECRET"]),
    ("very large", changed(JWT_SECRET=b"${A" * 340_000, ADMIN_PASSWORD=b""), ["ADMIN_PASSWORD is empty"]),
    ("too large for any Secret", changed(JWT_SECRET=b"x" * (1 << 20 | 1)), ["more than 1 MiB"]),
]


@pytest.mark.parametrize(("values", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(tmp_path: Path, values: Data, told: list[str]) -> None:
    """Which key, what is wrong, and what to do."""
    done = gate(mounted(tmp_path / "own", values))
    assert done.returncode == 1
    assert [text for text in told if text not in done.stderr] == [], done.stderr
    assert "1 MiB" in told[0] or "then: helm upgrade --install" in done.stderr
    assert len(done.stderr) < 1200  # one line of Helm 4


PASSED: list[tuple[str, Data, str]] = [
    ("sound", GOOD, ""),
    ("more keys", changed(LDAP_PASSWORD=b"x", SOMETHING=b"\xff"), ""),
    ("short is a warning", changed(JWT_SECRET=JWT[:100]), "warning short-value: JWT_SECRET has only 100 characters"),
    ("the documented recipe", changed(ADMIN_PASSWORD=b"Admin_0123456789abcdef"), "note admin-rule"),
    ("an unknown key that is a secret", {**GOOD, "s3cr3t-as-a-key": b"x"}, "warning variable-name: a key is no name"),
    ("a legacy key", {**GOOD, "jwtSecret": b"x"}, "did you mean JWT_SECRET?"),
]


@pytest.mark.parametrize(("values", "told"), [row[1:] for row in PASSED], ids=[row[0] for row in PASSED])
def test_passed(tmp_path: Path, values: Data, told: str) -> None:
    done = gate(mounted(tmp_path / "own", values), "--timeout=30")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("heimdall-gate: ok: Secret ns/live has its 4 required keys\n")
    assert told in done.stderr
    assert "s3cr3t" not in done.stderr


def test_a_plain_folder_by_hand(tmp_path: Path) -> None:
    """Files, a folder among them, no name for the Secret."""
    for key, value in GOOD.items():
        (tmp_path / key).write_bytes(value)
    (tmp_path / "folder").mkdir()
    assert gate(tmp_path).returncode == 0
    (tmp_path / "JWT_SECRET").unlink()
    done = subprocess.run([sys.executable, gate_rules.GATE, "--dir", str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == 1
    assert f"Secret {tmp_path.name}".encode() in done.stderr


def test_a_pipe_is_no_key(tmp_path: Path) -> None:
    """Nobody writes into it: it would be waited for for ever, whatever the limit."""
    for key, value in changed(JWT_SECRET=None).items():
        (tmp_path / key).write_bytes(value)
    os.mkfifo(tmp_path / "JWT_SECRET")
    os.mkfifo(tmp_path / "OTHER")
    done = gate(tmp_path)
    assert (done.returncode, "JWT_SECRET is missing" in done.stderr) == (1, True)
    (tmp_path / "JWT_SECRET").unlink()
    (tmp_path / "JWT_SECRET").write_bytes(JWT)
    assert gate(tmp_path).returncode == 0


SOURCES = "--sources=DATABASE_PASSWORD=pg-app/password,LDAP_PASSWORD=ldap/pass,JWT_SECRET=live/jwt"
PG, LDAP = {"password": b"b" + GOOD["DATABASE_PASSWORD"]}, {"pass": b"x"}
OTHER: list[tuple[str, dict[str, Data], int, str]] = [
    ("all there", {"pg-app": PG, "ldap": LDAP}, 0, "has its 5 required keys"),
    ("no such Secret", {"ldap": LDAP}, 1, "DATABASE_PASSWORD is missing (key password of Secret pg-app)"),
    ("no such key", {"pg-app": {"user": b"x"}, "ldap": LDAP}, 1, "DATABASE_PASSWORD is missing (key password of"),
    ("an optional one", {"pg-app": PG, "ldap": {}}, 1, "LDAP_PASSWORD is missing (key pass of Secret ldap)"),
    ("a bad value", {"pg-app": {"password": b"CHANGE_ME"}, "ldap": LDAP}, 1, "placeholder: DATABASE_PASSWORD"),
]


@pytest.mark.parametrize(("others", "code", "told"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_keys_of_other_secrets(tmp_path: Path, others: dict[str, Data], code: int, told: str) -> None:
    """Expected there, and not in the one Secret; one is of the one Secret under another name."""
    own = {"jwt": JWT, "API_KEY_SECRET": GOOD["API_KEY_SECRET"], "ADMIN_PASSWORD": GOOD["ADMIN_PASSWORD"]}
    own["databasePassword"] = GOOD["DATABASE_PASSWORD"]  # to rename it would not help
    for name, values in others.items():
        mounted(tmp_path / "others" / name, values)
    done = gate(mounted(tmp_path / "own", own), f"--others={tmp_path / 'others'}", SOURCES)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert "fix: rename databasePassword" not in done.stderr.partition("warning")[0]


USAGE = [
    ("no folder", ["--timeout=1"], 2),
    ("a folder that is not there", ["--dir=/nowhere"], 1),
    ("no number", ["--dir=/", "--timeout=soon"], 2),
    ("time backwards", ["--dir=/", "--timeout=-1"], 2),
    ("no name", ["--dir=/", "--required=A B"], 2),
    ("nothing required", ["--dir=/", "--required=,"], 2),
    ("no length", ["--dir=/", "--lengths=JWT_SECRET=long"], 2),
    ("no source", ["--dir=/", "--sources=JWT_SECRET=x"], 2),
    ("a source with a path", ["--dir=/", "--sources=JWT_SECRET=../x/y"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), [row[1:] for row in USAGE], ids=[row[0] for row in USAGE])
def test_usage(arguments: list[str], code: int) -> None:
    done = subprocess.run([*GATE, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_help() -> None:
    done = subprocess.run([*GATE, "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, "--sources" in done.stdout) == (0, True)


# --- while it waits --------------------------------------------------------------------------------------------------


def later(*steps: Callable[[], object]) -> threading.Thread:
    """What somebody else does, a moment after the other."""

    def run() -> None:
        for step in steps:
            time.sleep(1.2)
            step()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_late(tmp_path: Path) -> None:
    """Let through as soon as it is complete, by one key later than it is there; each change is told once."""
    own = mounted(tmp_path / "own", {})
    thread = later(lambda: mounted(own, changed(JWT_SECRET=None)), lambda: mounted(own, GOOD))
    began = time.monotonic()
    done = gate(own, "--timeout=30")
    thread.join()
    assert (done.returncode, time.monotonic() - began < 15) == (0, True)
    first, second, last = done.stderr.splitlines()
    assert first == "heimdall-gate: 0 s of 30 s: waiting for Secret ns/live: not there, or without any key"
    assert re.fullmatch(r"heimdall-gate: [1-4] s of 30 s: waiting for Secret ns/live: without JWT_SECRET", second)
    assert last == "heimdall-gate: ok: Secret ns/live has its 4 required keys"


def test_deleted_while_waiting(tmp_path: Path) -> None:
    own = mounted(tmp_path / "own", changed(JWT_SECRET=None))
    thread = later(lambda: mounted(own, {}))
    done = gate(own, "--timeout=3")
    thread.join()
    assert done.returncode == 1
    assert "refused after 3 s" in done.stderr
    assert "error secret-absent" in done.stderr


def test_swapped_all_the_time(tmp_path: Path) -> None:
    """One side or the other is read, never half of each: nothing is missing in either."""
    other = {key: value[::-1] for key, value in GOOD.items()}
    own, over = mounted(tmp_path / "own", GOOD), threading.Event()

    def swap() -> None:
        while not over.is_set():
            mounted(own, other)
            mounted(own, GOOD)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        assert [gate(own).stderr for _ in range(10)] == [
            "heimdall-gate: ok: Secret ns/live has its 4 required keys\n"
        ] * 10
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped(tmp_path: Path, number: int) -> None:
    """It ends at once, and says what was missing."""
    own = mounted(tmp_path / "own", changed(JWT_SECRET=None))
    command = [*GATE, f"--dir={own}", "--timeout=60"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "waiting" in process.stderr.readline()
        process.send_signal(number)
        assert process.wait(5) == 130
        told = process.stderr.read()
    assert told.startswith("heimdall-gate: stopped after 0 s: Secret own was not let through\n")
    assert "error missing-key: JWT_SECRET is missing" in told


def test_unreadable(tmp_path: Path) -> None:
    """A file that is there and can't be read is said, not waited for."""
    (tmp_path / "JWT_SECRET").symlink_to("JWT_SECRET")  # it leads to itself
    done = gate(tmp_path, "--timeout=60")
    assert done.returncode == 1
    assert "can't be read" in done.stderr
