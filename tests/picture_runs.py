"""Small finished runs, made by hand, for the tests of figures and report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.models.declarations import Declared
from sim.models.interface import Outcome, engine_of
from sim.models.mobilisation import results

START = dt.date(2020, 8, 3)  # a Monday
DAYS = 28
PLACES = {
    "Minsk": (53.9, 27.57, 2_000_000, 3),
    "Brest": (52.1, 23.7, 340_000, 1),
    "Hlybokaye": (55.1, 27.7, 20_000, 1),
}
SETTLEMENTS = {"Minsk": "metropolis", "Brest": "city", "Hlybokaye": "town"}
REGIONS = {"Minsk": "Minsk city", "Brest": "Brest", "Hlybokaye": "Vitebsk"}
GROUPS = {
    "age_young": 0.6, "age_old": 0.4, "camp_protest": 1.0, "camp_regime": 0.0,
    "settlement_metropolis": 0.6, "settlement_city": 0.2, "settlement_town": 0.2,
    "region_Minsk_city": 0.6, "region_Brest": 0.2, "region_Vitebsk": 0.2,
}  # fmt: skip
"""Share of those in action by group."""


@dataclass(frozen=True)
class HandMadeRun:
    """The attributes of `sim.run.result.Run` that figures and report read."""

    days: pd.DataFrame
    localities: pd.DataFrame
    scenario: Any
    outcome: Outcome
    summary: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    seed: int = 7

    @property
    def declared(self) -> Declared:
        """What the model declares; families as such."""
        if self.scenario.model == "mobilisation":
            return Declared(results.COLUMNS, results.PLACES, results.NUMBERS)
        engine = engine_of(self.scenario.model)
        return Declared(engine.columns(None), engine.places(None), engine.numbers(None))


def attendance() -> np.ndarray:
    """Persons in action: 1,000 a day, 50,000 on Sundays, 80,000 on the second Sunday (16 August)."""
    persons = np.full(DAYS, 1_000)
    persons[6::7] = 50_000
    persons[13] = 80_000
    return persons


def mobilisation_run(title: str = "A case", events: dict[str, Any] | None = None) -> HandMadeRun:
    """Return four weeks of a made-up case with every column of the flagship model."""
    dates = pd.date_range(START, periods=DAYS)
    attending = attendance()
    rising = np.linspace(0.0, 1.0, DAYS)
    days = pd.DataFrame(
        {
            "date": dates,
            "attending": attending,
            "protesting": attending + 500,
            "engaged": 3 * attending,
            "striking": (2_000 * rising).astype(int),
            "detained_today": np.where(np.arange(DAYS) == 2, 3_000, 10),
            "in_detention": np.full(DAYS, 400),
            "exiled": np.arange(DAYS),
            "died": np.zeros(DAYS, dtype=int),
            "anger": 1.0 - rising,
            "fear": rising,
            "fatigue": rising / 2,
            "commitment": rising / 3,
            "legitimacy": 0.5 - 0.2 * rising,
            "elite_public": 1.0 - 0.1 * rising,
            "elite_private": 1.0 - 0.4 * rising,
            "coalition_breadth": 0.4 + 0.4 * rising,
            "coalition_groups": 1.0 + 2.0 * rising,
            "police_loyal_riot": np.full(DAYS, 90),
            "police_shirking_riot": np.full(DAYS, 8),
            "police_defected_riot": np.full(DAYS, 2),
            "police_loyal_army": np.full(DAYS, 100),
            "police_shirking_army": np.zeros(DAYS, dtype=int),
            "police_defected_army": np.zeros(DAYS, dtype=int),
            "police_ordered_riot": np.full(DAYS, 60),
            "police_aside_riot": np.full(DAYS, 12),
            "coercion": 1.0 - 0.3 * rising,
            "streets_lost": 0.6 * rising,
            "elites_members_business": np.full(DAYS, 50),
            "elites_breaking_business": (10 * rising).astype(int),
            "elites_broken_business": (5 * rising).astype(int),
            "shield_court": 1.0 - 0.3 * rising,
            "acted_court": np.zeros(DAYS, dtype=int),
            "ruler_survival": 1.0 - 0.2 * rising,
            "ruler_choice": np.where(rising > 0.9, "concede", "wait"),
            "concession": 0.1 * rising,
            "leading_tactic": "mass_march",
            "first_time_today": np.where(attending > 1_000, 1_000, 0),
            "crossed_today": np.where(attending > 1_000, 250, 0),
            "police_criticising": np.full(DAYS, 6),
            "police_resigned": np.full(DAYS, 1),
            "police_switched": np.full(DAYS, 1),
            "effective_localities": 1.0 + rising,
            "coverage": np.where(attending > 1_000, 0.9, 0.1),
            "dispersion": np.full(DAYS, 0.56),
            "output_lost": 0.1 * rising,
            "initiative_groups": np.full(DAYS, 3),
            "workplaces_out": (5 * rising).astype(int),
            "condemnation": rising / 2,
            "findings": np.zeros(DAYS),
            "sanctions": rising / 4,
            "patron": np.full(DAYS, 0.7),
            "patron_gain": rising / 100,
            "contraction": rising / 10,
            "arrears": np.zeros(DAYS),
            "services": np.full(DAYS, 0.85),
            "censorship": np.full(DAYS, 0.6),
            "online_share": 0.8 - 0.6 * (np.arange(DAYS) == 6),
            "shutdown": 0.8 * (np.arange(DAYS) == 6),
            "hub_reach": 0.05 + 0.2 * rising,
            "community_trust": 0.5 + 0.2 * rising,
            "coordination": 1.0 - 0.2 * rising,
            "cooptation": rising / 5,
            "vigils": np.full(DAYS, 100),
            "police_bound": np.zeros(DAYS),
            "cyber": np.zeros(DAYS),
            "volunteers": np.zeros(DAYS, dtype=int),
        }
    )
    for part, name in enumerate(("class", "age", "camp", "settlement", "region")):
        days[f"breadth_{name}"] = (0.5 + 0.1 * part) * rising
    for name, part in GROUPS.items():
        days[f"attending_{name}"] = (attending * part).astype(int)
    for name, part in (("class_0", 0.75), ("class_1", 0.25), ("class_2", 0.0)):
        days[f"striking_class_{name}"] = (days["striking"] * part).astype(int)
    for number in range(10):
        days[f"attending_class_class_{number}"] = attending // 10
    days["attending_tactic_mass_march"] = (attending * 0.75).astype(int)
    days["attending_tactic_picket"] = (attending * 0.25).astype(int)
    rows = [
        (date, name, int(people * part / 5), 1, int(strikers * part / 5))
        for date, people, strikers in zip(dates, attending, days["striking"], strict=True)
        for name, (_, _, _, part) in PLACES.items()
    ]
    localities = pd.DataFrame(rows, columns=["date", "locality", "attending", "detained", "striking"])
    shock = {
        "election": SimpleNamespace(title="The election", date=dt.date(2020, 8, 9), until=None),
        "epidemic": SimpleNamespace(title="The epidemic", date=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1)),
        "later": SimpleNamespace(title="After the run", date=dt.date(2020, 12, 1), until=None),
    }
    scenario = SimpleNamespace(
        model="mobilisation",
        about=SimpleNamespace(title=title, summary="What happened."),
        events=shock if events is None else events,
        places=SimpleNamespace(
            outline="belarus",
            population=sum(people for _, _, people, _ in PLACES.values()),
            localities={
                name: SimpleNamespace(
                    lat=lat, lon=lon, population=people, region=REGIONS[name], settlement=SETTLEMENTS[name]
                )
                for name, (lat, lon, people, _) in PLACES.items()
            },
        ),
        people=SimpleNamespace(
            classes={
                f"class_{number}": SimpleNamespace(share=0.1, ages={"young": 0.4, "old": 0.6}) for number in range(10)
            },
            camps={
                "protest": SimpleNamespace(shares={"young": 0.5, "old": 0.25}),
                "regime": SimpleNamespace(shares={"young": 0.5, "old": 0.75}),
            },
        ),
    )
    return HandMadeRun(
        days,
        localities,
        scenario,
        Outcome("holds transformed", ("it lost 40% of its legitimacy",)),
        summary={"peak_turnout": 80_000, "peak_turnout_share": 0.034, "peak_date": dt.date(2020, 8, 16)},
        provenance={
            "scenario": "a-case",
            "scenario_file": "a-case",
            "overrides": {"time.days": 28},
            "versions": {"numpy": "2.0"},
        },
    )


def threshold_run() -> HandMadeRun:
    """Return a run of a model with steps and one number, and neither dates, places nor police."""
    days = pd.DataFrame({"step": range(6), "active": [1, 2, 4, 8, 16, 100]})
    return HandMadeRun(
        days,
        pd.DataFrame(),
        SimpleNamespace(model="granovetter-1978", about=SimpleNamespace(title="Thresholds", summary="A crowd.")),
        Outcome("everybody"),
        provenance={"scenario": "granovetter-1978", "overrides": {}},
    )
