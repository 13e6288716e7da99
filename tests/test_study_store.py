"""What a study's folder holds: shards that any reader opens, and what becomes of damaged or foreign ones."""

from __future__ import annotations

import hashlib
import random
import shutil
import threading
from dataclasses import replace

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from study_helpers import SPREAD, assert_same_results, belarus, contents, country, crowd, crowds, listing

import sim
from sim.core.errors import ProtestorateError
from sim.core.version import model_version
from sim.run.load import config_hash
from sim.run.store import write_run
from sim.study import Keep, Point, Precision, Study, StudyData, read_study, run_study
from sim.study.folder import locked

FLIPS = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> StudyData:
    """Three chunks of crowds, and another study's shard of the same runs."""
    return run_study(crowds(6, 10, steps=100), tmp_path_factory.mktemp("store") / "whole", workers=1)


@pytest.fixture
def folder(tmp_path, whole):
    """A copy of the study to spoil."""
    return shutil.copytree(whole.folder, tmp_path / "study")


def resume(folder) -> tuple[StudyData, str, int]:
    """Take the study up again; also return what was said and how many runs had to be done."""
    told = []
    found = run_study(crowds(6, 10, steps=100), folder, workers=1, progress=told.append)
    return found, " ".join(status.note for status in told), told[-1].done - told[0].before if told else 0


def flip(path, place: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(content)


def shard(folder, table="runs", place=1):
    return sorted((folder / table).iterdir())[place]


SPOILED = {
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-100]), "is damaged"),
    "cut off early": (lambda path: path.write_bytes(path.read_bytes()[:100]), "is damaged"),
    "a flipped bit": (lambda path: flip(path, 80), "is damaged"),
    "empty": (lambda path: path.write_bytes(b""), "is damaged"),
    "text": (lambda path: path.write_text("my notes"), "is damaged"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "is damaged"),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_damaged_shard_is_named_set_aside_and_done_again(folder, whole, spoil):
    path = shard(folder)
    change, reason = SPOILED[spoil]
    change(path)
    found, said, again = resume(folder)
    assert f"runs/{path.name} {reason}" in said
    assert f"moved to set_aside/runs-{path.name}" in said
    assert (folder / "set_aside" / f"runs-{path.name}").exists()
    assert (
        again == whole.runs["run_id"].isin(pq.read_table(whole.folder / "runs" / path.name)["run_id"].to_pylist()).sum()
    )
    assert_same_results(found, whole)
    assert contents(folder) == contents(whole.folder)


@pytest.mark.parametrize("spoil", [*SPOILED, "missing", "another's"])
def test_damaged_days_are_done_again(folder, whole, spoil):
    path = shard(folder, "days")
    if spoil == "missing":
        path.unlink()
    elif spoil == "another's":
        shutil.copy(shard(folder, "days", 0), path)
    else:
        SPOILED[spoil][0](path)
    found, said, again = resume(folder)
    assert f"runs/{path.name} cannot count, because its days are missing or damaged" in said
    assert again > 0
    assert_same_results(found, whole)
    assert contents(folder) == contents(whole.folder)


def test_no_flipped_bit_goes_unnoticed_or_changes_a_result(folder, whole):
    path, places = shard(folder), random.Random(2)
    sound, expected = path.read_bytes(), pq.read_table(path).to_pydict()
    for _ in range(FLIPS):
        flip(path, places.randrange(len(sound)), places.randrange(8))
        resume(folder)
        assert pq.read_table(path).to_pydict() == expected
        path.write_bytes(sound)
    assert_same_results(read_study(folder), whole)


def test_reading_notices_a_flipped_bit_too(folder):
    flip(shard(folder, "days"), 80)
    with pytest.raises(ProtestorateError, match=r"the table days is damaged.*run the study again to mend it"):
        read_study(folder).days()


