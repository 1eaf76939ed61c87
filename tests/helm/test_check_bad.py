"""What `check` says where it can't judge: a clear error, an exit code, nothing half-written, never a secret."""

import http.server
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from post_renderer.masking.mask import GONE
from tests.checking import VALUES, Checker, states
from tests.helms import HELM_PR, Helm, run
from tests.support import CHART, KEYS, Done, accepted, inline
from tests.unit.streams import heimdall, mapped

STANDARD = "/usr/bin:/bin"


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


def refused(done: Done, code: int, *told: str) -> None:
    """With that exit code; said on standard error, in few lines, and nothing on standard output."""
    assert (done.returncode, done.stdout) == (code, ""), done.stdout + done.stderr
    assert [text for text in told if text not in done.stderr] == [], done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("heimdall-pr: ")


# --- helm itself -----------------------------------------------------------------------------------------------------

HANGS = 'echo $$ >> pids; [ "$1" = version ] && echo v3.17.2 && exit; sleep 600 & echo $! >> pids; sleep 600'
SCRIPTS: list[tuple[str, str, list[str]]] = [
    ("too old", "echo Client: v2.17.0", ["Helm 2.17; 3.10 or later is needed"]),
    ("an old Helm 3", "echo v3.9.4+gdbc6d8e", ["Helm 3.9; 3.10 or later is needed"]),
    ("something else", "echo hello", ["no helm that can be used"]),
    ("crashes", '[ "$1" = version ] && echo v3.17.2 && exit; kill -SEGV $$', ["was ended by signal 11"]),
    ("says nothing", '[ "$1" = version ] && echo v4.1.0 && exit; exit 3', ["exit code was 3"]),
    ("no program", "#!/nowhere/interpreter", ["can't be run"]),
]


def script(folder: Path, text: str) -> dict[str, str]:
    """A program of a test's own, to be used as helm."""
    path = folder / "helm"
    path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return {"HELM_BIN": str(path)}


@pytest.mark.parametrize(("text", "told"), [row[1:] for row in SCRIPTS], ids=[row[0] for row in SCRIPTS])
def test_no_helm_that_works(desk: Checker, text: str, told: list[str]) -> None:
    refused(desk.check(env=script(desk.folder, text)), 1, *told)


def test_a_helm_that_hangs_is_ended_with_what_it_started(desk: Checker) -> None:
    refused(desk.check("--helm-timeout", "1", env=script(desk.folder, HANGS)), 1, "no answer within 1 s")
    assert len((desk.folder / "pids").read_text().split()) == 3
    assert ended(desk.folder)


def test_cancelled_it_leaves_nothing_running(desk: Checker) -> None:
    """By SIGTERM, as a pipeline that is cancelled does."""
    env = {**desk.helm.env, **script(desk.folder, HANGS)}
    with subprocess.Popen([HELM_PR, "check", str(CHART)], cwd=desk.folder, env=env, stderr=subprocess.PIPE) as process:
        for _ in range(200):
            if (pids := running(desk.folder)) and len(pids) > 1:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert ended(desk.folder)


def test_killed_it_leaves_no_helm_running(desk: Checker) -> None:
    """By SIGKILL, as Argo CD does after its time limit."""
    env = {**desk.helm.env, **script(desk.folder, "echo $$ >> pids; exec sleep 600")}
    with subprocess.Popen([HELM_PR, "check", str(CHART)], cwd=desk.folder, env=env) as process:
        for _ in range(600):
            if running(desk.folder):
                break
            time.sleep(0.1)
        process.kill()
    assert ended(desk.folder)


def ended(folder: Path) -> bool:
    """Whether all of them end: a process that was killed is there for some moments more."""
    for _ in range(100):
        if not running(folder):
            return True
        time.sleep(0.1)
    return False


def running(folder: Path) -> list[int]:
    """Which of the processes that the script noted are there."""
    noted = folder / "pids"
    stats = {pid: Path(f"/proc/{pid}/stat") for pid in (noted.read_text().split() if noted.exists() else ())}
    return [int(pid) for pid, stat in stats.items() if stat.exists() and " Z " not in stat.read_text()]


