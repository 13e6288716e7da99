"""The commands sweep and rerun, and the page of a study."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.stats.intervals import mean_interval
from analysis.sweep.answer import Contrast, sentence
from sim.models.results import Result
from sim.study import read_study

STUDY = """\
title: Crowds of <b>different</b> spread
question: How many act in the end?
scenario: granovetter-1978
design:
  kind: list
  points:
    - {label: as it was}
    - {label: fewer steps, set: {time.steps: 3}}
    - {label: as it was once more, set: {time.steps: 1000}}
replicates: 4
keep: {days: true}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "crowds.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_dry_run_starts_nothing(protestorate, study, tmp_path):
    shown = protestorate("sweep", "crowds.yaml", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "fewer steps" in shown.stdout
    planned = json.loads(protestorate("sweep", "crowds.yaml", "--dry-run", "--json").stdout)
    assert (planned["points"], planned["replicates"]) == (3, 4)
    assert planned["runs"] == 4 * (3 - planned["points_that_repeat_an_earlier_one"])
    assert planned["estimated_seconds"] > 0
    assert [path.name for path in tmp_path.iterdir()] == ["crowds.yaml"]


def test_sweep_stop_and_go_on(protestorate, study, tmp_path):
    first = protestorate("sweep", "crowds.yaml", "--max-runs", 3)
    assert first.returncode == 0, first.stderr
    assert "still to do" in first.stdout
    begun = (tmp_path / "results" / "crowds" / "report.html").read_text(encoding="utf-8")
    assert "Not complete: of 12 runs the others were not made yet." in begun
    assert "\x1b" not in first.stderr, "no control codes where there is no terminal"
    planned = json.loads(protestorate("sweep", "crowds.yaml", "--dry-run", "--json").stdout)
    assert planned["runs_stored"] == 3
    second = protestorate("sweep", "crowds.yaml", "--json")
    content = json.loads(second.stdout)
    assert content["runs"] == 12
    assert [session["runs"] for session in content["sessions"]] == [3, planned["runs"] - 3]
    assert [point["label"] for point in content["points"]] == ["as it was", "fewer steps", "as it was once more"]
    assert all(sum(point["outcomes"].values()) == 4 for point in content["points"])
    third = json.loads(protestorate("sweep", "crowds.yaml", "--json").stdout)
    assert third == content, "nothing was left to do"
    assert f"last computed: {planned['runs'] - 3} runs in " in protestorate("sweep", "crowds.yaml").stdout
    page = (tmp_path / "results" / "crowds" / "report.html").read_text(encoding="utf-8")
    assert "Crowds of &lt;b&gt;different" in page
    assert "Not complete" not in page
    assert "https://" not in page.replace("http://www.w3.org", "")
    data = read_study(tmp_path / "results" / "crowds")
    assert data.runs["share"].nunique() > 1
    assert set(data.points["same_as"]) < {0, 1, 2}


def test_rerun(protestorate, study, tmp_path):
    protestorate("sweep", "crowds.yaml")
    folder = Path("results") / "crowds"
    run = read_study(tmp_path / folder).runs.iloc[5]
    again = protestorate("rerun", folder, run["run_id"][:8], "--out", "one")
    assert again.returncode == 0, again.stderr
    assert "bit-identical: days, runs" in again.stdout
    record = json.loads((tmp_path / "one" / "run.json").read_text(encoding="utf-8"))
    assert record["seed"] == run["seed"]
    assert record["summary"]["share"] == run["share"]
    short = protestorate("rerun", folder, run["run_id"][:5])
    assert (short.returncode, "give at least 6 letters of the run's id" in short.stderr) == (2, True)
    unknown = protestorate("rerun", folder, "0123456789abcdef0123")
    assert (unknown.returncode, "no such run" in unknown.stderr) == (2, True)
    for shard in (tmp_path / folder / "runs").iterdir():
        table = pq.read_table(shard)
        place = table.schema.get_field_index("share")
        falsified = table.set_column(place, "share", pa.array([0.123] * table.num_rows))
        pq.write_table(falsified.replace_schema_metadata(table.schema.metadata), shard)
    found = protestorate("rerun", folder, run["run_id"])
    assert (found.returncode, "its rows are not those that were written" in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("shutdown-and-hob",), ("no such study", "did you mean 'shutdown-and-hub'")),
        (("crowds.yaml", "--dask", "tcp://a:1", "--slurm"), ("--dask and --slurm", "choose one")),
        (("crowds.yaml", "--dask", "tcp://a:1", "--workers", "2"), ("--workers", "leave it out")),
        (("crowds.yaml", "--set", "time.stepps=3"), ("--set time.stepps=3", "did you mean 'time.steps'")),
        (("crowds.yaml", "--out", "crowds.yaml"), ("is a file",)),
    ],
)
def test_mistakes(protestorate, study, tmp_path, arguments, words):
    result = protestorate("sweep", *arguments)
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in words), result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["crowds.yaml"]


@pytest.mark.parametrize(
    ("differences", "begins"),
    [
        ((4.0, 5.0, 6.0), "Crowd is higher with full sanctions than with Belarus 2020: "),
        ((-4.0, 5.0, 6.0), "Whether crowd is higher or lower with full sanctions than with Belarus 2020 cannot "),
        ((0.0, 0.0, 0.0), "Crowd is the same with full sanctions and with Belarus 2020: "),
    ],
)
def test_a_direction_is_claimed_only_where_it_can_be_told(differences, begins):
    found = np.array(differences)
    contrast = Contrast(
        "", "Belarus 2020", "full sanctions", (100.0, 100.0 + float(found.mean())), float(found.mean()),
        mean_interval(found), len(found), False,
    )  # fmt: skip
    said = sentence(Result("crowd", "persons", "count", label="crowd", about="how many act"), contrast)
    assert said.startswith(begins)
    assert said.endswith(".")
