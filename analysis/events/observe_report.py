"""What a scenario's runs beside observed events are told as: one page, one table, one record."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from analysis.events.observe import RECORD, TABLE, Observed
from analysis.events.reporting import ALL, Reporting
from analysis.report.figures.style import new_figure, several
from analysis.report.page import write_result, write_text
from analysis.report.view import Parts, Report, Shown, pictured
from sim.core.formats import day, number, share, to_digits
from sim.core.version import model_version
from sim.evidence.ledger import load_ledger
from sim.figures.plot import BLUE, INK, VERMILION, styled, time_axis
from sim.models.results import capital
from sim.run.store import as_json, as_plain

MOST_PLACES = 30
FIRST_TICKS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
BANDS = "Dark and pale: the middle half and nine tenths of the runs. Dots: the data."


def write(
    found: Observed, reporting: Reporting | None, about: dict[str, Any], folder: Path, formats: tuple[str, ...] = ()
) -> Path:
    """Write table, record and page; return the page.

    Parameters
    ----------
    about : dict
        ``scenario`` and its ``title``, ``events``, ``seeds``, ``persons_per_agent``, ``command``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / TABLE, found.table.to_csv(index=False, lineterminator="\n"))
    record: dict[str, Any] = as_plain(
        {
            "program": "protestorate",
            "model_version": model_version(),
            **about,
            "first": str(found.first),
            "last": str(found.last),
            "runs": found.runs,
            "reporting": ALL
            if reporting is None
            else reporting.model_dump(mode="json", include={"reporting", "crowds"}),
            "notes": list(found.notes),
            "coverage": found.coverage.to_dict("records"),
            "all": found.table[found.table["by"] == "all"].to_dict("records"),
        }
    )
    text = as_json(record)

    def content(picture: Any) -> Report:
        given = {
            "about": about,
            "record": record,
            "coverage": [coverage_cells(row) for row in found.coverage.to_dict("records")],
            "totals": [_cells(row) for row in found.table[found.table["by"].isin(["all", "size"])].to_dict("records")],
        }
        parts, pictures = Parts("observe.html.j2", given), _pictures(found, picture)
        days = found.coverage[found.coverage["by"] == "day"].to_dict("records")
        said, runs = coverage_words(found), several(found.runs, "run")
        return Report(
            kind=f"Runs beside events · {runs} · {day(found.first)} to {day(found.last)}",
            title=f"{about['title']} beside {about['events']}",
            outcome="How much of the data lies within the runs",
            answer=f"{capital(said)}. Nine in ten would, if model and reporting were right.",
            numbers=[
                (
                    f"{row['quantity']}: days with any, in nine tenths of runs",
                    "none" if math.isnan(row["in90_some"]) else share(row["in90_some"]),
                )
                for row in days
            ],
            sure=" ".join(
                [f"From {runs}.", model_words(reporting), *(f"{note[:1].upper()}{note[1:]}." for note in found.notes)]
            )
            + " Crowds are left without a figure as often as in the data.",
            picture=pictures[0],
            sections=[
                *pictured(pictures[1:]),
                parts.section("within", "How much of the data lies within the runs", "within"),
                parts.section("sums", "Sums and sizes", "sums"),
            ],
            limits=f"These are {runs} of a model beside events that somebody reported.",
        )

    return write_result(folder, (RECORD, text), content, formats)


def model_words(reporting: Reporting | None) -> str:
    """Return the observation model in a sentence or two."""
    if reporting is None:
        return "Every event of a run counts as reported, with its own size."
    rates, crowds = reporting.reporting, reporting.crowds
    certain = number(rates.certain or 0.0)
    if rates.by_size:
        steps = ", ".join(f"{share(one.rate)} up to {number(one.up_to)}" for one in rates.by_size)
        which = f"Events are reported by their size: {steps}, all above"
    else:
        which = f"{share(rates.share or 0.0)} of all events of the runs are reported: the larger, the likelier, and all"
        which += f" of them from {certain} persons on"
    publications, ids = load_ledger().publications, [rates.source] if isinstance(rates.source, str) else rates.source
    sources = "; ".join(publications[one].short if one in publications else one for one in ids)
    known = {f"if the source is “{name}”": one for name, one in crowds.sources.items()} | {"otherwise": crowds.usual}
    told = [
        f"{'' if one.factor == 1.0 else f'{to_digits(one.factor)} times '}the truth, within a factor of "
        f"{to_digits(one.spread)}, {when}"
        for when, one in known.items()
    ]
    return f"{which} ({sources}). The figure that a source gives of a crowd is {'; '.join(told)}."


def coverage_cells(row: dict[Any, Any]) -> tuple[str, ...]:
    """Return the cells of a row of the table of coverage."""
    shares = ["" if math.isnan(row[name]) else share(row[name]) for name in ("in50", "in90", "in50_some", "in90_some")]
    return (row["by"], row["quantity"], f"{row['compared']:,}", *shares[:2], f"{row['some']:,}", *shares[2:])


