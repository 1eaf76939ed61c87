"""`heimdall-pr gate`: the gate's own words and exit codes, each option also by its variable."""

import os
from pathlib import Path

import pytest

from tests import in_process
from tests.support import Done
from tests.unit.test_gate import GOOD, OK, changed, mounted


def command(*arguments: str, **variables: str) -> Done:
    """Run to its end."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nowhere", **variables}
    return in_process.text(["gate", *arguments], env=env)


def test_ok_and_refused(tmp_path: Path) -> None:
    done = command("--dir", str(mounted(tmp_path / "good", GOOD)), "--secret=live", "--namespace=ns")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{OK}\n"
    done = command("--dir", str(mounted(tmp_path / "bad", changed(JWT_SECRET=None))), "--timeout=1")
    assert done.returncode == 1
    assert "waiting for Secret bad: without JWT_SECRET" in done.stderr
    assert "error missing-key: JWT_SECRET is missing; expected: 128 characters" in done.stderr


def test_by_variables(tmp_path: Path) -> None:
    """As every option of the tool."""
    others = mounted(tmp_path / "others" / "pg-app", {"password": GOOD["DATABASE_PASSWORD"]}).parent
    done = command(
        HEIMDALL_PR_GATE_DIR=str(mounted(tmp_path / "own", changed(DATABASE_PASSWORD=None))),
        HEIMDALL_PR_GATE_OTHERS=str(others),
        HEIMDALL_PR_GATE_SOURCES="DATABASE_PASSWORD=pg-app/password",
        HEIMDALL_PR_GATE_REQUIRED="DATABASE_PASSWORD,ADMIN_PASSWORD",
        HEIMDALL_PR_GATE_LENGTHS="DATABASE_PASSWORD=99",
        HEIMDALL_PR_GATE_SECRET="live",
        HEIMDALL_PR_GATE_NAMESPACE="ns",
        HEIMDALL_PR_GATE_TIMEOUT="1",
        HEIMDALL_PR_GATE_REPORT=str(tmp_path / "report"),
    )
    assert done.returncode == 0
    ok, warning = done.stderr.splitlines()
    assert (tmp_path / "report").read_text() == done.stderr
    assert ok == OK.replace("4", "2", 1)
    assert warning.startswith(
        "warning short-value: DATABASE_PASSWORD has only 66 characters (key password of Secret pg"
    )


def test_what_a_contract_says(tmp_path: Path) -> None:
    folder = str(mounted(tmp_path / "own", {"token": b"kP3-vQ8~wZ1"}))
    done = command("--dir", folder, "--required=", "--oneOf=token|id+key", HEIMDALL_PR_GATE_LENGTHS="token=min:20")
    assert (done.returncode, "error wrong-length: token" in done.stderr) == (1, True)


USAGE = [
    ("no folder", [], 2),
    ("no such option", ["--dir=/", "--nonsense"], 2),
    ("time backwards", ["--dir=/", "--timeout=-1"], 2),
    ("no source", ["--dir=/", "--sources=x"], 2),
    ("a folder that is not there", ["--dir=/nowhere"], 1),
]


@pytest.mark.parametrize(("arguments", "code"), [row[1:] for row in USAGE], ids=[row[0] for row in USAGE])
def test_usage(arguments: list[str], code: int) -> None:
    done = command(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
