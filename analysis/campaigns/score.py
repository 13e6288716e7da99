"""How good chances are: Brier score, AUC, log loss and reliability, with intervals, and what there is to compare with.

Whatever is fitted is fitted on other countries than it is judged on: the same folds, by country, for all.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.stats.clusters import Sample, found
from analysis.stats.policy import SEED
from sim.core.errors import ProtestorateError
from sim.core.share import to_install

Floats = NDArray[np.float64]

FOLDS = 5
SPLITS = 10
"""Ways of cutting countries into folds, whose predictions are averaged, so that no table hangs on one cut."""
RIDGE = 0.03
"""Inverse strength of the ridge, as the regressions that were published with the data."""
EDGES = (0.2, 0.4, 0.6, 0.8)
LEAST, MOST = 0.01, 0.99
"""Chances beyond which log loss does not punish any more."""


@dataclass(frozen=True)
class Score:
    """A measure with its 95% interval from resampling countries (`analysis.stats.clusters`)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        span = f"{self.low:.3f} to {self.high:.3f}" if math.isfinite(self.low) else "no interval"
        return f"{self.value:.3f} ({span})"


def brier(chance: Floats, happened: Floats) -> float:
    """Return the mean squared error of chances; a constant half gives 0.25."""
    return float(np.mean((chance - happened) ** 2))


def auc(chance: Floats, happened: Floats) -> float:
    """Return how often one that happened had a larger chance than one that did not; ties count half."""
    yes = happened > 0.5
    positive, negative = int(yes.sum()), int((~yes).sum())
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(np.round(chance, 12))  # sums in another order are the same chance
    return float((ranks[yes].sum() - positive * (positive + 1) / 2.0) / (positive * negative))


def log_loss(chance: Floats, happened: Floats) -> float:
    """Return the mean of -ln of the chance of what happened, chances kept within `LEAST` and `MOST`."""
    kept = np.clip(chance, LEAST, MOST)
    return float(-np.mean(happened * np.log(kept) + (1.0 - happened) * np.log(1.0 - kept)))


MEASURES: Mapping[str, Callable[[Floats, Floats], float]] = {"Brier": brier, "AUC": auc, "log loss": log_loss}


def scored(chance: Floats, happened: Floats, clusters: NDArray[np.int64]) -> dict[str, Score]:
    """Return every measure of chances, with intervals from resampling countries."""
    return {
        name: _over_countries(lambda rows, measure=measure: measure(chance[rows], happened[rows]), clusters)  # type: ignore[misc]
        for name, measure in MEASURES.items()
    }


def gain(chance: Floats, other: Floats, happened: Floats, clusters: NDArray[np.int64]) -> Score:
    """Return by how much a Brier score is less than another one, resampled together; above 0 is better."""
    return _over_countries(
        lambda rows: brier(other[rows], happened[rows]) - brier(chance[rows], happened[rows]), clusters
    )


def share(events: Floats, clusters: NDArray[np.int64]) -> Score:
    """Return a share with its interval."""
    return _over_countries(lambda rows: float(events[rows].mean()), clusters)


def _over_countries(measure: Callable[[NDArray[np.int64]], float], clusters: NDArray[np.int64]) -> Score:
    """Return what a measure of rows comes to, with its interval from drawing whole countries."""
    rows = np.arange(len(clusters))
    times = Sample(
        int(clusters.max()) + 1, lambda drawn: measure(np.repeat(rows, drawn[clusters].astype(np.int64))), "countries"
    )
    one = found(times)
    return Score(one.estimate, one.low, one.high)


def reliability(chance: Floats, happened: Floats, clusters: NDArray[np.int64]) -> pd.DataFrame:
    """Return a row a bin of chances: how many, the mean chance, and how often it happened, with its interval."""
    bins = np.digitize(chance, EDGES)
    edges = (0.0, *EDGES, 1.0)
    rows = []
    for place in range(len(EDGES) + 1):
        inside = bins == place
        row = {"bin": f"{edges[place]:.1f} to {edges[place + 1]:.1f}", "campaigns": int(inside.sum())}
        if inside.any():
            seen = _over_countries(lambda d: _mean_inside(happened, inside, d), clusters)  # noqa: B023
            row |= {"chance": float(chance[inside].mean()), "happened": seen.value, "low": seen.low, "high": seen.high}
        rows.append(row)
    return pd.DataFrame(rows)


