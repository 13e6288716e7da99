"""Pictures of statistics over events and movements of different size; each fills an axis and returns the caption."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from analysis.patterns.campaigns import Event, ShareByNumber, ShareGiven, campaigns
from analysis.patterns.put import CheckResult, PatternResult
from analysis.patterns.sizes import Elasticity, LogSize, ShareBySize, events
from analysis.report.figures.style import readable
from analysis.stats.intervals import Floats, wilson
from analysis.stats.reported import reporting
from sim.core.formats import number, share
from sim.figures.plot import BLUE, GREY, INK, ORANGE, VERMILION, percent

EVENTS = {"locality_day": "locality-days", "day": "days of the country"}


def decades(sizes: Floats, per_decade: int) -> tuple[np.ndarray, Floats]:
    """Return the bin of each size, and the bins' middles on a logarithmic scale."""
    bins = np.floor(np.log10(sizes) * per_decade).astype(np.int64)
    known, place = np.unique(bins, return_inverse=True)
    return place, 10.0 ** ((known + 0.5) / per_decade)


def elasticity_line(axis: Axes, result: PatternResult, check: CheckResult) -> str:
    """Draw the mean of detained over the size of events, the fitted line, and proportion."""
    options = check.asked.options
    assert isinstance(options, Elasticity)
    found = events(result.data, options, options.of)
    count, total = found.count.sum(axis=0), found.total.sum(axis=0)
    place, _ = decades(found.sizes, 3)
    events_of, in_all, people = (np.bincount(place, one) for one in (count, total, count * found.sizes))
    x, mean = people / events_of, in_all / events_of
    some = mean > 0.0
    axis.loglog(x[some], mean[some], "o", color=BLUE, label="mean of events of a size")
    b, middle = check.found.estimate, float(np.exp((count @ np.log(found.sizes)) / count.sum()))
    scale = total.sum() / (count @ found.sizes**b)
    axis.loglog(x, scale * x**b, color=BLUE, label=f"elasticity {b:.2f}")
    axis.loglog(x, scale * middle ** (b - 1.0) * x, "--", color=GREY, label="in proportion")
    _tenfolds(axis.xaxis, number)
    _tenfolds(axis.yaxis, number)
    axis.set_xlabel(f"persons in action ({EVENTS[options.unit]})")
    axis.set_ylabel(readable(options.of))
    return (
        f"Mean {readable(options.of)} at events of each size (circles), the line that fits all events best, and what "
        "proportion would be (dashed). Both axes are logarithmic."
    )


def shares_by_size(axis: Axes, result: PatternResult, check: CheckResult) -> str:
    """Draw the share of events with something, by tenfold of their size, beside what was observed."""
    options = check.asked.options
    assert isinstance(options, ShareBySize)
    drawn = [one for one in result.checks if isinstance(one.asked.options, ShareBySize)]
    for one, colour in zip(drawn, (BLUE, VERMILION, ORANGE, INK), strict=False):
        asked = one.asked.options
        assert isinstance(asked, ShareBySize)
        found = events(result.data, asked, asked.event, asked.share)
        place, middle = decades(found.sizes, 1)
        count, total = (np.bincount(place, part.sum(axis=0)).astype(np.float64) for part in (found.count, found.total))
        _shares(axis, middle, total, count, colour, f"{readable(one.asked.name)} ({EVENTS[asked.unit]})")
        _observed(axis, one, colour)
    axis.set_xscale("log")
    _tenfolds(axis.xaxis, number)
    axis.set_ylim(bottom=0.0)
    percent(axis)
    axis.set_xlabel("persons in action")
    return (
        "Share of events at which it came to this, by tenfold of their size, with Wilson’s 95% interval as if "
        "events were independent. Crosses: what was observed elsewhere."
    )


def log_sizes(axis: Axes, result: PatternResult, check: CheckResult) -> str:
    """Draw the distribution of the logarithm of sizes, and the observed one."""
    options = check.asked.options
    assert isinstance(options, LogSize)
    sizes(axis, result, options)
    return (
        "Sizes of events in the model (bars), those of them that would be reported (stepped line) and the logarithmic "
        "normal distribution of observed ones (smooth line), each as a share of its events per tenfold of size."
        if options.reported
        else "Sizes of events in the model (bars) and the logarithmic normal distribution of observed ones (line), "
        "each as a share of all events per tenfold of size."
    )


