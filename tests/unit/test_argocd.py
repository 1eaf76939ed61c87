"""What Argo CD gives to its plugin: the parameters of an application, and mistakes in them."""

import json
from pathlib import Path

import pytest
import yaml

from post_renderer.adapters import argocd, helm
from post_renderer.commands import parameters
from post_renderer.model.errors import UsageError
from tests.support import ROOT

SOURCE = "apps/heimdall"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the application's folder in a repository, with values files in it, beside it and outside."""
    here = tmp_path / "repository" / SOURCE
    (here / "templates").mkdir(parents=True)
    for path in (here / "a.yaml", here.parent / "b.yaml", tmp_path / "outside.yaml", tmp_path / "repository-2.yaml"):
        path.write_text("{}")
    (here / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (here / "inside.yaml").symlink_to(here.parent / "b.yaml")
    return here


def asked(folder: Path, *parameters: object, source: str = SOURCE, **variables: str) -> argocd.Request:
    """What is made of parameters."""
    given = {"ARGOCD_APP_PARAMETERS": json.dumps(parameters), "ARGOCD_APP_SOURCE_PATH": source}
    return argocd.request({**given, **variables}, str(folder))


def test_nothing() -> None:
    """No variable at all: helm's defaults."""
    assert argocd.request({}, ".") == argocd.Request("", "", "", (), (), "", (), True, "", False, {})


def test_everything(folder: Path) -> None:
    found = asked(
        folder,
        {"name": "release-name", "string": "viewer"},
        {"name": "values-files", "array": ["../b.yaml", "a.yaml"]},
        {"name": "values", "string": "a: 1"},
        {"name": "set", "map": {"a.b": "c", "d": ""}},
        {"name": "skip-crds", "string": "true"},
        {"name": "helm", "string": "4"},
        {"name": "strict", "string": "true"},
        ARGOCD_APP_NAME="heimdall",
        ARGOCD_APP_NAMESPACE="apps",
        KUBE_VERSION="1.31.0",
        KUBE_API_VERSIONS="v1,apps/v1",
        ARGOCD_ENV_JWT_SECRET="x",
        JWT_SECRET="of the pod",
    )
    files = (str(folder.parent / "b.yaml"), str(folder / "a.yaml"))
    sets = ("a.b=c", "d=")
    assert found == argocd.Request(
        "viewer", "apps", "1.31.0", ("v1", "apps/v1"), files, "a: 1", sets, False, "4", True, {"JWT_SECRET": "x"}
    )


def test_a_link_in_the_repository(folder: Path) -> None:
    assert asked(folder, {"name": "values-files", "array": ["inside.yaml"]}).files == (str(folder.parent / "b.yaml"),)


def test_the_repositorys_own_folder(folder: Path) -> None:
    """The application's path is `.`: what is above it is outside."""
    assert asked(folder, {"name": "values-files", "array": ["a.yaml"]}, source=".").files == (str(folder / "a.yaml"),)
    with pytest.raises(UsageError, match="outside the repository"):
        asked(folder, {"name": "values-files", "array": ["../b.yaml"]}, source=".")


REFUSED: list[tuple[str, object, str]] = [
    ("a file above the repository", {"name": "values-files", "array": ["../../../outside.yaml"]}, "outside the repo"),
    ("a neighbour's name", {"name": "values-files", "array": ["../../../repository-2.yaml"]}, "outside the repo"),
    ("an absolute path", {"name": "values-files", "array": ["/etc/hostname"]}, "outside the repository"),
    ("a link that leads out", {"name": "values-files", "array": ["link.yaml"]}, "outside the repository"),
    ("no file", {"name": "values-files", "array": ["none.yaml"]}, "no values file none.yaml"),
    ("a folder", {"name": "values-files", "array": ["templates"]}, "no values file templates"),
    ("a secret in the place of a path", {"name": "values-files", "array": ["A: pwned"]}, "no values file of that name"),
    ("another type", {"name": "values-files", "string": "a.yaml"}, "values-files must be array"),
    ("a number in a list", {"name": "values-files", "array": [1]}, "values-files must be array"),
    ("a list for a map", {"name": "set", "array": ["a=b"]}, "set must be map"),
    ("a number in a map", {"name": "set", "map": {"a": 1}}, "set must be map"),
    ("an unknown name", {"name": "pwned", "string": "pwned"}, "parameter 1 has no name"),
    ("no name", {"string": "pwned"}, "parameter 1 has no name"),
    ("a text", "pwned", "parameter 1 has no name"),
    ("an option for a release", {"name": "release-name", "string": "--post-renderer=./pwned"}, "no name of a release"),
    ("a secret for a release", {"name": "release-name", "string": "kP3-pwned~x"}, "no name of a release"),
    ("another helm", {"name": "helm", "string": "2"}, "the parameter helm has no value"),
    ("another word", {"name": "strict", "string": "pwned"}, "the parameter strict has no value"),
    ("another word for the CRDs", {"name": "skip-crds", "string": "pwned"}, "the parameter skip-crds has no value"),
]


@pytest.mark.parametrize(("parameter", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(folder: Path, parameter: object, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        asked(folder, parameter)
    assert "pwned" not in f"{error.value.message} {error.value.fix}"


ONE_FILE: list[tuple[str, list[str]]] = [
    ("a.yaml", ["a.yaml"]),
    ("a,../../outside.yaml", ['"a,../../outside.yaml"']),
    ('a"b.yaml', ['"a""b.yaml"']),
]


@pytest.mark.parametrize(("path", "item"), ONE_FILE)
def test_a_file_stays_one_file_for_helm(path: str, item: list[str]) -> None:
    """Helm splits at commas what --values names; so the second half would be outside the repository."""
    with helm.Values((path,)).passed() as (given, _):
        assert given == ["--values", *item]
    assert list(parameters.paths(item)) == [path]


@pytest.mark.parametrize("text", ["{", '{"name": "set"}', "7", '"pwned"'])
def test_what_argo_cd_never_writes(text: str) -> None:
    with pytest.raises(UsageError, match="ARGOCD_APP_PARAMETERS is no"):
        argocd.request({"ARGOCD_APP_PARAMETERS": text}, ".")


def test_the_plugin_announces_what_is_read() -> None:
    """Each parameter in its type; and it fills nothing."""
    spec = yaml.safe_load((ROOT / "examples" / "argocd" / "plugin.yaml").read_text())["spec"]
    announced = {each["name"]: each.get("collectionType", "string") for each in spec["parameters"]["static"]}
    assert announced == argocd.TYPES
    assert spec["generate"]["command"] == ["heimdall-pr", "argocd", "generate"]


def test_no_helm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="helm4 is not on PATH"):
        argocd.program("4")
