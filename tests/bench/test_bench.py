"""What the bench measures with, and the one budget that no machine is too busy for: what the filter imports."""

import sys
from pathlib import Path

import pytest

from tests import helms
from tests.bench import bench
from tests.helms import Helm

CHART = Path(__file__).parents[2] / "charts" / "heimdall"


def test_a_stream_of_others_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not heavy(bench.DEPLOYMENT.format(number=1), tmp_path)


@pytest.mark.parametrize("values", ["heimdall.secretsFiles={absent.yaml}", "heimdall.existingSecret=theirs"])
def test_neither_does_a_refusal_nor_an_approval(helm: Helm, values: str, tmp_path: Path) -> None:
    done = helm.run("template", "x", str(CHART), "--set", values)
    assert done.returncode == 0, done.stderr
    assert not heavy(done.stdout, tmp_path)


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
    assert [row.ratio > 0 for row in rows] == [True, True]


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
    assert bench.verdict(bench.Row("", "", "", ratio, limit, aim)) == told


def heavy(stream: str, folder: Path) -> set[str]:
    """Of what the filter should not import, what it does."""
    path = folder / "stream.yaml"
    path.write_text(stream)
    names = {name for name, _ in bench.imported(bench.AS_MODULE, path)}
    assert "yaml" in names or "Deployment" in stream
    return names & set(bench.NEVER_IMPORTED)
