"""Each file of the chart's ci/ is installed as chart-testing's `ct install` does: as it is, waited for, then tested."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.charts import INSTALLABLE, read
from tests.cluster.field import APP_IMAGE, RUNNABLE, Field, values
from tests.clusters import Cluster
from tests.helms import Helm
from tests.support import accepted

# Images that the node of a test need not have.
IMAGES = {"docker.io/library/python:3.13.5-alpine3.22": APP_IMAGE}
newest = pytest.mark.parametrize("helm", [4], indirect=True)


@pytest.fixture
def field(helm: Helm, cluster: Cluster, tmp_path: Path) -> Iterator[Field]:
    """Fresh; the release is removed with what is in no namespace."""
    fresh = Field(helm, cluster, tmp_path)
    yield fresh
    helm.run("uninstall", "ci", "--wait", "--timeout=60s")


def with_images(value: Any) -> Any:  # noqa: ANN401  # values
    """The values with images of the node."""
    if isinstance(value, dict):
        return {key: with_images(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_images(item) for item in value]
    return IMAGES.get(value, value) if isinstance(value, str) else value


@newest
@pytest.mark.parametrize("name", INSTALLABLE)
def test_install(field: Field, name: str) -> None:
    """Only images and the application's command are those of the test's node."""
    given = with_images(read(INSTALLABLE[name]))
    assert not {"image", "command", "externalDatabase"} & set(given)
    field.up("install", "ci", values(given))
    accepted(field.helm.run("test", "ci", "--timeout=120s"))


def test_the_stand_in_changes_no_secret() -> None:
    """What is installed differs from the file in what RUNNABLE says, and that has no secret."""
    assert set(RUNNABLE) == {"image", "command", "postgresql", "tests", "probes"}
