"""How a run ends: one table of criteria, read from state and never from dates (stage 15)."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from numpy.typing import NDArray

from sim.models.interface import Outcome
from sim.models.mobilisation.schema.scenario import Mobilisation

OUTCOMES: dict[str, str] = {
    "falls": "two of coercion, elite support and money have failed for fall_days: the leader resigns",
    "flees": "the same, with the share of lost pillars above regime.flight_pressure: the leader flees",
    "negotiates": "the regime concedes at least negotiation_concession",
    "extreme violence": "at least extreme_killed per million are killed within about seven days",
    "holds transformed": "there was a movement (peak at least mass_turnout); the regime survives it with at least two "
    "scars: legitimacy lost, dependence on a patron, lasting force",
    "demobilised": "there was a movement; turnout has been below demobilised_turnout for demobilised_days, and the "
    "regime has fewer than two scars",
    "contested": "none of these by the horizon",
}
"""Every outcome and its criterion; thresholds are in the scenario's section ``outcome``."""

WEEK_DECAY = math.exp(-1.0 / 7.0)


def mark(nation: NDArray[Any], config: Mobilisation) -> None:
    """Update the marks the criteria read, at the end of a day, and turn the calendar."""
    limits = config.outcome
    row = nation[0]
    row["peak_turnout"] = max(row["peak_turnout"], row["turnout"])
    row["quiet_days"] = row["quiet_days"] + 1 if row["turnout"] < limits.demobilised_turnout else 0
    row["failing_days"] = row["failing_days"] + 1 if len(failing(nation, config)) >= 2 else 0
    row["killed_week"] = row["killed_week"] * WEEK_DECAY + row["killed"]
    row["day"] += 1


def failing(nation: NDArray[Any], config: Mobilisation) -> list[str]:
    """Return the pillars that fail today, in words with numbers."""
    limits, row = config.outcome, nation[0]
    found = []
    if row["loyal_share"] < limits.coercion_floor:
        found.append(f"coercion: {row['loyal_share']:.0%} of police strength is loyal")
    if row["elite_public"] < limits.elite_floor:
        found.append(f"elites: {row['elite_public']:.0%} still support the regime in public")
    if row["arrears"] > limits.arrears_ceiling:
        found.append(f"money: {row['arrears']:.0%} of pay is not paid")
    return found


def ending(nation: NDArray[Any], config: Mobilisation) -> Outcome | None:
    """Return the outcome that ends the run after the day just marked, or None."""
    limits, row = config.outcome, nation[0]
    date = config.time.start + dt.timedelta(days=int(row["day"]) - 1)
    per_million = row["killed_week"] / config.places.population * 1e6
    if per_million >= limits.extreme_killed:
        return Outcome("extreme violence", (f"{per_million:.1f} per million killed within a week",), date)
    if row["failing_days"] >= limits.fall_days:
        pillars = failing(nation, config)
        lost = (2.0 - row["loyal_share"] - row["elite_public"] + row["arrears"]) / 3.0
        name = "flees" if lost >= config.regime.flight_pressure else "falls"
        return Outcome(name, (*pillars, f"for {int(row['failing_days'])} days in a row"), date)
    if row["concession"] >= limits.negotiation_concession:
        return Outcome("negotiates", (f"the regime has conceded {row['concession']:.0%}",), date)
    return None


def scars(nation: NDArray[Any], config: Mobilisation) -> list[str]:
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


def verdict(nation: NDArray[Any], config: Mobilisation) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    limits, row = config.outcome, nation[0]
    if row["peak_turnout"] < limits.mass_turnout:
        return Outcome(
            "contested", (f"no mass movement: turnout peaked at {row['peak_turnout']:.2%} of the population",)
        )
    peak = f"turnout peaked at {row['peak_turnout']:.2%} of the population"
    changed = scars(nation, config)
    if len(changed) >= 2:
        return Outcome("holds transformed", (peak, "the regime survives", *changed))
    if row["quiet_days"] >= limits.demobilised_days:
        return Outcome(
            "demobilised",
            (peak, f"no more than {limits.demobilised_turnout:.2%} for {row['quiet_days']} days"),
        )
    return Outcome("contested", (peak, *(changed or ("neither side has given way",))))
