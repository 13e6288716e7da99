"""A link that holds what a tab shows: scenario, seed, settings, levers, what stands beside it, and the day.

It stands behind the ``#`` of the address, which browsers keep to themselves: it is in no request and in no log. What a
link says comes from whoever wrote it, so each part is held against what the page offers, and a link with a mistake
changes nothing. It cannot name key paths or files: what ``--set`` changed on the command line is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.core.errors import ScenarioError, nearest, shown
from sim.mesa.levers import LEVERS, Pull
from sim.mesa.sliders import choices_of, overrides_of
from sim.models.interface import engine_of
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.page import incoming
from sim.page.incoming import Refused
from sim.page.options import Options
from sim.page.ready import chosen_of, presets
from sim.page.setup import Setup
from sim.page.snapshot import RunSeen
from sim.run.load import Loaded, derive, load

SCENARIO, SEED, DAY, BESIDE = "scenario", "seed", "day", "beside"
ONCE = (SCENARIO, SEED, DAY, BESIDE)
SET, LEVER = "set.", "lever."
SECOND = "b."
"""Begin of what is said of the second run."""
RELEASED = "release"
LONGEST, MOST_PARTS, LONGEST_NUMBER = 8_000, 200, 9


@dataclass(frozen=True)
class Linked:
    """What a link says.

    Attributes
    ----------
    setups : tuple of Setup
    seed : str
        As it is typed.
    pulls : tuple of tuple of Pull
        What was done with live levers, for each run.
    day : int
        Day that is shown; 0 for none.
    told : str
        What of the command line is not used, in words.
    """

    setups: tuple[Setup, ...]
    seed: str
    pulls: tuple[tuple[Pull, ...], ...]
    day: int
    told: str


def written(runs: Sequence[RunSeen], day: int) -> str:
    """Return the link of runs and the day that is shown, without ``#``; empty if there are no runs."""
    if not runs:
        return ""
    first = runs[0]
    parts = [(SCENARIO, first.setup.scenario), (SEED, str(first.seed))]
    if day:
        parts.append((DAY, _written_day(first, day)))
    if len(runs) > 1:
        parts.append((BESIDE, chosen_of([run.setup for run in runs], presets(first.base))))
    for begin, run in zip(("", SECOND), runs, strict=False):
        parts += [(f"{begin}{SET}{name}", repr(value)) for name, value in run.setup.values.items()]
        parts += [
            (f"{begin}{LEVER}{pull.lever}", f"{pull.day}:{RELEASED if pull.value is None else repr(pull.value)}")
            for pull in run.pulls
        ]
    return urlencode(parts, safe=":")


def _written_day(run: RunSeen, day: int) -> str:
    return str(day) if run.start is None else (run.start + dt.timedelta(days=day - 1)).isoformat()


def opened(text: object, offered: Container[str], options: Options) -> Linked:
    """Return what a link says.

    Raises
    ------
    Refused
        If it cannot be read, or says anything that the page does not offer; the message is one for the user.
    """
    try:
        return _opened(_parts(text), offered, options)
    except (Refused, ScenarioError) as error:
        said = str(error).strip().splitlines()[0]
        raise Refused(f"The link cannot be opened, and nothing was changed. {said}") from error


def _parts(text: object) -> list[tuple[str, str]]:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Refused(f"It is longer than {LONGEST} letters.")
    try:
        return parse_qsl(text, True, True, errors="strict", max_num_fields=MOST_PARTS)
    except ValueError:
        raise Refused("It must be a list of NAME=VALUE with & between them.") from None


