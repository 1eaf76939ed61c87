"""`heimdall-pr argocd generate` by the protocol of Argo CD's plugins, with real Helms."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from post_renderer.adapters import argocd
from tests.helms import HELM_PR, Helm
from tests.readme import runner
from tests.support import (
    CHART,
    FILE,
    FROM_ENVIRONMENT,
    ROOT,
    Desk,
    Done,
    documents,
    held,
    inline,
    merged,
    named,
    refused,
)

NAMES: dict[type, str] = {str: "string", list: "array", dict: "map"}
SOURCE = "apps/heimdall"
EXISTING = {"heimdall.existingSecret": "production-secrets"}


class Application(Desk):
    """A repository with the chart in apps/heimdall, as Argo CD hands a copy of it to the plugin."""

    def __init__(self, helm: Helm, folder: Path) -> None:
        super().__init__(helm, folder)
        shutil.copytree(CHART, folder / SOURCE)
        self.bin = folder.parent / "bin"
        self.bin.mkdir()
        for name in ("helm", f"helm{helm.major}"):
            (self.bin / name).symlink_to(helm.path)

    def generate(self, *flags: str, env: Mapping[str, str] | None = None, **parameters: object) -> Done:
        """What Argo CD runs; of the parameters' names `_` stands for `-`."""
        listed = [_parameter(name.replace("_", "-"), value) for name, value in parameters.items()]
        given = {
            "PATH": f"{self.bin}:{os.defpath}",
            "HEIMDALL_PR_STRICT": "true",
            "JWT_SECRET": "of the pod",
            "ARGOCD_APP_NAME": "heimdall",
            "ARGOCD_APP_NAMESPACE": "apps",
            "ARGOCD_APP_SOURCE_PATH": SOURCE,
            "KUBE_VERSION": "1.31.0",
            "KUBE_API_VERSIONS": "v1,apps/v1",
            "ARGOCD_APP_PARAMETERS": json.dumps(listed),
        }
        here, self.folder = self.folder, self.folder / SOURCE
        try:
            done = self.command("argocd", "generate", *flags, env={**given, **(env or {})})
        finally:
            self.folder = here
        return done

    def look_through(self, done: Done, holds_secrets: bool = False) -> Done:
        """Also where a Secret is to be rendered."""
        return super().look_through(done, holds_secrets or done.returncode == 0)


def _parameter(name: str, value: object) -> dict[str, object]:
    return {"name": name, NAMES[type(value)]: value}


@pytest.fixture
def application(helm: Helm, tmp_path: Path) -> Application:
    return Application(helm, tmp_path / "repository")


def test_an_existing_secret(application: Application) -> None:
    """Manifests alone on standard output; name, namespace, version and values are the application's."""
    (application.folder / "values").mkdir()
    (application.folder / "values" / "a.yaml").write_text("heimdall: {externalUrl: https://a.example.com}\n")
    (application.folder / SOURCE / "b.yaml").write_text("podDisruptionBudget: {enabled: true}\n")
    done = application.generate(
        values_files=["../../values/a.yaml", "b.yaml"],
        values="externalDatabase: {host: db.example.com}\n",
        helm=str(application.helm.major),
        release_name="viewer",
        set=EXISTING,
    )
    found = documents(done)
    assert {each["metadata"].get("namespace", "apps") for each in found} == {"apps"}
    assert not [each for each in found if each["kind"] in ("Secret", "NeedsPostRenderer")]
    assert named(found, "PodDisruptionBudget", "viewer-heimdall")
    (settings,) = (each["data"] for each in found if "EXTERNAL_URL" in each.get("data", {}))
    assert (settings["EXTERNAL_URL"], settings["DATABASE_HOST"]) == ("https://a.example.com", "db.example.com")
    assert "not checked here: Secret apps/production-secrets" in done.stderr


def test_two_renders_are_the_same(application: Application) -> None:
    """Else the application would never be in sync."""
    assert application.generate(set=EXISTING).stdout == application.generate(set=EXISTING).stdout


