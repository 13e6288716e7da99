"""−1 stands for what never happened, and is no number: it is not averaged, compared, or searched for, but counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from compare_sides import side
from mini_country import mini
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.compare.comparison import compare_sides
from analysis.discover.condition import condition
from analysis.patterns.runs import Level, level
from analysis.sensitivity.outcomes import chosen, matrix, measure
from analysis.sweep.results import never, show_sweep, shown_points
from sim.measures.language import parse
from sim.measures.values import of_run, tables_of, values
from sim.models.declarations import Declarations, Declared
from sim.models.interface import declared
from sim.models.mobilisation.results import COLUMNS, NUMBERS, PLACES
from sim.models.results import how_often_never, without_never
from sim.run.load import load
from sim.study import read_study

OWN = Declared(COLUMNS, PLACES, NUMBERS)
NAME = "coalition_days"
HIGH = {"outcome.mass_turnout": 0.5}


def test_nothing_stands_where_it_never_happened():
    runs = without_never(pd.DataFrame({NAME: [3, -1, 0], "detained": [-1, 0, 4]}), NUMBERS)
    assert runs[NAME].tolist()[::2] == [3, 0]
    assert np.isnan(runs[NAME][1])
    assert runs["detained"].tolist() == [-1, 0, 4]
    assert how_often_never(runs, Declarations(NUMBERS).of(NAME)) == "no mass protest in 1 of 3 runs"
    assert how_often_never(runs, Declarations(NUMBERS).of("detained")) == ""


def test_every_number_that_can_say_never_is_declared_so():
    for model in ("belarus-2020", "epstein-2002-cop-reductions"):
        for one in declared(load(model).config).numbers:
            assert ("−1" in one.about) == bool(one.never), one.name


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four runs of a point in which mass protest never comes, and of one in which it does."""
    folder = tmp_path_factory.mktemp("never")
    mini(folder)
    text = "scenario: mini\ndesign: {kind: list, points: [{label: low, set: {outcome.mass_turnout: 0.0001}},"
    text += " {label: high, set: {outcome.mass_turnout: 0.5}}]}\nreplicates: 3\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    found = CliRunner().invoke(app, ["sweep", str(folder / "study.yaml"), "--days", "30", "--out", str(folder / "out")])
    assert found.exit_code == 0, found.output
    return folder / "out"


def test_a_study_read_back_has_nothing_there(study: Path):
    runs = read_study(study).runs
    assert runs[NAME].notna().tolist() == [True] * 3 + [False] * 3
    assert (
        CliRunner().invoke(app, ["rerun", str(study), runs["run_id"][3]]).exit_code == 0
    )  # stored as it was, bit for bit


def test_measures_of_a_study_and_of_a_run(study: Path):
    found = values(parse(NAME), read_study(study).runs, None)
    assert found.isna().tolist() == [False] * 3 + [True] * 3
    run = sim.simulate(study.parent / "mini.yaml", seed=1, days=5, overrides=HIGH)
    assert run.summary[NAME] == -1
    assert np.isnan(of_run(parse(NAME), tables_of(run)))


def test_levels_of_patterns_leave_them_out_and_say_how_many(study: Path):
    data = read_study(study)
    sample = level(data, Level(measure=NAME, at="high"))
    assert (sample.clusters, sample.left_out) == (0, 3)


def test_sweep_says_how_many(study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    data = read_study(study)
    monkeypatch.setattr("analysis.sweep.results.QUOTED", (NAME,))
    low, high = shown_points(data)
    assert low["medians"][NAME] >= 0
    assert np.isnan(high["medians"][NAME])
    (said,) = never(data)
    assert "no mass protest in 3 of 6 runs" in said
    show_sweep(data)
    assert "no mass protest in 3 of 6 runs" in " ".join(capsys.readouterr().out.split())


def test_sensitivity_does_not_take_them_for_numbers(study: Path):
    runs, points = read_study(study).runs, read_study(study).points
    wanted = measure(runs, NAME, OWN)
    with pytest.raises(Exception, match=r"has no value in 3 runs of 6 \(no mass protest\)"):
        matrix(runs, points, wanted)
    assert NAME not in [
        one.name
        for one in chosen(runs[["point", "replicate", "seed", "outcome", NAME, "detained", "peak_turnout"]], None, OWN)
    ]


def test_discovery_does_not_find_them_below_a_limit():
    table = pd.DataFrame({NAME: [3.0, np.nan, 0.0], "outcome": "contested"})
    asked = condition(table, f"{NAME}<=5", OWN, tuple)
    assert asked.happens(table).tolist() == [True, False, True]
    assert asked.never(table) == "no mass protest in 1 of 3 runs"


def test_a_comparison_leaves_out_their_pairs_and_says_so():
    a, b = side("A"), side("B", shift=3.0)
    for one, shown in ((a, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, np.nan]), (b, [np.nan] + [2] * 11)):
        one.runs[NAME] = shown
    (contrast,) = compare_sides((a, b), [NAME]).contrasts
    (effect,) = [one for one in contrast.effects if one.measure.name == NAME]
    assert effect.pairs == 10
    assert effect.mean_a == 6.5
    assert effect.mean_b == 2.0
    (note,) = [text for text in contrast.notes if "no mass protest" in text]
    assert "no mass protest in 1 of 12 runs of “A” and no mass protest in 1 of 12 runs of “B”" in note
    assert note.endswith("compared are the other 10 pairs")


def test_precision_does_not_count_them(tmp_path: Path):
    from sim.study.enough import Replication
    from sim.study.plan import Keep, Point, Precision, Study, plan

    bases = {"mini": load(mini(tmp_path))}
    points = (Point("one", "mini", {}), Point("other", "mini", HIGH))
    planned = plan(Study("s", bases, points, (1, 2, 3), Keep(), precision=Precision(NAME, 1.0, at_least=2)))
    judged = Replication(planned, ())
    row = {"point": 0, "outcome": "contested"}
    judged.take([row | {"replicate": 0, NAME: 4}, row | {"replicate": 1, NAME: -1}], lambda name: b"")
    assert judged.values[0, 0] == 4
    assert np.isnan(judged.values[0, 1])
