"""One day of the mobilisation model. This is its table of contents.

A day has fifteen stages, in this order:

1. events: what the scenario's dated shocks do today, and luck
2. connection: who is online, who follows the hub, who leads
3. perception: what each citizen hears of turnout, violence, defections
4. emotion: anger, legitimacy, fear, fatigue, commitment
5. participation: bystander, engaged or protester; who attends, and in which tactic
6. organisation: local communities form; tactics are learnt
7. strike: who is willing, which workplaces are out
8. repression: deployment, detention, casualties, releases
9. aid: what engaged non-protesters give
10. loyalty: police doubt, shirk, defect
11. economy: revenue, treasury, arrears
12. elites: private preference, breaks in private and in public, institutions that act
13. regime: routine of force, the ruler's choice, shutdown
14. coalition: its breadth, felt tomorrow
15. outcome: has something ended?

Each call below is a loop of one mechanism (:mod:`sim.models.mobilisation.mechanisms`). Stages 3 to 5 and the
willingness of stage 7 are one pass over citizens, split over threads; the rest is small. People see each other as
they were yesterday evening, so the order of citizens is of no account.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation import counting, mechanisms, outcome
from sim.models.mobilisation.chunk import (
    AID,
    CHUNK,
    COLLEAGUES,
    CONNECTED,
    FAMILY,
    FELT,
    GIVEN,
    HEARD,
    HELD,
    LUCK,
    MEMBER,
    MOTIVE,
    NEAR,
    OUTRAGE,
    RISK,
    ROWS,
    TELEVISION,
    TIES,
    TO_ENGAGE,
    TO_PROTEST,
    TO_STRIKE,
    VIGIL,
    VIOLENCE,
    VISIBLE,
    WRONGED,
)  # fmt: skip
from sim.models.mobilisation.mechanisms.participation import STEPS, STRIKE
from sim.models.mobilisation.numbers import Numbers
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.sums import largest, spread
from sim.models.mobilisation.threads import Tallies, ThreadPlan
from sim.models.mobilisation.world import World


@compiled
def morning(w: World, n: Numbers, seed: int) -> None:
    """Stages 1 to 3 and 5 as far as they are the same for all citizens of a place."""
    nation, p = w.nation[0], n.scalars[0]
    lever, localities, classes = n.levers[nation.day], w.localities, w.classes
    nation.working_day = n.working_day[nation.day]
    # 1 events
    mechanisms.regime.order(nation, lever)
    mechanisms.institutions.contest(nation, lever)
    mechanisms.strikes.call(nation, lever)
    mechanisms.savings.arrive(nation, lever)
    mechanisms.pause.rest(nation, p, lever)
    mechanisms.abroad.impose(nation, lever)
    mechanisms.fear.threaten(nation, lever)
    mechanisms.war.wage(nation, p, lever)
    mechanisms.anger.occur(nation, p, lever)
    mechanisms.services.weigh(nation, p)
    mechanisms.economy.weigh_epidemic(classes, nation, p, lever)
    mechanisms.luck.befall(localities, nation, p, seed)
    # 2 connection
    mechanisms.cyber.attack(nation, p, lever)
    mechanisms.media.broadcast(nation, p)
    mechanisms.connection.connect(nation, p, lever)
    mechanisms.leadership.lead(nation, p, lever)
    mechanisms.rhythm.expect(localities, nation, p, n.week_share)
    # 3 perception
    mechanisms.turnout_news.hear(localities, nation, p)
    mechanisms.coverage.count(localities, nation, p)
    mechanisms.local_crowds.see(localities, p)
    mechanisms.vigils.see(localities, n.tactics, p)
    mechanisms.fear.remember(localities, p)
    mechanisms.war.count_volunteers(localities, nation)
    mechanisms.violence.hear(localities, nation, p)
    mechanisms.symbols.hear(nation, p)
    mechanisms.hub.follow(nation, p, lever)
    mechanisms.calls.issue(nation, p, lever)
    # 5 participation
    mechanisms.tactics.call_for(localities, n.tactics, nation, p, n.day_share[nation.day])
    counting.begin(localities, classes, w.groups)


@compiled
def citizens_of(w: World, n: Numbers, own: Tallies, seed: int, first_home: int, last_home: int, ages: int) -> None:
    """Stages 3 to 5, and the willingness of stage 7, for the citizens of a range of neighbourhoods.

    The pass goes in chunks of whole neighbourhoods that stay in the cache, each in small loops that vectorise.
    A citizen is written only by the thread that owns it, reads only yesterday's state of others, and is
    counted in integers, so that the result is bit-identical on any number of threads. Runs without the
    interpreter's lock.
    """
    nation, p = w.nation[0], n.scalars[0]
    lever, tactic_rows, class_rows, camps = n.levers[nation.day], n.tactics, n.classes, n.camps
    c, neighbourhoods, kin, workplaces, localities = w.citizens, w.neighbourhoods, w.kin, w.workplaces, w.localities
    ties, classes, day_share = w.ties, w.classes, n.day_share[nation.day]
    sizes, places = neighbourhoods.size, neighbourhoods.locality
    most = CHUNK + largest(sizes[first_home:last_home])
    scratch, lists = np.empty((ROWS, most)), np.empty((2, most), np.int32)
    of_state, of_hub, of_camp = np.empty(camps.size), np.empty(camps.size), np.empty(camps.size)
    steps, keys = np.empty(STEPS), np.empty(localities.key.size, np.uint64)
    mechanisms.media.trust(of_state, of_hub, camps, p.distrust_possible)
    mechanisms.participation.begin(of_camp, camps)
    mechanisms.participation.fill_steps(steps, p.noise)
    mechanisms.participation.fill_keys(keys, localities, nation.day, seed)
    mechanisms.organisations.move(of_camp, camps, p.organisation_weight)
    mechanisms.cooptation.move(of_camp, camps, nation.cooptation, p.alienation)
    last = first_home
    while last < last_home:
        home, start = last, neighbourhoods.first[last]
        stop = start
        while last < last_home and stop - start < CHUNK:
            stop += sizes[last]
            last += 1
        size, first_place, last_place = stop - start, places[home], places[last - 1] + 1
        role, attending, striking, helper = (
            c.role[start:stop], c.attending[start:stop], c.striking[start:stop], c.helper[start:stop]
        )  # fmt: skip
        angry, afraid, tired, committed, believed = (
            c.anger[start:stop], c.fear[start:stop], c.fatigue[start:stop], c.commitment[start:stop],
            c.legitimacy[start:stop],
        )  # fmt: skip
        kinds, camp_of, media, acting, work, savings, threshold = (
            c.class_[start:stop], c.camp[start:stop], c.media[start:stop], c.acting[start:stop],
            c.workplace[start:stop], c.savings[start:stop], c.threshold[start:stop],
        )  # fmt: skip
        heard, near, colleagues, tied, violence, connected, member, family, television = (
            scratch[HEARD, :size], scratch[NEAR, :size], scratch[COLLEAGUES, :size], scratch[TIES, :size],
            scratch[VIOLENCE, :size], scratch[CONNECTED, :size], scratch[MEMBER, :size], scratch[FAMILY, :size],
            scratch[TELEVISION, :size],
        )  # fmt: skip
        outrage, wronged, motive, felt, to_protest, to_engage, to_strike = (
            scratch[OUTRAGE, :size], scratch[WRONGED, :size], scratch[MOTIVE, :size], scratch[FELT, :size],
            scratch[TO_PROTEST, :size], scratch[TO_ENGAGE, :size], scratch[TO_STRIKE, :size],
        )  # fmt: skip
        held, risk, aid, vigil, visible = (
            scratch[HELD, :size], scratch[RISK, :size], scratch[AID, :size], scratch[VIGIL, :size],
            scratch[VISIBLE, :size],
        )  # fmt: skip
        luck, given = scratch[LUCK:, :size], scratch[GIVEN, :size]
        for row, of_place in (
            (risk, localities.risk), (aid, localities.aid), (vigil, localities.vigil), (visible, localities.visible),
        ):  # fmt: skip
            spread(row, of_place, localities.first, start, first_place, last_place)
        # 3 perception
        mechanisms.connection.go_online(
            connected, media, c.circumvention_rank[start:stop], nation.capacity, nation.adoption
        )
        mechanisms.media.watch(television, media, camp_of, of_state)
        mechanisms.perception.listen(
            heard, connected, television, c.hub_rank[start:stop], camp_of, of_hub, given, nation, p
        )
        mechanisms.neighbours.look(
            near, acting, neighbourhoods.protesting, neighbourhoods.helping, sizes, home, last, p.helper_weight
        )
        mechanisms.communities.belong(
            member, neighbourhoods.community, neighbourhoods.trust, sizes, home, last, p.trust_possible
        )
        mechanisms.vigils.know(
            family, held, neighbourhoods.in_detention, kin.in_detention, neighbourhoods.kin_first, sizes, home, last,
            int(p.kin_group), p.friend_reach,
        )  # fmt: skip
        mechanisms.violence.feel(violence, outrage, heard, family, held, nation, p)
        mechanisms.colleagues.look(
            colleagues, acting, work, workplaces.protesting, workplaces.helping, workplaces.each, p.helper_weight
        )
        mechanisms.weak_ties.look(tied, ties[start:stop], c.acting, connected, p.helper_weight, lists)
        # 4 emotion
        mechanisms.anger.feel(angry, outrage, believed, nation.shock, p.anger_gain, p.anger_decay, p.anger_cap)
        mechanisms.legitimacy.believe(
            believed, c.former_legitimacy[start:stop], outrage, television, nation.peaceful, p.legitimacy_loss,
            p.legitimacy_recovery, lever.war, p.rally,
        )  # fmt: skip
        mechanisms.fear.feel(afraid, violence, near, heard, risk, aid, nation, p)
        mechanisms.fatigue.feel(tired, attending, member, p.fatigue_gain, p.fatigue_relief, p.fatigue_recovery)
        mechanisms.commitment.feel(committed, attending, role, p)
        # 5 participation: the motive is the sum of what each mechanism adds
        mechanisms.luck.move(motive, localities, start, first_place, last_place)
        mechanisms.grievance.feel(wronged, c.hardship[start:stop], believed, nation.burden, nation.concession)
        mechanisms.grievance.move(motive, wronged, p.grievance_weight)
        mechanisms.turnout_news.move(motive, heard, nation.heard_turnout, p.turnout_weight)
        mechanisms.symbols.move(motive, heard, nation.heard_defection, p.defection_weight)
        mechanisms.coalition.move(motive, heard, nation.breadth, nation.heard_turnout, p.coalition_weight)
        mechanisms.neighbours.move(motive, near, member, p.neighbour_weight, p.peer_lift)
        mechanisms.colleagues.move(motive, colleagues, p.colleague_weight)
        mechanisms.weak_ties.move(motive, tied, p.tie_weight)
        mechanisms.vigils.move(motive, family, vigil, p.kin_weight, p.onlooker_weight)
        mechanisms.local_crowds.move(motive, visible, p.crowd_weight)
        mechanisms.participation.move(motive, camp_of, of_camp, kinds, class_rows)
        mechanisms.anger.move(motive, angry)
        mechanisms.commitment.move(motive, committed)
        mechanisms.fatigue.move(motive, tired)
        mechanisms.participation.weigh(
            to_protest, to_engage, felt, motive, afraid, c.risk_aversion[start:stop], threshold, aid, p
        )
        # 7 strike, as far as the willingness of each goes
        mechanisms.strikes.consider(
            to_strike, work, workplaces.willing_share, angry, wronged, felt, threshold, kinds,
            classes.arrears, given, nation, p,
        )  # fmt: skip
        mechanisms.participation.draw(luck, keys, localities.first, start, first_place, last_place)
        mechanisms.strike_waves.hearten(
            to_strike, work, workplaces.example, ties[start:stop], c.out, connected, luck[STRIKE],
            p.spread_weight, p.spread_ties, steps, lists,
        )  # fmt: skip
        mechanisms.savings.save(savings, striking, media, kinds, classes.saving, given, nation, p)
        # 5 and 7: what they do
        mechanisms.participation.decide(
            role, attending, striking, helper, to_protest, to_engage, to_strike, family, savings, work, kinds,
            c.neighbourhood[start:stop], places, localities, workplaces.out, tactic_rows, class_rows, nation, p,
            day_share, start, keys, luck, steps, lists,
        )  # fmt: skip
        counting.tally(c, own, localities, neighbourhoods, ages, start, stop, first_place, last_place, connected, lists)


@compiled
def evening(w: World, n: Numbers, seed: int) -> None:
    """Stages 6 to 14."""
    nation, p = w.nation[0], n.scalars[0]
    lever, tomorrow = n.levers[nation.day], n.levers[min(nation.day + 1, n.levers.size - 1)]
    citizens, neighbourhoods, kin, workplaces = w.citizens, w.neighbourhoods, w.kin, w.workplaces
    localities, officers, kinds, classes = w.localities, w.officers, w.kinds, w.classes
    class_rows, tactic_rows, force_rows = n.classes, n.tactics, n.forces
    counting.means(localities, nation)
    counting.publish(citizens, neighbourhoods, workplaces)
    # 6 organisation
    mechanisms.communities.form(neighbourhoods, localities, nation, p, seed)
    mechanisms.rhythm.remember(localities, nation, p)
    mechanisms.tactics.learn(localities, w.tactics, tactic_rows, nation, p, n.examples[nation.day])
    # 7 strike
    mechanisms.strikes.walk_out(workplaces, nation, p, seed)
    mechanisms.strike_waves.show(workplaces)
    # 8 repression
    mechanisms.repression.provoke(nation, p)
    mechanisms.prisons.release(citizens, neighbourhoods, kin, localities, nation, p, lever.amnesty, seed)
    mechanisms.dispersion.spread(localities, nation)
    mechanisms.obedience.order(localities, officers, force_rows, nation, p, seed)
    mechanisms.repression.deploy(localities, force_rows, w.tactics, tactic_rows, nation, p, lever.patron_forces)
    mechanisms.repression.detain(citizens, neighbourhoods, kin, localities, nation, p, seed)
    mechanisms.casualties.injure(localities, nation, p, seed)
    mechanisms.casualties.bury(citizens, neighbourhoods, kin, localities, p)
    mechanisms.insurgency.fight(nation, p)
    mechanisms.war.leave(citizens, localities, nation, p, seed)
    # 9 aid
    mechanisms.aid.help_out(neighbourhoods, localities, nation, p)
    # 10 loyalty
    mechanisms.loyalty.update(officers, localities, force_rows, nation, p, seed)
    # 11 economy
    mechanisms.stoppages.stop(classes, class_rows, nation, p)
    mechanisms.patron.send(nation, p, lever)
    mechanisms.economy.update(nation, p)
    mechanisms.sectors.pay(classes, class_rows, nation, p)
    mechanisms.patron.gain(nation, p)
    mechanisms.services.starve(nation, p)
    # 12 elites
    mechanisms.elites.lean(w.elites, n.elites, nation, p)
    mechanisms.coordination.weigh(localities, force_rows, nation, p, seed)
    mechanisms.coordination.split(w.elites, kinds, nation, p)
    mechanisms.institutions.act(w.institutions, n.institutions, kinds, nation, p, seed)
    # 13 regime
    mechanisms.regime.update(nation, p, lever)
    mechanisms.ruler.disturb(localities, tactic_rows, nation)
    mechanisms.ruler.choose(localities, force_rows, nation, p, lever, seed)
    mechanisms.connection.cut_off(nation, p, tomorrow.called_action)
    mechanisms.abroad.respond(nation, p)
    # 14 coalition
    mechanisms.coalition.update(classes, w.groups, localities, nation)
    mechanisms.cooptation.win(nation, p.cooptation_rate)


def advance(world: World, n: Numbers, plan: ThreadPlan, config: Mobilisation, seed: int) -> None:
    """Carry the world through one day: stages 1 to 15 of the module's list."""
    key: Any = np.uint64(seed)
    morning(world, n, key)

    def work(part: int) -> None:
        first, last = plan.ranges[part]
        citizens_of(world, n, plan.tallies[part], key, first, last, len(config.people.ages))

    if plan.pool is None:
        work(0)
    else:
        list(plan.pool.map(work, range(len(plan.ranges))))
    for own in plan.tallies:
        counting.gather(world.localities, world.classes, world.groups, own)
    evening(world, n, key)
    outcome.mark(world.nation, config)  # 15


def stages() -> Iterator[str]:
    """Yield the names of the stages in the order of the module's docstring."""
    for line in (__doc__ or "").splitlines():
        number, _, rest = line.partition(". ")
        if number.isdigit():
            yield rest.partition(":")[0]
