"""Tables for Stata: names it takes, labels, days and text told apart; the do-file names what the table has."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from analysis.report.stata import RESERVED, names_of, script, table_for
from analysis.report.tables import write_csv
from sim.study import Keep, run_study
from tests.study_helpers import crowds

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
LABEL = re.compile(r'^label variable (\w+) "([^"`$]{1,80})"$')


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


def test_values_are_what_stata_reads() -> None:
    table = table_for(pd.DataFrame({"on": [True, False], "words": ["two\nlines", None], "n": [1.5, float("nan")]}))
    assert table.to_csv(index=False, lineterminator="\n") == "on,words,n\n1,two lines,1.5\n0,,\n"


def test_days_words_and_numbers_beyond_53_bits_are_read_as_text_and_days_turned() -> None:
    table = pd.DataFrame({"id": ["1e5", "77"], "seed": [2**60, 1], "day": ["2020-08-09", None], "x": [1, 2]})
    lines = script("runs.csv", table_for(table), table.columns, {"day": 'the "day" [$d]'}).splitlines()
    assert next(line for line in lines if line.startswith("import")).endswith("stringcols(1 2 3) clear")
    assert "label variable day \"the 'day' [d]\"" in lines
    assert 'generate double _day = daily(day, "YMD")' in lines
    assert [line for line in lines if "daily(" in line] == ['generate double _day = daily(day, "YMD")']
    assert lines[-1] == 'save "runs.dta", replace'


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "crowds"
    run_study(crowds(2, 3, keep=Keep(days=True)), folder, workers=1)
    return folder


@pytest.mark.parametrize("kind", ["study", "run"])
def test_every_column_of_every_table_is_taken_and_labelled(kind: str, study: Path, tmp_path: Path) -> None:
    folder = study if kind == "study" else sim.simulate("granovetter-1978").save(tmp_path / "run")
    files = write_csv(folder, tmp_path / "stata", stata=True)
    plain = write_csv(folder, tmp_path / "plain")
    tables = [path for path in files if path.suffix == ".csv"]
    assert len(files) == 2 * len(tables) == 2 * len(plain)
    for path, own in zip(tables, plain, strict=True):
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        before, *old = csv.reader(io.StringIO(own.read_text(encoding="utf-8")))
        assert all(map(is_taken, header))
        assert header == list(names_of(before).values())
        assert len(rows) == len(old) > 0
        do = path.with_suffix(".do").read_text(encoding="utf-8").splitlines()
        labelled = [match for match in map(LABEL.match, do) if match]
        assert [match[1] for match in labelled] == header
        assert f'import delimited "{path.name}"' in do[2]
        said = {match[1]: match[2] for match in labelled}
        if "active" in header:
            assert said["active"] != "active"
        if path.stem == "runs":
            assert said["population_thresholds_spread"].startswith("standard deviation")
