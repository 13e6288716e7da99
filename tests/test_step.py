"""The day: its fifteen stages in order, and the compiled day against the plain one."""

from __future__ import annotations

import ast
import inspect
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_twin import AGENTS, DAYS, in_plain_python
from tiny_country import DATA, arrays, country, day, differing, digests, live_through

from sim.models.mobilisation import day as loop
from sim.models.mobilisation.day import clock, stages
from sim.models.mobilisation.engine import step as go_on
from sim.models.mobilisation.stages.participation import weigh
from sim.models.mobilisation.stages.scratch import FELT, ROWS
from sim.models.mobilisation.state import Count

MODEL = (
    "events", "connection", "perception", "emotion", "participation", "organisation", "strike", "repression", "aid",
    "loyalty", "economy", "elites", "regime", "coalition", "outcome",
)  # fmt: skip
"""The stages of a day as the model's description lists them."""

STAGE_OF_CALL = {
    "occur": 1, "events": 1, "connect": 2, "hear": 3, "perceive": 3, "meet": 3, "feel": 4, "weigh": 5, "decide": 5,
    "communities": 6, "learn": 6, "strikes": 7, "repress": 8, "help_out": 9, "doubt": 10, "account": 11, "waver": 12,
    "react": 13, "combine": 14, "mark": 15,
}  # fmt: skip
"""In which stage each function of the day stands. What only prepares or counts has no stage."""


def source(function: Any) -> str:
    return inspect.getsource(getattr(function, "py_func", function))


def calls(function: Any) -> list[str]:
    """Names of the functions called in the body of a function, in order."""
    tree = ast.parse(source(function))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return [node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "") for node in found]


def numbered_comments(function: Any) -> list[int]:
    """First stage number of each comment such as ``# 3`` or ``# 1, 2``."""
    return [int(number) for number in re.findall(r"#\s+(\d+)\b", source(function))]


def order_of_day() -> list[str]:
    """Stage functions in the order in which a day calls them."""
    from sim.models.mobilisation.stages.citizens import live

    day = [*calls(loop.morning), *calls(live), *calls(loop.evening), "mark"]
    return [name for name in day if name in STAGE_OF_CALL]


def test_docstring_lists_the_fifteen_stages_of_the_model_in_order():
    assert tuple(stages()) == MODEL


def test_day_is_morning_then_citizens_then_evening_then_outcome():
    parts = [name for name in calls(loop.advance) if name in ("morning", "work", "evening", "mark")]
    assert parts == ["morning", "work", "evening", "mark"]


def test_every_stage_is_run():
    assert {STAGE_OF_CALL[name] for name in order_of_day()} >= set(range(2, 16))


def test_stages_run_in_the_order_of_the_docstring():
    """The strike stage's willingness is decided with participation, as the docstring says; nothing else is moved."""
    order = [STAGE_OF_CALL[name] for name in order_of_day()]
    assert order == sorted(order), list(zip(order_of_day(), order, strict=True))


@pytest.mark.parametrize("part", [loop.morning, loop.evening], ids=["morning", "evening"])
def test_numbers_in_comments_rise(part: Any):
    numbers = numbered_comments(part)
    assert numbers == sorted(numbers)
    assert numbers


def test_numbers_in_comments_are_those_of_the_calls():
    for part in (loop.morning, loop.evening):
        for line in source(part).splitlines():
            name = re.match(r"\s+(\w+)\(", line)
            number = re.search(r"#\s+([\d, ]+)$", line)
            if name and number and name[1] in STAGE_OF_CALL:
                assert STAGE_OF_CALL[name[1]] in [int(n) for n in number[1].split(",")], line


def test_every_stage_file_is_called():
    rooms = {path.stem for path in (Path(loop.__file__).parent / "stages").glob("*.py")} - {"__init__"}
    code = "\n".join(
        [Path(loop.__file__).read_text(encoding="utf-8")]
        + [(Path(loop.__file__).parent / "stages" / f"{room}.py").read_text(encoding="utf-8") for room in rooms]
    )
    assert {
        room for room in rooms if not re.search(rf"from sim\.models\.mobilisation\.stages\.{room} import", code)
    } == set()


def test_compiled_day_is_the_plain_day_bit_for_bit():
    """All arrays of the world and all recorded columns after eight days in which everything happens."""
    state = live_through(country(AGENTS), days=DAYS)
    days = state.recorder.national(state.config)
    busy = ("attending", "engaged", "striking", "detained_today", "released_today", "communities", "injured_today")
    assert {name: int(days[name].sum()) for name in busy if days[name].sum() == 0} == {}
    plain = in_plain_python("plain_twin.py")
    assert differing(digests(state), plain) == []


def test_emotions_are_multiplied_in_double_precision():
    """As in plain Python. Compiled, ``float(x)`` of a 32-bit number stays 32 bits, and products are rounded."""
    world, n = (state := live_through(country(), days=6)).world, state.numbers
    citizens = world.citizens
    scratch = np.zeros((ROWS, citizens.role.size))
    weigh(
        citizens, world.localities, world.nation[0], n.classes, n.camps, n.scalars[0], 0, 0,
        citizens.role.size, scratch,
    )  # fmt: skip
    felt = citizens.risk_aversion.astype(np.float64) * citizens.fear.astype(np.float64)
    assert felt.max() > 0.0
    assert np.array_equal(scratch[FELT], felt)


