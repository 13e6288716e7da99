"""Paired differences from a base point: what one change does while everything else, luck included, stays."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare.intervals import corrected, discordance_test, mean_interval, newcombe, swap_test
from analysis.sensitivity.material import Material
from analysis.sensitivity.outcomes import Measure
from sim.core.errors import ProtestorateError

Floats = NDArray[np.float64]

FEWEST_PAIRS = 10
"""With fewer pairs a bootstrap interval is far too short, and none is given."""


def paired_differences(study: Material, table: pd.DataFrame, measured: Measure) -> pd.DataFrame:
    """Return the effect of each change of a one-at-a-time or ablation design.

    Parameters
    ----------
    study : Material
        With one point that changes nothing.
    table : DataFrame
        The measure by point and replicate (`analysis.sensitivity.outcomes.matrix`).
    measured : Measure

    Returns
    -------
    DataFrame
        A row a changed point: parameter (key path, or several joined by " and "), value (text), side (-1 below
        the base value, 1 above, 0 neither), base_value (text), effect, effect_low, effect_high (95 %; NaN with
        too few pairs), p (of no difference at all), p_corrected (for the number of changes), pairs (number of
        replicates).

    Raises
    ------
    ProtestorateError
        If no point changes nothing.
    """
    base = base_row(study)
    before = table.loc[study.points["point"].iloc[base]].to_numpy(float)
    rows = []
    for place, row in study.points.iterrows():
        changed = _changed(study, row)
        if place == base or not changed:
            continue
        after = table.loc[row["point"]].to_numpy(float)
        both = ~np.isnan(before) & ~np.isnan(after)
        effect, low, high = paired_interval(before[both], after[both], measured.is_outcome)
        p_value = paired_test(before[both], after[both], measured.is_outcome)
        given = [(row[path], study.points[path].iloc[base]) for path in changed]
        rows.append(
            {
                "parameter": " and ".join(changed),
                "value": ", ".join(_text(value) for value, _ in given),
                "side": _side(*given[0]) if len(given) == 1 else 0,
                "base_value": ", ".join(_text(value) for _, value in given),
                "effect": effect,
                "effect_low": low,
                "effect_high": high,
                "p": p_value,
                "differs": bool(np.any(after[both] != before[both])),
                "pairs": int(both.sum()),
            }
        )
    return _corrected(pd.DataFrame(rows))


def _corrected(changes: pd.DataFrame) -> pd.DataFrame:
    """Correct p-values for the number of changes; one that differs in no pair is no test and keeps its 1."""
    if changes.empty:
        return changes
    differs = changes.pop("differs").to_numpy(bool)
    changes["p_corrected"] = 1.0
    changes.loc[differs, "p_corrected"] = corrected(changes.loc[differs, "p"].to_numpy(float))
    return changes


def base_row(study: Material) -> int:
    """Return the place of the point that changes nothing; raises ProtestorateError if there is none."""
    plain = [place for place, text in enumerate(study.points["overrides"]) if not json.loads(text or "{}")]
    if not plain:
        raise ProtestorateError(f"the {study.kind} design has no point without changes to compare the others with")
    return plain[0]


def _changed(study: Material, row: pd.Series) -> list[str]:
    """Return the key paths that a point changes; all it names if its values are those of the base."""
    base = study.points.iloc[base_row(study)]
    paths = [str(path) for path in study.points.columns if path in json.loads(row["overrides"] or "{}")]
    differing = [path for path in paths if _text(row[path]) != _text(base[path])]
    return differing or paths


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "none"
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    return str(value)


def _side(value: object, base: object) -> int:
    if isinstance(value, str | bool | np.bool_ | None) or isinstance(base, str | bool | np.bool_ | None):
        return 0
    return int(np.sign(float(value) - float(base)))  # type: ignore[arg-type]


def paired_interval(before: Floats, after: Floats, is_outcome: bool) -> tuple[float, float, float]:
    """Return the mean of after − before and its 95 % confidence interval, as a comparison gives it.

    The bootstrap's (BCa) from `FEWEST_PAIRS` pairs on; for 0/1 outcomes Newcombe's interval for paired
    proportions from two pairs on, which does not collapse when all pairs agree.

    Parameters
    ----------
    before, after : ndarray, shape (replicates,)
        The same replicates in the same order.
    is_outcome : bool
        Whether values are 0 and 1.

    Returns
    -------
    (float, float, float)
        Difference, lower and upper end; ends are NaN with too few pairs.
    """
    difference = after - before
    mean = float(difference.mean())
    if len(before) < (2 if is_outcome else FEWEST_PAIRS):
        return mean, np.nan, np.nan
    found = newcombe(*_agreement(before, after)) if is_outcome else mean_interval(difference)
    assert found is not None  # there are pairs enough
    return mean, found.low, found.high


def paired_test(before: Floats, after: Floats, is_outcome: bool) -> float:
    """Return the p-value of no difference at all: the runs of pairs swapped, or McNemar's for 0/1 outcomes."""
    if is_outcome:
        _, lost, gained, _ = _agreement(before, after)
        return discordance_test(lost, gained)
    return swap_test(after - before)


def _agreement(before: Floats, after: Floats) -> tuple[int, int, int, int]:
    """Return the pairs in which it happens in both runs, in the first only, in the second only, in neither."""
    first, second = before > 0.5, after > 0.5
    pairs = (first & second, first & ~second, ~first & second, ~first & ~second)
    both, lost, gained, neither = (int(each.sum()) for each in pairs)
    return both, lost, gained, neither
