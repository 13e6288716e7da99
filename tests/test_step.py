"""The day: its fifteen stages in order, and the compiled day against the plain one."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from plain_twin import AGENTS, DAYS, in_plain_python
from sim import step
from sim.step import clock, stages
from tiny_country import country, differing, digests, live_through

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
    from sim.stages.citizens import live

    day = [*calls(step.morning), *calls(live), *calls(step.evening), "mark"]
    return [name for name in day if name in STAGE_OF_CALL]


def test_docstring_lists_the_fifteen_stages_of_the_model_in_order():
    assert tuple(stages()) == MODEL


def test_day_is_morning_then_citizens_then_evening_then_outcome():
    parts = [name for name in calls(step.advance) if name in ("morning", "work", "evening", "mark")]
    assert parts == ["morning", "work", "evening", "mark"]


def test_every_stage_is_run():
    assert {STAGE_OF_CALL[name] for name in order_of_day()} >= set(range(2, 16))


def test_stages_run_in_the_order_of_the_docstring():
    """The strike stage's willingness is decided with participation, as the docstring says; nothing else is moved."""
    order = [STAGE_OF_CALL[name] for name in order_of_day()]
    assert order == sorted(order), list(zip(order_of_day(), order, strict=True))


@pytest.mark.parametrize("part", [step.morning, step.evening], ids=["morning", "evening"])
def test_numbers_in_comments_rise(part: Any):
    numbers = numbered_comments(part)
    assert numbers == sorted(numbers)
    assert numbers


def test_numbers_in_comments_are_those_of_the_calls():
    for part in (step.morning, step.evening):
        for line in source(part).splitlines():
            name = re.match(r"\s+(\w+)\(", line)
            number = re.search(r"#\s+([\d, ]+)$", line)
            if name and number and name[1] in STAGE_OF_CALL:
                assert STAGE_OF_CALL[name[1]] in [int(n) for n in number[1].split(",")], line


def test_every_stage_file_is_called():
    rooms = {path.stem for path in (Path(step.__file__).parent / "stages").glob("*.py")} - {"__init__"}
    code = "\n".join(
        [Path(step.__file__).read_text(encoding="utf-8")]
        + [(Path(step.__file__).parent / "stages" / f"{room}.py").read_text(encoding="utf-8") for room in rooms]
    )
    assert {room for room in rooms if not re.search(rf"from sim\.stages\.{room} import", code)} == set()


def test_compiled_day_is_the_plain_day_bit_for_bit():
    """All arrays of the world and all recorded columns after eight days in which everything happens."""
    state = live_through(country(AGENTS), days=DAYS)
    days = state.recorder.national(state.config)
    busy = ("attending", "engaged", "striking", "detained_today", "released_today", "communities", "injured_today")
    assert {name: int(days[name].sum()) for name in busy if days[name].sum() == 0} == {}
    plain = in_plain_python("plain_twin.py")
    assert differing(digests(state), plain) == []


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