def test_clock_needs_a_thread():
    world = live_through(country(), days=0).world
    with pytest.raises(ValueError, match="at least 1"):
        clock(world, 0)


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 1000])
def test_clock_gives_every_neighbourhood_to_one_thread(threads: int):
    world = live_through(country(), days=0).world
    ranges = clock(world, threads).ranges
    homes = [home for first, last in ranges for home in range(first, last)]
    assert homes == list(range(len(world.neighbourhoods.size)))


# What stages do that no single rule shows


def test_a_tactic_that_needs_more_people_than_come_is_not_held():
    """On the first morning nobody was willing the day before: no crowd for a march of 800 can be expected."""
    state = live_through(country(), days=1)
    days = state.recorder.national(state.config)
    assert 0 < days["attending"][0] < 800
    assert days["attending_tactic_march"][0] == 0


def test_amnesty_is_for_short_sentences():
    """Where all the detained have been sent to prison, an amnesty of short-term prisoners frees nobody."""
    events = {name: event for name, event in DATA["events"].items() if name != "amnesty"}
    amnesty = {"title": "Amnesty", "date": day(8), "effects": {"amnesty": 1.0}}
    config = country(
        {
            "police.detention.prison_share": 1.0,
            "police.detention.prison_days": 2000.0,
            "events": events | {"amnesty": amnesty},
        }
    )
    days = live_through(config, days=9).recorder.national(config)
    assert days["in_detention"][7] >= 300
    assert days["released_today"][8] == 0


def test_amnesty_frees_those_with_short_sentences():
    amnesty = {"title": "Amnesty", "date": day(8), "effects": {"amnesty": 1.0}}
    sentences = {
        "police.detention.prison_share": 0.0,
        "police.detention.held_days": 60.0,
        "police.detention.prison_days": 2000.0,
    }
    config = country(sentences | {"events": DATA["events"] | {"amnesty": amnesty}})
    days = live_through(config, days=9).recorder.national(config)
    assert days["in_detention"][7] >= 300
    assert days["released_today"][8] == days["in_detention"][7]


def test_a_class_without_people_does_not_narrow_the_coalition():
    """Breadth compares the classes there are."""
    empty = DATA["people"]["classes"]["industry"] | {"share": 0.0}
    usual = live_through(country(), days=4)
    more = live_through(country({"people.classes": DATA["people"]["classes"] | {"nobody": empty}}), days=4)
    assert more.world.nation["breadth"][0] == usual.world.nation["breadth"][0]


ODD = {
    "no police": {"police.forces.riot.persons": 0, "police.forces.army.persons": 0},
    "no ties": {"people.networks.weak_ties": 0},
    "no kin": {"people.networks.kin_group": 1},
    "no workplaces": {
        f"people.classes.{name}": {key: value for key, value in item.items() if key != "workplaces"}
        for name, item in DATA["people"]["classes"].items()
    },
    "one agent for all of a locality": {"run.persons_per_agent": 100_000},
    "one tactic": {"movement.tactics": {"courtyard": DATA["movement"]["tactics"]["courtyard"]}},
    "no places of detention": {"police.detention.places": 1.0},
    "everybody at once": {"people.motive.threshold_mean": 0.0},
    "nobody": {"people.motive.threshold_mean": 8.0, "events": {}},
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("threads", [1, 2])
def test_odd_countries_live(name: str, threads: int):
    """All numbers stay finite, and everybody and every officer is somewhere."""
    state = live_through(country(ODD[name]), days=10, threads=threads)
    assert [key for key, values in arrays(state.world).items() if not np.isfinite(values).all()] == []
    counts = state.world.localities.count
    assert (counts >= 0).all()
    assert (state.world.localities.count[:, int(Count.ATTENDING)] <= counts[:, int(Count.PROTESTING)]).all()


@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_a_crowd_is_kept_in_mind_and_fades(memory: float):
    state = live_through(country({**ODD["everybody at once"], "information.crowd_memory": memory}), days=3)
    places, low, high = state.world.localities, 20.0, 20_000.0  # crowd_low and crowd_high of the country
    seen = places.count[:, int(Count.ATTENDING)] * state.config.run.persons_per_agent * places.seen
    assert seen.min() > low
    for days in (0, 1, 2):  # nobody comes any more
        go_on(state)
        places.count[:, int(Count.ATTENDING)] = 0
        assert places.remembered_crowd == pytest.approx(seen * memory**days)
        heard = [math.log(crowd / low) / math.log(high / low) if crowd else 0.0 for crowd in seen * memory**days]
        assert places.visible == pytest.approx(np.clip(heard, 0.0, 1.0))


def test_nobody_is_moved_where_nobody_can_be():
    state = live_through(country(ODD["nobody"]), days=10)
    assert state.recorder.national(state.config)["protesting"].max() == 0


def test_everybody_is_moved_where_everybody_can_be():
    days = (state := live_through(country(ODD["everybody at once"]), days=3)).recorder.national(state.config)
    assert days["protesting"].max() > 80_000
