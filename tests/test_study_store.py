"""What a study's folder holds: shards that any reader opens, and what becomes of damaged or foreign ones."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import threading
from dataclasses import replace

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from study_helpers import SPREAD, assert_same_results, belarus, contents, country, crowd, crowds, listing

import sim
from analysis.sensitivity.material import material
from analysis.sweep.report import write_report
from sim.core.errors import ProtestorateError
from sim.core.version import model_version
from sim.run.load import config_hash
from sim.run.store import write_run
from sim.study import Keep, Point, Precision, Study, StudyData, read_study, run_study
from sim.study.chunk import PROGRAM, digest_of
from sim.study.folder import locked
from sim.study.rerun import rerun, scenario_of

FLIPS = 60
FAILURE = {"run_id": "0" * 20, "point": 0, "label": "a", "replicate": 0, "seed": 1, "reason": "it fell"}


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
    "a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), "is damaged"),
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


def readers(folder) -> dict:
    """What everybody who reads a study asks for."""
    data = read_study(folder)
    return {"runs": lambda: data.runs, "days": data.days, "first days": lambda: data.days(points=[0])}


STRAYS = {
    "a copy under another name": (
        lambda folder: shutil.copy(shard(folder, place=0), folder / "runs" / "copy of it.parquet"),
        "copy of it.parquet is another chunk than its name says",
    ),
    "a foreign table with the right columns": (
        lambda folder: pq.write_table(pq.read_table(shard(folder, place=0)).replace_schema_metadata(None),
                                      folder / "runs" / "theirs.parquet"),
        "theirs.parquet is damaged or no shard of a study",
    ),
    "rows changed by hand": (
        lambda folder: rewritten(shard(folder, place=1), lambda table: table.set_column(
            table.column_names.index("active"), "active", pa.array([1] * table.num_rows))),
        "is damaged: its rows are not those that were written",
    ),
    "a run stored twice": (
        lambda folder: rewritten(shard(folder, place=1), lambda table: pa.concat_tables([table, table]), seal=True),
        "holds a run twice",
    ),
    "metadata of another kind": (
        lambda folder: rewritten(shard(folder, place=1), lambda table: table, origin=[1]),
        "is damaged or no shard of a study",
    ),
    "metadata in deep brackets": (
        lambda folder: rewritten(shard(folder, place=1), lambda table: table, text="[" * 100_000),
        "is damaged or no shard of a study",
    ),
    "metadata without a digest": (
        lambda folder: rewritten(shard(folder, place=1), lambda table: table, origin={"study": "x", "chunk": "y"}),
        "is damaged or no shard of a study",
    ),
}  # fmt: skip


def rewritten(path, change, seal: bool = False, origin=None, text: str | None = None) -> None:
    """Write a shard anew, as someone would who means it well or ill."""
    table = pq.read_table(path)
    changed, about = change(table), json.loads(table.schema.metadata[PROGRAM])
    if seal:
        about["sha256"]["runs"] = digest_of(changed)
    said = text if text is not None else json.dumps(about if origin is None else origin)
    pq.write_table(changed.replace_schema_metadata({PROGRAM: said.encode()}), path)


@pytest.mark.parametrize("stray", STRAYS)
def test_writer_and_readers_agree_on_which_shards_count(folder, whole, stray):
    change, reason = STRAYS[stray]
    change(folder)
    for read in readers(folder).values():
        with pytest.raises(ProtestorateError, match=rf"{reason}.*; run the study again to mend it"):
            read()
    found, said, _ = resume(folder)
    assert reason in said
    assert_same_results(found, whole)
    assert contents(folder) == contents(whole.folder)


def test_the_same_run_in_two_shards_is_refused(folder, whole):
    """Two chunks that share a run, as a study would make that was cut into other chunks meanwhile."""
    first = shard(folder, place=0)
    table = pq.read_table(first)
    about = json.loads(table.schema.metadata[PROGRAM])
    about |= {"chunk": "f" * 16, "sha256": about["sha256"] | {"runs": digest_of(table)}}
    pq.write_table(table.replace_schema_metadata({PROGRAM: json.dumps(about).encode()}), first.with_stem("f" * 16))
    shutil.copy(folder / "days" / first.name, folder / "days" / f"{'f' * 16}.parquet")
    for read in readers(folder).values():
        with pytest.raises(ProtestorateError, match="holds a run that is stored already; run the study again"):
            read()
    run_id = table["run_id"][0].as_py()
    with pytest.raises(ProtestorateError, match=f"the run {run_id} is stored twice"):
        rerun(folder, run_id)
    found, said, _ = resume(folder)
    assert "holds a run that is stored already" in said
    assert_same_results(found, whole)


@pytest.mark.parametrize("spoil", ["missing", "damaged"])
@pytest.mark.parametrize("table", ["runs", "days"])
def test_a_run_is_repeated_whatever_has_become_of_the_others(folder, whole, table, spoil):
    lost, sound = shard(folder, place=0), shard(folder, place=1)
    ids = [pq.read_table(path)["run_id"][0].as_py() for path in (lost, sound)]
    path = folder / table / lost.name
    path.unlink() if spoil == "missing" else flip(path, 80)
    assert rerun(folder, ids[1]).differ == ()
    said = "its days are missing or damaged; run the study again" if table == "days" else "there is no such run"
    with pytest.raises(ProtestorateError, match=said) as caught:
        rerun(folder, ids[0])
    if (table, spoil) == ("runs", "damaged"):
        assert "1 of its shards cannot be used" in str(caught.value)


def test_no_flipped_bit_of_a_footer_breaks_a_reader(folder, whole):
    """Whatever a footer says, readers give the true rows or say which shard is damaged."""
    path, places = shard(folder), random.Random(5)
    sound = path.read_bytes()
    length = int.from_bytes(sound[-8:-4], "little")
    expected, told = {"runs": whole.runs, "days": whole.days()}, 0
    for _ in range(FLIPS):
        flip(path, len(sound) - 8 - places.randrange(length), places.randrange(8))
        data = read_study(folder)
        for name, read in (("runs", lambda data=data: data.runs), ("days", data.days)):
            with contextlib.suppress(ProtestorateError):
                pd.testing.assert_frame_equal(read(), expected[name], check_exact=True)
                continue
            told += 1
        path.write_bytes(sound)
    assert told


def test_what_stands_where_damaged_files_go_is_left_alone(folder):
    (folder / "set_aside").write_text("mine")
    flip(shard(folder), 80)
    with pytest.raises(ProtestorateError, match="set_aside: is a file, and a folder is needed here"):
        resume(folder)
    assert (folder / "set_aside").read_text() == "mine"


def test_a_pipe_in_the_place_of_the_locks_holder(folder):
    (folder / ".lock-holder").unlink(missing_ok=True)
    os.mkfifo(folder / ".lock-holder")
    with pytest.raises(ProtestorateError, match=r"\.lock-holder: is no file"):
        resume(folder)


@pytest.mark.parametrize("table", ["runs", "days"])
def test_a_shard_that_cannot_be_read_is_no_damaged_one(folder, table):
    """Reading /proc/self/mem from its beginning is an error of input, as of a failing disk."""
    path = shard(folder, table)
    kept = path.rename(folder / "elsewhere")
    path.symlink_to("/proc/self/mem")
    before = sorted(folder.rglob("*"))
    with pytest.raises(ProtestorateError, match=rf"{path.name}: cannot be read: .*; nothing was touched"):
        resume(folder)
    with pytest.raises(ProtestorateError, match=rf"{path.name}: cannot be read"):
        readers(folder)[table]()
    assert sorted(folder.rglob("*")) == [*before, *([] if folder / ".lock" in before else [folder / ".lock"])]
    path.unlink()
    kept.rename(path)


def test_a_table_of_points_of_another_study_is_refused(folder, whole, tmp_path):
    other = run_study(crowds(5, 10, steps=100), tmp_path / "other", workers=1)
    shutil.copy(other.folder / "points.parquet", folder / "points.parquet")
    for read in readers(folder).values():
        with pytest.raises(ProtestorateError, match=r"points.parquet: holds points of another study; run the study"):
            read()
    assert_same_results(resume(folder)[0], whole)


CHANGED_BY_HAND = {
    "a copy of another point": lambda table: table.set_column(5, "same_as", pa.array([0] * table.num_rows)),
    "another value": lambda table: table.set_column(6, SPREAD, pa.array([1.0] * table.num_rows)),
    "a column more": lambda table: table.append_column('places."St. P.".lat', pa.array([1.0] * table.num_rows)),
    "a column less": lambda table: table.drop_columns([SPREAD]),
}


@pytest.mark.parametrize("changed", CHANGED_BY_HAND)
def test_a_table_of_points_changed_by_hand_is_refused(folder, whole, changed):
    path = folder / "points.parquet"
    pq.write_table(CHANGED_BY_HAND[changed](pq.read_table(path)), path)
    for read in readers(folder).values():
        with pytest.raises(ProtestorateError, match=r"points.parquet: (holds points of another study|is missing or)"):
            read()
    assert_same_results(resume(folder)[0], whole)


@pytest.mark.parametrize("name", ["points.parquet", "study.json", "failures.json"])
def test_a_folder_or_a_circle_of_links_in_the_place_of_a_file(folder, name):
    for make in (lambda path: path.mkdir(), lambda path: path.symlink_to(path.name)):
        path = folder / name
        path.unlink(missing_ok=True)
        make(path)
        with contextlib.suppress(ProtestorateError):  # or it is mended; anything else is a mistake of the program
            resume(folder)
        if path.is_dir():
            path.rmdir()


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
        ("failures.json", "[" * 100_000, "failures.json: is damaged"),
        ("failures.json", "[[1]]", "is no list of failures; remove it"),
        ("failures.json", '{"a": 1}', "is no list of failures; remove it"),
        *[("failures.json", json.dumps([FAILURE | change]), rf"is no list of failures; remove it.*{said}")
          for change, said in (({"point": "0"}, "0.point: must be a valid integer"), ({"point": 99}, "has no run"),
                               ({"replicate": -1}, "has no run"), ({"reason": None}, "0.reason: must be a valid"),
                               ({"run_id": "0" * 20}, "has no run 0000"))],
        ("study.json", "[" * 100_000, "study.json: is damaged"),
        ("study.json", "\xff".encode("latin-1"), "study.json: is damaged"),
    ],
)  # fmt: skip
def test_a_damaged_file_of_the_study_is_named(folder, name, content, said):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ProtestorateError, match=said) as caught:
        resume(folder)
    assert "\n" not in str(caught.value)


SPAN = {"low": "1", "high": 2, "scale": "log", "whole": False}
GRID = {"kind": "grid", "options": {}}
CHANGES = {
    "name": [None, 7],
    "title": [[]],
    "question": [{}],
    "identity": [1, {}, {"points": 5}],
    "model_version": ["other", 1],
    "design": [
        None,
        [],
        {"kind": "grid"},
        *({"kind": "grid", "ranges": {"a": one}, "options": {}} for one in (1, SPAN)),
        *({"kind": "grid", "ranges": {}, "options": {"linked": one}} for one in (3, {"a": 3}, {"a": {"of": 7}})),
    ],
    "points": ["six"],
    "seeds": [None, [], ["1"], {}, [1.5]],
    "keep": [{}, {"days": False, "localities": False}, None],
    "precision": [1, {"outcome": 3}],
    "versions": [None, [], "3", {"numpy": 3}],
    "changed": ["a", [1], ["no.such.path"]],
    "parameters": [[], {"a": 1}],
    "bases": [{}, [], {"crowd": 1}],
    "sessions": [
        None,
        [1],
        [{"began": "now"}],
        [{"began": "now", "runs": -1, "failed": 0, "seconds": 1.0, "runs_per_second": 1.0}],
    ],
}


@pytest.mark.parametrize("part", CHANGES)
def test_a_manifest_changed_by_hand_gives_one_line(folder, part):
    manifest = json.loads((folder / "study.json").read_text())
    run_id = read_study(folder).runs["run_id"][0]
    for value in [*CHANGES[part], ...]:
        changed = {key: content for key, content in manifest.items() if key != part}
        if value is not ...:
            changed[part] = value
        (folder / "study.json").write_text(json.dumps(changed))
        for use in (lambda: rerun(folder, run_id), lambda: write_report(read_study(folder)), lambda: analysed(folder)):
            with pytest.raises(ProtestorateError) as caught:
                use()
            assert "\n" not in str(caught.value), value
            assert str(folder) in str(caught.value) or "study.json" in str(caught.value)


def analysed(folder) -> None:
    """Read all that an analysis reads."""
    data = read_study(folder)
    material(data, every_point=False)
    for point in data.points["point"]:
        scenario_of(data, point)


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
    refused(study, single, "'days.parquet' that is not of a study; it is left alone")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.tex").write_text("years of work")
    refused(study, tmp_path / "papers", "'thesis.tex' that is not of a study; it is left alone")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "study.json").write_text('{"program": "another"}')
    refused(study, tmp_path / "foreign", "is not the manifest of a study")
    (tmp_path / "file").write_text("mine")
    refused(study, tmp_path / "file", "is a file, and a folder is needed")
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
