"""The small country with full stops in the name of everything that a scenario names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from mini_country import mini

from sim.run.load import load

NAMES = {
    "Aville": "St. Petersburg", "Btown": "Frankfurt a.M.", "North": "N.W.",
    "protest": "opp. A", "observer": 'the "third" p.', "industry": "heavy ind.", "young": "16.-29.",
    "riot": "O.M.O.N.", "mass_march": "march, 1.5 km", "business": "S.A.",
    "election": "election no. 1", "left_with_all_protesters": '"P." (left)',
}  # fmt: skip
PEOPLE = 'places.localities."St. Petersburg".population'
GAIN = "regime.aggression_gain"


SIGNED = {
    "Aville": "A: north + south", "Btown": "B@home", "North": "N / E", "protest": "old + new",
    "observer": '"third" way', "industry": "mines: coal + iron", "young": "16+", "riot": "A + B: riot",
    "mass_march": "march @ noon", "business": "big + small", "parliament": "upper: lower",
}  # fmt: skip
"""Names that hold signs of the language of measures."""


def dotted_country(folder: Path, name: str = "dotted", names: Mapping[str, str] = NAMES, **run: Any) -> Path:
    """Write the country with other names and return its file."""
    data = load(mini(folder, "before")).data
    (folder / "before.yaml").unlink()
    named = {section: _renamed(part, names) for section, part in data.items() if section != "sources"}
    sources: dict[str, Any] = {section: "assumption" for section in named if section not in ("model", "about", "run")}
    if names is NAMES:
        sources[PEOPLE] = {"from": "assumption", "note": "as many as there are"}
        sources['places.localities."Frankfurt a.M."'] = {"from": "assumption", "note": "the whole town"}
        sources['people.camps.*.shares."16.-29."'] = "assumption"
    named["run"] |= run
    path = folder / f"{name}.yaml"
    path.write_text(
        yaml.safe_dump({**named, "sources": sources}, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    return path


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {names.get(name, name): _renamed(inner, names) for name, inner in part.items()}
    return names.get(part, part) if isinstance(part, str) else part
