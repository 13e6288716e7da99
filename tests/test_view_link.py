"""Links to what the page shows: they come back as they were, and one with a mistake is refused in one sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.mesa.levers import Pull
from sim.page.options import Options
from sim.run.find import names
from sim.run.load import load

pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")

from sim.page.incoming import Refused, second_setup
from sim.page.link import LONGEST, opened, written
from sim.page.ready import presets, variants
from sim.page.setup import Setup
from sim.page.words import what_differs

OFFERED = list(names())
START = dt.date(2020, 8, 1)


def seen(setup: Setup, *pulls: Pull, start: dt.date | None = START, seed: int = 3) -> Any:
    return SimpleNamespace(
        setup=setup, base=load(setup.scenario, setup.overrides), seed=seed, pulls=tuple(pulls), start=start
    )


def test_a_run_comes_back_as_it_was() -> None:
    setup = Setup("belarus-2020", {"internet_cuts": 0.1 + 0.2, "threshold": 4.0})
    pulls = (Pull("shutdown", 9, 0.6), Pull("shutdown", 12, None))
    text = written([seen(setup, *pulls)], 16)
    linked = opened(text, OFFERED, Options())
    assert linked.setups == (setup,)
    assert (linked.seed, linked.day, linked.told) == ("3", 16, "")
    assert linked.pulls == (pulls,)
    assert "day=2020-08-16" in text


def test_a_comparison_comes_back_as_it_was() -> None:
    first = Setup("belarus-2020", {"threshold": 4.0})
    ready = presets(load("belarus-2020"))
    for chosen in ("same:", "preset:without shutdown", "scenario:belarus-2020-pause"):
        second, _ = second_setup(chosen, first, ready, OFFERED, Options())
        assert second is not None
        pull = Pull("concession", 4, 0.2)
        linked = opened(written([seen(first), seen(second, pull)], 0), OFFERED, Options())
        assert linked.setups == (first, second)
        assert linked.pulls == ((), (pull,))
        assert linked.day == 0


def test_a_model_without_dates_counts_its_steps() -> None:
    setup = Setup("granovetter-1978", {})
    text = written([seen(setup, start=None)], 12)
    assert text == "scenario=granovetter-1978&seed=3&day=12"
    assert opened(text, OFFERED, Options()).day == 12


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (None, "longer than"),
        ("x" * (LONGEST + 1), "longer than"),
        ("nonsense", "NAME=VALUE"),
        ("a=1&" * 300, "NAME=VALUE"),
        ("scenario=%ff", "NAME=VALUE"),
        ("seed=1", "It names no scenario"),
        ("scenario=no-such", "There is no scenario 'no-such'"),
        ("scenario=/etc/passwd", "There is no scenario '/etc/passwd'"),
        ("scenario=belarus-2020&scenario=egypt-2011", "It says scenario twice"),
        ("scenario=belarus-2020&seed=-1", "The seed must be a whole number"),
        ("scenario=belarus-2020&sede=1", "did you mean seed?"),
        ("scenario=belarus-2020&run.persons_per_agent=1", "There is nothing called 'run.persons_per_agent'"),
        ("scenario=belarus-2020&day=1999-01-01", "outside the days of the scenario, 2020-08-01 to 2020-12-18"),
        ("scenario=belarus-2020&day=tomorrow", "The day must be a date such as 2020-08-16"),
        ("scenario=granovetter-1978&day=2020-08-16", "The day must be a number"),
        ("scenario=belarus-2020&set.no_such=1", "There is no setting 'no_such'"),
        ("scenario=belarus-2020&set.threshold=much", "must be a number, and is 'much'"),
        ("scenario=belarus-2020&set.threshold=nan", "must be a number"),
        ("scenario=belarus-2020&set.centralisation=7", "movement.leadership.centralisation"),
        ("scenario=belarus-2020&lever.no_such=5:0.5", "There is no lever 'no_such'"),
        ("scenario=belarus-2020&lever.shutdown=0.5", "needs DAY:VALUE"),
        ("scenario=belarus-2020&lever.shutdown=5:7", "must be a number of 0 to 1"),
        ("scenario=belarus-2020&set.threshold=3&set.threshold=4", "It says 'set.threshold' twice"),
        ("scenario=belarus-2020&beside=same:&b.set.threshold=3&b.set.threshold=3", "It says 'b.set.threshold' twice"),
        ("scenario=belarus-2020&b.set.threshold=3", "is of a second run, and there is none"),
        ("scenario=belarus-2020&beside=off&b.lever.shutdown=5:0.5", "is of a second run, and there is none"),
        ("scenario=belarus-2020&lever.shutdown=999:0.5", "is moved on day 999, and the run has 140"),
        ("scenario=belarus-2020&beside=same:&b.lever.shutdown=999:0.5", "is moved on day 999, and the run has 140"),
        ("scenario=granovetter-1978&lever.shutdown=1:0.5", "The model granovetter-1978 has no live levers"),
        (
            "scenario=belarus-2020&beside=scenario:granovetter-1978&b.lever.shutdown=1:0.5",
            "The model granovetter-1978 has no live levers",
        ),
        ("scenario=belarus-2020&beside=everything", "There is no comparison 'everything'"),
        ("scenario=belarus-2020&beside=same:&b.set.threshold=inf", "must be a number"),
    ],
)
def test_a_mistake_is_one_sentence(link: object, said: str) -> None:
    with pytest.raises(Refused) as refused:
        opened(link, OFFERED, Options())
    assert said in str(refused.value)
    assert str(refused.value).startswith("The link cannot be opened, and nothing was changed. ")
    assert "\n" not in str(refused.value)


def test_variants_are_those_that_extend_the_scenario_and_ask(tmp_path: Path) -> None:
    own, broken = tmp_path / "own.yaml", tmp_path / "broken.yaml"
    own.write_text(
        "extends: belarus-2020\nabout: {title: Belarus 2020 at home, question: And here?}\n", encoding="utf-8"
    )
    broken.write_text("extends: [", encoding="utf-8")
    offered = [*OFFERED, str(own), str(broken), str(tmp_path / "gone.yaml")]
    found = {one.name: one for one in variants(load("belarus-2020"), offered)}
    assert found[str(own)].label == "at home"
    assert str(broken) not in found
    assert {f"belarus-2020-{name}" for name in ("patron-withdraws", "early-elite-split", "general-strike-wave",
            "no-shutdown")} <= set(found)  # fmt: skip
    assert found["belarus-2020-no-shutdown"].label == "without the shutdown"
    assert found["belarus-2020-patron-withdraws"].question == "Did the regime stand on its own feet?"
    assert not any(name.startswith("russia") for name in found)
    assert [one.name for one in variants(load("russia-2022"), OFFERED)] == ["russia-2022-millions"]


def test_an_event_that_one_of_two_scenarios_lacks_is_one_row() -> None:
    first, second = (SimpleNamespace(loaded=load(name)) for name in ("belarus-2020", "belarus-2020-no-shutdown"))
    rows: Any = what_differs(first, second)  # type: ignore[arg-type]
    assert [row[0] for row in rows] == ["an event", "the internet can be cut"]
    assert rows[0][1].endswith("(9 August 2020)")
    assert rows[0][2] == "–"
    later = SimpleNamespace(loaded=load("belarus-2020-longer-shutdown"))
    rows = what_differs(first, later)  # type: ignore[arg-type]
    assert ("shutdown: last day", "2020-08-11", "2020-09-08") in rows
