"""Which numbers of a run hang on how many people one agent stands for: a study over scales, against the finest."""

from __future__ import annotations

import pandas as pd

from analysis.claims.words import in_words
from analysis.findings.variants import held_against
from analysis.report.document import Tables, made
from analysis.report.markdown import table
from sim.core.formats import number
from sim.measures.labels import brief
from sim.measures.language import parse
from sim.measures.values import tables_for, values
from sim.study import Study, StudyData

PLACE = "scale"
NUMBERS = (
    "peak_turnout", "person_days_of_protest", "ever_protested", "peak_localities", "peak_effective_localities",
    "detained", "injured", "killed", "police_defected", "police_resigned", "peak_communities", "max:workplaces_out",
    "peak_striking", "strike_person_days", "peak_output_lost", "peak_coalition_breadth", "peak_cooptation",
    "elite_private_end", "elite_public_end", "legitimacy_end", "last:fear", "last:anger", "last:fatigue",
)  # fmt: skip
"""Numbers of the summary that can differ from run to run, the workplaces on strike, and what people feel at the end."""
BOUND = 0.05
"""Difference from the finest scale that is told in bold where its whole interval lies beyond it."""


def tables(study: Study, data: StudyData, command: str) -> Tables:
    """Return a table with a row for each number: its mean at the first point, the finest, and what others differ by.

    Parameters
    ----------
    study : Study
        Its points are scales, the finest first.
    data : StudyData
    command : str
        What makes it again.
    """
    measures = [parse(text) for text in NUMBERS]
    days, places = tables_for(measures, data)
    labels = list(data.points["label"])
    rows = []
    for measure in measures:
        found = values(measure, data.runs, days, places)
        finest = found.xs(0, level="point")
        mean = float(finest.mean())
        cells = [_cell(finest, found.xs(point, level="point")) for point in range(1, len(labels))]
        rows.append([brief(measure), f"{mean:.3g}" if abs(mean) < 100.0 else number(round(mean)), *cells])
    head = ("number", f"{labels[0]} persons an agent", *labels[1:])
    line = made(command, str(data.manifest["model_version"]), {len(study.seeds)}, set(), len(data.failures))
    return {PLACE: f"{line}\n\n{table(head, rows)}"}


def _cell(finest: pd.Series, own: pd.Series) -> str:
    found = held_against(finest, own, BOUND)
    middle, interval = in_words(found, relative=found.first != 0.0)
    beyond = found.low > found.smallest or found.high < -found.smallest
    return f"**{middle}**<br>{interval}" if beyond else f"{middle}<br>{interval}"