def _cells(row: dict[Any, Any]) -> tuple[str, ...]:
    values = [figure(row[name]) for name in ("observed", "q50", "q05", "q95")]
    within = "" if row["in90"] is None else "yes" if row["in90"] else "no"
    return (f"{row['quantity']}, {row['item']}", values[0], values[1], f"{values[2]} to {values[3]}", within)


def figure(value: float) -> str:
    """Return a number to three digits."""
    return "none" if math.isnan(value) else to_digits(value, 3)


def _pictures(found: Observed, picture: Any) -> list[Shown]:
    table = found.table
    some = table[(table["by"] == "day") & (table[["observed", "q95"]].max(axis=1) > 0)]
    every = list(dict.fromkeys(table.loc[table["by"] == "day", "quantity"]))
    quantities = [name for name in every if (some["quantity"] == name).any()] or every[:1]
    none = [name for name in every if name not in quantities]
    caption = f"{BANDS} Scales are linear up to ten and logarithmic above."
    caption += f" Nothing in data and runs, and not drawn: {', '.join(none)}." if none else ""
    pictures = [picture("days", "By day", caption, _dated(table, "day", quantities))]
    if (table["by"] == "week").any():
        caption = f"{BANDS} Whole weeks, by their Monday."
        pictures.append(picture("weeks", "By week", caption, _dated(table, "week", quantities)))
    name = "participants" if "participants" in quantities else "events"
    places = table[(table["by"] == "place") & (table["quantity"] == name)]
    if (places["observed"] > 0).any():
        pictures.append(picture("places", "By place", f"{name.capitalize()} of all days. {BANDS}", listed(places)))
    sizes = table[(table["by"] == "size") & (table["quantity"] == "share of events")]
    if sizes["observed"].notna().any():
        pictures.append(picture("sizes", "By size", f"Share of events by participants. {BANDS}", listed(sizes, False)))
    return pictures


def _dated(table: pd.DataFrame, by: str, quantities: list[str]) -> Figure:
    with styled():
        made = new_figure(0.5 + 1.6 * len(quantities))
        panels = made.subplots(len(quantities), 1, sharex=True, squeeze=False)
        for axes, name in zip(panels[:, 0], quantities, strict=True):
            rows = table[(table["by"] == by) & (table["quantity"] == name)]
            dates = pd.to_datetime(rows["item"])
            axes.fill_between(dates, rows["q05"], rows["q95"], color=BLUE, alpha=0.2, linewidth=0)
            axes.fill_between(dates, rows["q25"], rows["q75"], color=BLUE, alpha=0.4, linewidth=0)
            axes.plot(dates, rows["q50"], color=BLUE, linewidth=1.2)
            axes.plot(dates, rows["observed"], ".", color=INK, markersize=4)
            axes.set_title(name)
            _scale(axes, "y")
            time_axis(axes, dates)
    return made


def listed(rows: pd.DataFrame, logarithmic: bool = True) -> Figure:
    """Draw a row a place or size: bands of the runs and the data; places on a logarithmic scale, the most first."""
    rows = rows.sort_values("observed", ascending=False, kind="stable").head(MOST_PLACES) if logarithmic else rows
    with styled():
        made = new_figure(0.7 + 0.2 * len(rows))
        axes = made.subplots()
        places = np.arange(len(rows))
        axes.hlines(places, rows["q05"], rows["q95"], color=BLUE, alpha=0.35, linewidth=2)
        axes.hlines(places, rows["q25"], rows["q75"], color=BLUE, linewidth=4)
        axes.plot(rows["observed"], places, "o", color=VERMILION, markersize=4, clip_on=False)
        axes.set_yticks(places, list(rows["item"]))
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.set_xlabel("participants of all days" if logarithmic else "share of events")
        if logarithmic:
            _scale(axes, "x")
        else:
            axes.set_xlim(0.0, None)
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value)))
    return made


def _scale(axes: Axes, axis: str) -> None:
    (axes.set_yscale if axis == "y" else axes.set_xscale)("symlog", linthresh=10.0)
    one = axes.yaxis if axis == "y" else axes.xaxis
    one.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    (axes.set_ylim if axis == "y" else axes.set_xlim)(0.0, None)
    most = one.get_view_interval()[1]
    if most < FIRST_TICKS[-1]:  # symlog has no mark between nought and ten
        one.set_major_locator(FixedLocator([tick for tick in FIRST_TICKS if tick <= most]))


def coverage_words(found: Observed) -> str:
    """Return in a line how much of the daily data lies in the bands, where data or runs have any."""
    rows = found.coverage[(found.coverage["by"] == "day") & (found.coverage["some"] > 0)]
    told = [f"{name} {share(within)}" for name, within in zip(rows["quantity"], rows["in90_some"], strict=True)]
    words = f"of days with any in data or runs, within nine tenths of {several(found.runs, 'run')}"
    return f"{words}: {', '.join(told) or 'none'}"
