"""A chart and a heimdall-pr of different versions under real Helms: the install goes on, and the report says it."""

import shutil
from pathlib import Path

import pytest

from post_renderer.rules.digest import DIGEST
from tests.checking import VALUES, Checker, told
from tests.helms import Helm
from tests.support import CHART, Desk, accepted, documents, held, refused

OTHER = "0123456789ab"
CONTRACT = "ConfigMap default/release-name-heimdall-secrets-contract"
NOTE = f"the chart has other rules ({OTHER}) than this heimdall-pr ({DIGEST}): their versions differ"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The chart with another digest."""
    return changed(tmp_path, "_digest.generated.tpl", DIGEST, OTHER)


def changed(folder: Path, template: str, old: str, new: str) -> Path:
    """A copy of the chart with a change in a template."""
    chart = shutil.copytree(CHART, folder / "chart" / "heimdall")
    path = next(chart.rglob(template))
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    return chart


@pytest.mark.parametrize("strict", ["", "true"])
def test_the_install_goes_on_with_a_note(every_helm: Helm, tmp_path: Path, other: Path, strict: str) -> None:
    """In the report that `heimdall-pr why` prints: Helm 4 itself shows no note of ours."""
    desk = Desk(every_helm, tmp_path / "desk")
    env = {"HEIMDALL_PR_STRICT": strict} if strict else {}
    done = accepted(desk.template(desk.file(), chart=other, env=env))
    assert set(held(documents(done)).values()) == set(desk.secrets.values())
    assert f"note    rules-differ   {NOTE}" in desk.report()
    assert CONTRACT.replace("release-name", "r") in desk.report()
    assert "upgrade the older of the two" in desk.report()


def test_the_same_version(every_helm: Helm, tmp_path: Path) -> None:
    desk = Desk(every_helm, tmp_path / "desk")
    accepted(desk.template(desk.file()))
    assert "rules-differ" not in desk.report()


def test_a_chart_that_has_no_digest_yet(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    line = '  policy: {{ include "secrets-contract.v1.digest" . | quote }}\n'
    accepted(desk.template(desk.file(), chart=changed(tmp_path, "_contract.tpl", line, "")))
    assert "rules-differ" not in desk.report()


def test_a_later_contract(helm: Helm, tmp_path: Path) -> None:
    desk = Desk(helm, tmp_path / "desk")
    chart = changed(tmp_path, "_secrets.tpl", '"contract" "v1"', '"contract" "v3"')
    done = desk.template(desk.file(), chart=chart)
    refused(done, "contract-version", "upgrade heimdall-pr", "pip install --upgrade heimdall-pr")


def test_check(helm: Helm, tmp_path: Path, other: Path) -> None:
    """Of a chart, and of its manifests, as `helm get manifest` prints them."""
    desk = Checker(helm, tmp_path / "desk")
    desk.write(desk.file())
    found = desk.found("--values", VALUES, chart=other)
    assert (found["ok"], told(found, "note")) == (
        True,
        [("rules-differ", None, CONTRACT)],
    )
    assert [each["message"] for each in found["findings"]] == [NOTE]
    assert told(desk.found("--values", VALUES)) == []
    rendered = desk.helm.run("template", "release-name", str(other), "--values", str(desk.folder / VALUES)).stdout
    assert f"rules-differ   {NOTE}" in desk.cli("check", "-", input=rendered).stdout
