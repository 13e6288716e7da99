"""What the runs of a hundred campaigns say, as Markdown: skill, reliability, base rates, and every case by name."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.campaigns import learn, score
from analysis.campaigns.judge import BASE_RATE
from analysis.campaigns.material import EVENTS, MODES, Material
from analysis.campaigns.runs import SHIFTS, Plan
from analysis.campaigns.score import Floats, Score, share
from analysis.campaigns.table import Campaigns
from analysis.campaigns.why import GROUPS
from analysis.campaigns.write import made_of, score_table, told
from analysis.report.markdown import code, table
from sim.core.formats import to_digits
from sim.study import StudyData

PLACES = tuple(f"campaigns-{name}" for name in ("skill", "unknown", "reliability", "rates", "misses", "cases"))
SIZES = (0.001, 0.005, 0.01, 0.035)
TENURES = (2.0, 5.0, 10.0, 20.0)
MISSES = 15


def tables(
    stuff: Material, campaigns: Campaigns, plan: Plan, studies: Mapping[str, StudyData], command: str
) -> dict[str, str]:
    """Return the tables in Markdown by the name of their place."""
    each = len(plan.seeds) + len(SHIFTS) * len(plan.fewer) + plan.sets * len(plan.lucks)
    each += len(GROUPS) * len(plan.seeds[: plan.why])
    count = {name: len(data.runs) for name, data in studies.items()}
    line = made_of(command, studies.values(), len(plan.seeds), len(campaigns.rows) * each)
    line += (
        f" {len(stuff.observed)} campaigns of {len(set(stuff.observed['country']))} countries; {count['before']:,} "
        f"runs by the facts of the first day, {count['sizes']:,} over sizes and {count.get('unknown', 0):,} over "
        f"{plan.sets} sets of what is not known, {count.get('facts', 0):,} with some facts as they usually are, about "
        f"{plan.agents:,} citizens a run."
    )
    return {
        "campaigns-skill": f"{line}\n\n{skill(stuff)}\n\n{distances(stuff)}",
        "campaigns-unknown": not_known(stuff),
        "campaigns-reliability": curves(stuff),
        "campaigns-rates": rates(stuff),
        "campaigns-misses": misses(stuff),
        "campaigns-cases": cases(stuff),
    }


def rivals(stuff: Material, mode: str, event: str) -> dict[str, Floats]:
    """Return the chances of the model and of all it is held against, each fitted on other countries only."""
    happened = stuff.observed[event].to_numpy(dtype=np.float64)
    decade = stuff.observed["decade"].to_numpy(dtype=np.int64)
    own = stuff.chance[mode, event]
    more = [np.log10(stuff.observed["peak"].to_numpy(dtype=np.float64))] if mode == "peak" else []
    matrix = score.matrix_of(stuff.facts, *more)
    regression = "ridge regression on the same facts" + (" and the peak" if more else "")
    fits = {
        "model, put on the scale of other countries": score.recalibrated(happened, own),
        BASE_RATE: score.base_rate(happened),
        "rate of the decade": score.decade_rate(happened, decade),
        regression: score.regression(happened, matrix),
    }
    models = {"model": own}
    if mode == "before" and event in stuff.by_set:
        own = stuff.by_set[event]
        models["model, over what is not known"] = np.nanmean(own, axis=1)
        learned = {"model, over sets that do well elsewhere": learn.learned(own, happened)}
        if stuff.anchors:
            countries = list(stuff.observed["country"])
            jointly = learn.learned(own, happened, countries, stuff.anchors)
            learned["model, over sets that do well elsewhere and by the targets of Belarus and Russia"] = jointly
        fits = learned | fits
    return models | {name: score.out_of_fold(stuff.clusters, fit) for name, fit in fits.items()}


def skill(stuff: Material) -> str:
    """Return a table a mode and event: every rival's scores, and its gain over the base rate."""
    parts = []
    for mode, words in MODES.items():
        for event, called in EVENTS.items():
            happened = stuff.observed[event].to_numpy(dtype=np.float64)
            found = rivals(stuff, mode, event)
            head = f"**{words}; {called}** ({int(happened.sum())} of {len(happened)})"
            parts.append(f"{head}\n\n{score_table(found, happened, stuff.clusters)}")
    return "\n\n".join(parts)


def not_known(stuff: Material) -> str:
    """Return what campaigns leave of what is not known, alone and jointly with the targets of two cases."""
    if not stuff.sets:
        return "No parameter sets were run."
    parts = [_of_event(stuff, event, called) for event, called in EVENTS.items()]
    if stuff.anchors:
        parts.append(_of_targets(stuff))
    return "\n\n".join(parts)


