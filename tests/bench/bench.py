"""The budgets, measured side by side: A B B A in one run, and the median of the pairs' ratios (standard library alone).

    make bench                              all of it, some minutes
    python -m tests.bench.bench --quick     one round of each, to see that it works

A figure of its own says little about another machine, a ratio of two taken together does. On a busy machine the clock
tells of the others too, so what is Python on both sides is measured in seconds of the processor, as the kernel counts
them. The first row runs one command against itself: what it strays from 1 is noise.
"""

import os
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
from tests.cost import streams
from tests.helms import HELM_PR, Helm

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 2_000, 100_000
NEVER_IMPORTED = ("dataclasses", "jinja2", "rich", "typer", "typing")
FILTER = (str(HELM_PR),)
IMPORT_YAML = (sys.executable, "-c", "import yaml")
AS_MODULE = (sys.executable, "-m", "post_renderer")
MAIN = "from post_renderer.__main__ import main; main()"
JUDGED, MOST_SECONDS, MOST_MEMORY = 2_000_000, 2, 300_000_000  # for each so many bytes that are judged
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


class Taken(NamedTuple):
    """What a run took: seconds of the processor, those of all threads and of the kernel for it, and of the clock."""

    processor: float
    clock: float


class Row(NamedTuple):
    """A line of the table; `limit` is what must hold, `aim` what is hoped for, of the median of `ratios`."""

    what: str
    ours: str
    theirs: str
    ratios: Sequence[float]
    limit: str
    aim: str

    @property
    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios)


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
        runs = {"ours": FILTER, "yaml": IMPORT_YAML, "again": IMPORT_YAML, "kustomize": self.kustomize(self.chart)}
        taken = side_by_side({name: Run(command, self.chart) for name, command in runs.items()}, self.rounds(40))
        processor = {name: [each.processor for each in times] for name, times in taken.items()}
        clock = {name: [each.clock for each in times] for name, times in taken.items()}
        yield compared("noise: python -c 'import yaml' / the same", processor["again"], processor["yaml"])
        yield compared(
            "chart's render: filter / python -c 'import yaml'", processor["ours"], processor["yaml"], aim="<= 1.25"
        )
        yield compared("chart's render: filter / kubectl kustomize, clock", clock["ours"], clock["kustomize"], "< 1")

    def large(self) -> Iterator[Row]:
        """2,000 Deployments, about 1 MB."""
        stream = self.deployments(SMALL)
        runs = {"ours": Run(FILTER, stream), "theirs": Run(self.kustomize(stream), stream)}
        clock = {name: [each.clock for each in times] for name, times in side_by_side(runs, self.rounds(5)).items()}
        what = f"{SMALL:,} Deployments, {size_of(stream)}: kubectl kustomize / filter, clock"
        ratios = [theirs / ours for ours, theirs in zip(clock["ours"], clock["theirs"], strict=True)]
        yield compared(what, clock["ours"], clock["theirs"], ">= 50", ">= 100")._replace(ratios=ratios)

    def linear(self) -> Iterator[Row]:
        """What the bytes cost beyond the start, in two streams of which one is fifty times the other.

        That of the small one is a seventh of its run: it is the median of many pairs.
        """
        small, large = self.deployments(SMALL), self.deployments(LARGE)
        for_small = self.beyond_the_start(small, self.rounds(60))
        for_large = self.beyond_the_start(large, self.rounds(12))
        times = large.stat().st_size / small.stat().st_size
        what = f"beyond the start: {size_of(large)} / {times:.0f} x {size_of(small)}"
        yield compared(what, for_large, [statistics.median(for_small) * times] * len(for_large), "<= 1.25", "<= 1")

    def beyond_the_start(self, stream: Path, rounds: int) -> list[float]:
        """What a stream takes more of the processor than the chart's render in the same round."""
        taken = side_by_side({"start": Run(FILTER, self.chart), "stream": Run(FILTER, stream)}, rounds)
        pairs = zip(taken["start"], taken["stream"], strict=True)
        return [max(each.processor - start.processor, 1e-4) for start, each in pairs]

    def memory(self) -> Iterator[Row]:
        """The peak above the interpreter's, over the stream."""
        stream = self.deployments(LARGE)
        run_filter = f"import sys; sys.argv = ['heimdall-pr']; {MAIN}"
        above, size = self.peak(run_filter, stream) - self.peak("pass", stream), stream.stat().st_size
        yield Row("peak memory above the interpreter's / stream", mb(above), mb(size), [above / size], "<= 3", "<= 2")

    def peak(self, code: str, stream: Path) -> int:
        """In bytes."""
        path = self.folder / "peak"
        measured((sys.executable, "-c", code + PEAK.format(path=str(path))), stream)
        return int(path.read_text()) * 1024

    def hostile(self) -> Iterator[str]:
        """What streams cost that are made to cost much (tests/cost/streams.py), each of 2 MB; refused, or judged."""
        start = statistics.median(measured(IMPORT_YAML, self.chart).processor for _ in range(5))
        size = JUDGED // 20 if self.quick else JUDGED
        for name, make in streams.CASES.items():
            path = self.folder / "hostile.yaml"
            path.write_bytes(streams.sized(make, size))
            taken, above = self.judged(path)
            times = path.stat().st_size / JUDGED
            limits = max(1, times)
            is_met = taken <= MOST_SECONDS * limits and above <= MOST_MEMORY * limits
            figures = f"{taken:6.2f} s {taken / start:6.1f} x yaml {mb(above):>7} above the interpreter's"
            yield f"{name:32} {mb(path.stat().st_size):>5} {figures} {'met' if is_met else 'MISSED'}"

    def judged(self, stream: Path) -> tuple[float, int]:
        """The processor's seconds and the peak memory above the interpreter's of a run, refused or not."""
        path = self.folder / "peak"
        run_filter = f"import sys; sys.argv = ['heimdall-pr']; {MAIN}"
        taken = measured((sys.executable, "-c", run_filter + PEAK.format(path=str(path))), stream, codes=(0, 1))
        return taken.processor, int(path.read_text()) * 1024 - self.peak("pass", stream)

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


