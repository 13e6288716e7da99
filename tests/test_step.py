"""The day: its fifteen stages in order, and the compiled day against the plain one."""

from __future__ import annotations

import ast
import inspect
import math
import re
from typing import Any

import numpy as np
import pytest
from plain_twin import AGENTS, DAYS, in_plain_python
from tiny_country import DATA, arrays, country, day, differing, digests, live_through

from sim.models.mobilisation import day as loop
from sim.models.mobilisation import engine
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.day import stages
from sim.models.mobilisation.engine import step as go_on
from sim.models.mobilisation.mechanisms import MECHANISMS, MODULES, loops
from sim.models.mobilisation.threads import thread_plan

MODEL = (
    "events", "connection", "perception", "emotion", "participation", "organisation", "strike", "repression", "aid",
    "loyalty", "economy", "elites", "regime", "coalition", "outcome",
)  # fmt: skip
"""The stages of a day as the model's description lists them."""


def source(function: Any) -> str:
    return inspect.getsource(getattr(function, "py_func", function))


def calls(function: Any) -> list[str]:
    """Names of the functions called in the body of a function, in order."""
    tree = ast.parse(source(function))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return [node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "") for node in found]


PARTS = {"morning": loop.morning, "citizens_of": loop.citizens_of, "evening": loop.evening}
"""The compiled parts of a day in their order."""


