"""What a browser may order of a tab: whatever it sends, only what the page offers is opened, and nothing breaks."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.page.options import Options
from sim.page.session import Session
from sim.page.snapshot import READY
from sim.run import load

pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")

from sim.page.tab import Tab

COARSE = {"run.persons_per_agent": 5000, "regime.aggression_gain": 0.5}
STRANGE: list[Any] = [
    "/etc/passwd", "../../x.yaml", "belarus-2020.yaml", "belarus-2020\n", "\0", "\ud800", "x" * 100_000,
    [], ["belarus-2020"], {}, {"x": {}}, math.nan, math.inf, -math.inf, 10**400, -1, True,
]  # fmt: skip


def wait(truth: Callable[[], Any]) -> None:
    end = time.monotonic() + 120
    while not truth():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def settled(tab: Tab, generation: int) -> None:
    wait(lambda: tab.snapshot.value.generation >= generation and tab.snapshot.value.status == READY)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    case = tmp_path_factory.mktemp("case") / "my-case.yaml"
    case.write_text("extends: belarus-2020\n", encoding="utf-8")
    tab = Tab(Options("belarus-2020", str(case), COARSE))
    settled(tab, 1)
    yield tab
    tab.close()


@pytest.fixture
def tab(shared: Tab) -> Tab:
    shared.notice.value = ""
    return shared


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is looked up as a scenario during the test."""
    found: list[str] = []
    find = load.find

    def watched(name: str | Path) -> Path:
        found.append(str(name))
        return find(name)

    monkeypatch.setattr(load, "find", watched)
    return found


def state(tab: Tab) -> tuple[Any, ...]:
    chosen = (tab.setups, tab.started, tab.seed, tab.speed, tab.colour, tab.selected)
    return (*(one.value for one in chosen), tab.snapshot.value.generation, tab.session._speed, tab.session.alive)


@pytest.mark.parametrize("given", [*STRANGE, "", "belarus"])
def test_only_scenarios_on_offer_are_opened(tab: Tab, opened: list[str], given: Any) -> None:
    before = state(tab)
    tab.choose_scenario(given)
    assert "no scenario" in tab.notice.value
    tab.notice.value = ""
    tab.compare_with({}, f"scenario:{given}" if isinstance(given, str) else given)
    assert tab.notice.value.startswith("There is no ")
    assert state(tab) == before
    assert opened == []


@pytest.mark.parametrize("given", STRANGE)
@pytest.mark.parametrize(
    "order",
    [
        lambda tab, given: tab.set_colour(given),
        lambda tab, given: tab.select(given),
        lambda tab, given: tab.set_speed(given),
        lambda tab, given: tab.reset({"seed": given}),
        lambda tab, given: tab.jump(given),
        lambda tab, given: tab.compare_with({}, given),
        lambda tab, given: tab.compare_with({}, f"preset:{given}"),
        lambda tab, given: tab.set_slider(0, str(given), 0.5),
        lambda tab, given: tab.scrub_chart(140, {"share": given}),
        lambda tab, given: tab.pick(tab.snapshot.value.runs[0], 0, 480, {"x": str(given), "y": 0.5}),
        lambda tab, given: tab.pick(tab.snapshot.value.runs[0], 0, 480, given),
    ],
    ids=["colour", "locality", "speed", "seed", "jump", "compare", "preset", "slider", "chart", "map", "no place"],
)
def test_what_the_page_would_not_send_is_told_and_changes_nothing(
    tab: Tab, order: Callable[[Tab, Any], None], given: Any
) -> None:
    before = state(tab)
    order(tab, given)
    assert tab.notice.value
    assert len(tab.notice.value) < 200
    assert state(tab) == before


@pytest.mark.parametrize("given", [given for given in STRANGE if given is True or given != -1])
def test_sliders_and_days_are_numbers(tab: Tab, given: Any) -> None:
    before = state(tab)
    for order in (
        lambda: tab.set_slider(0, "internet_cuts", given),
        lambda: tab.set_lever(0, "shutdown", given),
        lambda: tab.scrub(given),
        lambda: tab.scrub_chart(140, given),
        lambda: tab.painted(given),
    ):
        tab.notice.value = ""
        order()
        assert "must be a number" in tab.notice.value
    assert state(tab) == before
    assert tab.day() == 0


def test_seeds_are_whole_numbers_of_their_range(tab: Tab) -> None:
    for given in (str(2**63), "-1", "1.5", "1e3", "9" * 5000, 2**63, 1.5, None):
        tab.notice.value = ""
        tab.reset({"seed": given})
        assert "seed" in tab.notice.value
    assert tab.seed.value == ""


def test_what_the_page_sends_is_done(tab: Tab) -> None:
    tab.set_colour("detained")
    tab.select("Minsk")
    tab.set_speed(1000)
    tab.set_slider(0, "internet_cuts", 1)
    assert (tab.colour.value, tab.selected.value, tab.speed.value) == ("detained", "Minsk", 1000.0)
    assert tab.setups.value[0].values == {"internet_cuts": 1.0}
    tab.set_slider(0, "internet_cuts", None)
    tab.jump("2020-08-03")
    wait(lambda: tab.snapshot.value.days == 3)
    tab.scrub_chart(140, -1e308)
    assert tab.day() == 1
    tab.scrub_chart(140, 1e308)
    assert tab.day() == 3
    assert tab.notice.value == ""


def test_what_was_set_on_the_command_line_is_kept_where_it_is_valid() -> None:
    tab = Tab(Options("belarus-2020", None, COARSE))
    settled(tab, 1)
    tab.compare_with({}, "scenario:belarus-2020-no-shutdown")
    settled(tab, 2)
    first, second = tab.snapshot.value.runs
    assert first.loaded.data["run"] == second.loaded.data["run"]
    assert first.loaded.data["run"]["persons_per_agent"] == 5000
    assert tab.notice.value.endswith("not used for belarus-2020-no-shutdown: regime.aggression_gain = 0.5.")
    tab.compare_with({}, "off")
    assert tab.notice.value == ""
    settled(tab, 3)  # or the next order might be carried out in its place
    tab.choose_scenario("granovetter-1978")
    assert "run.persons_per_agent = 5000, regime.aggression_gain = 0.5" in tab.notice.value
    settled(tab, 4)
    assert tab.snapshot.value.problem == ""
    assert tab.snapshot.value.runs[0].model_name == "granovetter-1978"
    tab.choose_scenario("belarus-2020")
    assert tab.setups.value[0].overrides == COARSE
    assert tab.notice.value == ""
    tab.close()


def test_a_tab_closed_after_an_error_of_the_program_frees_its_models() -> None:
    ended = threading.Event()
    was, threading.excepthook = threading.excepthook, lambda told: ended.set()
    try:
        tab = Tab(Options("granovetter-1978"))
        settled(tab, 1)
        session: Session = tab.session
        held = session._held
        session.ask(lambda runs: 1 / 0)  # type: ignore[arg-type, return-value]
        assert ended.wait(30)
    finally:
        threading.excepthook = was
    wait(lambda: not session.alive)
    assert "stopped on an error" in tab.snapshot.value.problem
    assert held[0].model.running
    tab.close()
    assert session._held == ()
    assert not held[0].model.running
