"""What reports call the things that are compared: titles of scenarios, and what is set in them in words."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.compare.things import PointThing, ScenarioThing, Thing
from sim.core.errors import ScenarioError
from sim.run.load import Loaded, load
from sim.study import read_study
from sim.study.called import different, points_called, settings, title_of
from sim.study.parameters import describe, labels


def titles_of(things: Sequence[Thing], names: Sequence[str], given: bool) -> list[str]:
    """Return what reports call each thing.

    Parameters
    ----------
    things : sequence of Thing
    names : sequence of str
        What they are called where one types, each differently.
    given : bool
        Whether the user chose the names, which then stand in reports, too.

    Returns
    -------
    list of str
        Each differently: a title that several share is followed by the name.
    """
    if given:
        return list(names)
    found = {}
    points = [thing for thing in things if isinstance(thing, PointThing)]
    beside = [one.point for one in points] if len({one.folder for one in points}) == 1 and points == [*things] else []
    for name, thing in zip(names, things, strict=True):
        if isinstance(thing, ScenarioThing):
            loaded = load(thing.path)
            title = title_of(loaded.data, name)
            set_here = settings(thing.overrides, _called(loaded, thing), loaded.data)
            found[name] = f"{title}, {set_here}" if set_here else title
        else:
            study = read_study(thing.folder)
            found[name] = points_called(study, beside)[thing.point]
    return different(found)


def _called(loaded: Loaded, thing: ScenarioThing) -> dict[str, str]:
    """Return what people call the key paths that are set."""
    meanings = {}
    for path in thing.overrides:
        try:
            meanings[path] = describe(loaded, path)["description"]
        except ScenarioError:  # a part of what another of the settings puts in
            meanings[path] = ""
    return labels(meanings)
