"""The table of charts: what each needs, what it draws, and what its differences between two runs are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.figures.smooth import weekly_mean
from sim.models.mobilisation.results import column as declared
from sim.page.chart_grid import force, groups, rebellion, sides, states, toll
from sim.page.chart_parts import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MANY,
    ORANGE,
    PURPLE,
    REST,
    SKY,
    VERMILION,
    Chart,
    Drawing,
    Series,
    axis_of,
    column,
    line_of,
    police_share,
    stack,
    total,
)
from sim.page.scales import Axis, Line

CLEAVAGES = (("class", BLACK), ("age", ORANGE), ("camp", VERMILION), ("settlement", BLUE), ("region", GREEN))


def _turnout(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "attending", BLUE, "area", peak=True),
            line_of(series, "detained_today", VERMILION, "bars", right=True),
        ),
        axis_of("attending"),
        Axis(declared("detained_today").brief),
    )


def _roles(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "protesting", BLUE),
            line_of(series, "engaged", SKY),
            line_of(series, "in_detention", VERMILION),
            line_of(series, "exiled", PURPLE, "dashed"),
            line_of(series, "died", BLACK, "dashed"),
        ),
        axis_of("protesting"),
    )


def _emotions(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "anger", VERMILION),
            line_of(series, "fear", PURPLE),
            line_of(series, "fatigue", GREY, "dashed"),
            line_of(series, "commitment", GREEN),
        ),
        Axis("standard deviations"),
    )


def _police(series: Series) -> Drawing:
    shirking, defected, loyal = (declared(f"police_{name}_*").brief for name in ("shirking", "defected", "loyal"))
    return Drawing(
        (
            Line(shirking, ORANGE, police_share(series, "shirking"), "area"),
            Line(defected, PURPLE, police_share(series, "defected"), "area"),
            Line(f"{loyal} (right)", BLUE, police_share(series, "loyal"), right=True),
        ),
        Axis("share of officers", "percent", reach=0.04),
        Axis(loyal, "percent", 0.0, 1.0),
    )


def _elites(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "elite_public", BLACK),
            line_of(series, "elite_private", ORANGE, "dashed"),
            line_of(series, "legitimacy", BLUE),
        ),
        Axis("share for the regime", "percent", 0.0, 1.0),
    )


def _coalition(series: Series) -> Drawing:
    one = declared("coalition_breadth")
    breadth = Line(f"{one.brief}, mean of a week (right)", BLACK, weekly_mean(column(series, one.name)), right=True)
    return Drawing((*stack(series, "attending_class_"), breadth), axis_of("attending"), axis_of(one.name))


def _breadth(series: Series) -> Drawing:
    return Drawing(
        tuple(
            Line(declared(name).brief, colour, weekly_mean(column(series, name)))
            for name, colour in ((f"breadth_{cleavage}", colour) for cleavage, colour in CLEAVAGES)
        ),
        Axis(f"{declared('coalition_breadth').brief}, mean of a week", "percent", 0.0, 1.0),
    )


def _strikes(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "striking", GREEN, "area", peak=True),
            line_of(series, "treasury", BLACK, right=True),
        ),
        axis_of("striking"),
        axis_of("treasury"),
    )


def _tactics(series: Series) -> Drawing:
    return Drawing(stack(series, "attending_tactic_"), axis_of("attending"))


def _regime(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "aggression", VERMILION),
            line_of(series, "shutdown", BLACK, "area"),
            line_of(series, "concession", GREEN),
            line_of(series, "patron", ORANGE, "dashed"),
        ),
        axis_of("aggression"),
    )


def _contest(series: Series) -> Drawing:
    return Drawing(
        (
            line_of(series, "coercion", BLUE),
            line_of(series, "streets_lost", VERMILION, "area"),
            Line("stood aside today, of those ordered", GREY, aside_share(series), "dashed"),
        ),
        axis_of("coercion"),
    )


def aside_share(series: Series) -> NDArray[np.float64]:
    """Return the share of the officers ordered against crowds today who stood aside; 0 where none were."""
    ordered, aside = total(series, "police_ordered_"), total(series, "police_aside_")
    return np.divide(aside, ordered, out=np.zeros_like(ordered), where=ordered > 0)


def _breaks(series: Series) -> Drawing:
    everyone = np.maximum(total(series, "elites_members_"), 1.0)
    public = [replace(line, values=line.values / everyone) for line in stack(series, "elites_broken_")]
    silent = Line("in private alone", REST, total(series, "elites_breaking_") / everyone, "stack")
    return Drawing((*public, silent), Axis("share of the elites", "percent", reach=0.04))


def _seats(series: Series) -> Drawing:
    names = [name for name in series if name.startswith("shield_")]
    lines = [
        Line(name.removeprefix("shield_").replace("_", " "), colour, column(series, name))
        for name, colour in zip(names, MANY, strict=False)
    ]
    return Drawing(tuple(lines), Axis("share of seats", "percent", 0.0, 1.0))


def _ruler(series: Series) -> Drawing:
    choice = np.asarray(series["ruler_choice"]).astype(str)
    marks = (("clear", "clears the streets", VERMILION, 0.12), ("army", "sends the army", BLACK, 0.18),
             ("concede", "concedes", GREEN, 0.08))  # fmt: skip
    bars = [
        Line(words, colour, np.where(choice == name, height, 0.0), "bars")
        for name, words, colour, height in marks
        if (choice == name).any()
    ]
    return Drawing(
        (
            line_of(series, "ruler_survival", BLACK),
            line_of(series, "concession", GREEN, "dashed"),
            *bars,
        ),
        axis_of("ruler_survival"),
    )


CHARTS: tuple[Chart, ...] = (
    Chart("turnout", "Turnout and detentions", "Persons in action and persons detained, a day.",
          ("attending", "detained_today"), _turnout),
    Chart("roles", "Who acts", "What citizens are that day; the others stand by.", ("protesting", "engaged"), _roles),
    Chart("regime", "What the regime does", "0% is nothing, 100% all that it can.", ("aggression",), _regime),
    Chart("contest", "Orders and streets", "What was obeyed of the force ordered lately, and how far the capital's "
          "streets are lost.", ("coercion", "streets_lost", "police_ordered_"), _contest),
    Chart("ruler", "The ruler", "How he sees his chance to stay, from what is public. Bars mark the days on which he "
          "chooses something.", ("ruler_survival", "ruler_choice", "concession"), _ruler),
    Chart("breaks", "Elites who have broken", "Who has broken with the ruler in public, by kind, and in private.",
          ("elites_broken_", "elites_breaking_", "elites_members_"), _breaks),
    Chart("seats", "Who sits where", "Seats whose holders have not broken with him, not even in private.",
          ("shield_",), _seats),
    Chart("emotions", "What citizens feel", "Means over all citizens, measured in standard deviations of the "
          "participation threshold.", ("anger", "fear"), _emotions),
    Chart("police", "Police by state", "Shares of all officers. Who shirks is there and quietly does not act.",
          ("police_loyal_",), _police),
    Chart("elites", "Support for the regime", "What elites say in public and think in private, and how legitimate "
          "citizens find the regime.", ("elite_private", "elite_public"), _elites),
    Chart("coalition", "Who comes, by class", "Persons in action. Breadth is 100% where all classes take part alike.",
          ("attending_class_",), _coalition),
    Chart("breadth", "Breadth by cleavage", "100% where all groups take part alike, 0% where one does alone.",
          tuple(f"breadth_{name}" for name, _ in CLEAVAGES), _breadth),
    Chart("strikes", "Strikes and the treasury", "Persons on strike, and how long the reserves would last.",
          ("striking", "treasury"), _strikes),
    Chart("tactics", "Tactics", "Persons in action, by what they do.", ("attending_tactic_",), _tactics),
    Chart("states", "Quiet, active, jailed", "Citizens at the end of each step.", ("quiet", "active", "jailed"),
          states),
    Chart("rebellion", "Rebellion and arrests", "Active citizens at the end of each step, and arrests during it.",
          ("active", "arrested"), rebellion),
    Chart("force", "Legitimacy and cops", "What the scenario says of the central authority, step by step.",
          ("legitimacy", "cops", "arrested"), force),
    Chart("groups", "The two groups", "Members alive at the end of each step, and who was killed during it.",
          ("first_group", "second_group", "killed"), groups),
    Chart("sides", "Policemen and revolutionaries", "Alive at the end of each step, and revolutionaries who fight.",
          ("policemen", "revolutionaries", "fighting"), sides),
    Chart("toll", "Killed on both sides", "Policemen and revolutionaries killed in each step.",
          ("policemen_killed", "revolutionaries_killed"), toll),
)  # fmt: skip
