"""What the bench measures with, and the one budget that no machine is too busy for: what the filter imports."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import helms
from tests.bench import bench
from tests.helms import Helm
from tests.unit.streams import SOUND

CHART = Path(__file__).parents[2] / "charts" / "heimdall"
INLINE = ",".join(f"heimdall.secrets.{key}={value}" for key, value in SOUND.items())
# What the render of our own chart with inline values needs none of, in a run that refuses nothing.
SPARED = {
    *("argparse", "hashlib", "inspect", "json", "shlex", "subprocess", "tempfile", "traceback"),
    *("post_renderer.cli", "post_renderer.check", "post_renderer.producers", "post_renderer.secrets.secrets_file"),
    *("post_renderer.requirements.other_secrets", "post_renderer.requirements.user_values"),
    *("post_renderer.requirements.workload_askers", "post_renderer.kube.workload", "post_renderer.sources.injection"),
    *("post_renderer.adapters.environ", "post_renderer.adapters.files", "post_renderer.adapters.helm"),
    *("post_renderer.masking", "post_renderer.scaffold", "post_renderer.report.formats"),
}
AFTER = """
import gc, sys, typing
from post_renderer.__main__ import main
before = sum(each["collections"] for each in gc.get_stats())
main()
assert "yaml" in sys.modules
print(gc.isenabled(), gc.get_freeze_count() > 0, sum(each["collections"] for each in gc.get_stats()) - before)
ours = [module for name, module in sys.modules.items() if name.startswith("post_renderer")]
classes = {each for module in ours for each in vars(module).values() if isinstance(each, type)}
print(len(classes) > 20, [c for c in classes for a in getattr(c, "__annotations__", {}).values()
       if isinstance(a, typing.ForwardRef)])
"""


def test_a_stream_of_others_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not heavy(bench.DEPLOYMENT.format(number=1), tmp_path)


@pytest.mark.parametrize("values", ["heimdall.secretsFiles={absent.yaml}", "heimdall.existingSecret=theirs"])
def test_neither_does_a_refusal_nor_an_approval(helm: Helm, values: str, tmp_path: Path) -> None:
    done = helm.run("template", "x", str(CHART), "--set", values)
    assert done.returncode == 0, done.stderr
    assert not heavy(done.stdout, tmp_path)


def test_our_own_chart_is_spared_what_others_need(helm: Helm, tmp_path: Path) -> None:
    assert not modules(rendered(helm), tmp_path) & SPARED


@pytest.mark.parametrize(
    "values", ["heimdall.secretsFiles={absent.yaml}", INLINE.replace(SOUND["JWT_SECRET"], "${JWT_SECRET}")]
)
def test_what_it_is_spared_is_there_for_others(helm: Helm, values: str, tmp_path: Path) -> None:
    assert modules(rendered(helm, values), tmp_path) & SPARED


def test_a_run_collects_nothing_and_compiles_no_annotation(helm: Helm, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTER],
        input=rendered(helm).encode(),
        capture_output=True,
        env=bench.environment(tmp_path),
        check=True,
    )
    told = done.stdout.decode().splitlines()[-2:]
    assert told == ["False True 0", "True []"]


def test_what_is_heavy_would_be_seen(tmp_path: Path) -> None:
    stream = tmp_path / "stream"
    stream.touch()
    names = {name for name, _ in bench.imported((sys.executable, "-c", "import dataclasses"), stream)}
    assert "dataclasses" in names


@pytest.mark.helm
def test_one_round_of_the_small_measure(tmp_path: Path) -> None:
    try:
        rows = list(bench.Bench(tmp_path, quick=True).small())
    except helms.Unavailable as error:
        pytest.skip(str(error))
    assert [row.ratio > 0 for row in rows] == [True, True, True]


@pytest.mark.parametrize(
    ("ratio", "limit", "aim", "told"),
    [
        (0.9, "< 1", "", "met"),
        (1.0, "< 1", "", "MISSED"),
        (1.25, "", "<= 1.25", "met"),
        (1.26, "", "<= 1.25", "aim missed"),
        (99.0, ">= 50", ">= 100", "aim missed"),
        (49.0, ">= 50", ">= 100", "MISSED"),
        (100.0, ">= 50", ">= 100", "met"),
    ],
)
def test_the_verdict(ratio: float, limit: str, aim: str, told: str) -> None:
    assert bench.verdict(bench.Row("", "", "", [ratio], limit, aim)) == told


def test_a_pair_is_compared_with_itself() -> None:
    row = bench.compared("", [2.0, 30.0, 4.0], [1.0, 10.0, 4.0], "< 3")
    assert (row.ratios, row.ratio, row.ours) == ([2.0, 3.0, 1.0], 2.0, "4,000.0 ms")


def test_a_run_is_measured_without_the_callers_python_and_must_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = tmp_path / "stream"
    stream.write_text("x")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    look = "import os, sys; assert sys.stdin.read() == 'x' and 'PYTHONDONTWRITEBYTECODE' not in os.environ"
    busy, idle = "while __import__('time').process_time() < 0.2: pass", "__import__('time').sleep(0.4)"
    bench.measured((sys.executable, "-c", look), stream)
    assert bench.measured((sys.executable, "-c", busy), stream).processor >= 0.2
    slept = bench.measured((sys.executable, "-c", idle), stream)
    assert slept.processor < slept.clock
    with pytest.raises(AssertionError, match="hopeless"):
        bench.measured((sys.executable, "-c", "raise SystemExit('hopeless')"), stream)


def rendered(helm: Helm, given: str = INLINE) -> str:
    """Our own chart."""
    done = helm.run("template", "x", str(CHART), "--set-string", given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules(stream: str, folder: Path) -> set[str]:
    """What the filter imports for a stream."""
    path = folder / "stream.yaml"
    path.write_text(stream)
    return {name for name, _ in bench.imported(bench.AS_MODULE, path)}


def heavy(stream: str, folder: Path) -> set[str]:
    """Of what the filter should not import, what it does."""
    names = modules(stream, folder)
    assert "yaml" in names or "Deployment" in stream
    return names & set(bench.NEVER_IMPORTED)
