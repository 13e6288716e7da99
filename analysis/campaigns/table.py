"""A table of campaigns, a row each: read, checked, and turned into cards. What is known of the end stays apart.

A card is made of `FACTS_OF` alone, which are columns of the year before the onset and its day. What came of a campaign
is read by `outcomes`, for judging, and by nothing that makes a scenario.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cards import countries
from sim.cards.card import Card
from sim.cards.facts import FACTS
from sim.cards.read import card_from
from sim.core.errors import MOST_PROBLEMS, Problem, ProtestorateError, ScenarioError, nearest, shown
from sim.scenario.text import display, text_of

DAYS = 180
"""Length of a run, the same for all: how long a campaign lasted is not known on its first day."""
FACTS_OF: Mapping[str, str] = {
    "iso3": "country",
    "onset_date": "trigger_date",
    "trigger_kind": "trigger_kind",
    "regime_type": "regime",
    "population": "population",
    "urban_share": "urban_share",
    "median_age": "median_age",
    "gdp_per_capita": "income",
    "gdp_growth": "growth",
    "inflation": "inflation",
    "internet_users_share": "internet_users",
    "media_freedom": "media_freedom",
    "civil_society_index": "civil_society",
    "freedom_house_pr": "political_rights",
    "freedom_house_cl": "civil_liberties",
    "leader_tenure_years": "tenure",
    "leader_age": "leader_age",
    "military_personnel_per_1000": "soldiers",
    "conscription": "conscription",
    "coups_in_10_years_before": "coups",
    "physical_violence_index": "physical_safety",
    "judicial_constraints": "court_independence",
    "legislative_constraints": "parliament_independence",
    "political_corruption": "corruption",
    "foreign_patron": "patron",
}
"""Fact of a card by column: all that a scenario is made of."""
NEEDED = ("iso3", "onset_date", "trigger_kind", "population")
"""Columns that no row may leave empty."""
ENDS = (
    "outcome",
    "how_ended",
    "duration_days",
    "peak_share_of_population",
    "security_force_defection",
    "deaths_category",
)
"""Columns of course and end: for judging only."""
ID = re.compile(r"\w[\w.-]{0,99}")
NAMED = ("campaign_id", "name", "country")
OUTCOMES = ("success", "partial", "failure")
REGIMES = {"indirect military": "military", "oligarchy": "party", "foreign-occupied": "provisional", "": "unknown"}
PATRON = 0.5
"""Strength of a patron of whom no more is known than that there is one."""


@dataclass(frozen=True)
class Campaign:
    """A row: its key and name, the row's plain text by column, and its line in the file."""

    id: str
    name: str
    country: str
    row: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Campaigns:
    """A table of campaigns.

    Attributes
    ----------
    file : str
    rows : tuple of Campaign
    """

    file: str
    rows: tuple[Campaign, ...]

    def outcomes(self) -> pd.DataFrame:
        """Return what came of each campaign, in the order of the table; for judging only.

        Returns
        -------
        DataFrame
            Index ``campaign``; ``country``, ``decade`` and ``year`` of the onset, ``success`` and ``any_success``
            (partial too) as 0 or 1, ``peak`` as a share, ``defection``, ``deaths_100``, ``deaths_1000`` as 0, 1 or not
            a number, ``days``, and the words ``outcome`` and ``how_ended``.
        """
        table = pd.DataFrame([dict(one.row) for one in self.rows], index=[one.id for one in self.rows])
        found = pd.DataFrame(index=table.index)
        found.index.name = "campaign"
        found["name"] = [one.name for one in self.rows]
        found["country"] = table["iso3"]
        found["year"] = table["onset_date"].str[:4].astype(int)
        found["decade"] = found["year"] // 10 * 10
        found["outcome"], found["how_ended"] = table["outcome"], table["how_ended"]
        found["success"] = (table["outcome"] == "success").astype(int)
        found["any_success"] = table["outcome"].isin(("success", "partial")).astype(int)
        found["peak"] = pd.to_numeric(table["peak_share_of_population"])
        found["defection"] = pd.to_numeric(table["security_force_defection"])
        deaths = pd.to_numeric(table["deaths_category"])
        found["deaths_100"] = (deaths >= 4).astype(float).where(deaths.notna())
        found["deaths_1000"] = (deaths >= 5).astype(float).where(deaths.notna())
        found["days"] = pd.to_numeric(table["duration_days"])
        return found

    def facts(self) -> pd.DataFrame:
        """Return what was known on the first day, filled as cards are: the same facts that the model has."""
        cards = [card_of(one) for one in self.rows]
        rows = [{fact: card[fact] for fact in dict.fromkeys(FACTS_OF.values())} for card in cards]
        return pd.DataFrame(rows, index=[one.id for one in self.rows])


