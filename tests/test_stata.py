"""Tables for Stata: names it takes, labels, days as its dates, what is missing, read back by two programs."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from analysis.report.stata import RESERVED, names_of, stata
from analysis.report.tables import write_tables
from sim.run.load import load
from sim.study import Keep, Point, Study, run_study
from tests.study_helpers import crowds
from tests.tiny_country import country_file

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")


def is_taken(name: str) -> bool:
    return bool(NAME.fullmatch(name)) and name not in RESERVED and not re.fullmatch(r"str\d+", name)


@given(st.lists(st.text(min_size=1, max_size=60), unique=True, max_size=30))
def test_names_are_taken_and_no_two_are_alike(columns: list[str]) -> None:
    names = names_of(columns)
    assert list(names) == columns
    assert all(map(is_taken, names.values()))
    assert len({name.lower() for name in names.values()}) == len(columns)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("peak_turnout", "peak_turnout"),
        ("mechanisms.backlash", "mechanisms_backlash"),
        ("police.loyalty.colleague_doubt.of_every_force", "colleague_doubt_of_every_force"),
        ('places.localities."St. Petersburg".lat', "localities_St_Petersburg_lat"),
        ("if", "_if"),
        ("2020", "_2020"),
        ("str9", "_str9"),
        ("протест", "column"),
    ],
)
def test_a_name_says_what_it_can_in_32_letters(column: str, name: str) -> None:
    assert names_of([column]) == {column: name}


def test_two_long_names_with_the_same_end_get_numbers() -> None:
    ending = "the_same_end_of_a_long_key_path"
    assert list(names_of([f"first.{ending}", f"second.{ending}", "x"]).values()) == [ending, f"{ending[:30]}_2", "x"]


DAY = pd.Timestamp("2020-08-09")
TABLE = pd.DataFrame(
    {
        "on": [True, False, True],
        "perhaps": [True, None, False],
        "words": ["two\nlines", None, "Гродно"],
        "number": [1.5, float("nan"), float("inf")],
        "count": [3, 2**40, -1],
        "some": pd.array([5, None, 7], dtype="Int64"),
        "seed": [2**60, 1, 2],
        "date": ["2020-08-09", None, "2020-12-31"],
        "key.path": [0.06, 0.12, 0.48],
        "nothing": [None, None, None],
        "letters": ["x" * 3000, "", "y"],
        "odd": pd.Series(["\udcff", "", ""], dtype=object),
    }
)
LABELS = {"date": 'the "day" [$d]', "key.path": "ü" * 90}


def written(folder: Path) -> Path:
    path = folder / "table.dta"
    path.write_bytes(stata(TABLE, LABELS, "made up"))
    return path


def test_pandas_reads_labels_dates_and_what_is_missing(tmp_path: Path) -> None:
    with pd.read_stata(written(tmp_path), iterator=True) as reader:
        labels, title, found = reader.variable_labels(), reader.data_label, reader.read()
    assert title == "made up"
    assert labels["date"] == "the 'day' [d]"
    assert labels["key_path"] == "ü" * 79 + "…"
    assert labels["count"] == "count"
    assert list(found) == [name.replace(".", "_") for name in TABLE]
    assert found["on"].tolist() == [1, 0, 1]
    assert found["perhaps"].isna().tolist() == [False, True, False]
    assert found["perhaps"].dropna().tolist() == [1, 0]
    assert found["words"].tolist() == ["two lines", "", "Гродно"]
    assert found["number"].isna().tolist() == [False, True, True]
    assert found["count"].tolist() == [3, 2**40, -1]
    assert found["some"].isna().tolist() == [False, True, False]
    assert found["seed"].tolist() == [str(2**60), "1", "2"]
    assert found["date"].tolist()[::2] == [DAY, pd.Timestamp("2020-12-31")]
    assert found["date"].isna().tolist() == [False, True, False]
    assert found["key_path"].tolist() == [0.06, 0.12, 0.48]
    assert found["nothing"].tolist() == ["", "", ""]
    assert found["letters"].tolist() == ["x" * 3000, "", "y"]
    assert found["odd"].tolist() == ["\\udcff", "", ""]


def test_readstat_reads_the_same(tmp_path: Path) -> None:
    """The library behind R's haven; a program that has nothing of pandas' own reader."""
    pyreadstat = pytest.importorskip("pyreadstat")
    found, about = pyreadstat.read_dta(str(written(tmp_path)))
    assert about.file_label == "made up"
    assert about.column_names_to_labels["date"] == "the 'day' [d]"
    assert about.column_names_to_labels["key_path"] == "ü" * 79 + "…"
    assert about.original_variable_types["date"] == "%td"
    assert [one if pd.isna(one) else str(one) for one in found["date"]][::2] == ["2020-08-09", "2020-12-31"]
    for name in ("perhaps", "number", "some", "date"):
        assert found[name].isna().tolist()[1], name
    assert found["seed"].tolist() == [str(2**60), "1", "2"]
    assert found["words"].tolist() == ["two lines", "", "Гродно"]
    assert found["count"].tolist() == [3, 2**40, -1]


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "table.dta"
    path.write_bytes(stata(TABLE.iloc[:0], LABELS, "none"))
    assert list(pd.read_stata(path)) == [name.replace(".", "_") for name in TABLE]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "crowds"
    run_study(crowds(2, 3, keep=Keep(days=True)), folder, workers=1)
    return folder


@pytest.mark.parametrize("kind", ["study", "run"])
def test_every_column_of_every_table_is_taken_and_labelled(kind: str, study: Path, tmp_path: Path) -> None:
    folder = study if kind == "study" else sim.simulate("granovetter-1978").save(tmp_path / "run")
    files = write_tables(folder, tmp_path / "stata", stata=True)
    plain = write_tables(folder, tmp_path / "plain")
    assert [path.name for path in files] == [f"{path.stem}.dta" for path in plain]
    for path, own in zip(files, plain, strict=True):
        with pd.read_stata(path, iterator=True) as reader:
            said, title, found = reader.variable_labels(), reader.data_label, reader.read()
        before = pd.read_csv(own)
        assert title == f"{folder.name}, {path.stem}: simulated by protestorate"
        assert all(map(is_taken, found))
        assert list(found) == list(names_of(before).values())
        assert len(found) == len(before) > 0
        for column, name in names_of(before).items():
            if pd.api.types.is_numeric_dtype(before[column]) and pd.api.types.is_numeric_dtype(found[name]):
                assert found[name].astype(float).equals(before[column].astype(float)), name
            else:
                texts = found[name].astype(str).where(found[name].notna(), "")
                assert texts.tolist() == before[column].astype(object).fillna("").astype(str).tolist(), name
        assert [column for column, name in names_of(before).items() if said[name] in ("", column)] == [
            one for one in before if one == "step"
        ]
        if "active" in said:
            assert said["active"] != "active"
        if path.stem == "runs":
            assert said["population_thresholds_spread"].startswith("standard deviation")


def test_days_of_a_country_are_dates_and_what_never_happened_is_missing(tmp_path: Path) -> None:
    run = sim.simulate(country_file(tmp_path), days=5)
    folder = run.save(tmp_path / "run")
    days, localities = write_tables(folder, tmp_path / "stata", stata=True)
    for path, own in ((days, run.days), (localities, run.localities)):
        found = pd.read_stata(path)
        assert found["date"].tolist() == pd.to_datetime(own["date"]).tolist()
    quiet = load(country_file(tmp_path), {"people.motive.threshold_mean": 8.0})
    quiet_study = Study("quiet", {"tiny": quiet}, (Point("quiet", "tiny", {}),), (1, 2), Keep(), days=3)
    run_study(quiet_study, tmp_path / "study", workers=1)
    _, runs = write_tables(tmp_path / "study", tmp_path / "quiet", stata=True)
    assert pd.read_stata(runs)["coalition_days"].isna().all()
    assert pd.read_stata(runs)["peak_turnout"].tolist() == [0, 0]
