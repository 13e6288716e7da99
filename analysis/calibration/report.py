"""The tables of a calibration, for the terminal and for the marked places of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.calibration.record import Record
from sim.core.formats import to_digits

CHECK_COLUMNS = ("target", "unit", "observed", "median run", "90% of runs", "met", "residual")
PLACES = ("targets", "search")
HELD_OUT = "held-out"
"""Place of the table of what served no calibration."""


def number(value: float | None) -> str:
    """Return a number to three digits, thousands apart, as a reader wants it."""
    if value is None:
        return "none"
    return to_digits(value, 3)


def target_table(checked: Record) -> str:
    """Return the target table as Markdown."""
    lines = [
        "| target | unit | observed | median run | 90% of runs | met | source | why this range |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in checked["rows"]:
        observed = f"{number(row['value'])} ({number(row['low'])} to {number(row['high'])})"
        spread = f"{number(row['run_low'])} to {number(row['run_high'])}"
        verdict = "yes" if row["met"] else "**no**"
        cells = (
            row["target"],
            row["unit"],
            observed,
            number(row["found"]),
            spread,
            verdict,
            row["source"],
            row["note"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    rows = checked["rows"]
    missed = [row["target"] for row in rows if not row["met"]]
    said = f"Not met: {'; '.join(missed)}." if missed else "None is missed."
    lines += [
        "",
        f"{checked['met']} of {len(rows)} targets are met by the median of {checked['runs']} runs "
        f"(seeds {checked['seeds']}, {checked['persons_per_agent']} persons per agent); "
        f"distance {number(checked['distance'])}; {checked['date']}, version {checked['model_version']}. {said}",
    ]
    return "\n".join(lines)


def search_table(record: Record) -> str:
    """Return what the search found as Markdown: each parameter, the command, and what runs of it meet."""
    lines = ["| parameter | limits | found |", "|---|---|---|"]
    lines += [
        f"| `{path}` | {number(span['low'])} to {number(span['high'])} | {number(record['best'][path])} |"
        for path, span in record["searched"].items()
    ]
    fit, out = record["met"], record["met_held_out"]
    lines += [
        "",
        f"`{record['command']}`, version {record['model_version']}: {record['evaluations']} sets. The median of "
        f"{record['how']['predictive']} runs with other seeds, at the scale of the search, meets {fit['fit']} of "
        f"{fit['of']} targets that it was fitted to, and {out['met']} of {out['of']} later ones that no search saw.",
    ]
    if "touched" in record:
        left, late = (_median_and_range(record["touched"][name]) for name in ("met", "met_held_out"))
        lines[-1] += f" {_touched(record['touched'], 'value found')}: {left} and {late} are left."
    if "check_touched" in record:
        left, every = _median_and_range(record["check_touched"]["met"]), len(record["check"]["rows"])
        told = _touched(record["check_touched"], "value that the scenario has of these parameters")
        lines += ["", f"{told}: {left} of all {every} targets are left."]
    return "\n".join(lines)


def _touched(touched: Record, what: str) -> str:
    sets = f"{len(touched['met'])} sets of {touched['runs']} runs each"
    return f"Over {sets} in which every {what} is moved at random by up to {100 * touched['by']:.0f}% of itself"


def _median_and_range(met: Sequence[int]) -> str:
    return f"a median of {np.median(met):g} ({min(met)} to {max(met)})"


def tables(record: Record) -> dict[str, str]:
    """Return every table that the record can give, by the name of its place in a document (one of `PLACES`)."""
    found: dict[str, str] = {}
    if "check" in record:
        found["targets"] = target_table(record["check"])
    if "best" in record:
        found["search"] = search_table(record)
    return found


def plain_rows(checked: Record) -> list[tuple[Any, ...]]:
    """Return the target table's cells for the terminal."""
    return [
        (
            row["target"],
            row["unit"],
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["found"]),
            f"{number(row['run_low'])} to {number(row['run_high'])}",
            "yes" if row["met"] else "no",
            f"{row['residual']:+.2f}",
        )
        for row in checked["rows"]
    ]
