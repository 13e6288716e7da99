"""Tables of events read: each layout, each kind of file, words and dates, places, and every mistake at its place."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_country import mini
from openpyxl import Workbook
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.cli import app
from analysis.events.cells import DateReader, NoDateError, amount
from analysis.events.files import read_raw
from analysis.events.layout import FOLDER, read_layout
from analysis.events.observe import _daily
from analysis.events.places import ALIKE, LETTERS, MAPPED, NEAR, NONE, SEVERAL, Localities, distance, read_map
from analysis.events.read import read_file
from analysis.events.report import FILES, write_reading
from analysis.events.reporting import FOLDER as REPORTING
from analysis.events.reporting import read_reporting
from analysis.events.table import COLUMNS, as_csv, read_events
from analysis.events.targets import _by_day
from analysis.patterns.load import load_pattern, patterns
from sim.core.errors import ProtestorateError, ScenarioError
from sim.run.find import shipped
from sim.run.load import load

DATA = Path(__file__).parent / "events"
WORDS = read_reporting().words


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load(mini(tmp_path_factory.mktemp("case"))).config


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return [
        tuple(row) for row in table[list(columns)].astype(object).where(table[list(columns)].notna(), None).to_numpy()
    ]


def reading(config: Any, path: Path, layout: str, **options: Any) -> Any:
    return read_file(path, read_layout(layout), config, WORDS, **{"within": 25.0, **options})


# The layouts


def test_acled(config: Any) -> None:
    found = reading(config, DATA / "acled.csv", "acled")
    assert rows(found.table, "event", "place", "matched", "kind", "response") == [
        ("XXX1", "Aville", "exact", "protest", "none"),
        ("XXX2", "Btown", "alike", "strike", "dispersal"),
        ("XXX3", "Cvillage", "nearest", "protest", "unknown"),
        ("XXX4", "", "none", "protest", "killings"),
    ]
    assert rows(found.table, "participants_low", "participants_high", "detained", "killed") == [
        (20_000.0, 99_999.0, None, 0.0),
        (240.0, 375.0, 12.0, 0.0),
        (None, None, None, 1.0),
        (1000.0, 2000.0, None, 2.0),
    ]
    assert found.unmatched.to_dict("records") == [{"place": "Faraway", "events": 1, "why": NONE, "nearest": ""}]
    assert found.notes == ["1 of 5 rows is something else by the layout, or by --where"]


def test_mass_mobilization(config: Any) -> None:
    found = reading(config, DATA / "mass-mobilization.csv", "mass-mobilization")
    first, second = found.table.to_dict("records")
    assert (first["date"], first["last_date"]) == (pd.Timestamp("2020-08-09"), pd.Timestamp("2020-08-11"))
    assert (first["participants_low"], first["participants_high"]) == (20_000.0, 99_999.0)
    assert (first["place"], first["response"]) == ("Aville", "none")
    assert (second["place"], second["response"]) == ("", "arrests")  # of two answers the severer
    assert (second["participants_low"], second["participants_high"]) == (100.0, 999.0)
    assert second["participants"] == pytest.approx(math.sqrt(99_900))


def test_mmad(config: Any) -> None:
    found = reading(config, DATA / "mmad.csv", "mmad", where={"side": "0"})
    assert rows(found.table, "place", "participants", "response") == [
        ("Aville", 15_000.0, "none"),
        ("Btown", 250.0, "dispersal"),
    ]


def test_navco3(config: Any) -> None:
    found = reading(config, DATA / "navco3.csv", "navco3")
    assert rows(found.table, "place", "matched", "kind", "participants_high", "killed") == [
        ("Aville", "exact", "protest", 3000.0, None),
        ("", SEVERAL, "strike", None, 2.0),
    ]
    assert found.table["injured"].tolist() == [4.0, pytest.approx(math.sqrt(30_000))]


def test_a_layout_of_ones_own_has_the_same_form(config: Any, tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(
        "title: Mine\nsource: assumption\ndate: {column: tag, order: day-first}\n"
        "fields: {place: [{column: [ort]}], participants: [{column: [zahl], optional: true}]}\n"
    )
    data = tmp_path / "meine.csv"
    data.write_text("Tag;Ort;Zahl\n03.09.2020;Aville;1.500\n04.09.2020;Btown;hunderte\n".replace("1.500", "1500"))
    with pytest.raises(ScenarioError, match=r"meine.csv:3:3: zahl: is no number of persons .* \(given 'hunderte'\)"):
        reading(config, data, str(own))
    data.write_text("Tag;Ort;Zahl\n03.09.2020;Aville;1500\n04.09.2020;Btown;hundreds of people\n")
    assert reading(config, data, str(own)).table["participants_high"].tolist() == [1500.0, 999.0]


@pytest.mark.parametrize("name", list(shipped(FOLDER)))
def test_every_layout_is_valid(name: str) -> None:
    assert "place" in read_layout(name).fields


# The kinds of file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(separator.join(("date", "place")).encode(encoding) if encoding != "x" else b"")
    file.write_bytes(f"date{separator}place\r\n2020-08-09{separator}Гродно\r\n".encode(encoding))
    raw = read_raw(file, encoding="cp1251" if encoding == "cp1251" else None)
    assert raw.columns == ("date", "place")
    assert raw.rows == [(2, ["2020-08-09", "Гродно"])]


def test_another_encoding_must_be_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("date,place\n2020-08-09,Гродно\n".encode("cp1251"))
    with pytest.raises(ScenarioError, match=r"a.csv:2:12: is not in utf-8; say in what it is with --encoding"):
        read_raw(file)


def test_workbooks_with_dates_as_dates_and_as_numbers(config: Any, tmp_path: Path) -> None:
    lines = (DATA / "mmad.csv").read_text(encoding="utf-8").splitlines()
    book = Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line.split(","))
    sheet["B2"], sheet["B3"], sheet["B4"] = dt.datetime(2020, 8, 9), 44053, "44053"
    file = tmp_path / "mmad.xlsx"
    book.save(file)
    found = reading(config, file, "mmad")
    assert [str(day.date()) for day in found.table["date"]] == ["2020-08-09", "2020-08-10", "2020-08-10"]
    assert found.notes == ["2 dates were numbers, as Excel writes them, and were taken for days since 1899-12-30"]
    with pytest.raises(ScenarioError, match=r"--sheet: there is no such sheet; there are Sheet \(given 'Tabelle'\)"):
        read_raw(file, sheet="Tabelle")


def test_parquet(config: Any, tmp_path: Path) -> None:
    file = tmp_path / "mmad.parquet"
    pd.read_csv(DATA / "mmad.csv", parse_dates=["event_date"]).to_parquet(file)
    same, other = reading(config, file, "mmad").table, reading(config, DATA / "mmad.csv", "mmad").table
    pd.testing.assert_frame_equal(same.drop(columns=["row", "event"]), other.drop(columns=["row", "event"]))


# Words and dates


@pytest.mark.parametrize(
    ("said", "low", "middle", "high"),
    [
        ("300", 300, 300, 300),
        ("1,200 people", 1200, 1200, 1200),
        ("10 000", 10_000, 10_000, 10_000),
        ("1.5k", 1500, 1500, 1500),
        ("100-400", 100, 200, 400),
        ("between 2 and 8 thousand", 2000, 4000, 8000),
        (">10000", 10_000, math.sqrt(2) * 10_000, 20_000),
        ("50+", 50, math.sqrt(2) * 50, 100),
        ("up to 200", 100, math.sqrt(2) * 100, 200),
        ("about 500", 400, 500, 625),
        ("Hundreds of protesters", 200, math.sqrt(200 * 999), 999),
        ("several hundred", 300, math.sqrt(300 * 900), 900),
        ("a dozen", 10, math.sqrt(150), 15),
        ("tens of thousands", 20_000, math.sqrt(20_000 * 99_999), 99_999),
        ("at least dozens", 24, math.sqrt(24 * 99), 99),
    ],
)
def test_sizes_in_digits_and_words(said: str, low: float, middle: float, high: float) -> None:
    assert amount(said, WORDS) == pytest.approx((low, middle, high))


@given(st.integers(0, 10**8))
def test_every_number_is_itself(value: int) -> None:
    assert amount(f"{value:,}", WORDS) == amount(str(value), WORDS) == (value, value, value)


@pytest.mark.parametrize(
    ("said", "why"), [("-5", "must not be negative"), ("many", "no number"), ("9-3", "larger than")]
)
def test_sizes_that_cannot_be_read(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        amount(said, WORDS)


def acled(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = (DATA / "acled.csv").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "changed.csv"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(config: Any, path: Path, layout: str = "acled", **options: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        reading(config, path, layout, **options)
    return str(caught.value).replace(f"{path.parent}/", "").splitlines()


def test_one_order_of_day_and_month_is_found_and_two_are_refused(config: Any, tmp_path: Path) -> None:
    layout = tmp_path / "own.yaml"
    layout.write_text("title: Own\nsource: assumption\ndate: {column: day}\nfields: {place: [{column: [place]}]}\n")
    file = tmp_path / "days.csv"
    file.write_text("day,place\n03/04/2020,Aville\n25/04/2020,Aville\n")
    assert reading(config, file, str(layout)).table["date"].dt.month.tolist() == [4, 4]
    file.write_text("day,place\n03/04/2020,Aville\n25/04/2020,Aville\n04/26/2020,Aville\n")
    said = mistakes(config, file, str(layout))
    assert [line.split(" ")[0] for line in said[:2]] == ["days.csv:3:1:", "days.csv:4:1:"]
    assert "has the day first, and another row of this column the other way round" in said[0]
    file.write_text("day,place\n03/04/2020,Aville\n")
    assert mistakes(config, file, str(layout)) == [
        "days.csv:2:1: day: day and month cannot be told apart: say which is first with --date-order "
        "(given '03/04/2020')"
    ]
    assert reading(config, file, str(layout), date_order="month-first").table["date"].dt.month.tolist() == [3]


# Mistakes


def test_every_mistake_is_said_with_row_column_and_value(config: Any, tmp_path: Path) -> None:
    file = acled(
        tmp_path,
        ("XXX2,2020-08-10", "XXX2,2020-13-10"),
        ("crowd size=more than 1000", "crowd size=hundrets"),
        ("station burnt.,1,", "station burnt.,-1,"),
        ("10.0,10.0", "10.0,999"),
    )
    said = mistakes(config, file)
    assert [line.split(": ")[0] for line in said] == [
        "changed.csv:3:2", "changed.csv:4:16", "changed.csv:5:13", "changed.csv:5:17",
    ]  # fmt: skip
    assert "is no date: month must be in 1..12 (given '2020-13-10')" in said[0]
    assert "fatalities: must not be negative (given '-1')" in said[1]
    assert "longitude: must be a number of -180 to 180 (given '999')" in said[2]
    assert said[3].endswith("(given 'hundrets'), did you mean 'hundreds'?")


def test_columns_that_are_not_there(config: Any, tmp_path: Path) -> None:
    assert mistakes(config, acled(tmp_path, (",fatalities,", ",fatality,"))) == [
        "changed.csv:1: the file has no column 'fatalities', did you mean 'fatality'?"
    ]


def test_duplicates_are_refused_dropped_or_kept(config: Any, tmp_path: Path) -> None:
    file = acled(tmp_path, ("XXX2,", "XXX1,"))
    assert mistakes(config, file) == [
        "changed.csv:3:1: event_id_cnty: the event has the id of row 2: mend it, or choose --duplicates drop or keep "
        "(given 'XXX1')"
    ]
    assert reading(config, file, "acled", duplicates="drop").counts["events"] == 3
    assert reading(config, file, "acled", duplicates="keep").counts["events"] == 4
    twice = tmp_path / "mmad.csv"
    lines = (DATA / "mmad.csv").read_text(encoding="utf-8").splitlines()
    twice.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    assert "mmad.csv:5:2: event_date: the event is alike in every cell of row 2" in mistakes(config, twice, "mmad")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "changed.csv: is empty"),
        ("a,b\n", "changed.csv: has no rows: there is nothing to read"),
        ("a,b\n1,2,3\n", "changed.csv:2: has 3 cells, and the header has 2"),
        ("a,a\n1,2\n", "changed.csv:1: two columns have this name (given 'a')"),
        ('a,b\n1,"2\n', "changed.csv:2: is no table: unexpected end of data"),
    ],
)
def test_files_that_are_no_table(config: Any, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "changed.csv"
    file.write_text(text)
    assert mistakes(config, file) == [said]


def test_nothing_is_left_when_no_row_counts(config: Any) -> None:
    (said,) = mistakes(config, DATA / "mmad.csv", "mmad", where={"side": "7"})
    assert said.endswith("mmad.csv: none of its 3 rows counts: those do where side is 7")


# Places

TOWNS = {"Minsk": (53.9, 27.57), "Zhodzina": (54.1, 28.33), "Šiauliai": (55.93, 23.31), "Nova": (50.0, 30.0)}


def localities(within: float = 0.0, **own: str | None) -> Localities:
    return Localities(TOWNS, within, own)


@pytest.mark.parametrize(
    ("name", "place", "how"),
    [
        ("Minsk", "Minsk", "exact"),
        (" MINSK ", "Minsk", ALIKE),
        ("S\u030ciauliai", "Šiauliai", ALIKE),  # the caron apart: NFC joins it
        ("Siauliai", "Šiauliai", LETTERS),
        ("Минск", "Minsk", LETTERS),
        ("Victory Square, Minsk", "Minsk", "exact"),
        ("Minsk, Nova", "", SEVERAL),
        ("Mensk", "", NONE),
        ("", "", NONE),
    ],
)
def test_places_by_name(name: str, place: str, how: str) -> None:
    assert localities().match(name) == (place, how)


def test_places_by_distance_and_by_a_map(tmp_path: Path) -> None:
    near = (53.95, 27.6)
    assert distance(near, TOWNS["Minsk"]) == pytest.approx(5.9, abs=0.1)
    assert localities(10.0).match("Kalodzishchy", near) == ("Minsk", NEAR)
    assert localities(5.0).match("Kalodzishchy", near) == ("", NONE)
    assert localities(10.0, Kalodzishchy="Nova").match("kalodzishchy", near) == ("Nova", MAPPED)
    assert localities(10.0, Xland=None).match("Xland", near) == ("", "country")


def test_a_map_with_an_unknown_locality(config: Any, tmp_path: Path) -> None:
    own = tmp_path / "map.yaml"
    own.write_text("Faraway: Avile\n")
    (said,) = mistakes(config, DATA / "acled.csv", own_map=own)
    assert said.endswith(
        "map.yaml:1:10: Faraway: the scenario has no such locality (given 'Avile'), did you mean 'Aville'?"
    )
    own.write_text("Faraway: Aville\n")
    assert reading(config, DATA / "acled.csv", "acled", own_map=own).table["place"].tolist()[3] == "Aville"


# The command


def test_the_command_writes_table_record_and_page(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = [
        "events",
        "read",
        str(DATA / "acled.csv"),
        "--layout",
        "acled",
        "--case",
        str(mini(tmp_path)),
        "--out",
        str(out),
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == FILES
    table = read_events(out)
    assert list(table) == list(COLUMNS)
    pd.testing.assert_frame_equal(read_events(out / "events.csv"), table)
    assert json.loads((out / "events.json").read_text())["counts"] == {
        "rows": 5,
        "others": 1,
        "duplicates": 0,
        "events": 4,
    }
    page = Page(out / "report.html")
    assert_self_contained(page)
    assert "Faraway" in page.text
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == 2
    assert "holds events already" in again.stderr


def test_a_mistake_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    file = acled(tmp_path, ("XXX2,2020-08-10", "XXX2,soon"))
    asked = ["events", "read", str(file), "--layout", "acled", "--case", str(mini(tmp_path)), "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert "changed.csv:3:2: event_date: is no date that can be read" in done.stderr
    assert not out.exists()
    done = CliRunner().invoke(app, [*asked[:4], "acleed", *asked[5:]])
    assert "--layout: there is no such file (given 'acleed'), did you mean 'acled'?" in done.stderr


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("killed", "-1", "must be a number of 0 to 1e+12, or empty"),
        ("kind", "riot", "must be one of protest, strike"),
        ("last_date", "2020-08-01", "must not be before date"),
    ],
)
def test_a_table_that_was_changed_by_hand(config: Any, tmp_path: Path, column: str, value: str, said: str) -> None:
    table = reading(config, DATA / "acled.csv", "acled").table.astype(object)
    table.loc[1, column] = value if column != "last_date" else pd.Timestamp(value)
    file = tmp_path / "events.csv"
    file.write_text(as_csv(table), encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=f"events.csv:3:{list(COLUMNS).index(column) + 1}: {column}: {re.escape(said)}"
    ):
        read_events(file)


# How events are reported


@pytest.mark.parametrize("name", list(shipped(REPORTING)))
def test_reporting_comes_from_the_ledger(name: str) -> None:
    assert read_reporting(name).words == WORDS


def test_the_published_rate_is_that_of_the_pattern() -> None:
    pattern = load_pattern(patterns()["rhythm-and-sizes"])
    said = pattern.pattern.checks["mean_size"].options["reported"]
    rates = read_reporting("national-press").reporting
    assert (rates.share, rates.certain) == (said["share"], said["certain"])


# Odd files, odd layouts

LAYOUT = """title: T
source: assumption
date: {column: day}
fields:
  place: [{column: [city]}]
  participants: [{column: [crowd]}]
  kind: [{column: [type]}]
  form: [{column: [form], optional: true}]