def test_strict_is_the_applications_own(application: Application) -> None:
    """HEIMDALL_PR_STRICT of the pod is not read."""
    assert application.generate(strict="false", set=EXISTING).returncode == 0
    refused(application.generate(strict="true", set=EXISTING), "not-checked")


def test_nothing_of_an_application_is_an_option_of_helm(application: Application) -> None:
    """A release's name that begins like one would run a program of the repository (Helm 3) or print helm's help."""
    program = application.folder / SOURCE / "run.sh"
    program.write_text("#!/bin/sh\ntouch ran\ncat\n")
    program.chmod(0o755)
    option = "--post-renderer=./run.sh"
    refused(application.generate(release_name=option, set=EXISTING), "release-name is no name of a release")
    refused(application.generate(set=EXISTING, env={"ARGOCD_APP_NAME": option}), "helm says")
    refused(application.generate(set=EXISTING, env={"ARGOCD_APP_NAME": "--help"}), "helm says")
    assert not (application.folder / SOURCE / "ran").exists()


def test_a_comma_in_a_path_leads_to_no_other_file(application: Application) -> None:
    outside = application.folder.parent / "outside"
    inside = application.folder / SOURCE / f"a,{outside}"
    for folder, url in ((outside, "https://outside.example.com"), (inside, "https://inside.example.com")):
        folder.mkdir(parents=True)
        (folder / "b.yaml").write_text(f"heimdall: {{externalUrl: {url}}}\n")
    (application.folder / SOURCE / "a").write_text("{}")
    found = documents(application.generate(values_files=[f"a,{outside}/b.yaml"], set=EXISTING))
    assert [each["data"]["EXTERNAL_URL"] for each in found if "EXTERNAL_URL" in each.get("data", {})] == [
        "https://inside.example.com"
    ]


FROM_FILE = {"heimdall.secretsFiles": "{" + FILE + "}"}


@pytest.mark.parametrize("approach", ["secretsFiles", "secrets"])
def test_values_are_not_rendered_unless_an_administrator_wants_it(application: Application, approach: str) -> None:
    """Argo CD keeps manifests in its cache."""
    application.file(path=f"{SOURCE}/{FILE}")
    if approach == "secretsFiles":
        done = application.generate(set=FROM_FILE)
    else:
        done = application.generate(values=json.dumps(inline(application.secrets)))
    refused(done, f"heimdall.{approach} gives the values of Secret apps/heimdall-secrets", "--fill", "docs/argocd.md")


def test_files_are_filled_on_demand(application: Application) -> None:
    application.file(path=f"{SOURCE}/{FILE}")
    found = documents(application.generate("--fill", set=FROM_FILE))
    assert held(found, "heimdall-secrets") == application.secrets
    application.file(merged(application.secrets, JWT_SECRET=None), path=f"{SOURCE}/{FILE}")
    done = application.generate("--fill", set=FROM_FILE)
    refused(done, "JWT_SECRET is missing", "fix ")


def test_variables_are_the_applications_own(application: Application) -> None:
    """What the plugin's pod has is for nobody: ARGOCD_ENV_… alone is read."""
    given = {f"ARGOCD_ENV_{key}": value for key, value in application.secrets.items()}
    values = json.dumps(inline(FROM_ENVIRONMENT))
    assert (
        held(documents(application.generate("--fill", env=given, values=values)), "heimdall-secrets")
        == application.secrets
    )
    del given["ARGOCD_ENV_JWT_SECRET"]
    done = application.generate("--fill", env=given, values=values)
    refused(done, "env-unset", "JWT_SECRET", "fix       set JWT_SECRET in spec.source.plugin.env of the application")


def test_a_variable_may_have_any_name(application: Application) -> None:
    """The application sets them itself, so none is kept from it; what is not set has the same fix."""
    values = json.dumps(inline({**application.secrets, "JWT_SECRET": "${TOKEN}"}))
    given = {"ARGOCD_ENV_TOKEN": application.secrets["JWT_SECRET"], "TOKEN": "of the pod"}
    rendered = documents(application.generate("--fill", env=given, values=values))
    assert held(rendered, "heimdall-secrets") == application.secrets
    done = application.generate("--fill", env={"TOKEN": "of the pod"}, values=values)
    refused(done, "env-unset", "fix       set TOKEN in spec.source.plugin.env of the application")


