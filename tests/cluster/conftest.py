"""A field of a test's own."""

from pathlib import Path

import pytest

from tests.cluster.field import Field
from tests.clusters import Cluster
from tests.helms import Helm


@pytest.fixture
def field(helm: Helm, cluster: Cluster, tmp_path: Path) -> Field:
    """Fresh."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Field(helm, cluster, folder)
