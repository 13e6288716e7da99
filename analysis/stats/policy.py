"""The policy of every interval and test: levels, resamples, fewest pairs, seed; each with its reason, once."""

from __future__ import annotations

CONFIDENCE = 0.95
"""Of every interval: the usual level, so that readers need not think twice."""
LEVEL = 1.0 - CONFIDENCE
"""Of every test, and the expected share of wrong ones among those called different (false discovery rate)."""
NINETY = 1.6449
"""Standard deviations within which nine of ten draws of a normal distribution lie, as between the ends of a target."""
RESAMPLES = 1999
"""Of a bootstrap, and turns of whole trajectories: an end at 2.5% is then known to 0.35 points of probability."""
COSTLY_RESAMPLES = 499
"""Of fits that take milliseconds each, such as regressions: an end is known to 0.7 points of probability."""
SWAPS = 9999
"""Random swaps of a test: the smallest p-value is 0.0001, so that a correction for hundreds of tests can be passed."""
FEWEST_PAIRS = 20
"""Independent parts (pairs, seeds, points) below which no verdict rests on an interval.

Intervals are given from two on. With ten that are skewed like exponential ones they hold the truth in 90% of cases,
with twenty in 92 to 93%; and if none of twenty differs, at most 14% of all do (95%, 1 - 0.05**(1/20)), of ten 26
%.
"""
FEWEST_POINTS = 40
"""Points of a hypercube below which nothing is said of how a verdict depends on assumptions: see `points`."""
MOST_LEFT_OUT = 0.1
"""Share of pairs or clusters without a value above which the rest are a selection, and decide nothing."""
SEED = 20200809
"""Of everything that is resampled, so that the same study gives the same report."""
ROUNDING = 1e-12
"""Differences below this share of the largest value are rounding and count as none."""