"""
EVENT = "day,city,crowd,type,form\n2020-08-09,Aville,500,protest,march\n"


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "layout.yaml"
    path.write_text(LAYOUT, encoding="utf-8")
    return path


def refusal(call: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        call(*given, **named)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("encoding", ["undefined", "a\0b", "zip", "nonsense"])
def test_what_is_no_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "e.csv").write_text(EVENT, encoding="utf-8")
    assert "--encoding: there is no such encoding" in refusal(read_raw, tmp_path / "e.csv", encoding)


def test_halves_of_letters_that_an_encoding_can_spell(config: Any, tmp_path: Path, layout: Path) -> None:
    (tmp_path / "e.csv").write_text(EVENT.replace("march", r"\ud800"), encoding="utf-8")
    found = read_file(tmp_path / "e.csv", read_layout(layout), config, WORDS, encoding="unicode_escape")
    assert found.table["form"].tolist() == [r"\ud800"]


def test_a_very_wide_header(tmp_path: Path) -> None:
    """In a process of its own: the limit on cells holds for the whole process."""
    (tmp_path / "e.csv").write_text(EVENT.replace("form", "x" * 200_000, 1), encoding="utf-8")
    code = (
        "import sys, pathlib; from analysis.events.files import read_raw; "
        "print(len(read_raw(pathlib.Path(sys.argv[1])).rows))"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "e.csv"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_sheets_without_rows(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["day", "city"])
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "e.xlsx", "w") as broken:
        for name in good.namelist():
            broken.writestr(name, good.read(name)[: -20 if "sheet1" in name else None])
    assert "e.xlsx: " in refusal(read_raw, tmp_path / "e.xlsx")


def test_a_time_that_no_calendar_has(tmp_path: Path) -> None:
    times = pa.array([2**53], pa.timestamp("ms"))
    pq.write_table(pa.table({"day": times}), tmp_path / "e.parquet")
    assert "has a value that cannot be read" in refusal(read_raw, tmp_path / "e.parquet")


def test_a_pattern_whose_group_finds_nothing(config: Any, tmp_path: Path, layout: Path) -> None:
    layout.write_text(LAYOUT.replace("[crowd]", "[crowd], pattern: '5(x)?'"), encoding="utf-8")
    (tmp_path / "e.csv").write_text(EVENT, encoding="utf-8")
    assert read_file(tmp_path / "e.csv", read_layout(layout), config, WORDS).table["participants"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[crowd]}", "[crowd], ranges: [foo]}", "fields.participants.0.ranges: is no number of persons"),
        ("[type]}", "[type], ranges: [1-10]}", "fields.kind.0.ranges: only a number of persons has ranges"),
        ("title: T", "title: T\nonly: {type: []}", "only.type: must list the values of rows that count"),
        ("place:", "latitude: []\n  place:", "fields.latitude: must have a rule, or be left out"),
        *(
            ("title: T", f"title: T\nconstants: {{a: '{wrong}'}}", "constants.a: may have {country} and {year}")
            for wrong in ("{foo}", "{", "}", "{0}", "{country.__class__}", "{row:d}")
        ),
    ],
)
def test_layouts_that_could_not_be_used(layout: Path, old: str, new: str, said: str) -> None:
    layout.write_text(LAYOUT.replace(old, new, 1), encoding="utf-8")
    assert said in refusal(read_layout, layout)


def test_a_map_with_a_list_in_it(config: Any, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("Here: [Aville]\n", encoding="utf-8")
    assert "the scenario has no such locality" in refusal(read_map, tmp_path / "map.yaml", {"Aville": 1})


def test_a_file_whose_name_is_no_utf8(config: Any, tmp_path: Path, layout: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    try:
        file.write_text(EVENT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    write_reading(
        reading(config, file, str(layout)), read_layout(layout), WORDS, file, "mini", config, tmp_path / "out", "x"
    )
    assert json.loads((tmp_path / "out" / "events.json").read_text(encoding="utf-8"))["file"] == file.name


def own_table(folder: Path, **changes: str) -> Path:
    """Our table of one event, some of whose cells are others."""
    row = dict.fromkeys(COLUMNS, "") | {"date": "2020-08-09", "last_date": "2020-08-09", "kind": "protest"}
    row |= {"response": "unknown", **changes}
    pd.DataFrame([row]).to_csv(folder / "events.csv", index=False)
    return folder


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"participants": "inf"}, "participants: must be a number of 0 to 1e+12, or empty"),
        ({"detained": "1e300"}, "detained: must be a number of 0 to 1e+12, or empty"),
        ({"last_date": "9999-12-31"}, "last_date: must be a day of the years 1800 to 2200"),
        ({"date": "0001-01-01"}, "date: must be a day of the years 1800 to 2200"),
        ({"date": "tomorrow"}, "date: must be a date such as 2020-08-09"),
        ({"participants_low": "9", "participants": "5"}, "participants: must not be below participants_low"),
        ({"participants": "9", "participants_high": "5"}, "participants_high: must not be below participants"),
    ],
)
def test_odd_cells_of_our_own_table(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    assert said in refusal(read_events, own_table(tmp_path, **changes))


def test_a_time_of_day_is_left_out(tmp_path: Path) -> None:
    for text in ("2020-08-09T12:30:00+03:00", "2020-08-09 23:59:59", "2020-08-09"):
        assert read_events(own_table(tmp_path, date=text))["date"].tolist() == [pd.Timestamp("2020-08-09")]


def test_columns_that_are_lists_or_stand_there_twice(tmp_path: Path) -> None:
    lists = pa.table({name: pa.array([[1]]) for name in COLUMNS})
    double = pa.Table.from_arrays([pa.array(["x"])] * 2 * len(COLUMNS), names=[*COLUMNS, *COLUMNS])
    for table in (lists, double):
        pq.write_table(table, tmp_path / "events.parquet")
        with pytest.raises(ProtestorateError, match="is no table of events: the column event holds lists, or stands"):
            read_events(tmp_path)


@pytest.mark.parametrize("text", ["9" * 400, f"{'9' * 20} million", f"more than {'9' * 400}"])
def test_more_people_than_can_be_meant(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be at most 1e\+12 persons"):
        amount(text, WORDS)


@pytest.mark.parametrize("day", ["1799-12-31", "2201-01-01", dt.date(9999, 12, 31), "31 December 2999"])
def test_days_out_of_all_years(day: Any) -> None:
    with pytest.raises(NoDateError, match="must be a day of the years 1800 to 2200"):
        DateReader("day-first", dt.date(1899, 12, 30)).read(day)


def test_an_event_of_centuries_is_laid_out_over_the_days_that_count(tmp_path: Path) -> None:
    """Its persons who were detained are of its first day, which lies before; memory is as for any other."""
    first, last = dt.date(2020, 8, 9), dt.date(2020, 8, 11)
    long = own_table(tmp_path, date="1800-01-01", last_date="2200-12-31", participants="40", detained="7")
    event = pd.concat([read_events(long)] * 1000, ignore_index=True)
    by_day = _by_day(event, read_reporting(), first, last)
    daily = _daily(event, pd.date_range(first, last))
    for table in (by_day, daily):
        assert table["date"].value_counts().tolist() == [1000, 1000, 1000]
        assert (table["participants"].sum(), table["detained"].sum()) == (120_000.0, 0.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "extends: nation-press",
            "extends: there is no such file (given 'nation-press'), did you mean 'national-press'?",
        ),
        (
            "extends: national-press\nwords: {source: assumption, about: 1.2, open_end: 2, "
            "sizes: {many: {low: 500, high: 10}}}",
            "words.sizes.many.low: must not be above high (given 500.0)",
        ),
    ],
)
def test_odd_files_on_reporting(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    assert said in refusal(read_reporting, tmp_path / "r.yaml")


def test_what_a_reader_says_of_a_broken_table_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("a\n1\n2,3,4\n", encoding="utf-8")
    with pytest.raises(ProtestorateError, match="is no table of events") as caught:
        read_events(tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value) == str(caught.value).strip()


# What would be lost, or taken for something else, without a word


@pytest.mark.parametrize(
    "text", ["2020-08-09 to 2020-08-12", "2020-08-09 or 10", "2020-08-09 10", "09/08/2020 10/08/2020", "2020-08-09 ?"]
)
def test_a_date_with_more_than_a_time_behind_it_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoDateError, match="is no date that can be read"):
        DateReader("day-first", dt.date(1899, 12, 30)).read(text)
    if text.startswith("2020"):
        assert "date: must be a date such as" in refusal(read_events, own_table(tmp_path, date=text))


@pytest.mark.parametrize(
    "time", ["", "T12:30", " 23:59:59.123456", "T12:30:00Z", " 12:30:00+03:00", " 2:05 pm", "T123000", " 12:30 UTC"]
)
def test_a_time_behind_a_date(time: str) -> None:
    for day in ("2020-08-09", "09/08/2020"):
        assert DateReader("day-first", dt.date(1899, 12, 30)).read(day + time) == dt.date(2020, 8, 9)


@pytest.mark.parametrize("before", ["\n", " \n\n", "sep=;\n", "\nsep=;\n"])
def test_lines_before_the_header(config: Any, tmp_path: Path, layout: Path, before: str) -> None:
    """Programs for spreadsheets write such lines."""
    (tmp_path / "e.csv").write_text(before + EVENT.replace(",", ";"), encoding="utf-8")
    table = reading(config, tmp_path / "e.csv", str(layout)).table
    assert rows(table, "place", "participants", "row") == [("Aville", 500.0, before.count("\n") + 2)]


def test_a_point_before_three_digits(config: Any, tmp_path: Path, layout: Path) -> None:
    """10.000 is ten thousand in many countries; a column that has another point somewhere shows what its own are."""
    (tmp_path / "e.csv").write_text(EVENT.replace("500", "10.000"), encoding="utf-8")
    said = refusal(reading, config, tmp_path / "e.csv", str(layout))
    assert "e.csv:2:3: crowd: may be thousands or a fraction: write such as 10000, or 10.0 (given '10.000')" in said
    for other in ("187.5", "1500.333", "0.125", "10.0000"):
        more = EVENT.replace("500", "10.000") + f"2020-08-10,Btown,{other},protest,march\n"
        (tmp_path / "e.csv").write_text(more, encoding="utf-8")
        assert reading(config, tmp_path / "e.csv", str(layout)).table["participants"][0] == 10.0
    book = Workbook()
    for row in EVENT.splitlines():
        book.active.append([10.125 if cell == "500" else cell for cell in row.split(",")])
    book.save(tmp_path / "e.xlsx")
    assert reading(config, tmp_path / "e.xlsx", str(layout)).table["participants"][0] == 10.125


def test_a_name_without_letters_in_a_map_is_that_name_alone(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text('"?": Aville\n"": Btown\n', encoding="utf-8")
    own = read_map(tmp_path / "map.yaml", {"Aville": 1, "Btown": 1})
    places = Localities({"Aville": (53.9, 27.5), "Btown": (54.1, 27.9)}, 0.0, own)
    assert [places.match(name)[0] for name in ("?", "", "…", " ? ")] == ["Aville", "Btown", "", "Aville"]


def test_a_map_that_names_a_place_twice(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("Minsk: Aville\nminsk: Btown\n", encoding="utf-8")
    said = refusal(read_map, tmp_path / "map.yaml", {"Aville": 1, "Btown": 1})
    assert "map.yaml:2:1: minsk: is the same name as 'Minsk', for which another locality is named" in said
    (tmp_path / "map.yaml").write_text("Minsk: Aville\nminsk: Aville\n", encoding="utf-8")
    assert len(read_map(tmp_path / "map.yaml", {"Aville": 1})) == 2


def test_a_map_that_names_what_is_not_there(config: Any, tmp_path: Path, layout: Path) -> None:
    (tmp_path / "map.yaml").write_text("Minks: Aville\naville: Btown\n", encoding="utf-8")
    (tmp_path / "e.csv").write_text(EVENT, encoding="utf-8")
    found = reading(config, tmp_path / "e.csv", str(layout), own_map=tmp_path / "map.yaml")
    assert found.notes == ["--places names 'Minks', which is no place of these events"]
    assert found.table["place"].tolist() == ["Btown"]


def test_formulas_without_values(tmp_path: Path) -> None:
    """A workbook that no program for spreadsheets has saved holds formulas alone; their cells came empty."""
    book = Workbook()
    book.active.append(["day", "city", "crowd"])
    book.active.append(["2020-08-09", "Aville", "=100+200"])
    book.save(tmp_path / "e.xlsx")
    said = refusal(read_raw, tmp_path / "e.xlsx")
    assert "e.xlsx:2:3: crowd: holds a formula that was never worked out: save the workbook" in said


def test_a_cell_at_the_far_end_of_a_sheet(tmp_path: Path) -> None:
    """A format there made every row as wide as the sheet, and the reader busy for hours."""
    book = Workbook()
    for row in EVENT.splitlines():
        book.active.append(row.split(","))
    book.active.cell(1_000_000, 16_384).number_format = "0.00"
    book.save(tmp_path / "e.xlsx")
    assert read_raw(tmp_path / "e.xlsx").rows == [(2, ["2020-08-09", "Aville", "500", "protest", "march"])]


def test_the_first_sheet_is_a_cover(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["see the data"])
    book.create_sheet("Data").append(["day", "city"])
    book.save(tmp_path / "e.xlsx")
    said = refusal(read_raw, tmp_path / "e.xlsx")
    assert "the sheet 'Read me' has no rows; choose another with --sheet: Data" in said


@pytest.mark.parametrize(
    ("cell", "what"), [(b"Aville", "bytes"), (["Aville"], "lists or parts"), ({"city": "Aville"}, "lists or parts")]
)
def test_columns_of_parquet_that_are_no_plain_values(
    config: Any, tmp_path: Path, layout: Path, cell: Any, what: str
) -> None:
    columns = {"day": ["2020-08-09"], "city": ["Aville"], "crowd": [5], "type": ["protest"]}
    pq.write_table(pa.table({**columns, "unused": pa.array([cell])}), tmp_path / "e.parquet")
    assert reading(config, tmp_path / "e.parquet", str(layout)).table["place"].tolist() == ["Aville"]
    pq.write_table(pa.table({**columns, "city": pa.array([cell])}), tmp_path / "e.parquet")
    said = refusal(reading, config, tmp_path / "e.parquet", str(layout))
    assert f"city: the column holds {what}, and no text, number or date" in said


def test_a_day_of_thousands_of_digits(config: Any, tmp_path: Path) -> None:
    (tmp_path / "l.yaml").write_text(
        LAYOUT.replace("{column: day}", "{year: yy, month: mm, day: dd}"), encoding="utf-8"
    )
    text = EVENT.replace("day,", "yy,mm,dd,").replace("2020-08-09", "2020,08," + "9" * 5000)
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    assert "e.csv:2:3: dd: must be a whole number" in refusal(
        reading, config, tmp_path / "e.csv", str(tmp_path / "l.yaml")
    )


def test_a_pipe_in_place_of_a_table_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "e.csv")
    assert "cannot be read: Is no file" in refusal(read_raw, tmp_path / "e.csv")


def test_a_column_that_is_asked_for_twice(tmp_path: Path) -> None:
    asked = ["events", "read", "x.csv", "--layout", "acled", "--case", "belarus-2020"]
    found = CliRunner().invoke(app, [*asked, "--where", "country=A", "--where", "Country=B"])
    assert (found.exit_code, "--where: names a column twice (given 'Country=B')" in found.output) == (2, True)


OWN_WORDS = """extends: national-press
words: {source: assumption, about: 1.25, open_end: 2.0, sizes: {Einige  Dutzend: {low: 24, high: 99}}}
"""


def test_words_with_capitals(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(OWN_WORDS, encoding="utf-8")
    found = amount("Einige Dutzend", read_reporting(tmp_path / "r.yaml").words)
    assert (found.low, found.high) == (24.0, 99.0)


def test_words_that_are_the_same_but_for_capitals(tmp_path: Path, layout: Path) -> None:
    double = OWN_WORDS.replace("sizes: {", "sizes: {einige dutzend: {low: 1, high: 2}, ")
    (tmp_path / "r.yaml").write_text(double, encoding="utf-8")
    assert "words.sizes.Einige  Dutzend: is the same word as 'einige dutzend'" in refusal(
        read_reporting, tmp_path / "r.yaml"
    )
    layout.write_text(LAYOUT.replace("[type]", "[type], values: {March: protest, march: strike}"), encoding="utf-8")
    assert "fields.kind.0.values.march: is the same word as 'March'" in refusal(read_layout, layout)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_two_bytes_a_letter_without_a_mark(config: Any, tmp_path: Path, layout: Path, encoding: str) -> None:
    (tmp_path / "e.csv").write_text(EVENT, encoding=encoding)
    assert "e.csv:1: holds zero bytes, which no text in utf-8 does; say in what" in refusal(
        read_raw, tmp_path / "e.csv"
    )
    assert reading(config, tmp_path / "e.csv", str(layout), encoding=encoding).table["place"].tolist() == ["Aville"]
    (tmp_path / "e.csv").write_text(EVENT, encoding="utf-32")
    assert len(read_raw(tmp_path / "e.csv").rows) == 1


def test_columns_that_differ_in_capitals(config: Any, tmp_path: Path, layout: Path) -> None:
    """The first was taken."""
    (tmp_path / "e.csv").write_text(EVENT.replace(",form", ",Day"), encoding="utf-8")
    said = refusal(reading, config, tmp_path / "e.csv", str(layout))
    assert "e.csv:1:1: day: the file has columns of this name but for capitals: 'day', 'Day'" in said


def test_a_result_that_came_meanwhile_is_kept(config: Any, tmp_path: Path, layout: Path) -> None:
    (tmp_path / "e.csv").write_text(EVENT, encoding="utf-8")
    found, file = reading(config, tmp_path / "e.csv", str(layout)), tmp_path / "e.csv"
    given = (found, read_layout(layout), WORDS, file, "mini", config, tmp_path / "out", "x")
    write_reading(*given)
    with pytest.raises(ProtestorateError, match="holds events already"):
        write_reading(*given)
    write_reading(*given, force=True)
