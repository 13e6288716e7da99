"""Studies with mistakes: the text, and where each problem stands, in order; tests/wording.yaml has the words."""

from __future__ import annotations

from study_files import BASE, GRANOVETTER, SPAN

WRONG: dict[str, tuple[str, list[str]]] = {
    "an unknown key path": (
        BASE + "design: {kind: grid, parameters: {regime.agression_gain: [0.5]}}\n",
        ["s.yaml:2:35: design.parameters.regime.agression_gain"],
    ),
    "a value outside the schema": (
        BASE + "design: {kind: grid, parameters: {regime.aggression_gain: [0.5, 7, much]}}\n",
        [
            "s.yaml:2:65: design.parameters.regime.aggression_gain.1",
            "s.yaml:2:68: design.parameters.regime.aggression_gain.2",
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
            "s.yaml:6:36: design.parameters.regime.aggression_speed.low",
            "s.yaml:6:46: design.parameters.regime.aggression_speed.high",
            "s.yaml:6:55: design.parameters.regime.aggression_speed.unit",
            "s.yaml:7:38: design.parameters.people.networks.weak_ties.low",
            "s.yaml:8:5: design.parameters.mechanisms.hub",
            "s.yaml:9:5: design.parameters.places.localities.Minsk.settlement",
            "s.yaml:10:75: design.parameters.events.hong_kong_example.effects.examples.flash_crowd.high",
        ],
    ),
    "ranges that are none": (
        BASE
        + "design:\n  kind: morris\n  trajectories: 3\n  levels: 5\n  parameters:\n"
        + "    regime.alert_decay: {low: 0.5, high: 0.5}\n"
        + "    economy.treasury_days: {low: 0, high: 5, scale: log}\n"
        + "    movement.hub.top_reach: 0.5\n",
        [
            "s.yaml:5:11: design.levels",
            "s.yaml:7:31: design.parameters.regime.alert_decay.low",
            "s.yaml:8:34: design.parameters.economy.treasury_days.low",
            "s.yaml:9:29: design.parameters.movement.hub.top_reach",
        ],
    ),
    "values that clash only together": (
        BASE
        + "design: {kind: latin_hypercube, size: 8, parameters: {information.turnout_low: {low: 400000, "
        + "high: 900000}}}\n",
        ["s.yaml:2:55: design.parameters.information.turnout_low"],
    ),
    "a Sobol size": (
        BASE + f"design: {{kind: sobol, size: 100, parameters: {{{SPAN}}}}}\n",
        ["s.yaml:2:29: design.size"],
    ),
    "an unknown kind": (
        BASE + "design: {kind: sobl, size: 100}\n",
        ["s.yaml:2:16: design.kind"],
    ),
    "no kind": (BASE + "design: {size: 100}\n", ["s.yaml:2:1: design.kind"]),
    "no design": (BASE, ["s.yaml:1:1: design"]),
    "an empty design": (
        BASE + "design: {kind: grid, parameters: {}}\n",
        ["s.yaml:2:22: design.parameters"],
    ),
    "no points": (
        BASE + "design: {kind: list, points: []}\n",
        ["s.yaml:2:22: design.points"],
    ),
    "no mechanisms": (
        BASE + "design: {kind: ablation, mechanisms: []}\n",
        ["s.yaml:2:26: design.mechanisms"],
    ),
    "single values": (
        BASE + "design: {kind: one_at_a_time, parameters: {regime.aggression_gain: 0.5, regime.alert_decay: []}}\n",
        ["s.yaml:2:68: design.parameters.regime.aggression_gain", "s.yaml:2:73: design.parameters.regime.alert_decay"],
    ),
    "what is set and varied": (
        BASE
        + "set: {regime.aggression_gain: 0.4, events.shutdown: null, mechanisms.hub: false}\n"
        + "design:\n  kind: grid\n  parameters:\n    regime.aggression_gain: [0.5]\n"
        + "    events.shutdown.effects.shutdown: [0.5]\n    mechanisms: [{hub: true}]\n",
        [
            "s.yaml:6:5: design.parameters.regime.aggression_gain",
            "s.yaml:7:5: design.parameters.events.shutdown.effects.shutdown",
            "s.yaml:8:5: design.parameters.mechanisms",
        ],
    ),
    "a path twice": (
        BASE + "design:\n  kind: grid\n  parameters:\n    regime.alert_decay: [0.5]\n    regime.alert_decay: [0.6]\n",
        ["s.yaml:6:5: design.parameters.regime.alert_decay"],
    ),
    "a value twice": (
        BASE + "design: {kind: grid, parameters: {regime.alert_decay: [0.5, 0.5]}}\n",
        ["s.yaml:2:61: design.parameters.regime.alert_decay.1"],
    ),
    "a mechanism": (
        BASE + "set: {mechanisms.patron: false}\ndesign: {kind: ablation, mechanisms: [hub, hubb, patron]}\n",
        ["s.yaml:3:44: design.mechanisms.1", "s.yaml:3:50: design.mechanisms.2"],
    ),
    "a model without mechanisms": (
        GRANOVETTER + "design: {kind: ablation}\n",
        ["s.yaml:2:16: design.kind"],
    ),
    "points": (
        BASE
        + "design:\n  kind: list\n  points:\n    - {label: a}\n"
        + "    - {label: a, scenario: belarus, set: {police.ranks.officer: 0.2, time.dys: 3}}\n",
        [
            "s.yaml:6:15: design.points.1.label",
            "s.yaml:6:28: design.points.1.scenario",
            "s.yaml:6:65: design.points.1.set.police.ranks.officer",
            "s.yaml:6:70: design.points.1.set.time.dys",
        ],
    ),
    "what is set for every run": (
        BASE
        + "set: {time.days: 0, run.persons_per_agnt: 1, run.seed: 3, model: x, sources.time: z}\n"
        + "design: {kind: ablation}\n",
        [
            "s.yaml:2:18: set.time.days",
            "s.yaml:2:21: set.run.persons_per_agnt",
            "s.yaml:2:46: set.run.seed",
            "s.yaml:2:59: set.model",
            "s.yaml:2:69: set.sources.time",
        ],
    ),
    "a setting that clashes with the scenario": (
        BASE + "set: {run.persons_per_agent: 1000, time.days: 30}\ndesign: {kind: ablation}\n",
        ["s.yaml:2:47: set.time.days"],
    ),
    "an outcome": (
        BASE
        + "set: {run.persons_per_agent: 10000}\ndesign: {kind: ablation}\n"
        + "precision: {outcome: peak_turnot, half_width: 0.1}\n",
        ["s.yaml:4:22: precision.outcome"],
    ),
    "a precision": (
        BASE + "design: {kind: ablation}\nreplicates: 5\nprecision: {outcome: falls, half_width: 0}\n",
        ["s.yaml:4:41: precision.half_width"],
    ),
    "too few replicates to judge": (
        BASE + "design: {kind: ablation}\nreplicates: 5\nprecision: {outcome: falls, half_width: 0.1}\n",
        ["s.yaml:4:1: precision.at_least"],
    ),
    "all that a value leaves out, for every run": (
        BASE + "set: {institutions.court: {}}\ndesign: {kind: ablation}\n",
        ["s.yaml:2:7: set.institutions.court"] * 5,
    ),
    "all that a value leaves out, at two points": (
        BASE
        + "design:\n  kind: list\n  points:\n    - {set: {institutions.court: {members: party}}}\n"
        + "    - {set: {institutions.court: {quorum: 0.5}}}\n",
        ["s.yaml:5:14: design.points.0.set.institutions.court"] * 4
        + ["s.yaml:6:14: design.points.1.set.institutions.court"] * 4,
    ),
    "too many points": (
        BASE + f"design: {{kind: sobol, size: 65536, parameters: {{{SPAN}}}}}\n",
        ["s.yaml:2:1: design"],
    ),
    "scenarios": (
        "scenarios: [belarus-202, belarus-2020, belarus-2020]\ndesign: {kind: ablation}\n",
        ["s.yaml:1:13: scenarios.0", "s.yaml:1:40: scenarios.2"],
    ),
    "no scenario": (
        "design: {kind: ablation}\n",
        ["s.yaml:1:1: scenario"],
    ),
    "two ways to name scenarios": (
        BASE + "scenarios: [belarus-2020]\ndesign: {kind: ablation}\n",
        ["s.yaml:2:1: scenarios", "s.yaml:2:13: scenarios.0"],
    ),
    "unknown keys": (
        BASE + "titel: x\ndesign: {kind: ablation, mechanism: all}\nkeep: {dayz: true}\n",
        ["s.yaml:2:1: titel", "s.yaml:3:26: design.mechanism", "s.yaml:4:8: keep.dayz"],
    ),
    "a scenario instead of a study": (
        "extends: belarus-2020\n",
        ["s.yaml"],
    ),
}
