"""What stands in for a missing fact: medians of a region, by continent of GeoNames, and of the world.

Medians of the year before the onset over 112 countries and years in which a mass movement began, 1975 to 2024, from the
sources that `sim.cards.facts` names; those below `WORLD_ONLY` are round figures of the world. No figure of what came
of a movement is in them.

Facts that change with the years (rank correlation with the year within regions of 0.5 and more: internet users 0.86,
median age 0.66, income 0.53; all others less) have a median every five years, over the region's countries of the two
years around, or of as many more as it takes to have five; North and Central America and Oceania, which have seven and
two in all, take the world's.
"""

from __future__ import annotations

REGIONS = {"AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "North and Central America", "OC": "Oceania",
           "SA": "South America"}  # fmt: skip

YEARS = "1975 to 2024"
_COLUMNS = ("AF", "AS", "EU", "NA", "OC", "SA", "world")
_ROWS: dict[str, tuple[float, ...]] = {
    "urban_share": (0.346, 0.489, 0.665, 0.526, 0.309, 0.724, 0.524),
    "growth": (0.89, 2.69, 2.05, 0.75, 1.48, -0.17, 1.64),
    "inflation": (3.9, 5.6, 3.6, 6.4, 6.4, 4.3, 4.7),
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
ABOUT = (1975, 1980, 1985, 1990, 1995, 2000, 2005, 2010, 2015, 2020)
BY_YEAR: dict[str, dict[str, tuple[float, ...]]] = {
    "median_age": {
        "AF": (15.4, 15.4, 15.4, 15.6, 15.7, 16.3, 16.1, 16.7, 17.3, 16.5),
        "AS": (17.2, 17.2, 17.3, 18.1, 18.1, 20.4, 24.5, 28.6, 29.0, 33.4),
        "EU": (31.9, 31.9, 31.9, 31.9, 32.0, 37.1, 37.9, 37.9, 38.8, 39.3),
        "SA": (19.8, 19.8, 19.8, 19.8, 21.1, 21.1, 21.1, 25.7, 26.2, 28.2),
        "world": (17.3, 18.5, 18.2, 17.0, 18.3, 20.0, 22.1, 20.7, 26.6, 28.5),
    },
    "income": {
        "AF": (1760, 1760, 1760, 1480, 1760, 1290, 1190, 2120, 1410, 1840),
        "AS": (2230, 2230, 2230, 1380, 1470, 5310, 5410, 12500, 17500, 12600),
        "EU": (9260, 9260, 9260, 6340, 6340, 7030, 10400, 18100, 18500, 18700),
        "SA": (6990, 6990, 6990, 6990, 6990, 6990, 6990, 15200, 15200, 12200),
        "world": (4080, 4970, 3230, 1780, 4410, 5260, 5410, 8460, 13100, 11800),
    },
    "internet_users": {
        "AF": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0031, 0.007, 0.04, 0.0995, 0.15),
        "AS": (0.0, 0.0, 0.0, 0.0, 0.0001, 0.0179, 0.0509, 0.201, 0.492, 0.702),
        "EU": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0158, 0.44, 0.49, 0.541, 0.805),
        "SA": (0.0, 0.0, 0.0, 0.0, 0.002, 0.0195, 0.0195, 0.545, 0.547, 0.6),
        "world": (0.0, 0.0, 0.0, 0.0, 0.00005, 0.0031, 0.0395, 0.12, 0.454, 0.656),
    },
}
"""Medians about each year of `ABOUT`, by region."""
WORLD_ONLY: dict[str, float] = {
    "employment_rate": 0.58,
    "rents": 0.03,
    "reserves": 120.0,
    "police": 3.0,
    "ruler_support": 0.3,
    "opposition_support": 0.4,
}
"""Employment, rents and police from round figures of the World Bank and of UNODC; reserves and support assumed."""


def median(name: str, continent: str, year: int) -> tuple[float, str]:
    """Return what stands in for a fact in a year, and in words what it is the median of."""
    if name in WORLD_ONLY:
        return WORLD_ONLY[name], "a round figure of the world"
    if name in BY_YEAR:
        region = continent if continent in BY_YEAR[name] else "world"
        about = min(ABOUT, key=lambda one: abs(one - year))
        value = BY_YEAR[name][region][ABOUT.index(about)]
        return value, f"the median of {_words(region)} about {about}"
    row = MEDIANS[name]
    region = continent if continent in row else "world"
    return row[region], f"the median of {_words(region)} over {YEARS}"


def _words(region: str) -> str:
    return REGIONS.get(region, "the world")
