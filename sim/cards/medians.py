"""What stands in for a missing fact: medians of a region, by continent of GeoNames, and of the world.

Medians of the year before the onset over 112 countries and years in which a mass movement began, 1975 to 2024, from the
sources that `sim.cards.facts` names; those below `WORLD_ONLY` are round figures of the world. No figure of what came
of a movement is in them.
"""

from __future__ import annotations

REGIONS = {"AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "North and Central America", "OC": "Oceania",
           "SA": "South America"}  # fmt: skip

YEARS = "1975 to 2024"
_COLUMNS = ("AF", "AS", "EU", "NA", "OC", "SA", "world")
_ROWS: dict[str, tuple[float, ...]] = {
    "urban_share": (0.346, 0.489, 0.665, 0.526, 0.309, 0.724, 0.524),
    "median_age": (16.1, 24.3, 37.6, 19.7, 19.5, 23.8, 21.1),
    "income": (1761, 8734, 13831, 4084, 3630, 7959, 5899),
    "growth": (0.89, 2.69, 2.05, 0.75, 1.48, -0.17, 1.64),
    "inflation": (3.9, 5.6, 3.6, 6.4, 6.4, 4.3, 4.7),
    "internet_users": (0.02, 0.101, 0.371, 0.172, 0.02, 0.443, 0.051),
    "media_freedom": (0.647, 0.477, 0.371, 0.733, 0.793, 0.804, 0.58),
    "civil_society": (0.538, 0.471, 0.333, 0.699, 0.745, 0.825, 0.55),
    "political_rights": (6, 5, 6, 4, 2, 3, 5),
    "civil_liberties": (5, 5, 5, 4, 2, 3, 5),
    "tenure": (11.8, 6.5, 8.7, 4.0, 0.0, 2.2, 6.8),
    "leader_age": (65, 62, 59, 50, 39, 59, 61),
    "soldiers": (1.2, 5.0, 6.2, 1.1, 2.0, 3.5, 3.3),
    "conscription": (1, 1, 1, 0, 0, 1, 1),
    "coups": (0, 0, 0, 0, 0, 0, 0),
    "physical_safety": (0.449, 0.426, 0.593, 0.629, 0.915, 0.852, 0.555),
    "court_independence": (0.371, 0.408, 0.195, 0.361, 0.504, 0.477, 0.361),
    "parliament_independence": (0.317, 0.393, 0.182, 0.653, 0.751, 0.649, 0.393),
    "corruption": (0.766, 0.725, 0.455, 0.847, 0.318, 0.654, 0.708),
}
MEDIANS: dict[str, dict[str, float]] = {
    name: dict(zip(_COLUMNS, values, strict=True)) for name, values in _ROWS.items()
}
WORLD_ONLY: dict[str, float] = {
    "employment_rate": 0.58,
    "rents": 0.03,
    "reserves": 120.0,
    "police": 3.0,
    "ruler_support": 0.3,
    "opposition_support": 0.4,
}
"""Employment, rents and police from round figures of the World Bank and of UNODC; reserves and support assumed."""


def median(name: str, continent: str) -> tuple[float, str]:
    """Return what stands in for a fact, and in words what it is the median of."""
    if name in WORLD_ONLY:
        return WORLD_ONLY[name], "a round figure of the world"
    row = MEDIANS[name]
    if continent in row:
        return row[continent], f"the median of {REGIONS[continent]} over {YEARS}"
    return row["world"], f"the median of the world over {YEARS}"