def test_helm_gets_none_of_them(application: Application) -> None:
    """Helm starts plugins of its own, and a chart's message could show a variable."""
    spy = application.bin / "spy"
    spy.mkdir()
    (spy / "helm").write_text(f'#!/bin/sh\nenv >>"{application.folder}/seen"\nexec "{application.helm.path}" "$@"\n')
    (spy / "helm").chmod(0o755)
    given = {"PATH": f"{spy}:{os.defpath}", "ARGOCD_ENV_TOKEN": "mine", "PARAM_VALUES": "mine"}
    assert application.generate(env=given, set=EXISTING).returncode == 0
    seen = (application.folder / "seen").read_text()
    assert "HOME=" in seen
    assert not re.search(r"^(ARGOCD_ENV|ARGOCD_APP_PARAMETERS|PARAM_)", seen, re.MULTILINE)


CRD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
"""


@pytest.mark.parametrize(("skip", "found"), [("false", 1), ("true", 0)])
def test_crds(application: Application, skip: str, found: int) -> None:
    """As Argo CD's own Helm: they are rendered, unless they are skipped."""
    folder = application.folder / SOURCE / "crds"
    folder.mkdir()
    (folder / "things.yaml").write_text(CRD)
    rendered = documents(application.generate(set=EXISTING, skip_crds=skip))
    assert len([each for each in rendered if each["kind"] == "CustomResourceDefinition"]) == found
    assert named(rendered, "Deployment", "heimdall")


def test_the_time_limit_is_one_for_all_runs(application: Application) -> None:
    """Each run of this helm is within the limit. Argo CD has one for the plugin, whose condition says nothing more."""
    program = application.bin / "helm"
    program.unlink()
    program.write_text(f'#!/bin/sh\nsleep 1; exec "{application.helm.path}" "$@"\n')
    program.chmod(0o755)
    done = application.generate("--helm-timeout", "1.5", set=EXISTING)
    refused(done, "gave no answer within 1.5 s and was ended", "fix       give it longer: --helm-timeout SECONDS")


def test_a_charts_own_refusal(application: Application) -> None:
    """Whole, and without the value."""
    done = application.generate(set={"heimdall.existingSecrets": "production-secrets"})
    refused(done, "does not render", "existingSecret")


@pytest.mark.parametrize("text", ["", "[]", "null"])
def test_no_parameters(application: Application, text: str) -> None:
    """The chart's own values: it says what to set."""
    refused(application.generate(env={"ARGOCD_APP_PARAMETERS": text}), "does not render", "existingSecret")


def test_a_mistake_in_the_parameters(application: Application) -> None:
    """The other mistakes are in tests/unit/test_argocd.py."""
    done = refused(application.generate(values_files=["../../../outside.yaml"]), "outside the repository")
    assert done.returncode == 2


# --- docs/argocd.md --------------------------------------------------------------------------------------------------
PAGE = (ROOT / "docs" / "argocd.md").read_text()


def test_the_page(application: Application) -> None:
    """Its commands do what it says."""
    shutil.copytree(CHART, application.folder / "charts" / "heimdall")
    path = f"{application.bin}:{HELM_PR.parent}:{os.defpath}"
    assert runner.run(runner.parse(PAGE), set(), application.folder, {**application.helm.env, "PATH": path}) == 1


def test_the_pages_application(application: Application) -> None:
    """Its parameters are those of the plugin, and render."""
    (application.folder / "environments").mkdir()
    (application.folder / "environments" / "production.yaml").write_text("{}\n")
    (fence,) = (each for each in runner.fences(PAGE) if each.kind == "file")
    plugin = yaml.safe_load(fence.text)["spec"]["source"]["plugin"]
    env = {"ARGOCD_APP_PARAMETERS": json.dumps(plugin["parameters"])}
    assert "heimdall-production-secrets" in application.generate(env=env).stdout
    rows = re.findall(r"^\| `([a-z-]+)` \| (string|array|map) \|", PAGE, re.MULTILINE)
    assert dict(rows) == argocd.TYPES