def sizes(axis: Axes, result: PatternResult, options: LogSize) -> None:
    """Fill an axis with the distribution of sizes."""
    found = events(result.data, options)
    logs, count = np.log10(found.sizes), found.count.sum(axis=0)
    bins = np.arange(np.floor(logs.min()), logs.max() + 0.25, 0.25).tolist()
    axis.hist(logs, bins=bins, weights=count, density=True, color=BLUE, alpha=0.6)
    if options.reported:
        known = count * reporting(found.sizes, count, options.reported)
        axis.hist(logs, bins=bins, weights=known, density=True, color=VERMILION, histtype="step", linewidth=1.5)
    moments = {
        one.asked.options.moment: one.asked.check.observed[0][1]
        for one in result.checks
        if isinstance(one.asked.options, LogSize) and one.asked.check.observed
    }
    if len(moments) == 2:
        x = np.linspace(0.0, 6.0, 200)
        z = (x - moments["mean"]) / moments["deviation"]
        axis.plot(x, np.exp(-(z**2) / 2.0) / moments["deviation"] / np.sqrt(2.0 * np.pi), color=INK)
    axis.set_xlabel("log10 of persons in action")
    axis.set_ylabel("density")


def campaign_shares(axis: Axes, result: PatternResult, check: CheckResult) -> str:
    """Draw how often something happens by the size of the movement, with and without what is given."""
    options = next(
        (one.asked.options for one in result.checks if isinstance(one.asked.options, ShareByNumber)),
        check.asked.options,
    )
    assert isinstance(options, ShareByNumber | ShareGiven)
    runs = campaigns(result.data, options)
    place, middle = decades(runs[options.by].to_numpy(dtype=np.float64), 2)
    drawn: dict[str, Event] = {}
    for one in result.checks:
        asked = one.asked.options
        if isinstance(asked, ShareByNumber):
            drawn[readable(one.asked.name)] = asked.event
    for (name, event), colour in zip(drawn.items(), (BLUE, VERMILION, ORANGE), strict=False):
        happened = event.happened(result.data, runs)
        _shares(
            axis,
            middle,
            np.bincount(place, happened).astype(np.float64),
            np.bincount(place).astype(np.float64),
            colour,
            name,
        )
    for one, colour in zip(result.checks, (BLUE, VERMILION, ORANGE), strict=False):
        _observed(axis, one, colour)
    axis.set_xscale("log")
    _tenfolds(axis.xaxis, share if options.by.endswith("_share") else number)
    axis.set_ylim(bottom=0.0)
    percent(axis)
    axis.set_xlabel(readable(options.by))
    return (
        f"Share of runs in which it came to this, by {readable(options.by)} (two bins a tenfold), with Wilson’s 95% "
        "interval. Crosses: what was observed in campaigns elsewhere."
    )


def _shares(axis: Axes, x: Floats, happened: Floats, count: Floats, colour: str, label: str) -> None:
    intervals = [wilson(round(some), round(every)) for some, every in zip(happened, count, strict=True)]
    for at, interval in zip(x, intervals, strict=True):
        axis.plot([at, at], [interval.low, interval.high], color=colour, linewidth=1.5)
    axis.plot(x, happened / count, marker="o", color=colour, label=label)


def _tenfolds(axis: Axis, words: Callable[[float], str]) -> None:
    """Mark the powers of ten of a logarithmic axis in plain figures."""
    axis.set_major_locator(LogLocator(base=10.0, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
    axis.set_minor_formatter(NullFormatter())


def _observed(axis: Axes, check: CheckResult, colour: str) -> None:
    points = np.array(check.asked.check.observed)
    if points.size:
        axis.plot(
            points[:, 0], points[:, 1], "x", color=colour, markersize=8, markeredgewidth=2, label="observed elsewhere"
        )
