"""Belarus 2020: what was observed, how sure of it one can be, and the parameters that a search may move.

Crowds of the interior ministry are multiplied by 2.5 to 5.9, the factors by which they lie below independent
counts of Minsk; the value is the geometric middle, 3.84. Counts of people detained are the ministry's or
rights groups', and not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from analysis.calibration.case import Case, Measure, Span, Target
from analysis.calibration.measures import (
    column,
    days_above,
    detained,
    detained_a_working_day,
    fell,
    first_strike,
    highest_in_place,
    highest_turnout,
    in_place,
    mean_turnout,
    peak_strike,
    resigned,
    strike_against_peak,
    total,
    turnout,
    weekday_turnout,
)

POPULATION = 9_413_446
BIAS_LOW, BIAS, BIAS_HIGH = 2.5, 3.84, 5.9
"""Independent counts of Minsk crowds against the interior ministry's: least, geometric middle, most."""

MINISTRY = "belarus-interior-ministry-2020"
FACTS = "validation-facts-belarus-2020"
ASSUMPTION = "assumption"

NIGHT = "one rounded figure, and a night's arrests may stand under either date: a factor of 1.5"
ALLOWANCE = "our allowance: press counts of Minsk and something for other cities"


def corrected(name: str, counts: Sequence[float], measure: Measure, note: str, weight: float = 1.0) -> Target:
    """Return a target of turnout from the ministry's crowds of one or more days, corrected for its bias."""
    mean = sum(counts) / len(counts) / POPULATION * 100.0
    told = ", ".join(f"{count:,.0f}" for count in counts)
    note = f"ministry: {told}, times {BIAS_LOW} to {BIAS_HIGH}{note}"
    ends = (BIAS * mean, BIAS_LOW * mean, BIAS_HIGH * mean)
    return Target(name, *ends, "% of population", MINISTRY, measure, note, weight=weight)


