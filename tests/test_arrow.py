"""Tables are read without threads: one that was just starting when the program ended killed it now and then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.run.load import load
from sim.study import Keep, Point, Study, run_study

READ = """
import os, sys
import sim.run.store, sim.study.read
from pathlib import Path
from sim.core.arrow import frame_of, read_table, table_of
before = len(os.listdir("/proc/self/task"))
run = sim.run.store.read_run(Path(sys.argv[1]))
table_of(run.days)
frame_of(read_table(Path(sys.argv[1]) / "localities.parquet", columns=["date"]))
study = sim.study.read.read_study(Path(sys.argv[2]))
print(len(run.days), len(study.days(["attending"], points=[1])), len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as Linux lists them")
def test_reading_a_run_or_a_study_starts_no_thread(tmp_path: Path) -> None:
    base = load("belarus-2020", {"run.persons_per_agent": 20_000})
    points = (Point("one", "b"), Point("other", "b", {"mechanisms.hub": False}))
    run_study(Study("s", {"b": base}, points, (1, 2), Keep(days=True)), tmp_path / "study", workers=1)
    folder = sim.simulate("belarus-2020", days=3, persons_per_agent=20_000).save(tmp_path / "run")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder), str(tmp_path / "study")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["3", "280", "0"]


def test_nobody_reads_a_table_otherwise() -> None:
    clone = Path(__file__).parents[1]
    files = [path for room in ("sim", "analysis") for path in (clone / room).rglob("*.py") if path.name != "arrow.py"]
    ways = ("pq.read_table(", ".to_pandas(", ".from_pandas(", "read_parquet(")
    found = [(path.name, way) for path in files for way in ways if way in path.read_text(encoding="utf-8")]
    assert found == []