def called(function: Any) -> list[tuple[int, str]]:
    """Line and name of every call of a loop in a function, in order: ``mechanism.loop`` or ``counting.loop``."""
    found = []
    for node in ast.walk(ast.parse(source(function))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.startswith(("mechanisms.", "counting.")):
                found.append((node.lineno, name.removeprefix("mechanisms.")))
    return sorted(found)


def headings(function: Any) -> list[tuple[int, int, str]]:
    """Line, number and name of every heading of a stage in a function, such as ``# 4 emotion``."""
    lines = enumerate(source(function).splitlines(), 1)
    found = [(line, re.match(r"\s+# (\d+) (\w+)", text)) for line, text in lines]
    return [(line, int(match[1]), match[2]) for line, match in found if match and match[2] != "and"]


def stage_of(path: str) -> set[int]:
    """The stages that a loop says that it belongs to: the first line of its docstring begins with them."""
    mechanism, _, name = path.partition(".")
    text = loops()[mechanism][name].py_func.__doc__ or ""
    match = re.match(r"Stages? (\d+)(?: and (\d+))?", text)
    return {int(number) for number in match.groups() if number} if match else set()


def test_docstring_lists_the_fifteen_stages_of_the_model_in_order():
    assert tuple(stages()) == MODEL


def test_day_is_morning_then_citizens_then_evening_then_outcome():
    parts = [name for name in calls(loop.advance) if name in ("morning", "work", "evening", "mark")]
    assert parts == ["morning", "work", "evening", "mark"]


@pytest.mark.parametrize("part", PARTS)
def test_headings_are_stages_of_the_docstring_in_its_order(part: str):
    found = headings(PARTS[part])
    assert [name for _, _, name in found] == [MODEL[number - 1] for _, number, _ in found]
    numbers = [number for _, number, _ in found]
    assert numbers == sorted(numbers) != []


def test_every_stage_of_the_docstring_is_headed_somewhere():
    """The outcome, the last, is marked outside the compiled parts."""
    assert {number for part in PARTS.values() for _, number, _ in headings(part)} == set(range(1, len(MODEL)))
    assert re.search(r"outcome\.mark\(.*\)  # 15", source(loop.advance))


@pytest.mark.parametrize("part", PARTS)
def test_every_call_stands_under_the_heading_of_its_stage(part: str):
    """All calls, not some: one under another heading, or before the first, is found.

    What belongs to stage 2 and needs the news of the morning stands at the end of stage 3, as its docstring says; of
    the first loops of a pass over citizens all hold for a whole range of them.
    """
    wrong = []
    for line, name in called(PARTS[part]):
        if name.startswith("counting."):
            continue
        before = [number for at, number, _ in headings(PARTS[part]) if at < line]
        own = stage_of(name)
        late = own == {2} and "once" in loops()[name.partition(".")[0]][name.partition(".")[2]].py_func.__doc__
        if not before:
            wrong += [] if part == "citizens_of" and own & {3, 5} else [f"{name} before any heading"]
        elif before[-1] not in own and not (late and before[-1] == 3) and not (before[-1] == 7 and own == {5, 7}):
            wrong.append(f"{name} of stage {own} under {before[-1]}")
    assert wrong == []


def test_every_loop_of_every_mechanism_is_called():
    """In the day itself, or by another loop."""
    in_day = {name for part in PARTS.values() for _, name in called(part)}
    inner = {name for found in loops().values() for function in found.values() for name in calls(function)}
    idle = []
    for mechanism, found in loops().items():
        idle += [f"{mechanism}.{name}" for name in found if f"{mechanism}.{name}" not in in_day and name not in inner]
    assert idle == []


def test_mechanisms_that_declare_a_term_of_the_motive_are_those_that_are_called_to_add_one():
    movers = {name.partition(".")[0] for _, name in called(loop.citizens_of) if name.endswith(".move")}
    assert movers == {name for name, one in MECHANISMS.items() if one.motive}


def test_the_motive_is_the_sum_of_the_declared_terms():
    """The rows of a chunk, against the rules called one by one in plain Python."""
    state = live_through(country(), days=6)
    world, n = state.world, state.numbers
    p, nation, size = n.scalars[0], world.nation[0], 50
    rng = np.random.default_rng(1)
    row = {name: rng.random(size) for name in ("heard", "near", "member", "colleagues", "tied", "family", "wronged")}
    c, motive = world.citizens, np.zeros(size)
    of_camp = np.zeros(n.camps.size)
    m = MODULES
    m["participation"].begin(of_camp, n.camps)
    m["organisations"].move(of_camp, n.camps, p["organisation_weight"])
    m["cooptation"].move(of_camp, n.camps, 0.3, p["alienation"])
    m["grievance"].move(motive, row["wronged"], p["grievance_weight"])
    m["turnout_news"].move(motive, row["heard"], 0.7, p["turnout_weight"])
    m["symbols"].move(motive, row["heard"], 0.2, p["defection_weight"])
    m["coalition"].move(motive, row["heard"], 0.6, 0.7, p["coalition_weight"])
    m["neighbours"].move(motive, row["near"], row["member"], p["neighbour_weight"], p["peer_lift"])
    m["colleagues"].move(motive, row["colleagues"], p["colleague_weight"])
    m["weak_ties"].move(motive, row["tied"], p["tie_weight"])
    m["vigils"].move(motive, row["family"], np.full(size, 0.3), p["kin_weight"], p["onlooker_weight"])
    m["local_crowds"].move(motive, np.full(size, 0.4), p["crowd_weight"])
    m["participation"].move(motive, c.camp[:size], of_camp, c.class_[:size], n.classes)
    m["anger"].move(motive, c.anger[:size])
    m["commitment"].move(motive, c.commitment[:size])
    m["fatigue"].move(motive, c.fatigue[:size])
    camp, kind = n.camps[c.camp[:size]], n.classes[c.class_[:size]]
    by_hand = (
        p["grievance_weight"] * row["wronged"]
        + row["heard"] * (p["turnout_weight"] * 0.7 + p["defection_weight"] * 0.2 + p["coalition_weight"] * 0.6 * 0.7)
        + p["neighbour_weight"] * row["near"] * (1.0 + p["peer_lift"] * row["member"])
        + p["colleague_weight"] * row["colleagues"] + p["tie_weight"] * row["tied"] + p["kin_weight"] * row["family"]
        + p["onlooker_weight"] * 0.3 * (1.0 - row["family"])
        + p["crowd_weight"] * 0.4 + camp["duty"] + p["organisation_weight"] * camp["sway"]
        - p["alienation"] * 0.3 * (1.0 - camp["own"]) + kind["readiness"]
        + c.anger[:size] + c.commitment[:size] - c.fatigue[:size]
    )  # fmt: skip
    assert nation["day"] == 6
    assert motive == pytest.approx(by_hand, rel=1e-6)


def test_compiled_day_is_the_plain_day_bit_for_bit():
    """All arrays of the world and all recorded columns after eight days in which everything happens."""
    state = live_through(country(AGENTS), days=DAYS)
    days = state.recorder.national(state.config)
    busy = ("attending", "engaged", "striking", "detained_today", "released_today", "communities", "injured_today")
    assert {name: int(days[name].sum()) for name in busy if days[name].sum() == 0} == {}
    plain = in_plain_python("plain_twin.py")
    assert differing(digests(state), plain) == []


def test_a_world_of_nobody_is_of_the_types_of_any_world():
    """Else the process that compiles beside this one would do so in vain, and nobody would notice but for the time."""
    world = engine.build(country(), 1, 1).world
    assert engine._nobody()._numba_type_ == world._numba_type_


def test_emotions_are_multiplied_in_double_precision():
    """As in plain Python. Compiled, ``float(x)`` of a 32-bit number stays 32 bits, and products are rounded."""
    state = live_through(country(), days=6)
    citizens = state.world.citizens
    to_protest, to_engage, felt, motive = np.zeros((4, citizens.role.size))
    MODULES["participation"].weigh(
        to_protest, to_engage, felt, motive, citizens.fear, citizens.risk_aversion, citizens.threshold,
        np.zeros_like(motive),
        state.numbers.scalars[0],
    )  # fmt: skip
    expected = citizens.risk_aversion.astype(np.float64) * citizens.fear.astype(np.float64)
    assert expected.max() > 0.0
    assert np.array_equal(felt, expected)


def test_thread_plan_needs_a_thread():
    world = live_through(country(), days=0).world
    with pytest.raises(ValueError, match="at least 1"):
        thread_plan(world, 0)


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 1000])
def test_thread_plan_gives_every_neighbourhood_to_one_thread(threads: int):
    world = live_through(country(), days=0).world
    ranges = thread_plan(world, threads).ranges
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
    "one agent for all of a locality": {"run.persons_per_agent": 20_000},
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
