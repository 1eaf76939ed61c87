"""What the tests of the packages share: one build of all of them."""

from pathlib import Path

import pytest

from tests import helms
from tools import dist, pyz


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that `make dist` fills."""
    helms.fetch(helms.NEWEST[4])
    pyz.wheels()
    folder = tmp_path_factory.mktemp("dist")
    assert dist.main([str(folder)]) == 0
    return folder
