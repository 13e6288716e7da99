"""Names in any script, and of any length: no picture of a report warns, and none leaves out a character in silence."""

from __future__ import annotations

import copy
import logging
import warnings
from pathlib import Path
from typing import Any

import pytest
from tiny_country import DATA, country_file

import sim
from analysis.report.run import write_report

SECTIONS = (
    "places.localities", "people.classes", "police.forces", "elites.kinds", "institutions", "movement.tactics",
    "events",
)  # fmt: skip


def renamed(ending: str) -> dict[str, Any]:
    """The tiny country with an ending behind every name, by section."""
    changes: dict[str, Any] = {"about.title": f"A country {ending}"}
    for path in SECTIONS:
        section: Any = DATA
        for part in path.split("."):
            section = section[part]
        changes[path] = {f"{name} {ending}": copy.deepcopy(value) for name, value in section.items()}
    for institution in changes["institutions"].values():
        institution["members"] += f" {ending}"
    for name, event in changes["events"].items():
        event["title"] = name
        examples = event["effects"].get("examples", {})
        event["effects"] |= {"examples": {f"{tactic} {ending}": value for tactic, value in examples.items()}}
    return changes


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("北京市ＡＢＣ１\U00020000 ሀለ", "svg"), ("很长的名字" * 40, "png")],
    ids=["scripts", "long"],
)
def test_a_report_is_drawn_without_a_word_of_matplotlib(
    ending: str, kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        run = sim.simulate(country_file(tmp_path, renamed(ending)), days=12)
        write_report(run, tmp_path, (kind,))
        run.plot().savefig(tmp_path / "overview.png")
    assert [record.getMessage() for record in caplog.records] == []
    if len(ending) < 20:
        assert f"Capital {ending}" in (tmp_path / "figures" / "map.svg").read_text(encoding="utf-8")
