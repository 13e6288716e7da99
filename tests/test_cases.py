"""The comparison cases are complete, keep Belarus's psychology, and are held against what happened."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from analysis.campaigns.judge import SUCCESS
from analysis.cli import app
from analysis.findings.cases import case_results, made_line, median_lines, modal, outcome_table
from analysis.observed import endings
from sim.cards.rules.places import LARGEST_TOWN, LARGEST_VILLAGE, MOST_PARTS
from sim.core.share import share_dir
from sim.evidence.sources import load_ledger, source_table
from sim.models.mobilisation.outcome import OUTCOMES
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.run.load import Loaded, derive, load
from sim.study import Point, Study, StudyData, run_study

OBSERVED = endings()
COMPARISON = sorted(case for case, observed in OBSERVED.items() if not observed.calibrated)
BORDERS = {  # south, north, west, east, in degrees
    "ukraine-2004": (44.0, 52.5, 22.0, 40.3),
    "argentina-2001": (-55.2, -21.7, -73.6, -53.6),
    "egypt-2011": (21.9, 31.8, 24.6, 37.0),
    "armenia-2018": (38.8, 41.4, 43.4, 46.7),
    "syria-2011": (32.3, 37.4, 35.7, 42.4),
    "venezuela-2017": (0.6, 12.3, -73.4, -59.8),
    "hong-kong-2019": (22.1, 22.6, 113.8, 114.5),
}
ENDED = {  # the day on which the ruler gave up, after which no event may tell the story
    "ukraine-2004": dt.date(2004, 12, 8),
    "argentina-2001": dt.date(2001, 12, 20),
    "egypt-2011": dt.date(2011, 2, 11),
    "armenia-2018": dt.date(2018, 4, 23),
}


@cache
def case(name: str) -> Loaded:
    return load(name)


def config(name: str) -> Mobilisation:
    found = case(name).config
    assert isinstance(found, Mobilisation)
    return found


@pytest.mark.parametrize("name", COMPARISON)
def test_every_value_has_a_source_and_public_facts_their_own(name: str) -> None:
    """Loading refuses a value without a source; here, those of the country do not rest on Belarus's facts."""
    data = case(name).data
    rows = source_table(data, data["sources"], load_ledger())
    own = ("places.localities", "places.population", "people.classes", "people.camps", "events", "police.forces")
    for row in rows:
        if row.path.startswith(own) and row.path.split(".")[-1] not in INHERITED:
            assert not any("belarus" in source or source == "calibrated" for source in row.ids), row.path
    assert any(source == f"case-facts-{name}" for row in rows for source in row.ids)


INHERITED = ("initial_legitimacy", "duty", "trust_state_media", "trust_opposition_media")


@pytest.mark.parametrize("name", COMPARISON)
def test_psychology_and_criteria_are_those_of_belarus(name: str) -> None:
    """Otherwise it would be no test of how far the calibration carries."""
    ours, theirs = config(name), config("belarus-2020")
    assert ours.people.motive == theirs.people.motive
    assert ours.people.emotion == theirs.people.emotion
    assert ours.people.settlement_readiness == theirs.people.settlement_readiness
    assert ours.time.availability == theirs.time.availability
    assert ours.police.loyalty == theirs.police.loyalty
    assert ours.movement.learning == theirs.movement.learning
    assert ours.outcome == theirs.outcome
    assert ours.mechanisms == theirs.mechanisms
    news = {"censorship": theirs.information.censorship}
    assert ours.information.model_copy(update=news) == theirs.information


@pytest.mark.parametrize("name", COMPARISON)
def test_places_lie_in_the_country_and_make_up_its_people(name: str) -> None:
    places = config(name).places
    south, north, west, east = BORDERS[name]
    assert len(places.localities) >= 8
    assert sum(place.population for place in places.localities.values()) == places.population
    for place in places.localities.values():
        ring = 0.5 if place.settlement in ("town", "village") else 0.0  # they stand in a ring about a city
        assert south - ring < place.lat < north + ring
        assert west - ring < place.lon < east + ring
    largest = {"town": LARGEST_TOWN, "village": LARGEST_VILLAGE}
    for place in places.localities.values():
        assert place.population <= max(largest.get(place.settlement, 1e8), places.population / MOST_PARTS)
    assert not set(places.localities) & set(config("belarus-2020").places.localities)


@pytest.mark.parametrize("name", COMPARISON)
def test_as_many_agents_as_promised(name: str) -> None:
    found = config(name)
    assert 20_000 <= found.places.population / found.run.persons_per_agent <= 40_000
    # a neighbourhood has as many agents as in the calibrated case
    ours, theirs = found.places.neighbourhood_residents, config("belarus-2020").places.neighbourhood_residents
    scale = found.run.persons_per_agent / config("belarus-2020").run.persons_per_agent
    assert ours.metropolis == pytest.approx(scale * theirs.metropolis)


@pytest.mark.parametrize("name", COMPARISON)
def test_no_event_sets_the_outcome(name: str) -> None:
    found = config(name)
    for event in found.events.values():
        assert event.effects.concession < found.outcome.negotiation_concession / 1.9
        assert event.effects.aggression == 0.0
        if name in ENDED:
            assert (event.until or event.date) <= ENDED[name]
    if name in ENDED:
        horizon = found.time.start + dt.timedelta(days=found.time.days)
        assert (horizon - ENDED[name]).days >= 30


def test_observed_outcomes_are_outcomes_of_the_model() -> None:
    assert {name for observed in OBSERVED.values() for name in observed.outcomes} <= set(OUTCOMES)


