"""The budgets, measured side by side: A B A B in one run, and the ratio of the medians (standard library alone).

    make bench                              all of it, some minutes
    python -m tests.bench.bench --quick     one round of each, to see that it works

A figure of its own says little about another machine; a ratio of two taken together does.
"""

import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests import demo, helms
from tests.helms import HELM_PR, Helm

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 2_000, 100_000
NEVER_IMPORTED = ("dataclasses", "jinja2", "rich", "typer")
FILTER = (str(HELM_PR),)
IMPORT_YAML = (sys.executable, "-c", "import yaml")
AS_MODULE = (sys.executable, "-m", "post_renderer")
# Run inside the measured process: the peak since its own exec, which wait4 would mix with the parent's.
PEAK = "; import re; open({path!r}, 'w').write(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"

DEPLOYMENT = """\
---
# Source: big/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
  labels:
    app.kubernetes.io/name: app
    app.kubernetes.io/instance: app-{number}
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/instance: app-{number}
  template:
    metadata:
      labels:
        app.kubernetes.io/instance: app-{number}
    spec:
      containers:
        - name: app
          image: registry.example.com/app:1.{number}
          ports:
            - containerPort: 8080
"""


class Run(NamedTuple):
    """A command and what it reads."""

    command: Sequence[str]
    stream: Path


class Row(NamedTuple):
    """A line of the table; `limit` is what must hold, `aim` what is hoped for, of `ratio`."""

    what: str
    ours: str
    theirs: str
    ratio: float
    limit: str
    aim: str


class Bench:
    """The streams to measure on, in a folder, and how often."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.chart = folder / "chart.yaml"
        self.chart.write_text(chart_render(folder))
        self.kubectl = str(helms.fetch("kubectl"))

    def rounds(self, number: int) -> int:
        """One where it is only tried."""
        return 1 if self.quick else number

    def deployments(self, number: int) -> Path:
        """The chart's render and that many Deployments after it."""
        path = self.folder / f"{number}.yaml"
        with path.open("w") as file:
            file.write(self.chart.read_text())
            file.writelines(DEPLOYMENT.format(number=n) for n in range(number))
        return path

    def kustomize(self, stream: Path) -> tuple[str, ...]:
        """`kubectl kustomize` that generates a Secret beside the same documents."""
        folder = self.folder / f"kustomize-{stream.stem}"
        folder.mkdir(exist_ok=True)
        (folder / "all.yaml").write_bytes(stream.read_bytes())
        literals = [f"      - {key}={secrets.token_hex(33)}" for key in demo.KEYS]
        lines = ["resources: [all.yaml]", "secretGenerator:", "  - name: generated", "    literals:", *literals]
        (folder / "kustomization.yaml").write_text("\n".join([*lines, ""]))
        return (self.kubectl, "kustomize", str(folder))

    def small(self) -> Iterator[Row]:
        """On the chart's own render."""
        runs = {"ours": FILTER, "yaml": IMPORT_YAML, "kustomize": self.kustomize(self.chart)}
        medians = side_by_side({name: Run(command, self.chart) for name, command in runs.items()}, self.rounds(25))
        for what, name, limit, aim in (
            ("chart's render: filter / python -c 'import yaml'", "yaml", "", "<= 1.25"),
            ("chart's render: filter / kubectl kustomize", "kustomize", "< 1", ""),
        ):
            yield Row(what, ms(medians["ours"]), ms(medians[name]), medians["ours"] / medians[name], limit, aim)

    def large(self) -> Iterator[Row]:
        """2,000 Deployments, about 1 MB."""
        stream = self.deployments(SMALL)
        medians = side_by_side(
            {"ours": Run(FILTER, stream), "theirs": Run(self.kustomize(stream), stream)}, self.rounds(5)
        )
        what = f"{SMALL:,} Deployments, {size_of(stream)}: kubectl kustomize / filter"
        ours, theirs = medians["ours"], medians["theirs"]
        yield Row(what, ms(ours), ms(theirs), theirs / ours, ">= 50", ">= 100")

    def linear(self) -> Iterator[Row]:
        """What the bytes cost beyond the start, in two streams of which one is fifty times the other."""
        small, large = self.deployments(SMALL), self.deployments(LARGE)
        runs = {path.stem: Run(FILTER, path) for path in (self.chart, small, large)}
        medians = side_by_side(runs, self.rounds(9))
        start = medians[self.chart.stem]
        for_large, for_small = medians[large.stem] - start, max(medians[small.stem] - start, 1e-4)
        times = large.stat().st_size / small.stat().st_size
        what = f"beyond the start: {size_of(large)} / {times:.0f} x {size_of(small)}"
        yield Row(what, ms(for_large), ms(for_small * times), for_large / for_small / times, "<= 1.25", "<= 1")

    def memory(self) -> Iterator[Row]:
        """The peak above the interpreter's, over the stream."""
        stream = self.deployments(LARGE)
        run_filter = "import sys; sys.argv = ['heimdall-pr']; from post_renderer.__main__ import main; main()"
        above, size = self.peak(run_filter, stream) - self.peak("pass", stream), stream.stat().st_size
        yield Row("peak memory above the interpreter's / stream", mb(above), mb(size), above / size, "<= 3", "<= 2")

    def peak(self, code: str, stream: Path) -> int:
        """In bytes."""
        path = self.folder / "peak"
        timed((sys.executable, "-c", code + PEAK.format(path=str(path))), stream)
        return int(path.read_text()) * 1024

    def imports(self) -> Iterator[Row]:
        """What importing costs on the filter's path, by the interpreter's own account."""
        ours, theirs = import_cost(AS_MODULE, self.chart), import_cost(IMPORT_YAML, self.chart)
        yield Row("-X importtime: filter / import yaml", ms(ours), ms(theirs), ours / theirs, "", "<= 1.25")

    def heavy(self) -> list[str]:
        """What the filter imports and should not."""
        return sorted({name for name, _ in imported(AS_MODULE, self.chart)} & set(NEVER_IMPORTED))


