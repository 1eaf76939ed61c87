"""The executable itself: channels, exit codes, signals, what it leaves behind; as a process if that is the point."""

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from post_renderer.requirements import release
from tests import in_process
from tests.unit.streams import GUARD, OTHERS, SOUND, contract, encoded, file, heimdall, secret, unfilled, workload

EXECUTABLE = str(Path(sys.executable).with_name("heimdall-pr"))
FILES = secret(unfilled()) + contract("files") + workload() + GUARD
REFUSED = secret(encoded({**SOUND, "JWT_SECRET": ""})) + contract("inline")


def undated(report: bytes) -> bytes:
    """A kept report without its first line, which has the time."""
    first, _, rest = report.partition(b"\n")
    assert first.startswith(b"heimdall-pr: 20"), report
    return rest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory with a secrets file."""
    (tmp_path / "env").mkdir()
    (tmp_path / "env/secrets.yaml").write_bytes(file(SOUND))
    (tmp_path / "env/secrets.yaml").chmod(0o600)
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A clean one, with its own state folder."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), **more}


def run(folder: Path, *args: str, stream: str | None = "", **more: str) -> "subprocess.CompletedProcess[bytes]":
    """One run in this process."""
    return in_process.run(args, env=environment(folder, **more), cwd=folder, stdin=(stream or "").encode())


def process(folder: Path, *args: str, stream: str | None = "", **more: str) -> "subprocess.CompletedProcess[bytes]":
    """One run as a process, with standard input given as a pipe."""
    return subprocess.run(
        [EXECUTABLE, *args],
        cwd=folder,
        env=environment(folder, **more),
        input=stream.encode() if stream is not None else None,
        capture_output=True,
        check=False,
        timeout=30,
    )


def shell(folder: Path, command: str, stream: str = "") -> "subprocess.CompletedProcess[bytes]":
    """A shell command in which $H is the executable."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(folder, H=EXECUTABLE),
        input=stream.encode(),
        capture_output=True,
        check=False,
        timeout=30,
    )


def test_accepted(folder: Path) -> None:
    done = process(folder, stream=OTHERS + FILES)
    assert done.returncode == 0
    assert done.stdout.startswith(OTHERS.encode())
    assert encoded(SOUND)["JWT_SECRET"].encode() in done.stdout
    assert b"ok: Secret ns/h-secrets has its 4 required keys" in done.stderr


def test_refused(folder: Path) -> None:
    done = process(folder, stream=REFUSED)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"error   missing-key   JWT_SECRET is empty" in done.stderr
    assert undated((folder / "state/heimdall-pr/report.txt").read_bytes()) == done.stderr
    assert (folder / "state/heimdall-pr/report.txt").stat().st_mode & 0o777 == 0o600


def test_a_module_in_the_working_directory_is_not_run(folder: Path) -> None:
    for name in ("yaml.py", "post_renderer.py", "typing.py"):
        (folder / name).write_text("raise SystemExit(42)")
    assert process(folder, stream=FILES).returncode == 0


CODES = [
    ("unknown option", ["--stritc"], {}, 2, "--stritc"),
    ("unknown command", ["chekc"], {}, 2, "chekc"),
    ("bad variable", [], {"HEIMDALL_PR_STRICT": "maybe"}, 2, "HEIMDALL_PR_STRICT"),
    ("strict", ["--strict"], {}, 1, "no-contract"),
    ("why, before any report", ["why"], {}, 1, "there is no report"),
    ("no path", ["generate"], {}, 2, "PATH"),
    ("a cluster that is not named", ["--live"], {}, 2, "--live needs --context NAME or --kubeconfig FILE"),
]


@pytest.mark.parametrize(("args", "more", "code", "told"), [row[1:] for row in CODES], ids=[row[0] for row in CODES])
def test_codes(folder: Path, args: list[str], more: dict[str, str], code: int, told: str) -> None:
    done = run(folder, *args, stream=OTHERS, **more)
    assert (done.returncode, done.stdout) == (code, b"")
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1])))"
IN_A_TERMINAL = f"{sys.executable} -c '{SPAWN}' $H"
ODD_CHANNELS = [
    ("stdin closed", "$H <&-", 2, "standard input is closed"),
    ("stdin is a terminal", f"{IN_A_TERMINAL} >&2", 2, "standard input is a terminal"),
    ("stdout closed", "$H >&-", 1, "standard output is closed"),
    ("stdout full", "$H >/dev/full", 1, "No space left on device"),
    (
        "reader gone",
        "yes '# x' | head -n 5000000 >big; set -o pipefail; cat big - | $H | head -c 1 >/dev/null",
        1,
        "Broken pipe",
    ),
    ("stderr closed", "$H 2>&- >/dev/null; echo $? >&2", 0, "0"),
    ("stderr full", "$H 2>/dev/full >/dev/null; echo $? >&2", 0, "0"),
    ("check: stdout closed", "cat >x; $H check x >&-", 1, "standard output is closed"),
    ("explain: stdout full", "cat >x; $H explain x >/dev/full", 1, "No space left on device"),
    ("help: stdout full", "$H check --help >/dev/full", 1, "No space left on device"),
    ("check: stderr full", "$H check none.yaml 2>/dev/full; echo $? >&2", 0, "1"),
    ("Helm 4: stdout full", "$H --helm4 >/dev/full", 1, "No space left on device"),
]