def _opened(parts: list[tuple[str, str]], offered: Container[str], options: Options) -> Linked:
    once: dict[str, str] = {}
    values: dict[str, dict[str, float]] = {"": {}, SECOND: {}}
    pulls: dict[str, list[Pull]] = {"": [], SECOND: []}
    for key, text in parts:
        begin = SECOND if key.startswith(SECOND) else ""
        name = key.removeprefix(begin)
        if key in once or (name.startswith(SET) and name.removeprefix(SET) in values[begin]):
            raise Refused(f"It says {key if key in once else shown(key)} twice.")
        if key in ONCE:
            once[key] = text
        elif name.startswith(SET):
            values[begin][name.removeprefix(SET)] = _number(key, text)
        elif name.startswith(LEVER):
            pulls[begin].append(_pull(name.removeprefix(LEVER), text))
        else:
            near = nearest(key, ONCE)
            raise Refused(f"There is nothing called {shown(key)} in a link{f': did you mean {near}?' if near else '.'}")
    if SCENARIO not in once:
        raise Refused("It names no scenario.")
    first, told = incoming.setup_of(incoming.one_of("scenario", once[SCENARIO], offered), options)
    base = load(first.scenario, first.overrides)
    setups = [_with_values(first, base, values[""])]
    if BESIDE in once:
        second, more = incoming.second_setup(once[BESIDE], first, presets(base), offered, options)
        if second is not None:
            setups.append(_with_values(second, load(second.scenario, second.overrides), values[SECOND]))
            told = " ".join(dict.fromkeys(text for text in (told, more) if text))
    if len(setups) == 1 and (values[SECOND] or pulls[SECOND]):
        raise Refused(f"It says what begins with {SECOND} and is of a second run, and there is none.")
    for setup, begin in zip(setups, ("", SECOND), strict=False):
        of_run = base if not begin else load(setup.scenario, setup.overrides)
        if pulls[begin] and not isinstance(of_run.config, Mobilisation):
            raise Refused(f"The model {of_run.config.model} has no live levers.")
        days = _days(of_run)
        late = next((pull for pull in pulls[begin] if pull.day > days), None)
        if late is not None:
            raise Refused(f"The lever {late.lever} is moved on day {late.day}, and the run has {days}.")
    return Linked(
        setups=tuple(setups),
        seed=incoming.seed(once.get(SEED, "")),
        pulls=tuple(tuple(pulls[begin]) for begin, _ in zip(("", SECOND), setups, strict=False)),
        day=_day(once[DAY], base) if DAY in once else 0,
        told=told,
    )


def _number(key: str, text: str) -> float:
    try:
        return incoming.number(key, float(text))
    except (ValueError, Refused):
        raise Refused(f"The value of {key} must be a number, and is {shown(text)}.") from None


def _pull(name: str, text: str) -> Pull:
    lever = LEVERS[incoming.one_of("lever", name, LEVERS)]
    day, _, value = text.partition(":")
    if not (day.isascii() and day.isdigit() and len(day) <= LONGEST_NUMBER and value):
        raise Refused(f"The lever {name} needs DAY:VALUE, and has {shown(text)}.")
    if value == RELEASED:
        return Pull(name, int(day), None)
    return Pull(name, int(day), incoming.number(f"lever {name}", _number(name, value), lever.low, lever.high))


def _with_values(setup: Setup, base: Loaded, values: Mapping[str, float]) -> Setup:
    for name in values:
        incoming.one_of("setting", name, choices_of(base))
    derive(base, overrides_of(base, values))  # whether the numbers are allowed is for the scenario's own check to say
    return replace(setup, values=dict(values))


def _days(base: Loaded) -> int:
    return engine_of(base.config.model).steps(base.config)


def _day(text: str, base: Loaded) -> int:
    config: Any = base.config
    days, start = _days(base), getattr(getattr(config, "time", None), "start", None)
    try:
        if isinstance(start, dt.date):
            day, last = (dt.date.fromisoformat(text) - start).days + 1, start + dt.timedelta(days=days - 1)
            span = f"{start.isoformat()} to {last.isoformat()}"
        else:
            day, span = int(text if len(text) <= LONGEST_NUMBER else ""), f"1 to {days}"
    except ValueError:
        raise Refused(
            f"The day must be {'a date such as 2020-08-16' if start else 'a number'}, and is {shown(text)}."
        ) from None
    if not 1 <= day <= days:
        raise Refused(f"The day {shown(text)} lies outside the days of the scenario, {span}.")
    return day
