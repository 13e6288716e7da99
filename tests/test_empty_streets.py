"""Where nobody is in the street, no doubt that officers have of each other ends a regime."""

from __future__ import annotations

import sim

NOBODY = {"people.motive.threshold_mean": 8.0, "police.loyalty.colleague_doubt": 2.0, "run.persons_per_agent": 1000}


def test_a_handful_of_resignations_does_not_bring_the_ranks_down():
    """At most about one in a hundred officers resigns, and the regime stands in each of five runs.

    News is heard on a logarithmic scale. While officers counted their colleagues on it, the few whose loyalty is low
    on the first day weighed so much that all of them left within a week, with nobody in the street.
    """
    for seed in range(5):
        run = sim.simulate("belarus-2020", seed=seed, days=30, overrides=NOBODY)
        officers = run.days.filter(like="police_loyal_").iloc[0].sum()
        assert run.outcome.name == "contested"
        assert run.summary["police_resigned"] < 0.02 * officers
        assert run.summary["peak_turnout_share"] < 0.001
