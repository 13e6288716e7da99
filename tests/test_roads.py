"""By which roads runs ended: counted, written, and kept in every table of runs."""

from __future__ import annotations

import pandas as pd

from analysis.observed import endings
from analysis.report.roads import in_words, roads
from analysis.stats.outcomes import FALLS
from sim.models.interface import Outcome
from sim.models.mobilisation.outcome import OUTCOMES, ROADS
from sim.study.chunk import runs_table

RUNS = pd.DataFrame(
    {
        "outcome": ["falls", "falls", "falls", "flees", "contested"],
        "outcome_road": ["resigned", "vote annulled", "vote annulled", "fled", "undecided"],
    }
)


def test_roads_are_counted_the_commonest_first() -> None:
    assert roads(RUNS, "falls") == {"vote annulled": 2, "resigned": 1}
    assert in_words(RUNS, "falls") == " (vote annulled 2, resigned 1)"
    assert in_words(RUNS, "falls", lambda count: f"{count / len(RUNS):.0%}") == " (vote annulled 40%, resigned 20%)"
    assert roads(RUNS, "demobilised") == {}


def test_a_road_that_says_no_more_than_its_outcome_is_not_told() -> None:
    ousted = pd.DataFrame({"outcome": ["ousted by the army"], "outcome_road": ["ousted by the army"]})
    assert in_words(ousted, "ousted by the army") == ""


def test_studies_older_than_roads_and_models_without_any_have_none() -> None:
    assert roads(RUNS.drop(columns="outcome_road"), "falls") == {}
    assert roads(RUNS.assign(outcome_road=""), "falls") == {}
    assert roads(RUNS.assign(outcome_road=None), "falls") == {}


def test_all_in_which_the_ruler_is_gone_are_outcomes_of_the_model() -> None:
    assert set(FALLS) <= set(OUTCOMES)
    gone = [observed for observed in endings().values() if "falls" in observed.outcomes]
    assert gone
    assert all(set(observed.outcomes) == set(FALLS) for observed in gone)


def test_an_observed_war_is_met_by_war_and_by_extreme_violence() -> None:
    assert endings()["syria-2011"].outcomes == ("war", "extreme violence")


def test_a_shard_of_runs_without_roads_has_the_column_as_text() -> None:
    table = runs_table([{"outcome": "contested", "outcome_road": Outcome("contested").road}], {})
    assert str(table.schema.field("outcome_road").type) == "string"
    assert all(ROADS.values())