def read_campaigns(path: Path) -> Campaigns:
    """Read a table of campaigns and check every row.

    Raises
    ------
    ScenarioError
        With every problem: missing columns, unknown ISO codes, impossible dates, shares outside 0 to 1, each with its
        line, its column and the nearest valid name.
    """
    file = display(path)
    lines = csv.DictReader(text_of(path).splitlines())
    columns = list(lines.fieldnames or ())
    required = (*NAMED, *FACTS_OF, *ENDS)
    lacking = [name for name in required if name not in columns]
    if lacking:
        others = [name for name in columns if name not in required]
        raise ScenarioError(
            [Problem("the table has no such column", name, file, 1, nearest=nearest(name, others)) for name in lacking]
        )
    rows: list[Campaign] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in lines:
        line, cells = lines.line_num, {key: (value or "").strip() for key, value in row.items() if key is not None}
        one = Campaign(cells["campaign_id"], cells["name"], cells["country"], cells, line)
        problems += _problems(one, file)
        if one.id in seen:
            problems.append(
                Problem(f"stands in line {seen[one.id]} already", "campaign_id", file, line, 0, shown(one.id))
            )
        seen.setdefault(one.id, line)
        rows.append(one)
    if problems:
        raise ScenarioError(problems[:MOST_PROBLEMS])
    if not rows:
        raise ProtestorateError(f"{file}: holds no campaign")
    return Campaigns(file, tuple(rows))


def _problems(one: Campaign, file: str) -> Iterator[Problem]:
    def problem(column: str, message: str, near: str = "") -> Problem:
        return Problem(message, column, file, one.line, 0, shown(one.row[column]), near)

    if not one.id:
        yield problem("campaign_id", "is empty")
    elif not ID.fullmatch(one.id):
        yield problem("campaign_id", "must be letters, digits, hyphens, full stops or underscores; files are called so")
    for column in NEEDED:
        if not one.row[column]:
            yield problem(column, "is empty")
    if one.row["outcome"] not in OUTCOMES:
        yield problem("outcome", f"must be {', '.join(OUTCOMES)}", nearest(one.row["outcome"], OUTCOMES))
    for column in ("peak_share_of_population", "duration_days", "deaths_category", "security_force_defection"):
        text, top = one.row[column], {"peak_share_of_population": 1.0, "security_force_defection": 1.0}.get(column, 1e6)
        if text and not 0.0 <= _number(text) <= top:
            yield problem(column, f"must be a number of 0 to {top:g}")
    faulty = False
    for column in ("onset_date",):
        if one.row[column] and _day(one.row[column]) is None:
            faulty = True
            yield problem(column, "must be a date that exists: YYYY-MM-DD, YYYY-MM or YYYY")
    for column, fact in FACTS_OF.items():
        text = one.row[column]
        if text and FACTS[fact].kind in ("number", "share", "whole", "flag") and _number(text) != _number(text):
            faulty = True
            yield problem(column, "must be a number")
    if faulty or not all(one.row[column] for column in NEEDED):
        return
    by_fact = {fact: column for column, fact in FACTS_OF.items()}
    try:
        card_of(one)
    except ScenarioError as error:
        for found in error.problems:
            column = by_fact.get(found.path.split(".")[0], "")
            yield Problem(found.message, column, file, one.line, 0, shown(one.row.get(column, "")), found.nearest)


def card_of(one: Campaign) -> Card:
    """Return the card of a campaign, of `FACTS_OF` alone; raises ScenarioError if a fact is impossible."""
    facts: dict[str, Any] = {"title": one.name or one.id, "days": DAYS}
    for column, fact in FACTS_OF.items():
        value = _value(fact, one.row[column])
        if value is not None:
            facts[fact] = value
    return card_from(facts, one.id)


def _value(fact: str, text: str) -> Any:
    kind = FACTS[fact].kind
    if fact == "regime":
        return REGIMES.get(text, text)
    if fact == "country":
        return text if text in countries.countries() else text or None
    if not text:
        return None
    if kind == "date":
        return _day(text)
    if fact == "patron":
        return PATRON * _number(text)
    if kind == "flag":
        return _number(text) >= 0.5
    return text if kind == "choice" else round(_number(text)) if kind == "whole" else _number(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _day(text: str) -> dt.date | None:
    """Return a day; of a month its middle, of a year the middle of it."""
    filled = {4: f"{text}-07-01", 7: f"{text}-15", 10: text}.get(len(text), "")
    try:
        return dt.date.fromisoformat(filled)
    except ValueError:
        return None


def only(campaigns: Campaigns, ids: Sequence[str]) -> Campaigns:
    """Return a table of some of its rows; raises ScenarioError for an id that it does not have."""
    known = [one.id for one in campaigns.rows]
    unknown = [name for name in ids if name not in known]
    if unknown:
        message = f"{campaigns.file} has no such campaign"
        raise ScenarioError(
            [Problem(message, "--only", given=shown(name), nearest=nearest(name, known)) for name in unknown]
        )
    return Campaigns(campaigns.file, tuple(one for one in campaigns.rows if one.id in set(ids)))
