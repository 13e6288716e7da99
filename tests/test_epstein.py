"""Epstein's models of civil violence: against a slow twin, against the numbers they must give, and against Mesa.

Tolerances are those of the design's targets, which were computed by independent programs; where a target is a range
over seeds, each test says how often a right program would fail it.
"""

from __future__ import annotations

import pytest

from sim.models.epstein_2002_step import State, Tally
from sim.run.load import load
from sim.run.simulate import Running
from tests.epstein_twin import Twin

NAME = "epstein-2002"
SMALL = {"grid.width": 17, "grid.height": 15, "citizens.vision": 4.0, "cops.vision": 4.0}
GROUPS = {"groups": {"share": 0.5, "cloning": 0.05, "lifespan": 60}}
COMPARED = [Tally.QUIET, Tally.ACTIVE, Tally.JAILED, Tally.COPS, Tally.FIRST, Tally.SECOND, Tally.ARRESTED,
            Tally.KILLED, Tally.CLONED, Tally.DIED]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"jail.place": "away", "cops.onto_suspect": True, "legitimacy.value": 0.6},
        {"time.order": "act_first", "grid.neighbourhood": "von_neumann", "citizens.ratio_rule": "round",
         "jail.term": {"law": "whole", "longest": 8}, "grid.placement": "by_chance"},
        {"cops.onto_suspect": True, "jail.place": "stays_aside", "jail.served": "steps", "citizens.counted": "twice",
         "jail.term": {"law": "whole_below", "longest": 3}, "legitimacy.value": 0.5},
        {"grid.neighbourhood": "moore", "citizens.ratio_rule": "netlogo", "cops.vision": 2.5, "citizens.move": False,
         "legitimacy.changes": [{"at": 5, "to": 0.4, "over": 4}]},
        {"citizens.ratio_rule": "literal", "jail.term": {"law": "forever"}, "cops.move": False, "citizens.vision": 1.7},
        {"legitimacy.value": 0.8, "citizens.vision": 1.7, "cops.vision": 1.7} | GROUPS,
        {"legitimacy.value": 0.85, "time.order": "act_first", "jail.place": "away", "cops.density": 0.1} | GROUPS,
        {"citizens.density": 0.96, "legitimacy.value": 0.5, "citizens.vision": 1.0, "cops.vision": 7.0},
    ],
)  # fmt: skip
def test_the_engine_and_its_slow_twin_tell_the_same_story(changes):
    loaded = load(NAME, {**SMALL, "time.steps": 40, **changes})
    running, twin = Running(loaded, 11), Twin(loaded.config, 11)
    for _ in range(running.steps):
        twin.step()
        if not running.running:
            break
        running.advance()
        assert running.state.rows[running.done, COMPARED].tolist() == list(twin.rows[-1]), f"step {running.done}"
    assert running.done > 5
    here = {n: (int(a["x"]), int(a["y"])) for n, a in enumerate(running.state.agents) if a["state"] < State.GONE}
    assert here == {agent.number: agent.cell for agent in twin.agents if agent.kind != "gone"}
    assert sum(row[6] for row in twin.rows) > 0  # somebody was arrested, so there was something to agree on
