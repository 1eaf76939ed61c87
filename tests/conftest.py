"""What every test can ask for: real Helms, a real sops, a real cluster; and the rules on what may be skipped.

A machine that lacks something gets a named skip in the last lines, never a failure. `--all` runs everything (every
pinned Helm, the fuzz at length); if a cluster is in reach too, a skip of a test of Helm, sops or the cluster is a
failure. `HEIMDALL_PR_TEST_REQUIRE=helm,sops,cluster` names these markers without `--all`.

Properties are tried with the same few examples in each run, so that a red test is somebody's change and not chance;
`--all` tries more of them, and `--examples NUMBER` tries new random ones. No clock decides.
"""

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import clusters, helms, sopses
from tests.clusters import Cluster
from tests.helms import Helm
from tests.sopses import Sops

STREAMS = "streams"  # the property of a test that compares streams with Kubernetes' own reader: how many, in which way
STAND_IN = "stand-in"  # the property of a test that ran with another Helm than it should
# Which marker a test gets by the fixture it asks for.
MARKERS = {"helm": "helm", "every_helm": "helm", "sops": "sops", "cluster": "cluster"}
# Files of tests that ask a Helm to render, and run nothing between it and a cluster.
ONE_MAJOR = (
    "test_chart",
    "test_check",
    "test_foreign",
    "test_scaffold",
    "test_manager_docs",
    "test_addresses",
    "test_explain",
)
FEW_EXAMPLES, MANY_EXAMPLES = 200, 2000
CLUSTER_TIMEOUT = 1200  # seconds: images are unpacked, pods wait for each other; the default is in pyproject.toml


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--all` and `--examples`."""
    parser.addoption("--all", action="store_true", help="every pinned Helm, and the fuzz at length")
    parser.addoption("--examples", type=int, default=0, metavar="NUMBER", help="try each property with new examples")


def pytest_configure(config: pytest.Config) -> None:
    """Bring nothing: a build would take minutes within a test, once in each worker. Say how properties are tried."""
    helms.Bringing.allowed = False
    number = config.getoption("--examples")
    settings.register_profile(
        "heimdall-pr",
        max_examples=number or (MANY_EXAMPLES if config.getoption("--all") else FEW_EXAMPLES),
        derandomize=not number,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    settings.load_profile("heimdall-pr")


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """With a cluster, twice as many workers as cores: its tests mostly wait for pods."""
    return 2 * (os.cpu_count() or 1) if config.getoption("--all") and os.environ.get("KUBECONFIG") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out some Helms without `--all`; mark what asks for a Helm or a cluster, which gets more time."""
    if not config.getoption("--all"):
        left_out = [item for item in items if _is_for_all(item)]
        items[:] = [item for item in items if not _is_for_all(item)]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        for marker in {MARKERS[name] for name in getattr(item, "fixturenames", ()) if name in MARKERS}:
            item.add_marker(marker)
        if item.get_closest_marker("cluster") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(CLUSTER_TIMEOUT))


def _is_for_all(item: pytest.Item) -> bool:
    """Whether it has an older Helm; or Helm 3 and no post-renderer: both majors render by one template library."""
    callspec = getattr(item, "callspec", None)
    given = callspec.params if callspec else {}
    is_older = given.get("every_helm", helms.NEWEST[4]) not in helms.NEWEST.values()
    is_render = item.path.name.startswith(ONE_MAJOR) and "cluster" not in getattr(item, "fixturenames", ())
    return is_older or (is_render and given.get("helm") == 3)


@pytest.fixture(params=sorted(helms.NEWEST), ids=lambda major: f"helm{major}")
def helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """Return the newest Helm of each major."""
    return _helm(request, tmp_path, _newest(request))


@pytest.fixture(params=helms.VERSIONS)
def every_helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """Return each pinned Helm with `--all`, else the newest of each major."""
    return _helm(request, tmp_path, request.param)


@pytest.fixture
def sops(tmp_path: Path) -> Sops:
    """Return a sops with an age key of its own."""
    return sopses.fetch(tmp_path / "sops")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Yield a fresh namespace of a real Kubernetes."""
    if not os.environ.get("KUBECONFIG"):
        pytest.skip("no cluster: KUBECONFIG is not set")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with clusters.namespace(folder, "heimdall-pr-test") as fresh:
        yield fresh


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let what a test starts be interrupted: a job in the background, as of CI, ignores signals and passes that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler), signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in zip((signal.SIGINT, signal.SIGHUP), before, strict=True):
        signal.signal(number, handler)


def _helm(request: pytest.FixtureRequest, tmp_path: Path, version: str) -> Helm:
    """With the cluster's kubeconfig if the test asks for a cluster too, else with none."""
    cluster: Cluster | None = request.getfixturevalue("cluster") if "cluster" in request.fixturenames else None
    path = _fetched(version)
    if isinstance(path, str):
        pytest.skip(path)
    home = tmp_path / "helm"
    home.mkdir()
    return Helm(path, version, home, cluster.kubeconfig if cluster else None)


def _newest(request: pytest.FixtureRequest) -> str:
    """The pinned newest; if it can't be had and need not be, the next that can, and the run says so."""
    versions = [version for version in reversed(helms.VERSIONS) if helms.major(version) == request.param]
    reason = _fetched(versions[0])
    if isinstance(reason, Path) or "helm" in _required(request.config):
        return versions[0]
    for version in versions[1:]:
        if isinstance(_fetched(version), Path):
            request.node.user_properties.append((STAND_IN, f"Helm {version}, because {reason}"))
            return version
    return versions[0]


@cache
def _fetched(version: str) -> Path | str:
    """Where it is, or why it can't be had: asked once in a run."""
    try:
        return helms.fetch(version)
    except helms.Unavailable as error:
        return str(error)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs are not here: `@pytest.mark.needs("git", "jq")`."""
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if not shutil.which(program):
                pytest.skip(f"{program} is not on PATH")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Skip what can't be brought here, whichever part of a test asks for it; a skip of what must run is a failure."""
    report = yield
    if call.excinfo and call.excinfo.errisinstance(helms.Unavailable):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.reportinfo()[1] or 0, f"Skipped: {call.excinfo.value}")
    wanted = [marker for marker in sorted(_required(item.config)) if item.get_closest_marker(marker)]
    if wanted and report.skipped and isinstance(report.longrepr, tuple):
        report.outcome = "failed"
        report.longrepr = f"{','.join(wanted)} must run here: {report.longrepr[2]}"
    return report


def _required(config: pytest.Config) -> frozenset[str]:
    """The markers whose tests must run."""
    named = filter(None, os.environ.get("HEIMDALL_PR_TEST_REQUIRE", "").split(","))
    everything = config.getoption("--all") and os.environ.get("KUBECONFIG")
    return frozenset(MARKERS.values()) if everything else frozenset(named)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say among the last lines what was not tested, and which Helm stood in for the newest."""
    skipped = (report.longrepr for report in terminalreporter.stats.get("skipped", ()))
    reasons = Counter(
        where[2].removeprefix("Skipped: ") if isinstance(where, tuple) else str(where) for where in skipped
    )
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"not tested: {number} x {reason}")
    passed = (report for report in terminalreporter.stats.get("passed", ()))
    properties = [pair for report in passed for pair in report.user_properties]
    ways = sum((Counter(json.loads(str(value))) for name, value in properties if name == STREAMS), Counter[str]())
    if ways:
        parts = ", ".join(f"{number:,} {way}" for way, number in ways.most_common())
        terminalreporter.write_line(f"random streams and Kubernetes' own reader: {ways.total():,} ({parts})")
    for stand_in in dict.fromkeys(value for name, value in properties if name == STAND_IN):
        terminalreporter.write_line(f"stood in for the newest of its major: {stand_in}")
    if config.getoption("--all") and not os.environ.get("KUBECONFIG"):
        terminalreporter.write_line("not run: cluster")
