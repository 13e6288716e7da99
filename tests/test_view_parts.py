"""The parts of the page that need no browser: charts, words, export names, the server's address, a tab's session."""

from __future__ import annotations

import datetime as dt
import importlib.util
import socket
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.core.errors import ProtestorateError
from sim.models.interface import declared
from sim.page import chart_choice, chart_parts, chart_table, server, words
from sim.page.charts import Mark, Timeline, draw
from sim.page.exporting import free_path
from sim.page.options import Options
from sim.page.scales import LEFT, RIGHT, WIDTH, Axis, Line, nice_ticks, scale_of, written
from sim.page.session import Session, day_of
from sim.page.setup import Setup
from sim.page.snapshot import READY, Snapshot
from sim.run.load import load

COARSE = {"run.persons_per_agent": 5000}
SVG = "{http://www.w3.org/2000/svg}"
START = dt.date(2020, 8, 1)


@pytest.fixture(scope="module")
def series() -> chart_parts.Series:
    days = sim.simulate("belarus-2020", overrides=COARSE, days=20).days
    return {name: days[name].to_numpy(dtype=float) for name in days.select_dtypes("number")}


# Charts.


def points(svg: str) -> list[tuple[float, float]]:
    line = ElementTree.fromstring(svg).find(f".//{SVG}polyline")
    assert line is not None
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]


def test_a_line_lies_where_its_numbers_are() -> None:
    svg = draw("a line", [Line("x", "#000", np.array([0.0, 5.0, 10.0]))], Timeline(3, START), Axis("persons"))
    (first, low), (second, middle), (third, high) = points(svg)
    assert second - first == pytest.approx((WIDTH - LEFT - RIGHT) / 3, abs=0.1)
    assert third - second == pytest.approx(second - first, abs=0.1)
    assert low - middle == pytest.approx(middle - high, abs=0.1)
    assert high < low  # upwards is less in SVG


def test_text_from_scenarios_is_escaped_in_charts() -> None:
    mark = Mark(1, 1, 1, "<script>alert(1)</script> & more")
    svg = draw("<b>", [Line("x", "#000", np.arange(3.0))], Timeline(3, START, 1, [mark]), Axis("<i>"))
    ElementTree.fromstring(svg)  # is well-formed
    assert "<script>" not in svg
    assert "<i>" not in svg


def test_the_largest_value_is_written_with_its_date() -> None:
    line = Line("x", "#000", np.array([1.0, 2500.0, 3.0]), "area", peak=True)
    svg = draw("peak", [line], Timeline(3, START), Axis("persons"))
    assert "2,500 on 2 Aug" in svg


@pytest.mark.parametrize("days", [0, 1, 2, 20])
def test_every_chart_can_be_drawn_after_any_number_of_days(series: chart_parts.Series, days: int) -> None:
    part = {name: values[:days] for name, values in series.items()}
    charts = chart_choice.possible(part)
    assert [chart.name for chart in charts] == [
        "turnout", "roles", "regime", "contest", "breaks", "seats", "emotions", "police", "elites", "coalition",
        "breadth", "strikes", "tactics",
    ]  # fmt: skip
    for chart in charts:
        svg = chart_choice.drawn(chart, part, Timeline(140, START, None)).svg
        ElementTree.fromstring(svg)
        assert "nan" not in svg


CLASSICS = sorted(path.stem for path in (Path(__file__).parents[1] / "scenarios" / "classics").glob("*.yaml"))


@pytest.mark.parametrize("name", CLASSICS)
def test_every_number_of_a_published_model_is_in_a_chart_and_in_a_difference(name: str) -> None:
    results = [one for one in declared(load(name).config).columns if one.is_number]
    series = {one.name: np.full(3, float(number)) for number, one in enumerate(results, start=1)}
    lines = [line.values[0] for chart in chart_choice.possible(series, results) for line in chart.lay_out(series).lines]
    assert set(lines) == set(range(1, len(results) + 1))
    compared = chart_choice.differences(series, series, Timeline(3, None), results)
    assert [chart.name for chart in compared] == [f"difference-{one.key}" for one in results]


def test_shares_of_police_count_every_officer_once(series: chart_parts.Series) -> None:
    states = ("loyal", "shirking", "defected")
    assert sum(chart_parts.police_share(series, state) for state in states) == pytest.approx(1.0)
    more = dict(series) | {"police_criticising": chart_parts.total(series, "police_shirking_")}
    assert chart_parts.police_share(more, "loyal") == pytest.approx(chart_parts.police_share(series, "loyal"))


