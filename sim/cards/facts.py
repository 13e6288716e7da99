"""The facts of a card, one plain table: name, unit, range, meaning, where to find it, what fills it if it is missing.

What may stand here: what could be known on the first day, and the dated calendar that a case names. Nothing on how a
movement went, and nothing on how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.models.mobilisation.schema.scenario import WEEKDAYS

Kind = Literal["number", "whole", "share", "flag", "choice", "text", "date", "days", "spans", "places"]
Filler = Literal["region", "world", "derived", "default", "none", "required"]
Known = Literal["before", "calendar"]

REGIMES = ("personal", "party", "military", "monarchy", "democracy", "provisional", "unknown")
TRIGGERS = ("stolen_election", "economic", "court_constitution", "war", "killing", "corruption", "other")
UNITY = ("cohesive", "strained", "divided", "broken")


@dataclass(frozen=True)
class Fact:
    """One fact of a card.

    Attributes
    ----------
    name, unit, about, where : str
        Its key; its unit, empty for none; what it means; where to find it.
    kind : Kind
        ``share`` is a number of 0 to 1; ``days`` a list of dates; ``spans`` a list of ``{from, until, strength}``.
    low, high : float or None
        Bounds of numbers.
    choices : tuple of str
        Words that it may be.
    fill : Filler
        What stands in where it is left out: the median of the region, about the year where it changes with the years,
        or a figure of the world (`sim.cards.medians`), another fact (``derived``, see the rule), a default, nothing; or
        it may not be left out.
    default : object
        For ``default``.
    known : Known
        Whether it could be known on the first day, or is a date of the calendar that the case names.
    source : str
        Where it comes from as a rule, an id of the ledger; a card may name another.
    """

    name: str
    kind: Kind
    about: str
    where: str
    fill: Filler = "region"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: object = None
    known: Known = "before"
    source: str = "assumption"


def _share(name: str, about: str, where: str, fill: Filler = "region", **more: object) -> Fact:
    return Fact(name, "share", about, where, fill, "share, 0 to 1", 0.0, 1.0, **more)  # type: ignore[arg-type]


VDEM = "V-Dem, v-dem.net, the year before"
WDI = "World Bank, data.worldbank.org, the year before"
FREEDOM = "Freedom House, Freedom in the World, the year before"

_TABLE = (
    # When and where
    Fact("country", "text", "country, by its ISO code", "ISO 3166-1, three or two letters", "required"),
    Fact("trigger_date", "date", "day on which what set it off became known", "press", "required"),
    Fact(
        "trigger_kind", "choice", "what set it off", "press", "required", choices=TRIGGERS,
    ),
    Fact("days", "whole", "length of the run", "your choice", "default", "days", 30, 1000, default=180),
    Fact(
        "agents", "whole", "how finely the country is simulated: citizens of a run, about", "your choice", "none",
        "agents", 1_000, 100_000_000,
    ),
    Fact(
        "weekend", "days", "days of the week without work, the day on which people gather last", "Unicode CLDR",
        "derived", choices=WEEKDAYS,
    ),
    # People and places
    Fact(
        "population", "whole", "inhabitants in the year", "World Bank SP.POP.TOTL; United Nations", "derived",
        "persons", 20_000, 2_000_000_000, source="world-bank-indicators",
    ),
    _share("urban_share", "inhabitants of towns and cities", f"{WDI} SP.URB.TOTL.IN.ZS", source="world-bank-indicators"),
    Fact(
        "median_age", "number", "median age", "United Nations, World Population Prospects", "region", "years", 10, 60,
        source="un-population-2017",
    ),
    _share(
        "children_share", "inhabitants under 15", f"{WDI} SP.POP.0014.TO.ZS", "derived", source="world-bank-indicators"
    ),
    _share(
        "old_share", "inhabitants of 65 and more", f"{WDI} SP.POP.65UP.TO.ZS", "derived", source="world-bank-indicators"
    ),
    Fact(
        "cities", "places", "the largest cities: name: {lat, lon, population}, with settlement: metropolis, city or town if need be, and with "
        "region where all of them have one; left out: the largest of GeoNames",
        "census", "none", source="geonames",
    ),
    Fact(
        "outline", "text", "the map's outline: a name, an ISO code, or a GeoJSON file of your own beside the scenario",
        "Natural Earth comes with the project", "derived", source="natural-earth",
    ),
    # Work and money
    _share(
        "employment_rate", "employed, of those of 15 and more", f"{WDI} SL.EMP.TOTL.SP.ZS", "world",
        source="world-bank-indicators",
    ),
    _share(
        "agriculture_share", "of the employed, in farming", f"{WDI} SL.AGR.EMPL.ZS", "derived",
        source="world-bank-indicators",
    ),
    _share(
        "industry_share", "of the employed, in industry and building", f"{WDI} SL.IND.EMPL.ZS", "derived",
        source="world-bank-indicators",
    ),
    Fact(
        "income", "number", "national product a head", "Maddison Project, or World Bank NY.GDP.PCAP.PP.KD", "region",
        "dollars of 2011 at purchasing power", 100, 300_000, source="world-bank-indicators",
    ),
    Fact(
        "growth", "number", "growth of the product a head in the year before", f"{WDI} NY.GDP.PCAP.KD.ZG", "region",
        "per cent a year", -70, 150, source="world-bank-indicators",
    ),
    Fact(
        "inflation", "number", "rise of consumer prices in the year before", f"{WDI} FP.CPI.TOTL.ZG", "region",
        "per cent a year", -30, 1e6, source="world-bank-indicators",
    ),
    _share(
        "rents", "oil, gas and minerals, of the national product", f"{WDI} NY.GDP.TOTL.RT.ZS", "world",
        source="world-bank-indicators",
    ),
    Fact(
        "reserves", "number", "foreign reserves over a day's public spending", "central bank; World Bank FI.RES.TOTL.CD",
        "world", "days", 0, 3650, source="world-bank-indicators",
    ),
    # News
    _share("internet_users", "who use the internet", f"{WDI} IT.NET.USER.ZS", source="world-bank-indicators"),
    _share("free_broadcaster", "whom a free or foreign broadcaster reaches", "surveys", "derived"),
    _share("media_freedom", "freedom of expression and alternative news", f"{VDEM}, v2x_freexp_altinf", source="vdem-12"),
    _share("civil_society", "strength of organisations apart from the state", f"{VDEM}, v2xcs_ccsi", source="vdem-12"),
    _share("hub_reach", "reach of the channel that is news and headquarters", "press; followers", "derived"),
    # Rule
    Fact(
        "regime", "choice", "kind of regime", "REIGN; Geddes, Wright and Frantz", "required", choices=REGIMES,
        source="reign",
    ),
    Fact(
        "political_rights", "number", "political rights", FREEDOM, "region", "1 best to 7 worst", 1, 7,
        source="freedom-house-world",
    ),
    Fact(
        "civil_liberties", "number", "civil liberties", FREEDOM, "region", "1 best to 7 worst", 1, 7,
        source="freedom-house-world",
    ),
    Fact(
        "tenure", "number", "time of the ruler in office; no rule reads it, tables of campaigns show it", "Archigos; press",
        "region", "years", 0, 80,
    ),
    Fact("leader_age", "number", "age of the ruler", "Archigos; press", "region", "years", 15, 110),
    Fact("leaving", "flag", "whether the ruler is known not to stand again", "press", "default", default=False),
    Fact(
        "unity", "choice", "breaks among the elite seen in the two years before", "press; literature", "derived",
        choices=UNITY,
    ),
    _share("corruption", "political corruption", f"{VDEM}, v2x_corr", source="vdem-12"),
    _share("court_independence", "how far courts bind the ruler", f"{VDEM}, v2x_jucon", source="vdem-12"),
    _share("parliament_independence", "how far parliament binds the ruler", f"{VDEM}, v2xlg_legcon", source="vdem-12"),
    _share("opposition_seats", "seats of parliament that are the opposition's", "IPU Parline", "derived"),
    _share("physical_safety", "freedom from killing and torture by the state", f"{VDEM}, v2x_clphy", source="vdem-12"),
    Fact(
        "human_rights", "number", "score of human rights (Fariss), the year before", "Fariss, Kenwick and Reuning",
        "derived", "standard deviations", -5, 6, source="fariss-2020",
    ),
    _share("ruler_support", "adults for the ruler", "vote times turnout; surveys", "world"),
    _share("opposition_support", "adults against the ruler", "vote times turnout; surveys", "world"),
    # Force
    Fact(
        "soldiers", "number", "active soldiers", "IISS Military Balance; World Bank MS.MIL.TOTL.P1", "region",
        "per 1,000 inhabitants", 0, 100, source="iiss-military-balance",
    ),
    Fact(
        "police", "number", "police and gendarmes", "UNODC; press", "world", "per 1,000 inhabitants", 0, 60,
    ),
    Fact("conscription", "flag", "whether soldiers are conscripts", "IISS Military Balance", "region"),
    Fact("coups", "whole", "coups, failed or not, in the ten years before", "Powell and Thyne", "region", "count", 0, 20),
    Fact("own_commanders", "flag", "whether kin or the ruler's community command", "literature", "default", default=False),
    _share("patron", "how far a foreign state stands behind the regime at the start", "press", "default", default=0.0),
    # Calendar of outside events, by date
    Fact("calls", "spans", "calls to come out", "press", "derived", known="calendar"),
    Fact("strike_calls", "spans", "calls to strike", "press", "none", known="calendar"),
    Fact("shutdowns", "spans", "share of the internet that is cut", "press; NetBlocks", "none", known="calendar"),
    Fact("concessions", "spans", "what the regime gave way in: 0.1 a gesture, 0.2 half a demand, 0.3 a whole one",
         "press", "none", known="calendar"),
    Fact("alarms", "spans", "alarm of the regime: 1 an order to clear the streets", "press", "none", known="calendar"),
    Fact("patron_backing", "spans", "backing of the patron, by date", "press", "none", known="calendar"),
)  # fmt: skip

FACTS: dict[str, Fact] = {fact.name: fact for fact in _TABLE}
"""All facts by name, in the order of a card."""
