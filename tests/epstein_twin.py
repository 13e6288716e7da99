"""Epstein's models once more, slow and readable: objects that look around cell by cell.

Nothing is counted ahead and nothing is compiled. Luck is the same: the draws of an agent are those of the engine,
by their counters, so that both must tell the same story to the last arrest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.core.rng import Stream, draws_array, quick_key
from sim.models import epstein_2002_acts as engine
from sim.models.epstein_2002_cops import scheduled
from sim.models.epstein_2002_world import sites
from sim.models.torus import TRIES, offsets

FULL = 2**64 - 1


def quick(key: int, counter: int) -> int:
    """SplitMix64 in Python's own integers."""
    word = (key + (counter + 1) * 0x9E3779B97F4A7C15) & FULL
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & FULL
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & FULL
    return word ^ (word >> 31)


def below(word: int, limit: int) -> int:
    return (word >> 32) * limit >> 32


@dataclass(eq=False)
class Agent:
    number: int
    cell: tuple[int, int]
    kind: str  # quiet, active, jailed, cop, gone
    hardship: float = 0.0
    aversion: float = 0.0
    group: int = 0
    dies: int = 0
    sentence: int = 0


class Twin:
    def __init__(self, config: Any, seed: int) -> None:
        self.config, self.seed, self.now = config, seed, 0
        self.width, self.height = config.grid.width, config.grid.height
        citizens, cops = sites(config, seed)
        luck = draws_array(seed, Stream.GRID_TRAITS, 0, np.arange(citizens.size)).tolist()
        self.agents = [Agent(n, self.place(at), "quiet") for n, at in enumerate(citizens.tolist())]
        for agent, (hardship, aversion, side, life) in zip(self.agents, luck, strict=True):
            agent.hardship, agent.aversion = float(np.float32(hardship)), float(np.float32(aversion))
            if config.groups:
                agent.group = int(side >= config.groups.share)
                agent.dies = math.ceil(life * config.groups.lifespan)
        self.agents += [Agent(len(self.agents) + n, self.place(at), "cop") for n, at in enumerate(cops.tolist())]
        self.order = list(range(len(self.agents)))
        self.size = len(self.order)
        self.shown: dict[int, int] = {}  # when an active citizen was last seen to come
        self.near = {
            name: [tuple(step) for step in offsets(config.grid.neighbourhood, far).tolist()]
            for name, far in (("citizen", config.citizens.vision), ("cop", config.cops.vision))
        }
        self.rows: list[tuple[int, ...]] = []

    def place(self, at: int) -> tuple[int, int]:
        return at % self.width, at // self.width

    def around(self, cell: tuple[int, int], who: str) -> list[tuple[int, int]]:
        return [((cell[0] + x) % self.width, (cell[1] + y) % self.height) for x, y in self.near[who]]

    def blocks(self, agent: Agent) -> bool:
        return agent.kind not in ("jailed", "gone") or (agent.kind == "jailed" and self.config.jail.place == "stays")

    def empty(self, cell: tuple[int, int]) -> bool:
        return not any(agent.cell == cell and self.blocks(agent) for agent in self.agents)

    def word(self, agent: Agent, counter: int) -> int:
        return quick(self.key, agent.number * engine.DRAWS + counter)

    def random_near(self, agent: Agent, who: str, counter: int = 0) -> tuple[int, int] | None:
        cells = self.around(agent.cell, who)
        for n in range(TRIES):
            word = self.word(agent, counter + n)
            for half in (word >> 32, word & 0xFFFFFFFF):
                cell = cells[half * len(cells) >> 32]
                if self.empty(cell):
                    return cell
        free = [cell for cell in cells if self.empty(cell)]
        return free[below(self.word(agent, counter + TRIES), len(free))] if free else None

    def move(self, agent: Agent, who: str) -> bool:
        cell = self.random_near(agent, who)
        if cell is not None:
            agent.cell = cell
        return cell is not None

    def step(self) -> None:
        self.now += 1
        now, config = self.now, self.config
        assert not config.cops.changes
        order_key = int(quick_key(np.uint64(self.seed), int(Stream.GRID_ORDER), now))
        self.key = int(quick_key(np.uint64(self.seed), int(Stream.GRID_ACTS), now))
        self.illegitimacy = 1.0 - scheduled(config.legitimacy.value, config.legitimacy.changes, now)
        self.arrested = self.killed = self.cloned = self.died = 0
        many, self.free = self.size, self.size
        if config.groups:
            self.make_room(2 * many)
        for i in range(many):
            j = i + below(quick(order_key, i), many - i)
            self.order[i], self.order[j] = self.order[j], self.order[i]
            agent = self.agents[self.order[i]]
            if agent.kind == "cop":
                self.cop(agent)
            elif agent.kind != "gone":
                self.citizen(agent)
        if config.jail.served == "steps":
            for number in self.order[:many]:
                agent = self.agents[number]
                if agent.kind == "jailed" and agent.sentence >= 0:
                    agent.sentence = max(agent.sentence - 1, 0)
                    if agent.sentence == 0:
                        self.release(agent)
        if config.groups:
            self.bury()
        self.rows.append(self.tally())

    def make_room(self, slots: int) -> None:
        for number in range(len(self.agents), slots):
            self.order.append(number)
            self.agents.append(Agent(number, (0, 0), "gone"))

    def bury(self) -> None:
        """The living first; a newborn takes the slot that comes next behind them."""
        kept = 0
        for i in range(self.free):
            if self.agents[self.order[i]].kind != "gone":
                self.order[i], self.order[kept] = self.order[kept], self.order[i]
                kept += 1
        self.size = kept

    def tally(self) -> tuple[int, ...]:
        kinds = [agent.kind for agent in self.agents]
        groups = [agent.group for agent in self.agents if agent.kind not in ("cop", "gone")]
        stocks = (
            *(kinds.count(kind) for kind in ("quiet", "active", "jailed", "cop")),
            groups.count(0),
            groups.count(1),
        )
        return (*stocks, self.arrested, self.killed, self.cloned, self.died)

    def cop(self, cop: Agent) -> None:
        moves, first = self.config.cops.move, self.config.time.order == "act_first"
        moved = self.move(cop, "cop") if moves and not first else False
        seen = [cop.cell, *self.around(cop.cell, "cop")]
        suspects = [agent for agent in self.agents if agent.kind == "active" and agent.cell in seen]
        if suspects:
            suspect = self.suspect(cop, suspects, seen)
            self.arrest(cop, suspect)
            if self.config.cops.onto_suspect:
                cop.cell, moved = suspect.cell, True
        if moves and first and not moved:
            self.move(cop, "cop")

    def suspect(self, cop: Agent, suspects: list[Agent], seen: list[tuple[int, int]]) -> Agent:
        config = self.config
        served_late = config.jail.served == "own_turns" or not config.cops.onto_suspect
        one_a_cell = config.jail.place != "stays_aside" and served_late
        if one_a_cell and len(suspects) * engine.OFTEN >= len(seen) - 1:
            for n in range(engine.REJECTIONS):
                cell = seen[1 + below(self.word(cop, engine.SUSPECT + n), len(seen) - 1)]
                there = [agent for agent in suspects if agent.cell == cell]
                if there:
                    return there[0]
        # Cell by cell; the last to become visible in a cell comes first.
        in_order = [
            agent
            for cell in seen
            for agent in sorted((s for s in suspects if s.cell == cell), key=lambda s: -self.shown[s.number])
        ]
        return in_order[below(self.word(cop, engine.WHICH), len(in_order))]

    def arrest(self, cop: Agent, suspect: Agent) -> None:
        term, word = self.config.jail.term, self.word(cop, engine.SENTENCE)
        if term.law == "uniform":
            suspect.sentence = math.ceil((word >> 11) * 2.0**-53 * term.longest)
        elif term.law == "forever":
            suspect.sentence = -1
        else:
            suspect.sentence = below(word, term.longest + (term.law == "whole"))
        self.arrested += 1
        at_once = suspect.sentence == 0 and self.config.jail.served == "steps"
        suspect.kind = "quiet" if at_once else "jailed"

    def release(self, agent: Agent) -> bool:
        if self.config.jail.place == "away":
            cells = self.width * self.height
            tried = (below(self.word(agent, engine.RELEASE + n), cells) for n in range(TRIES))
            found = next((at for at in tried if self.empty(self.place(at))), None)
            if found is None:
                free = [at for at in range(cells) if self.empty(self.place(at))]
                if not free:
                    return False
                found = free[below(self.word(agent, engine.RELEASE + TRIES), len(free))]
            agent.cell = self.place(found)
        agent.kind = "quiet"
        return True

    def citizen(self, me: Agent) -> None:
        config = self.config
        if config.groups and self.now >= me.dies:
            me.kind = "gone"
            self.died += 1
            return
        if me.kind == "jailed":
            if me.sentence != 0:
                if config.jail.served == "own_turns" and me.sentence > 0:
                    me.sentence -= 1
                return
            if not self.release(me):
                return
        before = me.kind
        first = config.time.order == "act_first"
        moved = False
        if config.citizens.move and not first:
            moved = self.move(me, "citizen")
        me.kind = "active" if self.rebels(me) else "quiet"
        if me.kind == "active" and config.groups:
            self.kill(me)
        if config.citizens.move and first:
            moved = self.move(me, "citizen")
        if me.kind == "active" and (before != "active" or moved):
            self.shown[me.number] = max(self.shown.values(), default=0) + 1
        if config.groups:
            fertile = (self.word(me, engine.CLONE) >> 11) * 2.0**-53 < config.groups.cloning
            cell = self.random_near(me, "citizen", engine.CLONE_TO) if fertile else None
            if cell is not None:
                self.clone(me, cell)

    def rebels(self, me: Agent) -> bool:
        rules = self.config.citizens
        seen = {me.cell, *self.around(me.cell, "citizen")}
        cops = sum(agent.kind == "cop" and agent.cell in seen for agent in self.agents)
        others = sum(a.kind == "active" and a is not me and a.cell in seen for a in self.agents)
        actives = 1 + others + (me.kind == "active" and rules.counted == "twice")
        ratio = cops / actives
        if rules.ratio_rule == "netlogo":
            chance = 0.99 if ratio >= 1 else 0.0
        else:
            used = {"literal": ratio, "floor": math.floor(ratio), "round": round(ratio)}[rules.ratio_rule]
            chance = 1.0 - math.exp(-rules.arrest_constant * used)
        return me.hardship * self.illegitimacy - me.aversion * chance > rules.threshold

    def kill(self, me: Agent) -> None:
        free = {agent.cell: agent for agent in self.agents if agent.kind in ("quiet", "active")}
        near = [free[cell] for cell in self.around(me.cell, "citizen") if cell in free]
        others = [agent for agent in near if agent.group != me.group]
        if others:
            others[below(self.word(me, engine.VICTIM), len(others))].kind = "gone"
            self.killed += 1

    def clone(self, me: Agent, cell: tuple[int, int]) -> None:
        life = (self.word(me, engine.LIFE) >> 11) * 2.0**-53 * self.config.groups.lifespan
        slot = self.order[self.free]
        dies = self.now + math.ceil(life)
        self.agents[slot] = Agent(slot, cell, "quiet", me.hardship, me.aversion, me.group, dies)
        self.free += 1
        self.cloned += 1
