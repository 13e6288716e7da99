"""The report of a sensitivity analysis, and the command that writes it for a real study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_report import Page, assert_self_contained
from test_sensitivity import NAMES, hypercube, ishigami
from test_sensitivity_changes import by_hand, morris_study
from typer.testing import CliRunner

from analysis.cli import app
from analysis.sensitivity import analyse, write_sensitivity

CROWD = "extends: granovetter-1978\npopulation: {thresholds: {kind: normal, mean: 25, spread: 12}}\n"

METHODS = {
    "sobol": ishigami,
    "morris": lambda: morris_study(lambda p, _, __: {"detained": p[NAMES[0]] * p[NAMES[1]], "killed": p[NAMES[2]]}),
    "regression": lambda: hypercube(3),
    "tornado": by_hand,
}


@pytest.mark.parametrize("method", METHODS)
def test_the_report_is_whole(method: str, tmp_path: Path) -> None:
    result = analyse(METHODS[method]())
    assert result.method == method
    page = Page(write_sensitivity(result, tmp_path / "s", ("svg",)))
    assert page.open == []
    assert_self_contained(page)
    assert "A made study <of> 'things' & others" in page.text
    assert "nan" not in page.text.replace("finance", "").lower()
    names = [name for name in page.values("id") if name.startswith("figure-")]
    assert {f"figure-{path.stem}" for path in (tmp_path / "s" / "figures").iterdir()} == set(names)
    assert f"figure-{method}-{result.outcomes[0].measure.name.replace('_', '-')}" in names
    text = (tmp_path / "s" / "sensitivity.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    first = json.loads(text)["outcomes"][result.outcomes[0].measure.name]
    assert [row["parameter"] for row in first["effects"]] == result.outcomes[0].effects["parameter"].tolist()


def test_a_real_study_from_the_command_line(tmp_path: Path) -> None:
    study = (
        "name: crowds\nscenario: crowd.yaml\n"
        "design:\n  kind: sobol\n  size: 8\n  parameters:\n"
        "    population.thresholds.mean: {low: 20, high: 200}\n"
        "    population.thresholds.spread: {low: 30, high: 90}\nreplicates: 3\n"
    )
    (tmp_path / "crowds.yaml").write_text(study, encoding="utf-8")
    (tmp_path / "crowd.yaml").write_text(CROWD, encoding="utf-8")
    from sim.study import load_study, run_study

    run_study(load_study(str(tmp_path / "crowds.yaml"), {}), tmp_path / "crowds", workers=1)
    call = ["sensitivity", str(tmp_path / "crowds"), "--outcome", "share", "--figures"]
    told = CliRunner().invoke(app, [*call, "png"])
    assert told.exit_code == 0, told.output
    assert "population.thresholds.mean" in told.output
    assert "crowds/sensitivity/report.html" in told.output
    refused = CliRunner().invoke(app, [*call, "gif"])
    assert refused.exit_code == 2
    assert "--figures: picture format 'gif' is none of svg, png, pdf" in refused.output
    page = Page(tmp_path / "crowds" / "sensitivity" / "report.html")
    assert_self_contained(page)
    assert "persons" in page.text
    assert (tmp_path / "crowds" / "sensitivity" / "figures" / "sobol-share.png").stat().st_size > 10_000
    record = json.loads((tmp_path / "crowds" / "sensitivity" / "sensitivity.json").read_text(encoding="utf-8"))
    assert record["outcomes"]["share"]["effects"][0]["parameter"] == "population.thresholds.mean"
