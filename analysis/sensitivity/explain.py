"""From a study to the sensitivity of its outcomes, by the method that fits the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.sensitivity.luck import Luck, luck_of
from analysis.sensitivity.material import Material, StudyTables, material
from analysis.sensitivity.outcomes import Measure, chosen, matrix, with_daily_measures
from sim.core.errors import ProtestorateError

METHODS = {
    "sobol": "sobol",
    "morris": "morris",
    "latin_hypercube": "regression",
    "grid": "regression",
    "one_at_a_time": "tornado",
    "ablation": "tornado",
}
"""Method by kind of design."""

RANKED_BY = {"sobol": "total", "morris": "mu_star", "regression": "coefficient", "tornado": "effect"}
"""The number by which a method ranks parameters."""


@dataclass(frozen=True)
class Explained:
    """What one outcome depends on.

    Parameters
    ----------
    measure : Measure
    mean, lowest, highest : float
        Over the points' means.
    luck : Luck
    effects : DataFrame
        A row a parameter (a changed point in a tornado), most important first; columns as the method has them.
        Empty if nothing can be said; then `silence` says why.
    pairs : DataFrame
        Second-order Sobol indices, largest first; empty otherwise.
    r_squared : float or None
        Of a regression.
    silence : str
    """

    measure: Measure
    mean: float
    lowest: float
    highest: float
    luck: Luck
    effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    r_squared: float | None = None
    silence: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """A study's sensitivity analysis: `method` is ``sobol``, ``morris``, ``regression`` or ``tornado``."""

    study: Material
    method: str
    outcomes: tuple[Explained, ...]


def analyse(data: StudyTables, outcomes: Sequence[str] | None = None, base: str | None = None) -> Sensitivity:
    """Analyse which parameters the outcomes of a study depend on.

    Parameters
    ----------
    data : StudyTables
        A study that was run (`sim.study.read_study`).
    outcomes : sequence of str or None
        Measures (`sim.measures`); None for a choice that suits the study.
    base : str or None
        Base scenario; needed only if the study has several.

    Returns
    -------
    Sensitivity

    Raises
    ------
    ProtestorateError
        For a design that tells nothing about sensitivity, points without runs, an unknown outcome.
    """
    kind = str(data.manifest.get("design", {}).get("kind", "list"))
    if kind not in METHODS:
        raise ProtestorateError(
            f"a design of kind {kind!r} does not say what outcomes are sensitive to; "
            f"use {', '.join(METHODS)} (to compare listed points: protestorate compare)"
        )
    study = material(data, base, f"the analysis of a {kind} design")
    study = replace(study, runs=with_daily_measures(study.runs, outcomes or (), data))
    measures = chosen(study.runs, outcomes, study.declared, lambda: possible_outcomes(study))
    method = METHODS[kind]
    return Sensitivity(study, method, tuple(_explain(study, method, one) for one in measures))


def possible_outcomes(study: Material) -> tuple[str, ...]:
    """Return the outcomes that the study's model knows, in its order; empty for a model not known here.

    Loads the compiler, so ask only when needed.
    """
    from sim.models.interface import engine_of, known

    bases = study.manifest.get("bases", {})
    names = {str(base.get("model", "")) for base in bases.values()} if isinstance(bases, dict) else set()
    return tuple(outcome for name in sorted(names) if known(name) for outcome in engine_of(name).outcomes)


def _explain(study: Material, method: str, measured: Measure) -> Explained:
    table = matrix(study.runs, study.points, measured)
    means = table.mean(axis=1)
    said = Explained(measured, float(means.mean()), float(means.min()), float(means.max()), luck_of(table))
    parts = {name: getattr(said, name) for name in ("measure", "mean", "lowest", "highest", "luck")}
    if means.nunique() < 2:
        return Explained(**parts, silence=f"It is the same at all {len(means)} points: {measured.text(said.mean)}.")
    if method == "sobol":
        from analysis.sensitivity.methods import TooRareError, sobol_indices

        try:
            effects, pairs = sobol_indices(study, means.to_numpy(float))
        except TooRareError:
            different = int((means != means.mode().iloc[0]).sum())
            return Explained(
                **parts,
                silence=f"It differs at only {different} of {len(means)} points, too few to say what it depends on.",
            )
        pairs = pairs.sort_values("second", ascending=False, key=abs, ignore_index=True)
        return Explained(**parts, effects=ranked(effects, "total"), pairs=pairs)
    if method == "morris":
        from analysis.sensitivity.methods import morris_effects

        return Explained(**parts, effects=ranked(morris_effects(study, means.to_numpy(float)), "mu_star"))
    if method == "regression":
        from analysis.sensitivity.methods import rank_coefficients

        effects, r_squared = rank_coefficients(study, means.to_numpy(float))
        return Explained(**parts, effects=ranked(effects, "coefficient"), r_squared=r_squared)
    from analysis.sensitivity.tornado import paired_differences

    return Explained(**parts, effects=ranked(paired_differences(study, table, measured), "effect"))


def ranked(effects: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sort by absolute size, the largest first; rows of the same parameter stay together."""
    size = effects[by].abs().groupby(effects["parameter"]).transform("max")
    ordered = effects.assign(size=size).sort_values(["size", "parameter"], ascending=[False, True], kind="stable")
    return ordered.drop(columns="size").reset_index(drop=True)
