"""How a run ends: one table of criteria, read from state and never from dates (stage 15)."""

from __future__ import annotations

import datetime as dt
import math

from sim.core.jit import compiled
from sim.core.names import in_order
from sim.models.interface import Outcome
from sim.models.mobilisation.codes import Choice, Power
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.typed import Nation, Rows

OUTCOMES: dict[str, str] = {
    "falls": "the ruler resigns, or an institution annuls the vote or removes the ruler by law",
    "flees": "the ruler leaves the country",
    "ousted by the army": "an army's staff removes the ruler",
    "negotiates": "the ruler has conceded at least negotiation_concession",
    "war": "two armed sides, and at least war_deaths dead of fighting in about a year",
    "extreme violence": "at least extreme_killed per million are killed within about seven days",
    "holds transformed": "there was a movement (peak at least mass_turnout); the regime survives it with at least two "
    "scars: legitimacy lost, dependence on a patron, lasting force",
    "demobilised": "there was a movement; turnout has been below demobilised_turnout for demobilised_days, and the "
    "regime has fewer than two scars",
    "contested": "none of the other outcomes by the last day of the run",
}
"""Every outcome and its criterion; thresholds are in the scenario's section ``outcome``."""

ROADS: dict[str, str] = {
    "resigned": "the ruler chose to go",
    "vote annulled": "a court or another body annulled the contested vote",
    "removed by law": "a parliament or another body removed the ruler",
    "fled": "the ruler chose exile",
    "ousted by the army": "the staff of an army acted",
    "negotiated": "the ruler conceded until there was nothing left to fight over",
    "war": "an armed side arose and fought",
    "massacre": "crowds were shot at until the count of dead was extreme",
    "crushed": "those detained and killed were at least outcome.crushed of the largest turnout",
    "faded": "people stayed at home in the end, and few had been taken",
    "transformed": "the regime stands, and is another",
    "no movement": "turnout never reached mass_turnout",
    "undecided": "neither side had given way by the last day of the run",
}
"""Every road to an outcome, in words."""

WEEK_DECAY = math.exp(-1.0 / 7.0)


def mark(nation: Rows[Nation], config: Mobilisation) -> None:
    """Update the marks the criteria read, at the end of a day, and turn the calendar."""
    _mark(nation, config.outcome.demobilised_turnout)


@compiled
def _mark(nation: Rows[Nation], quiet: float) -> None:
    row = nation[0]
    row.peak_turnout = max(row.peak_turnout, row.turnout)
    row.quiet_days = row.quiet_days + 1 if row.turnout < quiet else 0
    row.killed_week = row.killed_week * WEEK_DECAY + row.killed
    row.day += 1


def failing(nation: Rows[Nation], config: Mobilisation) -> list[str]:
    """Return the pillars that fail today, in words with numbers."""
    limits, row = config.outcome, nation[0]
    found = []
    if row["coercion"] < limits.coercion_floor:
        found.append(f"coercion: {row['coercion']:.0%} of orders against crowds are obeyed")
    if row["elite_public"] < limits.elite_floor:
        found.append(f"elites: {row['elite_public']:.0%} still support the regime in public")
    if row["arrears"] > limits.arrears_ceiling:
        found.append(f"money: {row['arrears']:.0%} of pay is not paid")
    return found


def ending(nation: Rows[Nation], config: Mobilisation) -> Outcome | None:
    """Return the outcome that ends the run after the day just marked, or None."""
    found = _found(nation, config)
    if found is None:
        return None
    name, reasons, road = found
    return Outcome(name, reasons, config.time.start + dt.timedelta(days=int(nation[0]["day"]) - 1), road)