def chart_render(folder: Path) -> str:
    """The chart as it is rendered with inline values, by a real Helm."""
    path, version = demo.find_helm(4)
    home = folder / "helm"
    home.mkdir()
    values = {"JWT_SECRET": 64, "API_KEY_SECRET": 33, "DATABASE_PASSWORD": 33, "ADMIN_PASSWORD": 11}
    given = ",".join(f"heimdall.secrets.{key}={secrets.token_hex(size)}" for key, size in values.items())
    done = Helm(path, version, home).run("template", "bench", str(ROOT / "charts" / "heimdall"), "--set-string", given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def side_by_side(runs: Mapping[str, Run], rounds: int) -> dict[str, float]:
    """The median seconds of each, run in turn; a first round that warms the caches does not count."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, (command, stream) in runs.items():
            seconds = timed(command, stream)
            taken[name] += [seconds] if number else []
    return {name: statistics.median(times) for name, times in taken.items()}


def timed(command: Sequence[str], stream: Path) -> float:
    """Seconds of one run, which must succeed."""
    with stream.open("rb") as stdin:
        begun = time.perf_counter()
        done = subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        taken = time.perf_counter() - begun
    assert done.returncode == 0, f"{command[0]}: {done.stderr.decode(errors='replace')}"
    return taken


def imported(command: Sequence[str], stream: Path) -> list[tuple[str, int]]:
    """Every module that a run of Python imports after its own start, with the microseconds of it alone."""
    with stream.open("rb") as stdin:
        told = subprocess.run(
            [command[0], "-X", "importtime", *command[1:]],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        ).stderr
    lines = re.findall(r"import time:\s*(\d+) \|\s*\d+ \| *(\S+)", told)
    names = [name for _, name in lines]
    return [(name, int(own)) for own, name in lines[names.index("site") + 1 :]]


def import_cost(command: Sequence[str], stream: Path) -> float:
    """Seconds, the least of some runs."""
    return min(sum(own for _, own in imported(command, stream)) for _ in range(5)) / 1e6


def ms(seconds: float) -> str:
    """For the table."""
    return f"{seconds * 1000:,.0f} ms"


def mb(size: float) -> str:
    """For the table."""
    return f"{size / 1e6:.0f} MB"


def size_of(path: Path) -> str:
    """For the table, a file's size."""
    return mb(path.stat().st_size)


def show(row: Row) -> None:
    """One line of the table."""
    figures = f"{row.ours:>9} {row.theirs:>9} {row.ratio:8.2f}"
    print(f"{row.what:56} {figures}  {row.limit:8} {row.aim:8} {verdict(row)}", flush=True)


def main(arguments: list[str]) -> int:
    """Prints the table; a budget that is missed is told, and fails nothing: the machine may be busy."""
    print(f"{'':56} {'ours':>9} {'theirs':>9} {'ratio':>8}  {'must':8} {'aim':8}", flush=True)
    with tempfile.TemporaryDirectory(prefix="heimdall-pr-bench-") as name:
        bench = Bench(Path(name), quick="--quick" in arguments)
        for measure in (bench.small, bench.large, bench.linear, bench.memory, bench.imports):
            for row in measure():
                show(row)
        heavy = bench.heavy()
    print(f"of {', '.join(NEVER_IMPORTED)} the filter imports {', '.join(heavy) or 'none'}")
    return 1 if heavy else 0


def verdict(row: Row) -> str:
    """Whether it is met."""
    missed = [text for text in (row.limit, row.aim) if text and not holds(row.ratio, text)]
    return "MISSED" if row.limit in missed else "aim missed" if missed else "met"


def holds(ratio: float, bound: str) -> bool:
    """Whether a ratio is within a bound such as `<= 1.25`."""
    sign, limit = bound.split()
    return {"<": ratio < float(limit), "<=": ratio <= float(limit), ">=": ratio >= float(limit)}[sign]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
