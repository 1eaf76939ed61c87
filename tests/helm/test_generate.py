"""The command that `generate` prints uses what it made: each is run, with Helm's render for its install."""

import re
import shlex
from pathlib import Path

import pytest

from tests import in_process
from tests.helms import Helm, run
from tests.support import CHART, Desk, documents, held

PATHS = [
    ("plain", "env/heimdall-secrets.yaml"),
    ("odd characters", "env/a b,{c}='d'.yaml"),
    ("with a dot", "./env/../env/s.yaml"),
    ("absolute", "/{folder}/elsewhere/s.yaml"),
]


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Desk:
    """With the chart where the commands look for it."""
    (tmp_path / "desk/charts").mkdir(parents=True)
    (tmp_path / "desk/charts/heimdall").symlink_to(CHART)
    return Desk(helm, tmp_path / "desk")


def used(desk: Desk, *args: str) -> dict[str, str]:
    """Makes secrets, then does what was printed: the values of the Secret that Helm renders."""
    made = in_process.text(["generate", *args], env=desk.helm.env, cwd=desk.folder)
    assert made.returncode == 0, made.stderr
    command = made.stderr.partition("to use it: ")[2].rstrip("\n")
    assert command.count("helm install heimdall charts/heimdall --post-renderer heimdall-pr") == 1
    words = [str(desk.helm.path), "template", "heimdall", "charts/heimdall", *desk.helm.post_renderer]
    command = command.replace(
        "helm install heimdall charts/heimdall --post-renderer heimdall-pr", " ".join(map(shlex.quote, words))
    )
    return held(documents(run(["sh", "-ec", command], env=desk.helm.env, cwd=desk.folder)), "heimdall-secrets")


@pytest.mark.parametrize("path", [row[1] for row in PATHS], ids=[row[0] for row in PATHS])
@pytest.mark.parametrize("name", ["yaml", "json", "env"])
def test_the_command(desk: Desk, name: str, path: str) -> None:
    secrets = used(desk, "--format", name, path.replace("{folder}", str(desk.folder.parent)))
    assert {key: len(value) for key, value in secrets.items()} == {
        "JWT_SECRET": 128,
        "API_KEY_SECRET": 66,
        "DATABASE_PASSWORD": 66,
        "ADMIN_PASSWORD": 22,
    }


def test_a_manifest(desk: Desk) -> None:
    """kubectl's half needs a cluster; Helm's half is judged against the manifest."""
    args = ["generate", "--format", "k8s", "--name", "live", "--namespace", "prod", "s.yaml"]
    made = in_process.text(args, env=desk.helm.env, cwd=desk.folder)
    assert re.search(
        r"kubectl apply -f s\.yaml && helm install .* --namespace prod --set heimdall\.existingSecret=live$",
        made.stderr.strip(),
    )
    words = ["template", "heimdall", "charts/heimdall", "--namespace", "prod", "--set", "heimdall.existingSecret=live"]
    rendered = desk.helm.run(*words, cwd=desk.folder)
    both = rendered.stdout + "\n---\n" + (desk.folder / "s.yaml").read_text()
    judged = in_process.text(["--redact"], env=desk.helm.env, cwd=desk.folder, stdin=both)
    assert "ok: Secret prod/live has its 4 required keys" in judged.stderr