def test_breadth_has_a_line_for_every_cleavage(series: chart_parts.Series) -> None:
    chart = next(chart for chart in chart_table.CHARTS if chart.name == "breadth")
    lines = {line.label: line.values for line in chart.lay_out(series).lines}
    assert list(lines) == ["class", "age", "camp", "settlement", "region"]
    for name, values in lines.items():
        assert values[-1] == pytest.approx(np.mean(series[f"breadth_{name}"][-4:])), name


def test_two_runs_share_the_axes_of_their_charts(series: chart_parts.Series) -> None:
    larger = {name: 3.0 * values for name, values in series.items()}
    timeline = Timeline(20, START)
    for chart in chart_choice.possible(series)[:2]:
        one, other = (
            chart_choice.drawn(chart, here, timeline, there).svg for here, there in ((series, larger), (larger, series))
        )
        ticks = [
            [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text") if text.get("font-weight") is None]
            for svg in (one, other)
        ]
        assert ticks[0] == ticks[1]
        assert len(ticks[0]) > 8


def test_a_difference_is_the_second_minus_the_first_over_the_days_of_both(series: chart_parts.Series) -> None:
    more = {name: values[:10] + (7.0 if name == "attending" else 0.0) for name, values in series.items()}
    drawn = {chart.name: chart for chart in chart_choice.differences(series, more, Timeline(20, START))}
    heights = {y for _, y in points(drawn["difference-attending"].svg)}
    assert len(points(drawn["difference-attending"].svg)) == 10
    assert len(heights) == 1
    assert len({y for _, y in points(drawn["difference-striking"].svg)}) == 1
    assert {name for name, chart in drawn.items() if chart.left.unit == "percentage points"} == {
        "difference-legitimacy", "difference-elite_public", "difference-police_loyal",
    }  # fmt: skip


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 283_000.0), (-0.03, 0.2), (0.0, 3e-9), (-5.0, -1.0)])
def test_ticks_are_round_and_cover_the_range(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 3 <= len(ticks) <= 8
    assert len(set(np.diff(ticks).round(15))) <= 2  # equal steps but for rounding


def test_numbers_on_ticks_are_short() -> None:
    assert [written(value, "number") for value in (0.0, 800.0, 2500.0, 250_000.0, 1.5e6, 0.25)] == [
        "0", "800", "2,500", "250k", "1.5M", "0.25",
    ]  # fmt: skip
    assert written(0.075, "percent") == "7.5%"
    assert written(-0.075, "points") == "−7.5"


@pytest.mark.parametrize(("out", "said"), [(0, "0 workplaces"), (1, "1 workplace"), (1200, "1,200 workplaces")])
def test_one_workplace_is_one(out: float, said: str) -> None:
    assert words._workplaces(out) == said


def test_an_axis_of_nothing_still_has_a_length() -> None:
    scale = scale_of([Line("x", "#000", np.zeros(4))], Axis("persons"))
    assert scale.high > scale.low


# The server's address.


def test_a_port_that_is_taken_is_named_and_another_one_offered() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ProtestorateError, match=rf"port {port} is taken; another is free: --port (\d+)") as told:
            server.listen("127.0.0.1", port)
    offered = int(str(told.value).rsplit(" ", 1)[1])
    server.listen("127.0.0.1", offered).close()


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(ProtestorateError, match=r"no\.such\.host\.invalid: there is no such host"):
        server.listen("no.such.host.invalid", 0)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("192.0.2.7", False)],
)
def test_which_hosts_only_this_machine_can_reach(host: str, local: bool) -> None:
    assert server.is_local(host) is local


def test_missing_packages_are_told_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ProtestorateError, match=r"pip install -e '?\S*\[view\]"):
        server.check_installed()


# Export names.


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "", "x\0y", "CON: é", "a" * 300])
def test_no_name_leads_out_of_the_export_folder(name: str, tmp_path: Path) -> None:
    path = free_path(tmp_path, name, ".yaml")
    assert path.parent == tmp_path
    assert path.resolve().parent == tmp_path.resolve()
    path.write_text("kept", encoding="utf-8")
    assert free_path(tmp_path, name, ".yaml") != path


# A tab's session.


class Watcher:
    """Keeps what a session publishes, and waits for what is expected of it."""

    def __init__(self) -> None:
        self.latest = Snapshot()
        self.versions: list[int] = []
        self._news = threading.Condition()

    def __call__(self, snapshot: Snapshot) -> None:
        with self._news:
            self.latest = snapshot
            self.versions.append(snapshot.version)
            self._news.notify_all()

    def wait(self, truth: Callable[[Snapshot], Any]) -> Snapshot:
        with self._news:
            assert self._news.wait_for(lambda: truth(self.latest), timeout=120)
            return self.latest


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def session(watcher: Watcher) -> Iterator[Session]:
    made = Session(watcher, (Setup("belarus-2020", {}, COARSE),), 1)
    watcher.wait(lambda snapshot: snapshot.status == READY and snapshot.runs)
    yield made
    made.close()