TARGETS: tuple[Target, ...] = (
    # Turnout
    Target("turnout on 8 August", 0.02, 0.0, 0.08, "% of population", ASSUMPTION, partial(turnout, "2020-08-08"), "quiet on the eve of the vote", "linear", 0.5),
    Target("turnout on 9 August", 0.6, 0.3, 1.2, "% of population", ASSUMPTION, partial(turnout, "2020-08-09"), "tens of thousands in 33 places; nobody counted: a factor of 2", weight=2.0),
    Target("peak turnout, week of 16 August", 2.5, 1.5, 4.0, "% of population", FACTS, partial(highest_turnout, "2020-08-16", "2020-08-22"), "100,000 to 250,000 in Minsk and some 100,000 elsewhere", weight=3.0),
    Target("in Minsk on 16 August", 200_000, 100_000, 250_000, "persons", FACTS, partial(in_place, "Minsk", "2020-08-16"), "half the figure, as the counts of a week later differ by more; and what was counted then"),
    Target("in Minsk on 23 August", 160_000, 100_000, 250_000, "persons", FACTS, partial(in_place, "Minsk", "2020-08-23"), "two independent counts, 100,000 and 250,000, and their middle"),
    Target("largest day in Grodno, August", 30_000, 15_000, 40_000, "persons", FACTS, partial(highest_in_place, "Grodno", "2020-08-09", "2020-08-31"), "just under a tenth of the city; about a factor of 2, no more than 40,000", weight=4.0),
    Target("turnout on 23 August", 2.2, 1.3, 3.8, "% of population", FACTS, partial(turnout, "2020-08-23"), "100,000 to 250,000 in Minsk and some 100,000 elsewhere", weight=2.0),
    corrected("turnout on Saturday 22 August", [6100], partial(turnout, "2020-08-22"), "", 0.5),
    corrected("turnout on 25 and 26 August", [4800, 2000], partial(mean_turnout, ("2020-08-25", "2020-08-26")), "; working days", 2.0),
    corrected("working days, 1-11 September", [2300, 1000, 850, 1000, 500, 450], partial(weekday_turnout, "2020-09-01", "2020-09-11"), "; the six working days with a figure", 2.0),
    corrected("Saturdays 5 and 12 September", [4000, 1700], partial(mean_turnout, ("2020-09-05", "2020-09-12")), "; independent counts of Minsk alone: 10,000 each"),
    corrected("turnout on 6 September", [31_000], partial(turnout, "2020-09-06"), "", 2.0),
    corrected("turnout on 13 September", [22_000], partial(turnout, "2020-09-13"), "", 2.0),
    Target("largest Sunday in Minsk, 6 September-25 October", 141_000, 100_000, 200_000, "persons", FACTS, partial(highest_in_place, "Minsk", "2020-09-06", "2020-10-25"), "up to 100,000-200,000 on some Sundays to 25 October", weight=3.0),
    Target("turnout on 20 September", 0.9, 0.5, 1.6, "% of population", ASSUMPTION, partial(turnout, "2020-09-20"), ALLOWANCE),
    Target("turnout on 11 October", 0.75, 0.4, 1.4, "% of population", ASSUMPTION, partial(turnout, "2020-10-11"), ALLOWANCE),
    Target("turnout on 25 October", 0.9, 0.5, 1.6, "% of population", FACTS, partial(turnout, "2020-10-25"), "50,000 to 150,000 in the country", weight=2.0),
    Target("turnout on 15 November", 0.22, 0.1, 0.5, "% of population", ASSUMPTION, partial(turnout, "2020-11-15"), ALLOWANCE),
    Target("highest turnout, 1-18 December", 0.1, 0.01, 0.4, "% of population", ASSUMPTION, partial(highest_turnout, "2020-12-01", "2020-12-18"), "small marches of neighbourhoods; our allowance", weight=2.0),
    # Detained
    Target("detained on 9 August", 3000, 2000, 4000, "persons", MINISTRY, partial(detained, "2020-08-09", "2020-08-09"), f"about 3,000; {NIGHT}, no more than 4,000"),
    Target("detained on 10 August", 2000, 1350, 3000, "persons", MINISTRY, partial(detained, "2020-08-10", "2020-08-10"), f"over 2,000; {NIGHT}"),
    Target("detained on 11 August", 1000, 670, 1500, "persons", MINISTRY, partial(detained, "2020-08-11", "2020-08-11"), f"over 1,000; {NIGHT}"),
    Target("detained on 12 August", 700, 470, 1050, "persons", MINISTRY, partial(detained, "2020-08-12", "2020-08-12"), f"about 700; {NIGHT}"),
    Target("detained on 9-12 August", 7000, 6000, 8500, "persons", FACTS, partial(detained, "2020-08-09", "2020-08-12"), "6,600 in three days and 700 on the fourth; the ministry's own four figures add to 6,700 and are rounded down", weight=2.0),
    Target("detained, 22 August-5 September", 1150, 865, 1600, "persons", MINISTRY, partial(detained, "2020-08-22", "2020-09-05"), "865 counted, by the ministry or Viasna, on 11 of 15 days; at most 1,600 if the others were like them", weight=2.0),
    Target("detained on a working day, 1-11 September", 58, 30, 95, "persons a day", MINISTRY, partial(detained_a_working_day, "2020-09-01", "2020-09-11"), "seven exact days between 24 and 128; the range is that of their mean", weight=0.5),
    Target("detained on 6 September", 633, 506, 791, "persons", MINISTRY, partial(detained, "2020-09-06", "2020-09-06"), "exact; a factor of 1.25 for the day it is counted to and for those not counted"),
    Target("detained on 13 September", 774, 619, 968, "persons", MINISTRY, partial(detained, "2020-09-13", "2020-09-13"), "exact; a factor of 1.25 as above"),
    Target("detained, 6-13 September", 1850, 1700, 2300, "persons", MINISTRY, partial(detained, "2020-09-06", "2020-09-13"), "1,711 on six of eight days; the other two 30 to 120 each, and a fifth uncounted"),
    Target("detained by 3 November", 25_800, 22_000, 30_000, "persons", FACTS, partial(detained, "2020-08-01", "2020-11-03"), "rights groups' lists; a factor of 1.17, by which two counts of the first days differ", weight=2.0),
    # Strikes
    Target("first strikes over 0.1 % of the employed", 14, 13, 21, "August", FACTS, partial(first_strike, 0.001, "2020-07-31"), "from 13 August on; the call of the 11th failed", "linear", 2.0),
    Target("peak share on strike, August", 1.3, 0.4, 4.0, "% of employed", FACTS, partial(peak_strike, "2020-08-09", "2020-08-31"), "walk-outs at some 30 large firms that make 27 % of GDP; how many walked out is not known: a factor of 3", weight=2.0),
    Target("on strike 7-13 September against the peak", 0.1, 0.0, 0.35, "share", FACTS, partial(strike_against_peak, "2020-09-07", "2020-09-13", "2020-08-09", "2020-08-31"), "walk-outs lasted mostly for days", "linear"),
    Target("on strike 26-30 October against the peak", 0.4, 0.0, 1.0, "share", FACTS, partial(strike_against_peak, "2020-10-26", "2020-10-30", "2020-08-09", "2020-08-31"), "the general strike of 26 October mostly failed", "linear"),
    # Victims, police
    Target("injured, August to November", 1373, 700, 2800, "persons", FACTS, partial(total, "injured_today", "2020-08-01", "2020-11-30"), "1,373 known; a factor of 2"),
    Target("killed", 4, 1, 12, "persons", FACTS, partial(total, "killed_today", "2020-08-01", "2020-12-18"), "at least 4; Poisson", weight=0.3),
    Target("officers who resigned", 0.54, 0.3, 1.0, "% of officers", FACTS, partial(resigned, "2020-12-18", "army"), "over 700 of some 130,000, neither of them exact: about a factor of 1.8"),
    Target("foreign sanctions on 1 October", 0.0, 0.0, 0.05, "share", ASSUMPTION, partial(column, "sanctions", "2020-10-01"), "the first lists of persons came on 2 October; a twentieth would pass unseen", "linear", 0.5),
    # Internet, hub, chats
    Target("days with over half of the internet cut", 3, 2, 4, "days", FACTS, partial(days_above, "shutdown", 0.5, "2020-12-18"), "61 hours at a fifth of its capacity from 9 August", "linear"),
    Target("hub's reach on 12 August", 0.155, 0.12, 0.19, "share", FACTS, partial(column, "hub_reach", "2020-08-12"), "1.5 million subscribers, some of them abroad"),
    Target("hub's reach on 20 August", 0.22, 0.19, 0.26, "share", FACTS, partial(column, "hub_reach", "2020-08-20"), "2.15 million subscribers, some of them abroad"),
    Target("communities on 15 September", 1000, 500, 1800, "chats", "lc-07", partial(column, "communities", "2020-09-15"), "654 documented, over a thousand open ones"),
    # The end
    Target("runs in which the regime falls", 0.0, 0.0, 0.05, "share", FACTS, fell, "it did not", "linear", 5.0, share=True),
)  # fmt: skip