def test_the_study_has_every_case_once_with_its_own_defaults() -> None:
    study = yaml.safe_load((share_dir("scenarios") / "studies" / "cases.yaml").read_text(encoding="utf-8"))
    points = study["design"]["points"]
    assert sorted(point["scenario"] for point in points) == sorted(study["scenarios"]) == sorted(OBSERVED)
    assert "set" not in study
    assert {key for point in points for key in point.get("set", {})} == {"run.persons_per_agent"}
    assert study["replicates"] == "standard-100"


def test_falls_and_flees_count_together_when_the_commonest_is_sought() -> None:
    assert modal(pd.Series(["falls"] * 2 + ["flees"] * 2 + ["demobilised"] * 3)) == "falls"
    assert modal(pd.Series(["falls"] * 2 + ["demobilised"] * 3)) == "demobilised"


def short(name: str) -> Loaded:
    """A case in few agents and its first twenty days."""
    found = config(name)
    last = found.time.start + dt.timedelta(days=19)
    later: dict[str, object] = {f"events.{key}": None for key, event in found.events.items() if event.date > last}
    coarse = {"run.persons_per_agent": found.places.population // 1500, "time.days": 20}
    return derive(case(name), {**coarse, **later})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> StudyData:
    bases = {name: short(name) for name in ("armenia-2018", "syria-2011")}
    study = Study("cases", bases, tuple(Point(name, name) for name in bases), (1, 2, 3))
    return run_study(study, tmp_path_factory.mktemp("cases") / "study", workers=1)


def test_shares_are_those_of_the_runs(data: StudyData) -> None:
    results = case_results(data)
    assert [result.case for result in results] == ["armenia-2018", "syria-2011"]
    for result in results:
        ends = data.runs.loc[data.runs["base"] == result.case, "outcome"].astype(str).tolist()
        assert {share.name: share.count for share in result.shares} == {name: ends.count(name) for name in set(ends)}
        assert sum(share.share for share in result.shares) == pytest.approx(1.0)
        assert result.right.count == sum(end in result.observed.outcomes for end in ends)
        assert result.right.interval.low <= result.right.share <= result.right.interval.high
        assert result.hit == (modal(pd.Series(ends)) in result.observed.outcomes)
    table = outcome_table(results)
    assert table.groupby("case")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def findings(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["findings", "cases", *map(str, arguments)])


def test_the_command_prints_what_it_writes(data: StudyData) -> None:
    done = findings(data.folder)
    assert done.exit_code == 0
    said = done.stdout
    assert (data.folder / "outcomes.md").read_text(encoding="utf-8") == said
    assert "| `armenia-2018` | falls |" in said
    assert "of 2 cases that the model was not calibrated on are hit; 3 runs a case." in said
    assert "**Success of the movement**, as [campaigns](campaigns.md) have it (1 of 2):" in said
    success = [np.isin(runs["outcome"].astype(str), SUCCESS).sum() for _, runs in data.runs.groupby("base")]
    chance = [(one + 0.5) / 4.0 for one in success]
    assert f"| model | {((chance[0] - 1.0) ** 2 + chance[1] ** 2) / 2.0:.3f} " in said
    assert len(pd.read_csv(data.folder / "outcomes.csv")) == len(outcome_table(case_results(data)))


def test_the_command_puts_its_tables_into_a_document(
    data: StudyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    text = "before\n<!-- begin: outcomes -->\n<!-- end: outcomes -->\nafter\n"
    page.write_text(text, encoding="utf-8")
    done = findings(data.folder, "--write", page)
    assert done.exit_code == 2
    assert "has no argentina-2001, belarus-2020, egypt-2011" in done.stderr
    assert page.read_text(encoding="utf-8") == text
    monkeypatch.setattr(
        "analysis.findings.cases.endings", lambda: {base: OBSERVED[base] for base in data.points["base"]}
    )
    monkeypatch.setattr("sys.argv", ["protestorate", "findings", "cases", "results", "--write", str(page)])
    assert findings(data.folder, "--write", page).exit_code == 0
    written = page.read_text(encoding="utf-8")
    tables = (data.folder / "outcomes.md").read_text(encoding="utf-8")
    assert written == text.replace("begin: outcomes -->\n", f"begin: outcomes -->\n\n{tables}\n")
    assert f"--write {page}`, model version `{data.manifest['model_version']}`, 3 seeds, agents of" in tables
    assert "| `armenia-2018` | falls |" in tables
    assert "Not complete" not in tables


def test_runs_that_are_not_there_are_told(data: StudyData) -> None:
    fewer = StudyData(data.folder, data.manifest)
    fewer.__dict__["runs"] = data.runs[(data.runs["base"] == "armenia-2018") & (data.runs["replicate"] > 0)]
    said = made_line(fewer, "this")
    assert "**Not complete: 4 runs not made; they are left out.** Without any run: `syria-2011`." in said
    assert [line for line in median_lines(fewer) if "syria" in line] == []


def test_a_study_of_something_else_is_refused_in_one_line(tmp_path: Path) -> None:
    crowd = load("granovetter-1978", {"population.persons": 100})
    run_study(Study("crowd", {"granovetter-1978": crowd}, (Point("crowd", "granovetter-1978"),), (1,)), tmp_path / "s")
    done = findings(tmp_path / "s")
    assert done.exit_code == 2
    said = done.stderr.strip().splitlines()
    assert len(said) == 1
    assert "has the scenario granovetter-1978" in said[0]
    assert findings(tmp_path / "nothing").exit_code == 2
    assert not (tmp_path / "s" / "outcomes.csv").exists()
