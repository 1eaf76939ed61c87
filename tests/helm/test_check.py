"""`heimdall-pr check` on our own chart, rendered by real Helms: what it says, where, and never a secret."""

import json
from pathlib import Path

import pytest

from tests.checking import FORMATS, VALUES, Checker, states, told
from tests.helms import Helm
from tests.support import (
    CHART,
    FILE,
    FROM_ENVIRONMENT,
    KEYS,
    Done,
    Values,
    accepted,
    existing,
    files,
    inline,
    merged,
    parent,
    shipped,
)

SHORT = "kP3-vQ8~wZ"
PLACEHOLDER = "CHANGE_ME_please"


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


# --- each approach ---------------------------------------------------------------------------------------------------


def test_whole(desk: Checker) -> None:
    """Nothing to say of sound secrets, by each approach; an existing Secret is not checked here."""
    ok = dict.fromkeys(KEYS, "ok")
    assert states(desk.found("-f", desk.write(inline(desk.secrets)))) == ok
    assert states(desk.found("-f", desk.write(desk.file()))) == ok
    assert states(desk.found("-f", desk.write(inline(FROM_ENVIRONMENT)), env=desk.secrets)) == ok
    found = desk.found("-f", desk.write(existing("live")))
    assert states(found) == dict.fromkeys(KEYS, "not checked")
    assert told(found) == [("not-checked", None, f"{VALUES}:2")]
    assert desk.check("-f", VALUES, "--strict").returncode == 1


def test_inline_is_found_in_the_values_file(desk: Checker) -> None:
    """The line of the key in the file that wins; a missing one at its parent. The chart itself refuses errors."""
    desk.write(inline(desk.secrets), "base.yaml")
    desk.keep_back({"a": PLACEHOLDER, "b": SHORT})
    for key, value, rule, secret in (
        ("ADMIN_PASSWORD", PLACEHOLDER, "chart-refused", ""),
        ("JWT_SECRET", SHORT, "short-value", ", Secret default/release-name-heimdall-secrets"),
    ):
        desk.write(inline({key: value}))
        assert told(desk.found("-f", "base.yaml", "-f", VALUES)) == [(rule, key, f"{VALUES}:3")]
        found = desk.found("-f", "base.yaml", "-f", VALUES, "--set", f"heimdall.secrets.{key}={value}")
        assert told(found)[0][::2] == (rule, f"--set heimdall.secrets.{key}{secret}")
    desk.write(inline(merged(desk.secrets, API_KEY_SECRET=None)))
    assert told(desk.found("-f", VALUES)) == [("chart-refused", "API_KEY_SECRET", f"{VALUES}:2")]


def test_files_are_found_in_the_secrets_file(desk: Checker) -> None:
    desk.keep_back({"a": SHORT})
    desk.write(desk.file(merged(desk.secrets, JWT_SECRET=SHORT, API_KEY_SECRET=None)))
    found = desk.found("-f", VALUES)
    assert told(found) == [("missing-key", "API_KEY_SECRET", FILE), ("short-value", "JWT_SECRET", f"{FILE}:1")]
    desk.file({**desk.secrets, "JWT_SECRET": SHORT}, "root/env/heimdall-secrets.yaml")
    assert told(desk.found("-f", VALUES, "--files-root", "root")) == [
        ("short-value", "JWT_SECRET", "root/env/heimdall-secrets.yaml:1")
    ]


def test_environment_and_losers_are_found_in_the_values_file(desk: Checker) -> None:
    desk.write({"heimdall": {**inline(FROM_ENVIRONMENT)["heimdall"], "secretsFiles": ["x"]}})
    found = desk.found("-f", VALUES, env=merged(desk.secrets, DATABASE_PASSWORD=None))
    assert told(found) == [("env-unset", "DATABASE_PASSWORD", f"{VALUES}:5"), ("ignored", None, f"{VALUES}:7")]
    assert states(found)["DATABASE_PASSWORD"] == "missing"


def test_the_charts_own_values_are_no_files_of_the_user(desk: Checker) -> None:
    """What a chart refuses that no values file says is said of the chart."""
    found = desk.found()
    assert told(found) == [("chart-refused", None, str(CHART))]
    assert found["secrets"] == []


def test_umbrella_and_package(desk: Checker) -> None:
    """An umbrella chart that brings the Secret; our chart as a package."""
    bad = desk.write(shipped({**desk.secrets, "JWT_SECRET": ""}))
    found = desk.found("-f", bad, chart=parent(desk.folder))
    assert told(found, "error") == [("missing-key", "JWT_SECRET", "Secret default/heimdall-production-secrets")]
    accepted(desk.helm.run("package", str(CHART), cwd=desk.folder))
    (package,) = desk.folder.glob("*.tgz")
    assert states(desk.found("-f", desk.write(inline(desk.secrets)), chart=package)) == dict.fromkeys(KEYS, "ok")


