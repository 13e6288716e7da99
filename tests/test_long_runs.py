"""A run that is kept on disk as it goes on to the same end, whoever kills it; and nothing of it is lost unsaid."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tiny_country import country_file
from typer.testing import CliRunner

from analysis.cli import app
from sim.core.errors import ProtestorateError
from sim.core.table import Table
from sim.run.checkpoint import Keeper, Options, beside, clear_the_way, resumed
from sim.run.checkpoint_files import CHECKPOINT, _digest_of, _digest_of_array
from sim.run.load import load
from sim.run.result import Run
from sim.run.simulate import Running, begin, carry_out, simulate
from sim.run.store import read_run, write_run

SEED = 7
PROGRAM = [sys.executable, "-P", "-c", "from analysis.cli import main; main()"]
SLOWED = """
import sys, time
from sim.models.mobilisation import engine
import sim.run.checkpoint_files as files
from dataclasses import replace
from analysis.cli import main
import sim.models.interface as interface

slow, whole = sys.argv.pop(1), engine.ENGINE.advance
def advance(state):
    time.sleep(0.05)
    whole(state)
engine.ENGINE = replace(engine.ENGINE, advance=advance)
main()
"""


def assert_same(one: Run, other: Run) -> None:
    pd.testing.assert_frame_equal(one.days, other.days, check_exact=True)
    pd.testing.assert_frame_equal(one.localities, other.localities, check_exact=True)
    assert (one.outcome, one.summary, one.seed, one.data) == (other.outcome, other.summary, other.seed, other.data)
    assert one.scenario == other.scenario
    apart = {"seconds", "finished", "threads"}
    mine, its = ({k: v for k, v in run.provenance.items() if k not in apart} for run in (one, other))
    assert mine == its


def stopped(file: Path, result: Path, day: int, **options: Any) -> None:
    """Run as far as a day, keep the run, and let go of it."""
    running = begin(file, SEED, **options)
    with Keeper(result, Options(every=1)) as keeper:
        while running.done < day:
            running.advance()
        keeper.keep(running)


def command(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found.output


def files_under(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.iterdir() if path.name != "writing.lock")
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in files}


@pytest.mark.parametrize("threads", [1, 2])
def test_what_was_kept_goes_on_to_the_same_end(tmp_path: Path, threads: int) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    changes = {"people.motive.threshold_mean": 2.5, "about.title": "2020-08-09"}
    stopped(file, result, 9, overrides=changes, days=30)
    with resumed(result, threads) as (running, keeper):
        assert (running.done, running.steps, keeper.kept.partition(" ")[0]) == (9, 30, "2021-03-09")
        assert_same(carry_out(running), simulate(file, SEED, changes, days=30))


def test_every_array_of_the_state_is_kept(tmp_path: Path) -> None:
    """Another way than comparing ends, since a column could matter later than a short run lasts."""
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 9)
    there = begin(file, SEED)
    for _ in range(9):
        there.advance()
    expected = there.kept().arrays()
    with resumed(result) as (running, _):
        found = running.kept().arrays()
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype.names == array.dtype.names, name
        assert found[name].tobytes() == array.tobytes(), name
    world = there.state.world
    held = [
        value
        for table in vars(world).values()
        for value in (vars(table).values() if isinstance(table, Table) else (table,))
    ]
    held += [value[:9] for value in vars(there.state.recorder).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in expected.values()) == sum(array.nbytes for array in held)


@pytest.mark.parametrize(("threads", "at"), [(1, 5), (2, 12)])
def test_a_killed_run_goes_on_to_the_same_result(tmp_path: Path, threads: int, at: int) -> None:
    file, whole, killed = country_file(tmp_path), tmp_path / "whole", tmp_path / "killed"
    words = ["run", str(file), "--seed", str(SEED), "--no-report"]
    command(*words, "--out", whole)
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SLOWED, "slow", *words, "--out", str(killed), "--checkpoint-every", "3"],
        stdout=subprocess.DEVNULL,
    )
    checkpoint = beside(killed) / CHECKPOINT
    until = time.monotonic() + 300
    while not (checkpoint.exists() and json.loads(checkpoint.read_bytes())["done"] >= at):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(0.08)  # into the days between two checkpoints
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not killed.exists()
    done = json.loads(checkpoint.read_bytes())["done"]
    assert at <= done < 40
    command("resume", killed, "--threads", threads)
    assert not beside(killed).exists()
    one, other = read_run(whole), read_run(killed)
    pd.testing.assert_frame_equal(one.days, other.days, check_exact=True)
    pd.testing.assert_frame_equal(one.localities, other.localities, check_exact=True)
    for record in (one.record, other.record):
        for name in ("seconds", "finished", "threads"):
            del record["provenance"][name]
    assert one.record == other.record
    assert sorted(path.name for path in tmp_path.iterdir() if path != file) == ["killed", "whole"]


def test_ctrl_c_keeps_the_day_and_says_how_to_go_on(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "a result"
    words = ["run", str(file), "--seed", str(SEED), "--no-report", "--out", str(result), "--checkpoint-every", "1000"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SLOWED, "slow", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    told = ""
    while "%" not in told:  # the first tenth of the days is over
        told = process.stderr.readline()
        assert told, "it ended before it could be stopped"
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 130
    done = json.loads((beside(result) / CHECKPOINT).read_bytes())["done"]
    assert f"(step {done} of 40), and goes on with: protestorate resume '" in said
    with resumed(result) as (running, _):
        assert_same(carry_out(running), simulate(file, SEED))


def test_a_new_run_does_not_take_the_place_of_one_that_can_go_on(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    before = files_under(beside(result))
    words = ["run", file, "--no-report", "--out", result, "--days", 6]
    for more in ([], ["--checkpoint-every", 2]):
        said = command(*words, *more, code=2)
        assert "stands here as of 2021-03-04 (step 4 of 40): protestorate resume" in said
        assert "or begin anew with --force" in said
    assert files_under(beside(result)) == before
    assert not result.exists()
    command(*words, "--force")
    assert not beside(result).exists()
    assert read_run(result).record["provenance"]["steps"] == 6


def test_force_loses_nothing_before_there_is_something_newer(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    before = files_under(beside(result))
    running = begin(file, SEED + 1)
    with Keeper(result, Options(5, force=True)) as keeper:
        running.advance()
        keeper.after(running)
    assert files_under(beside(result)) == before
    with Keeper(result, Options(1, force=True)) as keeper:
        keeper.after(running)
    assert json.loads((beside(result) / CHECKPOINT).read_bytes())["seed"] == SEED + 1
    with resumed(result) as (running, _):
        assert running.done == 1


def test_what_stands_where_a_run_is_kept_is_left_alone(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    beside(result).mkdir()
    (beside(result) / "thesis.txt").write_text("mine")
    said = command("run", file, "--no-report", "--out", result, "--checkpoint-every", 2, code=2)
    assert "holds 'thesis.txt', which is no part of a checkpoint" in said
    assert (beside(result) / "thesis.txt").read_text() == "mine"


def test_a_run_that_fails_before_its_first_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    result = tmp_path / "new" / "result"

    def interrupted() -> None:
        with Keeper(result, Options(5)):
            assert beside(result).exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stop:
        interrupted()
    assert not str(stop.value)
    assert not (tmp_path / "new").exists()


def test_the_checkpoint_before_stands_until_the_new_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every write to the disk on the way to a checkpoint, the process may be killed."""
    file, result = country_file(tmp_path), tmp_path / "result"
    expected = simulate(file, SEED)
    running = begin(file, SEED)
    sync, calls = os.fsync, 0

    class Killed(BaseException):
        pass

    def killed_at(number: int) -> Any:
        def counted(descriptor: int) -> None:
            nonlocal calls
            calls += 1
            if calls == number:
                raise Killed
            sync(descriptor)

        return counted

    with Keeper(result, Options(1)) as keeper:
        for _ in range(3):
            running.advance()
        keeper.keep(running)
        for _ in range(3):
            running.advance()
        monkeypatch.setattr("sim.run.checkpoint_files._sweep", lambda folder: None)  # the dead clear nothing away
        number, stood = 0, 3
        while stood == 3:
            number, calls = number + 7, 0
            monkeypatch.setattr(os, "fsync", killed_at(number))
            keeper.kept = ""
            with contextlib.suppress(Killed):
                keeper.keep(running)
            monkeypatch.setattr(os, "fsync", sync)
            copied = tmp_path / f"copy-{number}"
            shutil.copytree(beside(result), beside(copied))
            with resumed(copied) as (again, _):
                stood = again.done
                assert stood in (3, 6)
                if number % 3 == 0 or stood == 6:
                    assert_same(carry_out(again), expected)
    assert number > 20


