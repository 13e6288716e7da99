"""What happened, day by day: national series, series by locality, and the numbers to quote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE, Count
from sim.models.mobilisation.world import World

if TYPE_CHECKING:
    import pandas as pd

PERSONS: dict[str, Count] = {
    "protesting": Count.PROTESTING,
    "attending": Count.ATTENDING,
    "engaged": Count.ENGAGED,
    "striking": Count.STRIKING,
    "detained_today": Count.DETAINED,
    "released_today": Count.RELEASED,
    "in_detention": Count.IN_DETENTION,
    "exiled": Count.GONE,
    "first_time_today": Count.FIRST_TIME,
    "crossed_today": Count.CROSSED,
    "volunteers": Count.VOLUNTEERS,
}
"""National columns in persons and the count they come from."""

NATIONAL: dict[str, str] = {
    "injured_today": "injured",
    "killed_today": "killed",
    "communities": "communities",
    "initiative_groups": "initiative_groups",
    "workplaces_out": "workplaces_out",
    "elite_private": "elite_private",
    "elite_public": "elite_public",
    "legitimacy": "mean_legitimacy",
    "anger": "mean_anger",
    "fear": "mean_fear",
    "fatigue": "mean_fatigue",
    "commitment": "mean_commitment",
    "coalition_breadth": "breadth",
    "breadth_class": "breadth_class",
    "breadth_age": "breadth_age",
    "breadth_camp": "breadth_camp",
    "breadth_settlement": "breadth_settlement",
    "breadth_region": "breadth_region",
    "coalition_groups": "groups",
    "online_share": "online",
    "hub_reach": "hub_reach",
    "aggression": "aggression",
    "policy_shutdown": "policy_shutdown",
    "concession": "concession",
    "treasury": "treasury",
    "arrears": "arrears",
    "patron": "patron",
    "output_lost": "output_lost",
    "strike_fund": "strike_fund",
    "heard_turnout": "heard_turnout",
    "heard_violence": "heard_violence",
    "heard_defection": "heard_defection",
    "effective_localities": "effective_places",
    "dispersion": "dispersion",
    "coverage": "coverage",
    "cooptation": "cooptation",
    "community_trust": "community_trust",
    "coordination": "coordination",
    "censorship": "censorship",
    "cyber": "cyber",
    "loyal_base_striking": "base_striking",
    "services": "services",
    "contraction": "contraction",
    "sanctions": "sanctions",
    "condemnation": "condemnation",
    "findings": "findings",
    "patron_gain": "patron_gain",
    "police_bound": "police_bound",
}
"""National columns and the state they come from; units are those of :data:`sim.models.mobilisation.state.NATION`."""

NOT_BYSTANDERS = [Count.PROTESTING, Count.ENGAGED, Count.IN_DETENTION, Count.GONE, Count.VOLUNTEERS]
PLACE_COUNTS = (Count.ATTENDING, Count.PROTESTING, Count.ENGAGED, Count.STRIKING, Count.DETAINED)
PLACE_NAMES = ("attending", "protesting", "engaged", "striking", "detained")
SERVICE = ("loyal", "shirking", "defected")
FORMS = {"police_criticising": "critics", "police_resigned": "resigned", "police_switched": "switched"}
"""Forms of disloyalty, all forces together, and their state; those who criticise are among the shirking."""
QUIET = "none"
"""Leading tactic of a day without action."""


class Recorder:
    """Keeps the day's numbers in arrays made once, and makes tables of them on request."""

    def __init__(self, world: World, config: Mobilisation) -> None:
        days, places = config.time.days, world.localities.size.size
        tactics, forces, classes = (
            len(config.movement.tactics),
            len(config.police.forces),
            len(config.people.classes),
        )
        self.days = 0
        self._agents = world.citizens.role.size
        self._nation = np.zeros(days, dtype=NATION_TYPE)
        self._counts = np.zeros((days, places, len(Count)), dtype=np.int64)
        self._crowd = np.zeros((days, places, tactics), dtype=np.int64)
        self._police = np.zeros((days, places, len(SERVICE), forces), dtype=np.int64)
        self._classes = np.zeros((days, classes, 2), dtype=np.int64)
        self._groups = np.zeros((days, world.groups.size.size), dtype=np.int64)

    def record(self, world: World) -> None:
        """Keep the day just ended."""
        day, places = self.days, world.localities
        self._nation[day] = world.nation[0]
        self._counts[day] = places.count
        self._crowd[day] = places.crowd
        for column, name in enumerate(SERVICE):
            self._police[day, :, column] = getattr(places, name)
        self._classes[day, :, 0] = world.classes.crowd
        self._classes[day, :, 1] = world.classes.striking
        self._groups[day] = world.groups.crowd
        self.days += 1

    def national(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a row a day from day `since` on (0 is the first); columns as the README lists them."""
        import pandas as pd

        persons, officers = config.run.persons_per_agent, config.run.officers_per_agent
        done = slice(since, self.days)
        totals = self._counts[done].sum(axis=1)
        columns: dict[str, Any] = {"date": _dates(config, since, self.days)}
        for name, count in PERSONS.items():
            columns[name] = totals[:, count] * persons
        earlier = int(self._counts[:since, :, Count.FIRST_TIME].sum()) * persons
        columns["first_time_ever"] = earlier + np.cumsum(columns["first_time_today"])
        away = totals[:, NOT_BYSTANDERS].sum(axis=1)
        caught = totals[:, Count.DETAINED]
        columns["bystanders"] = (self._agents - away + caught) * persons
        for name, source in NATIONAL.items():
            columns[name] = self._nation[source][done]
        columns["shutdown"] = 1.0 - self._nation["capacity"][done]
        police = self._police[done].sum(axis=1)
        for index, force in enumerate(config.police.forces):
            for column, service in enumerate(SERVICE):
                columns[f"police_{service}_{force}"] = police[:, column, index] * officers
        for name, source in FORMS.items():
            columns[name] = self._nation[source][done] * officers
        columns["general_strike_distance"] = np.maximum(config.outcome.general_strike - columns["output_lost"], 0.0)
        for index, kind in enumerate(config.people.classes):
            columns[f"attending_class_{kind}"] = self._classes[done, index, 0] * persons
            columns[f"striking_class_{kind}"] = self._classes[done, index, 1] * persons
        for index, group in enumerate(group_names(config)):
            columns[f"attending_{group}"] = self._groups[done, index] * persons
        crowd = self._crowd[done].sum(axis=1)
        vigil = [index for index, tactic in enumerate(config.movement.tactics.values()) if tactic.vigil]
        columns["vigils"] = crowd[:, vigil].sum(axis=1) * persons
        for index, tactic in enumerate(config.movement.tactics):
            columns[f"attending_tactic_{tactic}"] = crowd[:, index] * persons
        columns["leading_tactic"] = _leading(crowd, config)
        return pd.DataFrame(columns)

    def by_locality(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a row for each locality and day from day `since` on."""
        import pandas as pd

        names, persons = list(config.places.localities), config.run.persons_per_agent
        done = slice(since, self.days)
        codes = np.tile(np.arange(len(names)), self.days - since)
        columns: dict[str, Any] = {
            "date": np.repeat(_dates(config, since, self.days), len(names)),
            "locality": pd.Categorical.from_codes(codes.tolist(), pd.Index(names)),
        }
        for name, count in zip(PLACE_NAMES, PLACE_COUNTS, strict=True):
            columns[name] = self._counts[done, :, count].ravel() * persons
        police = self._police[done].sum(axis=3) * config.run.officers_per_agent
        for column, service in enumerate(SERVICE):
            columns[f"police_{service}"] = police[:, :, column].ravel()
        columns["leading_tactic"] = _leading(self._crowd[done].reshape(-1, self._crowd.shape[2]), config)
        return pd.DataFrame(columns)


def group_names(config: Mobilisation) -> list[str]:
    """Return the groups other than classes, as in ``GROUP`` of the state: ``age_young``, ``camp_protest`` and so on."""
    regions = dict.fromkeys(place.region for place in config.places.localities.values())
    by_cleavage: dict[str, Iterable[str]] = {
        "age": config.people.ages, "camp": config.people.camps, "settlement": SETTLEMENTS, "region": regions,
    }  # fmt: skip
    return [f"{cleavage}_{_plain(name)}" for cleavage, names in by_cleavage.items() for name in names]


def _plain(name: str) -> str:
    return name.replace(" ", "_")


def summary(days: pd.DataFrame, localities: pd.DataFrame, config: Mobilisation) -> dict[str, Any]:
    """Return the numbers to quote of a run: peak, totals and extremes; persons, shares and dates."""
    peak = int(days["attending"].to_numpy().argmax())
    on_peak = localities[localities["date"] == days["date"][peak]]
    defected = [name for name in days.columns if name.startswith("police_defected_")]
    employed = sum(c.share for c in config.people.classes.values() if c.workplaces) * config.places.population
    return {
        "peak_turnout": int(days["attending"][peak]),
        "peak_turnout_share": float(days["attending"][peak] / config.places.population),
        "peak_date": days["date"][peak].date(),
        "peak_localities": int((on_peak["attending"] > 0).sum()),
        "person_days_of_protest": int(days["attending"].sum()),
        "ever_protested": int(days["first_time_ever"].iloc[-1]),
        "detained": int(days["detained_today"].sum()),
        "injured": int(days["injured_today"].sum()),
        "killed": int(days["killed_today"].sum()),
        "peak_striking": int(days["striking"].max()),
        "peak_striking_share_of_employed": float(days["striking"].max() / employed) if employed else 0.0,
        "strike_person_days": int(days["striking"].sum()),
        "police_resigned": int(days["police_resigned"].iloc[-1]),
        "police_switched": int(days["police_switched"].iloc[-1]),
        "police_defected": int(days[defected].iloc[-1].sum()),
        "peak_coalition_breadth": float(days.loc[days["attending"] > 0, "coalition_breadth"].max())
        if (days["attending"] > 0).any()
        else 0.0,
        "coalition_days": _days_to_breadth(days, config),
        "peak_effective_localities": float(days["effective_localities"].max()),
        "peak_coverage": float(days["coverage"].max()),
        "crossed": int(days["crossed_today"].sum()),
        "peak_output_lost": float(days["output_lost"].max()),
        "peak_sanctions": float(days["sanctions"].max()),
        "peak_cooptation": float(days["cooptation"].max()),
        "volunteers": int(days["volunteers"].iloc[-1]),
        "peak_communities": int(days["communities"].max()),
        "elite_private_end": float(days["elite_private"].iloc[-1]),
        "elite_public_end": float(days["elite_public"].iloc[-1]),
        "legitimacy_end": float(days["legitimacy"].iloc[-1]),
        "days": len(days),
    }


def _days_to_breadth(days: pd.DataFrame, config: Mobilisation) -> int:
    """Return the days from the first with mass turnout to the first with 90 % of the broadest coalition, or -1."""
    mass = days.index[days["attending"] >= config.outcome.mass_turnout * config.places.population]
    if not len(mass):
        return -1
    breadth = days["coalition_breadth"].to_numpy()[mass[0] :]
    return int((breadth >= 0.9 * breadth.max()).argmax())


def _dates(config: Mobilisation, since: int, days: int) -> Any:
    start = np.datetime64(config.time.start, "D")
    return (start + np.arange(since, days)).astype("datetime64[s]")


def _leading(crowd: np.ndarray[Any, np.dtype[np.int64]], config: Mobilisation) -> list[str]:
    names = list(config.movement.tactics)
    leading = np.where(crowd.any(axis=1), crowd.argmax(axis=1), len(names))
    return [(*names, QUIET)[index] for index in leading.tolist()]


def label(config: Mobilisation, step: int) -> str:
    """Return the date of a step."""
    return (config.time.start + dt.timedelta(days=step)).isoformat()
