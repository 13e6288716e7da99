"""The recorded tables: their columns, and that nobody is lost or counted twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tiny_country import DATA, START, country

from sim.models.mobilisation import summary as summary_module
from sim.models.mobilisation.codes import Role, Service
from sim.models.mobilisation.engine import State, build, report, step

PERSONS = 100
OFFICERS = 10
DAYS = 20
CONTRACT = {
    "counts": (
        "protesting", "attending", "engaged", "bystanders", "striking", "detained_today", "released_today",
        "in_detention", "injured_today", "killed_today", "exiled", "died", "first_time_today", "first_time_ever",
        "communities", "initiative_groups", "workplaces_out",
    ),
    "shares": (
        "elite_private", "elite_public", "legitimacy", "coalition_breadth", "online_share", "aggression", "shutdown",
        "concession",
    ),
    "numbers": ("treasury", "anger", "fear", "fatigue", "commitment", "coalition_groups"),
}  # fmt: skip
"""Columns of the national table that other parts of the project rely on."""
OF_LOCALITIES = [
    "date", "locality", "attending", "protesting", "engaged", "striking", "detained", "police_loyal",
    "police_shirking", "police_defected", "police_ordered", "police_aside", "leading_tactic",
]  # fmt: skip


@pytest.fixture(scope="module")
def lived() -> tuple[State, list[dict[str, int]]]:
    """A lived country, and on each evening what a look at every citizen and officer would count [persons]."""
    peace = {name: event for name, event in DATA["events"].items() if name != "war"}  # nobody leaves in the evening
    state = build(country({"police.detention.lethality": 1.0, "events": peace}), 1, 1)
    evenings = []
    for _ in range(DAYS):
        step(state)
        roles = np.bincount(state.world.citizens.role, minlength=len(Role)) * PERSONS
        services = np.bincount(state.world.officers.service, minlength=len(Service)) * OFFICERS
        evenings.append({role.name: int(roles[role]) for role in Role} | {s.name: int(services[s]) for s in Service})
    return state, evenings


@pytest.fixture(scope="module")
def days(lived: tuple[State, Any]) -> pd.DataFrame:
    return lived[0].recorder.national(lived[0].config)


@pytest.fixture(scope="module")
def localities(lived: tuple[State, Any]) -> pd.DataFrame:
    return lived[0].recorder.by_locality(lived[0].config)


@pytest.fixture(scope="module")
def evenings(lived: tuple[State, Any]) -> pd.DataFrame:
    return pd.DataFrame(lived[1])


def test_the_country_is_busy_enough_to_tell(days: pd.DataFrame):
    busy = ["attending", "engaged", "striking", "detained_today", "released_today", "in_detention", "exiled", "died"]
    assert (days[busy].max() > 0).all()


@pytest.mark.parametrize("column", CONTRACT["counts"])
def test_counts_are_whole_and_not_negative(column: str, days: pd.DataFrame):
    assert days[column].dtype == np.int64
    assert (days[column] >= 0).all()


@pytest.mark.parametrize("column", CONTRACT["shares"])
def test_shares_lie_between_0_and_1(column: str, days: pd.DataFrame):
    assert days[column].dtype == np.float64
    assert days[column].between(0.0, 1.0).all()


@pytest.mark.parametrize("column", CONTRACT["numbers"])
def test_numbers_are_finite_and_not_negative(column: str, days: pd.DataFrame):
    assert np.isfinite(days[column]).all()
    assert (days[column] >= 0.0).all()


@pytest.mark.parametrize("service", ["loyal", "shirking", "defected"])
def test_police_are_counted_by_force(service: str, days: pd.DataFrame):
    assert [f"police_{service}_{force}" for force in ("riot", "army")] == [
        name for name in days.columns if name.startswith(f"police_{service}_")
    ]


def test_there_is_a_row_a_day(days: pd.DataFrame):
    assert len(days) == DAYS
    assert days["date"].dt.date.tolist() == [START + dt.timedelta(days=number) for number in range(DAYS)]
    assert not days.isna().any().any()


def test_nobody_is_lost_or_counted_twice(days: pd.DataFrame):
    """Each evening. Those detained or killed today had been protesting, and are in both columns."""
    everyone = days[["bystanders", "protesting", "engaged", "in_detention", "exiled", "died"]].sum(axis=1)
    assert (everyone - days["detained_today"]).tolist() == [100_000] * DAYS


@pytest.mark.parametrize(
    ("column", "role"),
    [("bystanders", Role.BYSTANDER), ("engaged", Role.ENGAGED), ("in_detention", Role.DETAINED)],
    ids=lambda value: getattr(value, "name", value),
)
def test_column_is_what_a_look_at_every_citizen_finds(
    column: str, role: Role, days: pd.DataFrame, evenings: pd.DataFrame
):
    assert days[column].tolist() == evenings[role.name].tolist()


def test_the_exiled_and_the_dead_are_counted_apart(days: pd.DataFrame, evenings: pd.DataFrame):
    """From the evening on which they went; the exiled live."""
    assert days["exiled"].tolist() == evenings["EXILED"].tolist()
    assert days["died"].tolist() == evenings["DEAD"].tolist()


def test_protesters_of_the_day_are_at_home_or_detained_in_the_evening(days: pd.DataFrame, evenings: pd.DataFrame):
    assert (days["protesting"] - days["detained_today"]).tolist() == evenings["PROTESTER"].tolist()


def test_detention_is_a_stock_and_its_flows(days: pd.DataFrame, evenings: pd.DataFrame):
    """Tomorrow's prisoners are today's, those taken, less those released and those who died in contact."""
    died = evenings["DEAD"].diff().fillna(evenings["DEAD"])
    change = days["in_detention"].diff().fillna(days["in_detention"])
    assert change.tolist() == (days["detained_today"] - days["released_today"] - died).tolist()


@pytest.mark.parametrize("service", ["loyal", "shirking", "defected"])
def test_police_columns_are_what_a_look_at_every_officer_finds(
    service: str, days: pd.DataFrame, evenings: pd.DataFrame
):
    """Those who criticise are among the shirking; those who resigned or changed sides have defected."""
    found = days.filter(like=f"police_{service}_").sum(axis=1)
    forms = {"loyal": ["LOYAL"], "shirking": ["SHIRKING", "CRITICAL"], "defected": ["RESIGNED", "SWITCHED"]}
    assert found.tolist() == evenings[forms[service]].sum(axis=1).tolist()


@pytest.mark.parametrize(
    ("column", "form"),
    [("police_criticising", "CRITICAL"), ("police_resigned", "RESIGNED"), ("police_switched", "SWITCHED")],
)
def test_forms_of_disloyalty_are_what_a_look_at_every_officer_finds(
    column: str, form: str, days: pd.DataFrame, evenings: pd.DataFrame
):
    assert days[column].tolist() == evenings[form].tolist()


@pytest.mark.parametrize("cleavage", ["age", "camp", "settlement", "region", "class", "tactic"])
def test_those_in_action_add_up_over_the_groups_of_a_cleavage(cleavage: str, days: pd.DataFrame):
    assert days.filter(like=f"attending_{cleavage}_").sum(axis=1).tolist() == days["attending"].tolist()


def test_dispersion_and_coverage_are_those_of_the_places(days: pd.DataFrame, localities: pd.DataFrame):
    busiest = days["attending"].idxmax()
    there = localities.loc[localities["date"] == days["date"][busiest], "attending"].to_numpy()
    squares = float(((there / there.sum()) ** 2).sum())
    assert days["dispersion"][busiest] == pytest.approx(1.0 - squares)
    assert days["effective_localities"][busiest] == pytest.approx(1.0 / squares)
    counts = there / [60_000, 30_000, 10_000] >= 0.02
    assert days["coverage"][busiest + 1] == pytest.approx(float(counts @ [0.6, 0.3, 0.1]))


def test_no_officer_is_lost(days: pd.DataFrame):
    for force, persons in (("riot", 600), ("army", 400)):
        columns = [f"police_{service}_{force}" for service in ("loyal", "shirking", "defected")]
        assert days[columns].sum(axis=1).tolist() == [persons] * DAYS


def test_defection_is_for_good(days: pd.DataFrame):
    assert (days.filter(like="police_defected_").diff().dropna() >= 0).all().all()


def test_who_attends_is_willing_and_has_a_class_and_a_tactic(days: pd.DataFrame):
    assert (days["attending"] <= days["protesting"]).all()
    assert days.filter(like="attending_class_").sum(axis=1).tolist() == days["attending"].tolist()
    assert days.filter(like="attending_tactic_").sum(axis=1).tolist() == days["attending"].tolist()
    assert days.filter(like="striking_class_").sum(axis=1).tolist() == days["striking"].tolist()
    assert days["striking_class_others"].max() == 0  # they have no workplace


def test_first_times_add_up_to_those_who_ever_did(lived: tuple[State, Any], days: pd.DataFrame):
    assert days["first_time_ever"].tolist() == days["first_time_today"].cumsum().tolist()
    assert (days["first_time_today"] <= days["attending"]).all()
    assert days["first_time_ever"].iloc[-1] == int(lived[0].world.citizens.veteran.sum()) * PERSONS


def test_leading_tactic_is_that_of_most(days: pd.DataFrame):
    crowds = days.filter(like="attending_tactic_").sort_index(axis=1)  # of equal crowds the first by name
    leading = crowds.idxmax(axis=1).str.removeprefix("attending_tactic_")
    assert days["leading_tactic"].tolist() == leading.where(days["attending"] > 0, "none").tolist()


def test_a_day_without_action_has_no_leading_tactic():
    state = build(country({"people.motive.threshold_mean": 8.0, "events": {}}), 1, 1)
    step(state)
    assert state.recorder.national(state.config)["leading_tactic"].tolist() == ["none"]


def test_localities_have_their_columns_and_a_row_a_day_each(localities: pd.DataFrame):
    assert localities.columns.tolist() == OF_LOCALITIES
    assert len(localities) == 3 * DAYS
    assert localities["locality"].tolist() == ["Capital", "Port", "Hills"] * DAYS
    assert not localities.isna().any().any()


@pytest.mark.parametrize(
    ("local", "national"),
    [(name, name) for name in ("attending", "protesting", "engaged", "striking")] + [("detained", "detained_today")],
)
def test_localities_add_up_to_the_country(local: str, national: str, days: pd.DataFrame, localities: pd.DataFrame):
    assert localities.groupby("date")[local].sum().tolist() == days[national].tolist()


@pytest.mark.parametrize("service", ["loyal", "shirking", "defected"])
def test_police_of_localities_add_up(service: str, days: pd.DataFrame, localities: pd.DataFrame):
    found = localities.groupby("date")[f"police_{service}"].sum()
    assert found.tolist() == days.filter(like=f"police_{service}_").sum(axis=1).tolist()


def test_share_of_the_online_is_that_of_the_network(lived: tuple[State, Any], days: pd.DataFrame):
    """On a day without a cut all internet users are reached, and nobody else."""
    users = float((lived[0].world.citizens.media & 1).mean())
    uncut = days["shutdown"] == 0.0
    assert uncut.any()
    assert days["online_share"][uncut].to_numpy() == pytest.approx(users, abs=1e-9)
    assert (days["online_share"][~uncut] < users).all()


def test_summary_repeats_the_tables(lived: tuple[State, Any], days: pd.DataFrame, localities: pd.DataFrame):
    found = report(lived[0]).summary
    peak = int(days["attending"].idxmax())
    on_peak = localities[localities["date"] == days["date"][peak]]
    employed = (0.4 + 0.25) * 100_000
    assert found == {
        "peak_turnout": days["attending"].max(),
        "peak_turnout_share": days["attending"].max() / 100_000,
        "peak_date": days["date"][peak].date(),
        "peak_localities": (on_peak["attending"] > 0).sum(),
        "person_days_of_protest": days["attending"].sum(),
        "ever_protested": days["first_time_today"].sum(),
        "detained": days["detained_today"].sum(),
        "injured": days["injured_today"].sum(),
        "killed": days["killed_today"].sum(),
        "peak_striking": days["striking"].max(),
        "peak_striking_share_of_employed": pytest.approx(days["striking"].max() / employed),
        "strike_person_days": days["striking"].sum(),
        "police_resigned": days["police_resigned"].iloc[-1],
        "police_switched": days["police_switched"].iloc[-1],
        "coalition_days": found["coalition_days"],
        "peak_effective_localities": days["effective_localities"].max(),
        "peak_coverage": days["coverage"].max(),
        "crossed": days["crossed_today"].sum(),
        "peak_output_lost": days["output_lost"].max(),
        "general_strike_days": days["general_strike_days"].max(),
        "peak_sanctions": days["sanctions"].max(),
        "peak_cooptation": days["cooptation"].max(),
        "volunteers": days["volunteers"].iloc[-1],
        "police_defected": days.filter(like="police_defected_").iloc[-1].sum(),
        "peak_coalition_breadth": days["coalition_breadth"].max(),
        "peak_communities": days["communities"].max(),
        "elite_private_end": days["elite_private"].iloc[-1],
        "elite_public_end": days["elite_public"].iloc[-1],
        "legitimacy_end": days["legitimacy"].iloc[-1],
        "days": DAYS,
    }


def test_summary_of_a_run_in_which_nobody_comes():
    state = build(country({"people.motive.threshold_mean": 8.0, "events": {}}), 1, 1)
    for _ in range(3):
        step(state)
    found = report(state).summary
    assert found["peak_turnout"] == 0
    assert found["peak_coalition_breadth"] == 0.0


@pytest.mark.parametrize("persons_per_agent", [7_000, 20_000])
def test_nobody_is_lost_at_a_coarse_scale(persons_per_agent: int):
    """Every locality keeps an agent; together they stand for the country, to within half an agent."""
    config = country({"run.persons_per_agent": persons_per_agent, "events": {}, "people.motive.threshold_mean": 8.0})
    state = build(config, 1, 1)
    step(state)
    found = state.recorder.national(config)
    agents = state.world.citizens.role.size
    assert abs(agents * persons_per_agent - 100_000) <= persons_per_agent / 2
    assert found["bystanders"].tolist() == [agents * persons_per_agent]


def test_deaths_of_agents_follow_deaths_of_persons(lived: tuple[State, Any], days: pd.DataFrame):
    """Agents die as whole persons_per_agent have been killed in their locality, and never more."""
    state, killed = lived[0], int(days["killed_today"].sum())
    dead = int((state.world.citizens.role == Role.DEAD).sum())
    assert killed > 0
    assert dead * PERSONS + int(state.world.localities.deaths_owed.sum()) == killed
    assert state.world.localities.deaths_owed.max() < PERSONS


def test_no_more_than_all_of_the_employed_are_on_strike() -> None:
    """Agents of a class are whole ones, and may stand for more people than the scenario gives it."""
    assert summary_module._of_employed({"striking": np.array([0, 10**9])}, {}, country()) == 1.0
