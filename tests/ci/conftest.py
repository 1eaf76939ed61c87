"""What a job of a pipeline finds."""

import os
import sys
from pathlib import Path

import pytest

from tests.helms import Helm


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A runner's own."""
    network = {name: os.environ[name] for name in os.environ if name.lower().endswith("_proxy") or name[:4] == "PIP_"}
    python = {"PATH": os.pathsep.join([str(Path(sys.executable).resolve().parent), os.environ["PATH"]])}
    return {"HOME": os.environ.get("HOME", str(tmp_path)), "LANG": "C.UTF-8", **network, **python}


@pytest.fixture
def with_helm(helm: Helm, env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """With this helm, in its own folders."""
    (tmp_path / "helm-bin").mkdir()
    (tmp_path / "helm-bin/helm").symlink_to(helm.path)
    own = {name: value for name, value in helm.env.items() if name.startswith(("HELM_", "XDG_STATE"))}
    return {**env, **own, "PATH": f"{tmp_path}/helm-bin:{env['PATH']}"}
