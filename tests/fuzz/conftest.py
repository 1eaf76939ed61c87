"""How many examples a property is tried with.

`make test` tries the same few in each run, so that a red test is somebody's change and not chance; `--all` tries more
of them, and `--examples NUMBER` tries new random ones.
"""

import pytest
from hypothesis import settings

FEW, MANY = 200, 2000


def pytest_configure(config: pytest.Config) -> None:
    """Load the profile that the properties inherit from: `EXAMPLES` in test_fuzz.py."""
    number = config.getoption("--examples")
    default = MANY if config.getoption("--all") else FEW
    settings.register_profile("heimdall-pr", max_examples=number or default, derandomize=not number)
    settings.load_profile("heimdall-pr")
