"""A small country in a file: a hundredth of a second a day, for tests of commands and studies."""

from __future__ import annotations

from pathlib import Path

MINI = """\
extends: belarus-2020
replaces: [places.localities]
about: {title: Mini, summary: A small country., question: ""}
time: {days: 140}
places:
  population: 60000
  outline: null
  localities:
    Aville: {region: North, lat: 53.9, lon: 27.5, population: 30000, settlement: city}
    Btown: {region: North, lat: 54.1, lon: 27.9, population: 20000, settlement: town}
    Cvillage: {region: South, lat: 52.1, lon: 27.1, population: 10000, settlement: village}
police: {forces: {riot: {persons: 20}, interior_troops: {persons: 40}, regular: {persons: 150}, army: {persons: 60}}}
information: {turnout_low: 6.0, violence_low: 1.1}
run: {persons_per_agent: 50}
sources: {places: {from: assumption, note: made up}, information: assumption}
"""


def mini(folder: Path, name: str = "mini") -> Path:
    """Write the small country and return its file."""
    path = folder / f"{name}.yaml"
    path.write_text(MINI, encoding="utf-8")
    return path
