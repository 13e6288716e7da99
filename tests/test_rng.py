"""The random number generator against its published vectors, its twins and its own promises.

Statistical tests use fixed seeds, so they pass or fail for good; the false-alarm rate is the
chance that a perfect generator would have failed with a seed picked at random.
"""

from __future__ import annotations

import itertools
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sim
from sim.core import elementwise, normals, rng
from sim.core.jit import compiled
from sim.core.rng import RETIRED, Stream
from sim.models.mobilisation.mechanisms import MECHANISMS, STREAMS

FULL = 0xFFFFFFFF
FALSE_ALARM = 1e-4
ZERO, ONE, TWO = (np.uint64(k) for k in range(3))
PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((FULL,) * 4, (FULL,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
KEYS = [(0, 0, 0, 0), (1, 2, 3, 4), (2**64 - 1, 18, 365, 9_413_445), (2**32, 5, 0, FULL), (77, 0, 1, 0)]


def plain(function):
    return getattr(function, "py_func", function)


def textbook(seed: int, stream: int, day: int, entity: int) -> list[float]:
    """Philox-4x32-10 once more, in unbounded Python integers, after the paper's figure."""
    counter = [entity, day, stream, 0]
    key = [seed & FULL, seed >> 32]
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
    return [word / 2**32 for word in counter]


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED)
@pytest.mark.parametrize("function", [rng.philox4x32, plain(rng.philox4x32)], ids=["compiled", "plain"])
def test_known_answers_of_random123(function, counter, key, expected):
    assert tuple(int(word) for word in function(*counter, *key)) == expected


@pytest.mark.parametrize("key", KEYS)
def test_compiled_plain_array_and_textbook_agree_to_the_bit(key):
    seed, stream, day, entity = key
    expected = textbook(*key)
    assert list(rng.draws(np.uint64(seed), stream, day, entity)) == expected
    assert list(plain(rng.draws)(seed, stream, day, entity)) == expected
    assert rng.draws_array(seed, stream, day, [entity])[0].tolist() == expected


def test_draws_inside_a_compiled_loop_over_signed_indices_are_the_same():
    @compiled
    def loop(seed, out):
        for n in range(out.shape[0]):
            out[n, 0], out[n, 1], out[n, 2], out[n, 3] = rng.draws(seed, Stream.TIES, 7, n)

    out = np.zeros((1000, 4))
    loop(np.uint64(2020), out)
    assert np.array_equal(out, rng.draws_array(2020, Stream.TIES, 7, np.arange(1000)))


def test_the_same_without_the_compiler():
    code = "from sim.core.rng import draws_array; print(draws_array(2**63 + 5, 4, 3, [0, 1, 99]).tolist())"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str(rng.draws_array(2**63 + 5, 4, 3, [0, 1, 99]).tolist())


def test_draws_do_not_depend_on_company_or_order():
    all_of_them = rng.draws_array(9, Stream.TRAITS, 0, np.arange(5000))
    some = np.array([4999, 17, 0, 2500])
    assert np.array_equal(rng.draws_array(9, Stream.TRAITS, 0, some), all_of_them[some])


def test_every_part_of_the_key_changes_the_draw():
    base = rng.draws(np.uint64(1), 1, 1, 1)
    for seed, stream, day, entity in [
        (2, 1, 1, 1),
        (1 + 2**32, 1, 1, 1),
        (1, 2, 1, 1),
        (1, 1, 2, 1),
        (1, 1, 1, 2),
    ]:
        assert not set(base) & set(rng.draws(np.uint64(seed), stream, day, entity))


def test_uniform():
    """Kolmogorov-Smirnov on each of the four columns; four tests at 1e-4 / 4."""
    table = rng.draws_array(12345, Stream.TRAITS, 3, np.arange(100_000))
    assert table.min() >= 0.0
    assert table.max() < 1.0
    for column in table.T:
        assert stats.kstest(column, "uniform").pvalue > FALSE_ALARM / 4


def neighbours() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    entities = np.arange(100_000)
    here = rng.draws_array(5, Stream.TIES, 10, entities)
    pairs = {
        "entity": (here[:-1, 0], here[1:, 0]),
        "day": (here[:, 0], rng.draws_array(5, Stream.TIES, 11, entities)[:, 0]),
        "stream": (here[:, 0], rng.draws_array(5, Stream.PLACES, 10, entities)[:, 0]),
        "seed": (here[:, 0], rng.draws_array(6, Stream.TIES, 10, entities)[:, 0]),
    }
    for a, b in itertools.combinations(range(4), 2):
        pairs[f"columns {a} and {b}"] = (here[:, a], here[:, b])
    return pairs


@pytest.mark.parametrize("name", list(neighbours()))
def test_neighbours_are_independent(name):
    """Chi-square on a 16 x 16 table of pairs; ten tests at 1e-4 / 10."""
    first, second = neighbours()[name]
    observed = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(observed.ravel()).pvalue > FALSE_ALARM / 10


def test_the_independence_test_notices_dependence():
    first = rng.draws_array(5, Stream.TIES, 10, np.arange(100_000))[:, 0]
    second = (first + 0.9 * rng.draws_array(5, Stream.TIES, 10, np.arange(100_000))[:, 1]) % 1.0
    observed = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(observed.ravel()).pvalue < FALSE_ALARM / 10


def test_normal():
    """Kolmogorov-Smirnov against N(0, 1), four columns at 1e-4 / 4; pairs uncorrelated (5 SD)."""
    table = normals.normals_array(4, Stream.THRESHOLD, 0, np.arange(100_000))
    for column in table.T:
        assert stats.kstest(column, "norm").pvalue > FALSE_ALARM / 4
    correlations = np.corrcoef(table.T)[np.triu_indices(4, 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(100_000)


def test_normal_pair_by_hand():
    # u = 1 - exp(-2) gives radius 2; a quarter turn puts all of it in the second number.
    first, second = normals.normal_pair(1 - np.exp(-2.0), 0.25)
    assert first == pytest.approx(0.0, abs=1e-12)
    assert second == pytest.approx(2.0)
    assert plain(normals.normal_pair)(0.0, 0.3) == (0.0, 0.0)
    assert np.isfinite(normals.normal_pair(1 - 2.0**-32, 0.5)).all()


def test_streams_have_distinct_numbers_within_the_counter():
    assert len({member.value for member in Stream}) == len(Stream.__members__)
    assert all(0 <= member <= FULL for member in Stream)


def test_no_mechanism_draws_from_the_stream_of_another():
    of_mechanisms = [number for one in MECHANISMS.values() for number in one.streams]
    numbers = [*of_mechanisms, *(int(stream) for stream in Stream)]
    assert len(numbers) == len(set(numbers))
    assert not set(numbers) & RETIRED
    assert set(of_mechanisms) == set(STREAMS) == {6, 8, 9, 10, 12, 13, 19, 20, 44, 45, 46, 47, 61, 62}


def test_halves_of_a_word_are_uniform_numbers():
    word = np.uint64(2**63 + 2**30)
    assert (plain(rng.upper)(word), plain(rng.lower)(word)) == (0.5, 0.25)
    top = np.uint64(2**64 - 1)
    assert rng.upper(top) == rng.lower(top) == 1.0 - 2.0**-32


def test_nearly_normal_by_hand():
    """Twelve bytes: eight of one word, and the lower four of the next."""
    one, high = np.uint64(2**64 - 1), np.uint64(2**64 - 2**32)
    deviation = math.sqrt(65535.0)
    for make in (normals.nearly_normal, plain(normals.nearly_normal)):
        assert make(one, one) == pytest.approx(1530.0 / deviation)
        assert make(np.uint64(0), high) == pytest.approx(-1530.0 / deviation)  # the upper four do not count
        assert make(np.uint64(0x0100000000000002), np.uint64(3 << 24)) == pytest.approx((6.0 - 1530.0) / deviation)


def test_nearly_normal_is_nearly_normal():
    numbers = _many(
        lambda key, i: normals.nearly_normal(*(np.uint64(rng.quick(key, TWO * i + k)) for k in (ZERO, ONE)))
    )
    assert numbers.mean() == pytest.approx(0.0, abs=0.02)
    assert numbers.std() == pytest.approx(1.0, abs=0.02)
    assert (numbers**3).mean() == pytest.approx(0.0, abs=0.05)
    assert (numbers**4).mean() == pytest.approx(2.9, abs=0.12)
    for z in (-2.0, -1.0, 0.0, 1.0, 2.0):
        assert (numbers <= z).mean() == pytest.approx(NormalDist().cdf(z), abs=0.015)


def test_a_normal_number_is_what_the_library_says():
    draws = (0.0, 2.0**-32, 1e-6, 0.01, 0.074, 0.076, 0.3, 0.5, 0.7, 0.924, 0.926, 0.99, 1.0 - 2.0**-32)
    for draw in draws:
        whole = math.floor(draw * 2**32) / 2**32
        expected = NormalDist().inv_cdf(whole + 2.0**-33)
        for fill in (normals.fill_normal, plain(normals.fill_normal)):
            out = np.empty((1, 1))
            fill(np.array([[whole]]), out)
            assert out[0, 0] == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_one_of_a_pair_of_normal_numbers_is_that_of_the_pair():
    uniform = rng.draws_array(3, 0, 0, np.arange(5_000))
    for u, v, *_ in uniform.tolist():
        assert normals.normal_pair(u, v) == tuple(normals.normal_of_pair(u, v, second) for second in (0, 1))


@pytest.mark.parametrize(
    ("together", "one"),
    [
        (elementwise.exp, math.exp),
        (elementwise.log1p, math.log1p),
        (elementwise.tanh, math.tanh),
        (lambda values: elementwise.power(values, -2.5), lambda value: math.pow(value, -2.5)),
    ],
)
def test_functions_of_arrays_are_those_of_the_c_library(together: Any, one: Callable[[float], float]):
    values = rng.draws_array(3, 0, 0, np.arange(20_000)).ravel() * 6.0
    before = values.copy()
    assert together(values).tolist() == [one(value) for value in values]
    assert np.array_equal(values, before)


def test_no_run_uses_functions_that_differ_from_processor_to_processor():
    """NumPy's own are other code where there are wide vectors."""
    folder = Path(sim.__file__).parent
    files = [path for room in ("core", "models") for path in (folder / room).rglob("*.py")]
    own = re.compile(
        r"\bnp\.(exp|exp2|expm1|log|log2|log10|log1p|power|float_power|sin|cos|tan|a?sinh|a?cosh|tanh|hypot)\("
    )
    assert [f"{path.name}: {found[0]}" for path in files for found in own.finditer(path.read_text("utf-8"))] == []


def _many(make: Callable[[Any, Any], float]) -> np.ndarray:
    key = np.uint64(rng.quick_key(np.uint64(1), 3, 5))
    return np.array([make(key, np.uint64(i)) for i in range(20_000)])