def _found(nation: Rows[Nation], config: Mobilisation) -> tuple[str, tuple[str, ...], str] | None:
    """Return outcome, reasons and road if the run ends now."""
    limits, row = config.outcome, nation[0]
    if row["ended_by"] != 0:
        name, road, reason = _ended(row, config)
        return name, (reason, *_state(row), *failing(nation, config)), road
    if row["battle_deaths_year"] >= limits.war_deaths:
        dead = f"{row['battle_deaths_year']:.0f} dead of fighting within about a year"
        return "war", (dead, f"{row['armed']:,.0f} in arms"), "war"
    per_million = row["killed_week"] / config.places.population * 1e6
    if per_million >= limits.extreme_killed:
        return "extreme violence", (f"{per_million:.1f} per million killed within a week",), "massacre"
    if row["concession"] >= limits.negotiation_concession:
        conceded = f"the regime has conceded {row['concession']:.0%}"
        return "negotiates", (conceded, *_state(row)), "negotiated"
    return None


def _ended(row: Nation, config: Mobilisation) -> tuple[str, str, str]:
    """Return outcome, road and what was decided, where the ruler or an institution has decided."""
    by = int(row["ended_by"])
    if by == -Choice.RESIGN:
        return "falls", "resigned", "the ruler resigns"
    if by == -Choice.FLEE:
        return "flees", "fled", "the ruler flees"
    who = in_order(config.institutions)[int(row["ended_where"])].replace("_", " ")
    if by == Power.ANNUL:
        return "falls", "vote annulled", f"the vote is annulled: {who}"
    if by == Power.OUST:
        return "ousted by the army", "ousted by the army", f"the army removes the ruler: {who}"
    return "falls", "removed by law", f"the ruler is removed by law: {who}"


def _state(row: Nation) -> tuple[str, ...]:
    """Return what stood behind a decision, in words with numbers."""
    return (
        f"the ruler gives himself {row['survival']:.0%}",
        f"the capital's streets are lost by {row['streets']:.0%}",
        f"{row['coercion']:.0%} of orders are obeyed",
        f"{1.0 - row['elite_public']:.0%} of elites have broken in public",
    )


def scars(nation: Rows[Nation], config: Mobilisation) -> list[str]:
    """Return what has changed the surviving regime, in words with numbers."""
    limits, row = config.outcome, nation[0]
    lost = 1.0 - row["mean_legitimacy"] / row["start_legitimacy"] if row["start_legitimacy"] > 0 else 0.0
    found = []
    if lost >= limits.legitimacy_scar:
        found.append(f"it has lost {lost:.0%} of its legitimacy")
    if row["dependence"] >= limits.dependence_scar:
        found.append(f"it has drawn on its patron's backing ({row['dependence']:.0%})")
    if row["aggression"] >= limits.force_scar:
        found.append(f"it rules by force (aggression {row['aggression']:.0%})")
    return found


def verdict(nation: Rows[Nation], config: Mobilisation) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    limits, row = config.outcome, nation[0]
    if row["peak_turnout"] < limits.mass_turnout:
        if row["peak_turnout"] == 0.0:
            return Outcome("contested", ("nobody ever came out",), road="no movement")
        return Outcome(
            "contested",
            (f"no mass movement: turnout peaked at {row['peak_turnout']:.2%} of the population",),
            road="no movement",
        )
    peak = f"turnout peaked at {row['peak_turnout']:.2%} of the population"
    changed = scars(nation, config)
    if len(changed) >= 2:
        return Outcome("holds transformed", (peak, "the regime survives", *changed), road="transformed")
    if row["quiet_days"] >= limits.demobilised_days:
        return Outcome(
            "demobilised",
            (peak, f"no more than {limits.demobilised_turnout:.2%} for {row['quiet_days']} days"),
            road=_quiet(row, config),
        )
    return Outcome("contested", (peak, *(changed or ("neither side has given way",))), road="undecided")


def _quiet(row: Nation, config: Mobilisation) -> str:
    """Return how the streets came to be quiet."""
    taken = row["detained_ever"] * config.run.persons_per_agent
    return "crushed" if taken >= config.outcome.crushed * row["peak_turnout"] * config.places.population else "faded"
