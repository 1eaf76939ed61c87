"""A second post-renderer beside ours: Helm takes only one, so a script runs both; with real kustomize, on each Helm."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from tests import helms
from tests.helms import HELM_PR, Helm
from tests.support import FILE, ROOT, Desk, checksum, documents, existing, held, refused

EXAMPLE = ROOT / "examples" / "kustomize"


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Desk:
    """With the example, heimdall-pr and kubectl where a user has them."""
    shutil.copytree(EXAMPLE / "kustomize", tmp_path / "desk" / "kustomize")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "heimdall-pr").symlink_to(HELM_PR)
    try:
        (commands / "kubectl").symlink_to(helms.fetch("kubectl"))
    except helms.Unavailable as error:
        pytest.skip(str(error))
    return Desk(helm, tmp_path / "desk")


def chained(helm: Helm) -> list[str]:
    """The example as a user installs it."""
    if helm.major == 3:
        return ["--post-renderer", str(EXAMPLE / "run")]
    shutil.copytree(EXAMPLE, helm.plugins / "kustomize-heimdall-pr", dirs_exist_ok=True)
    return ["--post-renderer", "kustomize-heimdall-pr"]


def path(desk: Desk) -> dict[str, str]:
    temporary = desk.folder.with_name("tmp")
    temporary.mkdir(exist_ok=True)
    return {
        "PATH": os.pathsep.join([str(desk.folder.with_name("bin")), os.environ["PATH"]]),
        "TMPDIR": str(temporary),
    }


def left_behind(desk: Desk) -> list[Path]:
    return list(desk.folder.with_name("tmp").iterdir())


def test_both_do_their_work(desk: Desk) -> None:
    values = {**desk.file(), "tests": {"enabled": False}}  # Helm 3 shows hooks to no post-renderer
    found = documents(desk.template(values, renderer=chained(desk.helm), env=path(desk)))
    assert held(found) == desk.secrets
    assert {each["metadata"]["labels"]["team"] for each in found} == {"security"}
    (deployment,) = (each for each in found if each["kind"] == "Deployment")
    assert deployment["metadata"]["annotations"]["patched"] == "by kustomize"
    assert checksum(found) != ""
    assert left_behind(desk) == []


def test_what_kustomize_sees_holds_no_secret(desk: Desk) -> None:
    values = desk.file()
    kubectl = desk.folder.with_name("bin") / "kubectl"
    real = kubectl.resolve()
    kubectl.unlink()
    kubectl.write_text(f'#!/bin/sh\ncp "$2/rendered.yaml" "{desk.folder}/seen.yaml"\nexec {real} "$@"\n')
    kubectl.chmod(0o755)
    assert desk.template(values, renderer=chained(desk.helm), env=path(desk)).returncode == 0
    seen = (desk.folder / "seen.yaml").read_text()
    assert "kind: Secret" in seen
    assert not any(value in seen for value in desk.secrets.values())


def test_our_refusal_is_the_whole_s(desk: Desk) -> None:
    values = desk.file({key: value for key, value in desk.secrets.items() if key != "JWT_SECRET"})
    done = desk.template(values, renderer=chained(desk.helm), env=path(desk))
    refused(done, "missing-key", "JWT_SECRET is missing", f"heimdall-pr generate {FILE}")
    assert left_behind(desk) == []


BROKEN = [
    ("no YAML", "resources: [", "invalid Kustomization"),
    ("a file that is not there", "resources: [rendered.yaml, absent.yaml]", "absent.yaml"),
]


@pytest.mark.parametrize(("kustomization", "told"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_other_s_failure_is_the_whole_s(desk: Desk, kustomization: str, told: str) -> None:
    (desk.folder / "kustomize/kustomization.yaml").write_text(kustomization)
    refused(desk.template(desk.file(), renderer=chained(desk.helm), env=path(desk)), told)
    assert left_behind(desk) == []


def test_no_kustomization(desk: Desk) -> None:
    env = {**path(desk), "KUSTOMIZATION": "absent"}
    refused(desk.template(desk.file(), renderer=chained(desk.helm), env=env), "absent")


def test_it_takes_out_the_contract(desk: Desk) -> None:
    """What kustomize does to our documents is judged, not believed: without the contract nothing is filled."""
    patch = {
        "target": {"kind": "ConfigMap", "name": ".*-secrets-contract"},
        "patch": "$patch: delete\nkind: x\nmetadata: {name: x}",
    }
    kustomization = yaml.safe_dump({"resources": ["rendered.yaml"], "patches": [patch]})
    (desk.folder / "kustomize/kustomization.yaml").write_text(kustomization)
    refused(desk.template(desk.file(), renderer=chained(desk.helm), env=path(desk)), "contract-absent")


def test_options_come_from_the_environment(desk: Desk) -> None:
    done = desk.template(
        existing("live"), renderer=chained(desk.helm), env={**path(desk), "HEIMDALL_PR_STRICT": "true"}
    )
    refused(done, "not-checked")