def test_a_full_disk_is_told_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    running, said = begin(file, SEED), []
    monkeypatch.setattr("sim.run.checkpoint.say", said.append)
    with Keeper(result, Options(2)) as keeper:
        for _ in range(2):
            running.advance()
        keeper.after(running)

        def full(*given: object, **more: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as while_full:
            while_full.setattr(np, "save", full)
            for _ in range(2):
                running.advance()
            keeper.after(running)
        assert keeper.kept.endswith("(step 2 of 40)")
        assert len(said) == 1
        assert "No space left on device; that of 2021-03-02 (step 2 of 40) stands" in said[0]
        assert not list(beside(result).glob("*.new"))
    with resumed(result) as (again, _):
        assert again.done == 2


def damage_an_array(folder: Path) -> None:
    path = next(folder.glob("citizens.anger-*"))
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


def change_the_seed(folder: Path) -> None:
    path = folder / CHECKPOINT
    path.write_text(path.read_text().replace(f'"seed": {SEED}', '"seed": 8'))


def resealed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a checkpoint says, and its digest with it."""
    content = json.loads((folder / CHECKPOINT).read_text())
    content.pop("sha256")
    change(content)
    (folder / CHECKPOINT).write_text(json.dumps({**content, "sha256": _digest_of(content)}))


DAMAGES = {
    "an array changed": (damage_an_array, r"damaged \(citizens.anger-\w+.npy is not what was written\)"),
    "an array cut off": (
        lambda folder: os.truncate(next(folder.glob("ties-*")), 1000),
        r"damaged \(ties-\w+.npy cannot be read",
    ),
    "an array lost": (lambda folder: next(folder.glob("nation-*")).unlink(), r"damaged \(nation-\w+.npy cannot be"),
    "another seed": (change_the_seed, r"damaged \(checkpoint.json is not what was written\)"),
    "no JSON": (
        lambda folder: (folder / CHECKPOINT).write_text("{"),
        r"damaged \(checkpoint.json cannot be read\); begin the run anew with --force",
    ),
    "other JSON": (lambda folder: (folder / CHECKPOINT).write_text("[]"), r"checkpoint.json cannot be read"),
    "an array with half a header": (
        lambda folder: next(folder.glob("nation-*")).write_bytes(b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 200),
        r"damaged \(nation-\w+.npy cannot be read",
    ),
    "an array that is a pipe": (
        lambda folder: (path := next(folder.glob("nation-*")), path.unlink(), os.mkfifo(path)),
        r"damaged \(nation-\w+.npy cannot be read: Is no file",
    ),
    "other options": (
        lambda folder: resealed(folder, lambda content: content.update(options={"every": 2})),
        r"damaged \(checkpoint.json is not what was written: options.force\)",
    ),
    "beyond its steps": (
        lambda folder: resealed(folder, lambda content: content.update(done=10**9)),
        "is not what was written",
    ),
    "beyond its scenario": (
        lambda folder: resealed(folder, lambda content: content.update(steps=10**9)),
        "more steps than its scenario",
    ),
    "no arrays": (lambda folder: resealed(folder, lambda content: content.update(arrays={})), "has no array"),
    "an array from elsewhere": (
        lambda folder: resealed(folder, lambda content: content["arrays"]["nation"].update(name="../../x.npy")),
        "is not what was written: arrays.nation.name",
    ),
    "a date that is none": (
        lambda folder: resealed(folder, lambda content: content["scenario"]["data"].update(x={"$date": "now"})),
        "its scenario cannot be read",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_is_refused_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    change, message = DAMAGES[damage]
    change(beside(result))
    before = files_under(beside(result))
    with pytest.raises(ProtestorateError, match=message), resumed(result):
        pass
    assert files_under(beside(result)) == before
    said = command("resume", result, code=2)
    assert len(said.splitlines()) == 1
    if damage.endswith("JSON"):
        with pytest.raises(ProtestorateError, match="stands here, though damaged"):
            clear_the_way(result, force=False)


@pytest.mark.parametrize("words", [["resume", "/"], ["run", "mini", "--out", "/", "--checkpoint-every", "2"]])
def test_beside_the_root_of_all_folders_there_is_nothing(tmp_path: Path, words: list[str]) -> None:
    words = [str(country_file(tmp_path)) if word == "mini" else word for word in words]
    assert len(command(*words, code=2).splitlines()) == 1


def test_a_checkpoint_called_by_dots_alone(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    beside(result).rename(tmp_path / "..unfinished")
    assert "end" in command("resume", tmp_path / "..unfinished", code=2)


def test_a_link_to_nowhere_where_a_run_is_kept(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    beside(result).symlink_to("nowhere")
    said = command("run", file, "--out", result, "--checkpoint-every", "2", code=2)
    assert "nothing can be kept here: File exists" in said


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    monkeypatch.setattr("sim.run.checkpoint.version_of", lambda models: "0.0.0+another")
    message = r"begun with model version .*, and this is 0\.0\.0\+another"
    with pytest.raises(ProtestorateError, match=message), resumed(result):
        pass


def test_two_commands_cannot_go_on_with_one_run(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4)
    message = "another command is at work on this run"
    with resumed(result), pytest.raises(ProtestorateError, match=message), resumed(result):
        pass
    with resumed(result) as (running, _):
        assert running.done == 4


def test_what_cannot_go_on_is_told_apart(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    assert "no run that can go on is here" in command("resume", tmp_path / "nothing", code=2)
    write_run(simulate(file, SEED, days=2), result, False)
    assert "this run is finished" in command("resume", result, code=2)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.json").write_text("{}")
    assert "is a study; the same `protestorate sweep` goes on" in command("resume", tmp_path / "study", code=2)
    stopped(file, tmp_path / "moved", 4)
    beside(tmp_path / "moved").rename(tmp_path / "elsewhere")
    assert "ends in .unfinished" in command("resume", tmp_path / "elsewhere", code=2)
    (tmp_path / "elsewhere").rename(tmp_path / "other.unfinished")
    command("resume", tmp_path / "other.unfinished")  # the checkpoint itself may be named, wherever it was moved
    assert (tmp_path / "other" / "report.html").exists()


def test_a_result_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    file, result = country_file(tmp_path), tmp_path / "result"
    stopped(file, result, 4, days=20)
    write_run(simulate(file, SEED + 1, days=20), result, False)
    assert "holds a result already" in command("resume", result, code=2)
    write_run(simulate(file, SEED, days=20), result, True)  # as when the command was killed at its very end
    said = command("resume", result, code=2)
    assert "this run is finished; delete" in said
    write_run(simulate(file, SEED, days=10), result, True)  # a shorter run of the same is another result
    assert "holds a result already" in command("resume", result, code=2)


def test_models_whose_runs_are_short_are_not_kept(tmp_path: Path) -> None:
    said = command("run", "granovetter-1978", "--out", tmp_path / "x", "--checkpoint-every", 2, code=2)
    assert "runs of the model granovetter-1978 are short and are not kept half-way" in said
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProtestorateError, match="cannot be kept half-way"):
        Running(load("granovetter-1978"), 1).kept()


def test_what_a_run_would_take_is_said_and_nothing_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["run", "belarus-2020", "--persons-per-agent", 1, "--days", 30, "--dry-run", "--out", tmp_path / "x"]
    said = json.loads(command(*words, "--json"))
    assert said["agents"] == 9_413_446
    assert (said["steps"], said["threads"]) == (30, 1)
    more = json.loads(command(*words, "--json", "--threads", 2))
    assert 0.5 < more["seconds"] / said["seconds"] < 1.0
    longer = json.loads(command(*words[:5], 60, *words[6:], "--json"))
    assert 1.5 < longer["seconds"] / said["seconds"] < 2.0
    assert 0.8e9 < said["bytes"] < 2e9
    told = command(*words)
    assert "9,413,446" in told
    assert "nothing was started (--dry-run)" in told
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr("sim.run.simulate.available_bytes", lambda: 10**9)
    refused = command(*words, code=2)
    assert "9,413,446 agents need about" in refused
    assert "run.persons_per_agent" in refused


def sealed(folder: Path, change: Callable[[dict[str, Any]], None], **arrays: Any) -> None:
    """Change a checkpoint as somebody would who knows its digests."""
    content = json.loads((folder / CHECKPOINT).read_bytes())
    del content["sha256"]
    for name, make in arrays.items():
        array = make(np.load(folder / content["arrays"][name]["name"]))
        digest = _digest_of_array(array)
        file = f"{name}-{digest[:16]}.npy"
        np.save(folder / file, array)
        content["arrays"][name] = {"name": file, "sha256": digest}
    change(content)
    (folder / CHECKPOINT).write_text(json.dumps({**content, "sha256": _digest_of(content)}))


def put(array: Any, value: float) -> Any:
    array = array.copy()
    array.reshape(-1)[-1] = value
    return array


EDITED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "shorter": ("citizens.role", lambda a: a[:-1]),
    "longer": ("citizens.anger", lambda a: np.append(a, a)),
    "empty": ("localities.size", lambda a: a[:0]),
    "another dimension": ("localities.count", lambda a: a.reshape(-1)),
    "a column less": ("localities.crowd", lambda a: np.ascontiguousarray(a[:, :-1])),
    "another order": ("ties", np.asfortranarray),
    "another type": ("citizens.fear", lambda a: a.astype("f8")),
    "other bytes": ("workplaces.size", lambda a: a.astype(">i4")),
    "text": ("elites.signal", lambda a: a.astype("U4")),
    "a record": ("nation", lambda a: a[["day", "choice"]]),
    "two nations": ("nation", lambda a: np.append(a, a)),
    "ties to nobody": ("ties", lambda a: put(a, a.shape[0])),
    "below the first": ("ties", lambda a: put(a, -1)),
    "no such neighbourhood": ("citizens.neighbourhood", lambda a: put(a, 10**6)),
    "no such workplace": ("citizens.workplace", lambda a: put(a, 10**6)),
    "no such tactic": ("citizens.attending", lambda a: put(a, 250)),
    "no such role": ("citizens.role", lambda a: put(a, 200)),
    "a neighbourhood that begins elsewhere": ("neighbourhoods.first", lambda a: put(a, 2**40)),
    "officers of no force": ("officers.force", lambda a: put(a, 200)),
    "recorded for longer": ("recorded.counts", lambda a: np.concatenate([a, a])),
    "recorded otherwise": ("recorded.groups", lambda a: a[:, :-1].copy()),
}


@pytest.fixture(scope="module")
def kept_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    stopped(country_file(place), place / "result", 4)
    return place


@pytest.mark.parametrize("name", EDITED)
def test_arrays_of_another_shape_are_told(kept_run: Path, tmp_path: Path, name: str) -> None:
    """Compiled loops check no index: the process was killed, or numbers were taken from elsewhere in memory."""
    array, make = EDITED[name]
    shutil.copytree(kept_run, tmp_path / "copy")
    sealed(beside(tmp_path / "copy" / "result"), lambda content: None, **{array: make})
    before = files_under(beside(tmp_path / "copy" / "result"))
    said = command("resume", tmp_path / "copy" / "result", code=2)
    assert "the checkpoint is damaged" in said
    assert len(said.splitlines()) == 1
    assert files_under(beside(tmp_path / "copy" / "result")) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(done=3),
        lambda content: content.update(done=5),
        lambda content: content["arrays"].update({"recorded.more": content["arrays"]["nation"]}),
        lambda content: content["arrays"].pop("recorded.counts"),
        lambda content: content["arrays"].update(ties=content["arrays"]["nation"]),
    ],
)
def test_a_checkpoint_that_does_not_agree_with_its_arrays(kept_run: Path, tmp_path: Path, change: Any) -> None:
    shutil.copytree(kept_run, tmp_path / "copy")
    sealed(beside(tmp_path / "copy" / "result"), change)
    assert "the checkpoint is damaged" in command("resume", tmp_path / "copy" / "result", code=2)


def test_a_mark_of_an_editor_before_the_text_is_no_damage(kept_run: Path, tmp_path: Path) -> None:
    shutil.copytree(kept_run, tmp_path / "copy")
    file = beside(tmp_path / "copy" / "result") / CHECKPOINT
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    with resumed(tmp_path / "copy" / "result") as (running, _):
        assert running.done == 4
