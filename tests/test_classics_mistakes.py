"""Mistakes in scenarios of published models, as their users meet them: one message, at its place, and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app

HERE = "§"
"""Marks the place that a message must name."""
TEN = "0.0, 20.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: watts-2002\npopulation:\n  thresholds: {kind: same, value: §1.2}\n",
         "population.thresholds.value: must be at most 1 (given 1.2)"),
        ("extends: steinert-threlkeld-2021\npopulation:\n  thresholds: {kind: same, value: §-0.1}\n",
         "population.thresholds.value: must be at least 0 (given -0.1)"),
        (f"extends: kuran-1991\npopulation:\n  thresholds: {{kind: explicit, values: [{TEN}, §120.0]}}\n",
         "population.thresholds.values.9: must be at most 100 (given 120.0)"),
        ("extends: granovetter-1978\npopulation:\n  persons: 4\n  thresholds: {kind: explicit, §values: [0.0, 1.0]}\n",
         "population.thresholds.values: has 2 thresholds for 4 persons"),
        ("extends: siegel-2009\npopulation:\n  inertia: §1.0\n",
         "population.inertia: must be at most 0.999 (given 1.0)"),
        ("extends: epstein-2002\ncitizens:\n  threshold: §1.5\n", "citizens.threshold: must be at most 1 (given 1.5)"),
        ("extends: epstein-2002\ncitizens:\n  density: §1.2\n", "citizens.density: must be at most 1 (given 1.2)"),
        ("extends: netlogo-rebellion\ncitizens:\n  density: §0.98\n",
         "citizens.density: citizens on 0.98 and cops on 0.04 of the cells are more than there are cells"),
        ("extends: chenoweth-hocking-marks-2022\ngrid:\n  citizens: §0.99\n",
         "grid.citizens: must leave empty cells: the shares of all agents add up to 1.0533"),
        ("extends: moro-2016\npolice:\n  density: §1.01\n", "police.density: must be at most 1 (given 1.01)"),
        ("extends: mesa-epstein\ncitizens:\n  vision: §20.0\n", "citizens.vision: is larger than the grid"),
        ("extends: epstein-2002\ncops:\n  vision: §25.0\n", "cops.vision: is larger than the grid"),
        ("extends: chenoweth-hocking-marks-2022\ngrid:\n  vision: §20\n",
         "grid.vision: must be smaller: the grid is 40 x 40"),
        ("extends: moro-2016\ngrid:\n  vision: §20.0\n", "grid.vision: is larger than the grid"),
        ("model: §epstien-2002\n",
         "model: there is no such model (given 'epstien-2002'), did you mean 'epstein-2002'?"),
        ("extends: §epstien-2002\n", "did you mean 'epstein-2002'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str):
    monkeypatch.chdir(tmp_path)
    before = text[: text.index(HERE)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    Path("case.yaml").write_text(text.replace(HERE, ""), encoding="utf-8")
    for command in (["check", "case.yaml"], ["run", "case.yaml", "--out", "nothing"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        assert result.output.startswith(f"case.yaml:{line}:{column}: ")
        assert said in result.output
        assert result.output.count("\n") == 1
        assert not Path("nothing").exists()