def test_helm_is_not_there(desk: Checker) -> None:
    refused(desk.check(env={"HELM_BIN": "/nowhere/helm"}), 1, "HELM_BIN is /nowhere/helm", "install Helm")
    refused(desk.check(env={"HELM_BIN": "", "PATH": str(desk.folder)}), 1, "helm is not on PATH")
    (desk.folder / "helm").symlink_to(desk.helm.path)
    desk.write(inline(desk.secrets))
    accepted(desk.check("-f", VALUES, env={"HELM_BIN": "", "PATH": f"{desk.folder}:{STANDARD}"}))


def test_standard_output_is_closed(desk: Checker) -> None:
    """Nothing that helm is given is taken for it."""
    name = desk.write(inline(desk.secrets))
    words = f'exec "$0" check "$1" -f {name} --helm-timeout 20 >&-'
    env = {**desk.helm.env, "HELM_BIN": str(desk.helm.path)}
    done = run(["sh", "-c", words, str(HELM_PR), str(CHART)], cwd=desk.folder, env=env)
    refused(done, 1, "standard output is closed")


def test_names_that_the_locale_can_not_write(desk: Checker) -> None:
    (desk.folder / "x.yaml").write_text(heimdall(mapped()).replace('"name": "w"', '"name": "ü"'))
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for command in ("check", "explain"):
        assert "StatefulSet ns/ü" in accepted(desk.cli(command, "x.yaml", env=env)).stdout


# --- values ----------------------------------------------------------------------------------------------------------


def test_values_that_are_nested_too_deeply(desk: Checker) -> None:
    for depth in (101, 1200):
        (desk.folder / "deep.yaml").write_text("a: " + "[" * depth + "]" * depth)
        refused(desk.check("-f", "deep.yaml"), 1, "deeper than 100 levels")
    (desk.folder / "deep.yaml").write_text("a: " + "[" * 90 + "]" * 90)
    assert "deeper" not in desk.check("-f", "deep.yaml").stderr


def test_values_that_helm_can_not_take(desk: Checker) -> None:
    """Helm's own message within ours, with no secret that it quotes."""
    secret = desk.secrets["JWT_SECRET"]
    files: list[tuple[bytes, str]] = [
        (f'heimdall:\n  secrets:\n    JWT_SECRET: "{secret}\n'.encode(), "found unexpected end of stream"),
        (f"heimdall: {{{{ {secret} }}}}: {secret}".encode(), "values.yaml"),
        (f"- {secret}\n".encode(), "cannot unmarshal array"),
        (f"{secret}\n".encode(), "cannot unmarshal string"),
        (b"a: \xff\xfe\x00" + secret.encode(), "values.yaml"),
        (f"a: *{secret}\n".encode(), "unknown anchor"),
    ]
    for content, told in files:
        (desk.folder / "values.yaml").write_bytes(content)
        refused(desk.check("-f", "values.yaml"), 1, "helm can't take these values", told)
    refused(desk.check("-f", "nothing.yaml"), 1, "no such file")
    refused(desk.check("-f", "."), 1, "is a directory")
    for words in (
        ("--set", f"heimdall.secrets.JWT_SECRET=x,{secret}"),
        ("--set-json", f'heimdall.secrets={{"JWT_SECRET": {secret}}}'),
        ("--set-json", f'heimdall.secrets={{"JWT_SECRET": "{secret}'),
    ):
        refused(desk.check(*words), 1, "helm can't take these values", f"failed parsing {words[0]} data")


def test_two_hundred_values_files(desk: Checker) -> None:
    names = [desk.write({"podLabels": {f"n{at}": "x"}}, f"{at}.yaml") for at in range(199)]
    words = [word for name in [*names, desk.write(inline(desk.secrets))] for word in ("-f", name)]
    assert states(desk.found(*words)) == dict.fromkeys(KEYS, "ok")