@pytest.mark.parametrize(
    ("command", "code", "told"), [row[1:] for row in ODD_CHANNELS], ids=[row[0] for row in ODD_CHANNELS]
)
def test_odd_channels(folder: Path, command: str, code: int, told: str) -> None:
    done = shell(folder, command, FILES)
    assert done.returncode == code, done.stderr
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert "Exception ignored" not in done.stderr.decode()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_large_stream_leaves_whole(folder: Path, unbuffered: str) -> None:
    stream = OTHERS * 20_000
    done = process(folder, stream=stream, PYTHONUNBUFFERED=unbuffered)
    assert done.stdout == stream.encode()


@pytest.mark.usefixtures("interruptible")
def test_interrupted_while_waiting(folder: Path) -> None:
    with subprocess.Popen(
        [EXECUTABLE], cwd=folder, env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip  # one call
        assert process.stdin is not None
        process.stdin.write(b"# x\n" * 100_000)  # more than a pipe takes: it reads by then
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert err == b"heimdall-pr: interrupted: nothing was installed\n"


HELM4 = [
    ("refused", ["--helm4"], {}, REFUSED, "missing-key"),
    ("usage", ["--helm4", "--nope"], {}, REFUSED, "--nope"),
    ("variable", ["--helm4"], {"HEIMDALL_PR_REDACT": "maybe"}, REFUSED, "HEIMDALL_PR_REDACT"),
    ("strict", ["--helm4"], {"HEIMDALL_PR_STRICT": "1"}, OTHERS, "no-contract"),
    ("control characters", ["--helm4"], {}, contract("files", files=r"a\u202eb\nc\u009bd"), r"a\u202eb"),
]


@pytest.mark.parametrize(("args", "more", "stream", "told"), [row[1:] for row in HELM4], ids=[row[0] for row in HELM4])
def test_failures_under_helm4(folder: Path, args: list[str], more: dict[str, str], stream: str, told: str) -> None:
    done = run(folder, *args, stream=stream, NO_COLOR="", **more)
    assert (done.returncode, done.stderr) == (0, b"")
    scalar, broken = done.stdout.decode().removeprefix("|\n").split("---\n")
    assert broken == ": [\n"
    assert told in scalar
    assert all(not line or line.startswith("  ") for line in scalar.split("\n"))
    assert (scalar.replace("\n", "") or " ").isprintable()
    report = undated((folder / "state/heimdall-pr/report.txt").read_bytes()).decode()
    assert [line.strip() for line in scalar.split("\n")] == [line.strip() for line in report.split("\n")]


def test_why_prints_the_last_report(folder: Path) -> None:
    refused = run(folder, stream=REFUSED)
    assert undated(run(folder, "why", stream=None).stdout) == refused.stderr
    accepted = run(folder, stream=FILES)
    assert undated(run(folder, "why", stream=None).stdout) == accepted.stderr


CHART = b"helm.sh/chart: heimdall-0.2.0\n"
INSTANCE = b"app.kubernetes.io/instance: prod\n"
OTHER = b"helm.sh/chart: postgresql-1.0\napp.kubernetes.io/instance: prod\n---\n"
RELEASES = [
    ("both", CHART + INSTANCE, "chart heimdall-0.2.0, release prod"),
    ("quoted", b'helm.sh/chart: "a-1"\n', "chart a-1"),
    (
        "the contract's",
        OTHER + CHART + INSTANCE + release.CONTRACTS[1],
        "chart heimdall-0.2.0, release prod",
    ),
    (
        "the contract's, of the library chart",
        OTHER + CHART + INSTANCE + release.CONTRACTS[0],
        "chart heimdall-0.2.0, release prod",
    ),
    ("no contract: the first", OTHER + CHART, "chart postgresql-1.0, release prod"),
    ("none", b"kind: x\n", ""),
    ("no value of a label", b"helm.sh/chart: ::error::x\napp.kubernetes.io/instance: " + b"a" * 64 + b"\n", ""),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in RELEASES], ids=[row[0] for row in RELEASES])