SEARCHED: dict[str, Span] = {
    "people.motive.threshold_mean": Span(3.0, 5.5),
    "people.motive.grievance_weight": Span(0.3, 2.0),
    "people.motive.turnout_weight": Span(0.1, 1.6),
    "people.motive.crowd_weight": Span(0.0, 2.0, "linear"),
    "people.motive.kin_weight": Span(0.0, 1.0, "linear"),
    "people.motive.neighbour_weight": Span(0.3, 3.0),
    "people.motive.tie_weight": Span(0.3, 3.0),
    "people.emotion.anger_gain": Span(0.02, 0.9),
    "people.emotion.anger_decay": Span(0.005, 0.12),
    "people.emotion.trigger_gain": Span(0.3, 2.5),
    "people.emotion.epidemic_anger": Span(0.0, 0.01, "linear"),
    "people.emotion.legitimacy_loss": Span(0.001, 0.04),
    "people.emotion.fear_gain": Span(0.05, 0.5),
    "people.emotion.fear_decay": Span(0.02, 0.25),
    "people.emotion.fear_of_risk": Span(0.5, 8.0),
    "people.emotion.fear_of_violence": Span(0.05, 1.0),
    "people.emotion.fatigue_gain": Span(0.03, 0.6),
    "people.emotion.fatigue_recovery": Span(0.003, 0.06),
    "people.emotion.commitment_protest": Span(0.01, 0.3),
    "people.emotion.commitment_engaged": Span(0.0005, 0.03),
    "police.detention.contact": Span(0.3, 6.0),
    "police.detention.injury": Span(0.05, 1.0),
    "police.detention.overstretch": Span(0.0, 0.8, "linear"),
    "police.loyalty.defection_rate": Span(0.001, 0.2),
    "elites.coverage_weight": Span(0.0, 1.0, "linear"),
    "regime.street_capacity": Span(0.2, 3.0),
    "regime.aggression_base": Span(0.005, 0.1),
    "regime.aggression_gain": Span(0.4, 2.0),
    "regime.aggression_speed": Span(0.15, 0.95),
    "regime.alert_decay": Span(0.05, 0.7),
    "regime.backlash_restraint": Span(0.1, 6.0),
    "information.turnout_memory": Span(0.6, 0.97),
    "information.violence_memory": Span(0.5, 0.97),
    "information.violence_low": Span(0.5, 10.0),
    "information.testimony_weight": Span(0.3, 10.0),
    "information.crowd_low": Span(10.0, 3_000.0),
    "information.crowd_high": Span(30_000.0, 300_000.0),
    "information.crowd_memory": Span(0.0, 0.98, "linear"),
    "movement.hub.hub_growth": Span(0.05, 1.0),
    "movement.communities.forming_rate": Span(0.003, 0.1),
    "economy.strike.strike_cost": Span(0.05, 2.0),
    "economy.strike.strike_anger": Span(0.2, 4.0),
    "economy.strike.strike_fear": Span(0.1, 4.0),
    "economy.strike.walkout_mean": Span(0.03, 0.4),
    "economy.strike.strike_colleagues": Span(0.3, 5.0),
    "economy.strike.committee_arrest": Span(0.05, 1.0),
    "world.violence_outrage": Span(0.05, 1.5),
    "world.sanction_speed": Span(0.0005, 0.05),
    "time.availability.working_day": Span(0.005, 0.2),
    "time.availability.weekend": Span(0.02, 0.4),
    "time.availability.big_day": Span(0.2, 0.7),
    "time.availability.called": Span(0.5, 0.98),
}

CASE = Case(
    name="belarus-2020",
    targets=TARGETS,
    searched=SEARCHED,
    persons_per_agent=400,
    fixed={f"people.settlement_readiness.{kind}": 0.0 for kind in ("metropolis", "city", "town", "village")},
)
"""Readiness by settlement stays at nothing: why most marched in Minsk is for the crowd in one's own place to explain.

The range of ``people.emotion.fear_gain`` begins about where violence begins to deter those whom neither hub nor chats
tell of it (the pattern ``repression-dose``). The targets alone were met at 0.018, where more violence brought more people out
even so.
"""