def test_what_the_render_is_told(desk: Checker) -> None:
    desk.write(inline(desk.secrets))
    found = desk.found("-f", VALUES, "--release-name", "mine", "--namespace", "there", "--kube-version", "1.33.0")
    assert found["secrets"][0]["secret"] == "Secret there/mine-heimdall-secrets"
    probe = desk.folder / "probe/templates"
    probe.mkdir(parents=True)
    (probe / "../Chart.yaml").write_text("apiVersion: v2\nname: probe\nversion: 0.1.0\n")
    (probe / "x.yaml").write_text(
        "{{ fail (print .Capabilities.KubeVersion.Version ` ` (.Capabilities.APIVersions.Has `x/v1`)) }}"
    )
    found = desk.found("--kube-version", "1.31.2", "--api-versions", "x/v1", chart="probe")
    assert "v1.31.2 true" in found["findings"][0]["message"]


def test_values_from_standard_input_and_sets_of_each_kind(desk: Checker) -> None:
    (desk.folder / "jwt").write_text(desk.secrets["JWT_SECRET"])
    desk.write({"replicaCount": 1}, "base.yaml")
    done = desk.cli(
        *("check", str(CHART), "-f", "-", "-f", "base.yaml", "--format", "json"),
        *("--set", f"heimdall.secrets.API_KEY_SECRET={desk.secrets['API_KEY_SECRET']}"),
        *("--set-string", f"heimdall.secrets.DATABASE_PASSWORD={desk.secrets['DATABASE_PASSWORD']}"),
        *("--set-file", "heimdall.secrets.JWT_SECRET=jwt"),
        input=json.dumps(inline({"ADMIN_PASSWORD": desk.secrets["ADMIN_PASSWORD"]})),
    )
    assert states(json.loads(accepted(done).stdout)) == dict.fromkeys(KEYS, "ok")
    text = json.dumps(desk.secrets)
    assert desk.found("--set-json", f"heimdall.secrets={text}")["ok"]


# --- strict, ignored, formats ----------------------------------------------------------------------------------------


def test_strict_and_ignored(desk: Checker) -> None:
    desk.keep_back({"a": SHORT})
    desk.write(inline({**desk.secrets, "JWT_SECRET": SHORT}))
    assert desk.found("-f", VALUES)["ok"]
    assert not desk.found("-f", VALUES, "--strict")["ok"]
    found = desk.found("-f", VALUES, "--strict", "--ignore", "short-value=a sandbox", "--ignore", "file-mode=none")
    assert (found["ok"], [each["ignored"] for each in found["findings"]]) == (True, [None, "a sandbox"])
    assert [each["rule"] for each in found["findings"]] == ["ignore-unused", "short-value"]


def test_what_has_no_file_is_shown_at_the_last_values_file(desk: Checker) -> None:
    desk.write(inline(desk.secrets))
    (desk.folder / "last.yaml").write_text("replicaCount: 1\n")
    for given, expected in (
        (("-f", VALUES, "-f", "last.yaml"), "last.yaml"),
        (("-f", "last.yaml", "-f", VALUES), VALUES),
    ):
        done = desk.check(*given, "--ignore", "file-mode=none", "--format", "gitlab")
        assert [each["location"]["path"] for each in json.loads(accepted(done).stdout)] == [expected]