def test_which_chart_and_release(data: bytes, expected: str) -> None:
    assert release.described(data) == expected


def test_why_says_when_and_of_what(folder: Path) -> None:
    run(folder, stream=FILES + "---\nkind: ConfigMap\n# helm.sh/chart: heimdall-0.2.0\n")
    first, _, _ = run(folder, "why", stream=None).stdout.decode().partition("\n")
    expected = r"heimdall-pr: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: chart heimdall-0\.2\.0, namespace ns"
    assert re.fullmatch(expected, first), first


NO_NS = contract("existing").replace("  namespace: ns\n", "")
# name, the stream, the option --namespace, the namespace that `why` names
NAMESPACES = [
    ("a contract's", contract("existing"), "", "ns"),
    ("the user's", NO_NS, "apps", "apps"),
    ("not known", NO_NS, "", ""),
    ("no name of one", NO_NS.replace("  name:", "  namespace: '::error::x'\n  name:"), "", ""),
    ("that of the workloads", heimdall(), "", "ns"),
    ("another one beside the contract", contract("existing") + secret({}, namespace="other"), "", "ns"),
    (
        "several",
        heimdall() + heimdall().replace('"ns"', '"b"'),
        "",
        "",
    ),
    ("nothing is judged", OTHERS, "", ""),
]


@pytest.mark.parametrize(
    ("stream", "given", "expected"), [row[1:] for row in NAMESPACES], ids=[r[0] for r in NAMESPACES]
)
def test_why_names_the_namespace(folder: Path, stream: str, given: str, expected: str) -> None:
    run(folder, *(["--namespace", given] if given else []), stream=stream)
    first, _, _ = run(folder, "why", stream=None).stdout.decode().partition("\n")
    assert first.partition(" UTC")[2] == (f": namespace {expected}" if expected else ""), first


NO_STATE = [
    ("a file where the folder should be", "touch state", ""),
    ("a folder where the report should be", "mkdir -p state/heimdall-pr/report.txt", ""),
    ("a full disk", "mkdir state && ln -s /dev/full state/heimdall-pr", ""),
]


@pytest.mark.parametrize("prepare", [row[1] for row in NO_STATE], ids=[row[0] for row in NO_STATE])
def test_a_report_that_cannot_be_kept_is_no_error(folder: Path, prepare: str) -> None:
    subprocess.run(["bash", "-c", prepare], cwd=folder, check=True)
    assert run(folder, stream=FILES).returncode == 0
    assert run(folder, stream=REFUSED).returncode == 1


def test_a_pipe_is_written_to_and_never_replaced(folder: Path) -> None:
    """As root the same would replace /dev/null by a file."""
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    done = run(folder, "--report-file", "pipe", stream=REFUSED)
    assert undated(os.read(reader, 1 << 16)) == done.stderr
    os.close(reader)
    assert (folder / "pipe").is_fifo()
    assert run(folder, "--report-file", "/dev/null", stream=REFUSED).stderr == done.stderr
    assert run(folder, "--report-file", "pipe", stream=FILES).returncode == 0, "that nobody reads it is no error"


def test_helm4_is_told_whatever_a_name_holds(folder: Path) -> None:
    """A path that is no UTF-8, with what would end the report's scalar."""
    done = run(folder, "--helm4", "--contract", "\udcff\n---\n: x.yaml", stream=OTHERS)
    assert done.returncode == 0
    assert done.stdout.startswith(b"|\n  heimdall-pr: ")
    assert done.stdout.count(b"\n---\n") == 1


def test_a_report_file_of_ones_own(folder: Path) -> None:
    done = run(folder, "--report-file", "mine.txt", stream=REFUSED)
    assert undated((folder / "mine.txt").read_bytes()) == done.stderr
    done = run(folder, "--report-file", "env/secrets.yaml/x", stream=FILES)
    assert done.returncode == 0
    assert b"can't be kept in env/secrets.yaml/x" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["env", "mine.txt"]


COLOURS = [
    ("terminal", {"TERM": "xterm"}, True),
    ("NO_COLOR", {"TERM": "xterm", "NO_COLOR": "1"}, False),
    ("dumb", {"TERM": "dumb"}, False),
]