def test_schema_failures_of_a_foreign_chart_show_no_value(desk: Checker) -> None:
    """Its patterns and formats quote the value; a `fail` of its own quotes it in base64."""
    chart = desk.folder / "foreign"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: foreign\nversion: 0.1.0\n")
    (chart / "values.schema.json").write_text('{"properties": {"token": {"pattern": "^x$", "maxLength": 5}}}')
    done = desk.check("--set", f"token={desk.secrets['JWT_SECRET']}", chart=chart)
    assert (done.returncode, "values-schema" in done.stdout) == (1, True)
    assert "[hidden]" in done.stdout
    (chart / "values.schema.json").unlink()
    (chart / "templates/x.yaml").write_text("{{ fail (print .Values.token (b64enc .Values.token)) }}")
    done = desk.check("--set", f"token={desk.secrets['JWT_SECRET']}", chart=chart)
    assert (done.returncode, "render-failed" in done.stdout, "[hidden]" in done.stdout) == (1, True, True)


def test_a_refusal_names_the_secrets(desk: Checker) -> None:
    """A reader must know which one it is; what is in it is not shown."""
    secret = desk.secrets["JWT_SECRET"]
    made: dict[str, object] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "pg-own"},
        "stringData": {"password": secret},
    }
    keys = {"DATABASE_PASSWORD": {"secret": "pg-own", "key": "password"}}
    block: dict[str, object] = {"existingSecret": "prod-secrets", "keys": keys}
    desk.write({"heimdall": block, "gate": {"enabled": True}, "extraObjects": [made]})
    done = desk.check("-f", VALUES)
    assert (done.returncode, "an entry of extraObjects makes the Secret pg-own" in done.stdout) == (1, True), (
        done.stdout
    )
    assert GONE not in done.stdout
    made["metadata"] = {"name": "prod-secrets"}
    block["secrets"] = {"JWT_SECRET": "prod-secrets"}
    desk.write({"heimdall": block, "gate": {"enabled": True}, "extraObjects": [made]})
    assert f"makes the Secret {GONE}" in desk.check("-f", VALUES).stdout, "it is a secret as well"


FUNCTIONS = (
    *(
        "upper",
        "lower",
        "swapcase",
        "title",
        "nospace",
        "trunc 20",
        "quote",
        "squote",
        "toJson",
        "toYaml",
        "html",
        "js",
    ),
    *("b64enc", 'print "x" | b64enc', 'printf "xx%syy" | b64enc', "b64enc | b64enc", "b32enc", "urlquery", "sha256sum"),
    *('printf "%q"', 'printf "%x"', 'printf "%X"', 'cat "x"', "indent 4", 'replace "<" ""'),
)


@pytest.mark.slow
def test_what_templates_make_of_a_value_is_not_told(desk: Checker) -> None:
    """By each function of theirs that keeps what it is given, with the characters that it changes."""
    chart = desk.folder / "foreign"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: foreign\nversion: 0.1.0\n")
    value = desk.secrets["ADMIN_PASSWORD"].replace("-", "<&'\"/+?~", 2)
    desk.write({"token": value})
    for function in FUNCTIONS:
        (chart / "templates/x.yaml").write_text(f"{{{{ fail (.Values.token | {function}) }}}}")
        (finding,) = desk.found("-f", VALUES, chart=chart)["findings"]
        told = finding["message"].partition("x.yaml:1:")[2].partition("): ")[2]
        assert GONE in told, function
        assert len(told.replace(GONE, "")) < 6, function