def _of_event(stuff: Material, event: str, called: str) -> str:
    happened = stuff.observed[event].to_numpy(dtype=np.float64)
    chance = stuff.by_set[event]
    count = chance.shape[1]
    weights = {"sets": np.full(count, 1.0 / count), "by the campaigns": learn.weights(chance, happened)}
    if stuff.anchors:
        weights["by the campaigns and the targets"] = learn.weights(chance, happened, stuff.anchors)
    worth = [learn.effective(weight) for weight in weights.values()]
    head = f"**{called}**: the weights of {count} sets are worth {worth[1]:.1f} of them (all {len(happened)} campaigns)"
    if stuff.anchors:
        head += f", with the targets of Belarus and Russia {worth[2]:.1f}"
    rows = [
        (code(path), *(_mean_and_spread(values, weight) for weight in weights.values()))
        for path, values in stuff.sets.items()
    ]
    first, *others = weights
    return f"{head}\n\n{table(('parameter', f'{first}, mean ± standard deviation', *others), rows)}"


def _mean_and_spread(values: Floats, weight: Floats) -> str:
    mean = float(weight @ values)
    return f"{mean:.2f} ± {float(np.sqrt(weight @ (values - mean) ** 2)):.2f}".replace("-", "−")


def _of_targets(stuff: Material) -> str:
    """Return how near the two cases come to their targets under the sets, beside their own values."""
    together = sum(one.distance for one in stuff.anchors)
    both = int(np.argmin(together))
    rows = [
        (
            code(one.case),
            f"{one.own_met} of {one.targets}; {one.own_distance:.0f}",
            f"{np.median(one.met):.0f}; {np.median(one.distance):.0f}",
            f"{one.met[np.argmin(one.distance)]}; {one.distance.min():.0f}",
            f"{one.met[both]}; {one.distance[both]:.0f}",
        )
        for one in stuff.anchors
    ]
    columns = ("targets met; distance", "the scenario's own values", "median set", "its best set", "best set of both")
    return f"**The targets of Belarus and Russia** under the same sets\n\n{table(columns, rows)}"


def curves(stuff: Material) -> str:
    """Return the reliability of the model's chances, a table a mode."""
    parts = []
    for mode, words in MODES.items():
        for event, called in EVENTS.items():
            happened = stuff.observed[event].to_numpy(dtype=np.float64)
            rows = []
            for _, one in score.reliability(stuff.chance[mode, event], happened, stuff.clusters).iterrows():
                known = one["campaigns"] > 0
                span = _with_interval(*one[["happened", "low", "high"]]) if known else ""
                rows.append((one["bin"], str(one["campaigns"]), f"{one['chance']:.2f}" if known else "", span))
            columns = ("chance said", "campaigns", "mean chance", "share that came so")
            parts.append(f"**{words}; {called}**\n\n{table(columns, rows)}")
    return "\n\n".join(parts)


def _with_interval(share: float, low: float, high: float) -> str:
    """Return a share with its interval, if there is one."""
    span = f"{low:.2f} to {high:.2f}" if np.isfinite(low) else "no interval"
    return f"{share:.2f} ({span})"


def rates(stuff: Material) -> str:
    """Return base rates of the data beside those of the model: by the first day, and given the peak."""
    rows: list[tuple[str, ...]] = []
    observed, facts = stuff.observed, stuff.facts
    every = np.ones(len(observed), dtype=bool)
    coded = observed["deaths_100"].notna().to_numpy()
    _add(rows, stuff, "success", "success", every)
    _add(rows, stuff, "success or partial success", "any_success", every)
    _add(rows, stuff, "defection", "defection", observed["defection"].notna().to_numpy())
    rows += [_given(stuff, defected) for defected in (1, 0)]
    _add(rows, stuff, "more than 100 dead", "deaths_100", coded)
    _add(rows, stuff, "more than 1,000 dead", "deaths_1000", coded)
    peak = observed["peak"].to_numpy(dtype=np.float64)
    ends = (0.0, *SIZES, np.inf)
    for event in ("success", "defection"):
        for low, high in pairwise(ends):
            words = f"{event}, peak of {100 * low:g}% " + (f"to {100 * high:g}%" if high < np.inf else "and more")
            _add(rows, stuff, words, event, (peak >= low) & (peak < high))
    for regime in sorted(set(facts["regime"])):
        _add(rows, stuff, f"success, {regime}", "success", (facts["regime"] == regime).to_numpy())
    tenure, starts = facts["tenure"].to_numpy(dtype=np.float64), (0.0, *TENURES, np.inf)
    for low, high in pairwise(starts):
        words = f"success, ruler in office {low:g} " + (f"to {high:g} years" if high < np.inf else "years and more")
        _add(rows, stuff, words, "success", (tenure >= low) & (tenure < high))
    for trigger in sorted(set(facts["trigger_kind"])):
        _add(rows, stuff, f"success, trigger {code(trigger)}", "success", (facts["trigger_kind"] == trigger).to_numpy())
    rows.append(_days(stuff))
    return table(("", "campaigns", "data", "model, before", "model, given the peak"), rows)


