"""The table of the chart's README, side by side with another chart, is what real Helms answer."""

import pytest

from tests import helms
from tools import chart_comparison


@pytest.mark.helm
@pytest.mark.slow
def test_is_what_the_helms_answer() -> None:
    """Rendered anew it would be the same."""
    try:
        current = chart_comparison.current()
    except helms.Unavailable as error:
        pytest.skip(str(error))
    assert chart_comparison.TARGET.read_text() == current


def test_no_cell_shows_a_secret() -> None:
    """None of the given ones, nor a part of them."""
    text = chart_comparison.TARGET.read_text()
    assert not [value for value in chart_comparison.SECRETS.values() if value[:10] in text]
