"""Names that hold signs of the language of measures can be measured: they stand in quotation marks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from dotted_country import SIGNED, dotted_country
from typer.testing import CliRunner

from analysis.cli import app
from analysis.discover.condition import measure_of
from sim.measures.language import faults, parse, what_runs_have, written
from sim.measures.values import of_run, tables_of
from sim.models.results import plain
from sim.run.load import load
from sim.run.result import Run
from sim.run.simulate import simulate

FAMILIES = {
    "protest": "attending_camp_", "industry": "attending_class_", "young": "attending_age_", "riot": "police_loyal_",
    "mass_march": "attending_tactic_", "North": "attending_region_", "business": "elites_members_",
    "parliament": "shield_",
}  # fmt: skip


@cache
def run_of(path: Path) -> Run:
    return simulate(load(path, {"run.persons_per_agent": 100}), seed=1, days=20)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dotted_country(tmp_path_factory.mktemp("signed"), "signed", SIGNED)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_column_of_any_family_is_named(country: Path, name: str) -> None:
    run = run_of(country)
    column = FAMILIES[name] + plain(SIGNED[name])
    measure = parse(f"max:{written(column)}:2020-08-01..2020-08-10")
    assert faults(measure, what_runs_have(run.scenario)) == []
    assert of_run(measure, tables_of(run)) == run.days[column][:10].max()


@pytest.mark.parametrize("name", ["Aville", "Btown"])
def test_a_place_is_named(country: Path, name: str) -> None:
    run = run_of(country)
    own = run.localities[run.localities["locality"] == SIGNED[name]]
    measure = parse(f"sum:attending@{written(SIGNED[name])}")
    assert faults(measure, what_runs_have(run.scenario)) == []
    assert of_run(measure, tables_of(run)) == own["attending"].sum() > 0


def test_columns_with_such_names_are_added_up_and_divided(country: Path) -> None:
    run = run_of(country)
    camp, age = (FAMILIES[name] + plain(SIGNED[name]) for name in ("protest", "young"))
    text = f"sum:{written(camp)}+{written(age)} / sum:{written(camp)}"
    found = of_run(parse(text), tables_of(run))
    assert found == pytest.approx((run.days[camp].sum() + run.days[age].sum()) / run.days[camp].sum())


def test_numbers_of_a_scenario_with_such_names(country: Path) -> None:
    run = run_of(country)
    measure = parse(
        'max:attending / places.localities."A: north + south".population+places.localities."B@home".population'
    )
    assert of_run(measure, tables_of(run)) == run.days["attending"].max() / 50_000
    level = parse('days>0.5*police.forces."A + B: riot".persons:attending')
    assert of_run(level, tables_of(run)) == (run.days["attending"] > 10).sum()


@pytest.mark.parametrize(
    "name",
    ["a:b", "a+b", "a@b", "a / b", "this or that", '"all"', 'a "b": c', "x on working days", "a\\:b", 'end"', " a"],
)
def test_written_names_are_read_again(name: str) -> None:
    (part,) = parse(f"max:{written(name)}+other@{written(name)}:2020-08-01..").parts
    assert part.columns == (name, "other")
    assert part.place == name
    assert part.first is not None
    assert parse(f"{written(name)} or falls").names == (name, "falls")


def test_names_without_such_signs_are_written_as_they_were() -> None:
    for name in ("St. Petersburg", 'the "third" p.', "a/b", "anchor", "köln (Süd)", "2020"):
        assert written(name) == name
        assert parse(f"max:attending@{name}:2020-08-01").parts[0].place == name


def test_a_slip_is_answered_with_the_name_as_it_is_to_be_written(country: Path) -> None:
    known = what_runs_have(load(country).config)
    (problem,) = faults(parse('max:attending@"A: north + soth"'), known)
    assert problem.nearest == '"A: north + south"'
    (problem,) = faults(parse('max:"attending_camp_old_+_nw"'), known)
    assert problem.nearest == '"attending_camp_old_+_new"'


def test_commands_take_them(country: Path) -> None:
    words = ["compare", str(country), f"{country} people.motive.noise=0.9", "--replicates", "2", "--days", "20"]
    words += ["--measure", 'max:"attending_camp_old_+_new"', "--out", str(country.parent / "compared")]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output


def test_the_comparison_of_a_condition_is_its_last_one() -> None:
    assert measure_of("days>0.5:shutdown>=3") == "days>0.5:shutdown"
    assert measure_of("days>0.5:shutdown") == "days>0.5:shutdown"
    assert measure_of('max:"attending_camp_a>b:c" < 10') == 'max:"attending_camp_a>b:c"'
    assert measure_of("peak_turnout_share>=0.02") == "peak_turnout_share"
