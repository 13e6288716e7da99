"""Small finished runs, made by hand, for the tests of figures and report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.model import Outcome

START = dt.date(2020, 8, 3)  # a Monday
DAYS = 28
PLACES = {
    "Minsk": (53.9, 27.57, 2_000_000, 3),
    "Brest": (52.1, 23.7, 340_000, 1),
    "Hlybokaye": (55.1, 27.7, 20_000, 1),
}


@dataclass(frozen=True)
class HandMadeRun:
    """The attributes of `sim.run.Run` that figures and report read."""

    days: pd.DataFrame
    localities: pd.DataFrame
    scenario: Any
    outcome: Outcome
    summary: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    seed: int = 7


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
            "leading_tactic": "mass_march",
        }
    )
    for number in range(10):
        days[f"attending_class_class_{number}"] = attending // 10
    days["attending_tactic_mass_march"] = (attending * 0.75).astype(int)
    days["attending_tactic_picket"] = (attending * 0.25).astype(int)
    rows = [
        (date, name, int(people * part / 5), 1)
        for date, people in zip(dates, attending, strict=True)
        for name, (_, _, _, part) in PLACES.items()
    ]
    localities = pd.DataFrame(rows, columns=["date", "locality", "attending", "detained"])
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
            localities={
                name: SimpleNamespace(lat=lat, lon=lon, population=people, region="a region")
                for name, (lat, lon, people, _) in PLACES.items()
            },
        ),
    )
    return HandMadeRun(
        days,
        localities,
        scenario,
        Outcome("holds transformed", ("it lost 40% of its legitimacy",)),
        summary={"peak_turnout": 80_000, "peak_turnout_share": 0.034, "peak_date": dt.date(2020, 8, 16)},
        provenance={"scenario": "a-case", "overrides": {"time.days": 28}, "versions": {"numpy": "2.0"}},
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
