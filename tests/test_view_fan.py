"""Other seeds beside the run that is watched: what their bands are, and that they end when they should."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")

from sim.page import fan as fans
from sim.page.chart_choice import drawn, possible
from sim.page.charts import Timeline
from sim.page.fan import ENDS, SEEDS, Fan, Fanning
from sim.page.options import Options
from sim.page.tab import Tab
from sim.run.load import load
from sim.run.simulate import simulate


def wait(truth: Callable[[], Any]) -> None:
    end = time.monotonic() + 120
    while not truth():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "protestorate-fan"]


def test_bands_are_quantiles_of_whole_runs_with_the_next_seeds() -> None:
    loaded = load("belarus-2020", {"run.persons_per_agent": 20_000})
    seen: list[Fan | None] = []
    fanning = Fanning(seen.append)
    fanning.begin(loaded, 7, "attending")
    wait(lambda: seen and seen[-1] is not None and not seen[-1].working)
    fan = seen[-1]
    assert fan is not None
    assert (fan.first, fan.done, fan.working, fan.problem) == (8, SEEDS, False, "")
    turnouts = [simulate(loaded, seed=seed).days["attending"].to_numpy() for seed in range(8, 28)]
    assert fan.peaks.tolist() == [float(one.max()) for one in turnouts]
    band = next(values for (chart, _), values in fan.bands.items() if chart == "turnout")
    day = 15
    assert band[:, day] == pytest.approx(np.percentile([one[day] for one in turnouts], ENDS))
    assert (np.diff(band, axis=0) >= 0).all()
    series = {"attending": turnouts[0][:20], "detained_today": turnouts[0][:20]}
    chart = possible(series)[0]
    plain, banded = (drawn(chart, series, Timeline(140, None), bands=bands).svg for bands in (None, fan.bands))
    assert banded.count('class="fan"') == 1
    assert plain.count('class="fan"') == 0
    wait(lambda: not workers())


def test_it_can_be_stopped_and_dropped_and_goes_with_its_tab() -> None:
    tab = Tab(Options("belarus-2020", None, {"run.persons_per_agent": 1000}))
    try:
        wait(lambda: tab.snapshot.value.runs)
        tab.run_fan()
        wait(lambda: tab.fan.value.done >= 1)
        tab.fanning.stop()
        done = tab.fan.value.done
        assert not tab.fan.value.working
        wait(lambda: not workers())
        assert tab.fan.value.done == done < SEEDS
        tab.run_fan()
        tab.reset({})
        assert tab.fan.value is None
        wait(lambda: not workers())
        tab.run_fan()
        assert workers()
    finally:
        tab.close()
    wait(lambda: not workers())
    assert not fans._one_at_a_time.locked()