def _mean_inside(happened: Floats, inside: NDArray[np.bool_], rows: NDArray[np.int64]) -> float:
    kept = rows[inside[rows]]
    return float(happened[kept].mean()) if kept.size else float("nan")


def folds(clusters: NDArray[np.int64], split: int) -> NDArray[np.int64]:
    """Return the fold of each row: whole countries, drawn by the number of the split."""
    countries = int(clusters.max()) + 1
    order = np.random.default_rng((SEED, split)).permutation(countries)
    of_country = np.empty(countries, dtype=np.int64)
    of_country[order] = np.arange(countries) % min(FOLDS, countries)
    return of_country[clusters]


Fit = Callable[[NDArray[np.int64], NDArray[np.int64]], Floats]
"""From rows to learn from and rows to judge to chances of the latter."""


def out_of_fold(clusters: NDArray[np.int64], fit: Fit) -> Floats:
    """Return chances of every row by what was fitted on other countries, the mean over `SPLITS` ways to cut."""
    total = np.zeros(len(clusters))
    for split in range(SPLITS):
        of = folds(clusters, split)
        for fold in np.unique(of):
            train, test = np.flatnonzero(of != fold), np.flatnonzero(of == fold)
            total[test] += fit(train, test)
    return total / SPLITS


def base_rate(happened: Floats) -> Fit:
    """Return the rate of the other countries."""
    return lambda train, test: np.full(len(test), happened[train].mean())


def decade_rate(happened: Floats, decade: NDArray[np.int64]) -> Fit:
    """Return the rate of the decade in other countries, drawn to the base rate by two campaigns' weight."""

    def fit(train: NDArray[np.int64], test: NDArray[np.int64]) -> Floats:
        mean = happened[train].mean()
        rates = {}
        for one in np.unique(decade):
            inside = train[decade[train] == one]
            rates[one] = (happened[inside].sum() + 2.0 * mean) / (len(inside) + 2.0)
        return np.array([rates[decade[row]] for row in test])

    return fit


def regression(happened: Floats, matrix: Floats) -> Fit:
    """Return the ridge logistic regression on a matrix of facts, standardised on the rows that it learns from."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        message = f"the regression needs scikit-learn: {to_install('campaigns')}"
        raise ProtestorateError(message) from error

    def fit(train: NDArray[np.int64], test: NDArray[np.int64]) -> Floats:
        if len(np.unique(happened[train])) < 2:
            return np.full(len(test), happened[train].mean())
        model = make_pipeline(StandardScaler(), LogisticRegression(C=RIDGE, max_iter=1000))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            model.fit(matrix[train], happened[train])
        return np.asarray(model.predict_proba(matrix[test])[:, 1])

    return fit


def recalibrated(happened: Floats, chance: Floats) -> Fit:
    """Return the model's chances put on the scale of what happened in other countries: one slope, one intercept."""
    kept = np.clip(chance, LEAST, MOST)
    return regression(happened, np.log(kept / (1.0 - kept))[:, None])


def matrix_of(facts: pd.DataFrame, *more: Floats) -> Floats:
    """Return facts as numbers: logarithms where they span magnitudes, a column a word, and what else is given."""
    columns: list[Floats] = []
    for name, values in facts.items():
        if name in ("country", "trigger_date"):
            continue
        if name in ("trigger_kind", "regime"):
            words = sorted(set(values))
            columns += [np.asarray(values == word, dtype=np.float64) for word in words]
            continue
        numbers = values.to_numpy(dtype=np.float64)
        if name in ("population", "income", "tenure", "soldiers"):
            numbers = np.log1p(numbers)
        if name == "inflation":
            numbers = np.sign(numbers) * np.log1p(np.abs(numbers))
        columns.append(numbers)
    columns += [np.nan_to_num(values, nan=float(np.nanmean(values))) for values in more]
    return np.column_stack(columns)
