"""What stands for single instructions does what its Python body says."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.instructions import LANES, add_lanes, fetch_ahead
from sim.core.jit import compiled


@compiled(makes_arrays=False)
def _both(counts, what, sign):
    fetch_ahead(counts[0], np.uint64(3))
    add_lanes(counts, np.uint64(1), np.uint64(2), what, np.uint64(2), np.uint64(1), sign)


@pytest.mark.parametrize("sign", [1, 2**16 - 1, 3])
def test_compiled_and_plain_add_the_same_and_nothing_else(sign):
    luck = np.random.default_rng(1)
    counts = luck.integers(0, 2**16, (3, LANES + 5), dtype=np.uint16)
    what = luck.integers(0, 2**16, (4, LANES + 1), dtype=np.uint16)
    plain, fast = counts.copy(), counts.copy()
    add_lanes(plain, 1, 2, what, 2, 1, np.uint16(sign))
    _both(fast, what, np.uint16(sign))
    assert (fast == plain).all()
    expected = counts.astype(int)
    expected[1, 2 : 2 + LANES] += sign * what[2, 1 : 1 + LANES].astype(int)
    assert (plain == expected % 2**16).all()
