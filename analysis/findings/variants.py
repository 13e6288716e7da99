"""A study whose points are scenarios, each held against the first: medians, and mean paired differences from it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims.verdict import Effect, effect
from analysis.claims.words import in_words
from analysis.report.document import Tables, made, scales_of
from analysis.report.figures.style import readable
from analysis.report.markdown import table
from analysis.report.roads import in_words as by_road
from sim.core.formats import number
from sim.measures.labels import brief
from sim.measures.language import parse
from sim.measures.values import tables_for, values
from sim.study import Study, StudyData

QUANTITIES = (
    "peak_turnout", "person_days_of_protest", "detained", "police_defected", "peak_striking", "min:elite_public",
)  # fmt: skip
"""What is compared, as in the tests of the ledger (seeds/README.md)."""


def tables(study: Study, data: StudyData, command: str) -> Tables:
    """Return the table of a study whose points are scenarios, each held against the first, by the study's name.

    Parameters
    ----------
    study : Study
    data : StudyData
    command : str
        What makes it again.
    """
    measures = [parse(text) for text in QUANTITIES]
    days, places = tables_for(measures, data)
    found = [values(measure, data.runs, days, places) for measure in measures]
    rows = [_row(data.runs[data.runs["point"] == point], found, point) for point in sorted(data.runs["point"].unique())]
    head = ("scenario", *(brief(measure) for measure in measures), "ends as")
    version = str(data.manifest["model_version"])
    line = made(command, version, {len(study.seeds)}, scales_of(study), len(data.failures))
    return {study.name: f"{line}\n\n{table(head, rows)}"}


def _row(runs: pd.DataFrame, found: Sequence[pd.Series], point: int) -> list[str]:
    cells = []
    for values_of_all in found:
        base, own = (values_of_all.xs(number, level="point") for number in (0, point))
        median = _median(float(own.median()))
        cells.append(median if point == 0 else f"{median}<br>{_difference(base, own)}")
    counted = runs["outcome"].astype(str).value_counts()
    ends = ", ".join(
        f"{readable(str(name))} {count / len(runs):.0%}"
        + by_road(runs, str(name), lambda some: f"{some / len(runs):.0%}")
        for name, count in counted.items()
    )
    return [f"{runs['label'].iloc[0]}<br>`{runs['base'].iloc[0]}`", *cells, ends]


def _median(value: float) -> str:
    return f"{value:.2f}" if abs(value) <= 1.0 else number(round(value))


def held_against(base: pd.Series, own: pd.Series, smallest: float = 0.0) -> Effect:
    """Return the paired effect of a point's runs, less those of the base with the same seed.

    base, own : Series, by replicate
    smallest : float, share of the base's mean that matters
    """
    together = base.index.union(own.index)
    first, second = (one.reindex(together).to_numpy(dtype=np.float64) for one in (base, own))
    return effect(first, second, smallest, True, False)


def _difference(base: pd.Series, own: pd.Series) -> str:
    found = held_against(base, own)
    if not math.isfinite(found.estimate):
        return "too few pairs"
    middle, interval = in_words(found, relative=found.first != 0.0)
    return f"{middle} {interval}"