def test_several_formats_and_a_job_of_github(desk: Checker) -> None:
    """All files are written, the summary is appended, and paths are those of the repository."""
    root = desk.folder
    (root / "sub").mkdir()
    desk.write(inline({**desk.secrets, "JWT_SECRET": PLACEHOLDER}), "sub/values.yaml")
    (root / "summary").write_text("before\n")
    wanted = [word for name in FORMATS if name != "github" for word in ("--format", f"{name}=out.{name}")]
    job = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "../summary", "GITHUB_WORKSPACE": str(root)}
    done = desk.command_in(
        root / "sub", "check", str(CHART), "-f", "values.yaml", *wanted, "--format", "github", env=job
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=sub/values.yaml,line=3,title=")
    assert (root / "summary").read_text() == "before\n" + (root / "sub/out.markdown").read_text()
    sarif = json.loads((root / "sub/out.sarif").read_text())
    uri = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == json.loads((root / "sub/out.gitlab").read_text())[0]["location"]["path"] == "sub/values.yaml"
    desk.look_through(Done([], 0, "".join(path.read_text() for path in root.rglob("out.*")), ""))


def test_a_job_of_gitlab(desk: Checker) -> None:
    desk.write(inline(desk.secrets))
    done = accepted(desk.check("-f", VALUES, env={"GITLAB_CI": "true"}))
    assert done.stdout.startswith("heimdall-pr: ok: ")
    assert json.loads((desk.folder / "gl-code-quality-report.json").read_text()) == []


def test_no_format_tells_a_secret(desk: Checker) -> None:
    """By each approach, with weak secrets of each kind, refused and accepted, in every format."""
    weak = desk.keep_back(
        {**desk.secrets, "ADMIN_PASSWORD": "aB3-aB3-aB3-", "API_KEY_SECRET": f"{desk.secrets['JWT_SECRET'][:60]}\n"}
    )
    cases: list[tuple[Values, dict[str, str]]] = [
        (inline(desk.secrets), {}),
        (inline(weak), {}),
        (inline({**weak, desk.secrets["JWT_SECRET"][:40]: "1"}), {}),
        (desk.file(weak), {}),
        (inline(FROM_ENVIRONMENT), weak),
        ({"heimdall": {"secrets": desk.secrets["JWT_SECRET"]}, "replicaCount": desk.secrets["API_KEY_SECRET"]}, {}),
        ({"heimdall": {"externalUrl": desk.secrets["JWT_SECRET"]}}, {}),
        ({"image": {"pullPolicy": desk.secrets["JWT_SECRET"]}}, {}),
        (files(desk.secrets["JWT_SECRET"][:8]), {}),
    ]
    wanted = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    for values, env in cases:
        done = desk.check("-f", desk.write(values), *wanted, "--strict", env=env)
        assert done.returncode in (0, 1), done.stderr
        for name in FORMATS:
            written = (desk.folder / f"out.{name}").read_text()
            assert written
            desk.look_through(Done([], 0, written, ""))
    desk.cli("explain", str(CHART), "-f", desk.write(inline(weak)), "--format", "json")


# --- manifests -------------------------------------------------------------------------------------------------------


def test_manifests(desk: Checker) -> None:
    """Rendered before: a file, a folder, standard input; each finding by file and line."""
    desk.keep_back({"a": SHORT})
    rendered = desk.helm.run(
        "template", "r", str(CHART), "-f", desk.write(inline({**desk.secrets, "JWT_SECRET": SHORT})), cwd=desk.folder
    )
    folder = desk.folder / "manifests/deep"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("kind: ConfigMap\n")
    (folder / "b.yaml").write_text(accepted(rendered).stdout)
    line = next(at for at, text in enumerate(rendered.stdout.splitlines(), 1) if text.startswith("  JWT_SECRET: "))
    for targets in (["manifests"], ["manifests/deep/a.yaml", "manifests/deep/b.yaml"], ["manifests/deep/b.yaml"]):
        found = json.loads(accepted(desk.cli("check", *targets, "--format", "json")).stdout)
        assert told(found) == [("short-value", "JWT_SECRET", f"manifests/deep/b.yaml:{line}")]
    piped = json.loads(accepted(desk.cli("check", "-", "--format", "json", input=rendered.stdout)).stdout)
    assert piped["findings"][0]["where"]["line"] == line
    values = json.loads(accepted(desk.cli("check", "manifests", "-f", VALUES, "--format", "json")).stdout)
    assert told(values) == [("short-value", "JWT_SECRET", f"{VALUES}:3")]


def test_manifests_need_no_helm(desk: Checker) -> None:
    rendered = desk.helm.run("template", "r", str(CHART), "-f", desk.write(inline(desk.secrets)), cwd=desk.folder)
    (desk.folder / "all.yaml").write_text(rendered.stdout)
    nowhere = {"HELM_BIN": "/nowhere/helm", "PATH": "/usr/bin:/bin"}
    accepted(desk.cli("check", "all.yaml", env=nowhere))
    assert desk.cli("check", "all.yaml", "-f", VALUES, env=nowhere).returncode == 1


# --- every Helm ------------------------------------------------------------------------------------------------------


def test_every_helm(every_helm: Helm, tmp_path: Path) -> None:
    """Each pinned Helm renders, refuses by chart and by schema, and merges the values."""
    desk = Checker(every_helm, tmp_path / "desk")
    desk.write(inline(desk.secrets))
    assert states(desk.found("-f", VALUES)) == dict.fromkeys(KEYS, "ok")
    desk.write({"heimdall": {"secrets": {"JWT_SECRET": 5}}, "replicaCount": desk.secrets["JWT_SECRET"]})
    assert told(desk.found("-f", VALUES)) == [("values-schema", None, f"{VALUES}:4")]
    desk.write({"heimdall": {"secrets": {"JWT_SECRET": 5}}})
    found = desk.found("-f", VALUES)
    assert [rule for rule, _, _ in told(found)] == ["chart-refused"] * 4
    assert ("chart-refused", "API_KEY_SECRET", f"{VALUES}:2") in told(found)


def test_a_chart_and_what_makes_its_secret(desk: Checker) -> None:
    """One command for what is applied before and what is installed after; a defect has the manifest's own line."""
    scaffold = desk.cli("scaffold", "eso-aws").stdout
    (desk.folder / "eso.yaml").write_text(scaffold)
    words = ("eso.yaml", "--namespace", "heimdall", "-f", desk.write(existing("heimdall-production-secrets")))
    line = scaffold.splitlines().index("    - secretKey: JWT_SECRET") + 1
    assert told(desk.found(*words)) == [("values-unseen", None, f"eso.yaml:{line}")]
    (desk.folder / "eso.yaml").write_text(scaffold.replace("secretKey: JWT_SECRET", "secretKey: JWT"))
    assert told(desk.found(*words), "error") == [("missing-key", "JWT_SECRET", f"eso.yaml:{line}")]
