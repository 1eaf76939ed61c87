"""A release is refused if anything is out of step; the repository's address is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from post_renderer import __version__
from post_renderer.kube import manifest
from post_renderer.requirements import contract
from tests.support import ROOT
from tools import release

TAG = f"v{__version__}"
FILES = (
    "pyproject.toml",
    "CHANGELOG.md",
    "charts/heimdall/Chart.yaml",
    "examples/kustomize/plugin.yaml",
    release.PATCH,
)


def test_everything_is_in_step() -> None:
    assert list(release.problems()) == []
    assert set(release.versions().values()) == {__version__}


def test_the_charts_contract_is_one_that_the_tool_reads() -> None:
    template = (ROOT / "charts" / "heimdall" / "templates" / "_secrets.tpl").read_text()
    assert f'"contract" "{contract.VERSIONS[0]}"\n' in template
    assert f'"contractLabels" (list "{manifest.CONTRACT_LABEL}")\n' in template


@pytest.mark.needs("git")
def test_one_address() -> None:
    """Whoever moves the repository changes pyproject.toml, and this test names the other places."""
    shape = r"(https://github\.com|git\+https://github\.com)/([A-Za-z0-9-]+/heimdall-pr)\b"
    found = subprocess.run(["git", "grep", "-IohE", shape], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {line.removeprefix("git+") for line in found.splitlines() if "\\" not in line} == {release.address()}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of its own with the files that have a version, all committed."""
    for name in (*FILES, release.PATCH):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "release"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setattr(release, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.needs("git")
@pytest.mark.usefixtures("tree")
def test_it_can_be_made() -> None:
    assert release.main(["check", TAG, release.address()]) == 0
    assert release.main(["check", TAG]) == 0


REFUSED = [
    ("another tag", "", "", ["v0.0.1"], "the tag is v0.0.1"),
    ("no v", "", "", [__version__], f"the tag is {__version__}"),
    ("another repository", "", "", [TAG, "https://example.com/fork/heimdall-pr"], "this is https://example.com/fork"),
    ("an older chart", FILES[2], f"version: {__version__}", [TAG], "charts/heimdall/Chart.yaml has the version 0.0.1"),
    ("an older plugin", FILES[3], f"version: {__version__}", [TAG], "kustomize/plugin.yaml has the version 0.0.1"),
    ("an older image", release.PATCH, f":{__version__}", [TAG], "repo-server-patch.yaml has the version 0.0.1"),
    ("a release without a date", FILES[1], r" - \d{4}-\d\d-\d\d", [TAG], "the newest release in CHANGELOG.md"),
    ("no section", FILES[1], rf"^## \[{re.escape(__version__)}\].*$", [TAG], "the newest release in CHANGELOG.md"),
    ("a change", FILES[0], "^# ", [TAG], "files are changed, or not committed"),
]


@pytest.mark.needs("git")
@pytest.mark.parametrize(
    ("name", "pattern", "arguments", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_it_cannot_be_made(
    tree: Path, capsys: pytest.CaptureFixture[str], name: str, pattern: str, arguments: list[str], told: str
) -> None:
    if name:
        text = (tree / name).read_text()
        instead = pattern.replace(__version__, "0.0.1") if pattern.endswith(__version__) else ""
        (tree / name).write_text(re.sub(pattern, instead, text, count=1, flags=re.MULTILINE))
    assert release.main(["check", *arguments]) == 1
    assert told in capsys.readouterr().err


def test_the_notes(capsys: pytest.CaptureFixture[str]) -> None:
    """The section of this version, and no other."""
    assert release.main(["notes"]) == 0
    text = capsys.readouterr().out
    assert "### Added" in text
    assert "## [" not in text
    assert text in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("arguments", [[], ["check"], ["notes", "more"], ["publish"], ["check", "a", "b", "c"]])
def test_usage(arguments: list[str]) -> None:
    assert release.main(arguments) == 2
