"""Studies with mistakes, and what is to be said about each: text of the file, and every problem in its order."""

from __future__ import annotations

from study_files import BASE, GRANOVETTER, SPAN

WRONG: dict[str, tuple[str, list[str]]] = {
    "an unknown key path": (
        BASE + "design: {kind: grid, parameters: {regime.agression_gain: [0.5]}}\n",
        [
            "s.yaml:2:35: design.parameters.regime.agression_gain: unknown key path, "
            "did you mean 'regime.aggression_gain'?"
        ],
    ),
    "a value outside the schema": (
        BASE + "design: {kind: grid, parameters: {regime.aggression_gain: [0.5, 7, much]}}\n",
        [
            "s.yaml:2:65: design.parameters.regime.aggression_gain.1: must be at most 2 [factor; 0 to 2] (given 7)",
            "s.yaml:2:68: design.parameters.regime.aggression_gain.2: must be a number (given 'much')",
        ],
    ),
    "ranges": (
        BASE
        + "design:\n  kind: latin_hypercube\n  size: 10\n  parameters:\n"
        + "    regime.aggression_speed: {low: -1, high: 3, unit: days}\n"
        + "    people.networks.weak_ties: {low: 2.5, high: 12}\n"
        + "    mechanisms.hub: {low: 0, high: 1}\n"
        + "    places.localities.Minsk.settlement: {low: 0, high: 1}\n"
        + "    events.hong_kong_example.effects.examples.flash_crowd: {low: 0, high: 1.5}\n",
        [
            "s.yaml:6:36: design.parameters.regime.aggression_speed.low: must be at least 0 [1/day; 0 to 1] (given -1)",
            "s.yaml:6:46: design.parameters.regime.aggression_speed.high: must be at most 1 [1/day; 0 to 1] (given 3)",
            "s.yaml:6:55: design.parameters.regime.aggression_speed.unit: the unit is '1/day' (given 'days')",
            "s.yaml:7:38: design.parameters.people.networks.weak_ties.low: takes whole numbers only "
            "[ties; 0 to 64] (given 2.5)",
            "s.yaml:8:5: design.parameters.mechanisms.hub: is true or false and has no range: "
            "list the values in a grid",
            "s.yaml:9:5: design.parameters.places.localities.Minsk.settlement: is a choice and has no range: "
            "list the values in a grid",
            "s.yaml:10:75: design.parameters.events.hong_kong_example.effects.examples.flash_crowd.high: "
            "must be at most 1 [share; 0 to 1] (given 1.5)",
        ],
    ),
    "ranges that are none": (
        BASE
        + "design:\n  kind: morris\n  trajectories: 3\n  levels: 5\n  parameters:\n"
        + "    regime.alert_decay: {low: 0.5, high: 0.5}\n"
        + "    economy.treasury_days: {low: 0, high: 5, scale: log}\n"
        + "    movement.hub.top_reach: 0.5\n",
        [
            "s.yaml:5:11: design.levels: must be an even number (given 5)",
            "s.yaml:7:31: design.parameters.regime.alert_decay.low: must be less than high, which is 0.5 (given 0.5)",
            "s.yaml:8:34: design.parameters.economy.treasury_days.low: must be more than 0 on a logarithmic scale "
            "(given 0.0)",
            "s.yaml:9:29: design.parameters.movement.hub.top_reach: must be a mapping of keys to values (given 0.5)",
        ],
    ),
    "values that clash only together": (
        BASE
        + "design: {kind: latin_hypercube, size: 8, parameters: {information.turnout_low: {low: 0.06, high: 0.09}}}\n",
        ["s.yaml:2:55: design.parameters.information.turnout_low: must be above 0 and below turnout_high (given 0.0"],
    ),
    "a Sobol size": (
        BASE + f"design: {{kind: sobol, size: 100, parameters: {{{SPAN}}}}}\n",
        ["s.yaml:2:29: design.size: must be a power of two, such as 64 or 128 (given 100)"],
    ),
    "an unknown kind": (
        BASE + "design: {kind: sobl, size: 100}\n",
        [
            "s.yaml:2:16: design.kind: must be one of grid, list, latin_hypercube, sobol, morris, one_at_a_time, "
            "ablation (given 'sobl'), did you mean 'sobol'?"
        ],
    ),
    "no kind": (BASE + "design: {size: 100}\n", ["s.yaml:2:1: design.kind: is missing"]),
    "no design": (BASE, ["s.yaml:1:1: design: is missing"]),
    "an empty design": (
        BASE + "design: {kind: grid, parameters: {}}\n",
        ["s.yaml:2:22: design.parameters: must have at least 1 entries, it has 0"],
    ),
    "no points": (
        BASE + "design: {kind: list, points: []}\n",
        ["s.yaml:2:22: design.points: must have at least 1 entries, it has 0"],
    ),
    "no mechanisms": (
        BASE + "design: {kind: ablation, mechanisms: []}\n",
        ["s.yaml:2:26: design.mechanisms: must name at least one mechanism, or say all"],
    ),
    "single values": (
        BASE + "design: {kind: one_at_a_time, parameters: {regime.aggression_gain: 0.5, regime.alert_decay: []}}\n",
        [
            "s.yaml:2:68: design.parameters.regime.aggression_gain: must be a list (given 0.5)",
            "s.yaml:2:73: design.parameters.regime.alert_decay: must have at least 1 entries, it has 0",
        ],
    ),
    "what is set and varied": (
        BASE
        + "set: {regime.aggression_gain: 0.4, events.shutdown: null, mechanisms.hub: false}\n"
        + "design:\n  kind: grid\n  parameters:\n    regime.aggression_gain: [0.5]\n"
        + "    events.shutdown.effects.shutdown: [0.5]\n    mechanisms: [{hub: true}]\n",
        [
            "s.yaml:6:5: design.parameters.regime.aggression_gain: is set for every run already",
            "s.yaml:7:5: design.parameters.events.shutdown.effects.shutdown: "
            "overlaps with events.shutdown, which is set for every run",
            "s.yaml:8:5: design.parameters.mechanisms: overlaps with mechanisms.hub, which is set for every run",
        ],
    ),
    "a path twice": (
        BASE + "design:\n  kind: grid\n  parameters:\n    regime.alert_decay: [0.5]\n    regime.alert_decay: [0.6]\n",
        ["s.yaml:6:5: design.parameters.regime.alert_decay: the key is already given in line 5, column 5"],
    ),
    "a value twice": (
        BASE + "design: {kind: grid, parameters: {regime.alert_decay: [0.5, 0.5]}}\n",
        ["s.yaml:2:61: design.parameters.regime.alert_decay.1: the value is given twice (given 0.5)"],
    ),
    "a mechanism": (
        BASE + "set: {mechanisms.patron: false}\ndesign: {kind: ablation, mechanisms: [hub, hubb, patron]}\n",
        [
            "s.yaml:3:44: design.mechanisms.1: the model mobilisation has no such mechanism (given 'hubb'), "
            "did you mean 'hub'?",
            "s.yaml:3:50: design.mechanisms.2: mechanisms.patron is set for every run",
        ],
    ),
    "a model without mechanisms": (
        GRANOVETTER + "design: {kind: ablation}\n",
        ["s.yaml:2:16: design.kind: the model granovetter-1978 has no mechanisms to switch off"],
    ),
    "points": (
        BASE
        + "design:\n  kind: list\n  points:\n    - {label: a}\n"
        + "    - {label: a, scenario: belarus, set: {police.ranks.officer: 0.2, time.dys: 3}}\n",
        [
            "s.yaml:6:15: design.points.1.label: another point has this label (given 'a')",
            "s.yaml:6:28: design.points.1.scenario: is not one of the study's scenarios (given 'belarus'), "
            "did you mean 'belarus-2020'?",
            "s.yaml:6:65: design.points.1.set.police.ranks.officer: then police.ranks shares of ranks must add to 1, "
            "these add to 1.03",
            "s.yaml:6:70: design.points.1.set.time.dys: unknown key path, did you mean 'time.days'?",
        ],
    ),
    "what is set for every run": (
        BASE
        + "set: {time.days: 0, run.persons_per_agnt: 1, run.seed: 3, model: x, sources.time: z}\n"
        + "design: {kind: ablation}\n",
        [
            "s.yaml:2:18: set.time.days: must be at least 1 [days; 1 to 3660] (given 0)",
            "s.yaml:2:21: set.run.persons_per_agnt: unknown key path, did you mean 'run.persons_per_agent'?",
            "s.yaml:2:46: set.run.seed: replicates give the seeds, it would change nothing",
            "s.yaml:2:59: set.model: can only be set in a file",
            "s.yaml:2:69: set.sources.time: a source stands in the scenario's file",
        ],
    ),
    "a setting that clashes with the scenario": (
        BASE + "set: {run.persons_per_agent: 1000, time.days: 30}\ndesign: {kind: ablation}\n",
        [
            "s.yaml:2:47: set.time.days: then events.leaders_arrested.date lies outside the run "
            "(2020-08-01 to 2020-08-30), and so do 4 other events: patron_loan, sanctions, ultimatum, "
            "general_strike_call"
        ],
    ),
    "an outcome": (
        BASE
        + "set: {run.persons_per_agent: 10000}\ndesign: {kind: ablation}\n"
        + "precision: {outcome: peak_turnot, half_width: 0.1}\n",
        [
            "s.yaml:4:22: precision.outcome: is neither a number of the summary nor an outcome (given 'peak_turnot'), "
            "did you mean 'peak_turnout'?"
        ],
    ),
    "a precision": (
        BASE + "design: {kind: ablation}\nreplicates: 5\nprecision: {outcome: falls, half_width: 0}\n",
        ["s.yaml:4:41: precision.half_width: must be more than 0 (given 0)"],
    ),
    "too few replicates to judge": (
        BASE + "design: {kind: ablation}\nreplicates: 5\nprecision: {outcome: falls, half_width: 0.1}\n",
        ["s.yaml:4:1: precision.at_least: must be at most the number of replicates, 5 (given 10)"],
    ),
    "too many points": (
        BASE + f"design: {{kind: sobol, size: 65536, parameters: {{{SPAN}}}}}\n",
        ["s.yaml:2:1: design: has 196608 points, at most 100000 are possible"],
    ),
    "scenarios": (
        "scenarios: [belarus-202, belarus-2020, belarus-2020]\ndesign: {kind: ablation}\n",
        [
            "s.yaml:1:13: scenarios.0: there is no such scenario (given 'belarus-202'), did you mean 'belarus-2020'?",
            "s.yaml:1:40: scenarios.2: a scenario called belarus-2020 is listed already (given 'belarus-2020')",
        ],
    ),
    "no scenario": (
        "design: {kind: ablation}\n",
        ["s.yaml:1:1: scenario: is missing: name the scenario that the study starts from"],
    ),
    "two ways to name scenarios": (
        BASE + "scenarios: [belarus-2020]\ndesign: {kind: ablation}\n",
        [
            "s.yaml:2:1: scenarios: give either scenario or scenarios, not both",
            "s.yaml:2:13: scenarios.0: a scenario called belarus-2020 is listed already (given 'belarus-2020')",
        ],
    ),
    "unknown keys": (
        BASE + "titel: x\ndesign: {kind: ablation, mechanism: all}\nkeep: {dayz: true}\n",
        [
            "s.yaml:2:1: titel: unknown key, did you mean 'title'?",
            "s.yaml:3:26: design.mechanism: unknown key, did you mean 'mechanisms'?",
            "s.yaml:4:8: keep.dayz: unknown key, did you mean 'days'?",
        ],
    ),
    "a scenario instead of a study": (
        "extends: belarus-2020\n",
        ["s.yaml: this is a scenario, not a study: a study has a design"],
    ),
}
