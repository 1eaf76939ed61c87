"""`make demo` on real Helms, and that it would notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import demo, helms

ROOT = Path(__file__).parents[2]
# Says that it is a Helm 3 and puts up with everything.
LENIENT = '#!/bin/sh\n[ "$1" != version ] || echo v3.19.0\n'
FAILING = '#!/bin/sh\n[ "$1" != version ] || { echo v3.19.0; exit 0; }\necho no >&2; exit 1\n'


@pytest.mark.helm
def test_the_demo() -> None:
    try:
        versions = [demo.find_helm(major)[1] for major in (3, 4)]
    except helms.Unavailable as error:
        pytest.skip(str(error))
    done = run_demo({})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "demo: everything went as announced" in done.stdout
    for version in versions:
        assert [f"Helm {version}, {approach}" in done.stdout for approach in ("files", "inline", "existing")] == [
            True
        ] * 3
    assert [done.stdout.count(f"\n-> {end}") for end in ("refused", "accepted")] == [6, 6]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (LENIENT, "Helm 3.19.0 accepted what lacks API_KEY_SECRET"),
        (FAILING, "the refusal does not name API_KEY_SECRET"),
    ],
    ids=["accepts everything", "fails for another reason"],
)
def test_a_helm_that_does_not_do_as_announced(script: str, told: str, tmp_path: Path) -> None:
    helm = tmp_path / "helm"
    helm.write_text(script)
    helm.chmod(0o755)
    done = run_demo({"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"demo: FAILED: {told}"


def test_a_secret_is_never_printed(capsys: pytest.CaptureFixture[str]) -> None:
    screen = demo.Screen()
    screen.keep_back({"JWT_SECRET": "s3cr3t"})
    for text in ("it is s3cr3t", "it is czNjcjN0, in base64"):
        with pytest.raises(demo.Failed):
            screen.say(text)
    screen.say("it is 6 characters long")
    assert capsys.readouterr().out == "it is 6 characters long\n"


def run_demo(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Without a cluster."""
    whole = {**os.environ, "KUBECONFIG": "", **env}
    command = [sys.executable, "-m", "tests.demo"]
    return subprocess.run(command, cwd=ROOT, env=whole, capture_output=True, text=True, check=False)
