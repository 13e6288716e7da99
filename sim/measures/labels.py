"""What measures are called: label, unit, and whether they are shares, from what models declare."""

from __future__ import annotations

from collections.abc import Iterable

from sim.core.formats import day, readable
from sim.measures.language import ALTERNATIVE, HOWS, WORKING, Measure, Part
from sim.models.declarations import NOTHING_DECLARED, Declarations, Declared
from sim.models.mobilisation import results as flagship
from sim.models.results import AMOUNT, COUNT, FRACTION, PLAIN, SHARE, UNKNOWN, Result


def declared_as(measure: Measure, own: Declared = NOTHING_DECLARED) -> Result:
    """Return what a measure is: its label, its unit, whether it is a share.

    Parameters
    ----------
    measure : Measure
    own : Declared
        What the runs' model declares; what it does not is looked up in the flagship model, else goes by its name.
    """
    if measure.names:
        number = _declared(measure.names[0], own.numbers, flagship.numbers())
        known = len(measure.names) == 1 and (number.about != UNKNOWN or "_" in measure.names[0])
        return number if known else Result(measure.text, FRACTION, SHARE, label=_ends_as(measure.names))
    label = ", over ".join([*(_part_in_words(part, own) for part in measure.parts), *filter(None, [measure.over])])
    kind, unit = _kind_of(measure.parts[0], own) if len(measure.parts) == 1 and not measure.over else (AMOUNT, PLAIN)
    return Result(measure.text, unit, kind, label=label)


def _kind_of(part: Part, own: Declared) -> tuple[str, str]:
    """Return kind and unit of one number of a daily series."""
    if part.how in ("days", "day"):
        return COUNT, "days"
    if part.how in ("places", "cities"):
        return AMOUNT, "localities"
    column = _column(part.columns[0], part.local, own)
    if part.how == "sum" and column.combine != "sum":
        return AMOUNT, PLAIN  # a stock added up over days has a unit of its own, such as person-days
    return column.kind if column.is_fraction else AMOUNT, column.unit


def _column(name: str, local: bool, own: Declared) -> Result:
    if local:
        return _declared(name, own.places, flagship.places())
    return _declared(name, own.columns, flagship.columns())


def _declared(name: str, own: Iterable[Result], other: Declarations) -> Result:
    known = Declarations(own)
    return known[name] if name in known else other.of(name)


def column_words(name: str) -> str:
    """Return a daily column of the mobilisation model as people read it; of another, its name without underscores."""
    return flagship.columns().of(name).label


def words(measure: Measure, own: Declared = NOTHING_DECLARED) -> str:
    """Return a measure as people read it; `own` as in `declared_as`."""
    return declared_as(measure, own).label


def brief(measure: Measure, own: Declared = NOTHING_DECLARED) -> str:
    """Return a measure as it stands above a column; `own` as in `declared_as`."""
    return declared_as(measure, own).brief


def _ends_as(names: Iterable[str]) -> str:
    return f"share of runs that end as {ALTERNATIVE.join(f'“{readable(name)}”' for name in names)}"


def _part_in_words(part: Part, own: Declared) -> str:
    columns = " and ".join(_column(name, part.local, own).label for name in part.columns)
    how = _how_in_words(part)
    text = columns if columns.startswith(f"{how} ") else f"{how} {columns}"  # "mean fear" is not "mean mean fear"
    if part.place:
        text += f" in {part.place}"
    if part.only:
        text += f", {', '.join(day(one) for one in part.only)}"
    elif part.first and part.last:
        begin = day(part.first)
        if part.first.year == part.last.year:
            begin = begin.removesuffix(f" {part.first.year}")
        text += f", {begin} to {day(part.last)}"
    elif part.first or part.last:
        text += f", from {day(part.first)}" if part.first else f", to {day(part.last)}"  # type: ignore[arg-type]
    return f"{text}{WORKING}" if part.working else text


def _how_in_words(part: Part) -> str:
    level = f"{part.level:g}{f' of {part.level_of}' if part.level_of else ''}"
    counted = {
        "days": f"days with more than {level}",
        "day": f"first day with more than {level}",
        "places": "localities with",
        "cities": "cities with",
    }
    return counted.get(part.how) or HOWS[part.how]