def side_by_side(runs: Mapping[str, Run], rounds: int) -> dict[str, list[Taken]]:
    """What each took in each round, in turn and back; a first round that warms the caches does not count."""
    taken: dict[str, list[Taken]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name in reversed([*runs]) if number % 2 else runs:
            found = measured(*runs[name])
            taken[name] += [found] if number else []
    return taken


def measured(command: Sequence[str], stream: Path, codes: Sequence[int] = (0,)) -> Taken:
    """What one run took, which must end with one of these codes."""
    with stream.open("rb") as stdin, tempfile.TemporaryFile() as stderr:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr, env=environment(stream.parent)
        )
        _, status, usage = os.wait4(process.pid, 0)
        taken = Taken(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun)
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        assert process.returncode in codes, f"{command[0]}: {stderr.read().decode(errors='replace')}"
    return taken


def environment(folder: Path) -> dict[str, str]:
    """The caller's, without what would change the work: Python compiles its modules once, reports go to the folder."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "HEIMDALL_PR_"))}
    return {**kept, "XDG_STATE_HOME": str(folder)}


def compared(what: str, ours: Sequence[float], theirs: Sequence[float], limit: str = "", aim: str = "") -> Row:
    """The row of what two took, pair by pair."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Row(what, ms(statistics.median(ours)), ms(statistics.median(theirs)), ratios, limit, aim)


def imported(command: Sequence[str], stream: Path) -> list[tuple[str, int]]:
    """Every module that a run of Python imports after its own start, with the microseconds of it alone."""
    with stream.open("rb") as stdin:
        told = subprocess.run(
            [command[0], "-X", "importtime", *command[1:]],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(stream.parent),
            check=False,
        ).stderr
    lines = re.findall(r"import time:\s*(\d+) \|\s*\d+ \| *(\S+)", told)
    names = [name for _, name in lines]
    return [(name, int(own)) for own, name in lines[names.index("site") + 1 :]]


def ms(seconds: float) -> str:
    """For the table."""
    return f"{seconds * 1000:,.1f} ms"


def mb(size: float) -> str:
    """For the table."""
    return f"{size / 1e6:.0f} MB"


def size_of(path: Path) -> str:
    """For the table, a file's size."""
    return mb(path.stat().st_size)


def show(row: Row) -> None:
    """One line of the table; of more than one ratio also the quartiles."""
    low, _, high = statistics.quantiles(row.ratios, n=4) if len(row.ratios) > 1 else (row.ratio,) * 3
    figures = f"{row.ours:>11} {row.theirs:>11} {row.ratio:7.2f} {low:7.2f}-{high:<7.2f}"
    print(f"{row.what:66} {figures} {row.limit:8} {row.aim:8} {verdict(row)}", flush=True)


def main(arguments: list[str]) -> int:
    """Prints the table; a budget that is missed is told, and fails nothing: the machine may be busy."""
    columns = f"{'ours':>11} {'theirs':>11} {'ratio':>7} {'half of them':15} {'must':8} {'aim':8}"
    print(f"{'':66} {columns}", flush=True)
    with tempfile.TemporaryDirectory(prefix="heimdall-pr-bench-") as name:
        bench = Bench(Path(name), quick="--quick" in arguments)
        for measure in (bench.small, bench.large, bench.linear, bench.memory):
            for row in measure():
                show(row)
        heavy = bench.heavy()
        print(f"\nmade to cost much: at most {MOST_SECONDS} s and {mb(MOST_MEMORY)} for each {mb(JUDGED)}", flush=True)
        for line in bench.hostile():
            print(line, flush=True)
    print(f"of {', '.join(NEVER_IMPORTED)} the filter imports {', '.join(heavy) or 'none'}")
    return 1 if heavy else 0


def verdict(row: Row) -> str:
    """Whether it is met."""
    missed = [text for text in (row.limit, row.aim) if text and not holds(row.ratio, text)]
    if not row.limit and not row.aim:
        return ""
    return "MISSED" if row.limit in missed else "aim missed" if missed else "met"


def holds(ratio: float, bound: str) -> bool:
    """Whether a ratio is within a bound such as `<= 1.25`."""
    sign, limit = bound.split()
    return {"<": ratio < float(limit), "<=": ratio <= float(limit), ">=": ratio >= float(limit)}[sign]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