def test_a_session_has_the_numbers_of_simulate(session: Session, watcher: Watcher) -> None:
    for _ in range(8):
        session.step()
    run = watcher.wait(lambda snapshot: snapshot.days == 8).runs[0]
    days = sim.simulate("belarus-2020", seed=1, overrides=COARSE, days=8).days
    assert run.series["attending"].tolist() == days["attending"].tolist()
    assert run.series["fear"].tolist() == days["fear"].tolist()
    assert watcher.versions == sorted(set(watcher.versions))


def test_a_frame_holds_the_plain_numbers_of_its_day() -> None:
    from sim.mesa.model import ProtestModel

    model = ProtestModel("belarus-2020", 1, overrides=COARSE)
    for _ in range(9):
        model.step()
    days = sim.simulate("belarus-2020", seed=1, overrides=COARSE, days=9).days.drop(columns="date")
    expected = {name: days[name].tolist()[-1] for name in days.columns}
    assert dict(model.frame.national) == expected
    assert [type(value) for value in model.frame.national.values()] == [type(value) for value in expected.values()]


def test_a_snapshot_never_changes(session: Session, watcher: Watcher) -> None:
    session.run_to(5)
    early = watcher.wait(lambda snapshot: snapshot.days == 5).runs[0]
    kept = {name: values.copy() for name, values in early.series.items()}
    session.run_to(140)
    watcher.wait(lambda snapshot: not snapshot.running)
    assert early.days == 5
    assert all((early.series[name] == values).all() for name, values in kept.items())


def test_what_is_not_valid_is_a_problem_and_the_run_stays(session: Session, watcher: Watcher) -> None:
    session.step()
    watcher.wait(lambda snapshot: snapshot.days == 1)  # a Reset takes the place of all orders that still wait
    session.reset((Setup("belarus-2020", {}, {"regime.no_such": 1}),), 1)
    snapshot = watcher.wait(lambda snapshot: snapshot.problem)
    assert "regime.no_such" in snapshot.problem
    assert snapshot.status == READY
    assert snapshot.days == 1
    session.set_lever(0, "shutdown", 7.0)
    assert "0 to 1" in watcher.wait(lambda later: later.problem and later.version > snapshot.version).problem
    session.step()
    assert watcher.wait(lambda snapshot: snapshot.days == 2).problem == ""


def test_two_parameter_sets_have_one_seed_and_one_clock(watcher: Watcher) -> None:
    session = Session(
        watcher, (Setup("belarus-2020", {}, COARSE), Setup("belarus-2020", {"internet_cuts": 0.0}, COARSE))
    )
    session.run_to(14)
    first, second = watcher.wait(lambda snapshot: len(snapshot.runs) == 2 and snapshot.days == 14).runs
    session.close()
    assert first.seed == second.seed
    assert first.days == second.days == 14
    # The shutdown begins on the ninth day: the same luck and nothing else until then.
    assert (first.series["attending"][:8] == second.series["attending"][:8]).all()
    assert (first.series["shutdown"][8:] != second.series["shutdown"][8:]).any()
    rows = {row[0]: row[1:] for row in words.came_of_it(first, second)}
    assert rows["largest turnout on one day"][0] == f"{first.series['attending'].max():,.0f}"
    assert any(what.startswith("effects: ") for what, _, _ in words.what_differs(first, second))


def test_a_closed_session_ends_its_thread(session: Session) -> None:
    session.play()
    assert session.alive
    session.close()
    worker = session._worker
    assert worker is not None
    worker.join(30)
    assert not session.alive


def test_it_says_when_and_where_it_peaked(session: Session, watcher: Watcher) -> None:
    assert words.answer(watcher.latest.runs[0]) == "Nobody has taken to the streets yet."
    session.run_to(30)
    run = watcher.wait(lambda snapshot: snapshot.days == 30).runs[0]
    result = sim.simulate("belarus-2020", seed=1, overrides=COARSE, days=30)
    peak = result.summary["peak_date"]
    told = words.answer(run)
    assert f"{result.summary['peak_turnout']:,} persons" in told
    assert words.date_in_words(peak, weekday=True) in told
    assert words.peak_day(run) == day_of(run, peak)
    crowds = result.localities[result.localities["date"].dt.date == peak].set_index("locality")["attending"]
    assert f"{crowds.idxmax()} ({crowds.max():,})" in told


def test_options_write_nowhere_but_to_results() -> None:
    assert Options().export_folder == Path("results")