def test_orphaned_strange_and_doubled_shards(folder, whole, tmp_path):
    path = shard(folder)
    other = run_study(replace(crowds(6, 10, steps=100), keep=Keep()), tmp_path / "other", workers=1)
    assert (other.folder / "runs" / path.name).exists(), "the same runs make the same chunk"
    (folder / "days" / path.name).rename(folder / "days" / f"{'0' * 16}.parquet")  # an orphan, and missing days
    shutil.copy(shard(other.folder, place=2), shard(folder, place=2))  # of another study, the same runs
    shutil.copy(shard(folder, place=0), folder / "runs" / "copy.parquet")
    (folder / "days" / "notes.txt").write_text("mine")
    (folder / "runs" / ".x.parquet.0000.unfinished").write_bytes(b"half")
    found, said, again = resume(folder)
    assert f"runs/{path.name} cannot count" in said
    assert f"runs/{shard(folder, place=2).name} is a shard of another study" in said
    assert "runs/copy.parquet is another chunk than its name says" in said
    assert "days/notes.txt is no part of this study" in said
    assert again > 0
    assert (folder / "set_aside" / "days-notes.txt").read_text() == "mine"
    assert_same_results(found, whole)
    assert contents(folder) == contents(whole.folder)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: flip(path, 60)])
def test_a_lost_table_of_points_is_written_again(folder, whole, spoil):
    spoil(folder / "points.parquet")
    with pytest.raises(ProtestorateError, match=r"points.parquet: is missing or damaged"):
        _ = read_study(folder).runs
    found, _, again = resume(folder)
    assert again == 0
    assert_same_results(found, whole)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("study.json", "{", "study.json: is damaged"),
        ("study.json", "[]", "is not the manifest of a study of protestorate"),
        ("study.json", '{"program": "another"}', "is not the manifest of a study of protestorate"),
        ("failures.json", '[{"run": 1}]', "is no list of failures; remove it"),
        ("failures.json", "{", "failures.json: is damaged"),
    ],
)
def test_a_damaged_file_of_the_study_is_named(folder, name, content, said):
    (folder / name).write_text(content)
    with pytest.raises(ProtestorateError, match=said):
        resume(folder)


def test_a_file_in_the_place_of_a_tables_folder(folder):
    shutil.rmtree(folder / "runs")
    (folder / "runs").write_text("mine")
    with pytest.raises(ProtestorateError, match="is a file, and a folder is needed here"):
        resume(folder)


def refused(study: Study, folder, said: str) -> None:
    before = listing(folder)
    with pytest.raises(ProtestorateError, match=said):
        run_study(study, folder, workers=1)
    assert listing(folder) == before


def test_folders_that_are_not_the_studys_are_refused_and_left_alone(tmp_path, folder):
    study = crowds(6, 10, steps=100)
    for other, differs in (
        (crowds(5, 10, steps=100), "its scenario or its design"),
        (crowds(6, 10, steps=99), "its scenario or its design"),
        (replace(study, keep=Keep()), "what it keeps of each run"),
        (replace(study, precision=Precision("share", 0.1)), "its adaptive replication"),
        (
            replace(study, seeds=study.seeds[:-1]),
            r"its replicates \(it has 10, 9 are asked for: there can only be more\)",
        ),
        (replace(study, seeds=(*study.seeds[1:], 99)), "its replicates"),
    ):
        refused(other, folder, rf"belongs to the study 'crowds', which differs in {differs}; nothing was touched")
    single = write_run(sim.simulate(crowd(100)), tmp_path / "single", force=False)
    refused(study, single, "'days.parquet' and is no study; it is left alone")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.tex").write_text("years of work")
    refused(study, tmp_path / "papers", "'thesis.tex' and is no study; it is left alone")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "study.json").write_text('{"program": "another"}')
    refused(study, tmp_path / "foreign", "is not the manifest of a study")
    (tmp_path / "file").write_text("mine")
    refused(study, tmp_path / "file", "is a file, and a folder for the study is needed")
    with pytest.raises(ProtestorateError, match="Not a directory"):
        run_study(study, tmp_path / "file" / "below")


