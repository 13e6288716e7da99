"""What runs of Epstein's models record: columns, and the numbers to quote."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.models.results import AMOUNT, COUNT, FRACTION, INDEX, LEVEL, SHARE, Result

NEVER = -1
"""Step of what does not happen."""


def outbursts(active: ArrayLike, above: int) -> list[tuple[int, int]]:
    """Return first step and first step after of each time with more than `above` active citizens.

    Parameters
    ----------
    active : int array, shape (steps,)
    above : int

    Returns
    -------
    list of (int, int)
        Counted from 0.
    """
    edges = np.diff(np.concatenate([[0], np.asarray(active) > above, [0]]).astype(np.int8))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def _bursts(days: Any, config: Any) -> list[tuple[int, int]]:
    return outbursts(days["active"], config.outbursts.above)


def _mean_wait(days: Any, localities: Any, config: Any) -> float:
    waits = [later[0] - earlier[1] for earlier, later in pairwise(_bursts(days, config))]
    return float(np.mean(waits)) if waits else float(NEVER)


def _mean_activation(days: Any, localities: Any, config: Any) -> float:
    active = days["active"].to_numpy()
    sums = [int(active[first:after].sum()) for first, after in _bursts(days, config)]
    return float(np.mean(sums)) if sums else 0.0


def _jailed_share(days: Any, localities: Any, config: Any) -> float:
    citizens = days[["quiet", "active", "jailed"]].sum(axis=1).clip(lower=1)
    return float((days["jailed"] / citizens).mean())


def _first_outburst(days: Any, localities: Any, config: Any) -> int:
    bursts = _bursts(days, config)
    return bursts[0][0] + 1 if bursts else NEVER


def _cops_then(days: Any, localities: Any, config: Any) -> int:
    first = _first_outburst(days, localities, config)
    return int(days["cops"].iloc[first - 1]) if first > 0 else NEVER


COLUMNS = (
    Result("step", "", INDEX, label="step", about="the step, from 1"),
    Result("quiet", "citizens", COUNT, combine="last", label="quiet", about="citizens who are quiet after the step"),
    Result("active", "citizens", COUNT, combine="last", main=True, label="active",
           about="citizens who rebel after the step; in Model II those who kill where they can"),
    Result("jailed", "citizens", COUNT, combine="last", main=True, label="jailed",
           about="citizens in jail after the step"),
    Result("cops", "cops", COUNT, combine="last", label="cops", about="cops (in Model II peacekeepers) in the step"),
    Result("arrested", "citizens", COUNT, combine="sum", label="arrested in the step", short="arrested",
           about="citizens arrested in the step"),
    Result("legitimacy", FRACTION, LEVEL, combine="last", label="legitimacy", about="legitimacy in the step"),
)  # fmt: skip
GROUP_COLUMNS = (
    Result("first_group", "citizens", COUNT, combine="last", label="first group",
           about="members of the first group alive after the step"),
    Result("second_group", "citizens", COUNT, combine="last", label="second group",
           about="members of the second group alive after the step"),
    Result("killed", "citizens", COUNT, combine="sum", label="killed in the step", short="killed",
           about="citizens killed by the other group in the step"),
    Result("cloned", "citizens", COUNT, combine="sum", label="born in the step", short="born",
           about="citizens born (cloned) in the step"),
    Result("died", "citizens", COUNT, combine="sum", label="died of age in the step", short="died of age",
           about="citizens who died of age in the step"),
)  # fmt: skip
NUMBERS = (
    Result("peak_active", "citizens", COUNT, of="active", combine="max", label="most citizens active at once",
           short="most active", about="highest `active`"),
    Result("mean_active", "citizens", AMOUNT, of="active", combine="mean", label="citizens active, mean over all steps",
           short="mean active", about="mean of `active`"),
    Result("active_end", "citizens", COUNT, of="active", combine="last", label="citizens active at the end",
           short="active at the end", about="`active` after the last step"),
    Result("jailed_end", "citizens", COUNT, of="jailed", combine="last", label="citizens in jail at the end",
           short="jailed at the end", about="`jailed` after the last step"),
    Result("mean_jailed_share", FRACTION, SHARE, of=_jailed_share, short="share in jail",
           label="share of citizens in jail, mean over all steps",
           about="mean over steps of the jailed as a share of all citizens"),
    Result("arrests", "arrests", COUNT, of=lambda days, localities, config: int(days["arrested"].sum()),
           label="arrests", about="total of `arrested`"),
    Result("outbursts", "outbursts", COUNT, of=lambda days, localities, config: len(_bursts(days, config)),
           label="outbursts", about="times with more than `outbursts.above` active citizens"),
    Result("mean_wait", "steps", AMOUNT, of=_mean_wait, label="steps from the end of an outburst to the next, mean",
           short="mean wait", about="−1 if there are fewer than two outbursts", never="fewer than two outbursts"),
    Result("mean_activation", "citizen-steps", AMOUNT, of=_mean_activation, short="activation",
           label="citizens active, summed over an outburst, mean", about="0 if there is no outburst"),
    Result("calm_share", FRACTION, SHARE, short="calm", label="share of steps that are calm",
           of=lambda days, localities, config: float((days["active"] < config.outbursts.calm_below).mean()),
           about="steps with fewer than `outbursts.calm_below` active citizens"),
    Result("first_outburst", "steps", COUNT, of=_first_outburst, label="step of the first outburst",
           short="first outburst", about="−1 if there is none", never="no outburst"),
    Result("cops_at_first_outburst", "cops", COUNT, of=_cops_then, label="cops at the first outburst",
           short="cops then", about="−1 if there is none", never="no outburst"),
)  # fmt: skip
GROUP_NUMBERS = (
    Result("first_group_end", "citizens", COUNT, of="first_group", combine="last", short="first group at the end",
           label="members of the first group at the end", about="`first_group` after the last step"),
    Result("second_group_end", "citizens", COUNT, of="second_group", combine="last", short="second group at the end",
           label="members of the second group at the end", about="`second_group` after the last step"),
    Result("killings", "citizens", COUNT, of=lambda days, localities, config: int(days["killed"].sum()),
           label="citizens killed", about="total of `killed`"),
)  # fmt: skip
LENGTH = Result("steps", "steps", COUNT, of=lambda days, localities, config: len(days), label="steps run",
                about="steps that were run")  # fmt: skip


def declared_columns(config: Any) -> tuple[Result, ...]:
    """Return what the table by step has."""
    return COLUMNS + GROUP_COLUMNS if config.groups is not None else COLUMNS


def numbers(config: Any) -> tuple[Result, ...]:
    """Return what the summary has."""
    return (*NUMBERS, *(GROUP_NUMBERS if config.groups is not None else ()), LENGTH)
