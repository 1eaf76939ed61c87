"""What every test can ask for: real Helms, a real sops, a real cluster, and the rule on what may be skipped.

`HEIMDALL_PR_TEST_REQUIRE=helm,sops,cluster` names the markers whose tests must run: there a skip is a failure.
"""

import os
from collections import Counter
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import clusters, helms, sopses
from tests.clusters import Cluster
from tests.helms import Helm
from tests.sopses import Sops

REQUIRED = frozenset(filter(None, os.environ.get("HEIMDALL_PR_TEST_REQUIRE", "").split(",")))
STAND_IN = "stand-in"  # the property of a test that ran with another Helm than it should
# Which marker a test gets by the fixture it asks for.
MARKERS = {"helm": "helm", "every_helm": "helm", "sops": "sops", "cluster": "cluster"}


@pytest.fixture(params=sorted(helms.NEWEST), ids=lambda major: f"helm{major}")
def helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """The newest Helm of each major."""
    return _helm(request, tmp_path, _newest(request))


@pytest.fixture(params=helms.VERSIONS)
def every_helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """Each pinned Helm."""
    return _helm(request, tmp_path, request.param)


@pytest.fixture
def sops(tmp_path: Path) -> Sops:
    """A sops with an age key of its own."""
    try:
        return sopses.fetch(tmp_path / "sops")
    except helms.Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A fresh namespace of a real Kubernetes."""
    if not os.environ.get("KUBECONFIG"):
        pytest.skip("no cluster: KUBECONFIG is not set")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with clusters.namespace(folder, "heimdall-pr-test") as fresh:
        yield fresh


def _helm(request: pytest.FixtureRequest, tmp_path: Path, version: str) -> Helm:
    """With the cluster's kubeconfig where the test asks for a cluster too, else with none."""
    cluster: Cluster | None = request.getfixturevalue("cluster") if "cluster" in request.fixturenames else None
    path = _fetched(version)
    if isinstance(path, str):
        pytest.skip(path)
    home = tmp_path / "helm"
    home.mkdir()
    return Helm(path, version, home, cluster.kubeconfig if cluster else None)


def _newest(request: pytest.FixtureRequest) -> str:
    """The pinned newest; where it can't be had and need not be, the next that can, and the run says so."""
    versions = [version for version in reversed(helms.VERSIONS) if helms.major(version) == request.param]
    reason = _fetched(versions[0])
    if isinstance(reason, Path) or "helm" in REQUIRED:
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a Helm or a cluster is marked so."""
    for item in items:
        for marker in {MARKERS[name] for name in getattr(item, "fixturenames", ()) if name in MARKERS}:
            item.add_marker(marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip of what must run is a failure, whoever skipped it."""
    report = yield
    wanted = [marker for marker in sorted(REQUIRED) if item.get_closest_marker(marker)]
    if wanted and report.skipped and isinstance(report.longrepr, tuple):
        report.outcome = "failed"
        report.longrepr = f"HEIMDALL_PR_TEST_REQUIRE has {','.join(wanted)}: {report.longrepr[2]}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Among the last lines: what was not tested, and which Helm stood in for the newest."""
    skipped = (report.longrepr for report in terminalreporter.stats.get("skipped", ()))
    reasons = Counter(
        where[2].removeprefix("Skipped: ") if isinstance(where, tuple) else str(where) for where in skipped
    )
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"not tested: {number} x {reason}")
    passed = (report for report in terminalreporter.stats.get("passed", ()))
    properties = (pair for report in passed for pair in report.user_properties)
    for stand_in in dict.fromkeys(value for name, value in properties if name == STAND_IN):
        terminalreporter.write_line(f"stood in for the newest of its major: {stand_in}")
