"""What the numbers of a run's summary are called, and their units: the one table for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SHARE = "0 to 1"


class Number(NamedTuple):
    """A number of a summary: what it is called, and its unit; the unit of a share is ``0 to 1``."""

    title: str
    unit: str


NUMBERS: Mapping[str, Number] = {
    "peak_turnout": Number("largest turnout on one day", "persons"),
    "peak_turnout_share": Number("largest turnout on one day, of the population", SHARE),
    "peak_date": Number("day of the largest turnout", ""),
    "peak_localities": Number("localities with people in action that day", "localities"),
    "peak_effective_localities": Number("largest effective number of localities in action", "localities"),
    "peak_coverage": Number("most of the population living where people act in numbers, on one day", SHARE),
    "person_days_of_protest": Number("person-days of protest", "person-days"),
    "ever_protested": Number("persons who ever protested", "persons"),
    "crossed": Number("persons who had helped before they first protested", "persons"),
    "detained": Number("detentions", "detentions"),
    "injured": Number("persons injured", "persons"),
    "killed": Number("persons killed", "persons"),
    "peak_striking": Number("most on strike on one day", "persons"),
    "peak_striking_share_of_employed": Number("most on strike on one day, of the employed", SHARE),
    "strike_person_days": Number("person-days on strike", "person-days"),
    "peak_output_lost": Number("most of the state's revenue lost to strikes on one day", SHARE),
    "police_resigned": Number("officers who resigned by the end", "officers"),
    "police_switched": Number("officers who changed sides by the end", "officers"),
    "police_defected": Number("officers who defected by the end", "officers"),
    "peak_coalition_breadth": Number("greatest breadth of the coalition", SHARE),
    "coalition_days": Number("days from the first mass protest to a broad coalition", "days"),
    "peak_cooptation": Number("most of the movement's voice that a narrower camp has won", SHARE),
    "peak_communities": Number("most neighbourhoods with a local community at once", "neighbourhoods"),
    "peak_sanctions": Number("heaviest foreign sanctions", SHARE),
    "volunteers": Number("persons away to fight at the end", "persons"),
    "elite_private_end": Number("elites who support the regime in private, at the end", SHARE),
    "elite_public_end": Number("elites who support the regime in public, at the end", SHARE),
    "legitimacy_end": Number("mean legitimacy of the regime, at the end", SHARE),
    "days": Number("days run", "days"),
    "active": Number("persons acting at the end", "persons"),
    "share": Number("share of persons acting at the end", SHARE),
    "steps": Number("steps run", "steps"),
    "peak_active": Number("most citizens active at once", "citizens"),
    "peak_active_step": Number("step with most citizens active", ""),
    "mean_active": Number("citizens active, mean over all steps", "citizens"),
    "active_end": Number("citizens active at the end", "citizens"),
    "jailed_end": Number("citizens in jail at the end", "citizens"),
    "mean_jailed_share": Number("share of citizens in jail, mean over all steps", SHARE),
    "arrested": Number("arrests", "arrests"),
    "outbursts": Number("outbursts", "outbursts"),
    "mean_wait": Number("steps from the end of an outburst to the next, mean", "steps"),
    "mean_activation": Number("citizens active, summed over an outburst, mean", "citizens"),
    "calm_share": Number("share of steps that are calm", SHARE),
    "first_outburst": Number("step of the first outburst", ""),
    "cops_at_first_outburst": Number("cops at the first outburst", "cops"),
    "first_group_end": Number("members of the first group at the end", "citizens"),
    "second_group_end": Number("members of the second group at the end", "citizens"),
}
"""Entries of a summary by name, in the order in which a summary has them; others go by their own names."""

NEVER = {
    "coalition_days": "no mass protest",
    "mean_wait": "fewer than two outbursts",
    "first_outburst": "no outburst",
    "cops_at_first_outburst": "no outburst",
}
"""What −1 stands for."""


def _label(entry: Number) -> str:
    told = entry.unit in ("", SHARE) or entry.unit.rpartition("-")[2] in entry.title
    return entry.title if told else f"{entry.title}, {entry.unit}"


LABELS: Mapping[str, str] = {name: _label(entry) for name, entry in NUMBERS.items()}
"""The same in one text, with the unit where the words do not tell it."""
