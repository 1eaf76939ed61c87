"""The example chart of the library, with the library of this repository in it."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.helms import Helm
from tests.support import CHART, ROOT, Done

EXAMPLE = ROOT / "examples" / "shop"
NAME = "secrets-contract"
SOUND = {
    "SESSION_KEY": "3f9a0c5be1d74826a0b1c2d3e4f50617283940aabbccddeeff00112233445566",
    "DATABASE_PASSWORD": "kP3-vQ8~wZ1.xR6_yT4.aBkP3-vQ8~wZ1",
}


def shop(folder: Path) -> Path:
    """A copy of the example, as `helm dependency build` makes it complete."""
    chart = Path(shutil.copytree(EXAMPLE, folder / "shop", ignore=shutil.ignore_patterns("charts", "Chart.lock")))
    shutil.copytree(CHART / "charts" / NAME, chart / "charts" / NAME)
    return chart


def template(helm: Helm, chart: Path, values: dict[str, Any], *more: str) -> Done:
    """`helm template` of it."""
    return helm.run("template", "web", str(chart), "--values", "-", *more, input=json.dumps(values))
