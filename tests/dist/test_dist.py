"""What `make dist` builds: what is in each package, and that the single-file program does everything."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from post_renderer import __version__
from tests.helms import run
from tests.support import FIXTURES, ROOT
from tools import pyz

pytestmark = [pytest.mark.helm, pytest.mark.xdist_group("dist")]

CHART, PYZ, SBOM, SUMS = f"heimdall-{__version__}.tgz", "heimdall-pr.pyz", "heimdall-pr.cdx.json", "SHA256SUMS"
LIBRARY_CHART = "secrets-contract-1.0.0.tgz"
WHEEL, SDIST = f"heimdall_pr-{__version__}-py3-none-any.whl", f"heimdall_pr-{__version__}.tar.gz"
STREAM = (FIXTURES / "streams" / "helm4-inline.yaml").read_bytes()
PYTHON = [sys.executable, "-I", "-S"]  # the standard library alone
EMPTY = re.sub(rb"(  JWT_SECRET: ).*", rb'\1""', STREAM)


def tracked(folder: str = "") -> set[str]:
    """The files of the repository, relative to a folder of it."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT / folder, check=True, capture_output=True, text=True)
    return set(filter(None, found.stdout.split("\0")))


def epoch() -> int:
    """The time of the commit."""
    found = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True)
    return int(found.stdout)


def test_the_files(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == {CHART, LIBRARY_CHART, PYZ, SBOM, SUMS, WHEEL, SDIST}


@pytest.mark.needs("sha256sum")
def test_the_checksums(built: Path) -> None:
    done = run(["sha256sum", "--check", "--strict", SUMS], cwd=built, env=os.environ)
    assert done.stdout.splitlines() == [
        f"{name}: OK" for name in sorted([CHART, LIBRARY_CHART, PYZ, SBOM, WHEEL, SDIST])
    ]


def test_the_chart(built: Path) -> None:
    """The chart's files but for the values of its tests, which contain secrets; each time in it is the commit's."""
    with tarfile.open(built / CHART) as archive:
        found = archive.getmembers()
    expected = {f"heimdall/{name}" for name in tracked("charts/heimdall") if not name.startswith("ci/")}
    assert {each.name for each in found} == expected
    assert not [name for name in expected if re.search(r"secret.*values|\.env|/ci/|test_", name)]
    assert {each.mtime for each in found} == {epoch()}


def test_the_source_archive(built: Path) -> None:
    """Nothing but what git tracks, and the metadata."""
    with tarfile.open(built / SDIST) as archive:
        found = {each.name.partition("/")[2] for each in archive.getmembers() if each.isfile()}
    assert found - tracked() == {"PKG-INFO"}
    assert {"tools/dist.py", "tools/pyz.txt", "charts/heimdall/Chart.yaml", "LICENSE"} < found


def test_the_wheel_has_the_repositorys_address(built: Path) -> None:
    with zipfile.ZipFile(built / WHEEL) as wheel:
        metadata = wheel.read(f"heimdall_pr-{__version__}.dist-info/METADATA").decode()
    assert re.search(r"^Project-URL: Repository, https://\S+/heimdall-pr$", metadata, re.MULTILINE)


def test_the_sbom(built: Path) -> None:
    """What the single-file program is made of, and nothing of the machine."""
    text = (built / SBOM).read_text()
    found = json.loads(text)
    parts = {f"{each['name']}=={each['version']}".lower() for each in found["components"]}
    assert parts == {line.split()[0] for line in pyz.LOCK.read_text().splitlines() if not line.startswith("#")}
    assert (found["bomFormat"], found["metadata"]["component"]["version"]) == ("CycloneDX", __version__)
    assert "serialNumber" not in found
    assert not re.search(r"/tmp|file:|site-packages", text)


# --- the single-file program -----------------------------------------------------------------------------------------
def test_it_has_nothing_compiled(built: Path) -> None:
    with zipfile.ZipFile(built / PYZ) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert not [name for name in names if ".data/" in name]
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".c"))]
    assert {"yaml/__init__.py", "post_renderer/gate.py", "post_renderer/rules/__init__.py"} < set(names)


def test_it_starts_as_a_program(built: Path) -> None:
    """Helm 3 runs a post-renderer as a program."""
    path = built / PYZ
    assert path.read_bytes().startswith(b"#!/usr/bin/env python3\n")
    assert path.stat().st_mode & 0o777 == 0o755


COMMANDS = [
    ("the version", ["--version"], b"", 0, f"heimdall-pr {__version__}"),
    ("an accepted stream", [], STREAM, 0, "kind: Deployment"),
    ("a refused stream", [], EMPTY, 1, "JWT_SECRET is empty"),
    ("a refusal for Helm 4", ["--helm4"], EMPTY, 0, "JWT_SECRET is empty"),
    ("help", ["--help"], b"", 0, "Exit codes"),
    ("a template of a scaffold", ["scaffold", "eso-vault"], b"", 0, "kind: ExternalSecret"),
    ("a report by a template", ["check", "stream.yaml", "--format", "markdown"], b"", 0, "## heimdall-pr: ok"),
    ("a rule", ["explain", "missing-key"], b"", 0, "Passes"),
    ("the gate", ["gate", "--dir", "."], b"", 1, "JWT_SECRET is missing"),
    ("a contract that ships", ["contract", "show", "grafana"], b"", 0, "grafana"),
    ("a stream with it", ["--contract", "grafana"], STREAM, 1, "contract-unmatched"),
    ("secrets", ["generate", "--format", "json", "-"], b"", 0, "JWT_SECRET"),
    ("usage", ["scaffold", "nothing"], b"", 2, "no scaffold of that name"),
]


@pytest.mark.parametrize(
    ("words", "stdin", "code", "message"), [row[1:] for row in COMMANDS], ids=[row[0] for row in COMMANDS]
)
def test_commands(built: Path, tmp_path: Path, words: Sequence[str], stdin: bytes, code: int, message: str) -> None:
    """In an empty environment; no file of it is extracted."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "stream.yaml").write_bytes(STREAM)
    env = {"PATH": os.defpath, "TMPDIR": str(home), "XDG_CACHE_HOME": str(home), "LANG": "C.UTF-8"}
    done = run([*PYTHON, str(built / PYZ), *words], cwd=tmp_path, env=env, input=stdin)
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert list(home.iterdir()) == []


def test_the_stream_leaves_as_it_came(built: Path, tmp_path: Path) -> None:
    done = subprocess.run([*PYTHON, built / PYZ], env={}, cwd=tmp_path, input=STREAM, capture_output=True, check=True)
    assert done.stdout == STREAM


def test_helm_4_runs_the_file_itself(built: Path, tmp_path: Path) -> None:
    """The plugin names the file; if it is moved, the plugin says so."""
    program = Path(shutil.copy2(built / PYZ, tmp_path / "heimdall pr.pyz"))
    env = {"PATH": os.defpath, "HOME": str(tmp_path)}
    installed = run([sys.executable, str(program), "plugin", "install", "--plugins-dir", str(tmp_path)], env=env)
    assert installed.returncode == 0, installed.stderr
    launcher = str(tmp_path / "heimdall-pr" / "run")
    assert run([launcher, "--helm4"], env=env, input=STREAM).stdout.encode() == STREAM
    assert "JWT_SECRET is empty" in run([launcher, "--helm4"], env=env, input=EMPTY).stdout
    program.unlink()
    assert "is gone or was moved" in run([launcher, "--helm4"], env=env, input=STREAM).stdout
