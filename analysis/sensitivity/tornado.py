"""Paired differences from a base point: what one change does while everything else, luck included, stays."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from analysis.sensitivity.material import Material
from analysis.sensitivity.outcomes import Measure
from analysis.stats.multiplicity import corrected
from analysis.stats.paired import paired
from sim.core.errors import ProtestorateError


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
        one pair), p (of no difference at all), p_corrected (for the number of changes), pairs (number of
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
        found = paired(before, after, measured.is_outcome)
        given = [(row[path], study.points[path].iloc[base]) for path in changed]
        rows.append(
            {
                "parameter": " and ".join(changed),
                "value": ", ".join(_text(value) for value, _ in given),
                "side": _side(*given[0]) if len(given) == 1 else 0,
                "base_value": ", ".join(_text(value) for _, value in given),
                "effect": found.mean,
                "effect_low": found.low,
                "effect_high": found.high,
                "p": found.p,
                "differs": bool(np.any(found.differences)),
                "pairs": found.pairs,
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