def test_what_lies_in_a_chart_is_not_told(desk: Checker) -> None:
    """The defaults of a subchart, in a folder or packed, and a file that a template reads."""
    chart, secret = desk.folder / "outer", desk.secrets["JWT_SECRET"]
    inner = chart / "charts/inner"
    (inner / "templates").mkdir(parents=True)
    (chart / "env").mkdir()
    for folder in (chart, inner):
        (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {folder.name}\nversion: 0.1.0\n")
    (inner / "values.yaml").write_text(f"auth:\n  password: {secret}\n")
    (inner / "templates/x.yaml").write_text("{{ fail (print .Values.auth.password .Chart.Name) }}")
    told = [desk.found(chart=chart)["findings"]]
    accepted(desk.helm.run("package", str(inner), "-d", str(chart / "charts"), cwd=desk.folder))
    shutil.rmtree(inner)
    told.append(desk.found(chart=chart)["findings"])
    accepted(desk.helm.run("package", str(chart), "-d", str(desk.folder), cwd=desk.folder))
    told.append(desk.found(chart="outer-0.1.0.tgz")["findings"])
    shutil.rmtree(chart / "charts")
    (chart / "templates").mkdir()
    (chart / "env/secrets.yaml").write_text(f"API_KEY_SECRET: {secret}\n")
    (chart / "templates/x.yaml").write_text('{{ fail (.Files.Get "env/secrets.yaml") }}')
    told.append(desk.found(chart=chart)["findings"])
    assert [[each["rule"] for each in found] for found in told] == [["render-failed"]] * 4
    assert [GONE in str(found) for found in told] == [True] * 4


def test_what_the_chart_itself_says_stays(desk: Checker) -> None:
    """None of its own words are taken for a secret; and each way is a line."""
    done = desk.check()
    assert done.returncode == 1
    assert GONE not in done.stdout
    assert "fix       the chart says: existing Secret: --set heimdall.existingSecret=NAME\n" in done.stdout
    assert "\n                  files: heimdall-pr generate env/heimdall-secrets.yaml, then --set '" in done.stdout
    done = desk.check("--set", "heimdal.x=1", "--set-literal", "heimdall.foo=a,b=c")
    assert (done.returncode, GONE in done.stdout) == (1, False)
    assert "where     heimdal, --set heimdal\n" in done.stdout
    assert "where     heimdall.foo, --set-literal heimdall.foo\n" in done.stdout


# --- charts ----------------------------------------------------------------------------------------------------------


def test_charts_that_do_not_render(desk: Checker) -> None:
    """A missing subchart, a circle of them, a broken template, a package that is none."""
    chart = desk.folder / "chart"
    (chart / "templates").mkdir(parents=True)
    head = "apiVersion: v2\nname: chart\nversion: 0.1.0\n"
    (chart / "Chart.yaml").write_text(f"{head}dependencies:\n- {{name: gone, version: 1.0.0, repository: ''}}\n")
    assert "missing in charts/ directory: gone" in str(desk.found(chart=chart))
    (chart / "Chart.yaml").write_text(head)
    (chart / "templates/x.yaml").write_text("{{ if }}")
    assert [each["rule"] for each in desk.found(chart=chart)["findings"]] == ["render-failed"]
    (chart / "charts").mkdir()
    (chart / "charts/self").symlink_to("..")
    refused(desk.check(chart=chart), 1, "is no chart")
    (desk.folder / "x.tgz").write_bytes(b"no package")
    refused(desk.check(chart="x.tgz"), 1, "x.tgz is no chart")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A folder that is served; nothing is logged."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]  # the server gives them

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def test_remote_charts(desk: Checker, server: str, tmp_path: Path) -> None:
    """From a repository, by its version or the newest, and by address; a login in it is not shown."""
    desk.write(inline(desk.secrets))
    served = tmp_path / "served"
    accepted(desk.helm.run("package", str(CHART), "--version", "1.2.3", "-d", str(served), cwd=desk.folder))
    accepted(desk.helm.run("repo", "index", str(served), cwd=desk.folder))
    accepted(desk.cli("check", "heimdall", "--repo", server, "--version", "1.2.3", "-f", VALUES))
    done = accepted(desk.cli("check", f"{server.replace('//', '//me:hunter22@')}/heimdall-1.2.3.tgz", "-f", VALUES))
    assert "4 required keys" in done.stdout
    refused(desk.cli("check", "heimdall", "--repo", server, "--version", "9.9.9"), 1, "can't be pulled", "9.9.9")
    gone = desk.cli("check", f"{server.replace('//', '//me:hunter22@')}/gone.tgz")
    refused(gone, 1, "can't be pulled", "404")
    assert "hunter22" not in gone.stderr
    accepted(desk.helm.run("repo", "add", "mine", server))
    accepted(desk.cli("check", "mine/heimdall", "-f", VALUES))
    refused(desk.cli("check", "nobodys/heimdall"), 1, "there is no folder nobodys/heimdall", "repo nobodys not found")


# --- manifests -------------------------------------------------------------------------------------------------------


def test_a_stream_that_was_cut(desk: Checker) -> None:
    """In the contract, in the Secret, in a document of others: wherever YAML shows it."""
    rendered = accepted(
        desk.helm.run("template", "r", str(CHART), "-f", desk.write(inline(desk.secrets)), cwd=desk.folder)
    ).stdout
    for at in ("approach: ", '  JWT_SECRET: "', "containerPort: "):
        (desk.folder / "cut.yaml").write_text(rendered[: rendered.index(at) + len(at)] + '"{')
        done = desk.cli("check", "cut.yaml")
        assert done.returncode == 1, at
        assert "cut off?" in done.stdout or "unreadable" in done.stdout


def test_a_secrets_file_that_is_a_directory(desk: Checker) -> None:
    (desk.folder / "env").mkdir()
    done = desk.check("--set", "heimdall.secretsFiles={env}")
    assert (done.returncode, "not-a-file   is a directory" in done.stdout) == (1, True)


# --- outputs and usage -----------------------------------------------------------------------------------------------


def test_outputs_that_can_not_be_written(desk: Checker) -> None:
    """Nothing is left behind, and the other report is not written either."""
    desk.write(inline(desk.secrets))
    (desk.folder / "old.json").write_text("old")
    before = sorted(os.listdir(desk.folder))
    for path, code in (("nowhere/x", 2), (".", 2), ("/dev/full", 1), (f"{VALUES}/x", 2), (VALUES, 2)):
        done = desk.check("-f", VALUES, "--format", "json=old.json", "--format", f"sarif={path}")
        refused(done, code, path)
        assert sorted(os.listdir(desk.folder)) == before
        assert (desk.folder / "old.json").read_text() == "old"


USAGE: list[tuple[str, list[str], str]] = [
    ("an unknown format", ["chart", "--format", "sarrif"], "did you mean sarif?"),
    ("an unknown rule", ["chart", "--ignore", "placehoder=x"], "did you mean placeholder?"),
    ("a rule that can't be ignored", ["chart", "--ignore", "missing-key=x"], "can't be ignored"),
    ("a chart's option for manifests", ["x.yaml", "--kube-version", "1.30"], "--kube-version is for a chart"),
    ("a remote chart's option", [str(CHART), "--version", "1"], "--version is for a remote chart"),
    ("two charts", [str(CHART), str(CHART)], "one chart is checked at a time"),
    ("standard input twice", ["-", "-f", "-"], "standard input"),
    ("a values file that is a pipe", [str(CHART), "-f", "pipe"], "can be read once"),
    ("what is set from a pipe", [str(CHART), "--set-file", "a=b,c=pipe"], "--set-file pipe is no file"),
    ("no number", [str(CHART), "--helm-timeout", "soon"], "no number of seconds"),
]


@pytest.mark.parametrize(("words", "told"), [row[1:] for row in USAGE], ids=[row[0] for row in USAGE])
def test_usage(tmp_path: Path, words: list[str], told: str) -> None:
    """Before any helm is asked."""
    desk = Checker(Helm(Path("/nowhere/helm"), "4.0.0", tmp_path), tmp_path / "desk")
    os.mkfifo(desk.folder / "pipe")
    refused(desk.cli("check", *words), 2, told)


def test_help_and_a_missing_target(tmp_path: Path) -> None:
    desk = Checker(Helm(Path("/nowhere/helm"), "4.0.0", tmp_path), tmp_path / "desk")
    assert desk.cli("check").returncode == 2
    for command in ("check", "explain"):
        done = accepted(desk.cli(command, "--help"))
        assert "Examples:" in done.stdout
        assert f"heimdall-pr {command} charts/heimdall -f values-ci.yaml" in " ".join(done.stdout.split())
