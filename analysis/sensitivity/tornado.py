"""Paired differences from a base point: what one change does while everything else, luck included, stays."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from analysis.sensitivity.material import NOTHING, Material, text_of
from analysis.sensitivity.outcomes import Measure
from analysis.stats.paired import paired
from analysis.stats.power import corrected
from sim.core.errors import ProtestorateError
from sim.study.design import written


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
        the base value, 1 above, 0 neither), base_value (text), effect, effect_low, effect_high (95%; NaN with
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
        if place == base or not changed:  # a value that is the base's own would be compared with itself
            continue
        after = table.loc[row["point"]].to_numpy(float)
        found = paired(before, after, measured.is_outcome)
        given = [(row[path], study.points[path].iloc[base]) for path in changed]
        said = [_differing(value, before) for value, before in given]
        rows.append(
            {
                "parameter": " and ".join(changed),
                "value": ", ".join(value for value, _ in said),
                "side": _side(*given[0]) if len(given) == 1 else 0,
                "base_value": ", ".join(before for _, before in said),
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
    """Return the key paths at which a point has another value than the base."""
    base = study.points.iloc[base_row(study)]
    paths = [str(path) for path in study.points.columns if path in json.loads(row["overrides"] or "{}")]
    return [path for path in paths if text_of(row[path]) != text_of(base[path])]


def _differing(value: object, base: object) -> tuple[str, str]:
    """Return a value and that of the base as text; of two mappings only what differs between them."""
    mine, theirs = _mapping(value), _mapping(base)
    if mine is not None and theirs is not None:
        names = [name for name in dict.fromkeys([*mine, *theirs]) if mine.get(name) != theirs.get(name)]
        return _in_words(mine, names), _in_words(theirs, names)
    return _whole(value, mine), _whole(base, theirs)


def _whole(value: object, leaves: dict[str, object] | None) -> str:
    """Return a value in words, a mapping without what stands at nothing or zero by default."""
    if leaves is None:
        return text_of(value)
    return _in_words(leaves, [name for name, inner in leaves.items() if inner not in (None, 0.0)])


def _mapping(value: object) -> dict[str, object] | None:
    """Return the leaves of what a cell of the table of points holds, if it is a mapping (it stands there as JSON)."""
    try:
        found = json.loads(value) if isinstance(value, str) and value.startswith("{") else None
    except ValueError:
        return None
    return _leaves(found) if isinstance(found, dict) else None


def _leaves(data: dict[str, object], above: str = "") -> dict[str, object]:
    """Return the values of nested mappings by their paths."""
    found: dict[str, object] = {}
    for name, value in data.items():
        found |= _leaves(value, f"{above}{name}.") if isinstance(value, dict) and value else {f"{above}{name}": value}
    return found


def _in_words(leaves: dict[str, object], names: list[str]) -> str:
    return ", ".join(f"{name}: {written(leaves.get(name))}" for name in names) or NOTHING


def _side(value: object, base: object) -> int:
    """Return whether a number lies below (-1) or above (1) that of the base; 0 for what has no order."""
    numbers = int | float | np.integer | np.floating
    for one in (value, base):
        if not isinstance(one, numbers) or isinstance(one, bool) or np.isnan(one):
            return 0
    return int(np.sign(float(value) - float(base)))  # type: ignore[arg-type]
