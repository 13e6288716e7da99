"""The R code of docs/r-and-stata.md runs, and gives what pandas gives of the same study."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from analysis.cli import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "r-and-stata.md"
LIBRARIES = ("arrow", "dplyr", "tidyr", "ggplot2")
STUDY = "results/shutdown-and-hub"
WRITTEN = """
write.csv(as.data.frame(pairs), "pairs.csv", row.names = FALSE)
ggsave("days.png", width = 6, height = 4)
"""

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def rscript() -> str:
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("Rscript is not installed")
    asked = " && ".join(f"requireNamespace('{name}', quietly = TRUE)" for name in LIBRARIES)
    if subprocess.run([found, "-e", f"quit(status = !({asked}))"], capture_output=True).returncode != 0:
        pytest.skip(f"R lacks one of {', '.join(LIBRARIES)}")
    return found


def test_the_code_of_the_page_runs_and_agrees_with_pandas(
    rscript: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["sweep", "shutdown-and-hub"])
    assert done.exit_code == 0, done.output
    code = "\n".join(re.findall(r"^```r\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    (tmp_path / "page.R").write_text(code + WRITTEN, encoding="utf-8")
    ran = subprocess.run([rscript, "page.R"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "days.png").stat().st_size > 10_000

    runs = sim.read_study(STUDY).runs.rename(columns={"movement.hub.top_reach": "reach"})
    expected = runs.pivot(
        index=["replicate", "reach"], columns="mechanisms.shutdown", values="peak_turnout_share"
    ).reset_index()
    found = pd.read_csv("pairs.csv").sort_values(["replicate", "reach"]).reset_index(drop=True)
    assert len(found) == len(expected) > 0
    assert (found["difference"] - (expected[True] - expected[False])).abs().max() < 1e-12
