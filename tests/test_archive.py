"""Replication archives: the same bytes from the same study, every change found, nothing written elsewhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

import sim
from analysis.archive.pack import pack
from analysis.archive.verify import verify
from sim.core.arrow import read_table
from sim.core.errors import ProtestorateError
from sim.study import Point, read_study, run_study
from sim.study.bases import base_of
from sim.study.chunk import PROGRAM, digest_of, parquet
from sim.study.rerun import rerun
from tests.conftest import Command
from tests.study_helpers import SPREAD, country, crowds

ROOT = "crowds-replication"
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "crowds"
    run_study(replace(crowds(3, 4), title="Crowds", question="Who goes first?"), folder, workers=1)
    return folder


@pytest.fixture(scope="module")
def archive(study: Path) -> Path:
    return pack(study).path


def members(archive: Path) -> Members:
    with zipfile.ZipFile(archive) as file:
        return {name.removeprefix(f"{ROOT}/"): file.read(name) for name in file.namelist()}


def written(path: Path, content: Members, root: str = f"{ROOT}/") -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in content.items():
            file.writestr(root + name, text)
    return path


def with_sums(content: Members) -> Members:
    """Give members the sums of what they are now, as a forger would."""
    rest = {name: text for name, text in content.items() if name != "SHA256SUMS"}
    lines = [f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in rest.items()]
    return rest | {"SHA256SUMS": "".join(lines).encode()}


def test_the_same_study_gives_the_same_bytes(study: Path, archive: Path, tmp_path: Path) -> None:
    again = pack(study, tmp_path / "again.zip")
    assert again.path.read_bytes() == archive.read_bytes()
    assert again.sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (again.files, again.runs) == (len(members(archive)), 12)


def test_it_holds_scenarios_seeds_tables_report_versions_and_the_sum_of_each(study: Path, archive: Path) -> None:
    content, data = members(archive), read_study(study)
    sums = dict(line.split("  ")[::-1] for line in content.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}
    assert [int(row["seed"]) for row in csv.DictReader(io.StringIO(content["seeds.csv"].decode()))] == [1, 2, 3, 4]
    lines = content["environment.txt"].decode().splitlines()
    assert f"numpy=={version('numpy')}" in lines
    assert any(data.manifest["model_version"] in line for line in lines)
    rows = list(csv.DictReader(io.StringIO(content["tables/runs.csv"].decode())))
    assert [row["run_id"] for row in rows] == data.runs["run_id"].tolist()
    assert content["study/report.html"].startswith(b"<!")
    assert b"Who goes first?" in content["README.md"]
    assert b"12 finished runs" in content["README.md"]
    assert yaml.safe_load(content["CITATION.cff"])["title"].startswith("protestorate")


def test_a_scenario_of_an_archive_is_a_scenario_file(study: Path, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "crowd.yaml").write_bytes(members(archive)["scenarios/crowd.yaml"])
    expected = base_of(read_study(study).manifest, "crowd")
    assert sim.load(tmp_path / "crowd.yaml").config == expected.config


def test_a_scenario_with_days_and_places_is_a_scenario_file(tmp_path: Path) -> None:
    run_study(replace(country(1), keep=crowds(1, 1).keep), tmp_path / "country", workers=1, max_runs=1)
    made = pack(tmp_path / "country")
    with zipfile.ZipFile(made.path) as file:
        (tmp_path / "belarus.yaml").write_bytes(file.read("country-replication/scenarios/belarus.yaml"))
        assert "1 not carried out" in file.read("country-replication/README.md").decode()
    expected = base_of(read_study(tmp_path / "country").manifest, "belarus")
    assert sim.load(tmp_path / "belarus.yaml").config == expected.config
    assert verify(made.path, rows=1).same


def test_it_can_be_unpacked_and_a_row_run_again(study: Path, archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path)
    run_id = read_study(study).runs["run_id"][0]
    found = rerun(tmp_path / ROOT / "study", run_id)
    assert (found.compared, found.differ) == (("days", "runs"), ())


def test_the_commands_pack_and_verify(study: Path, protestorate: Command, tmp_path: Path) -> None:
    made = protestorate("package", study, "--out", "mine.zip")
    assert made.returncode == 0, made.stderr
    assert protestorate("package", study, "--out", "mine.zip").returncode == 2
    checked = protestorate("verify", "mine.zip", "--rows", 3)
    assert checked.returncode == 0, checked.stderr
    sha256 = hashlib.sha256((tmp_path / "mine.zip").read_bytes()).hexdigest()
    assert f"SHA-256 of the archive: {sha256}" in made.stdout
    assert f"SHA-256 of the archive: {sha256}" in checked.stdout
    assert checked.stdout.endswith("3 of 12 runs were repeated, 3 of them bit-identical\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.zip"]


def changed(name: str) -> Callable[[Members], Members]:
    return lambda content: content | {name: content[name] + b" "}


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (changed("README.md"), ["README.md: is not what its sum says"]),
        (changed("tables/runs.csv"), ["tables/runs.csv: is not what its sum says"]),
        (
            lambda content: {name: text for name, text in content.items() if name != "study/report.html"},
            ["study/report.html: is missing"],
        ),
        (lambda content: content | {"study/more.txt": b""}, ["study/more.txt: is not listed in SHA256SUMS"]),
        (
            lambda content: with_sums(content | {"tables/runs.csv": b"run_id\n"}),
            ["tables/runs.csv: does not say what the tables of study/ say"],
        ),
    ],
    ids=["a page", "a table", "lost", "one more", "a forged table"],
)
def test_every_change_of_a_file_is_found(
    change: Callable[[Members], Members], sentences: list[str], archive: Path, tmp_path: Path
) -> None:
    found = verify(written(tmp_path / "a.zip", change(members(archive))), rows=0)
    assert list(found.wrong) == sentences
    assert not found.same


def test_a_changed_archive_ends_with_exit_code_1(archive: Path, protestorate: Command, tmp_path: Path) -> None:
    written(tmp_path / "a.zip", changed("README.md")(members(archive)))
    done = protestorate("verify", "a.zip")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "README.md: is not what its sum says",
        "the archive was changed or damaged: no row was run again",
    ]


def test_a_row_with_a_forged_number_is_found_although_all_sums_fit(
    archive: Path, protestorate: Command, tmp_path: Path
) -> None:
    content = members(archive)
    name = next(one for one in content if one.startswith("study/runs/"))
    table = read_table(io.BytesIO(content[name]))
    origin = json.loads(table.schema.metadata[PROGRAM])
    place = table.column_names.index("active")
    numbers = table["active"].to_pylist()
    forged = table.set_column(place, table.field(place), pa.array([numbers[0] + 1, *numbers[1:]], table["active"].type))
    origin["sha256"]["runs"] = digest_of(forged)
    content[name] = parquet(forged, origin, origin["model_version"])
    with zipfile.ZipFile(written(tmp_path / "half.zip", content)) as file:
        file.extractall(tmp_path)
    runs = read_study(tmp_path / ROOT / "study").runs
    content["tables/runs.csv"] = runs.to_csv(index=False, lineterminator="\n").encode()
    written(tmp_path / "forged.zip", with_sums(content))
    done = protestorate("verify", "forged.zip", "--rows", 12)
    assert done.returncode == 1
    assert f"run {table['run_id'][0]} " in done.stderr
    assert done.stderr.splitlines()[-1].endswith("differs in runs.active")
    assert "12 of 12 runs were repeated, 11 of them bit-identical" in done.stdout


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/x", "has an absolute path"),
        ("C:/x", "has an absolute path"),
        ("../x", "would be written elsewhere"),
        (f"{ROOT}/study/../../../x", "would be written elsewhere"),
        (f"{ROOT}/./x", "would be written elsewhere"),
        (f"{ROOT}\\..\\x", "has a name that not every system reads alike"),
        (f"{ROOT}/README.md", "stands in it twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_would_be_written_elsewhere_is_refused(
    name: str, reason: str, archive: Path, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.zip", members(archive))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, b"x")
    with pytest.raises(ProtestorateError, match=reason):
        verify(path, rows=0)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_a_link_is_refused(archive: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", members(archive))
    with zipfile.ZipFile(path, "a") as file:
        info = zipfile.ZipInfo(f"{ROOT}/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        file.writestr(info, b"/etc/passwd")
    with pytest.raises(ProtestorateError, match="is a link"):
        verify(path, rows=0)


def test_an_archive_that_was_unpacked_and_packed_without_its_folder_is_one(archive: Path, tmp_path: Path) -> None:
    assert verify(written(tmp_path / "a.zip", members(archive), root=""), rows=1).same


def test_a_bit_that_flipped_is_told_with_its_member(archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as file:
        info = file.getinfo(f"{ROOT}/study/points.parquet")
    content[info.header_offset + info.compress_size // 2] ^= 0x10
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ProtestorateError, match=f"is damaged: the member '{ROOT}/study/points.parquet' cannot be read"):
        verify(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path, whole: path.write_bytes(whole[: len(whole) // 2]), "is damaged, cut off, or no zip archive"),
        (lambda path, whole: path.write_bytes(b""), "is damaged, cut off, or no zip archive"),
        (lambda path, whole: path.mkdir(), "is a folder"),
        (lambda path, whole: None, "there is no such file"),
        (lambda path, whole: written(path, {"x.txt": b"x"}), "has no SHA256SUMS"),
        (lambda path, whole: written(path, {"SHA256SUMS": b"rubbish\n"}), "line 1 of SHA256SUMS is no sum"),
        (lambda path, whole: written(path, with_sums({"x.txt": b"x"})), "study"),
    ],
    ids=["cut off", "empty", "folder", "none", "another zip", "rubbish", "no study"],
)
def test_what_is_no_archive_is_refused_in_one_line(
    make: Callable[[Path, bytes], object], said: str, archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    make(path, archive.read_bytes())
    with pytest.raises(ProtestorateError) as caught:
        verify(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rows_of_another_model_version_are_not_run_and_it_says_what_to_install(
    study: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = read_study(study).manifest["model_version"]
    monkeypatch.setattr("analysis.archive.verify.version_of", lambda models: "0.9.0+0123456789abcdef")
    with pytest.raises(ProtestorateError) as caught:
        verify(archive)
    assert f"by model version {ours}, this is 0.9.0+0123456789abcdef" in str(caught.value)
    assert f"install protestorate {ours.partition('+')[0]} " in str(caught.value)
    assert verify(archive, rows=0).same
    monkeypatch.setattr("analysis.archive.pack.version_of", lambda models: "0.9.0+0123456789abcdef")
    with pytest.raises(ProtestorateError, match="pack it with the version that made it"):
        pack(study, tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("folder", "out", "said"),
    [
        ("nowhere", "a.zip", "nowhere"),
        ("empty", "a.zip", "empty"),
        ("study", "a.tar.gz", "an archive's name ends in .zip"),
    ],
)
def test_what_cannot_be_packed_is_refused(folder: str, out: str, said: str, study: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProtestorateError, match=said):
        pack(study if folder == "study" else tmp_path / folder, tmp_path / out)
    assert not (tmp_path / out).exists()


def test_the_sums_are_read_by_the_common_tool(archive: Path, tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("this system has no sha256sum")
    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path)
    done = subprocess.run([tool, "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / ROOT, check=False)
    assert done.returncode == 0


def with_bytes(archive: Path, place: int, content: bytes) -> None:
    whole = bytearray(archive.read_bytes())
    whole[place : place + len(content)] = content
    archive.write_bytes(whole)


def recompressed(path: Path, content: Members) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file:
        for name, text in content.items():
            file.writestr(f"{ROOT}/{name}", text)
    with zipfile.ZipFile(path) as file:
        info = file.getinfo(f"{ROOT}/README.md")
    with_bytes(path, info.header_offset + 30 + len(info.filename) + 60, b"\xff" * 40)


def in_the_directory(path: Path, place: int, content: bytes) -> None:
    with_bytes(path, path.read_bytes().index(b"PK\x01\x02") + place, content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path, content: recompressed(path, content), "the member 'crowds-replication/README.md' cannot be read"),
        (lambda path, content: in_the_directory(path, 6, b"\xc8"), "is damaged, cut off, or no zip archive"),
        (lambda path, content: in_the_directory(path, 8, b"\0\x08" + b"\0" * 36 + b"\xff"), "is damaged, cut off"),
        (lambda path, content: (path.unlink(), os.mkfifo(path)), "is no file"),
    ],
    ids=["lzma", "of a later format", "a name that is no UTF-8", "a pipe"],
)
def test_bytes_that_the_unpacker_stumbles_over(
    spoil: Callable[[Path, Members], object], said: str, archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    shutil.copy(archive, path)
    spoil(path, members(archive))
    with pytest.raises(ProtestorateError, match=said):
        verify(path, rows=0)


@pytest.mark.parametrize("first", [True, False])
def test_a_file_with_two_sums(archive: Path, tmp_path: Path, first: bool) -> None:
    """The last counted, and the archive was said to be as its sums say."""
    content = members(archive)
    sums = content["SHA256SUMS"]
    other = b"0" * 64 + sums[64 : sums.index(b"\n") + 1]
    path = written(tmp_path / "a.zip", content | {"SHA256SUMS": other + sums if first else sums + other})
    with pytest.raises(ProtestorateError, match=r"line \d+ of SHA256SUMS gives 'CITATION.cff' a second sum"):
        verify(path, rows=0)


@pytest.mark.parametrize("name", ["README.md/more", "n" * 300], ids=["in a file", "too long"])
def test_a_member_that_no_file_system_takes_is_named(name: str, archive: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", members(archive) | {name: b""})
    with pytest.raises(ProtestorateError, match=f"the member '{ROOT}/{name}' cannot be unpacked in"):
        verify(path, rows=0)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_end_that_is_asked_for_leaves_nothing_on_the_disk(archive: Path, tmp_path: Path) -> None:
    """The unpacked archive stayed where temporary files are."""
    (tmp_path / "temporary").mkdir()
    begun = subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", "verify", str(archive), "--rows", "1000"], stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")}, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    while begun.poll() is None and not list((tmp_path / "temporary").glob("protestorate-*/*")):
        time.sleep(0.002)
    begun.terminate()
    said = begun.communicate(timeout=60)[1]
    assert (begun.returncode, "interrupted; nothing was written" in said) == (130, True), said
    assert not list((tmp_path / "temporary").glob("protestorate-*"))


def test_a_file_beside_the_archives_folder_is_not_listed(archive: Path, tmp_path: Path) -> None:
    path = shutil.copy(archive, tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("elsewhere/x.txt", b"x")
    assert verify(path, rows=0).wrong == ("elsewhere/x.txt: is not listed in SHA256SUMS",)


def test_versions_of_packages_that_are_nowhere(study: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(study, tmp_path / "crowds")
    manifest = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps(manifest | {"versions": {"no-such-package": "1", "": "2"}}))
    packed = pack(folder).path
    assert "no-such-package 1 (here none)" in members(packed)["README.md"].decode()
    assert verify(packed, rows=0).same
    changed = members(packed)
    changed["study/study.json"] = json.dumps(manifest | {"versions": [1]}).encode()
    with pytest.raises(ProtestorateError, match="versions: must be an object"):
        verify(written(tmp_path / "b.zip", with_sums(changed)), rows=0)


def test_names_that_become_alike_stay_apart(study: Path, tmp_path: Path) -> None:
    """Two scenarios whose names differ in what no file system takes alike, and two models of one name."""
    one = crowds(1, 2)
    bases = dict.fromkeys(("a b", "a:b", "A-B"), one.bases["crowd"])
    points = tuple(Point(name, name, {SPREAD: 3.0 + place}) for place, name in enumerate(bases))
    run_study(replace(one, bases=bases, points=points), tmp_path / "s", workers=1)
    packed = pack(tmp_path / "s").path
    scenarios = [name for name in members(packed) if "scenarios/" in name]
    assert [name.rpartition("/")[2] for name in scenarios] == ["a-b.yaml", "a-b-2.yaml", "A-B-3.yaml"]
    assert verify(packed, rows=1).same


def test_a_study_with_a_damaged_table_is_not_packed(study: Path, archive: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(study, tmp_path / "crowds")
    days = next((folder / "days").iterdir())
    days.write_bytes(days.read_bytes()[:-9] + b"x" * 9)
    with pytest.raises(ProtestorateError, match="its days are missing or damaged; run the study again"):
        pack(folder)
    assert not (tmp_path / f"{ROOT}.zip").exists()
    forged = with_sums(members(archive) | {f"study/days/{days.name}": days.read_bytes()})
    with pytest.raises(ProtestorateError, match="its days are missing or damaged"):
        verify(written(tmp_path / "a.zip", forged), rows=0)


def test_code_that_a_models_path_leads_to_is_not_run(
    study: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The unpacked archive lies about, and its scenario names a model by a path that leads there."""
    monkeypatch.chdir(tmp_path)
    Path("evil.py").write_text("open('trace', 'w').close()\n", encoding="utf-8")
    changed = members(archive)
    manifest = json.loads(changed["study/study.json"])
    manifest["bases"]["crowd"]["model"] = "evil.py"
    changed["study/study.json"] = json.dumps(manifest).encode()
    path = written(tmp_path / "a.zip", with_sums(changed))
    with pytest.raises(ProtestorateError, match=r"models/evil\.py, and code from an archive is not run here") as caught:
        verify(path, rows=1)
    assert str(caught.value).count("a.zip: ") == 1
    assert verify(path, rows=0).same
    assert "models/evil.py, so tables/ was not held against study/" in capsys.readouterr().err
    assert not Path("trace").exists()