def test_a_folder_in_use_is_refused_within_one_process_too(folder):
    with locked(folder):
        said = []

        def try_it() -> None:
            try:
                resume(folder)
            except ProtestorateError as error:
                said.append(str(error))

        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    assert len(said) == 1
    assert "is at work in this folder" in said[0]


def test_run_ids_can_be_computed_by_hand(whole):
    for row in whole.runs.itertuples():
        scenario = sim.load(crowd(100).path, {**_crowd_changes(), SPREAD: row.point + 2.0})
        text = f"{config_hash(scenario)} {row.seed} {model_version()}"
        assert row.run_id == hashlib.sha256(text.encode()).hexdigest()[:20]


def _crowd_changes() -> dict:
    data = crowd(100).data
    return {f"{section}.{key}": data[section][key] for section, key in
            (("population", "persons"), ("population", "thresholds"), ("time", "steps"))}  # fmt: skip


def test_others_read_the_shards_without_us(tmp_path, whole):
    small = run_study(country(4), tmp_path / "country", workers=1)
    for data, number in ((whole, "active"), (small, "attending")):
        runs, days = data.folder / "runs" / "*.parquet", data.folder / "days" / "*.parquet"
        expected = data.days([number])
        expected = int(expected[number][expected["point"].isin(data.points["same_as"])].sum())
        query = f"SELECT sum(d.{number}) FROM '{days}' d JOIN '{runs}' r USING (run_id)"
        assert duckdb.sql(query).fetchall() == [(expected,)]
        frame = pl.scan_parquet(days).join(pl.scan_parquet(runs).select(pl.col("run_id").cast(pl.String)),
                                           left_on=pl.col("run_id").cast(pl.String), right_on="run_id")  # fmt: skip
        assert frame.select(pl.col(number).sum()).collect().item() == expected


def test_others_read_shards_in_which_a_value_is_nowhere_set(tmp_path):
    """Readers take the types of the first shard for those of all, so an empty column needs its type."""
    two = [{"persons": 2, "thresholds": {"kind": "explicit", "values": [0.0, float(last)]}} for last in range(20)]
    listed = tuple(Point(f"listed {place}", "crowd", {"population": each}) for place, each in enumerate(two))
    spread = tuple(Point(f"spread {place}", "crowd", {SPREAD: 2.0 + place}) for place in range(20))
    study = Study("kinds", {"crowd": crowd(100)}, (*listed, *spread), (1,), Keep(days=True))
    data = run_study(study, tmp_path / "study", workers=1)
    runs = data.folder / "runs" / "*.parquet"
    assert data.runs[SPREAD].isna().sum() == 20
    expected = data.runs[SPREAD].sum()
    assert duckdb.sql(f"SELECT sum(\"{SPREAD}\") FROM '{runs}'").fetchall() == [(expected,)]
    assert pl.scan_parquet(runs).select(pl.col(SPREAD).sum()).collect().item() == expected


def test_chunks_of_two_models_keep_the_numbers_of_both(tmp_path):
    bases = {"crowd": crowd(1000), "belarus": belarus()}
    study = Study("both", bases, (Point("crowd", "crowd"), Point("belarus", "belarus")), (1, 2, 3), Keep(True, True))
    data = run_study(study, tmp_path / "at once", workers=1)
    assert data.runs.groupby("point")[["active", "detained"]].count().to_numpy().tolist() == [[3, 0], [0, 3]]
    assert data.runs["detained"].sum() == data.days(["detained_today"])["detained_today"].sum()
    for most in (1, 2):
        piecewise = run_study(study, tmp_path / "piecewise", workers=1, max_runs=most)
    assert len(piecewise.runs) == 3
    assert_same_results(run_study(study, tmp_path / "piecewise", workers=1), data)
