"""A factor that is nothing at some points (an event taken away, a limit left open) is a factor like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_studies import Made, made
from study_helpers import belarus

from analysis.discover import discover, write_discovery
from analysis.sensitivity import analyse, write_sensitivity
from sim.study import Point, Study, run_study
from sim.study.rerun import rerun

EVENT = json.dumps({"title": "A cut", "date": "2020-08-09"})
OTHER = json.dumps({"title": "Later", "date": "2020-08-20"})


def changes() -> Made:
    """Two events, each taken away alone; each makes a difference of its own."""
    columns = pd.DataFrame({"events.shutdown": [EVENT, None, EVENT], "events.election": [OTHER, OTHER, None]})

    def formula(p: pd.DataFrame, _: Any, replicate: int) -> dict[str, Any]:
        return {"detained": 100 + replicate - 10 * p["events.shutdown"].isna() - 20 * p["events.election"].isna()}

    overrides = [{}, {"events.shutdown": None}, {"events.election": None}]
    return made("one_at_a_time", columns, formula, 4, overrides=overrides)


def grid(events: list[str | float | None]) -> Made:
    """Events or nothing against a number; it happens where there is no event."""
    levels = np.linspace(0.1, 0.5, 20)
    columns = pd.DataFrame(
        {
            "events.shutdown": pd.Series(events).repeat(len(levels)).reset_index(drop=True),
            "regime.aggression_gain": np.tile(levels, len(events)),
        }
    )

    def formula(p: pd.DataFrame, _: Any, __: int) -> dict[str, Any]:
        gone = p["events.shutdown"].isna()
        return {"outcome": np.where(gone, "falls", "contested"), "detained": np.where(gone, 10, 900)}

    return made("grid", columns, formula)


def test_an_event_taken_away_is_a_change() -> None:
    result = analyse(changes(), ["detained"])
    table = result.outcomes[0].effects.set_index("parameter")
    assert table["effect"].to_dict() == {"events.election": -20.0, "events.shutdown": -10.0}
    assert table["value"].tolist() == ["none", "none"]
    assert [one.values for one in result.study.parameters] == [tuple(sorted(["none", text])) for text in (EVENT, OTHER)]


@pytest.mark.parametrize("events", [[None, EVENT], [EVENT, None, OTHER], [None, 0.25, 4.0]])
def test_nothing_among_values_explains_what_it_separates(tmp_path: Path, events: list[str | float | None]) -> None:
    study = grid(events)
    explained = analyse(study, ["detained"])
    table = explained.outcomes[0].effects
    assert explained.outcomes[0].r_squared == pytest.approx(1.0)
    assert table["parameter"].iloc[0].startswith("events.shutdown = ")
    write_sensitivity(explained, tmp_path / "sensitivity")
    pytest.importorskip("ema_workbench")
    found = discover(study, "falls", resamples=2)
    (box,) = found.boxes
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert [(one.parameter.path, one.kept) for one in box.restrictions] == [("events.shutdown", ("none",))]
    write_discovery(found, tmp_path / "discovery")


def test_a_run_without_an_event_is_repeated_bit_for_bit(tmp_path: Path) -> None:
    points = (Point("base", "belarus"), Point("none", "belarus", {"events.shutdown": None}))
    data = run_study(Study("without", {"belarus": belarus(20_000)}, points, (1,)), tmp_path / "study", workers=1)
    assert [rerun(data.folder, run_id).differ for run_id in data.runs["run_id"]] == [(), ()]
