"""Campaigns of a table: no scenario sees the end, scores are what they are called, mistakes have a line."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.calibration.evaluate import JOURNAL
from analysis.campaigns import score
from analysis.campaigns.joint import CASES, Anchor, anchored
from analysis.campaigns.judge import SUCCESS, chances, succeeded
from analysis.campaigns.learn import effective, learned, weights
from analysis.campaigns.report import PLACES
from analysis.campaigns.runs import SHIFTS, THRESHOLD, Plan, bases_of, disobeyed, given_peak, studies_of
from analysis.campaigns.table import ENDS, FACTS_OF, NAMED, card_of, only, read_campaigns
from analysis.campaigns.unknown import drawn, spans_of
from analysis.campaigns.why import GROUPS, movers, usual, without
from analysis.cli import app
from analysis.patterns.load import find_pattern
from sim.cards import FACTS, new_case, read_card
from sim.core.errors import ScenarioError
from sim.models.mobilisation.outcome import OUTCOMES
from sim.run.find import find

COLUMNS = (*NAMED, *FACTS_OF, *ENDS)
ROWS = (
    ("a-2001", "First", "Tonga", {"iso3": "TON", "onset_date": "2001-03-04", "trigger_kind": "economic",
     "regime_type": "monarchy", "population": "100000", "urban_share": "0.23", "freedom_house_pr": "5"},
     ("success", "resigned", "40", "0.02", "1", "0")),
    ("b-2010", "Second", "Fiji", {"iso3": "FJI", "onset_date": "2010-05", "trigger_kind": "killing",
     "regime_type": "indirect military", "population": "860000", "foreign_patron": "1"},
     ("failure", "crushed", "90", "0.001", "0", "4")),
    ("c-1989", "Third", "Czechoslovakia", {"iso3": "CSK", "onset_date": "1989", "trigger_kind": "other",
     "regime_type": "", "population": "15600000", "conscription": "1"},
     ("partial", "negotiated", "12", "", "", "")),
)  # fmt: skip


def write(folder: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    path = folder / "campaigns.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def rows() -> list[dict[str, str]]:
    return [
        {"campaign_id": one, "name": name, "country": country, **facts, **dict(zip(ENDS, end, strict=True))}
        for one, name, country, facts, end in ROWS
    ]


def test_no_scenario_depends_on_what_came_of_a_campaign(tmp_path: Path):
    """Outcomes shuffled over rows, and every other column that is no fact spoilt: the same bytes."""
    before = {one.id: new_case(card_of(one)).text for one in read_campaigns(write(tmp_path, rows())).rows}
    spoilt, ends = rows(), [{name: row[name] for name in ENDS} for row in rows()]
    random.Random(3).shuffle(ends)
    assert ends != [{name: row[name] for name in ENDS} for row in rows()]
    spoilt = [row | end for row, end in zip(spoilt, ends, strict=True)]
    after = {one.id: new_case(card_of(one)).text for one in read_campaigns(write(tmp_path, spoilt)).rows}
    assert after == before


def test_facts_and_ends_are_other_columns_and_every_fact_exists():
    assert not set(FACTS_OF) & set(ENDS)
    assert set(FACTS_OF.values()) <= set(FACTS)


def test_a_fact_does_move_a_scenario(tmp_path: Path):
    changed = rows()
    changed[0]["freedom_house_pr"] = "2"
    one, other = (read_campaigns(write(tmp_path, table)).rows[0] for table in (rows(), changed))
    assert new_case(card_of(one)).text != new_case(card_of(other)).text


def test_cards_of_rows_take_what_is_known_and_fill_the_rest(tmp_path: Path):
    first, second, third = map(card_of, read_campaigns(write(tmp_path, rows())).rows)
    assert first["regime"] == "monarchy"
    assert "income" in first.missing
    assert (second["regime"], second["patron"], str(second["trigger_date"])) == ("military", 0.5, "2010-05-15")
    assert (third["regime"], third["conscription"], str(third["trigger_date"])) == ("unknown", True, "1989-07-01")


BAD = (
    ("iso3", "XQX", "there is no country of this ISO code"),
    ("onset_date", "2001-02-30", "must be a date that exists"),
    ("urban_share", "23", "so 0.4 for 40 per cent"),
    ("urban_share", "much", "must be a number"),
    ("outcome", "sucess", "did you mean 'success'"),
    ("peak_share_of_population", "2", "must be a number of 0 to 1"),
    ("regime_type", "monarky", "did you mean 'monarchy'"),
    ("trigger_kind", "", "is empty"),
    ("campaign_id", "b-2010", "stands in line"),
)


@pytest.mark.parametrize(("column", "value", "said"), BAD)
def test_a_wrong_cell_is_told_with_its_line_and_column(tmp_path: Path, column: str, value: str, said: str):
    table = rows()
    table[0][column] = value
    with pytest.raises(ScenarioError) as caught:
        read_campaigns(write(tmp_path, table))
    problem = next(one for one in caught.value.problems if said in str(one))
    assert (problem.path, problem.line) == (column, 3 if column == "campaign_id" else 2)


@pytest.mark.parametrize("name", ["../../etc/x", "a/b", ".hidden", "a\\b", "x" * 101, "a:b"])
def test_a_campaign_is_called_as_a_file_can_be(tmp_path: Path, name: str):
    table = rows()
    table[0]["campaign_id"] = name
    with pytest.raises(ScenarioError, match="campaign_id: must be letters, digits") as caught:
        read_campaigns(write(tmp_path, table))
    assert caught.value.problems[0].line == 2


def test_missing_columns_and_unknown_campaigns_end_with_code_2(tmp_path: Path):
    path = write(tmp_path, rows(), tuple("urban_shares" if name == "urban_share" else name for name in COLUMNS))
    ran = CliRunner().invoke(app, ["findings", "campaigns", "--data", str(path)])
    assert ran.exit_code == 2
    assert "campaigns.csv:1: urban_share: the table has no such column, did you mean 'urban_shares'?" in ran.stderr
    with pytest.raises(ScenarioError, match="did you mean 'a-2001'"):
        only(read_campaigns(write(tmp_path, rows())), ["a-2002"])


def test_as_many_runs_over_sizes_as_by_the_first_day(tmp_path: Path):
    campaigns = only(read_campaigns(write(tmp_path, rows())), ["a-2001"])
    bases = bases_of(campaigns, 1000)
    before, sizes = studies_of(bases, Plan(tuple(range(20)), 1000), {}).values()
    assert len(before.points) * len(before.seeds) == len(sizes.points) * len(sizes.seeds) == 20
    usual = bases["a-2001"].config.people.motive.threshold_mean
    assert [point.overrides["people.motive.threshold_mean"] - usual for point in sizes.points] == pytest.approx(SHIFTS)


def test_every_campaign_runs_under_the_same_sets(tmp_path: Path):
    bases = bases_of(only(read_campaigns(write(tmp_path, rows())), ["a-2001", "c-1989"]), 1000)
    study = studies_of(bases, Plan(tuple(range(20)), 1000, sets=7), {})["unknown"]
    assert len(study.points) == 14
    assert len(study.seeds) == 2
    one, other = ([point.overrides for point in study.points if point.base == name] for name in bases)
    assert one == other
    for path, span in spans_of(bases["a-2001"]).items():
        strata = sorted(int(7 * span.position(values[path])) for values in one)
        assert strata == list(range(7)), path  # each stratum once; rounding stays within it


def test_every_fact_that_is_known_before_is_made_usual_once():
    grouped = [column for columns in GROUPS.values() for column in columns]
    assert sorted(grouped) == sorted(set(FACTS_OF) - {"iso3", "onset_date", "population"})


def test_a_campaign_with_usual_facts_differs_in_these_alone(tmp_path: Path):
    campaigns = read_campaigns(write(tmp_path, rows()))
    typical = usual(campaigns)
    assert typical["trigger_kind"] == "economic"
    assert typical["urban_share"] == "0.23"
    assert typical["median_age"] == ""
    one = campaigns.rows[1]
    other = without(one, "people", typical)
    assert {column for column in one.row if one.row[column] != other.row[column]} == {"urban_share"}
    assert without(one, "trigger", typical).row["trigger_kind"] == "economic"


def test_what_moves_a_chance_most_comes_first_and_little_is_not_told():
    others = {"ruler": 0.3, "forces": 0.65, "economy": 0.52, "patron": 0.1, "people": 0.44}
    assert movers(0.5, others) == "patron +0.40, ruler +0.20, forces −0.15"
    assert movers(0.5, {"ruler": 0.53}) == ""


def test_sets_that_fit_elsewhere_weigh_more():
    """Likelihoods 0.75 * 0.75, 0.25 * 0.25 and, where a set has no run, 0.5 * 0.75."""
    chance = np.array([[0.75, 0.25, np.nan], [0.25, 0.75, 0.25]])
    weight = weights(chance, np.array([1.0, 0.0]))
    assert weight == pytest.approx(np.array([0.5625, 0.0625, 0.375]))
    assert effective(weight) == pytest.approx(1.0 / (0.5625**2 + 0.0625**2 + 0.375**2))
    third = np.vstack([chance, [0.9, 0.1, 0.5]])
    told = learned(third, np.array([1.0, 0.0, 0.0]))(np.array([0, 1]), np.array([2]))
    assert told == pytest.approx([0.5625 * 0.9 + 0.0625 * 0.1 + 0.375 * 0.5])


def test_chances_that_differ_by_the_order_of_a_sum_are_tied():
    one = np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1])
    assert one[0] != one[1]
    assert score.auc(one, np.array([1.0, 0.0])) == 0.5


def test_targets_weigh_sets_but_for_campaigns_of_their_own_country():
    """exp(-d/2): a distance of 2 ln 3 more makes a set a third as likely."""
    chance = np.full((3, 2), 0.5)
    anchor = Anchor("x", "FJI", 4, np.array([1.0, 1.0 + 2.0 * np.log(3.0)]), np.array([4, 2]), 1.0, 4)
    assert weights(chance, np.array([1.0, 0.0, 1.0]), [anchor]) == pytest.approx([0.75, 0.25])
    chance[2] = [0.8, 0.4]
    for countries, expected in ((("TON", "FJI", "CZE"), 0.7), (("TON", "CZE", "FJI"), 0.6)):
        fit = learned(chance, np.array([1.0, 0.0, 1.0]), countries, [anchor])
        assert fit(np.array([0, 1]), np.array([2])) == pytest.approx([expected]), countries


def test_the_countries_of_the_two_cases_are_those_of_their_cards():
    cards = {name: read_card(find(name).parent / "cards" / f"{name}.card.yaml") for name in CASES}
    assert {name: card["country"] for name, card in cards.items()} == CASES


def test_both_cases_answer_every_set_and_go_on_where_they_stopped(tmp_path: Path):
    plan, said = Plan((1,), 1000, sets=2), list[tuple[str, int, int, str]]()
    found = anchored(plan, tmp_path, 1, lambda *told: said.append(told))
    assert [(one.case, one.country) for one in found] == list(CASES.items())
    assert {(title, total) for title, _, total, _ in said} == {(f"{name}: targets", 3) for name in CASES}
    for one in found:
        assert one.distance.shape == one.met.shape == (2,)
        assert one.targets >= max(one.own_met, *one.met)
    assert np.ptp(found[0].distance) > 0.0  # the sets reach Belarus's runs; five days of Russia hardly tell
    again = anchored(plan, tmp_path, 1, lambda *told: pytest.fail(f"runs again: {told}"))
    assert [one.distance.tolist() for one in again] == [one.distance.tolist() for one in found]
    sets = drawn(spans_of(bases_of(read_campaigns(write(tmp_path, rows())), 1000)["a-2001"]), 2)
    for name in CASES:
        entries = [json.loads(line)["values"] for line in (tmp_path / name / JOURNAL).read_text().splitlines()]
        assert entries == [{}, *({path: x for path, x in one.items() if path != THRESHOLD} for one in sets)]


def test_the_runs_nearest_to_the_observed_peak_speak():
    runs = pd.DataFrame({"campaign": "x", "seed": range(30), "peak": np.logspace(-5, -1, 30)})
    near = given_peak(runs, 0.01, 1e-4)["peak"]
    assert len(near) == 8
    assert near.min() > 0.002
    assert near.max() < 0.05
    assert len(given_peak(runs, float("nan"), 1e-4)) == 30


def test_chances_stay_off_0_and_1():
    runs = pd.DataFrame({"campaign": ["x"] * 4 + ["y"] * 4, "success": [1, 1, 1, 1, 0, 0, 0, 1]})
    assert chances(runs, ["y", "x"], "success").tolist() == pytest.approx([0.3, 0.9])


def test_scores_are_those_of_hand_worked_cases():
    happened = np.array([1.0, 1.0, 0.0, 0.0])
    chance = np.array([0.9, 0.4, 0.4, 0.1])
    assert score.brier(chance, happened) == pytest.approx((0.01 + 0.36 + 0.16 + 0.01) / 4)
    assert score.auc(chance, happened) == pytest.approx(3.5 / 4)
    assert score.auc(np.full(4, 0.5), happened) == 0.5
    expected = -(np.log(0.9) + np.log(0.4) + np.log(0.6) + np.log(0.9)) / 4
    assert score.log_loss(chance, happened) == pytest.approx(expected)


def test_folds_keep_countries_whole_and_nothing_is_judged_by_what_saw_it():
    clusters = np.repeat(np.arange(12), 3)
    for split in range(3):
        of = score.folds(clusters, split)
        assert all(len(set(of[clusters == country])) == 1 for country in range(12))
    happened = (clusters % 2).astype(float)
    seen: list[bool] = []

    def fit(train: np.ndarray, test: np.ndarray) -> np.ndarray:
        seen.append(bool(set(clusters[train]) & set(clusters[test])))
        return np.full(len(test), happened[train].mean())

    chance = score.out_of_fold(clusters, fit)
    assert not any(seen)
    assert chance.shape == happened.shape
    assert score.auc(chance, happened) <= 0.5


def test_a_regression_finds_what_is_there_and_an_uninformed_model_gains_nothing():
    generator = np.random.default_rng(5)
    clusters = np.repeat(np.arange(60), 2)
    signal = generator.normal(size=120)
    happened = (generator.random(120) < 1.0 / (1.0 + np.exp(-2.0 * signal))).astype(float)
    found = score.out_of_fold(clusters, score.regression(happened, signal[:, None]))
    assert score.auc(found, happened) > 0.7
    base = score.out_of_fold(clusters, score.base_rate(happened))
    assert score.gain(found, base, happened, clusters).low > 0.0
    noise = generator.random(120)
    assert score.gain(noise, base, happened, clusters).high < 0.0


def test_reliability_counts_every_campaign_once():
    chance = np.array([0.1, 0.1, 0.5, 0.9, 0.95])
    table = score.reliability(chance, np.array([0.0, 1.0, 1.0, 1.0, 1.0]), np.arange(5))
    assert table["campaigns"].tolist() == [2, 0, 1, 0, 2]
    assert table["happened"].iloc[0] == 0.5


@pytest.mark.slow
def test_the_command_runs_a_table_fills_a_document_and_goes_on_where_it_stopped(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, rows()[:2])
    marks = "".join(f"<!-- begin: {name} -->\n<!-- end: {name} -->\n" for name in PLACES)
    Path("d.md").write_text(marks, encoding="utf-8")
    monkeypatch.setattr("analysis.campaigns.table.DAYS", 40)
    words = ["findings", "campaigns", "--data", "campaigns.csv", "--seeds", "1", "--agents", "500"]
    words += ["--workers", "1", "--sets", "3", "--why", "1"]
    first = CliRunner().invoke(app, [*words, "--write", "d.md"])
    assert first.exit_code == 0, first.output
    text = Path("d.md").read_text(encoding="utf-8")
    assert "2 campaigns of 2 countries; 2 runs by the facts of the first day, 8 over sizes and 6 over 3 sets" in text
    assert "18 with some facts as they usually are" in text
    assert "| moved by |" in text
    assert "ridge regression on the same facts and the peak" in text
    assert Path("d.png").stat().st_size > 1000
    runs = sorted(path.stat().st_mtime_ns for path in Path("results").rglob("*.parquet"))
    again = CliRunner().invoke(app, [*words, "--write", "d.md"])
    assert again.exit_code == 0
    assert Path("d.md").read_text(encoding="utf-8") == text
    assert sorted(path.stat().st_mtime_ns for path in Path("results").rglob("*.parquet")) == runs


def test_success_is_the_same_word_for_campaigns_and_cases():
    assert succeeded(["falls", "flees", "ousted by the army", "negotiates", "demobilised", "war"]).tolist() == [
        *[True] * 4,
        False,
        False,
    ]
    assert set(SUCCESS) <= set(OUTCOMES)


def test_without_a_table_the_command_judges_the_project_s_own_cases(tmp_path: Path, monkeypatch):
    """Both names of the command go the same way: the same refusal of a document that has no place for the table."""
    monkeypatch.chdir(tmp_path)
    Path("d.md").write_text("nothing", encoding="utf-8")
    one, other = (CliRunner().invoke(app, ["findings", name, "--write", "d.md"]) for name in ("campaigns", "cases"))
    assert (one.exit_code, other.exit_code) == (2, 2)
    assert "d.md: has no place for the table 'outcomes'" in one.stderr
    assert one.stderr == other.stderr
    refused = CliRunner().invoke(app, ["findings", "campaigns", "--only", "sudan-2018"])
    assert (refused.exit_code, "--only: is of a table of campaigns" in refused.stderr) == (2, True)


def test_forces_have_defected_below_the_share_that_every_check_of_the_pattern_has() -> None:
    text = find_pattern("defection-and-success").read_text(encoding="utf-8")
    cuts = re.findall(r'number: "min:coercion", below: ([0-9.]+)', text)
    assert len(cuts) == 5
    assert {float(cut) for cut in cuts} == {disobeyed()}
