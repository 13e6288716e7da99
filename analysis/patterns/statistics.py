"""The fixed vocabulary of statistics: what a pattern may hold against an expectation.

Each is a pure function of a study's data and of options that are checked beforehand; docs/patterns.md lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.patterns import ablation, campaigns, courses, runs, sizes
from analysis.patterns.schema import Options
from analysis.stats.clusters import Found, Sample, found
from sim.study.read import StudyData


@dataclass(frozen=True)
class Statistic:
    """A row of the vocabulary.

    Parameters
    ----------
    of : callable (StudyData, Options) -> Sample or Found
    options : type of Options
    words : str
        What it is, for a table; ``{name}`` stands for an option.
    """

    of: Callable[[StudyData, Any], Sample | Found]
    options: type[Options]
    words: str

    def found(self, data: StudyData, options: Options) -> Found:
        """Return what it comes to in a study."""
        result = self.of(data, options)
        return result if isinstance(result, Found) else found(result)


STATISTICS: Mapping[str, Statistic] = {
    "level": Statistic(runs.level, runs.Level, "{by} of {measure}"),
    "difference": Statistic(runs.difference, runs.Difference, "{measure}: {of} less {less}"),
    "interaction": Statistic(runs.interaction, runs.Interaction, "{measure}: log ratio of {of}, less that of {less}"),
    "nearest_point": Statistic(
        runs.nearest_point, runs.NearestPoint, "{measures}: largest difference of the point nearest to {to}"
    ),
    "size_elasticity": Statistic(
        sizes.size_elasticity, sizes.Elasticity, "elasticity of {of} to size, by {unit} (points: {points})"
    ),
    "share_by_size": Statistic(
        sizes.share_by_size,
        sizes.ShareBySize,
        "share with {event}, change per tenfold size, by {unit} (points: {points})",
    ),
    "log_size": Statistic(sizes.log_size, sizes.LogSize, "{moment} of log10 size, by {unit} (reported: {reported})"),
    "autocorrelation": Statistic(
        courses.autocorrelation, courses.Autocorrelation, "autocorrelation of {column} at lag {lag}"
    ),
    "busiest_weekday": Statistic(
        courses.busiest_weekday, courses.BusiestWeekday, "share of weeks with most {column} on {weekday}"
    ),
    "after_peak": Statistic(
        courses.after_peak, courses.AfterPeak, "{column} {days} days after its peak, share of the peak"
    ),
    "first_day": Statistic(courses.first_day, courses.FirstDay, "days until {column} passes {above}"),
    "lead": Statistic(courses.lead, courses.Lead, "days by which {first} falls before {second}"),
    "share_of": Statistic(campaigns.share_of, campaigns.ShareOf, "share of movements"),
    "share_by_number": Statistic(
        campaigns.share_by_number, campaigns.ShareByNumber, "share of runs, change per tenfold {by}"
    ),
    "share_given": Statistic(campaigns.share_given, campaigns.ShareGiven, "share of runs, with less without"),
    "switches_without_effect": Statistic(
        ablation.switches_without_effect, ablation.Switches, "mechanisms without effect"
    ),
}
"""Every statistic by the name that a pattern file calls it."""
