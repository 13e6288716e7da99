"""A value that stands in no section, as a model of one's own may have, is a parameter and no column of the results."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app

DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "own-model.md").read_text(encoding="utf-8")
FIELDS = ("point", "seed", "outcome", "most", "force")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    code, scenario = (re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)[0] for kind in ("python", "yaml"))
    more = "".join(f"    {name}: float = fraction('at the top', default=0.2)\n" for name in FIELDS)
    (tmp_path / "ring.py").write_text(code.replace("    minds: Minds\n", f"    minds: Minds\n{more}", 1))
    (tmp_path / "ring.yaml").write_text(scenario)
    return tmp_path


def study(*parameters: str) -> None:
    lines = "".join(f"    {name}: [0.1, 0.5, 0.9]\n" for name in parameters)
    text = f"scenario: ring.yaml\ndesign:\n  kind: grid\n  parameters:\n{lines}replicates: 6\n"
    Path("s.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", FIELDS[:-1])
def test_what_is_called_as_a_column_cannot_be_varied(name: str) -> None:
    study(name)
    result = CliRunner().invoke(app, ["sweep", "s.yaml", "--out", "out", "--workers", "1"])
    assert result.exit_code == 2, result.output
    assert result.stderr.strip() == (
        f"s.yaml:5:5: design.parameters.{name}: cannot vary: a column of a study's tables is called so; put the value "
        "into a section of the schema"
    )
    assert not Path("out").exists()


def test_what_is_called_otherwise_is_a_parameter_like_any_other() -> None:
    study("force", "minds.threshold")
    for words in (
        ["sweep", "s.yaml", "--out", "out", "--workers", "1"],
        ["sensitivity", "out", "--out", "told"],
        ["compare", "out:0", "out:4", "--out", "compared"],
    ):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    told = json.loads(Path("told/sensitivity.json").read_text(encoding="utf-8"))
    assert [one["path"] for one in told["parameters"]] == ["force", "minds.threshold"]
    refused = CliRunner().invoke(app, ["sensitivity", "out", "--outcome", "force"])
    assert (refused.exit_code, "is neither a number" in refused.stderr) == (2, True)
    numbers = json.loads(Path("compared/comparison.json").read_text(encoding="utf-8"))["comparisons"][0]["numbers"]
    assert "force" not in [one["name"] for one in numbers]
