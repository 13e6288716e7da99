"""By which roads the runs of a study came to their outcomes, for every table that tells outcomes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

COLUMN = "outcome_road"


def roads(runs: pd.DataFrame, outcome: str) -> dict[str, int]:
    """Return how many runs came to an outcome by each road, the commonest first.

    Parameters
    ----------
    runs : DataFrame
        A row a run: `outcome`, and `outcome_road` if it was kept.
    outcome : str

    Returns
    -------
    dict of str to int
        Empty where the model tells no roads, the study is older than they are, or the road says no more than the
        outcome does.
    """
    if COLUMN not in runs:
        return {}
    found = runs.loc[runs["outcome"].astype(str) == outcome, COLUMN].fillna("").astype(str)
    counts = found[found != ""].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    told = {str(name): int(count) for name, count in counts.items()}
    return {} if all(set(name.split()) <= set(outcome.split()) for name in told) else told


def in_words(runs: pd.DataFrame, outcome: str, text: Callable[[int], str] = str) -> str:
    """Return the roads to an outcome in brackets, such as `` (vote annulled 2, resigned 1)``; empty without any.

    Parameters
    ----------
    runs : DataFrame
        As for `roads`.
    outcome : str
    text : callable (int) -> str
        How to write a number of runs.
    """
    told = roads(runs, outcome)
    return f" ({', '.join(f'{name} {text(count)}' for name, count in told.items())})" if told else ""
