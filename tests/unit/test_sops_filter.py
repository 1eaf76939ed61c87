"""The filter with secrets files that SOPS encrypted."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests import in_process
from tests.helms import HELM_PR
from tests.sopses import Sops
from tests.support import encoded
from tests.unit.streams import FILE, SOUND, contract, file, secret, unfilled
from tests.unit.test_sops import listener, with_vault

STREAM = secret(unfilled()) + contract("files")


def filtered(sops: Sops, folder: Path, *args: str, **more: str) -> "subprocess.CompletedProcess[str]":
    env = {**sops.env, "XDG_STATE_HOME": str(folder / "state"), **more}
    return in_process.text(args, cwd=folder, env=env, stdin=STREAM)


def test_the_filter_takes_an_encrypted_file(sops: Sops, tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir(exist_ok=True)
    (tmp_path / FILE).write_text(sops.encrypt(file(SOUND).decode()))
    (tmp_path / FILE).chmod(0o644)  # it is encrypted: others may read it
    done = filtered(sops, tmp_path)
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load(done.stdout.split("---\n")[1])["data"]
    assert data == {key: encoded(value) for key, value in SOUND.items()}
    assert "file-mode" not in done.stderr
    assert not any(value in done.stderr for value in SOUND.values())
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != sops.key]
    assert [path for path in written if any(value.encode() in path.read_bytes() for value in SOUND.values())] == []


def test_the_filter_says_how_to_fix_an_encrypted_file(sops: Sops, tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir(exist_ok=True)
    rest = {key: value for key, value in SOUND.items() if key != "JWT_SECRET"}
    (tmp_path / FILE).write_text(sops.encrypt(file(rest).decode(), {"encrypted_regex": "^A"}))
    done = filtered(sops, tmp_path)
    assert done.returncode == 1
    assert f"fix       sops edit {FILE}" in done.stderr
    assert "warning sops-clear   DATABASE_PASSWORD is plaintext" in done.stderr
    assert "API_KEY_SECRET stands" not in done.stderr


def test_the_option(sops: Sops, tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir(exist_ok=True)
    with listener() as (port, heard):
        (tmp_path / FILE).write_text(with_vault(sops.encrypt(file(SOUND).decode()), port, "alone"))
        refused = filtered(sops, tmp_path, VAULT_TOKEN="t")
        assert (refused.returncode, heard) == (1, [])
        assert "HEIMDALL_PR_SOPS_ALLOW=true" in refused.stderr
        assert "sops-key " in filtered(sops, tmp_path, "--sops-allow", VAULT_TOKEN="t").stderr
        assert "sops-key " in filtered(sops, tmp_path, HEIMDALL_PR_SOPS_ALLOW="true", VAULT_TOKEN="t").stderr
        assert len(heard) >= 2


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_leaves_nothing_running(sops: Sops, tmp_path: Path, number: int) -> None:
    (tmp_path / FILE).parent.mkdir(exist_ok=True)
    (tmp_path / FILE).write_text(sops.encrypt(file(SOUND).decode()))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sops").write_text("#!/bin/bash\necho $$ >pid\nsleep 60\n")
    (tmp_path / "bin/sops").chmod(0o755)
    env = {**sops.env, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        [HELM_PR], cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(STREAM.encode())
        process.stdin.close()
        process.stdin = None
        for _ in range(100):
            if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
                break
            time.sleep(0.1)
        process.send_signal(number)
        out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert ended(int((tmp_path / "pid").read_text()))


def ended(pid: int) -> bool:
    """Whether it is gone, or waits only for somebody to ask how it ended; a killed one takes a moment."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
