"""Hold scenarios against the first of them: ``python -m analysis.variants``.

Carries out a study whose points are scenarios, by default ``belarus-variants``, or what is missing of it, and prints or
writes a table in Markdown: the median of each scenario, and its mean paired difference from the first.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims.measures import parse, values
from analysis.claims.report import in_words
from analysis.claims.verdict import Effect, effect
from analysis.figures.style import readable
from analysis.odd import table
from sim.plot import number
from sim.scenario.errors import ProtestorateError
from sim.study import Study, StudyData

USER_MISTAKE, INTERRUPTED = 2, 130
USUAL = "belarus-variants"
QUANTITIES = {
    "peak_turnout": "largest day",
    "person_days_of_protest": "days of action",
    "detained": "detentions",
    "police_defected": "police defected",
    "peak_striking": "most on strike",
    "min:elite_public": "fewest elites for the regime in public",
}
"""What is compared, as in the tests of the ledger (seeds/README.md), and what the table calls it."""
HEAD = """\
# {title}

{question} Made by

```sh
python -m analysis.variants --write docs/variants.md
```

from the study `scenarios/studies/{study}.yaml`. Each variant extends `{base}` and changes what its own file in
`scenarios/variants` says, with a source for every changed value. No file sets an outcome.

**How to read it.** The first line of a cell is the median of {pairs} runs. The second is the mean, over pairs of runs
with the same seed, of the variant less the base, as a share of the base's mean, with its 95% interval (BCa bootstrap).
An agent stands for {scale} persons; model version `{version}`. **These are statements about the model under its
assumptions, and not about what would have happened.**

"""


def document(study: Study, data: StudyData) -> str:
    """Return the table of a study whose points are scenarios, each held against the first.

    Parameters
    ----------
    study : Study
    data : StudyData
    """
    measures = {parse(text): name for text, name in QUANTITIES.items()}
    days = data.days(sorted({column for measure in measures for column in measure.columns}))
    found = {name: values(measure, data.runs, days) for measure, name in measures.items()}
    rows = [_row(data.runs[data.runs["point"] == point], found, point) for point in sorted(data.runs["point"].unique())]
    head = ("scenario", *QUANTITIES.values(), "ends as")
    first = study.points[0].base
    scale = study.bases[first].config.run.persons_per_agent  # type: ignore[attr-defined]
    text = HEAD.format(
        title=study.title, question=study.question, study=study.name, base=first, pairs=len(study.seeds),
        scale=f"{scale:,}", version=data.manifest["model_version"],
    )  # fmt: skip
    return text + table(head, rows) + "\n"


def _row(runs: pd.DataFrame, found: Mapping[str, pd.Series], point: int) -> list[str]:
    cells = []
    for values_of_all in found.values():
        base, own = (values_of_all.xs(number, level="point") for number in (0, point))
        median = _median(float(own.median()))
        cells.append(median if point == 0 else f"{median}<br>{_difference(base, own)}")
    counted = runs["outcome"].astype(str).value_counts()
    ends = ", ".join(f"{readable(str(name))} {count / len(runs):.0%}" for name, count in counted.items())
    return [f"{runs['label'].iloc[0]}<br>`{runs['base'].iloc[0]}`", *cells, ends]


def _median(value: float) -> str:
    return f"{value:.2f}" if abs(value) <= 1.0 else number(round(value))


def _difference(base: pd.Series, own: pd.Series) -> str:
    together = base.index.union(own.index)
    first, second = (one.reindex(together).to_numpy(dtype=np.float64) for one in (base, own))
    found: Effect = effect(first, second, 0.0, False, False)
    if not math.isfinite(found.estimate):
        return "too few pairs"
    middle, interval = in_words(found, relative=found.first != 0.0)
    return f"{middle} {interval}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the study and print or write its table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.variants", description=__doc__)
    parser.add_argument("study", nargs="?", default=USUAL, help=f"name of a study, or a file (default: {USUAL})")
    parser.add_argument("--out", type=Path, default=None, help="folder of the runs (default: results/NAME-OF-STUDY)")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a core)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here, such as docs/variants.md")
    asked = parser.parse_args(arguments)
    try:
        text = _text(asked)
    except ProtestorateError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return USER_MISTAKE
    except KeyboardInterrupt:
        print("interrupted; what is finished is kept, the same command goes on", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    if asked.write is None:
        sys.stdout.write(text)
    else:
        asked.write.write_text(text, encoding="utf-8")
    return 0


def _text(asked: argparse.Namespace) -> str:
    from analysis.console import study_progress
    from sim.study import load_study, run_study

    study = load_study(asked.study)
    with study_progress(study.name, False) as progress:
        data = run_study(study, asked.out or Path("results") / study.name, asked.workers, progress)
    return document(study, data)


if __name__ == "__main__":
    sys.exit(main())