def _add(rows: list[tuple[str, ...]], stuff: Material, words: str, event: str, inside: NDArray[np.bool_]) -> None:
    names = set(stuff.observed.index[inside])
    if not names:
        return
    happened = stuff.observed[event].to_numpy(dtype=np.float64)[inside]
    data = share(happened, np.unique(stuff.clusters[inside], return_inverse=True)[1].astype(np.int64))
    own = [_of_model(runs[runs["campaign"].isin(names)], event) for runs in stuff.runs.values()]
    rows.append((words, str(len(names)), _short(data), *own))


def _of_model(runs: pd.DataFrame, event: str) -> str:
    return f"{runs.groupby('campaign')[event].mean().mean():.2f}" if len(runs) else ""


def _given(stuff: Material, defected: int) -> tuple[str, ...]:
    """Return success given defection, or without: in the data over campaigns, in the model over runs."""
    observed = stuff.observed
    inside = (observed["defection"] == defected).to_numpy()
    clusters = np.unique(stuff.clusters[inside], return_inverse=True)[1].astype(np.int64)
    happened = observed["success"].to_numpy(dtype=np.float64)[inside]
    words = "success with defection" if defected else "success without defection"
    own = []
    for runs in stuff.runs.values():
        some = runs[runs["defection"] == defected]
        own.append(f"{some['success'].mean():.2f}" if len(some) else "")
    return (words, str(int(inside.sum())), _short(share(happened, clusters)) if inside.any() else "", *own)


def _days(stuff: Material) -> tuple[str, ...]:
    def quartiles(values: pd.Series) -> str:
        return ", ".join(f"{value:.0f}" for value in np.percentile(values.dropna(), (25, 50, 75)))

    own = [quartiles(runs["days"]) for runs in stuff.runs.values()]
    return ("days to the end, quartiles", str(len(stuff.observed)), quartiles(stuff.observed["days"]), *own)


def misses(stuff: Material) -> str:
    """Return the campaigns of which the model was most wrong, by name."""
    observed = stuff.observed
    happened = observed["success"].to_numpy(dtype=np.float64)
    off = {mode: np.abs(stuff.chance[mode, "success"] - happened).round(6) for mode in MODES}
    order = np.lexsort((observed.index.to_numpy(dtype=str), -off["peak"], -off["before"]))[:MISSES]
    rows = [
        (
            f"{observed['name'].iloc[row]} ({code(str(observed.index[row]))})",
            f"{observed['outcome'].iloc[row]}, {observed['how_ended'].iloc[row].replace('_', ' ')}",
            f"{stuff.chance['before', 'success'][row]:.2f}",
            f"{stuff.chance['peak', 'success'][row]:.2f}",
            _peaks(stuff, row),
        )
        for row in order
    ]
    return table(("campaign", "what happened", "chance of success, before", "given the peak", "peak"), rows)


def cases(stuff: Material) -> str:
    """Return a row a campaign: what the model thought, and what happened."""
    observed = stuff.observed
    rows = []
    for row, name in enumerate(observed.index):
        own = stuff.runs["before"]
        rows.append(
            (
                code(str(name)),
                f"{observed['outcome'].iloc[row]}, {observed['how_ended'].iloc[row].replace('_', ' ')}",
                f"{stuff.chance['before', 'success'][row]:.2f}",
                f"{stuff.chance['peak', 'success'][row]:.2f}",
                _peaks(stuff, row),
                told(own[own["campaign"] == name]["outcome"]),
                stuff.movers.get(str(name), ""),
            )
        )
    columns = (
        "campaign",
        "what happened",
        "before",
        "given the peak",
        "peak",
        "endings of the runs, before",
        "moved by",
    )
    kept = len(columns) if stuff.movers else len(columns) - 1
    return table(columns[:kept], [row[:kept] for row in rows])


def _peaks(stuff: Material, row: int) -> str:
    """Return the observed peak beside the model's median, as shares."""
    name = stuff.observed.index[row]
    own = stuff.runs["before"]
    median = own[own["campaign"] == name]["peak"].median()
    peak = stuff.observed["peak"].iloc[row]
    seen = "not known" if not np.isfinite(peak) else f"{to_digits(100 * peak, 2)}%"
    return f"{seen}; model {to_digits(100 * median, 2)}%"


def distances(stuff: Material) -> str:
    """Return in words how near to the observed peaks the runs come that speak for them."""
    runs = stuff.runs["peak"]
    if "distance" not in runs:
        return "No peak is known."
    near = runs.groupby("campaign")["distance"].median().dropna()
    far = int((near > np.log10(3.0)).sum())
    return (
        f"The runs that speak for an observed peak differ from it by a factor of {10 ** near.median():.1f} in the "
        f"median campaign; in {far} of {len(near)} campaigns by more than 3."
    )


def _short(one: Score) -> str:
    return _with_interval(one.value, one.low, one.high)
