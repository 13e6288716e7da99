"""What benchmarks measure beside time, where a wrong number would be believed."""

from __future__ import annotations

import pytest

from benchmarks.measures import bytes_of_an_agent
from sim.models.mobilisation.state import bytes_per_citizen


def test_bytes_of_an_agent_are_those_of_its_columns_and_ties() -> None:
    own, ties, rest = bytes_of_an_agent()
    assert own == bytes_per_citizen()
    assert ties % 4 == pytest.approx(0.0)
    assert 0.0 < rest < 10.0