@pytest.mark.parametrize(("more", "expected"), [row[1:] for row in COLOURS], ids=[row[0] for row in COLOURS])
def test_colour(folder: Path, more: dict[str, str], expected: bool) -> None:
    master, slave = pty.openpty()
    with subprocess.Popen(
        [EXECUTABLE],
        cwd=folder,
        env=environment(folder, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=slave,
    ) as process:
        process.communicate(REFUSED.encode(), timeout=30)
        os.close(slave)
        told = os.read(master, 65536)
    os.close(master)
    assert b"missing-key" in told
    assert (b"\x1b[31m" in told) is expected


def test_an_internal_error_tells_no_value(folder: Path) -> None:
    # A stand-in for our own bug: the module that reads the environment is replaced by one that raises with a value.
    program = (
        "import sys, types; from post_renderer.__main__ import main; broken = types.ModuleType('x');"
        "broken.fetch = lambda names: (_ for _ in ()).throw(ValueError('hunter2-canary'));"
        "sys.modules['post_renderer.adapters.environ'] = broken;"
        "import post_renderer.adapters as o; o.environ = broken;"
        "sys.exit(main())"
    )
    stream = secret({key: f"${{{key}}}" for key in SOUND}) + contract("inline")
    for debug, told in (("0", "HEIMDALL_PR_DEBUG"), ("1", "filter.py")):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment(folder, HEIMDALL_PR_DEBUG=debug),
            input=stream.encode(),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (3, b"")
        assert told in done.stderr.decode()
        assert b"internal error (ValueError)" in done.stderr
        assert b"hunter2" not in done.stderr


def test_generate(folder: Path) -> None:
    assert b"there is no folder /typo-of-a-folder" in run(folder, "generate", "/typo-of-a-folder/a/s.yaml").stderr
    assert not Path("/typo-of-a-folder").exists()
    done = run(folder, "generate", "new/secrets.yaml")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"made JWT_SECRET, API_KEY_SECRET, DATABASE_PASSWORD, ADMIN_PASSWORD" in done.stderr
    assert b"to use it: helm install" in done.stderr
    path = folder / "new/secrets.yaml"
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    again = run(folder, "generate", "new/secrets.yaml")
    assert b"it was left as it is" in again.stderr
    assert b"to use it: repeat the command that was refused; in a first install: helm install" in again.stderr
    assert path.read_bytes() == content
    assert sorted(path.parent.iterdir()) == [path]
    assert run(folder, "generate", "-").stdout.count(b"\n") == 5


def test_generate_completes_through_a_link_and_keeps_the_mode(folder: Path) -> None:
    (folder / "env/secrets.yaml").write_text("JWT_SECRET: kept\n")
    (folder / "env/secrets.yaml").chmod(0o640)
    (folder / "link.yaml").symlink_to("env/secrets.yaml")
    done = run(folder, "generate", "link.yaml")
    assert b"chmod 600 link.yaml" in done.stderr
    assert (folder / "link.yaml").is_symlink()
    assert (folder / "env/secrets.yaml").stat().st_mode & 0o777 == 0o640
    assert (folder / "env/secrets.yaml").read_bytes().startswith(b"JWT_SECRET: kept\nAPI_KEY_SECRET: ")


NOT_GENERATED = [
    ("a directory", "env", "Is a directory"),
    ("below a file", "env/secrets.yaml/x", "Not a directory"),
    ("a device", "/dev/full", "no regular file"),
    ("no secrets file", "list.yaml", "is no mapping"),
]


@pytest.mark.parametrize(("path", "told"), [row[1:] for row in NOT_GENERATED], ids=[row[0] for row in NOT_GENERATED])
def test_not_generated(folder: Path, path: str, told: str) -> None:
    (folder / "list.yaml").write_text("- hunter2\n")
    done = run(folder, "generate", path)
    assert done.returncode == 1
    assert told in done.stderr.decode()
    assert b"hunter2" not in done.stderr
    assert (folder / "list.yaml").read_text() == "- hunter2\n"


def test_version_help_and_completion(folder: Path) -> None:
    assert run(folder, "--version").stdout.startswith(b"heimdall-pr 0.")
    shown = run(folder, "--help", COLUMNS="200").stdout.decode()
    assert all(
        word in shown for word in ("--redact", "HEIMDALL_PR_FILES_ROOT", "generate", "plugin", "why", "Examples")
    )
    for name in ("bash", "zsh", "fish"):
        done = run(folder, _HEIMDALL_PR_COMPLETE=f"source_{name}")
        assert b"heimdall-pr" in done.stdout
